import { AwsEc2Snapshot, exampleSnapshot } from '../../collectors/aws/ec2-snapshots/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/ebs-snapshot-encrypted',
  claim: 'The EBS snapshot is encrypted',
  subject: AwsEc2Snapshot,
  // A snapshot in error holds nothing that could be restored.
  appliesTo: (snapshot) => snapshot.state !== 'error',
  severity: 'high',
  rationale:
    'A snapshot is a whole copy of a volume. One that is not encrypted can be shared with everybody, and turns into unencrypted volumes.',
  remediation: {
    console: 'EC2 > Snapshots > the snapshot > Copy snapshot with encryption; then delete the old one and register what refers to it anew.',
    cli: 'aws ec2 copy-snapshot --source-region REGION --source-snapshot-id SNAPSHOT --encrypted && aws ec2 delete-snapshot --snapshot-id SNAPSHOT',
    terraform: `resource "aws_ebs_snapshot_copy" "this" {
  source_snapshot_id = "SNAPSHOT"
  source_region      = "REGION"
  encrypted          = true
}`,
  },
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html'],
  parameters: z.object({}),
  test: ({ encrypted }) => (encrypted ? pass('the snapshot is encrypted') : fail('the snapshot is not encrypted')),
  examples: {
    pass: {
      encrypted: exampleSnapshot,
      'still being made': { ...exampleSnapshot, state: 'pending' },
    },
    fail: { 'not encrypted': { ...exampleSnapshot, encrypted: false } },
  },
});
