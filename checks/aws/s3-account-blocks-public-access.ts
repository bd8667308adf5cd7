import { AwsS3AccountPublicAccess, exampleAccountBlock } from '../../collectors/aws/s3-account-public-access/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/s3-account-blocks-public-access',
  claim: 'The account blocks public access to all its buckets, present and future',
  subject: AwsS3AccountPublicAccess,
  severity: 'high',
  rationale:
    'The block of the account covers every bucket and access point, whatever their own settings say, so one mistake in a policy or an ACL makes nothing public. Each of the four settings closes another way.',
  remediation: {
    console: 'S3 > Block Public Access settings for this account > Edit: select Block all public access and confirm.',
    cli: 'aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true',
    terraform: `resource "aws_s3_account_public_access_block" "this" {
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}`,
  },
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html'],
  changes: { breaks: ['s3.amazonaws.com:DeleteAccountPublicAccessBlock'], mends: [] },
  parameters: z.object({}),
  test(block) {
    if (!block.configured) return fail('the account has no public access block');
    const off = (['blockPublicAcls', 'ignorePublicAcls', 'blockPublicPolicy', 'restrictPublicBuckets'] as const).filter(
      (name) => !block[name],
    );
    return off.length === 0 ? pass('all four settings are on') : fail(`off: ${off.join(', ')}`);
  },
  examples: {
    pass: { 'all four on': exampleAccountBlock },
    fail: {
      'one of four off': { ...exampleAccountBlock, restrictPublicBuckets: false },
      'never configured': {
        ...exampleAccountBlock,
        configured: false,
        blockPublicAcls: false,
        ignorePublicAcls: false,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      },
    },
  },
});
