import { AwsKmsKey, exampleKey } from '../../collectors/aws/kms-keys/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const both = 'arn:aws:iam::111122223333:role/payroll';

export default defineCheck({
  id: 'aws/kms-key-administrators-are-not-users',
  claim: 'The key policy names nobody both as administrator and as user of the key',
  subject: AwsKmsKey,
  appliesTo: (key) => key.customerManaged,
  severity: 'medium',
  rationale:
    'Who uses a key should not be able to change who else may, and who manages it need not read what it protects. This judges the key policy alone: rights that it leaves to IAM policies, by naming the whole account, are judged where those are.',
  remediation: {
    console:
      'KMS, the key, Key policy: give the key administrators and the key users different roles; remove kms:* for anyone but the account itself.',
    cli: 'aws kms put-key-policy --key-id <id> --policy-name default --policy file://policy.json',
    terraform:
      'In policy of the aws_kms_key, separate the statements for administration (kms:Put*, kms:ScheduleKeyDeletion, ...) and use (kms:Decrypt, kms:GenerateDataKey*, ...).',
  },
  references: ['https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html'],
  parameters: z.object({ approvedPrincipals: z.array(z.string()).default([]) }),
  test(key, { parameters }) {
    const overlap = key.administrators.filter(
      (principal) => key.users.includes(principal) && !parameters.approvedPrincipals.includes(principal),
    );
    return overlap.length === 0
      ? pass('administrators and users are different')
      : fail(`both administers and uses the key: ${overlap.join(', ')}`);
  },
  examples: {
    pass: { 'separate roles': exampleKey, 'left to IAM policies': { ...exampleKey, administrators: [], users: [] } },
    fail: { 'one role for both': { ...exampleKey, administrators: [both], users: [both] } },
  },
});
