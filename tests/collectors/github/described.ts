import { type Commit, check, type Repository, type Ruleset, type World } from './world.ts';

/** A ruleset that demands what the branch checks ask for. */
export const baseline: Ruleset = {
  id: 501,
  name: 'baseline',
  rules: [
    {
      type: 'PULL_REQUEST',
      parameters: {
        requiredApprovingReviewCount: 1,
        dismissStaleReviewsOnPush: true,
        requireLastPushApproval: true,
        requireCodeOwnerReview: false,
      },
    },
    {
      type: 'REQUIRED_STATUS_CHECKS',
      parameters: { strictRequiredStatusChecksPolicy: false, requiredStatusChecks: [{ context: 'build' }] },
    },
    { type: 'NON_FAST_FORWARD' },
    { type: 'DELETION' },
  ],
};

export const settings = {
  two_factor_requirement_enabled: true,
  default_repository_permission: 'read',
  members_can_create_repositories: true,
  members_can_create_public_repositories: false,
  members_can_create_private_repositories: true,
  members_can_create_internal_repositories: true,
  members_can_delete_repositories: false,
  members_can_change_repo_visibility: false,
  members_can_invite_outside_collaborators: false,
  members_can_fork_private_repositories: false,
};

const off = { status: 'disabled' };

/** An organisation with good and bad in it, seen by one of its owners. */
export function acme(change: Partial<World> = {}): World {
  const repositories: Repository[] = [
    {
      name: 'payroll',
      id: 1,
      branches: { main: {}, 'release/1.0': {}, 'feature/x': {} },
      ...history(),
      environments: [
        { id: 11, name: 'production', reviewers: ['ann', 'bob'], preventSelfReview: true, adminsBypass: false },
        { id: 12, name: 'staging' },
      ],
    },
    { name: 'website', id: 2, visibility: 'PUBLIC', branches: { main: {} }, environments: [{ id: 21, name: 'Production' }], alerts: false },
    {
      name: 'old',
      id: 3,
      archived: true,
      branches: { main: {} },
      security: { secret_scanning: off, secret_scanning_push_protection: off },
    },
    { name: 'vendored', id: 4, fork: true, visibility: 'PUBLIC', branches: { main: {} } },
    { name: 'fresh', id: 5, empty: true },
  ];
  return {
    organisation: { id: 9919, login: 'acme', settings },
    viewer: { owner: true, member: true, repositoryAdmin: true },
    members: [
      { login: 'ann', id: 101, role: 'admin', factor: 'secure' },
      { login: 'bob', id: 102, role: 'admin', factor: 'insecure' },
      { login: 'cyd', id: 103, role: 'member', factor: 'none' },
      { login: 'dee', id: 104, role: 'member', factor: 'secure' },
    ],
    outside: [
      { login: 'eve', id: 201, factor: 'none', grants: { payroll: 'ADMIN', old: 'READ' } },
      { login: 'fay', id: 202, factor: 'secure', grants: { website: 'WRITE' } },
    ],
    teams: [
      {
        slug: 'engineering',
        members: [
          { login: 'ann', role: 'MAINTAINER' },
          { login: 'cyd', role: 'MEMBER' },
        ],
        repositories: [{ name: 'payroll', permission: 'WRITE' }],
      },
      {
        slug: 'releases',
        parent: 'engineering',
        members: [{ login: 'bob', role: 'MEMBER' }],
        repositories: [{ name: 'payroll', permission: 'ADMIN' }],
      },
    ],
    repositories,
    rulesets: [{ ...baseline, branches: ['main'] }],
    actions: {
      enabled: 'all',
      allowed: 'selected',
      selected: { github_owned_allowed: true, verified_allowed: false, patterns_allowed: ['acme/*'] },
      token: 'read',
      approve: false,
    },
    secretAlerts: [secretAlert(1, '2025-12-01T00:00:00Z')],
    auditLog: [
      auditEntry('a1', 'protected_branch.destroy', { repo: 'acme/payroll', name: 'main' }),
      auditEntry('a2', 'repo.pages_https_redirect_enabled'),
    ],
    rulesetVersions: [
      { version_id: 3, actor: { id: 101, type: 'User' }, updated_at: '2026-01-14T19:30:00Z' },
      { version_id: 2, actor: { id: 101, type: 'User' }, updated_at: '2025-12-01T09:00:00Z' },
    ],
    ruleSuites: [ruleSuite(11), { ...ruleSuite(12), result: 'pass' }],
    dependabotAlerts: [dependabotAlert(7, 'critical', '2025-11-01T00:00:00Z'), dependabotAlert(8, 'low', '2026-01-10T00:00:00Z')],
    ...change,
  };
}

