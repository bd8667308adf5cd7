import type { Exchange } from '../model/collector.ts';
import { SourceError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { CompanyState } from './company.ts';
import { answered } from './exchange-reply.ts';
import { bypassedSuites, changedRef, historyOf, mergedCount, pullRequestChecks, pullRequests } from './github-change-answers.ts';
import { type ClassicProtection, organisationLogin, type Repository } from './github-estate.ts';
import { githubId, nodeId } from './native-id.ts';
import { auditEntries } from './year.ts';

export interface GithubDemonstration {
  /** The described clock, ISO-8601 UTC. */
  readonly now: () => string;
  readonly stateAt: (instant: string) => CompanyState;
}
interface Question {
  readonly operation: string;
  readonly input: JsonObject;
  readonly company: CompanyState;
  readonly now: string;
}

/** Pages are shorter than GitHub's own, so that the demonstration turns pages as an organisation of some size does. */
const longestPage = 8;
export const organisationId = githubId(organisationLogin);

/**
 * Answers every operation of GitHub's collectors from the described company, in the shapes the client's exchange hands over, pages
 * included. Throws SourceError where GitHub would refuse; an operation without an answer is a TypeError, a bug.
 */
export function githubExchange(demonstration: GithubDemonstration): Exchange {
  return (operation, input) =>
    Promise.resolve().then(() => {
      const now = demonstration.now();
      const answer = answers[operation];
      if (answer === undefined) throw new TypeError(`the demonstration has no answer for ${operation}`);
      return answered(answer({ operation, input, company: demonstration.stateAt(now), now }), {
        host: 'api.github.com',
        now,
        requestIdHeader: 'x-github-request-id',
        of: `${operation} ${JSON.stringify(input)}`,
      });
    });
}

/** A page of a REST list; `link` says where it goes on, as the client reads it from GitHub's header. */
function listed({ input }: Question, list: readonly object[]): object {
  const page = Number(input['page'] ?? input['after'] ?? 1);
  const from = (page - 1) * longestPage;
  const more = from + longestPage < list.length;
  return {
    items: list.slice(from, from + longestPage),
    ...(list.length > longestPage ? { link: { next: more ? { page: String(page + 1) } : null } } : {}),
  };
}
/** The same where GitHub pages by cursor. */
function listedByCursor(question: Question, list: readonly object[]): object {
  const { input } = question;
  const from = Number(input['after'] ?? 0);
  const more = from + longestPage < list.length;
  return {
    items: list.slice(from, from + longestPage),
    ...(list.length > longestPage ? { link: { next: more ? { after: String(from + longestPage) } : null } } : {}),
  };
}
/** A page of a GraphQL connection. */
function connection({ input }: Pick<Question, 'input'>, nodes: readonly object[], member: 'nodes' | 'edges' = 'nodes'): object {
  const from = typeof input['after'] === 'string' ? Number(input['after']) : 0;
  const size = Math.min(typeof input['first'] === 'number' ? input['first'] : longestPage, longestPage);
  const to = Math.min(from + size, nodes.length);
  return {
    totalCount: nodes.length,
    pageInfo: { hasNextPage: to < nodes.length, endCursor: to > from ? String(to) : null },
    [member]: nodes.slice(from, to),
  };
}
/** A connection inside a node: all of it fits on its first page. */
function inner(nodes: readonly object[], member: 'nodes' | 'edges' = 'nodes'): object {
  return {
    totalCount: nodes.length,
    pageInfo: { hasNextPage: false, endCursor: nodes.length === 0 ? null : String(nodes.length) },
    [member]: nodes,
  };
}
const ofOrganisation = (fields: object) => ({ data: { organization: fields } });
const ofRepositories = (question: Question, node: (repository: Repository) => object) =>
  ofOrganisation({ repositories: connection(question, byAge(question.company).map(node)) });

function byAge({ github }: CompanyState): Repository[] {
  return [...github.repositories].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}
const repositoryNode = (name: string) => nodeId('R', name);
const userNode = (login: string) => nodeId('U', login);
const fullName = (name: string) => `${organisationLogin}/${name}`;

function account(login: string) {
  return { id: githubId(login), node_id: userNode(login), login, type: 'User', site_admin: false };
}
const members = (company: CompanyState) =>
  company.people.flatMap((person) => (person.github === undefined ? [] : [{ login: person.login, ...person.github }]));

function repositoryFields(repository: Repository) {
  return {
    id: repositoryNode(repository.name),
    databaseId: githubId(repository.name),
    nameWithOwner: fullName(repository.name),
    visibility: repository.visibility,
    isArchived: repository.archived,
    isFork: repository.fork,
    isDisabled: false,
    isEmpty: false,
    viewerCanAdminister: true,
  };
}

const baselineId = githubId('ruleset baseline');
const organisationSource = { __typename: 'Organization', login: organisationLogin };
const baseline = {
  id: nodeId('RRS', 'baseline'),
  databaseId: baselineId,
  name: 'baseline',
  enforcement: 'ACTIVE',
  target: 'BRANCH',
  createdAt: '2024-09-10T12:00:00Z',
  updatedAt: '2025-02-18T09:30:00Z',
  source: organisationSource,
  conditions: {
    refName: { include: ['~DEFAULT_BRANCH', 'refs/heads/release/*'], exclude: [] },
    repositoryName: { include: ['~ALL'], exclude: [], protected: true },
    repositoryId: null,
    repositoryProperty: null,
  },
  rules: { totalCount: 4, nodes: ['PULL_REQUEST', 'REQUIRED_STATUS_CHECKS', 'DELETION', 'NON_FAST_FORWARD'].map((type) => ({ type })) },
  bypassActors: { totalCount: 0, nodes: [] },
};
const baselineRules = [
  {
    type: 'PULL_REQUEST',
    parameters: {
      __typename: 'PullRequestParameters',
      requiredApprovingReviewCount: 1,
      dismissStaleReviewsOnPush: true,
      requireLastPushApproval: true,
      requireCodeOwnerReview: false,
    },
  },
  {
    type: 'REQUIRED_STATUS_CHECKS',
    parameters: {
      __typename: 'RequiredStatusChecksParameters',
      strictRequiredStatusChecksPolicy: true,
      requiredStatusChecks: [{ context: 'build' }],
    },
  },
  { type: 'DELETION', parameters: null },
  { type: 'NON_FAST_FORWARD', parameters: null },
].map((rule) => ({
  ...rule,
  repositoryRuleset: { databaseId: baselineId, name: 'baseline', enforcement: 'ACTIVE', target: 'BRANCH', source: organisationSource },
}));

function classicRule(repository: Repository, classic: ClassicProtection) {
  const nobody = { totalCount: 0, nodes: [] };
  return {
    id: nodeId('BPR', repository.name),
    pattern: repository.defaultBranch,
    isAdminEnforced: true,
    // GitHub speaks of approvals only where a pull request is required, which it is, with how many as a number beside it.
    requiresApprovingReviews: true,
    requiredApprovingReviewCount: classic.approvals,
    dismissesStaleReviews: classic.dismissesStale,
    requireLastPushApproval: classic.lastPushApproval,
    requiresCodeOwnerReviews: false,
    requiresStatusChecks: classic.statusChecks.length > 0,
    requiresStrictStatusChecks: true,
    requiredStatusCheckContexts: classic.statusChecks,
    allowsForcePushes: false,
    allowsDeletions: false,
    lockBranch: false,
    restrictsPushes: false,
    requiresCommitSignatures: false,
    requiresLinearHistory: true,
    requiresConversationResolution: true,
    bypassPullRequestAllowances: nobody,
    bypassForcePushAllowances: nobody,
  };
}
function ref(repository: Repository, name: string) {
  const rules = repository.baseline ? baselineRules : [];
  return {
    prefix: 'refs/heads/',
    name,
    branchProtectionRule:
      repository.classic === null || name !== repository.defaultBranch ? null : classicRule(repository, repository.classic),
    rules: { totalCount: rules.length, nodes: rules },
  };
}

function environmentNode(repository: Repository, name: string) {
  const reviewed = name === 'production';
  return {
    id: nodeId('EN', `${repository.name} ${name}`),
    databaseId: githubId(`environment ${repository.name} ${name}`),
    name,
    protectionRules: {
      totalCount: reviewed ? 1 : 0,
      nodes: reviewed ? [{ type: 'REQUIRED_REVIEWERS', timeout: 0, preventSelfReview: true }] : [],
    },
  };
}
function peopleOfTeam(company: CompanyState, slug: string): CompanyState['people'] {
  const roles = slug === 'engineering' ? ['engineering', 'platform', 'support'] : [slug];
  return company.people.filter((person) => person.github !== undefined && roles.includes(person.role));
}
function teamLogins(company: CompanyState, slug: string): string[] {
  return peopleOfTeam(company, slug).map(({ login }) => login);
}
function teamMembers(company: CompanyState, slug: string): object[] {
  return peopleOfTeam(company, slug).map((person) => ({
    role: person.github?.owner ? 'MAINTAINER' : 'MEMBER',
    node: { id: userNode(person.login), login: person.login },
  }));
}
function teamRepositories(team: CompanyState['github']['teams'][number]): object[] {
  return team.grants.map((grant) => ({
    permission: grant.permission,
    node: { id: repositoryNode(grant.repository), nameWithOwner: fullName(grant.repository) },
  }));
}
function codeownersOf({ name }: Repository): string {
  return `* @${organisationLogin}/${name === 'infrastructure' ? 'platform' : 'engineering'}\n`;
}
function outsideGrants(company: CompanyState, repository: Repository): object[] {
  return company.github.outsideCollaborators.flatMap((collaborator) =>
    collaborator.grants
      .filter((grant) => grant.repository === repository.name)
      .map((grant) => ({ permission: grant.permission, node: { id: userNode(collaborator.login), login: collaborator.login } })),
  );
}

/** Owners, members of teams with a grant, and outside collaborators; the organisation itself gives its members nothing. */
function repositoryAccess(company: CompanyState, { name }: Repository): object[] {
  const ranks = ['READ', 'TRIAGE', 'WRITE', 'MAINTAIN', 'ADMIN'];
  const held = new Map<string, { permission: string; source: object }[]>();
  const give = (login: string, permission: string, source: object) => held.set(login, [...(held.get(login) ?? []), { permission, source }]);
  for (const { login, github } of company.people) if (github?.owner) give(login, 'ADMIN', { __typename: 'Organization' });
  for (const team of company.github.teams) {
    const grant = team.grants.find(({ repository }) => repository === name);
    for (const login of grant === undefined ? [] : teamLogins(company, team.slug)) {
      give(login, grant!.permission, { __typename: 'Team', id: nodeId('T', team.slug), slug: team.slug });
    }
  }
  for (const { login, grants } of company.github.outsideCollaborators) {
    for (const grant of grants) if (grant.repository === name) give(login, grant.permission, { __typename: 'Repository' });
  }
  return [...held].map(([login, sources]) => ({
    permission: ranks[Math.max(...sources.map(({ permission }) => ranks.indexOf(permission)))],
    permissionSources: sources.map(({ permission, source }) => ({
      permission: permission === 'MAINTAIN' ? 'WRITE' : permission,
      roleName: permission.toLowerCase(),
      source,
    })),
    node: { id: userNode(login), login },
  }));
}

function absent(question: Question, sourceCode: string, status = 404): never {
  throw new SourceError(sourceCode === 'not-found' ? 'access-denied' : 'source-unavailable', question.operation, { sourceCode, status });
}
function repositoryOf(question: Question): Repository {
  const { repo } = question.input;
  return question.company.github.repositories.find((one) => one.name === repo) ?? absent(question, 'not-found');
}
function repositoryById(question: Question): Repository {
  const id = question.input['repository'];
  return question.company.github.repositories.find((one) => repositoryNode(one.name) === id) ?? absent(question, 'NOT_FOUND', 200);
}
function teamById(question: Question) {
  const id = question.input['team'];
  return question.company.github.teams.find((one) => nodeId('T', one.slug) === id) ?? absent(question, 'NOT_FOUND', 200);
}
function releases(question: Question, repository: Repository): object[] {
  const literal = String(question.input['literal'] ?? '');
  return [repository.defaultBranch, ...repository.releases].filter((name) => name.includes(literal)).map((name) => ref(repository, name));
}
const setting = (on: boolean) => ({ status: on ? 'enabled' : 'disabled' });

const answers: Readonly<Record<string, (question: Question) => object>> = {
  'GET /orgs/{org}': ({ company: { github } }) => ({
    id: organisationId,
    node_id: nodeId('O', organisationLogin),
    login: github.login,
    name: 'Northwind Payroll',
    created_at: github.createdAt,
    is_verified: true,
    two_factor_requirement_enabled: true,
    default_repository_permission: 'none',
    members_can_create_repositories: false,
    members_allowed_repository_creation_type: 'none',
    members_can_create_public_repositories: false,
    members_can_create_private_repositories: false,
    members_can_create_internal_repositories: false,
    members_can_delete_repositories: false,
    members_can_change_repo_visibility: false,
    members_can_invite_outside_collaborators: false,
    members_can_fork_private_repositories: false,
    deploy_keys_enabled_for_repositories: false,
    web_commit_signoff_required: false,
    public_repos: github.repositories.filter((one) => one.visibility === 'PUBLIC').length,
    total_private_repos: github.repositories.filter((one) => one.visibility === 'PRIVATE').length,
    plan: { name: 'enterprise' },
  }),
  'GET /orgs/{org}/audit-log': (question) => {
    const [, from, to] = /created:(\S+)\.\.(\S+)/.exec(String(question.input['phrase'])) ?? [];
    const [since, until] = [Date.parse(`${from}T00:00:00Z`), Math.min(Date.parse(`${to}T23:59:59.999Z`), Date.parse(question.now))];
    return listedByCursor(
      question,
      auditEntries.filter((entry) => entry['@timestamp'] >= since && entry['@timestamp'] <= until),
    );
  },
  'GET /orgs/{org}/rulesets': (question) =>
    listed(question, [
      {
        id: baselineId,
        node_id: baseline.id,
        name: baseline.name,
        target: 'branch',
        source_type: 'Organization',
        source: organisationLogin,
        enforcement: 'active',
      },
    ]),
  'GET /orgs/{org}/rulesets/{ruleset_id}/history': (question) =>
    listed(question, [
      ...auditEntries
        .filter(({ action, '@timestamp': at }) => action === 'repository_ruleset.update' && at <= Date.parse(question.now))
        .map((entry, index) => ({
          version_id: index + 2,
          actor: { id: githubId(String(entry['actor'])), type: 'User' },
          updated_at: new Date(entry['@timestamp']).toISOString(),
        }))
        .reverse(),
      { version_id: 1, actor: { id: githubId('ruleset author'), type: 'User' }, updated_at: baseline.updatedAt },
    ]),
  'GET /orgs/{org}/rulesets/rule-suites': (question) => listed(question, bypassedSuites(question.input, question.now)),
  'GET /orgs/{org}/members': (question) =>
    listed(
      question,
      members(question.company).map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/members?role=admin': (question) =>
    listed(
      question,
      members(question.company)
        .filter((member) => member.owner === true)
        .map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/members?filter=2fa_disabled': (question) =>
    listed(
      question,
      members(question.company)
        .filter((member) => member.factor === 'none')
        .map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/members?filter=2fa_insecure': (question) =>
    listed(
      question,
      members(question.company)
        .filter((member) => member.factor === 'insecure')
        .map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/outside_collaborators': (question) =>
    listed(
      question,
      question.company.github.outsideCollaborators.map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/outside_collaborators?filter=2fa_disabled': (question) =>
    listed(
      question,
      question.company.github.outsideCollaborators.filter((one) => one.factor === 'none').map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/outside_collaborators?filter=2fa_insecure': (question) =>
    listed(
      question,
      question.company.github.outsideCollaborators.filter((one) => one.factor === 'insecure').map(({ login }) => account(login)),
    ),
  'GET /orgs/{org}/repos': (question) =>
    listed(
      question,
      byAge(question.company).map((repository) => ({
        id: githubId(repository.name),
        node_id: repositoryNode(repository.name),
        full_name: fullName(repository.name),
        private: repository.visibility === 'PRIVATE',
        visibility: repository.visibility.toLowerCase(),
        archived: repository.archived,
        disabled: false,
        fork: repository.fork,
        security_and_analysis: {
          secret_scanning: setting(repository.secretScanning),
          secret_scanning_push_protection: setting(repository.pushProtection),
          secret_scanning_non_provider_patterns: setting(false),
          secret_scanning_validity_checks: setting(repository.secretScanning),
          dependabot_security_updates: setting(repository.dependabot),
        },
      })),
    ),
  'GET /orgs/{org}/actions/permissions': ({ company: { github } }) => ({
    enabled_repositories: 'all',
    allowed_actions: github.actions.allowed,
    sha_pinning_required: true,
  }),
  'GET /orgs/{org}/actions/permissions/selected-actions': (question) =>
    question.company.github.actions.allowed === 'selected'
      ? { github_owned_allowed: true, verified_allowed: false, patterns_allowed: ['aws-actions/configure-aws-credentials@*'] }
      : absent(question, 'http-409', 409),
  'GET /orgs/{org}/actions/permissions/workflow': ({ company: { github } }) => ({
    default_workflow_permissions: github.actions.token,
    can_approve_pull_request_reviews: github.actions.approves,
  }),
  'GET /orgs/{org}/rulesets/{ruleset_id}': (question) =>
    question.input['ruleset_id'] === baselineId
      ? {
          id: baselineId,
          name: 'baseline',
          target: 'branch',
          enforcement: 'active',
          source: organisationLogin,
          source_type: 'Organization',
          bypass_actors: [],
          current_user_can_bypass: 'never',
        }
      : absent(question, 'not-found'),
  'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}': (question) => absent(question, 'not-found'),
  'GET /orgs/{org}/secret-scanning/alerts': (question) =>
    listed(
      question,
      question.company.github.secretAlerts.map((alert) => ({
        number: alert.number,
        created_at: alert.createdAt,
        updated_at: alert.createdAt,
        html_url: `https://github.com/${fullName(alert.repository)}/security/secret-scanning/${alert.number}`,
        state: 'open',
        secret_type: alert.type,
        secret_type_display_name: 'GitHub Personal Access Token',
        validity: 'active',
        publicly_leaked: true,
        multi_repo: false,
        push_protection_bypassed: true,
        push_protection_bypassed_at: alert.createdAt,
        repository: { id: githubId(alert.repository), node_id: repositoryNode(alert.repository), full_name: fullName(alert.repository) },
      })),
    ),
  'GET /orgs/{org}/dependabot/alerts': (question) =>
    listedByCursor(
      question,
      question.company.github.dependabotAlerts.map((alert) => ({
        number: alert.number,
        state: 'open',
        created_at: alert.createdAt,
        updated_at: alert.createdAt,
        html_url: `https://github.com/${fullName(alert.repository)}/security/dependabot/${alert.number}`,
        dependency: { package: { ecosystem: 'npm', name: alert.package }, manifest_path: 'package-lock.json', scope: 'runtime' },
        security_advisory: { ghsa_id: alert.advisory, severity: alert.severity, summary: `Vulnerability in ${alert.package}` },
        security_vulnerability: { severity: alert.severity },
        repository: { id: githubId(alert.repository), node_id: repositoryNode(alert.repository), full_name: fullName(alert.repository) },
      })),
    ),
  'GET /repos/{owner}/{repo}/actions/permissions': () => ({ enabled: true, allowed_actions: 'selected', sha_pinning_required: true }),
  'GET /repos/{owner}/{repo}/actions/permissions/workflow': ({ company: { github } }) => ({
    default_workflow_permissions: github.actions.token,
    can_approve_pull_request_reviews: github.actions.approves,
  }),
  'GET /repos/{owner}/{repo}/branches/{branch}/protection': (question) => {
    const { classic } = repositoryOf(question);
    if (classic === null) return absent(question, 'branch-not-protected');
    return {
      enforce_admins: { enabled: true },
      required_pull_request_reviews: {
        required_approving_review_count: classic.approvals,
        dismiss_stale_reviews: classic.dismissesStale,
        require_last_push_approval: classic.lastPushApproval,
        require_code_owner_reviews: false,
      },
      ...(classic.statusChecks.length > 0 ? { required_status_checks: { strict: true, contexts: classic.statusChecks } } : {}),
      allow_force_pushes: { enabled: false },
      allow_deletions: { enabled: false },
      lock_branch: { enabled: false },
    };
  },
  'GET /repos/{owner}/{repo}/environments/{environment_name}': (question) => {
    const repository = repositoryOf(question);
    const name = repository.environments.find((one) => one === question.input['environment_name']) ?? absent(question, 'not-found');
    const { databaseId, id } = environmentNode(repository, name);
    const reviewers = [{ type: 'Team', reviewer: { id: githubId('team platform'), slug: 'platform' } }];
    return {
      id: databaseId,
      node_id: id,
      name,
      can_admins_bypass: false,
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
      protection_rules:
        name === 'production' ? [{ id: githubId(`rule ${id}`), type: 'required_reviewers', prevent_self_review: true, reviewers }] : [],
    };
  },
  'GET /repos/{owner}/{repo}/vulnerability-alerts': (question) =>
    repositoryOf(question).dependabot ? {} : absent(question, 'vulnerability-alerts-disabled'),

  'graphql:organisation-membership': ({ company }) =>
    ofOrganisation({
      id: nodeId('O', organisationLogin),
      databaseId: organisationId,
      viewerIsAMember: false,
      viewerCanAdminister: true,
      membersWithRole: { totalCount: members(company).length },
    }),
  'graphql:outside-collaborator-grants': (question) =>
    ofRepositories(question, (repository) => ({
      id: repositoryNode(repository.name),
      nameWithOwner: fullName(repository.name),
      isArchived: repository.archived,
      collaborators: inner(outsideGrants(question.company, repository), 'edges'),
    })),
  'graphql:repository-outside-collaborator-grants': (question) => {
    const repository = repositoryById(question);
    return {
      data: {
        node: {
          id: repositoryNode(repository.name),
          nameWithOwner: fullName(repository.name),
          isArchived: repository.archived,
          collaborators: connection(question, outsideGrants(question.company, repository), 'edges'),
        },
      },
    };
  },
  'graphql:repository-access': (question) =>
    ofRepositories(question, (repository) => ({
      id: repositoryNode(repository.name),
      nameWithOwner: fullName(repository.name),
      isArchived: repository.archived,
      collaborators: inner(repositoryAccess(question.company, repository), 'edges'),
    })),
  'graphql:repository-collaborators': (question) => {
    const repository = repositoryById(question);
    return {
      data: {
        node: {
          id: repositoryNode(repository.name),
          nameWithOwner: fullName(repository.name),
          isArchived: repository.archived,
          collaborators: connection(question, repositoryAccess(question.company, repository), 'edges'),
        },
      },
    };
  },
  'graphql:teams': (question) =>
    ofOrganisation({
      teams: connection(
        question,
        [...question.company.github.teams]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map((team) => ({
            id: nodeId('T', team.slug),
            databaseId: githubId(`team ${team.slug}`),
            name: team.name,
            slug: team.slug,
            privacy: 'VISIBLE',
            parentTeam: null,
            members: inner(teamMembers(question.company, team.slug), 'edges'),
            repositories: inner(teamRepositories(team), 'edges'),
          })),
      ),
    }),
  'graphql:team-members': (question) => ({
    data: { node: { members: connection(question, teamMembers(question.company, teamById(question).slug), 'edges') } },
  }),
  'graphql:team-repositories': (question) => ({
    data: { node: { repositories: connection(question, teamRepositories(teamById(question)), 'edges') } },
  }),
  'graphql:repositories': (question) =>
    ofRepositories(question, (repository) => ({
      ...repositoryFields(repository),
      createdAt: repository.createdAt,
      pushedAt: repository.createdAt,
      updatedAt: repository.createdAt,
      isTemplate: false,
      forkingAllowed: repository.visibility === 'PUBLIC',
      deleteBranchOnMerge: true,
      webCommitSignoffRequired: false,
      hasVulnerabilityAlertsEnabled: repository.dependabot,
      isSecurityPolicyEnabled: true,
      defaultBranchRef: { name: repository.defaultBranch },
    })),
  'graphql:branches': (question) =>
    ofRepositories(question, (repository) => ({
      ...repositoryFields(repository),
      defaultBranchRef: ref(repository, repository.defaultBranch),
      rulesets: inner([]),
    })),
  'graphql:production-branches': (question) =>
    ofRepositories(question, (repository) => ({
      ...repositoryFields(repository),
      defaultBranchRef: { name: repository.defaultBranch },
      refs: inner(releases(question, repository)),
    })),
  'graphql:repository-production-branches': (question) => {
    const repository = repositoryById(question);
    return {
      data: {
        node: {
          ...repositoryFields(repository),
          defaultBranchRef: { name: repository.defaultBranch },
          refs: connection(question, releases(question, repository)),
        },
      },
    };
  },
  'graphql:codeowners': (question) =>
    ofRepositories(question, (repository) => ({
      id: repositoryNode(repository.name),
      nameWithOwner: fullName(repository.name),
      isArchived: repository.archived,
      codeowners: { errors: [] },
      inGithub: { __typename: 'Blob', isTruncated: false, text: codeownersOf(repository) },
      inRoot: null,
      inDocs: null,
    })),
  'graphql:change-branches': (question) =>
    ofRepositories(question, (repository) => ({
      ...repositoryFields(repository),
      createdAt: repository.createdAt,
      defaultBranchRef: changedRef(repository, repository.defaultBranch, question.input, question.now),
    })),
  'graphql:change-production-branches': (question) =>
    ofRepositories(question, (repository) => ({
      ...repositoryFields(repository),
      createdAt: repository.createdAt,
      defaultBranchRef: { name: repository.defaultBranch },
      refs: inner(
        releases(question, repository).map((found) =>
          changedRef(repository, String((found as { name?: unknown }).name), question.input, question.now),
        ),
      ),
    })),
  'graphql:branch-changes': (question) => {
    const repository = repositoryById(question);
    return {
      data: { node: { id: repositoryNode(repository.name), object: { history: historyOf(repository, question.input, question.now) } } },
    };
  },
  'graphql:change-pull-requests': ({ input }) => ({ data: pullRequests(input['ids']) }),
  'graphql:change-checks': ({ input }) => ({ data: pullRequestChecks(input['ids']) }),
  'graphql:merged-pull-requests': ({ input, now }) => ({ data: { search: { issueCount: mergedCount(String(input['search']), now) } } }),
  'graphql:organisation-rulesets': (question) =>
    ofOrganisation({ id: nodeId('O', organisationLogin), viewerCanAdminister: true, rulesets: connection(question, [baseline]) }),
  'graphql:repository-rulesets': (question) => {
    const repository = repositoryById(question);
    return {
      data: {
        node: {
          id: repositoryNode(repository.name),
          nameWithOwner: fullName(repository.name),
          viewerCanAdminister: true,
          rulesets: connection(question, []),
        },
      },
    };
  },
  'graphql:environments': (question) =>
    ofRepositories(question, (repository) => ({
      id: repositoryNode(repository.name),
      nameWithOwner: fullName(repository.name),
      isArchived: repository.archived,
      isFork: repository.fork,
      environments: inner(repository.environments.map((name) => environmentNode(repository, name))),
    })),
  'graphql:repository-environments': (question) => {
    const repository = repositoryById(question);
    return {
      data: {
        node: {
          id: repositoryNode(repository.name),
          nameWithOwner: fullName(repository.name),
          isArchived: repository.archived,
          isFork: repository.fork,
          environments: connection(
            question,
            repository.environments.map((name) => environmentNode(repository, name)),
          ),
        },
      },
    };
  },
  'graphql:actions-repositories': (question) =>
    ofRepositories(question, (repository) => ({
      id: repositoryNode(repository.name),
      nameWithOwner: fullName(repository.name),
      isArchived: repository.archived,
      isDisabled: false,
    })),
};
