import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessGraph } from '../../../src/access/graph/access-graph.ts';
import { readAccounts } from '../../../src/access/graph/accounts.ts';
import { listEntitlements } from '../../../src/access/graph/list-entitlements.ts';
import type { PermissionPattern } from '../../../src/model/access.ts';
import type { DerivedInput, SeenType } from '../../../src/model/derived.ts';

const prod = '111122223333';
const other = '444455556666';
const allow = (action: string, resource = '*', more: object = {}) => ({ Effect: 'Allow', Action: [action], Resource: [resource], ...more });
const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const roleArn = (name: string, account = prod) => `arn:aws:iam::${account}:role/${name}`;

interface Described {
  readonly account?: string;
  readonly policies?: readonly object[];
  readonly trust?: object;
  readonly through?: string;
  readonly boundary?: object;
}
function grants(
  kind: 'user' | 'role',
  name: string,
  { account = prod, policies = [], trust, through = 'direct', boundary }: Described = {},
) {
  return resource('aws.iam.grants', `aws:${account}`, `iam-grants/${name}`, {
    kind,
    principalId: name,
    name,
    arn: `arn:aws:iam::${account}:${kind}/${name}`,
    accountId: account,
    path: '/',
    policies: policies.length === 0 ? [] : [{ name: `${name}-policy`, arn: null, through, inline: true, document: document(...policies) }],
    boundary: boundary === undefined ? null : { arn: 'arn:aws:iam::1:policy/limit', document: document(boundary) },
    trust: trust === undefined ? null : document(trust),
    groups: [],
    tags: {},
    permissionSet: name.startsWith('AWSReservedSSO_') ? name.split('_')[1]! : null,
  });
}
const trusts = (principal: object, action = 'sts:AssumeRole', more: object = {}) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: [action],
  ...more,
});

