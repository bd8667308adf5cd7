import { defineResource, z } from '../../../src/authoring.ts';

export const AwsRdsSnapshot = defineResource({
  type: 'aws.rds.snapshot',
  title: 'Snapshot of an RDS, Aurora, Neptune or DocumentDB database',
  shape: {
    identifier: z.string(),
    /** Of one instance, or of a whole cluster. */
    of: z.enum(['instance', 'cluster']),
    /** The instance or cluster it was taken of. */
    source: z.string().nullable(),
    engine: z.string(),
    /** `creating`, `available`, `failed`, ... */
    status: z.string(),
    /** `automated`, `manual`, `awsbackup`. */
    origin: z.string(),
    encrypted: z.boolean(),
    /** Everybody with an AWS account may restore it. */
    public: z.boolean(),
  },
});
