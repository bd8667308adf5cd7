import {
  defineCollector,
  type ItemView,
  isUnread,
  type JsonObject,
  type Reading,
  read,
  readAll,
  unread,
  z,
} from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, stated, unreadParts } from '../readings.ts';
import { at, isObject, nodeItems } from '../replies.ts';
import { GithubActionsSettings } from './resource.ts';

const policy = 'GET /orgs/{org}/actions/permissions';
const selected = 'GET /orgs/{org}/actions/permissions/selected-actions';
const workflow = 'GET /orgs/{org}/actions/permissions/workflow';
const repositories = 'graphql:actions-repositories';
const repositoryPolicy = 'GET /repos/{owner}/{repo}/actions/permissions';
const repositoryWorkflow = 'GET /repos/{owner}/{repo}/actions/permissions/workflow';
const connection = 'organization.repositories';

const actions = z.enum(['all', 'local_only', 'selected']);
const policyShape = body({ enabled_repositories: given(z.enum(['all', 'none', 'selected'])), allowed_actions: given(actions) });
const selectedShape = body({
  github_owned_allowed: given(z.boolean()),
  verified_allowed: given(z.boolean()),
  patterns_allowed: given(z.array(z.string())),
});
const workflowShape = body({
  default_workflow_permissions: given(z.enum(['read', 'write'])),
  can_approve_pull_request_reviews: given(z.boolean()),
});
const repositoryShape = body({ id: z.string(), nameWithOwner: z.string(), isArchived: z.boolean(), unread: unreadParts });
const repositoryPolicyShape = body({ enabled: given(z.boolean()) });

/**
 * Where the organisation chose the strict setting (a read-only token, no approvals by workflows), GitHub takes the lax one out of every
 * repository's settings: three requests then answer for all. Only where it leaves the choice open does every repository have to be asked, by two
 * requests each that GraphQL cannot give: it knows nothing of Actions settings.
 */
export default defineCollector<GithubClient>({
  id: 'github/actions-settings',
  title: 'GitHub Actions settings',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubActionsSettings],
  permissions: ['administration:read', 'metadata:read', 'organization_administration:read'],
  items: {
    [policy]: { keep: ['enabled_repositories', 'allowed_actions', 'sha_pinning_required'] },
    [selected]: { keep: ['github_owned_allowed', 'verified_allowed', 'patterns_allowed'] },
    [workflow]: { keep: ['default_workflow_permissions', 'can_approve_pull_request_reviews'] },
    [repositories]: {
      keep: ['id', 'nameWithOwner', 'isArchived', 'isDisabled', 'unread'],
      split: (output) => nodeItems(output, connection),
    },
    [repositoryPolicy]: { keep: ['enabled', 'allowed_actions', 'sha_pinning_required'] },
    [repositoryWorkflow]: { keep: ['default_workflow_permissions', 'can_approve_pull_request_reviews'] },
  },
  async *collect(client) {
    const general = await client.call(policy);
    if (general) yield general;
    // GitHub answers this with a conflict unless the policy is "selected".
    if (general?.output?.['allowed_actions'] === 'selected') {
      const reply = await client.call(selected);
      if (reply) yield reply;
    }
    const token = await client.call(workflow);
    if (token) yield token;
    if (general?.output?.['enabled_repositories'] === 'none' || isStrict(token?.output ?? {})) return;
    const open: { id: string; where: JsonObject }[] = [];
    for await (const reply of client.graphqlPages('actions-repositories', {}, connection)) {
      yield reply;
      const nodes = at(reply.output, ['data', ...connection.split('.'), 'nodes']);
      for (const node of Array.isArray(nodes) ? nodes : []) {
        if (!isObject(node) || node['isArchived'] === true) continue;
        const [owner = '', repo = ''] = String(node['nameWithOwner']).split('/');
        open.push({ id: String(node['id']), where: { owner, repo } });
      }
    }
    yield* client.each(open, async ({ id, where }) => [
      await client.call(repositoryPolicy, where, { subject: id }),
      await client.call(repositoryWorkflow, where, { subject: id }),
    ]);
  },
  normalise(view) {
    const general = answered(view.part(policy, null, policyShape));
    const token = answered(view.part(workflow, null, workflowShape));
    const chosen = answered(view.part(selected, null, selectedShape));
    const allowedActions = read(general, (found) => stated(found.allowed_actions));
    /** What is allowed beside: with "all" everything is, with "local_only" nothing. */
    const beside = <T>(all: T, none: T, some: (found: z.output<typeof selectedShape>) => T | undefined): Reading<T> =>
      read(allowedActions, (allowed) =>
        allowed === 'all' ? all : allowed === 'local_only' ? none : read(chosen, (found) => stated(some(found))),
      );
    return [
      GithubActionsSettings.draft(
        { id: view.id('actions-settings'), display: view.tenant },
        {
          enabledRepositories: read(general, (found) => stated(found.enabled_repositories)),
          allowedActions,
          githubOwnedAllowed: beside(true, false, (found) => found.github_owned_allowed),
          verifiedAllowed: beside(true, false, (found) => found.verified_allowed),
          patternsAllowed: beside<string[]>(['*'], [], (found) => found.patterns_allowed && [...found.patterns_allowed].sort()),
          defaultWorkflowPermissions: read(token, (found) => stated(found.default_workflow_permissions)),
          workflowsMayApprovePullRequests: read(token, (found) => stated(found.can_approve_pull_request_reviews)),
          repositoriesWithWriteToken: readAll([general, token], (all, found) =>
            all.enabled_repositories === 'none' || found.default_workflow_permissions === 'read'
              ? []
              : repositoriesWith(view, (own) =>
                  own.default_workflow_permissions === undefined ? undefined : own.default_workflow_permissions === 'write',
                ),
          ),
          repositoriesWithApprovingWorkflows: readAll([general, token], (all, found) =>
            all.enabled_repositories === 'none' || found.can_approve_pull_request_reviews === false
              ? []
              : repositoriesWith(view, (own) => own.can_approve_pull_request_reviews),
          ),
        },
      ),
    ];
  },
});

function isStrict(output: JsonObject): boolean {
  return output['default_workflow_permissions'] === 'read' && output['can_approve_pull_request_reviews'] === false;
}

/** Settings always exist: "there is none" would not be an answer. */
function answered<T>(reading: Reading<T | null>): Reading<T> {
  return read(reading, (value) => (value === null ? unread('malformed-reply') : value));
}

/** Repositories in which workflows run and a setting holds, or why that is not known of all. */
function repositoriesWith(view: ItemView, holds: (own: z.output<typeof workflowShape>) => boolean | undefined): Reading<string[]> {
  const nodes = view.list(repositories, repositoryShape);
  // Asked last: an item that does not fit is a gap from then on.
  const gap = view.gapIn(repositories);
  if (gap !== undefined) return unread(gap);
  const names: string[] = [];
  for (const { body: of } of nodes) {
    // In an archived repository no workflow runs.
    if (of.isArchived) continue;
    const found = readAll(
      [answered(view.part(repositoryPolicy, of.id, repositoryPolicyShape)), answered(view.part(repositoryWorkflow, of.id, workflowShape))],
      (general, own) => readAll([stated(general.enabled), stated(holds(own))], (enabled, held) => enabled && held),
    );
    if (isUnread(found)) return found;
    if (found) names.push(of.nameWithOwner);
  }
  return names.sort();
}
