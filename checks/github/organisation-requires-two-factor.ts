import { exampleOrganisation, GithubOrganisation } from '../../collectors/github/organisation/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/organisation-requires-two-factor',
  claim: 'The organisation lets nobody in without a second factor',
  subject: GithubOrganisation,
  severity: 'critical',
  rationale:
    'A password alone is phished, reused and leaked. With the requirement on, GitHub itself removes and refuses every member and outside collaborator without a second factor; without it, each account is a matter of its owner’s goodwill.',
  remediation: {
    console: 'Organisation, Settings, Authentication security: tick "Require two-factor authentication for everyone in the organization".',
    cli: 'GitHub offers no way to set it over the API. To see it: gh api orgs/ORG --jq .two_factor_requirement_enabled',
    terraform: 'The GitHub provider cannot set it; it is set once in the console and checked here.',
  },
  references: [
    'https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-two-factor-authentication-for-your-organization/requiring-two-factor-authentication-in-your-organization',
    'https://docs.github.com/en/rest/orgs/orgs#get-an-organization',
  ],
  changes: { breaks: ['github:org.disable_two_factor_requirement'], mends: ['github:org.enable_two_factor_requirement'] },
  parameters: z.object({}),
  test: (organisation) =>
    organisation.twoFactorRequired ? pass('a second factor is required of everybody') : fail('accounts without a second factor are let in'),
  examples: {
    pass: { required: exampleOrganisation },
    fail: { 'left to each member': { ...exampleOrganisation, twoFactorRequired: false } },
  },
});
