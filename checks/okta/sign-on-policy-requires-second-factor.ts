import { exampleIdpPolicy, IdpPolicy } from '../../collectors/okta/policies/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const rule = { name: 'Catch-all Rule', allows: true, asksForSecondFactor: true, sessionMinutes: null, idleMinutes: null };

export default defineCheck({
  id: 'okta/sign-on-policy-requires-second-factor',
  claim: 'Every rule of the policy that lets somebody in asks for a second factor',
  subject: IdpPolicy,
  appliesTo: (policy) => policy.active && policy.decidesSecondFactor,
  severity: 'high',
  rationale:
    'A factor that is enrolled and not asked for protects nothing. The rules are asked in order, and the one that comes with the policy catches whoever no other names: it is the one that is forgotten.',
  remediation: {
    console:
      'Security, Authentication policies (before the Identity Engine: Authentication, Sign On), the policy, the rule: "User must authenticate with: any 2 factor types", or deny.',
    cli: 'curl -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/policies/<policyId>/rules"',
    terraform: 'okta_app_signon_policy_rule: factor_mode = "2FA"; okta_policy_rule_signon: mfa_required = true.',
  },
  references: [
    'https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Policy/',
    'https://help.okta.com/oie/en-us/content/topics/identity-engine/policies/about-app-sign-on-policies.htm',
  ],
  parameters: z.object({}),
  test({ rules }) {
    const open = rules.filter(({ allows, asksForSecondFactor }) => allows && asksForSecondFactor !== true);
    if (open.length > 0) return fail(`lets in with one factor: ${open.map(({ name }) => name).join(', ')}`);
    return rules.length > 0 ? pass('no rule lets anybody in with one factor') : fail('has no rule that is in force');
  },
  examples: {
    pass: {
      'two factors everywhere': exampleIdpPolicy,
      'nobody else gets in': { ...exampleIdpPolicy, rules: [rule, { ...rule, name: 'Deny', allows: false, asksForSecondFactor: null }] },
    },
    fail: {
      'the rule that catches the rest asks for one': {
        ...exampleIdpPolicy,
        rules: [rule, { ...rule, name: 'Catch-all Rule', asksForSecondFactor: false }],
      },
    },
    notApplicable: {
      'a session policy that leaves it to those of applications': { ...exampleIdpPolicy, kind: 'session', decidesSecondFactor: false },
    },
  },
});
