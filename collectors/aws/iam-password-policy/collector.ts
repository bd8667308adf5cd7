import { defineCollector, type Reading, read, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsIamPasswordPolicy } from './resource.ts';

const Policy = z.object({
  PasswordPolicy: z.object({
    MinimumPasswordLength: z.int(),
    RequireSymbols: z.boolean(),
    RequireNumbers: z.boolean(),
    RequireUppercaseCharacters: z.boolean(),
    RequireLowercaseCharacters: z.boolean(),
    ExpirePasswords: z.boolean(),
    // IAM leaves these two out when the policy has no such rule.
    MaxPasswordAge: z.int().optional(),
    PasswordReusePrevention: z.int().optional(),
  }),
});

export default defineCollector<AwsClient>({
  id: 'aws/iam-password-policy',
  title: 'IAM password policy',
  kind: 'state',
  scope: 'account',
  yields: [AwsIamPasswordPolicy],
  permissions: ['iam:GetAccountPasswordPolicy'],
  items: { 'iam:GetAccountPasswordPolicy': { keep: ['PasswordPolicy'], absent: ['NoSuchEntity'] } },
  async *collect(client) {
    yield* client.pages('iam:GetAccountPasswordPolicy');
  },
  normalise(view) {
    const found = view.part('iam:GetAccountPasswordPolicy', null, Policy);
    type Rules = z.output<typeof Policy>['PasswordPolicy'];
    const rule = <T>(of: (rules: Rules) => T): Reading<T | null> =>
      read(found, (reply) => (reply === null ? null : of(reply.PasswordPolicy)));
    return [
      AwsIamPasswordPolicy.draft(
        { id: view.id('iam-password-policy'), display: view.tenant },
        {
          isSet: read(found, (reply) => reply !== null),
          minimumLength: rule((rules) => rules.MinimumPasswordLength),
          requiresUppercase: rule((rules) => rules.RequireUppercaseCharacters),
          requiresLowercase: rule((rules) => rules.RequireLowercaseCharacters),
          requiresNumbers: rule((rules) => rules.RequireNumbers),
          requiresSymbols: rule((rules) => rules.RequireSymbols),
          reusePrevention: rule((rules) => rules.PasswordReusePrevention ?? null),
          maximumAge: rule((rules) => (rules.ExpirePasswords ? (rules.MaxPasswordAge ?? null) : null)),
        },
      ),
    ];
  },
});
