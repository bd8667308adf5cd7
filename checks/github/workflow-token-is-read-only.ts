import { exampleSettings, GithubActionsSettings } from '../../collectors/github/actions-settings/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/workflow-token-is-read-only',
  claim: 'A workflow’s token may only read unless the workflow says otherwise',
  subject: GithubActionsSettings,
  severity: 'medium',
  rationale:
    'Every workflow, and every third-party action in it, gets a token of the repository. With write as the default, one compromised action can push code and publish releases; with read as the default, a workflow has to ask in a file that is reviewed.',
  remediation: {
    console: 'Organisation, Settings, Actions, General, Workflow permissions: "Read repository contents and packages permissions".',
    cli: 'gh api -X PUT orgs/ORG/actions/permissions/workflow -f default_workflow_permissions=read',
    terraform: 'github_actions_organization_workflow_permissions: default_workflow_permissions = "read".',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-organization-settings/disabling-or-limiting-github-actions-for-your-organization#setting-the-permissions-of-the-github_token-for-your-organization',
    'https://docs.github.com/en/actions/security-for-github-actions/security-guides/automatic-token-authentication',
  ],
  parameters: z.object({
    /** Accepts a permissive default of the organisation as long as every repository has chosen the strict one; new repositories then start with the permissive one. */
    repositoriesMayDecide: z.boolean().default(false),
  }),
  test(settings, { parameters }) {
    if (settings.defaultWorkflowPermissions === 'read') return pass('read-only for all repositories');
    if (!parameters.repositoriesMayDecide) return fail('the organisation’s default is write');
    const { repositoriesWithWriteToken: names } = settings;
    return names.length === 0 ? pass('read-only in every repository') : fail(`write in ${names.join(', ')}`);
  },
  examples: {
    pass: { 'read for all': exampleSettings },
    fail: {
      'write for all': { ...exampleSettings, defaultWorkflowPermissions: 'write', repositoriesWithWriteToken: ['acme/payroll'] },
      'write as the default, though every repository chose read': { ...exampleSettings, defaultWorkflowPermissions: 'write' },
    },
  },
});
