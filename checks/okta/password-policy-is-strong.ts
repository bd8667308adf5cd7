import { exampleIdpPolicy, IdpPolicy } from '../../collectors/okta/policies/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const password = {
  minLength: 14,
  lowerCase: true,
  upperCase: true,
  numbers: true,
  symbols: false,
  history: 24,
  maxAgeDays: 0,
  lockoutAttempts: 10,
};
const policy = {
  ...exampleIdpPolicy,
  display: 'Default Policy',
  name: 'Default Policy',
  kind: 'password' as const,
  decidesSecondFactor: false,
  password,
};

export default defineCheck({
  id: 'okta/password-policy-is-strong',
  claim: 'The password policy asks for long passwords, remembers old ones and locks after wrong ones',
  subject: IdpPolicy,
  appliesTo: (found) => found.active && found.kind === 'password',
  severity: 'medium',
  rationale:
    'The password is the first of two factors and the only one that can be guessed: length, a memory of old ones and a lock make guessing hopeless.',
  remediation: {
    console: 'Security, Authenticators, Password, Edit: minimum length, enforce password history, lock out after unsuccessful attempts.',
    cli: 'curl -H "Authorization: SSWS $OKTA_TOKEN" "https://$OKTA_DOMAIN/api/v1/policies?type=PASSWORD"',
    terraform: 'okta_policy_password: password_min_length, password_history_count, password_max_lockout_attempts.',
  },
  references: [
    'https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Policy/',
    'https://help.okta.com/en-us/content/topics/security/policies/about-password-policies.htm',
  ],
  parameters: z.object({
    minLength: z.int().positive().default(12),
    history: z.int().nonnegative().default(4),
    lockoutAttempts: z.int().positive().default(10),
  }),
  test({ password: set }, { parameters }) {
    if (set === null) return fail('says nothing of passwords');
    const short = [
      ...(set.minLength < parameters.minLength ? [`${set.minLength} characters are enough`] : []),
      ...(set.history < parameters.history ? [`${set.history} old passwords are remembered`] : []),
      ...(set.lockoutAttempts === 0
        ? ['no number of wrong passwords locks']
        : set.lockoutAttempts > parameters.lockoutAttempts
          ? [`${set.lockoutAttempts} wrong passwords lock`]
          : []),
    ];
    return short.length === 0
      ? pass(`${set.minLength} characters, ${set.history} remembered, locks after ${set.lockoutAttempts}`)
      : fail(short.join('; '));
  },
  examples: {
    pass: { 'long ones, remembered and locked': policy },
    fail: {
      'eight characters': { ...policy, password: { ...password, minLength: 8 } },
      'one that never locks': { ...policy, password: { ...password, lockoutAttempts: 0 } },
      'one that forgets': { ...policy, password: { ...password, history: 0 } },
    },
  },
});
