import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonShapes as shapes } from '../../src/cli/shapes.ts';
import { prooflineHere } from './in-process.ts';
import { keptDirectory } from './spawned.ts';

const { directory: cwd, remove } = keptDirectory();
afterAll(remove);
const run = (...args: string[]) => prooflineHere([...args, '--config', join(cwd, 'proofline.yaml')], { HOME: cwd });
const json = async (verb: keyof typeof shapes, ...args: string[]) => {
  const ended = await run(...verb.split(' '), ...args, '--json');
  expect(ended.err).toBe('');
  return shapes[verb].parse(JSON.parse(ended.out)) as never;
};

beforeAll(async () => {
  await run('init', '--entity', 'Acme', '--tenant', 'acme', '--report', 'soc2');
  writeFileSync(join(cwd, 'people.csv'), 'id,name,email,last\nE-1,Ana Ash,ana@acme.example,\nE-2,Bo Birch,bo@acme.example,2024-03-31\n');
  writeFileSync(join(cwd, 'users.csv'), 'login,email\nana,ana@acme.example\nbo,bo@acme.example\nadmin,\nstranger,ana@private.example\n');
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
        - { name: people, as: hr.person, path: people.csv, key: [id], columns: { id: {}, name: {}, email: { type: list }, last: { type: date, optional: true } }, map: { personId: id, emails: email, endsOn: last } }
    - name: app
      kind: csv
      tables:
        - { name: users, as: app.user, path: users.csv, key: [login], columns: { login: {}, email: { type: list, optional: true } }, map: { emails: email } }
people: { rosters: [hr.people], emailDomains: [acme.example] }
log: { level: silent }
`,
  );
}, 60_000);

it('lists people and what is nobody’s, takes decisions on it, and says what leads nowhere', async () => {
  expect((await run('people', 'list')).err).toContain('proofline collect');
  expect((await run('collect')).code).toBe(0);
  expect(await json('people list')).toMatchObject({
    people: [
      { id: 'hr:E-1', status: 'active', accounts: 1 },
      { id: 'hr:E-2', status: 'left', endsOn: '2024-03-31', accounts: 1 },
    ],
    incomplete: [],
  });
  expect(await json('people unresolved')).toMatchObject({ accounts: [{ login: 'admin' }, { login: 'stranger' }] });
  expect((await run('people', 'show', 'bo@acme.example')).out).toContain(
    'its address bo@acme.example, in a domain of the company, is that of hr:E-2',
  );

  expect((await run('account', 'link', 'stranger', '--because', 'x')).err).toContain('one of --person, --service and --nobody');
  expect((await run('account', 'link', 'strangr', '--nobody', '--because', 'x')).err).toContain('no system has an account "strangr"');
  expect((await run('account', 'link', 'stranger', '--person', 'E-9', '--because', 'x')).err).toContain('nobody on the rosters is "E-9"');
  const register = [
    'account',
    'register-service',
    'break-glass',
    '--account',
    'admin',
    '--purpose',
    'break glass',
    '--because',
    'approved',
  ];
  expect((await run(...register, '--owner', 'E-2')).err).toContain('left on 2024-03-31: name an owner who works here');
  expect((await run(...register, '--owner', 'E-1', '--expires', '2099-12-31')).out).toContain('identity not authenticated');
  expect((await run('account', 'link', 'stranger', '--person', 'E-1', '--because', 'she said so')).out).toContain(
    'hr:E-1, from the next collection on',
  );

  expect((await run('collect')).code).toBe(0);
  expect(await json('people unresolved')).toMatchObject({ accounts: [] });
  expect(await json('people show', 'E-1')).toMatchObject({
    accounts: [
      { login: 'ana', linkedBy: 'verified-email' },
      { login: 'stranger', linkedBy: 'override', reason: expect.stringContaining('she said so') },
    ],
  });
  const again = await run('recompute');
  expect(again.out).toContain('came out the same');
}, 60_000);
