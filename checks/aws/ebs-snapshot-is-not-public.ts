import { AwsEc2Snapshot, exampleSnapshot } from '../../collectors/aws/ec2-snapshots/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/ebs-snapshot-is-not-public',
  claim: 'The EBS snapshot cannot be restored by everybody',
  subject: AwsEc2Snapshot,
  severity: 'critical',
  rationale:
    'A public snapshot hands a whole disk to everybody with an AWS account. A region that blocks all public sharing takes the effect from snapshots shared before; one that blocks only new sharing leaves those public. Sharing with single accounts is not looked at.',
  remediation: {
    console:
      'EC2 > Snapshots > the snapshot > Modify permissions: Private. For the region: EC2 > Settings > Block public access for EBS snapshots: block all.',
    cli: 'aws ec2 modify-snapshot-attribute --snapshot-id SNAPSHOT --attribute createVolumePermission --operation-type remove --group-names all; aws ec2 enable-snapshot-block-public-access --state block-all-sharing --region REGION',
    terraform: 'resource "aws_ebs_snapshot_block_public_access" "this" { state = "block-all-sharing" }  # once per region',
  },
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
  ],
  parameters: z.object({}),
  test(snapshot) {
    if (snapshot.public) return fail('everybody can restore the snapshot');
    if (snapshot.encrypted) return pass('the snapshot is encrypted, and AWS shares no encrypted snapshot with everybody');
    return pass(
      snapshot.publicSharing === 'block-all-sharing' ? 'the region blocks public sharing' : 'the snapshot is not shared with everybody',
    );
  },
  examples: {
    pass: {
      encrypted: exampleSnapshot,
      'not encrypted, and public sharing is blocked': { ...exampleSnapshot, encrypted: false, publicSharing: 'block-all-sharing' },
      'not encrypted, not blocked and not shared': { ...exampleSnapshot, encrypted: false, publicSharing: 'unblocked' },
    },
    fail: {
      public: { ...exampleSnapshot, encrypted: false, public: true, publicSharing: 'unblocked' },
      'public, and only new sharing is blocked': { ...exampleSnapshot, encrypted: false, public: true, publicSharing: 'block-new-sharing' },
    },
  },
});
