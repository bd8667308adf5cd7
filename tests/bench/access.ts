/**
 * What 20,000 accounts of 5,000 persons are given in 20 AWS accounts with 2,000 roles, 1,000 repositories, an identity provider and an
 * application, and every shipped rule of separation over it; then once more after one policy has changed. As a run hands it over: lists of
 * which something changed are read anew as a whole, the others are the same lists.
 * Run: node tests/bench/access.ts [persons]
 * Exit code 1 when it takes more than 10 s of processor time or 1.5 GB, or the change takes more than a tenth of the first time (half as much
 * again where the machine is busy), or asks policies more than a tenth as often.
 */
import { evaluations } from '../../src/access/graph/aws-graph.ts';
import { entitlementItems } from '../../src/access/graph/entitlement-items.ts';
import { separationItems } from '../../src/access/separation/separation-items.ts';
import { loadFrameworks } from '../../src/config/frameworks.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadSeparation } from '../../src/config/separation-file.ts';
import type { DerivedInput } from '../../src/model/derived.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ReadResource } from '../../src/model/resource.ts';

const persons = Number(process.argv[2] ?? 5000);
const sizes = {
  roles: (persons * 2) / 5,
  repositories: persons / 5,
  users: (persons * 2) / 5,
  application: (persons * 3) / 5,
  accounts: 20,
  teams: persons / 25,
  policies: 300,
};
const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: Math.ceil(count) }, (_, n) => make(n));
const accountOf = (n: number) => String(100000000000 + (n % sizes.accounts));
const okta = 'okta:00o1';
const github = 'github:9919';
const center = `aws:${accountOf(0)}`;

/** Every 60th policy administers IAM or the trail, every 10th deletes; the others read. */
const policyOf = (n: number, changed: boolean) => ({
  name: `policy-${n}`,
  arn: `arn:aws:iam::${accountOf(0)}:policy/policy-${n}`,
  through: 'direct',
  inline: false,
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action:
          n % 60 === 7
            ? ['iam:*', 'cloudtrail:*']
            : n % 10 === 3
              ? ['s3:*', 'rds:Delete*', 'ec2:*']
              : ['s3:Get*', 's3:List*', 'ec2:Describe*', 'logs:Get*', 'dynamodb:Query', ...(changed ? ['kms:Decrypt'] : [])],
        Resource: n % 3 === 0 ? ['*'] : [`arn:aws:s3:::bucket-${n}`, `arn:aws:s3:::bucket-${n}/*`],
      },
      ...(n % 5 === 0
        ? [
            {
              Effect: 'Deny',
              NotAction: ['s3:*', 'ec2:*'],
              Resource: ['*'],
              Condition: { Bool: { 'aws:MultiFactorAuthPresent': ['false'] } },
            },
          ]
        : []),
      ...(n % 7 === 0 ? [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [`arn:aws:iam::*:role/role-${n}*`] }] : []),
    ],
  },
});
const grants = (kind: 'user' | 'role', n: number, name: string, more: object, changed: number) => ({
  type: 'aws.iam.grants',
  member: `aws:${accountOf(n)}`,
  id: `aws:${accountOf(n)}/iam-grants/${name}`,
  fields: {
    principalId: name,
    kind,
    name,
    arn: `arn:aws:iam::${accountOf(n)}:${kind}/${name}`,
    accountId: accountOf(n),
    path: '/',
    policies: [n, n * 7 + 1, n * 13 + 2].map((one) => policyOf(one % sizes.policies, one % sizes.policies === changed)),
    boundary:
      n % 9 === 0
        ? {
            arn: 'arn:aws:iam::1:policy/limit',
            document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', NotAction: ['iam:*'], Resource: ['*'] }] },
          }
        : null,
    trust: null,
    groups: [],
    tags: {},
    lastUsed: null,
    managedByAws: false,
    permissionSet: null,
    ...more,
  },
});
const trust = (n: number) => ({
  Version: '2012-10-17',
  Statement: [
    n % 10 === 0
      ? {
          Effect: 'Allow',
          Principal: { Federated: [`arn:aws:iam::${accountOf(n)}:oidc-provider/token.actions.githubusercontent.com`] },
          Action: ['sts:AssumeRoleWithWebIdentity'],
          Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': [`repo:acme/repository-${n % sizes.repositories}:*`] } },
        }
      : {
          Effect: 'Allow',
          Principal: { AWS: [`arn:aws:iam::${accountOf(n % 3)}:root`, `arn:aws:iam::${accountOf(n)}:root`] },
          Action: ['sts:AssumeRole'],
        },
  ],
});
const account = (id: string, type: string, login: string, owner: number) => ({
  type: 'entity.account',
  member: 'entity:acme',
  id: `entity:acme/account/${id}`,
  fields: {
    account: id,
    system: id.split('/')[0],
    type,
    login,
    emails: [],
    kind: 'person',
    owner: `hr:${owner}`,
    candidates: [],
    sharedWith: [],
    live: true,
    ownerPerson: null,
  },
});
const setArn = (n: number) => `arn:aws:sso:::permissionSet/ssoins-1/ps-${n}`;

