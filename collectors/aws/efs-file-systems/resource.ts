import { defineResource, z } from '../../../src/authoring.ts';

export const AwsEfsFileSystem = defineResource({
  type: 'aws.efs.file-system',
  title: 'EFS file system',
  shape: {
    fileSystemId: z.string(),
    state: z.string(),
    encrypted: z.boolean(),
    /** A read-only copy that EFS replicates from another file system. */
    isReplica: z.boolean(),
    /** EFS's automatic daily backups: `ENABLED`, `ENABLING`, `DISABLED`, `DISABLING`; `none` = no such policy. */
    automaticBackups: z.string(),
  },
});
