import { exampleMember, GithubMember } from '../../collectors/github/members/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/member-has-two-factor',
  claim: 'The member has a second factor',
  subject: GithubMember,
  severity: 'critical',
  rationale:
    'The requirement of the organisation can be switched off for an hour; the list of members without a second factor shows who was in without one. A filter that was refused or ignored is no evidence, not a clean list.',
  remediation: {
    console:
      'Organisation, People, Two-factor authentication filter "Disabled": ask the member to enable it, or remove him; then require it for the organisation.',
    cli: "gh api --paginate 'orgs/ORG/members?filter=2fa_disabled' --jq '.[].login'; to remove one: gh api -X DELETE orgs/ORG/memberships/LOGIN",
    terraform:
      'A factor belongs to the member’s own account: require it of the organisation, and manage memberships with github_membership.',
  },
  references: [
    'https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-two-factor-authentication-for-your-organization/viewing-whether-users-in-your-organization-have-2fa-enabled',
    'https://docs.github.com/en/rest/orgs/members#list-organization-members',
  ],
  parameters: z.object({}),
  test: (member) => (member.twoFactor ? pass('has a second factor') : fail(`signs in with a password alone (${member.role})`)),
  examples: {
    pass: { 'a member with one': exampleMember },
    fail: {
      'a member without': { ...exampleMember, twoFactor: false },
      'an owner without': { ...exampleMember, role: 'admin', twoFactor: false },
    },
  },
});