/** What of `before` says the same is the same list of resources. */
function world(changed: number, before?: DerivedInput): DerivedInput {
  const made: { type: string; member: string; id: string; fields: object }[] = [
    ...many(persons, (n) => ({
      type: 'entity.person',
      member: 'entity:acme',
      id: `entity:acme/person/hr:${n}`,
      fields: { person: `hr:${n}`, name: `Person ${n}`, emails: [] },
    })),
    // AWS: roles, one in ten of them a permission set's, and users of their own.
    ...many(sizes.roles, (n) => {
      const set = n % 10 === 5 ? `Set${n}` : null;
      return grants(
        'role',
        n,
        set === null ? `role-${n}` : `AWSReservedSSO_${set}_0123456789abcdef`,
        { trust: trust(n), permissionSet: set },
        changed,
      );
    }),
    ...many(sizes.users, (n) => grants('user', n, `user-${n}`, {}, changed)),
    ...many(sizes.users, (n) => account(`aws:${accountOf(n)}/iam-user/user-${n}`, 'aws.iam.user', `user-${n}`, n)),
    ...many(persons, (n) => ({
      type: 'aws.identity-center.user',
      member: center,
      id: `${center}/identity-center-user/c${n}`,
      fields: { userId: `c${n}`, userName: `person-${n}@acme.example`, emails: [], external: true, groups: [`g${n % sizes.teams}`] },
    })),
    ...many(persons, (n) => account(`${center}/identity-center-user/c${n}`, 'aws.identity-center.user', `person-${n}`, n)),
    ...many(sizes.teams, (n) => ({
      type: 'aws.identity-center.group',
      member: center,
      id: `${center}/identity-center-group/g${n}`,
      fields: { groupId: `g${n}`, name: `group-${n}` },
    })),
    ...many(sizes.roles / 10, (n) => ({
      type: 'aws.identity-center.permission-set',
      member: center,
      id: `${center}/identity-center-permission-set/${n}`,
      fields: { arn: setArn(n * 10 + 5), name: `Set${n * 10 + 5}` },
    })),
    ...many(sizes.teams, (n) => {
      const set = (n * 10 + 5) % sizes.roles;
      return {
        type: 'aws.identity-center.assignment',
        member: center,
        id: `${center}/identity-center-assignment/${n}`,
        fields: { accountId: accountOf(set), permissionSet: setArn(set), principalType: 'GROUP', principalId: `g${n}` },
      };
    }),
    // GitHub.
    { type: 'github.organisation', member: github, id: `${github}/organisation/9919`, fields: { login: 'acme', basePermission: 'none' } },
    ...many(persons, (n) => ({
      type: 'github.member',
      member: github,
      id: `${github}/member/U${n}`,
      fields: { login: `person-${n}`, role: n % 1000 === 1 ? 'admin' : 'member' },
    })),
    ...many(persons, (n) => account(`${github}/member/U${n}`, 'github.member', `person-${n}`, n)),
    ...many(sizes.repositories, (n) => ({
      type: 'github.repository',
      member: github,
      id: `${github}/repository/R${n}`,
      fields: { name: `acme/repository-${n}`, archived: n % 20 === 0 },
    })),
    ...many(sizes.teams, (n) => ({
      type: 'github.team',
      member: github,
      id: `${github}/team/T${n}`,
      fields: {
        name: `team-${n}`,
        slug: `team-${n}`,
        members: many(persons / sizes.teams, (m) => ({ login: `person-${m * sizes.teams + n}`, role: 'member' })),
        grants: many(10, (m) => ({
          repository: `acme/repository-${(n * 5 + m) % sizes.repositories}`,
          permission: m === 0 ? 'admin' : m < 5 ? 'write' : 'read',
        })),
      },
    })),
    ...many(sizes.repositories, (n) => ({
      type: 'github.repository-access',
      member: github,
      id: `${github}/repository-access/R${n}/U${n}`,
      fields: { repository: `acme/repository-${n}`, account: `U${n}`, sources: [{ kind: 'direct', team: null, permission: 'write' }] },
    })),
    ...many(sizes.repositories, (n) => ({
      type: 'github.branch',
      member: github,
      id: `${github}/default-branch/R${n}`,
      fields: {
        repository: `acme/repository-${n}`,
        branch: 'main',
        archived: n % 20 === 0,
        approvalRequired: true,
        codeOwnerReviewRequired: n % 2 === 0,
        bypass: n % 50 === 0 ? [{ actor: `team team-${n % sizes.teams}`, mode: 'always', through: 'ruleset x' }] : [],
        protectedBy: ['ruleset x'],
      },
    })),
    ...many(sizes.repositories / 5, (n) => ({
      type: 'github.environment',
      member: github,
      id: `${github}/environment/E${n}`,
      fields: {
        repository: `acme/repository-${n}`,
        name: 'production',
        archived: false,
        reviewRequired: true,
        reviewers: [`team team-${n % sizes.teams}`],
        administratorsMayBypass: false,
      },
    })),
    // The identity provider and an application.
    ...many(persons, (n) => ({
      type: 'idp.user',
      member: okta,
      id: `${okta}/user/u${n}`,
      fields: { userId: `u${n}`, login: `person-${n}@acme.example`, emails: [] },
    })),
    ...many(persons, (n) => account(`${okta}/user/u${n}`, 'idp.user', `person-${n}`, n)),
    ...many(sizes.teams, (n) => ({
      type: 'idp.group',
      member: okta,
      id: `${okta}/group/${n}`,
      fields: { groupId: `g${n}`, name: `group-${n}`, members: many(persons / sizes.teams, (m) => `u${m * sizes.teams + n}`) },
    })),
    ...many(4, (n) => ({
      type: 'idp.administrator',
      member: okta,
      id: `${okta}/administrator/${n}`,
      fields: {
        principalType: 'user',
        principalId: `u${n}`,
        role: 'Super Administrator',
        unlimited: true,
        may: ['administer', 'manage-groups', 'reset-factor'],
        resourceSet: null,
      },
    })),
    ...many(sizes.application, (n) => ({
      type: 'app.user',
      member: 'tabular:payroll',
      id: `tabular:payroll/users/${n}`,
      fields: {
        table: 'payroll.users',
        login: `person-${n}`,
        roles: [n % 40 === 0 ? 'payroll-clerk' : 'employee', ...(n % 90 === 0 ? ['bank-details'] : [])],
      },
    })),
    ...many(sizes.application, (n) => account(`tabular:payroll/users/${n}`, 'app.user', `person-${n}`, n)),
  ];
  const lists = new Map((before?.seen ?? []).map(({ type, member, resources }) => [`${type} ${member}`, resources]));
  const seen = [...Map.groupBy(made, ({ type, member }) => `${type} ${member}`).values()].map((all) => ({
    type: all[0]!.type,
    member: all[0]!.member,
    scope: '',
    collector: 'bench',
    index: 1,
    asOf: '2026-01-15T00:00:00.000Z',
    resources: handedOver(
      all.map(({ type, id, fields }) => ({ type, id, display: id, fields, unread: {} })),
      lists.get(`${all[0]!.type} ${all[0]!.member}`),
    ),
    incomplete: null,
  }));
  const library = libraryDirectory();
  const catalog = {
    frameworks: loadFrameworks(library),
    environments: ['production'],
    tables: ['payroll.users', 'bank.users'],
    controls: [],
    on: '2026-01-15',
  };
  const environments = [{ name: 'production', accounts: many(10, accountOf) }];
  const settings = { separation: loadSeparation([], library, catalog), environments };
  return {
    entity: 'entity:acme',
    at: '2026-01-15T00:00:00.000Z',
    through: 1,
    settings: before?.settings ?? (JSON.parse(JSON.stringify(settings)) as JsonObject),
    seen,
    missing: [],
    notConnected: [],
    events: [],
    decisions: [],
    results: [],
  };
}
/** Nothing of one list is an object of another. */
function handedOver(made: unknown, before: readonly ReadResource[] | undefined): readonly ReadResource[] {
  const text = JSON.stringify(made);
  return before !== undefined && JSON.stringify(before) === text ? before : (JSON.parse(text) as readonly ReadResource[]);
}

