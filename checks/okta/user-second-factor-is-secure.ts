import { exampleIdpUser, IdpUser } from '../../collectors/okta/users/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const sms = { kind: 'sms', provider: 'OKTA', phishingResistant: false };

export default defineCheck({
  id: 'okta/user-second-factor-is-secure',
  claim: 'None of the second factors of the user can be taken over with his telephone number',
  subject: IdpUser,
  appliesTo: (user) => user.live,
  severity: 'medium',
  rationale:
    'Codes by SMS or call are lost with a telephone number: whoever talks the carrier into a new SIM card has the factor, however strong the others are.',
  remediation: {
    console:
      'Security, Authenticators: remove Phone from enrolment, or allow it for recovery alone; then Directory, People, the user, More Actions, Reset Authenticators: Phone.',
    cli: 'curl -X DELETE -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/users/<userId>/factors/<factorId>" (with a token of an administrator)',
    terraform: 'okta_policy_mfa: phone_number = { enroll = "NOT_ALLOWED" }.',
  },
  references: [
    'https://help.okta.com/oie/en-us/content/topics/identity-engine/authenticators/about-authenticators.htm',
    'https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserFactor/',
  ],
  parameters: z.object({ refused: z.array(z.string()).default(['sms', 'call']) }),
  test({ factors }, { parameters }) {
    if (factors === null || factors.length === 0) return fail('has no second factor at all');
    const weak = factors.filter(({ kind }) => parameters.refused.includes(kind)).map(({ kind }) => kind);
    return weak.length === 0 ? pass(`has ${factors.map(({ kind }) => kind).join(', ')}`) : fail(`may answer with ${weak.join(' or ')}`);
  },
  examples: {
    pass: { 'a security key alone': exampleIdpUser },
    fail: {
      'codes by SMS beside a security key': { ...exampleIdpUser, factors: [sms, ...(exampleIdpUser.factors ?? [])] },
      none: { ...exampleIdpUser, factors: [] },
    },
  },
});
