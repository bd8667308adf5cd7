import { AwsKmsKey, exampleKey } from '../../collectors/aws/kms-keys/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/kms-key-rotates',
  claim: 'The customer-managed key is rotated by KMS at least once in the required period',
  subject: AwsKmsKey,
  appliesTo: (key) => key.customerManaged && key.state === 'Enabled',
  severity: 'medium',
  rationale:
    'Rotation bounds how much data one key protects. KMS can do it only for symmetric keys whose material it made: asymmetric, HMAC and imported keys and those of custom key stores are not applicable, a replica rotates with its primary, and keys of AWS itself are rotated by AWS.',
  remediation: {
    console: 'KMS, the key, Key rotation: Automatically rotate this key every year.',
    cli: 'aws kms enable-key-rotation --key-id <id> --rotation-period-in-days 365',
    terraform: 'In the aws_kms_key, enable_key_rotation = true',
  },
  references: ['https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html'],
  changes: { breaks: ['kms.amazonaws.com:DisableKeyRotation'], mends: [] },
  parameters: z.object({ maxPeriodDays: z.int().min(90).max(2560).default(365) }),
  test(key, { parameters }) {
    if (!key.canRotate) return notApplicable(`KMS cannot rotate this kind of key (${key.kind})`);
    if (key.replica) return notApplicable('a replica rotates with its primary key');
    if (!key.rotates) return fail('the key is never rotated');
    return key.rotationPeriod !== null && key.rotationPeriod > parameters.maxPeriodDays
      ? fail(`the key is rotated every ${key.rotationPeriod} days; ${parameters.maxPeriodDays} are required`)
      : pass('KMS rotates the key');
  },
  examples: {
    pass: {
      'every year': exampleKey,
      'every year, where KMS names no period (its default is a year)': { ...exampleKey, rotationPeriod: null },
    },
    fail: {
      never: { ...exampleKey, rotates: false, rotationPeriod: null },
      'every seven years': { ...exampleKey, rotationPeriod: 2560 },
    },
    notApplicable: {
      asymmetric: { ...exampleKey, canRotate: false, kind: 'asymmetric', rotates: false },
      'imported material': { ...exampleKey, canRotate: false, kind: 'imported', rotates: false },
      HMAC: { ...exampleKey, canRotate: false, kind: 'hmac', rotates: false },
      'a replica': { ...exampleKey, replica: true, rotates: false },
    },
  },
});
