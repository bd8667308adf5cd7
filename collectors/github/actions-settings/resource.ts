import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

/** What the organisation sets for all its repositories, and where they are left to choose, what they chose. A repository may be stricter than its organisation, not laxer. */
export const GithubActionsSettings = defineResource({
  type: 'github.actions-settings',
  title: 'GitHub Actions settings of an organisation',
  aggregate: true,
  shape: {
    /** Repositories in which workflows run. */
    enabledRepositories: z.enum(['all', 'none', 'selected']),
    /** Actions that workflows may use. */
    allowedActions: z.enum(['all', 'local_only', 'selected']),
    githubOwnedAllowed: z.boolean(),
    verifiedAllowed: z.boolean(),
    /** Patterns of further actions allowed, sorted. */
    patternsAllowed: z.array(z.string()),
    /** What the token of a workflow may do that does not say otherwise. */
    defaultWorkflowPermissions: z.enum(['read', 'write']),
    workflowsMayApprovePullRequests: z.boolean(),
    /** Names, sorted: unarchived repositories in which workflows run and the token may write by default; none where the organisation forbids it. */
    repositoriesWithWriteToken: z.array(z.string()),
    /** Names, sorted: unarchived repositories whose workflows may approve pull requests. */
    repositoriesWithApprovingWorkflows: z.array(z.string()),
  },
});

export const exampleSettings: ResourceOf<typeof GithubActionsSettings> = {
  id: 'github:9919/actions-settings',
  display: 'acme',
  enabledRepositories: 'all',
  allowedActions: 'selected',
  githubOwnedAllowed: true,
  verifiedAllowed: false,
  patternsAllowed: ['acme/*'],
  defaultWorkflowPermissions: 'read',
  workflowsMayApprovePullRequests: false,
  repositoriesWithWriteToken: [],
  repositoriesWithApprovingWorkflows: [],
};
