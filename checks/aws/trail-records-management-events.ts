import { AwsCloudTrailCoverage, exampleCoverage } from '../../collectors/aws/cloudtrail-trails/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/trail-records-management-events',
  claim: 'At least one trail that covers every region records management events of reading and writing',
  subject: AwsCloudTrailCoverage,
  severity: 'high',
  rationale:
    'A trail can be switched on and record only data events, or only changes. Who looked at what is part of the story after a break-in. Selectors that are narrowed to some events or services do not count; leaving out the noise of KMS or the RDS Data API does.',
  remediation: {
    console: 'CloudTrail, the trail, Management events, Edit: record management events, Read and Write.',
    cli: `aws cloudtrail put-event-selectors --trail-name <arn> --event-selectors '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'`,
    terraform: 'In the aws_cloudtrail, a block event_selector with read_write_type = "All" and include_management_events = true',
  },
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html'],
  parameters: z.object({}),
  test: ({ recordingManagementEvents: recording }) =>
    recording.length > 0
      ? pass(`management events are recorded by ${recording.join(', ')}`)
      : fail('no trail that covers every region records all management events'),
  examples: {
    pass: { 'a trail that records them': exampleCoverage },
    fail: {
      'a trail of data events only': { ...exampleCoverage, recordingManagementEvents: [] },
      'no trail': { ...exampleCoverage, trails: 0, loggingMultiRegionTrails: [], recordingManagementEvents: [] },
    },
  },
});
