import { exampleMember, GithubMember } from '../../collectors/github/members/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/member-two-factor-is-secure',
  claim: 'The member has a second factor, and none that can be taken over',
  subject: GithubMember,
  severity: 'medium',
  rationale:
    'Codes by SMS are lost with a phone number: whoever talks the carrier into a new SIM card has the factor. GitHub lists whom it knows to rely on such a method.',
  remediation: {
    console:
      'Ask the member to add a passkey, a security key or an authenticator app under Settings, Password and authentication, and to remove SMS. Enterprises can require secure methods: Authentication security, "Only allow secure two-factor methods".',
    cli: "gh api --paginate 'orgs/ORG/members?filter=2fa_insecure' --jq '.[].login'",
    terraform: 'A factor belongs to the member’s own account; the GitHub provider cannot set it.',
  },
  references: [
    'https://docs.github.com/en/authentication/securing-your-account-with-two-factor-authentication-2fa/about-two-factor-authentication',
    'https://docs.github.com/en/rest/orgs/members#list-organization-members',
  ],
  parameters: z.object({}),
  test(member) {
    if (!member.twoFactor) return fail('has no second factor at all');
    return member.twoFactorInsecure
      ? fail('relies on a second factor that can be taken over, such as SMS')
      : pass('has a secure second factor');
  },
  examples: {
    pass: { 'a secure one': exampleMember },
    fail: {
      'codes by SMS': { ...exampleMember, twoFactorInsecure: true },
      'none, and so not an insecure one': { ...exampleMember, twoFactor: false },
    },
  },
});
