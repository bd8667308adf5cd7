import { exampleOrganisation, GithubOrganisation } from '../../collectors/github/organisation/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/repository-deletion-is-limited',
  claim: 'Only owners delete or transfer repositories',
  subject: GithubOrganisation,
  severity: 'high',
  rationale:
    'Whoever administers a repository could otherwise delete it, its history and its change records, or carry it out of the organisation, in one step and alone.',
  remediation: {
    console:
      'Organisation, Settings, Member privileges, Repository deletion and transfer: untick "Allow members to delete or transfer repositories for this organization".',
    cli: 'GitHub offers no way to set it over the API. To see it: gh api orgs/ORG --jq .members_can_delete_repositories',
    terraform: 'The GitHub provider cannot set it; it is set once in the console and checked here.',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-organization-settings/setting-permissions-for-deleting-or-transferring-repositories',
  ],
  changes: { breaks: ['github:members_can_delete_repos.enable'], mends: ['github:members_can_delete_repos.disable'] },
  parameters: z.object({}),
  test: (organisation) =>
    organisation.membersDeleteRepositories
      ? fail('members with administrator rights may delete or transfer repositories')
      : pass('only owners delete or transfer repositories'),
  examples: {
    pass: { 'owners only': exampleOrganisation },
    fail: { 'repository administrators too': { ...exampleOrganisation, membersDeleteRepositories: true } },
  },
});
