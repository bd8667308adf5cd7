import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** As it should be: the starting point of examples. */
export const exampleFileSystem: ResourceOf<typeof AwsEfsFileSystem> = {
  id: 'aws:111122223333/eu-central-1/efs-file-system/fs-0a1b2c3d4e5f60001',
  display: 'fs-0a1b2c3d4e5f60001',
  fileSystemId: 'fs-0a1b2c3d4e5f60001',
  state: 'available',
  encrypted: true,
  isReplica: false,
  automaticBackups: 'ENABLED',
};
