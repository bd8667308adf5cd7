import { changeFields, defineResource, z } from '../../../src/authoring.ts';

/** An event out of a trail's log files: the same as in the event history, and there for as long as the files are kept. */
export const AwsTrailEvent = defineResource({
  type: 'aws.cloudtrail.file-event',
  title: 'Change recorded in the log files of a trail',
  shape: changeFields,
});

/** The digest files of one trail and region that ended in the window, and whether they and the log files they name are what CloudTrail wrote. */
export const AwsTrailDigests = defineResource({
  type: 'aws.cloudtrail.digest-chain',
  title: 'Chain of digest files of a trail in one region',
  shape: {
    trail: z.string(),
    region: z.string(),
    digests: z.int().nonnegative(),
    logFiles: z.int().nonnegative(),
    /** ISO-8601 UTC: what the chain covers. */
    from: z.string(),
    to: z.string(),
    /** Every signature, every hash and every link holds. */
    verified: z.boolean(),
    /** What does not, in sentences. */
    problems: z.array(z.string()),
  },
});
