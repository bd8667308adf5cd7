import { exampleCollaborator, GithubOutsideCollaborator } from '../../collectors/github/outside-collaborators/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/outside-collaborator-has-two-factor',
  claim: 'The outside collaborator has a second factor',
  subject: GithubOutsideCollaborator,
  severity: 'high',
  rationale:
    'An outside collaborator’s account is in nobody’s directory here: no leaver process reaches it and nobody sees how it is protected, except through this list.',
  remediation: {
    console:
      'Organisation, People, Outside collaborators, Two-factor authentication filter "Disabled": ask him to enable it, or remove him; then require it for the organisation.',
    cli: "gh api --paginate 'orgs/ORG/outside_collaborators?filter=2fa_disabled' --jq '.[].login'; to remove one: gh api -X DELETE orgs/ORG/outside_collaborators/LOGIN",
    terraform:
      'A factor belongs to the person’s own account: require it of the organisation, and manage grants with github_repository_collaborator.',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-outside-collaborators/adding-outside-collaborators-to-repositories-in-your-organization',
    'https://docs.github.com/en/rest/orgs/outside-collaborators#list-outside-collaborators-for-an-organization',
  ],
  parameters: z.object({}),
  test: (person) => (person.twoFactor ? pass('has a second factor') : fail('signs in with a password alone')),
  examples: {
    pass: { 'with one': exampleCollaborator },
    fail: { without: { ...exampleCollaborator, twoFactor: false } },
  },
});
