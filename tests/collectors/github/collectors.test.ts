import { expect, test } from 'vitest';
import actions from '../../../collectors/github/actions-settings/collector.ts';
import branches from '../../../collectors/github/branches/collector.ts';
import dependabot from '../../../collectors/github/dependabot-alerts/collector.ts';
import environments from '../../../collectors/github/environments/collector.ts';
import members from '../../../collectors/github/members/collector.ts';
import organisation from '../../../collectors/github/organisation/collector.ts';
import outside from '../../../collectors/github/outside-collaborators/collector.ts';
import owners from '../../../collectors/github/owners/collector.ts';
import repositories from '../../../collectors/github/repositories/collector.ts';
import security from '../../../collectors/github/repository-security/collector.ts';
import secrets from '../../../collectors/github/secret-alerts/collector.ts';
import teams from '../../../collectors/github/teams/collector.ts';
import { collectors } from './collectors.ts';
import { acme, baseline, secretAlert } from './described.ts';
import { runOn } from './run.ts';
import { type Classic, createServer, type Person, type Repository, type World } from './world.ts';

const stranger = { owner: false, member: false, repositoryAdmin: false };
const member = { owner: false, member: true, repositoryAdmin: false };
/** Main is protected by what is given and nothing else. */
function protectedBy(change: {
  classic?: Classic;
  rulesets?: Repository['rulesets'];
  organisation?: World['rulesets'];
  viewer?: World['viewer'];
}): World {
  return acme({
    viewer: change.viewer ?? { owner: true, member: true, repositoryAdmin: true },
    rulesets: change.organisation ?? [],
    repositories: [
      {
        name: 'payroll',
        id: 1,
        branches: { main: change.classic ? { classic: change.classic } : {} },
        ...(change.rulesets ? { rulesets: change.rulesets } : {}),
      },
    ],
  });
}
const main = async (world: World) => (await runOn(createServer(world), branches)).one('github.branch', 'acme/payroll main');
const strict: Classic = { pattern: 'main', admins: true, reviews: { count: 2, stale: true, lastPush: true }, checks: ['build'] };

test.each(collectors.map((collector) => [collector.id, collector] as const))(
  '%s sees everything an owner is shown, and says so',
  async (_, collector) => {
    const seen = await runOn(createServer(acme()), collector, { settings: { productionBranches: ['release/*'] } });
    expect(seen.gaps).toEqual([]);
    expect(seen.malformed).toEqual([]);
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(seen.resources.length).toBeGreaterThan(0);
    expect(seen.officialHosts).toEqual({ 'api.github.com': true });
    for (const request of seen.requests) expect(request.status).toBe(200);
  },
);

test.each(collectors.map((collector) => [collector.id, collector] as const))(
  '%s takes an empty organisation for what it is',
  async (_, collector) => {
    const world = acme({
      members: [],
      outside: [],
      teams: [],
      repositories: [],
      rulesets: [],
      secretAlerts: [],
      dependabotAlerts: [],
      auditLog: [],
      ruleSuites: [],
      rulesetVersions: [],
    });
    const seen = await runOn(createServer(world), collector);
    expect(seen.completeness).toEqual({ kind: 'complete' });
    expect(seen.resources.map((resource) => resource.type).filter((type) => !/organisation|owners|settings|audit-log/.test(type))).toEqual(
      [],
    );
  },
);

test('never asks for the secret of a secret alert, and keeps none', async () => {
  const server = createServer(acme());
  const seen = await runOn(server, secrets);
  expect(server.requests.every(({ query }) => query.get('hide_secret') === 'true')).toBe(true);
  expect(seen.one('github.secret-alert').fields).toMatchObject({
    secretType: 'aws_access_key_id',
    createdAt: '2025-12-01T00:00:00Z',
    pushProtectionBypassed: true,
  });
});

test('keeps only what its rules allow', async () => {
  const seen = await runOn(createServer(acme()), members);
  expect(JSON.stringify(seen.items)).not.toContain('avatars.');
  expect(seen.items.find(({ operation }) => operation.endsWith('/members'))?.withheld).toContain('avatar_url');
  const alerts = await runOn(createServer(acme()), dependabot);
  expect(JSON.stringify(alerts.items)).not.toContain('not kept');
  const rooms = await runOn(createServer(acme()), environments);
  expect(JSON.stringify(rooms.items)).not.toContain('not@asked.for');
});

