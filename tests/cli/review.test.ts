import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonShapes as shapes } from '../../src/cli/shapes.ts';
import { createKeys } from '../../src/keys/key-files.ts';
import { sshKeyLine, sshSignerOf } from '../../src/seal/ssh-signature.ts';
import { prooflineHere } from './in-process.ts';
import { keptDirectory } from './spawned.ts';

const { directory: cwd, remove } = keptDirectory();
afterAll(remove);
const file = (name: string) => join(cwd, name);
const run = (...args: string[]) => prooflineHere([...args, '--config', file('proofline.yaml')], { HOME: cwd });
const json = async <V extends keyof typeof shapes>(verb: V, ...args: string[]) => {
  const ended = await run(...verb.split(' '), ...args, '--json');
  expect(ended.err).toBe('');
  return shapes[verb].parse(JSON.parse(ended.out)) as ReturnType<(typeof shapes)[V]['parse']>;
};
const as = (person: string) => ['--as', person, '--key', file(`${person}.pem`)];

/** The month that runs, as the review of it is called. */
const month = new Date().toISOString().slice(0, 7);
const review = `monthly-access/${month}`;

const people = `id,name,email,kind,status,manager
E-100,Mia Lead,mia@example.com,employee,active,
E-104,Omar Owner,omar@example.com,employee,active,E-100
E-110,Dan Doer,dan@example.com,employee,active,E-104
`;
const users = (dansRoles: string) => `login,person,roles,active
omar,E-104,payments.release,true
dan,E-110,${dansRoles},true
batch,,payments.read,true
`;
const configuration = `
version: 1
entity: { name: Acme, tenant: acme }
reports: [soc2]
store: { data: data, keys: keys }
sources:
  tabular:
    - name: hr
      kind: csv
      tables:
        - name: people
          as: hr.person
          path: people.csv
          key: [id]
          columns: { id: {}, name: {}, email: { type: list }, kind: {}, status: {}, manager: { optional: true } }
          map: { personId: id, emails: email }
    - name: bank
      kind: csv
      tables:
        - name: users
          as: app.user
          path: users.csv
          key: [login]
          columns: { login: {}, person: { optional: true }, roles: { type: list }, active: { type: boolean } }
people:
  rosters: [hr.people]
reviews: reviews.yaml
log: { level: silent }
`;
const reviews = `
version: 1
reviewers:
  - { id: mia, person: 'hr:E-100', from: 2020-01-01 }
  - { id: omar, person: 'hr:E-104', from: 2020-01-01 }
systems:
  - { name: bank, match: ['tabular:bank*'], owner: omar }
reviews:
  - { id: monthly-access, title: Monthly review, controls: [AC-12], frequency: monthly, first: ${month}-01, otherwise: [mia] }
`;

beforeAll(async () => {
  writeFileSync(file('proofline.yaml'), configuration);
  writeFileSync(file('reviews.yaml'), reviews);
  writeFileSync(file('people.csv'), people);
  writeFileSync(file('users.csv'), users('payments.prepare;payments.read'));
  createKeys(file('keys'), { tenant: 'acme', demonstration: false });
  const collected = await run('collect');
  expect(collected).toMatchObject({ code: 0, err: '' });
  for (const person of ['mia', 'omar']) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    writeFileSync(file(`${person}.pem`), pem, { mode: 0o600 });
    writeFileSync(file(`${person}.pub`), `${sshKeyLine(sshSignerOf(pem).publicKey)} ${person}\n`);
    const by = person === 'mia' ? [] : as('mia');
    const registered = [
      '--name',
      person,
      '--email',
      `${person}@example.com`,
      '--role',
      'management',
      '--personal-key',
      file(`${person}.pub`),
    ];
    expect(await run('person', 'register', person, ...registered, ...by)).toMatchObject({ code: 0 });
  }
}, 120_000);

