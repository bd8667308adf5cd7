import { AwsKmsKey, exampleKey } from '../../collectors/aws/kms-keys/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/kms-key-not-pending-deletion',
  claim: 'The customer-managed key is not about to be deleted, or its deletion is approved',
  subject: AwsKmsKey,
  appliesTo: (key) => key.customerManaged,
  severity: 'high',
  rationale:
    'With a key goes everything that was ever encrypted with it, backups included, and nothing brings it back. The days before it are there to notice.',
  remediation: {
    console:
      'KMS, the key, Key actions, Cancel key deletion; then enable it. If the deletion is wanted, enter the key id as approvedKeys in the control.',
    cli: 'aws kms cancel-key-deletion --key-id <id>; aws kms enable-key --key-id <id>',
    terraform: 'Restore the aws_kms_key in the configuration, cancel the deletion, and import the key.',
  },
  references: ['https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html'],
  changes: { breaks: [], mends: ['kms.amazonaws.com:CancelKeyDeletion'] },
  parameters: z.object({ approvedKeys: z.array(z.string()).default([]) }),
  test(key, { parameters }) {
    if (key.state !== 'PendingDeletion' && key.state !== 'PendingReplicaDeletion') return pass('no deletion is scheduled');
    if (parameters.approvedKeys.includes(key.keyId)) return pass('its deletion is scheduled and approved');
    return fail(`the key will be deleted${key.deletionDate === null ? '' : ` on ${key.deletionDate.slice(0, 10)}`}`);
  },
  examples: {
    pass: { 'in use': exampleKey, disabled: { ...exampleKey, state: 'Disabled' } },
    fail: { 'deleted next week': { ...exampleKey, state: 'PendingDeletion', deletionDate: '2026-01-22T00:00:00.000Z' } },
  },
});