test('organisation: what is not shown to a member is unread, never off', async () => {
  const shown = (await runOn(createServer(acme()), organisation)).one('github.organisation');
  expect(shown.fields).toMatchObject({ twoFactorRequired: true, basePermission: 'read', membersDeleteRepositories: false });
  const hidden = (await runOn(createServer(acme({ viewer: member })), organisation)).one('github.organisation');
  expect(hidden.unread).toMatchObject({
    twoFactorRequired: 'access-denied',
    basePermission: 'access-denied',
    membersDeleteRepositories: 'access-denied',
  });
  const world = acme();
  world.organisation.settings = {
    ...world.organisation.settings,
    two_factor_requirement_enabled: null,
    default_repository_permission: 'all-of-it',
  };
  const odd = (await runOn(createServer(world), organisation)).one('github.organisation');
  expect(odd.unread).toMatchObject({ twoFactorRequired: 'access-denied', basePermission: 'access-denied' });
});

test('members: roles and both kinds of second factor', async () => {
  const seen = await runOn(createServer(acme()), members);
  const by = (login: string) => seen.one('github.member', login).fields;
  expect(by('ann')).toEqual({ login: 'ann', role: 'admin', twoFactor: true, twoFactorInsecure: false });
  expect(by('bob')).toMatchObject({ role: 'admin', twoFactor: true, twoFactorInsecure: true });
  expect(by('cyd')).toMatchObject({ role: 'member', twoFactor: false });
});

test('members: who is no owner is refused the filters, and knows of no factor', async () => {
  const seen = await runOn(createServer(acme({ viewer: member })), members);
  expect(seen.completeness.kind).toBe('incomplete');
  for (const found of seen.of('github.member'))
    expect(found.unread).toEqual({ twoFactor: 'access-denied', twoFactorInsecure: 'access-denied' });
  // Owners can be counted all the same.
  expect((await runOn(createServer(acme({ viewer: member })), owners)).one('github.owners').fields).toEqual({ owners: ['ann', 'bob'] });
});

test('members: a server that ignores the filter names everybody, and is not believed', async () => {
  const server = createServer(acme());
  server.fault = (request) => {
    request.query.delete('filter');
    return undefined;
  };
  const seen = await runOn(server, members);
  for (const found of seen.of('github.member'))
    expect(found.unread).toEqual({ twoFactor: 'malformed-reply', twoFactorInsecure: 'malformed-reply' });
});

test('members: a filter that names strangers, or the same person twice over, is not believed', async () => {
  const server = createServer(acme());
  const named = (people: Person[]) =>
    people.map(({ login, id }) => ({ login, node_id: `U_${Buffer.from(String(id)).toString('base64url')}` }));
  server.fault = ({ query }) =>
    query.get('filter') === '2fa_disabled' ? { status: 200, body: [{ login: 'who', node_id: 'U_who' }] } : undefined;
  expect((await runOn(server, members)).one('github.member', 'ann').unread).toEqual({ twoFactor: 'malformed-reply' });
  server.fault = ({ query }) =>
    query.has('filter') ? { status: 200, body: named([{ login: 'cyd', id: 103, factor: 'none' }]) } : undefined;
  expect((await runOn(server, members)).one('github.member', 'ann').unread).toEqual({
    twoFactor: 'malformed-reply',
    twoFactorInsecure: 'malformed-reply',
  });
});

test('members: to a stranger GitHub shows some, and Proofline says that it saw some', async () => {
  for (const collector of [members, owners]) {
    const seen = await runOn(createServer(acme({ viewer: stranger })), collector);
    expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'access-denied', code: 'concealed-members' }));
    expect(seen.incomplete.length + seen.of('github.owners').filter(({ unread }) => unread['owners'] !== undefined).length).toBeGreaterThan(
      0,
    );
  }
  // An App with the right to read members is no member, and sees all.
  const app = await runOn(createServer(acme({ viewer: stranger })), owners, { settings: { authentication: 'app' } });
  expect(app.completeness).toEqual({ kind: 'complete' });
});

test('members: fewer listed than the organisation counts is a gap', async () => {
  const server = createServer(acme());
  server.fault = ({ path, query }, answer) => {
    const given = answer();
    return path.endsWith('/members') && !query.has('filter') && !query.has('role')
      ? { ...given, body: (given.body as unknown[]).slice(1) }
      : undefined;
  };
  const seen = await runOn(server, members);
  expect(seen.gaps).toContainEqual(expect.objectContaining({ reason: 'truncated', code: 'total-mismatch' }));
  expect(seen.incomplete).not.toEqual([]);
});

