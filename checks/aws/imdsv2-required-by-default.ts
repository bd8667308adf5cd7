import { AwsEc2MetadataDefaults, exampleMetadataDefaults } from '../../collectors/aws/ec2-metadata-defaults/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/imdsv2-required-by-default',
  claim: 'The region requires session tokens (IMDSv2) of new instances unless the launch says otherwise',
  subject: AwsEc2MetadataDefaults,
  severity: 'low',
  rationale:
    'The default of the region decides for every launch that does not say, and so for what nobody thought of. It says nothing of instances that exist, and a launch may still ask for the first version.',
  remediation: {
    console: 'EC2 > Settings > Data protection and security > IMDS defaults > Manage: metadata version V2 only, in every region.',
    cli: 'aws ec2 modify-instance-metadata-defaults --http-tokens required --region REGION',
    terraform: 'resource "aws_ec2_instance_metadata_defaults" "this" { http_tokens = "required" }  # once per region',
  },
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html'],
  parameters: z.object({}),
  test: ({ tokens }) =>
    tokens === 'required'
      ? pass('tokens are required by default')
      : fail(tokens === null ? 'the region has no preference' : `tokens are ${tokens} by default`),
  examples: {
    pass: { required: exampleMetadataDefaults },
    fail: {
      'no preference': { ...exampleMetadataDefaults, tokens: null },
      optional: { ...exampleMetadataDefaults, tokens: 'optional' },
    },
  },
});
