import { AwsKmsKey, exampleKey } from '../../collectors/aws/kms-keys/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/kms-key-policy-is-not-public',
  claim: 'The policy of the customer-managed key lets in only callers that it names or ties down',
  subject: AwsKmsKey,
  appliesTo: (key) => key.customerManaged,
  severity: 'critical',
  rationale:
    'A key policy with principal * and no condition on the caller opens the key, and with it what it protects, to every account of AWS. A condition on the calling account, the organisation or the service ties it down.',
  remediation: {
    console: 'KMS, the key, Key policy, Edit: name the principals, or add a condition on kms:CallerAccount or aws:PrincipalOrgID.',
    cli: 'aws kms put-key-policy --key-id <id> --policy-name default --policy file://policy.json',
    terraform:
      'In policy of the aws_kms_key, name the principals instead of "*", or add a condition block with test = "StringEquals", variable = "kms:CallerAccount" and values = ["<account>"]',
  },
  references: [
    'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html',
    'https://docs.aws.amazon.com/kms/latest/developerguide/policy-conditions.html',
  ],
  parameters: z.object({}),
  test: (key) => (key.policyIsPublic ? fail('the key policy lets in everyone') : pass('the key policy names or ties down its callers')),
  examples: { pass: { 'named principals': exampleKey }, fail: { everyone: { ...exampleKey, policyIsPublic: true } } },
});