test('outside collaborators: grants per repository, archived ones marked', async () => {
  const seen = await runOn(createServer(acme()), outside);
  expect(seen.one('github.outside-collaborator', 'eve').fields).toMatchObject({
    twoFactor: false,
    grants: [
      { repository: 'acme/old', permission: 'read', archived: true },
      { repository: 'acme/payroll', permission: 'admin', archived: false },
    ],
  });
});

test('outside collaborators: more than a page of them in one repository are all found', async () => {
  const crowd = Array.from({ length: 130 }, (_, index) => ({
    login: `guest-${index}`,
    id: 1000 + index,
    factor: 'secure' as const,
    grants: { payroll: 'READ' },
  }));
  const seen = await runOn(createServer(acme({ outside: crowd })), outside);
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.of('github.outside-collaborator')).toHaveLength(130);
  for (const found of seen.of('github.outside-collaborator')) expect(found.fields['grants']).toHaveLength(1);
});

test('teams: members, inherited parents and grants, beyond the first page too', async () => {
  const people = Array.from({ length: 120 }, (_, index) => ({
    login: `p${index}`,
    id: 2000 + index,
    role: 'member' as const,
    factor: 'secure' as const,
  }));
  const world = acme({
    members: people,
    teams: [
      {
        slug: 'all',
        members: people.map(({ login }) => ({ login, role: 'MEMBER' as const })),
        repositories: [{ name: 'payroll', permission: 'READ' }],
      },
    ],
  });
  const seen = await runOn(createServer(world), teams);
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.one('github.team', 'all').fields['members']).toHaveLength(120);
  expect((await runOn(createServer(acme()), teams)).one('github.team', 'releases').fields).toMatchObject({
    parent: 'engineering',
    grants: [{ repository: 'acme/payroll', permission: 'admin' }],
  });
});

test('repositories: fewer shown than the organisation counts is a gap, and so is a count that is not shown', async () => {
  for (const collector of [repositories, branches, environments, security]) {
    const few = createServer(acme());
    few.fault = ({ path }, answer) => {
      const given = answer();
      return path === '/orgs/acme' ? { ...given, body: { ...(given.body as object), total_private_repos: 40 } } : undefined;
    };
    expect((await runOn(few, collector)).gaps).toContainEqual(expect.objectContaining({ code: 'repositories-not-shown' }));
    const outsider = await runOn(createServer(acme({ viewer: { ...stranger, repositoryAdmin: true } })), collector);
    expect(outsider.gaps).toContainEqual(expect.objectContaining({ code: 'repository-count-not-shown' }));
    expect(outsider.incomplete).not.toEqual([]);
    // An App that is installed on all repositories is shown all, and GitHub says that it is.
    const server = createServer(acme({ viewer: { ...stranger, repositoryAdmin: true } }));
    const app = await runOn(server, collector, { settings: { authentication: 'app' } });
    expect(app.gaps.filter(({ code }) => code?.startsWith('repositor'))).toEqual([]);
    server.fault = ({ path }, answer) => {
      const given = answer();
      return path === '/installation/repositories'
        ? { ...given, body: { ...(given.body as object), repository_selection: 'selected' } }
        : undefined;
    };
    const some = await runOn(server, collector, { settings: { authentication: 'app' } });
    expect(some.gaps).toContainEqual(expect.objectContaining({ code: 'repository-count-not-shown' }));
  }
});

test('repositories: Dependabot alerts said to be off to whoever may not see them are asked for again, and a plain 404 is no answer', async () => {
  const seen = await runOn(createServer(acme()), repositories);
  expect(seen.one('github.repository', 'acme/website').fields['dependabotAlerts']).toBe(false);
  const weak = createServer(acme({ viewer: member }));
  expect((await runOn(weak, repositories)).one('github.repository', 'acme/payroll').unread).toEqual({ dependabotAlerts: 'access-denied' });
  weak.fault = ({ path }) =>
    path.endsWith('/payroll/vulnerability-alerts')
      ? { status: 204 }
      : path.endsWith('/website/vulnerability-alerts')
        ? { status: 404, body: { message: 'Vulnerability alerts are disabled.' } }
        : undefined;
  const app = await runOn(weak, repositories);
  expect(app.one('github.repository', 'acme/payroll').fields['dependabotAlerts']).toBe(true);
  expect(app.one('github.repository', 'acme/website').fields['dependabotAlerts']).toBe(false);
});

