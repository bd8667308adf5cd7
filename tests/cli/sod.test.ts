import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonShapes as shapes } from '../../src/cli/shapes.ts';
import type { SodConflictsOutput } from '../../src/cli/sod-shapes.ts';
import { sshKeyLine, sshSignerOf } from '../../src/seal/ssh-signature.ts';
import { prooflineHere } from './in-process.ts';
import { keptDirectory } from './spawned.ts';

const { directory: cwd, remove } = keptDirectory();
afterAll(remove);
const run = (...args: string[]) => prooflineHere([...args, '--config', join(cwd, 'proofline.yaml')], { HOME: cwd });
async function json<T>(verb: keyof typeof shapes, ...args: string[]): Promise<T> {
  const ended = await run(...verb.split(' '), ...args, '--json');
  expect(ended.err).toBe('');
  return shapes[verb].parse(JSON.parse(ended.out)) as T;
}
const as = (person: string) => ['--as', person, '--key', join(cwd, `${person}.pem`)];

beforeAll(async () => {
  await run('init', '--entity', 'Acme', '--tenant', 'acme', '--report', 'soc2');
  const people = ['E-1,Ana Ash,ana@acme.example', 'E-2,Bo Birch,bo@acme.example', 'E-3,Cara Cole,cara@acme.example'];
  writeFileSync(join(cwd, 'people.csv'), ['id,name,email', ...people, ''].join('\n'));
  const users = ['ana,ana@acme.example,PREPARE;APPROVE', 'bo,bo@acme.example,APPROVE', 'cara,cara@acme.example,PREPARE'];
  writeFileSync(join(cwd, 'users.csv'), ['login,email,roles', ...users, ''].join('\n'));
  writeFileSync(join(cwd, 'runs.csv'), 'id,preparer,approver\nR-1,ana,bo\nR-2,cara,cara\n');
  writeFileSync(
    join(cwd, 'sod.yaml'),
    `version: 1
duties:
  - { id: run-payroll, anyOf: [{ system: application, table: app.users, roles: [PREPARE] }], from: 2026-01-01, because: So it is called here }
  - { id: approve-register, anyOf: [{ system: application, table: app.users, roles: [APPROVE] }], from: 2026-01-01, because: So it is called here }
disable: [{ rule: PAY-12, from: 2026-01-01, because: The parent company pays vendors }]
`,
  );
  writeFileSync(
    join(cwd, 'proofline.yaml'),
    `version: 1
entity: { name: Acme, tenant: acme }
reports: [soc2]
sources:
  tabular:
    - name: hr
      kind: csv
      tables:
        - { name: people, as: hr.person, path: people.csv, key: [id], columns: { id: {}, name: {}, email: { type: list } }, map: { personId: id, emails: email } }
    - name: app
      kind: csv
      tables:
        - { name: users, as: app.user, path: users.csv, key: [login], columns: { login: {}, email: { type: list }, roles: { type: list } }, map: { emails: email } }
        - { name: runs, as: app.payroll-run, path: runs.csv, key: [id], columns: { id: {}, preparer: {}, approver: {} }, map: { runId: id } }
people: { rosters: [hr.people], emailDomains: [acme.example] }
separation: [sod.yaml]
log: { level: silent }
`,
  );
  for (const person of ['bo', 'cara', 'ana']) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    writeFileSync(join(cwd, `${person}.pem`), pem, { mode: 0o600 });
    writeFileSync(join(cwd, `${person}.pub`), `${sshKeyLine(sshSignerOf(pem).publicKey)} ${person}@example\n`);
    const { code } = await run(
      ...['person', 'register', person, '--name', person, '--role', 'management', '--email', `${person}@acme.example`],
      ...['--personal-key', join(cwd, `${person}.pub`), ...(person === 'bo' ? [] : as('bo'))],
    );
    expect(code).toBe(0);
  }
}, 120_000);

const ofPayFour = async (): Promise<SodConflictsOutput['conflicts'][number] | undefined> =>
  (await json<SodConflictsOutput>('sod conflicts', '--rule', 'PAY-4')).conflicts.find(({ conflict }) => conflict === 'yes');

