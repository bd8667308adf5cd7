import { AwsEc2Instance, exampleInstance } from '../../collectors/aws/ec2-instances/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/instance-requires-imdsv2',
  claim: 'The instance gives its credentials out only to who holds a session token (IMDSv2), or not at all',
  subject: AwsEc2Instance,
  // What is stopped can be started again as it is; what is terminated is gone.
  appliesTo: (instance) => instance.state !== 'terminated' && instance.state !== 'shutting-down',
  severity: 'high',
  rationale:
    'The first version of the instance metadata service answers any plain request, so a web application that can be made to fetch a URL gives away the credentials of the instance role.',
  remediation: {
    console: 'EC2 > Instances > the instance > Actions > Instance settings > Modify instance metadata options: IMDSv2 Required.',
    cli: 'aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required --http-endpoint enabled',
    terraform: `resource "aws_instance" "this" {
  # ...
  metadata_options { http_tokens = "required" }
}`,
  },
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html'],
  parameters: z.object({}),
  test(instance) {
    if (instance.metadataEndpoint === 'disabled') return pass('the metadata service is off');
    return instance.metadataTokens === 'required' ? pass('a session token is required') : fail('plain requests (IMDSv1) are answered');
  },
  examples: {
    pass: {
      'a token is required': exampleInstance,
      'no metadata service': { ...exampleInstance, metadataTokens: 'optional', metadataEndpoint: 'disabled' },
    },
    fail: {
      'a token is optional': { ...exampleInstance, metadataTokens: 'optional' },
      'a token is optional, and the instance is stopped': { ...exampleInstance, state: 'stopped', metadataTokens: 'optional' },
    },
  },
});
