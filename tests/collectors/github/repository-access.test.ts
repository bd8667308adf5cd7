import { expect, test } from 'vitest';
import access from '../../../collectors/github/repository-access/collector.ts';
import { acme } from './described.ts';
import { runOn } from './run.ts';
import { createServer, type World } from './world.ts';

const type = 'github.repository-access';
const roster = 'github.repository-roster';
const read = (world: World) => runOn(createServer(world), access);

test('every account of a repository is told with all that gives it what it may do, those of the organisation alone together', async () => {
  const seen = await read(acme());
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.one(type, 'cyd in acme/payroll').fields).toMatchObject({
    repository: 'acme/payroll',
    login: 'cyd',
    permission: 'write',
    sources: [
      { kind: 'organisation', team: null, permission: 'read' },
      { kind: 'team', team: 'engineering', permission: 'write' },
    ],
  });
  expect(seen.one(type, 'ann in acme/payroll').fields).toMatchObject({
    permission: 'admin',
    sources: [
      { kind: 'owner', permission: 'admin' },
      { kind: 'team', permission: 'write' },
    ],
  });
  expect(seen.one(type, 'eve in acme/payroll').fields).toMatchObject({
    permission: 'admin',
    sources: [{ kind: 'direct', permission: 'admin' }],
  });
  expect(seen.of(type).map(({ display }) => display)).not.toContain('dee in acme/payroll');
  const { owners, members, collaborators } = seen.one(roster, 'access to acme/website').fields as {
    owners: string[];
    members: { permission: string; accounts: string[] }[];
    collaborators: number;
  };
  expect([owners.length, members.map(({ permission, accounts }) => [permission, accounts.length]), collaborators]).toEqual([
    2,
    [['read', 2]],
    5,
  ]);
});

test('roles between the four that GitHub writes are told by name, and one of the organisation’s own by what it builds on', async () => {
  const world = acme();
  world.teams[0]!.repositories = [{ name: 'payroll', permission: 'MAINTAIN' }];
  expect((await read(world)).one(type, 'cyd in acme/payroll').fields).toMatchObject({
    permission: 'maintain',
    sources: [{ kind: 'organisation' }, { kind: 'team', permission: 'maintain', role: null }],
  });
  const server = createServer(acme());
  server.fault = ({ graphql }, answer) => {
    const given = answer();
    if (graphql === undefined) return undefined;
    return { ...given, body: JSON.parse(JSON.stringify(given.body).replaceAll('"roleName":"write"', '"roleName":"release manager"')) };
  };
  const own = await runOn(server, access);
  expect(own.one(type, 'cyd in acme/payroll').fields).toMatchObject({
    sources: [{ kind: 'organisation' }, { kind: 'team', permission: 'write', role: 'release manager' }],
  });
});

test('more accounts than a page has are all found', async () => {
  const outside = Array.from({ length: 130 }, (_, index) => ({
    login: `guest-${index}`,
    id: 1000 + index,
    factor: 'secure' as const,
    grants: { payroll: 'WRITE' },
  }));
  const seen = await read(acme({ outside }));
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.of(type).filter(({ display }) => display.startsWith('guest-'))).toHaveLength(130);
});

test('owners that are not told make unknown who has everything from where, and nothing else', async () => {
  const server = createServer(acme());
  server.fault = ({ query }) => (query.get('role') === 'admin' ? { status: 403, body: { message: 'no' } } : undefined);
  const seen = await runOn(server, access);
  expect(seen.one(type, 'ann in acme/payroll').unread).toEqual({ sources: 'access-denied' });
  expect(seen.one(type, 'cyd in acme/payroll').unread).toEqual({});
  expect(seen.one(roster, 'access to acme/website').unread).toEqual({ owners: 'access-denied', members: 'access-denied' });
});