it('shows who can do both and who did, explains it hop by hop, and takes a mitigation that holds only while it is held up', async () => {
  expect((await run('sod', 'conflicts')).out).toContain('proofline collect');
  expect((await run('collect')).code).toBe(0);

  expect(await ofPayFour()).toMatchObject({ holder: 'hr:E-1', name: 'Ana Ash', mitigation: { standing: 'none' } });
  expect((await run('sod', 'conflicts', '--rule', 'PAY-4', '--acts')).out).toMatch(/PAY-4 {2}one person .*R-2.*: cara did both/);
  const explained = (await run('sod', 'explain', 'PAY-4', 'ana ash')).out;
  expect(explained).toContain('Ana Ash holds both duties that PAY-4 keeps apart.');
  expect(explained).toMatch(/signs in to tabular:app\.users as ana\n {5}then has the role PREPARE in app\.users/);
  expect(explained).toContain('Nothing mitigates it.');
  expect((await run('sod', 'explain', 'PAY-4', 'E-2')).out).toContain('Bo Birch was not found to be able to prepare or run payroll.');
  expect((await run('sod', 'explain', 'PAY-12', 'E-2')).err).toContain('The parent company pays vendors');
  expect((await run('sod', 'explain', 'PAY-44', 'E-2')).err).toContain('there is no rule "PAY-44" (did you mean "PAY-4"?)');
  expect((await run('sod', 'matrix')).out).toMatch(/prepare or run payroll +approve the payroll register +C +PAY-4 +1 +1/);
  expect((await run('sod', 'explain', 'PAY-6', 'E-2')).err).toContain('as far as was seen; nothing reads table bank.users');
  expect((await run('sod', 'conflicts', '--rule', 'PAY-6')).out).toContain('and what nothing reads: proofline sod rules');
  expect(await json('sod matrix')).toMatchObject({ v: 1 });
  expect(await json('sod rules')).toMatchObject({ disabled: [{ id: 'PAY-12' }] });
  expect((await run('sod', 'rules')).out).toContain('nothing reads table bank.users');
  expect(await json('sod explain', 'PAY-4', 'E-1')).toMatchObject({ conflict: 'yes', missing: [] });

  const wrong = await run(
    'sod',
    'mitigate',
    'PAY-44',
    '--control',
    'AC-99',
    '--check',
    'entity/person-is-uniqe',
    '--owner',
    'hr:E-2',
    '--person',
    'hr:E-9',
    '--expires',
    '2020-01-01',
    '--because',
    'x',
  );
  for (const words of ['rule of separation "PAY-44"', 'control "AC-99"', 'check "entity/person-is-uniqe"', '"hr:E-9"', 'lies in the past'])
    expect(wrong.err).toContain(words);

  const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const asked = await run(
    'sod',
    'mitigate',
    'PAY-4',
    '--person',
    'hr:E-1',
    '--control',
    'PR-05',
    '--check',
    'entity/person-is-unique',
    '--owner',
    'hr:E-2',
    '--expires',
    expires,
    '--because',
    'three people',
    ...as('bo'),
  );
  expect(asked.err).toBe('');
  const entry = /decisions approve (\d+)/.exec(asked.out)?.[1] ?? '';
  const id = /M-[0-9a-f]{8}/.exec(asked.out)?.[0] ?? '';
  await run('collect');
  expect(await ofPayFour()).toMatchObject({ mitigation: { id, standing: 'unproven', reason: 'no second person has approved it' } });

  expect((await run('decisions', 'approve', entry, '--because', 'seen', ...as('cara'))).code).toBe(0);
  await run('collect');
  expect(await ofPayFour()).toMatchObject({ mitigation: { id, standing: 'in-force' } });
  expect((await run('sod', 'explain', 'PAY-4', 'E-1')).out).toContain(`Mitigation ${id} is in force until`);
  const { out } = await run('results', '--check', 'entity/duties-are-kept-apart', '--json');
  expect(out).not.toContain('PAY-4: Ana Ash');

  // Its own check fails as soon as two people have one address.
  writeFileSync(
    join(cwd, 'people.csv'),
    'id,name,email\nE-1,Ana Ash,ana@acme.example\nE-2,Bo Birch,bo@acme.example\nE-3,Cara Cole,cara@acme.example\nE-4,Dan,dan@acme.example\nE-5,Don,dan@acme.example\n',
  );
  await run('collect');
  await run('collect');
  expect(await ofPayFour()).toMatchObject({ mitigation: { id, standing: 'failing' } });

  expect((await run('sod', 'end-mitigation', id, '--because', 'no use', ...as('bo'))).out).toContain('ended');
  expect((await run('sod', 'end-mitigation', id, '--because', 'no use', ...as('bo'))).err).toContain('was ended');
  await run('collect');
  expect(await ofPayFour()).toMatchObject({ mitigation: { id, standing: 'expired' } });
  expect((await run('recompute')).code).toBe(0);
}, 120_000);

it('knows no number where not every account was seen, and says so', async () => {
  rmSync(join(cwd, 'users.csv'));
  expect((await run('collect')).code).toBe(3);
  const { out, err } = await run('sod', 'matrix');
  expect(err).toBe('');
  expect(out).toMatch(/approve the payroll register +C +PAY-4 +\? +\?/);
  expect(out).toContain('it is not known how many there are');
  expect(await json('sod matrix')).toMatchObject({
    incomplete: expect.arrayContaining([expect.objectContaining({ type: 'entity.separation' })]),
  });
  expect((await run('sod', 'rules')).out).toContain('in how many people both meet is not known');
}, 60_000);