interface Made {
  readonly type: string;
  readonly member: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
const resource = (type: string, member: string, rest: string, fields: object): Made => ({
  type,
  member,
  id: `${member}/${rest}`,
  fields: { ...fields },
});
const account = (id: string, type: string, login: string, more: object = {}) =>
  resource('entity.account', 'entity:acme', `account/${id}`, {
    account: id,
    system: id.split('/')[0]!,
    type,
    login,
    emails: [],
    owner: `hr:${login}`,
    ...more,
  });
const iamUser = (name: string) => account(`aws:${prod}/iam-user/${name}`, 'aws.iam.user', name);
const member = (login: string, role = 'member') => [
  resource('github.member', 'github:9919', `member/${login}`, { login, role }),
  account(`github:9919/member/${login}`, 'github.member', login),
];
const team = (slug: string, members: string[], given: Record<string, string>) =>
  resource('github.team', 'github:9919', `team/${slug}`, {
    name: slug,
    slug,
    members: members.map((login) => ({ login })),
    grants: Object.entries(given).map(([repository, permission]) => ({ repository, permission })),
  });
const organisation = resource('github.organisation', 'github:9919', '9919', { login: 'acme', basePermission: 'none' });
const repository = (name: string) => resource('github.repository', 'github:9919', `repository/${name}`, { name, archived: false });

function input(made: readonly Made[], more: Partial<DerivedInput> = {}): DerivedInput {
  const seen = [...Map.groupBy(made, ({ type, member: of }) => `${type} ${of}`).values()].map((all): SeenType => {
    const [{ type, member: of }] = all as [Made];
    const resources = all.map(({ id, fields }) => ({ type, id, display: id, fields, unread: {} }));
    return { type, member: of, scope: '', collector: 'x', index: 1, asOf: '2026-01-15T00:00:00.000Z', resources, incomplete: null };
  });
  return {
    entity: 'entity:acme',
    at: '2026-01-15T00:00:00.000Z',
    through: 1,
    settings: {},
    seen,
    missing: [],
    notConnected: [],
    events: [],
    decisions: [],
    ...more,
  };
}
function graphOf(made: readonly Made[], more: Partial<DerivedInput> = {}) {
  const read = input(made, more);
  return accessGraph(read, readAccounts(read));
}
const stop: PermissionPattern = { system: 'aws', actions: ['cloudtrail:StopLogging'] };
const kinds = (made: readonly Made[], id: string, pattern: PermissionPattern) =>
  graphOf(made)
    .reach(id, pattern)
    .map(({ path }) => path.map((hop) => hop.kind).join(' '));
const ana = `aws:${prod}/iam-user/ana`;

describe('AWS', () => {
  it('tells policies of a user and those that come by a group apart', () => {
    expect(kinds([iamUser('ana'), grants('user', 'ana', { policies: [allow('cloudtrail:*')] })], ana, stop)).toEqual(['account policy']);
    const made = [iamUser('ana'), grants('user', 'ana', { policies: [allow('cloudtrail:*')], through: 'group:ops' })];
    expect(kinds(made, ana, stop)).toEqual(['account group policy']);
    expect(graphOf(made).reach(ana, stop)[0]).toMatchObject({
      system: `aws:${prod}`,
      permission: 'cloudtrail:StopLogging',
      on: null,
      notEvaluated: ['resource control policies', 'service control policies', 'session policies'],
    });
  });
  it('follows chains of roles, over cycles, to their end', () => {
    const chain = (next: string) => allow('sts:AssumeRole', roleArn(next));
    const root = trusts({ AWS: [`arn:aws:iam::${prod}:root`] });
    const made = [
      iamUser('ana'),
      grants('user', 'ana', { policies: [chain('one')] }),
      grants('role', 'one', { policies: [chain('two')], trust: root }),
      grants('role', 'two', { policies: [chain('one'), chain('three')], trust: root }),
      grants('role', 'three', { policies: [allow('cloudtrail:StopLogging')], trust: root }),
    ];
    expect(kinds(made, ana, stop)).toEqual(['account role role role policy']);
  });
  it('needs both sides between accounts, and one within', () => {
    const assume = [allow('sts:AssumeRole')];
    const target = (trust: object, of = other) => grants('role', 'target', { account: of, policies: [allow('cloudtrail:*')], trust });
    const named = trusts({ AWS: [`arn:aws:iam::${prod}:user/ana`] });
    const reaches = (...made: Made[]) => graphOf([iamUser('ana'), ...made]).reach(ana, stop).length > 0;
    expect(reaches(grants('user', 'ana', { policies: assume }), target(named))).toBe(true);
    expect(reaches(grants('user', 'ana'), target(named))).toBe(false);
    expect(reaches(grants('user', 'ana'), target(named, prod))).toBe(true);
    expect(reaches(grants('user', 'ana'), target(trusts({ AWS: [prod] }), prod))).toBe(false);
    expect(reaches(grants('user', 'ana', { policies: assume }), target(trusts({ AWS: [prod] }), prod))).toBe(true);
    expect(reaches(grants('user', 'ana', { policies: assume }), target(trusts({ AWS: ['999999999999'] })))).toBe(false);
    expect(reaches(grants('user', 'ana', { policies: assume }), target(trusts({ Service: ['ec2.amazonaws.com'] })))).toBe(false);
    const denied = [{ Effect: 'Deny', Action: ['sts:*'], Resource: ['*'] }];
    expect(reaches(grants('user', 'ana', { policies: denied }), target(named, prod))).toBe(false);
  });
  it('counts having become a role as having assumed it', () => {
    const root = trusts({ AWS: [prod] });
    const made = [
      iamUser('ana'),
      grants('user', 'ana', { policies: [allow('sts:AssumeRole')] }),
      grants('role', 'prod-deploy', { trust: root }),
      grants('role', 'locked', { trust: trusts({ AWS: ['999999999999'] }) }),
    ];
    const pattern = (name: string): PermissionPattern => ({
      system: 'aws',
      actions: ['sts:AssumeRole'],
      on: [`arn:*:iam::*:role/${name}`],
    });
    expect(kinds(made, ana, pattern('*deploy*'))).toEqual(['account role']);
    expect(kinds(made, ana, pattern('locked'))).toEqual([]);
  });
  it('comes from Identity Center by group and permission set to the role that stands for it', () => {
    const center = 'aws:999900001111';
    const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
    const id = `${center}/identity-center-user/u1`;
    const made = [
      account(id, 'aws.identity-center.user', 'ana'),
      resource('aws.identity-center.user', center, 'identity-center-user/u1', {
        userId: 'u1',
        userName: 'ana',
        emails: [],
        external: false,
        groups: ['g1'],
      }),
      resource('aws.identity-center.group', center, 'identity-center-group/g1', { groupId: 'g1', name: 'ops' }),
      resource('aws.identity-center.permission-set', center, 'set', { arn: set, name: 'Operator' }),
      resource('aws.identity-center.assignment', center, 'a', {
        accountId: prod,
        permissionSet: set,
        principalType: 'GROUP',
        principalId: 'g1',
      }),
    ];
    const role = grants('role', 'AWSReservedSSO_Operator_0123', {
      policies: [allow('cloudtrail:*')],
      trust: trusts({ Federated: ['arn:aws:iam::1:saml-provider/AWSSSO_1'] }, 'sts:AssumeRoleWithSAML'),
    });
    expect(kinds([...made, role], id, stop)).toEqual(['account group permission-set policy']);
    expect(graphOf([...made, role]).unknown(`aws:${prod}`)).toEqual([]);
    expect(graphOf(made).unknown(`aws:${prod}`)).toEqual(['not-collected']);
    // Where the account that owns Identity Center is not read, nobody knows who becomes its roles.
    expect(graphOf([iamUser('ana'), role]).unseen(stop)).toEqual([{ what: `aws:${prod}`, reason: 'not-collected' }]);
  });
  it('looks in the accounts of an environment alone', () => {
    const made = [iamUser('ana'), grants('user', 'ana', { policies: [allow('cloudtrail:*')] })];
    const inProduction: PermissionPattern = { ...stop, environments: ['production'] };
    const environments = (accounts: string[]) => ({ settings: { environments: [{ name: 'production', accounts }] } });
    expect(graphOf(made, environments([prod])).reach(ana, inProduction)).toHaveLength(1);
    expect(graphOf(made, environments([other])).reach(ana, inProduction)).toHaveLength(0);
  });
  it('does not say that all was seen where a document was not', () => {
    const made = grants('user', 'ana');
    const unread = {
      ...made,
      fields: { ...made.fields, policies: [{ name: 'x', arn: null, through: 'direct', document: { unread: 'access-denied' } }] },
    };
    expect(graphOf([iamUser('ana'), unread]).unknown(`aws:${prod}`)).toEqual(['access-denied']);
    const malformed = { ...made, fields: { ...made.fields, policies: 'none' } };
    expect(graphOf([iamUser('ana'), malformed]).unseen(stop)).toEqual([{ what: `aws:${prod}`, reason: 'malformed-reply' }]);
    expect(graphOf([]).unseen(stop)).toEqual([{ what: 'aws', reason: null }]);
  });
});

describe('from a repository into AWS', () => {
  const sub = (value: string) => ({ Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': [value] } } });
  const oidc = { Federated: [`arn:aws:iam::${prod}:oidc-provider/token.actions.githubusercontent.com`] };
  const deploy = (value: string) =>
    grants('role', 'deploy', { policies: [allow('cloudtrail:*')], trust: trusts(oidc, 'sts:AssumeRoleWithWebIdentity', sub(value)) });
  const environment = resource('github.environment', 'github:9919', 'e', {
    repository: 'acme/payroll',
    name: 'production',
    archived: false,
    reviewRequired: true,
    reviewers: ['team releases'],
    administratorsMayBypass: false,
  });
  const base = [
    organisation,
    repository('acme/payroll'),
    repository('acme/website'),
    environment,
    ...['ana', 'ben', 'cat', 'dan'].flatMap((login) => member(login)),
    team('payroll', ['ana'], { 'acme/payroll': 'write' }),
    team('website', ['ben'], { 'acme/website': 'admin', 'acme/payroll': 'read' }),
    team('releases', ['cat'], { 'acme/payroll': 'read' }),
  ];
  const who = (value: string) =>
    [
      ...graphOf([...base, deploy(value)])
        .reaching(stop)
        .keys(),
    ].map((id) => id.split('/').at(-1));
  it('lets in who can write to a repository whose branches a role trusts', () => {
    expect(who('repo:acme/payroll:ref:refs/heads/main')).toEqual(['ana']);
    expect(who('repo:acme/payroll:*')).toEqual(['ana', 'cat']);
    expect(who('repo:acme/*')).toEqual(['ana', 'ben', 'cat']);
    expect(who('repo:globex/*')).toEqual([]);
    const made = [...base, deploy('repo:acme/payroll:ref:refs/heads/main')];
    expect(kinds(made, 'github:9919/member/ana', stop)).toEqual(['account team workflow trust policy']);
    expect(graphOf(made).reach('github:9919/member/ana', stop)[0]?.notEvaluated).toContain('branch protection');
  });
  it('lets in who approves the deployments of an environment that a role trusts', () => {
    expect(who('repo:acme/payroll:environment:production')).toEqual(['cat']);
    expect(who('repo:acme/payroll:environment:staging')).toEqual([]);
  });
  it('a trust without a condition on the subject trusts every workflow', () => {
    const open = grants('role', 'deploy', { policies: [allow('cloudtrail:*')], trust: trusts(oidc, 'sts:AssumeRoleWithWebIdentity') });
    expect([
      ...graphOf([...base, open])
        .reaching(stop)
        .keys(),
    ]).toHaveLength(3);
  });
  it('an owner of the organisation can do what any writer can', () => {
    const made = [...base, ...member('eve', 'admin'), deploy('repo:acme/payroll:ref:refs/heads/main')];
    expect(kinds(made, 'github:9919/member/eve', stop)).toEqual(['account organisation workflow trust policy']);
  });
});

describe('GitHub', () => {
  const branch = (protectedBy: string[], bypass: object[] = []) =>
    resource('github.branch', 'github:9919', 'b', {
      repository: 'acme/payroll',
      branch: 'main',
      archived: false,
      approvalRequired: true,
      codeOwnerReviewRequired: true,
      bypass,
      protectedBy,
    });
  const base = [
    organisation,
    repository('acme/payroll'),
    ...member('ana'),
    ...member('ben'),
    ...member('eve', 'admin'),
    team('payroll', ['ana'], { 'acme/payroll': 'admin' }),
    team('readers', ['ben'], { 'acme/payroll': 'read' }),
  ];
  const who = (
    made: readonly Made[],
    permission: Extract<PermissionPattern, { system: 'github' }>['permission'],
    repositories?: string[],
  ) =>
    [
      ...graphOf(made)
        .reaching({ system: 'github', permission, ...(repositories ? { repositories } : {}) })
        .keys(),
    ].map((id) => id.split('/').at(-1));
  it('gives teams and owners what they have', () => {
    expect(who(base, 'read')).toEqual(['ana', 'ben', 'eve']);
    expect(who(base, 'write')).toEqual(['ana', 'eve']);
    expect(who(base, 'owner')).toEqual(['eve']);
    expect(who(base, 'write', ['acme/website'])).toEqual([]);
  });
  it('administrators lift protections of their repository, not those of the organisation', () => {
    expect(who([...base, branch(['classic rule main'])], 'lift-protection')).toEqual(['ana', 'eve']);
    expect(who([...base, branch(['ruleset baseline (organisation)'])], 'lift-protection')).toEqual(['eve']);
  });
  it('lets past the protection whom its list names', () => {
    const past = (actor: string) =>
      who([...base, branch(['ruleset x'], [{ actor, mode: 'always', through: 'ruleset x' }])], 'bypass-protection');
    expect(past('user ben')).toEqual(['ben']);
    expect(past('team payroll')).toEqual(['ana']);
    expect(past('repository administrators')).toEqual(['ana', 'eve']);
    expect(past('app release-bot')).toEqual([]);
  });
  it('says what limits who edits workflows', () => {
    const reached = graphOf([...base, branch(['ruleset x'])]).reach('github:9919/member/ana', {
      system: 'github',
      permission: 'edit-workflow',
    });
    expect(reached[0]?.notEvaluated).toEqual([
      "another person's approval on protected branches",
      'review by code owners of workflow files',
    ]);
  });
});

describe('identity provider, applications and this tool', () => {
  const okta = 'okta:00o1';
  const center = 'aws:999900001111';
  const user = (id: string, login: string) => [
    resource('idp.user', okta, `user/${id}`, { userId: id, login, emails: [login] }),
    account(`${okta}/user/${id}`, 'idp.user', login),
  ];
  it('who can reset the factor of others reaches what they reach', () => {
    const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
    const made = [
      ...user('u1', 'ana@acme.example'),
      ...user('u2', 'ben@acme.example'),
      resource('idp.administrator', okta, 'administrator/u2', {
        principalType: 'user',
        principalId: 'u2',
        role: 'Help Desk',
        unlimited: false,
        may: ['reset-factor'],
        resourceSet: null,
      }),
      account(`${center}/identity-center-user/c1`, 'aws.identity-center.user', 'ana@acme.example'),
      resource('aws.identity-center.user', center, 'identity-center-user/c1', {
        userId: 'c1',
        userName: 'ana@acme.example',
        emails: [],
        external: true,
        groups: [],
      }),
      resource('aws.identity-center.permission-set', center, 'set', { arn: set, name: 'Operator' }),
      resource('aws.identity-center.assignment', center, 'a', {
        accountId: prod,
        permissionSet: set,
        principalType: 'USER',
        principalId: 'c1',
      }),
      grants('role', 'AWSReservedSSO_Operator_0123', { policies: [allow('cloudtrail:*')] }),
    ];
    expect(kinds(made, `${okta}/user/u2`, stop)).toEqual(['account administrator account permission-set policy']);
    expect(kinds(made, `${okta}/user/u1`, stop)).toEqual([]);
    expect(kinds(made, `${okta}/user/u2`, { system: 'idp', permission: 'reset-factor' })).toEqual(['account administrator']);
    expect(kinds(made, `${okta}/user/u2`, { system: 'idp', permission: 'administer' })).toEqual([]);
  });
  it('roles of an application are those of its table', () => {
    const made = [
      resource('app.user', 'tabular:payroll', 'users/cat', { table: 'payroll.users', login: 'cat', roles: ['payroll-clerk'] }),
      account('tabular:payroll/users/cat', 'app.user', 'cat'),
    ];
    const pattern = (table: string, role: string): PermissionPattern => ({ system: 'application', table, roles: [role] });
    expect(kinds(made, 'tabular:payroll/users/cat', pattern('payroll.users', 'payroll-*'))).toEqual(['account application']);
    expect(kinds(made, 'tabular:payroll/users/cat', pattern('bank.users', 'payroll-*'))).toEqual([]);
    expect(graphOf(made).unseen(pattern('bank.users', 'releaser'))).toEqual([{ what: 'table bank.users', reason: null }]);
    expect(graphOf(made).unseen(pattern('payroll.users', 'payroll-clerk'))).toEqual([]);
  });
  it('who runs this tool is named by the settings of duties', () => {
    const tool = { separation: { tool: { operators: ['hr:ana'], deciders: [], controlOwners: [] } } };
    const graph = graphOf([iamUser('ana'), iamUser('ben'), grants('user', 'ana'), grants('user', 'ben')], { settings: tool });
    expect([...graph.reaching({ system: 'proofline', permission: 'operate' }).keys()]).toEqual([ana]);
  });
});

describe('entitlements', () => {
  it('are the grants that a reviewer can keep or revoke, with what they lead to', () => {
    const made = [
      iamUser('ana'),
      grants('user', 'ana', { policies: [allow('iam:*')], through: 'group:ops' }),
      grants('role', 'deploy', { trust: trusts({ AWS: [prod] }) }),
      organisation,
      repository('acme/payroll'),
      ...member('ben'),
      team('payroll', ['ben'], { 'acme/payroll': 'write' }),
    ];
    const told = (all: readonly Made[]) =>
      listEntitlements(input(all)).map(({ permission, privileged, means }) => ({ permission, privileged, means }));
    expect(told(made)).toEqual(
      expect.arrayContaining([
        { permission: 'group ops', privileged: true, means: 'ana-policy: allows iam:*' },
        { permission: 'team payroll', privileged: false, means: 'write on acme/payroll' },
        { permission: 'member', privileged: false, means: 'no repository' },
      ]),
    );
    const renamed = made.map((one) => (one.type === 'github.team' ? { ...one, fields: { ...one.fields, name: 'Payroll' } } : one));
    expect(listEntitlements(input(renamed)).map(({ id }) => id)).toEqual(listEntitlements(input(made)).map(({ id }) => id));
  });
});

describe('whatever the policies', () => {
  const roles = ['r0', 'r1', 'r2', 'r3'];
  const edge = fc.tuple(fc.constantFrom('ana', ...roles), fc.constantFrom(...roles));
  const world = (edges: readonly (readonly [string, string])[], holders: readonly string[], denied: readonly string[]) => [
    iamUser('ana'),
    ...['ana', ...roles].map((name) =>
      grants(name === 'ana' ? 'user' : 'role', name, {
        policies: [
          ...edges.filter(([from]) => from === name).map(([, to]) => allow('sts:AssumeRole', roleArn(to))),
          ...(holders.includes(name) ? [allow('cloudtrail:StopLogging')] : []),
          ...(denied.includes(name) ? [{ Effect: 'Deny', Action: ['cloudtrail:*'], Resource: ['*'] }] : []),
        ],
        ...(name === 'ana' ? {} : { trust: trusts({ AWS: [prod] }) }),
      }),
    ),
  ];
  const some = fc.uniqueArray(fc.constantFrom('ana', ...roles), { maxLength: 3 });
  it('cycles end, allowing more takes no reach away, denying gives none', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 8 }), edge, some, some, (edges, more, holders, denied) => {
        const reaches = (made: readonly Made[]) => graphOf(made).reach(ana, stop).length > 0;
        const before = reaches(world(edges, holders, denied));
        if (before) expect(reaches(world([...edges, more], holders, denied))).toBe(true);
        else expect(reaches(world(edges, holders, [...denied, more[0]]))).toBe(false);
        if (before) expect(reaches(world(edges, [...holders, more[1]], denied))).toBe(true);
        // The same as asking step by step who can become what.
        const at = new Set(['ana']);
        for (let size = 0; size !== at.size; ) {
          size = at.size;
          for (const [from, to] of edges) if (at.has(from)) at.add(to);
        }
        expect(before).toBe([...at].some((name) => holders.includes(name) && !denied.includes(name)));
      }),
      { numRuns: 60 },
    );
  });
  it('what is told does not depend on what was asked before', () => {
    const made = world(
      [
        ['ana', 'r0'],
        ['r0', 'r1'],
      ],
      ['r1'],
      [],
    );
    const first = graphOf(made).reach(ana, stop);
    graphOf(world([['ana', 'r1']], ['r1'], [])).reach(ana, stop);
    expect(graphOf(made).reach(ana, stop)).toEqual(first);
    expect(graphOf(made.toReversed()).reach(ana, stop)).toEqual(first);
  });
});
