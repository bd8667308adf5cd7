import { AwsEc2Volume, exampleVolume } from '../../collectors/aws/ec2-volumes/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/ebs-volume-encrypted',
  claim: 'The EBS volume is encrypted',
  subject: AwsEc2Volume,
  appliesTo: (volume) => volume.state !== 'deleting' && volume.state !== 'deleted',
  severity: 'high',
  rationale:
    'Encryption of a volume covers its data at rest, what moves between volume and instance, and every snapshot made of it. A volume that is attached to nothing keeps its data all the same.',
  remediation: {
    console:
      'EC2 > Volumes > the volume > Create snapshot; Snapshots > Copy with encryption; create a volume of the copy and put it in the place of the old one.',
    cli: 'aws ec2 create-snapshot --volume-id VOLUME; aws ec2 copy-snapshot --source-region REGION --source-snapshot-id SNAPSHOT --encrypted; aws ec2 create-volume --snapshot-id COPY --availability-zone ZONE --encrypted',
    terraform: `resource "aws_ebs_volume" "this" {
  availability_zone = "ZONE"
  snapshot_id       = "SNAPSHOT"
  encrypted         = true
}`,
  },
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html'],
  parameters: z.object({}),
  test(volume) {
    if (volume.encrypted) return pass('the volume is encrypted');
    return fail(volume.attachedTo.length === 0 ? 'the volume is not encrypted, and attached to nothing' : 'the volume is not encrypted');
  },
  examples: {
    pass: {
      'in use': exampleVolume,
      'encrypted and attached to nothing': { ...exampleVolume, state: 'available', attachedTo: [] },
    },
    fail: {
      'in use and not encrypted': { ...exampleVolume, encrypted: false },
      'left behind and not encrypted': { ...exampleVolume, encrypted: false, state: 'available', attachedTo: [] },
    },
  },
});
