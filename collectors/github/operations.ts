import { type QueryName, queries } from './queries.ts';

export interface Operation {
  /** The GitHub App permission that lets us ask, in the words of the App manifest (`members:read`). */
  readonly permission: string;
  /**
   * What GitHub answers with 404 when there is none, by its exact message, and the code we give it. Every other 404 may as well
   * mean "no rights": GitHub hides what a caller may not see.
   */
  readonly absent?: Readonly<Record<string, string>>;
  /** Pages are told apart by a cursor, so the next one cannot be guessed when the Link header is missing. */
  readonly cursor?: true;
}

/**
 * GitHub allows 900 points a minute (a read is one point), 100 requests at once over REST and GraphQL together, and 60 CPU seconds of
 * GraphQL a minute (a page of 100 repositories takes about one); it may lower each of them unannounced. So one bucket each for all.
 */
export const limits = {
  rest: { perSecond: 12, burst: 48, bucket: 'rest' },
  graphql: { perSecond: 1, burst: 12, bucket: 'graphql' },
} as const;

const members = { permission: 'members:read' };
const organisation = { permission: 'organization_administration:read' };
const administration = { permission: 'administration:read' };

/** Routes are GitHub's own templates; a fixed query belongs to the route when it makes the answer another list. */
const routes: Readonly<Record<string, Operation>> = {
  'GET /orgs/{org}': organisation,
  'GET /orgs/{org}/members': members,
  'GET /orgs/{org}/members?role=admin': members,
  'GET /orgs/{org}/members?filter=2fa_disabled': members,
  'GET /orgs/{org}/members?filter=2fa_insecure': members,
  'GET /orgs/{org}/outside_collaborators': members,
  'GET /orgs/{org}/outside_collaborators?filter=2fa_disabled': members,
  'GET /orgs/{org}/outside_collaborators?filter=2fa_insecure': members,
  'GET /orgs/{org}/repos': { permission: 'administration:read' },
  'GET /orgs/{org}/actions/permissions': organisation,
  'GET /orgs/{org}/actions/permissions/selected-actions': organisation,
  'GET /orgs/{org}/actions/permissions/workflow': organisation,
  'GET /orgs/{org}/rulesets': organisation,
  'GET /orgs/{org}/rulesets/{ruleset_id}': organisation,
  'GET /orgs/{org}/rulesets/{ruleset_id}/history': organisation,
  'GET /orgs/{org}/rulesets/rule-suites': organisation,
  'GET /orgs/{org}/audit-log': { ...organisation, cursor: true },
  'GET /orgs/{org}/secret-scanning/alerts': { permission: 'secret_scanning_alerts:read' },
  'GET /orgs/{org}/dependabot/alerts': { permission: 'vulnerability_alerts:read', cursor: true },
  'GET /installation/repositories': { permission: 'metadata:read' },
  'GET /repos/{owner}/{repo}/actions/permissions': administration,
  'GET /repos/{owner}/{repo}/actions/permissions/workflow': administration,
  'GET /repos/{owner}/{repo}/branches/{branch}/protection': {
    ...administration,
    absent: { 'Branch not protected': 'branch-not-protected' },
  },
  'GET /repos/{owner}/{repo}/environments/{environment_name}': { permission: 'actions:read' },
  'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}': administration,
  'GET /repos/{owner}/{repo}/vulnerability-alerts': {
    ...administration,
    absent: { 'Vulnerability alerts are disabled.': 'vulnerability-alerts-disabled' },
  },
};

const queryPermissions: Readonly<Record<QueryName, string>> = {
  'organisation-membership': 'members:read',
  'outside-collaborator-grants': 'members:read',
  'repository-outside-collaborator-grants': 'members:read',
  'repository-access': 'members:read',
  'repository-collaborators': 'members:read',
  teams: 'members:read',
  'team-members': 'members:read',
  'team-repositories': 'members:read',
  repositories: 'metadata:read',
  branches: 'administration:read',
  'production-branches': 'administration:read',
  'repository-production-branches': 'administration:read',
  'organisation-rulesets': 'organization_administration:read',
  'repository-rulesets': 'administration:read',
  environments: 'actions:read',
  'repository-environments': 'actions:read',
  'actions-repositories': 'metadata:read',
  codeowners: 'contents:read',
  'change-branches': 'contents:read',
  'change-production-branches': 'contents:read',
  'repository-change-branches': 'contents:read',
  'branch-changes': 'contents:read',
  'change-pull-requests': 'pull_requests:read',
  'change-checks': 'checks:read',
  'merged-pull-requests': 'pull_requests:read',
};

/** The query an operation `graphql:<name>` stands for; undefined for a route. */
export function queryOf(operation: string): string | undefined {
  const name = operation.startsWith('graphql:') ? operation.slice('graphql:'.length) : undefined;
  return name !== undefined && Object.hasOwn(queries, name) ? queries[name as QueryName] : undefined;
}

/** What is known of an operation; undefined: it is not one of ours. */
export function findOperation(operation: string): Operation | undefined {
  if (queryOf(operation) !== undefined) return { permission: queryPermissions[operation.slice('graphql:'.length) as QueryName] };
  return Object.hasOwn(routes, operation) ? routes[operation] : undefined;
}

/** Every operation a collector may declare. */
export const operationNames: readonly string[] = [...Object.keys(routes), ...Object.keys(queries).map((name) => `graphql:${name}`)];