test('branches: classic protection', async () => {
  const found = await main(protectedBy({ classic: strict }));
  expect(found.unread).toEqual({});
  expect(found.fields).toMatchObject({
    pullRequestRequired: true,
    requiredApprovals: 2,
    dismissesStaleApprovals: true,
    lastPushApprovalRequired: true,
    requiredChecks: ['build'],
    forcePushBlocked: true,
    deletionBlocked: true,
    bypass: [],
    protectedBy: ['classic rule main'],
  });
});

test('branches: classic protection and rulesets of both levels merge, the stricter one counting', async () => {
  const found = await main(
    protectedBy({
      classic: { pattern: 'main', admins: true, reviews: { count: 1 }, forcePush: true, deletions: true },
      rulesets: [
        {
          id: 7,
          name: 'own',
          rules: [
            {
              type: 'REQUIRED_STATUS_CHECKS',
              parameters: { strictRequiredStatusChecksPolicy: false, requiredStatusChecks: [{ context: 'test' }] },
            },
          ],
        },
      ],
      organisation: [{ id: 8, name: 'shared', rules: [{ type: 'NON_FAST_FORWARD' }] }],
    }),
  );
  expect(found.fields).toMatchObject({
    requiredApprovals: 1,
    requiredChecks: ['test'],
    forcePushBlocked: true,
    deletionBlocked: false,
    protectedBy: ['classic rule main', 'ruleset own (repository)', 'ruleset shared (organisation)'],
  });
});

test.each(['EVALUATE', 'DISABLED'] as const)('branches: a ruleset that is only %s protects nothing', async (enforcement) => {
  const found = await main(protectedBy({ organisation: [{ ...baseline, enforcement }] }));
  expect(found.fields).toMatchObject({ pullRequestRequired: false, forcePushBlocked: false, protectedBy: [] });
});
test('branches: should GitHub list rules of a ruleset that is not active, they do not count', async () => {
  const server = createServer(protectedBy({ organisation: [baseline] }));
  server.fault = ({ graphql }, answer) =>
    graphql ? { status: 200, body: JSON.parse(JSON.stringify(answer().body).replaceAll('"ACTIVE"', '"EVALUATE"')) } : undefined;
  const found = (await runOn(server, branches)).one('github.branch');
  expect(found.fields).toMatchObject({ pullRequestRequired: false, deletionBlocked: false, protectedBy: [] });
});

test('branches: required status checks without any check demand nothing', async () => {
  expect((await main(protectedBy({ classic: { ...strict, checks: [] } }))).fields).toMatchObject({
    checkRequired: false,
    requiredChecks: [],
  });
});

test('branches: who may bypass, by every kind of protection', async () => {
  const lax = await main(
    protectedBy({
      classic: {
        pattern: 'main',
        reviews: { count: 1, bypass: [{ __typename: 'User', login: 'ann' }] },
        forcePushBypass: [{ __typename: 'Team', slug: 'releases' }],
      },
    }),
  );
  expect(lax.fields['bypass']).toEqual([
    { requirement: 'no-deletion', actor: 'repository administrators', mode: 'always', through: 'classic rule main' },
    { requirement: 'no-force-push', actor: 'repository administrators', mode: 'always', through: 'classic rule main' },
    { requirement: 'no-force-push', actor: 'team releases', mode: 'always', through: 'classic rule main' },
    { requirement: 'review', actor: 'repository administrators', mode: 'always', through: 'classic rule main' },
    { requirement: 'review', actor: 'user ann', mode: 'always', through: 'classic rule main' },
  ]);
  const bypass = [
    { organizationAdmin: true },
    { repositoryRoleName: 'admin' },
    { deployKey: true },
    { actor: { __typename: 'App', slug: 'bot' }, bypassMode: 'PULL_REQUEST' },
  ];
  const ruled = await main(protectedBy({ organisation: [{ ...baseline, rules: [{ type: 'NON_FAST_FORWARD' }], bypass }] }));
  expect((ruled.fields['bypass'] as { actor: string; mode: string }[]).map(({ actor, mode }) => `${actor} ${mode}`)).toEqual([
    'app bot pull-request',
    'deploy keys always',
    'organisation owners always',
    'repository administrators always',
  ]);
});

test('branches: what a member is shown of protection leads to no verdict, and to none about bypassing', async () => {
  const found = await main(
    protectedBy({ classic: strict, organisation: [{ ...baseline, rules: [{ type: 'NON_FAST_FORWARD' }] }], viewer: member }),
  );
  expect(found.fields).toMatchObject({ forcePushBlocked: true, archived: false });
  expect(found.unread).toMatchObject({
    pullRequestRequired: 'access-denied',
    approvalRequired: 'access-denied',
    requiredApprovals: 'access-denied',
    deletionBlocked: 'access-denied',
    bypass: 'access-denied',
    protectedBy: 'access-denied',
  });
});