describe('a security lead', () => {
  it('plans, freezes and assigns her first review', async () => {
    const { reviews: due } = await json('review plan');
    expect(due).toMatchObject([{ id: review, state: 'planned', notReviewed: [], preview: { unassigned: [] } }]);
    expect(due[0]?.preview?.reviewers).toEqual([
      { reviewer: 'mia', lines: 1 },
      { reviewer: 'omar', lines: 3 },
    ]);
    expect((await run('review', 'plan')).out).toContain(`4 lines as of now: mia (1), omar (3)`);
    const started = await run('review', 'start', 'monthly-access', ...as('mia'));
    expect(started).toMatchObject({ code: 0, err: '' });
    expect(started.out).toMatch(/4 lines of 1 systems frozen, sha256:[0-9a-f]{64}/);
    const tried = await run('review', 'assign', review, '--to', 'omar', ...as('omar'));
    expect(tried).toMatchObject({ code: 2, err: expect.stringMatching(/recorded and does not count/) as unknown });
    const assigned = await run('review', 'assign', review, ...as('mia'));
    expect(assigned).toMatchObject({ code: 0, err: '' });
    expect(assigned.out).toMatch(/mia: 1 lines\nomar: 3 lines/);
    expect((await run('review', 'remind', '--all')).out).toMatch(/omar <omar@example.com>: 3 lines/);
    expect((await json('review remind', '--all')).reminders).toHaveLength(2);
  }, 120_000);

  it('sends sheets out and takes them back', async () => {
    expect(await run('review', 'export', review, '--for', 'omar', '--out', file('omar.csv'))).toMatchObject({ code: 0 });
    expect(await run('review', 'export', review, '--for', 'omar', '--out', file('omar.csv'))).toMatchObject({ code: 2 });
    const rows: string[][] = parse(readFileSync(file('omar.csv')), { bom: true });
    const at = (header: string) => rows[0]!.indexOf(header);
    for (const row of rows.slice(1)) {
      const isDans = row[at('account')] === 'dan' && row[at('permission')] === 'payments.prepare';
      row[at('decision')] = isDans ? 'revoke' : 'keep';
      row[at('reason')] = isDans ? 'no longer prepares payments' : 'used in the nightly run';
    }
    writeFileSync(file('altered.csv'), stringify(rows.map((row, index) => (index === 1 ? row.with(at('privileged'), 'no') : row))));
    const refused = await run('review', 'import', review, file('altered.csv'), ...as('omar'));
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/altered\.csv:2: privileged: was altered/) as unknown });
    writeFileSync(file('back.csv'), stringify(rows));
    const taken = await run('review', 'import', review, file('back.csv'), '--minutes', '2', ...as('omar'));
    expect(taken).toMatchObject({ code: 0, err: '' });
    expect(taken.out).toMatch(/3 lines decided, 0 undecided.*\n.*by omar \(omar\)/);
    const [before] = (await json('review status', review)).reviews;
    expect(before).toMatchObject({
      state: 'in-review',
      undecided: [{ reviewer: 'mia', lines: 1 }],
      metrics: { medianSeconds: 40, selfReviewsBlocked: 1 },
    });
    // Mia decides on the one line of Omar’s on the command line.
    const line = (await run('review', 'assign', review, '--to', 'mia', '--line', 'no-such-line', ...as('mia'))).err;
    expect(line).toMatch(/there is no line "no-such-line"/);
    await run('review', 'export', review, '--for', 'mia', '--out', file('mia.csv'));
    const [head, own] = parse(readFileSync(file('mia.csv')), { bom: true }) as string[][];
    const id = own?.[head!.indexOf('line')] ?? '';
    const decided = ['review', 'decide', review, '--line', id, '--decision', 'keep', '--because', 'releases payments', ...as('mia')];
    expect(await run(...decided)).toMatchObject({ code: 0, err: '' });
  }, 120_000);

  it('sees what is still there, and closes when a later roster shows that it is gone', async () => {
    expect((await json('review status', review)).reviews).toMatchObject([
      { state: 'remediating', followed: [{ decision: 'revoke', state: 'open' }], notCounted: [{ rule: 'self-review' }] },
    ]);
    expect(await run('review', 'close', review, '--because', 'done', ...as('mia'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/still there/) as unknown,
    });
    writeFileSync(file('users.csv'), users('payments.read'));
    expect(await run('collect')).toMatchObject({ code: 0 });
    expect((await json('review status', review)).reviews).toMatchObject([{ state: 'verified', followed: [{ state: 'shown' }] }]);
    expect((await run('review', 'status')).out).toMatch(/verified[\s\S]*revoke .*: shown by/);
    expect(await run('review', 'close', review, '--because', 'done', ...as('mia'))).toMatchObject({ code: 0 });
    const packed = await run('review', 'export', review, '--pack', file('pack'));
    expect(packed).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(readFileSync(file('pack/review.json'), 'utf8'))).toMatchObject({ state: 'closed', notReviewed: [] });
    expect(await run('verify')).toMatchObject({ code: 0 });
    expect(await run('recompute')).toMatchObject({ code: 0 });
    expect(await run('review', 'status', 'monthly-acess/2020-01')).toMatchObject({ code: 1 });
  }, 120_000);
});