interface Run {
  readonly seconds: number;
  readonly entitlements: number;
  readonly separations: number;
  readonly evaluations: number;
}
/** Each dataset asks for itself. */
const asked = (input: DerivedInput): DerivedInput => ({ ...input, seen: input.seen.map((one) => ({ ...one })) });
function run(input: DerivedInput): Run {
  const before = evaluations.count;
  const start = process.cpuUsage();
  const entitlements = entitlementItems(asked(input)).length;
  const middle = process.cpuUsage(start);
  const separations = separationItems(asked(input)).length;
  const { user, system } = process.cpuUsage(start);
  console.log(
    `  entitlements ${((middle.user + middle.system) / 1e6).toFixed(2)} s, rules ${((user + system - middle.user - middle.system) / 1e6).toFixed(2)} s`,
  );
  return { seconds: (user + system) / 1e6, entitlements, separations, evaluations: evaluations.count - before };
}

const before = world(-1);
const after = world(11, before);
const first = run(before);
const again = run(after);
const peak = process.resourceUsage().maxRSS / 1024 / 1024;
const share = again.seconds / first.seconds;
console.log(
  `${persons} persons, ${sizes.users + 3 * persons + sizes.application} accounts, ${sizes.roles} roles, ${sizes.repositories} repositories`,
);
console.log(
  `first: ${first.seconds.toFixed(2)} s, ${first.entitlements} entitlements, ${first.separations} results of rules, ${first.evaluations} evaluations of policies`,
);
console.log(
  `after one changed policy: ${again.seconds.toFixed(2)} s (${(share * 100).toFixed(1)} %), ${again.evaluations} evaluations (${((again.evaluations / first.evaluations) * 100).toFixed(1)} %)`,
);
console.log(`at most ${peak.toFixed(2)} GB in memory`);
if (first.seconds > 10 || peak > 1.5 || again.evaluations > first.evaluations / 10 || share > 0.15) process.exitCode = 1;