/** A change as it should be, one that its author approved himself, one that was pushed, and one that is on two branches. */
function history(): Pick<Repository, 'commits' | 'pulls'> {
  const own = (oid: string, author: string): Commit => ({ oid, at: '2026-01-14T08:00:00Z', authors: [author] });
  const approved = (by: string, commit: string) => [{ by, state: 'APPROVED', at: '2026-01-14T09:00:00Z', commit }];
  return {
    commits: {
      main: [
        { oid: 'd1', at: '2026-01-14T12:00:00Z', authors: ['cyd'] },
        { oid: 'c2', at: '2026-01-14T11:00:00Z', authors: ['cyd'], committer: 'github', pulls: [2] },
        { oid: 'c1', at: '2026-01-14T10:00:00Z', authors: ['cyd'], committer: 'github', pulls: [1] },
        { oid: 'c0', at: '2026-01-10T10:00:00Z', authors: ['ann'] },
      ],
      'release/1.0': [{ oid: 'c1', at: '2026-01-14T10:00:00Z', authors: ['cyd'], committer: 'github', pulls: [1] }],
    },
    pulls: [
      {
        number: 1,
        base: 'main',
        mergedAt: '2026-01-14T10:00:00Z',
        mergeCommit: 'c1',
        author: 'cyd',
        commits: [own('p1', 'cyd')],
        reviews: approved('ann', 'p1'),
      },
      {
        number: 2,
        base: 'main',
        mergedAt: '2026-01-14T11:00:00Z',
        mergeCommit: 'c2',
        author: 'cyd',
        commits: [own('p2', 'cyd')],
        reviews: [
          ...approved('cyd', 'p2'),
          {
            by: 'bob',
            state: 'DISMISSED',
            at: '2026-01-14T09:10:00Z',
            commit: 'p2',
            dismissed: { from: 'APPROVED', at: '2026-01-14T09:20:00Z', by: 'cyd' },
          },
        ],
        checks: [check('build', '2026-01-14T11:00:00Z', { conclusion: 'FAILURE' })],
      },
    ],
  };
}

const payroll = { id: 1, node_id: 'R_MQ', full_name: 'acme/payroll', private: true };
export const secretAlert = (number: number, created: string) => ({
  number,
  created_at: created,
  updated_at: created,
  html_url: `https://github.com/acme/payroll/security/secret-scanning/${number}`,
  state: 'open',
  resolution: null,
  secret_type: 'aws_access_key_id',
  secret_type_display_name: 'AWS Access Key ID',
  validity: 'active',
  publicly_leaked: false,
  multi_repo: false,
  push_protection_bypassed: true,
  push_protection_bypassed_by: { login: 'cyd', id: 103 },
  push_protection_bypassed_at: created,
  repository: payroll,
});
export const auditEntry = (id: string, action: string, more: Record<string, unknown> = {}) => ({
  _document_id: id,
  '@timestamp': Date.parse('2026-01-14T19:48:00.000Z'),
  created_at: Date.parse('2026-01-14T19:48:00.000Z'),
  action,
  operation_type: 'modify',
  actor: 'ann',
  actor_id: 101,
  actor_ip: '198.51.100.7',
  actor_location: { country_code: 'DE' },
  user_agent: 'a browser',
  hashed_token: 'not kept',
  org: 'acme',
  org_id: 9919,
  ...more,
});
export const ruleSuite = (id: number) => ({
  id,
  actor_id: 101,
  actor_name: 'ann',
  before_sha: '893f768e172fb1bc9c5d6f3dd48557e45f14e01d',
  after_sha: 'dedd88641a362b6b4ea872da4847d6131a164d01',
  ref: 'refs/heads/main',
  repository_id: 1,
  repository_name: 'payroll',
  pushed_at: '2026-01-14T20:01:00Z',
  result: 'bypass',
  evaluation_result: 'fail',
});
export const dependabotAlert = (number: number, severity: string, created: string) => ({
  number,
  state: 'open',
  created_at: created,
  updated_at: created,
  html_url: `https://github.com/acme/payroll/security/dependabot/${number}`,
  dependency: { package: { ecosystem: 'npm', name: 'lodash' }, manifest_path: 'package-lock.json', scope: 'runtime' },
  security_advisory: { ghsa_id: 'GHSA-jf85-cpcp-j695', cve_id: 'CVE-2019-10744', severity, summary: 'not kept', description: 'not kept' },
  security_vulnerability: { vulnerable_version_range: '< 4.17.12', first_patched_version: { identifier: '4.17.12' } },
  repository: payroll,
});
