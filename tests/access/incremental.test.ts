import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { entitlementItems } from '../../src/access/graph/entitlement-items.ts';
import { separationItems } from '../../src/access/separation/separation-items.ts';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadSeparation } from '../../src/config/separation-file.ts';
import type { RecordedDecision } from '../../src/model/decision.ts';
import type { DerivedInput, SeenType } from '../../src/model/derived.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ReadResource } from '../../src/model/resource.ts';
import { decided } from '../run/entity/entity-kit.ts';

const library = libraryDirectory();
const catalog = { frameworks: loadFrameworks(library), environments: [], tables: ['payroll.users'], controls: [], on: '2026-01-15' };
const separation = JSON.parse(JSON.stringify(loadSeparation([], library, catalog))) as JsonObject;
const toolOf = (operator: string): JsonObject => ({ operators: [operator], deciders: [], controlOwners: [] });

const aws = 'aws:111122223333';
const github = 'github:9919';
const okta = 'okta:00o1';
const payroll = 'tabular:payroll.users';
const entity = 'entity:acme';
const people = ['ana', 'bo', 'cy', 'di'];

/** What is so of the world: places whose values change one by one. */
const places = 40;
type World = readonly number[];
type Made = readonly [type: string, member: string, resource: Omit<ReadResource, 'type' | 'unread'>];

const statements: readonly object[] = [
  { Effect: 'Allow', Action: ['s3:Get*'], Resource: ['*'] },
  { Effect: 'Allow', Action: ['cloudtrail:*'], Resource: ['*'] },
  { Effect: 'Allow', Action: ['iam:*', 'ssm:*', 'rds:Delete*'], Resource: ['*'] },
  { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: ['*'] },
];
const document = (...list: (object | undefined)[]) => ({ Version: '2012-10-17', Statement: list.filter((one) => one !== undefined) });

function resourcesOf(world: World): Made[] {
  const at = (place: number) => world[place] ?? 0;
  const made: Made[] = [];
  const add = (type: string, member: string, rest: string, fields: object) =>
    made.push([type, member, { id: `${member}/${rest}`, display: rest, fields: { ...fields } }]);
  const account = (id: string, type: string, login: string, value: number) => {
    if (value === 3) return;
    const person = `hr:${login}`;
    const fields = [
      { kind: 'person', owner: person, candidates: [] },
      { kind: 'unresolved', owner: null, candidates: [person] },
      { kind: 'service-account', owner: `svc-${login}`, candidates: [], ownerPerson: { id: person } },
    ][value];
    const [system = ''] = id.split('/');
    add('entity.account', entity, `account/${id}`, { account: id, system, type, login, emails: [], sharedWith: [], live: true, ...fields });
  };
  people.forEach((name, n) => {
    add('entity.person', entity, `person/hr:${name}`, {
      person: `hr:${name}`,
      name: `${name} ${at(n) === 1 ? 'B' : 'A'}`,
      emails: [`${name}@x.example`],
    });
    account(`${aws}/iam-user/${name}`, 'aws.iam.user', name, at(4 + n));
    account(`${github}/member/${name}`, 'github.member', name, at(8 + n));
    account(`${payroll}/row/${name}`, 'app.user', name, at(n) === 2 ? 3 : 0);
    account(`${okta}/user/${name}`, 'idp.user', name, 0);
    add('aws.iam.grants', aws, `iam-grants/${name}`, grants('user', name, [statements[at(12 + n)]], null));
    add(
      'aws.iam.grants',
      aws,
      `iam-grants/role-${name}`,
      grants('role', `role-${name}`, [statements[at(16 + n)]], trusts[at(20 + n)]!(name)),
    );
    add('github.member', github, `member/${name}`, { login: name, role: at(24 + n) === 1 ? 'admin' : 'member' });
    const roles = [[], ['payroll-clerk'], ['payroll-clerk', 'payroll-approver'], ['payroll-approver']][at(28 + n)];
    add('app.user', payroll, `row/${name}`, { table: 'payroll.users', key: name, login: name, roles, values: {} });
    add('idp.user', okta, `user/${name}`, { userId: name, login: `${name}@x.example`, emails: [] });
  });
  add('github.organisation', github, 'organisation/9919', { login: 'acme', basePermission: at(32) === 1 ? 'write' : 'none' });
  add('github.repository', github, 'repository/R1', { name: 'acme/one', archived: at(33) === 1 });
  const permission = ['read', 'write', 'maintain', 'admin'][at(34)];
  add('github.team', github, 'team/T1', {
    ...{ name: 'core', slug: 'core', members: people.slice(0, at(35) + 1).map((login) => ({ login })) },
    grants: [{ repository: 'acme/one', permission }],
  });
  if (at(36) > 0) {
    const role = {
      principalType: 'user',
      principalId: people[at(36)],
      role: 'Super',
      unlimited: true,
      may: ['administer'],
      resourceSet: null,
    };
    add('idp.administrator', okta, 'administrator/1', role);
  }
  return made;
}
function grants(kind: 'user' | 'role', name: string, list: readonly (object | undefined)[], trust: object | null) {
  const arn = `arn:aws:iam::111122223333:${kind}/${name}`;
  const policies = [{ name: `${name}-policy`, arn: null, through: 'direct', inline: true, document: document(...list) }];
  const bare = { boundary: null, groups: [], tags: {}, permissionSet: null };
  return { kind, principalId: name, name, arn, accountId: '111122223333', path: '/', policies, trust, ...bare };
}
const trusts: readonly ((name: string) => object | null)[] = [
  () => null,
  () => document({ Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:root'] }, Action: ['sts:AssumeRole'] }),
  (name) => document({ Effect: 'Allow', Principal: { AWS: [`arn:aws:iam::111122223333:user/${name}`] }, Action: ['sts:AssumeRole'] }),
  () =>
    document({
      Effect: 'Allow',
      Principal: { Federated: ['arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'] },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': ['repo:acme/one:*'] } },
    }),
];

/** A mitigation for everybody whose check passes for a while, decided by persons of the roster; and somebody who is registered. */
function decisionsOf(world: World): RecordedDecision[] {
  const signed = (person: string) => ({ name: person, authentication: 'personal-key' as const, person });
  const register = (id: string, role: 'management' | 'auditor' | 'control-owner') =>
    decided({ type: 'register-person', person: { id, name: id, email: `${id}@x.example`, roles: [role], keys: ['k'] } });
  const mitigation = {
    ...{ id: 'M-1', rule: 'PAY-4', persons: world[37] === 2 ? ['hr:ana'] : null, control: 'AC-15', owner: 'hr:bo', reason: 'r' },
    ...{ check: { id: 'c', source: null, subject: null }, from: '2026-01-01T00:00:00.000Z', expires: '2026-01-20T00:00:00.000Z' },
  };
  const approval = { index: 9, at: '2026-01-03T00:00:00.000Z', actor: signed('di') };
  return [
    register('di', world[38] === 1 ? 'control-owner' : 'management'),
    register('cy', world[38] === 2 ? 'auditor' : 'management'),
    ...((world[37] ?? 0) > 0
      ? [decided({ type: 'mitigate', mitigation }, { actor: signed('cy'), approval: world[37] === 3 ? null : approval })]
      : []),
  ];
}

/** @param before whose lists are handed over again where they say the same */
function inputOf(world: World, before: DerivedInput | undefined): DerivedInput {
  const seen = [...Map.groupBy(resourcesOf(world), ([type, member]) => `${type} ${member}`).values()].map((all): SeenType => {
    const [[type, member]] = all as [Made];
    const fresh = all.map(([, , one]): ReadResource => ({ type, ...one, unread: {} }));
    const former = before?.seen.find((one) => one.type === type && one.member === member)?.resources;
    const resources = former !== undefined && JSON.stringify(former) === JSON.stringify(fresh) ? former : fresh;
    const incomplete = world[39] === 1 && type === 'github.team' ? 'truncated' : null;
    return { type, member, scope: '', collector: 'x', index: 1, asOf: '2026-01-15T00:00:00.000Z', resources, incomplete };
  });
  const decisions = decisionsOf(world);
  const isSame = JSON.stringify(before?.decisions) === JSON.stringify(decisions);
  return {
    entity,
    at: `2026-01-${15 + 2 * (world[3] ?? 0)}T00:00:00.000Z`,
    through: 1,
    settings: before?.settings ?? { separation: { ...separation, tool: toolOf('hr:cy') } },
    seen,
    missing: world[39] === 2 ? [{ type: 'aws.iam.grants', member: 'aws:999', reason: 'not-collected' }] : [],
    notConnected: [],
    events: [],
    decisions: before !== undefined && isSame ? before.decisions : decisions,
    results: [{ check: 'c', source: aws, subject: 's', outcome: 'pass', asOf: '2026-01-15T00:00:00.000Z', index: 1, until: null }],
  };
}

/** Of modules that have seen nothing yet. */
async function afresh(input: DerivedInput) {
  vi.resetModules();
  const entitlements = await import('../../src/access/graph/entitlement-items.ts');
  const separations = await import('../../src/access/separation/separation-items.ts');
  return [...entitlements.entitlementItems(input), ...separations.separationItems(input)];
}

const Change = fc.tuple(fc.integer({ min: 0, max: places - 1 }), fc.integer({ min: 0, max: 3 }));
const Step = fc.record({ changes: fc.array(Change, { minLength: 1, maxLength: 3 }), anew: fc.boolean() });
const Start = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: places, maxLength: places });

