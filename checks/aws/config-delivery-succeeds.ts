import { AwsConfigRecorder, exampleNoRecorder, exampleRecorder } from '../../collectors/aws/config-recorder/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/config-delivery-succeeds',
  claim: 'What the configuration recorder of the region records is delivered',
  subject: AwsConfigRecorder,
  severity: 'medium',
  rationale: 'A recorder that cannot write to its bucket looks switched on and leaves no history.',
  remediation: {
    console: 'AWS Config, Settings, Delivery method: choose a bucket, and repair its policy and the role of the recorder.',
    cli: 'aws configservice describe-delivery-channel-status; aws configservice put-delivery-channel --delivery-channel name=default,s3BucketName=<bucket>',
    terraform: 'aws_config_delivery_channel with an s3_bucket_name that the aws_s3_bucket_policy lets config.amazonaws.com write to',
  },
  references: [
    'https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html',
    'https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html',
  ],
  unrecorded: true,
  parameters: z.object({}),
  test(config) {
    if (config.recorder === null || !config.recording) return notApplicable('nothing is recorded in this region');
    if (config.deliveryChannel === null) return fail('there is no delivery channel');
    const failed = [config.lastStatus, config.historyDelivery, config.streamDelivery].some((status) => status?.toUpperCase() === 'FAILURE');
    if (failed) return fail(`the latest delivery failed${config.deliveryErrorCode === null ? '' : `: ${config.deliveryErrorCode}`}`);
    const succeeded = [config.historyDelivery, config.streamDelivery].some((status) => status?.toUpperCase() === 'SUCCESS');
    return succeeded ? pass('the latest delivery succeeded') : fail('nothing was delivered yet');
  },
  examples: {
    pass: { delivered: exampleRecorder },
    fail: {
      'no channel': { ...exampleRecorder, deliveryChannel: null, historyDelivery: null, streamDelivery: null },
      'refused by the bucket': { ...exampleRecorder, historyDelivery: 'FAILURE', deliveryErrorCode: 'AccessDenied' },
      'the recorder itself fails': { ...exampleRecorder, lastStatus: 'Failure' },
      'nothing yet': { ...exampleRecorder, historyDelivery: null, streamDelivery: null },
    },
    notApplicable: { 'no recorder': exampleNoRecorder },
  },
});
