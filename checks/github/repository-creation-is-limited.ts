import { exampleOrganisation, GithubOrganisation } from '../../collectors/github/organisation/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/repository-creation-is-limited',
  claim: 'Members who are not owners create no public repositories',
  subject: GithubOrganisation,
  severity: 'medium',
  rationale:
    'A public repository that anybody may create is one push away from publishing source, customer data or keys. Who may create private ones decides whether the list of repositories that reach production stays complete.',
  remediation: {
    console:
      'Organisation, Settings, Member privileges, Repository creation: untick "Public" (and "Private" where the control wants that).',
    cli: 'gh api -X PATCH orgs/ORG -F members_can_create_public_repositories=false',
    terraform: 'github_organization_settings: members_can_create_public_repositories = false.',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-organization-settings/restricting-repository-creation-in-your-organization',
  ],
  parameters: z.object({
    /** Whether members may create private repositories. */
    privateAllowed: z.boolean().default(true),
  }),
  test(organisation, { parameters }) {
    if (organisation.membersCreatePublicRepositories) return fail('every member may create public repositories');
    if (!parameters.privateAllowed && organisation.membersCreatePrivateRepositories)
      return fail('every member may create private repositories');
    return pass('members create no public repositories');
  },
  examples: {
    pass: { 'private ones only': exampleOrganisation },
    fail: { 'public ones': { ...exampleOrganisation, membersCreatePublicRepositories: true } },
  },
});
