import { exampleIdpUser, IdpUser } from '../../collectors/okta/users/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'okta/user-has-second-factor',
  claim: 'The user has set up a second factor',
  subject: IdpUser,
  appliesTo: (user) => user.live,
  severity: 'critical',
  rationale:
    'Whoever gets in here gets into every application behind it. A policy that asks for a second factor lets a user without one enrol at his next sign-in, whoever that then is. A security question and the mail box that also resets the password do not count.',
  remediation: {
    console:
      'Directory, People, the user: have him enrol an authenticator, or deactivate him. Security, Authenticators, Enrollment: require one.',
    cli: 'curl -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/users/<userId>/factors"',
    terraform: 'okta_policy_mfa: make at least one authenticator REQUIRED for the groups he is in.',
  },
  references: [
    'https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserFactor/',
    'https://help.okta.com/oie/en-us/content/topics/identity-engine/authenticators/about-authenticators.htm',
  ],
  parameters: z.object({}),
  test({ factors }) {
    if (factors === null || factors.length === 0) return fail('signs in with a password alone');
    const kinds = factors.map(({ kind }) => kind).join(', ');
    return pass(factors.some(({ phishingResistant }) => phishingResistant) ? `has ${kinds}` : `has ${kinds}, each of which can be phished`);
  },
  examples: {
    pass: {
      'a security key': exampleIdpUser,
      'codes of an application': {
        ...exampleIdpUser,
        factors: [{ kind: 'token:software:totp', provider: 'GOOGLE', phishingResistant: false }],
      },
    },
    fail: { none: { ...exampleIdpUser, factors: [] } },
    notApplicable: { 'a user who was deactivated': { ...exampleIdpUser, status: 'deactivated', live: false, factors: null } },
  },
});