test('branches: where GraphQL says nothing to an App, REST is asked once per branch and ruleset', async () => {
  const server = createServer(
    protectedBy({ classic: strict, rulesets: [{ ...baseline, id: 9, rules: [{ type: 'NON_FAST_FORWARD' }] }], viewer: member }),
  );
  // What GitHub answers an App that may read administration.
  const { world } = server;
  server.fault = ({ path }, answer) => {
    if (!/protection$|rulesets\/\d+$/.test(path)) return undefined;
    world.viewer = { ...world.viewer, repositoryAdmin: true };
    const given = answer();
    world.viewer = { ...world.viewer, repositoryAdmin: false };
    return given;
  };
  const seen = await runOn(server, branches);
  expect(seen.one('github.branch').fields).toMatchObject({
    requiredApprovals: 2,
    dismissesStaleApprovals: true,
    deletionBlocked: true,
    bypass: [],
  });
  expect(server.requests.filter(({ path }) => path.endsWith('/protection'))).toHaveLength(1);
  expect(server.requests.filter(({ path }) => path.endsWith('/rulesets/9'))).toHaveLength(1);
  const bare = createServer(protectedBy({ viewer: member }));
  bare.fault = ({ path }) => (path.endsWith('/protection') ? { status: 404, body: { message: 'Branch not protected' } } : undefined);
  const open = (await runOn(bare, branches)).one('github.branch');
  expect(open.unread).toEqual({});
  expect(open.fields).toMatchObject({ pullRequestRequired: false, protectedBy: [] });
});

test('branches: a ruleset of the enterprise protects, but who may bypass it is not for an owner of the organisation to see', async () => {
  const server = createServer(protectedBy({ organisation: [{ ...baseline, bypass: [] }] }));
  server.fault = ({ graphql }, answer) =>
    graphql
      ? {
          status: 200,
          body: JSON.parse(
            JSON.stringify(answer().body).replaceAll(
              '{"__typename":"Organization","login":"acme"}',
              '{"__typename":"Enterprise","slug":"acme-group"}',
            ),
          ),
        }
      : undefined;
  const seen = await runOn(server, branches);
  const found = seen.one('github.branch');
  expect(found.fields).toMatchObject({ pullRequestRequired: true, forcePushBlocked: true, protectedBy: ['ruleset baseline (enterprise)'] });
  expect(found.unread).toEqual({ bypass: 'access-denied' });
  expect(seen.one('github.ruleset').fields).toMatchObject({ level: 'enterprise', owner: 'acme-group' });
  expect(server.requests.filter(({ path }) => path.includes('/rulesets/'))).toEqual([]);
});

test('branches: a repository with more rulesets than fit is followed up', async () => {
  const many = Array.from({ length: 14 }, (_, index) => ({ id: 100 + index, name: `r${index}`, rules: [{ type: 'NON_FAST_FORWARD' }] }));
  const seen = await runOn(createServer(protectedBy({ rulesets: many })), branches);
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.of('github.ruleset')).toHaveLength(14);
  expect(seen.one('github.branch').unread).toEqual({});
});

test('branches: production branches by pattern, the default one not twice', async () => {
  const refs = Object.fromEntries(
    [
      'main',
      'release/1.0',
      'release/old/0.9',
      'prerelease/2',
      'production',
      ...Array.from({ length: 30 }, (_, index) => `release/2.${index}`),
    ].map((name) => [name, {}]),
  );
  const world = acme({ repositories: [{ name: 'payroll', id: 1, branches: refs }] });
  const seen = await runOn(createServer(world), branches, { settings: { productionBranches: ['release/*', 'production', 'main'] } });
  expect(seen.completeness).toEqual({ kind: 'complete' });
  const named = seen.of('github.branch').map(({ fields }) => fields['branch']);
  expect(named).toHaveLength(33);
  expect(new Set(named).size).toBe(33);
  expect(named).not.toContain('release/old/0.9');
  expect(named).not.toContain('prerelease/2');
  expect(seen.of('github.branch').filter(({ fields }) => fields['default'] === true)).toMatchObject([
    { fields: { branch: 'main', production: true } },
  ]);
});

