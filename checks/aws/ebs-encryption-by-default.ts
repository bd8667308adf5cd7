import { AwsEc2EbsDefaults, exampleEbsDefaults } from '../../collectors/aws/ec2-ebs-defaults/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/ebs-encryption-by-default',
  claim: 'The region encrypts new EBS volumes and snapshot copies whether or not the request asks for it',
  subject: AwsEc2EbsDefaults,
  severity: 'high',
  rationale:
    'With the default on, nobody can create an unencrypted volume by forgetting to ask. The setting is one per region and says nothing of volumes that exist already.',
  remediation: {
    console: 'EC2 > Settings > Data protection and security > EBS encryption > Manage: enable, in every region.',
    cli: 'aws ec2 enable-ebs-encryption-by-default --region REGION',
    terraform: 'resource "aws_ebs_encryption_by_default" "this" { enabled = true }  # once per region',
  },
  references: ['https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html'],
  changes: { breaks: ['ec2.amazonaws.com:DisableEbsEncryptionByDefault'], mends: ['ec2.amazonaws.com:EnableEbsEncryptionByDefault'] },
  parameters: z.object({}),
  test: ({ encryptionByDefault }) =>
    encryptionByDefault ? pass('EBS encryption by default is on') : fail('EBS encryption by default is off'),
  examples: {
    pass: { on: exampleEbsDefaults },
    fail: { off: { ...exampleEbsDefaults, encryptionByDefault: false } },
  },
});