it('what is worked out again after any changes is what is worked out afresh, to the byte', { timeout: 60_000 }, async () => {
  const told = new Set<string>();
  await fc.assert(
    fc.asyncProperty(Start, fc.array(Step, { minLength: 2, maxLength: 6 }), async (start, steps) => {
      const world = [...start];
      let before: DerivedInput | undefined;
      for (const { changes, anew } of steps) {
        for (const [place, value] of changes) world[place] = value;
        before = inputOf(world, anew ? undefined : before);
        const again = [...entitlementItems(before), ...separationItems(before)];
        const fresh = await afresh(before);
        expect(JSON.stringify(again)).toBe(JSON.stringify(fresh));
        for (const { body } of again) told.add(`${body['of']} ${body['conflict']} ${JSON.stringify(body['mitigation'])}`.slice(0, 70));
      }
    }),
    { numRuns: 12 },
  );
  // It would be so of nothing, too.
  expect([...told].filter((one) => one.startsWith('separation true')).length).toBeGreaterThan(2);
});

it('what has not changed is the same object, so that nobody after it has to look at it again', () => {
  const world: World = Array.from({ length: places }, (_, place) => (place >= 28 && place < 32 ? 2 : 0));
  const first = inputOf(world, undefined);
  const items = new Set([...entitlementItems(first), ...separationItems(first)]);
  const second = inputOf(world.with(12, 1), first);
  const again = [...entitlementItems(second), ...separationItems(second)];
  const isOfAna = ({ subject, body }: (typeof again)[number]) => subject.includes('hr:ana') || body['account'] === `${aws}/iam-user/ana`;
  const others = again.filter(({ body }) => ['entitlement', 'separation'].includes(String(body['of'])));
  expect(others.filter((one) => !items.has(one) && !isOfAna(one))).toEqual([]);
  expect(others.some((one) => !items.has(one))).toBe(true);
});