test('branches: the timeline of a default branch survives its renaming', async () => {
  const named = async (name: string) =>
    (
      await runOn(createServer(acme({ repositories: [{ name: 'payroll', id: 1, default: name, branches: { [name]: {} } }] })), branches)
    ).one('github.branch').id;
  expect(await named('main')).toBe(await named('trunk'));
});

test('actions: the strict choice of the organisation holds for all, and asks no repository', async () => {
  const server = createServer(acme());
  const found = (await runOn(server, actions)).one('github.actions-settings').fields;
  expect(found).toMatchObject({
    allowedActions: 'selected',
    patternsAllowed: ['acme/*'],
    defaultWorkflowPermissions: 'read',
    repositoriesWithWriteToken: [],
  });
  expect(server.requests).toHaveLength(3);
});
test('actions: where repositories may choose, each is asked', async () => {
  const world = acme({ actions: { enabled: 'all', allowed: 'all', token: 'write', approve: true } });
  world.repositories[0]!.actions = { enabled: true, token: 'write', approve: false };
  world.repositories[1]!.actions = { enabled: false, token: 'write', approve: true };
  world.repositories[4]!.actions = { enabled: true, token: 'read', approve: true };
  const seen = await runOn(createServer(world), actions);
  expect(seen.one('github.actions-settings').fields).toMatchObject({
    defaultWorkflowPermissions: 'write',
    repositoriesWithWriteToken: ['acme/payroll'],
    repositoriesWithApprovingWorkflows: ['acme/fresh'],
  });
});
test('actions: switched off everywhere', async () => {
  const server = createServer(acme({ actions: { enabled: 'none', allowed: 'all', token: 'write', approve: true } }));
  const found = (await runOn(server, actions)).one('github.actions-settings');
  expect(found.fields).toMatchObject({ enabledRepositories: 'none', repositoriesWithWriteToken: [] });
  expect(server.requests).toHaveLength(2);
});

test('environments: production ones in full, others by their rules', async () => {
  const seen = await runOn(createServer(acme()), environments);
  expect(seen.one('github.environment', 'acme/payroll production').fields).toMatchObject({
    reviewRequired: true,
    reviewers: ['user ann', 'user bob'],
    selfReviewPrevented: true,
    administratorsMayBypass: false,
  });
  expect(seen.one('github.environment', 'acme/website Production').fields).toMatchObject({
    production: true,
    reviewRequired: false,
    reviewers: [],
  });
  expect(seen.one('github.environment', 'acme/payroll staging')).toMatchObject({
    fields: { production: false },
    unread: { reviewers: 'not-collected' },
  });
});
test('environments: configured patterns, and more than fit beside their repository', async () => {
  const rooms = Array.from({ length: 45 }, (_, index) => ({ id: 500 + index, name: `review-${index}` }));
  const world = acme({
    repositories: [{ name: 'payroll', id: 1, environments: [...rooms, { id: 900, name: 'eu/live', reviewers: ['ann'] }] }],
  });
  const seen = await runOn(createServer(world), environments, { settings: { productionEnvironments: ['*/LIVE'] } });
  expect(seen.completeness).toEqual({ kind: 'complete' });
  expect(seen.of('github.environment')).toHaveLength(46);
  expect(seen.one('github.environment', 'acme/payroll eu/live').fields).toMatchObject({ production: true, reviewers: ['user ann'] });
});

test('repository security: what is not shown is unread', async () => {
  const seen = await runOn(createServer(acme()), security);
  expect(seen.one('github.repository-security', 'acme/old').fields).toMatchObject({
    archived: true,
    secretScanning: false,
    pushProtection: false,
  });
  const hidden = (await runOn(createServer(acme({ viewer: member })), security)).one('github.repository-security', 'acme/payroll');
  expect(hidden.unread).toMatchObject({ secretScanning: 'access-denied', pushProtection: 'access-denied' });
});

test('alerts: all pages, by number and by cursor', async () => {
  const many = Array.from({ length: 250 }, (_, index) => secretAlert(index + 1, '2026-01-10T00:00:00Z'));
  expect((await runOn(createServer(acme({ secretAlerts: many })), secrets)).of('github.secret-alert')).toHaveLength(250);
  const { dependabotAlerts } = acme();
  const open = Array.from({ length: 250 }, (_, index) => ({ ...dependabotAlerts[0], number: index + 1 }));
  const seen = await runOn(createServer(acme({ dependabotAlerts: open })), dependabot);
  expect(seen.of('github.dependabot-alert')).toHaveLength(250);
  expect(seen.completeness).toEqual({ kind: 'complete' });
});
