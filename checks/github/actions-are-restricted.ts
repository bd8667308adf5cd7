import { exampleSettings, GithubActionsSettings } from '../../collectors/github/actions-settings/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/actions-are-restricted',
  claim: 'Workflows use only actions that the organisation allows',
  subject: GithubActionsSettings,
  severity: 'medium',
  rationale:
    'An action is somebody else’s code that runs with the repository’s token and secrets. Where all of them are allowed, any contributor adds a supplier by one line.',
  remediation: {
    console:
      'Organisation, Settings, Actions, General, Policies: "Allow ORG, and select non-ORG, actions and reusable workflows", and name what is allowed.',
    cli: 'gh api -X PUT orgs/ORG/actions/permissions -f enabled_repositories="$(gh api orgs/ORG/actions/permissions --jq .enabled_repositories)" -f allowed_actions=selected; gh api -X PUT orgs/ORG/actions/permissions/selected-actions -F github_owned_allowed=true -F verified_allowed=false',
    terraform: 'github_actions_organization_permissions: allowed_actions = "selected" with allowed_actions_config.',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-organization-settings/disabling-or-limiting-github-actions-for-your-organization',
    'https://docs.github.com/en/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions',
  ],
  parameters: z.object({}),
  test(settings) {
    if (settings.enabledRepositories === 'none') return pass('workflows run in no repository');
    if (settings.allowedActions === 'all') return fail('every action on GitHub is allowed');
    if (settings.allowedActions === 'local_only') return pass('only the organisation’s own actions are allowed');
    return settings.patternsAllowed.some((pattern) => /^\*(?:\/\*)?(?:@\*)?$/.test(pattern))
      ? fail('a pattern allows every action')
      : pass('only selected actions are allowed');
  },
  examples: {
    pass: {
      selected: exampleSettings,
      'own ones only': { ...exampleSettings, allowedActions: 'local_only', patternsAllowed: [] },
      'no workflows at all': { ...exampleSettings, enabledRepositories: 'none' },
    },
    fail: {
      all: { ...exampleSettings, allowedActions: 'all', patternsAllowed: ['*'] },
      'selected, by a pattern that selects all': { ...exampleSettings, patternsAllowed: ['*/*'] },
    },
  },
});
