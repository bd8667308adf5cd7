import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { databaseSnapshotEvents } from '../change-events.ts';

export const AwsRdsSnapshot = defineResource({
  type: 'aws.rds.snapshot',
  title: 'Snapshot of an RDS, Aurora, Neptune or DocumentDB database',
  changedBy: databaseSnapshotEvents,
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

/** As it should be: the starting point of examples. */
export const exampleDatabaseSnapshot: ResourceOf<typeof AwsRdsSnapshot> = {
  id: 'aws:111122223333/eu-central-1/rds-instance-snapshot/payroll-before-migration/2025-11-02T08:00:00.000Z',
  display: 'payroll-before-migration',
  identifier: 'payroll-before-migration',
  of: 'instance',
  source: 'payroll',
  engine: 'postgres',
  status: 'available',
  origin: 'manual',
  encrypted: true,
  public: false,
};
