import { exampleSettings, GithubActionsSettings } from '../../collectors/github/actions-settings/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/workflows-cannot-approve-pull-requests',
  claim: 'Workflows cannot approve pull requests',
  subject: GithubActionsSettings,
  severity: 'high',
  rationale:
    'A workflow that may approve gives its author the second person he needs: he changes the workflow, and the workflow approves his change.',
  remediation: {
    console:
      'Organisation, Settings, Actions, General, Workflow permissions: untick "Allow GitHub Actions to create and approve pull requests".',
    cli: 'gh api -X PUT orgs/ORG/actions/permissions/workflow -F can_approve_pull_request_reviews=false',
    terraform: 'github_actions_organization_workflow_permissions: can_approve_pull_request_reviews = false.',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-organization-settings/disabling-or-limiting-github-actions-for-your-organization#preventing-github-actions-from-creating-or-approving-pull-requests',
  ],
  parameters: z.object({
    /** Accepts that the organisation allows it as long as every repository forbids it. */
    repositoriesMayDecide: z.boolean().default(false),
  }),
  test(settings, { parameters }) {
    if (!settings.workflowsMayApprovePullRequests) return pass('forbidden in all repositories');
    if (!parameters.repositoriesMayDecide) return fail('the organisation allows workflows to approve pull requests');
    const { repositoriesWithApprovingWorkflows: names } = settings;
    return names.length === 0 ? pass('forbidden in every repository') : fail(`allowed in ${names.join(', ')}`);
  },
  examples: {
    pass: { forbidden: exampleSettings },
    fail: { allowed: { ...exampleSettings, workflowsMayApprovePullRequests: true, repositoriesWithApprovingWorkflows: ['acme/payroll'] } },
  },
});
