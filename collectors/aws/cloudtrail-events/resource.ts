import { changeFields, defineResource } from '../../../src/authoring.ts';

/** An event of CloudTrail's event history: a change of something that a check looks at, or something the root user did. */
export const AwsChangeEvent = defineResource({ type: 'aws.cloudtrail.event', title: 'Change recorded by CloudTrail', shape: changeFields });
