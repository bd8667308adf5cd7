import { AwsCloudTrailTrail, exampleTrail } from '../../collectors/aws/cloudtrail-trails/resource.ts';
import { addDays, defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/trail-delivers-without-errors',
  claim: 'The latest log and digest files of the trail were delivered, and recently',
  subject: AwsCloudTrailTrail,
  severity: 'high',
  rationale:
    'A trail that is on and cannot write to its bucket records nothing, and nobody notices until the files are needed: a bucket policy or a key policy was changed, or the bucket is gone.',
  remediation: {
    console: 'CloudTrail, the trail: read the delivery error, and repair the policy of the bucket or of the key.',
    cli: 'aws cloudtrail get-trail-status --name <arn>; aws s3api get-bucket-policy --bucket <bucket>',
    terraform:
      'Give cloudtrail.amazonaws.com s3:GetBucketAcl and s3:PutObject in the aws_s3_bucket_policy, and kms:GenerateDataKey* in the policy of the aws_kms_key.',
  },
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
  ],
  unrecorded: true,
  parameters: z.object({ maxDaysSinceDelivery: z.int().positive().default(1) }),
  test(trail, { asOf, parameters }) {
    if (!trail.logging) return notApplicable('the trail is switched off');
    if (trail.deliveryError !== null) return fail(`log files are not delivered: ${trail.deliveryError}`);
    if (trail.digestDeliveryError !== null) return fail(`digest files are not delivered: ${trail.digestDeliveryError}`);
    if (trail.lastDelivery === null) return fail('nothing was delivered yet');
    const until = addDays(trail.lastDelivery, parameters.maxDaysSinceDelivery);
    return Date.parse(until) > Date.parse(asOf)
      ? pass(`delivered without errors, last on ${trail.lastDelivery.slice(0, 10)}`, { until })
      : fail(`nothing was delivered since ${trail.lastDelivery.slice(0, 10)}`);
  },
  examples: {
    pass: { 'five minutes ago': exampleTrail },
    fail: {
      'access denied': { ...exampleTrail, deliveryError: 'AccessDenied' },
      'digests refused': { ...exampleTrail, digestDeliveryError: 'AccessDenied' },
      'silent for a week': { ...exampleTrail, lastDelivery: '2026-01-08T11:55:00.000Z' },
      'never delivered': { ...exampleTrail, lastDelivery: null },
    },
    notApplicable: { 'switched off': { ...exampleTrail, logging: false } },
  },
});
