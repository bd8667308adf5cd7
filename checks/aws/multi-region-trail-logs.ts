import { AwsCloudTrailCoverage, exampleCoverage } from '../../collectors/aws/cloudtrail-trails/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/multi-region-trail-logs',
  claim: 'At least one trail that covers every region is switched on',
  subject: AwsCloudTrailCoverage,
  severity: 'critical',
  rationale:
    'Without a trail nothing that was done in the account can be shown later: the event history ends after 90 days and cannot be kept. A trail of one region misses what happens in the others. The trail of the organisation counts.',
  remediation: {
    console: 'CloudTrail, Trails, Create trail, and choose all regions; or select the trail and Start logging.',
    cli: 'aws cloudtrail create-trail --name audit --s3-bucket-name <bucket> --is-multi-region-trail --enable-log-file-validation; aws cloudtrail start-logging --name audit',
    terraform: `resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = aws_s3_bucket.logs.id
  is_multi_region_trail      = true
  enable_logging             = true
  enable_log_file_validation = true
}`,
  },
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html',
  ],
  parameters: z.object({}),
  test({ trails, loggingMultiRegionTrails: logging }) {
    if (logging.length > 0) return pass(`recorded by ${logging.join(', ')}`);
    return fail(trails === 0 ? 'the account has no trail' : `none of ${trails} trail(s) covers every region and is switched on`);
  },
  examples: {
    pass: { 'one trail': exampleCoverage },
    fail: {
      'no trail at all': { ...exampleCoverage, trails: 0, loggingMultiRegionTrails: [], recordingManagementEvents: [] },
      'switched off, or of one region': { ...exampleCoverage, loggingMultiRegionTrails: [], recordingManagementEvents: [] },
    },
  },
});
