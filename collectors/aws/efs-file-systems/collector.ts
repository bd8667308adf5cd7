import { defineCollector, read, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, objectsIn, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsEfsFileSystem } from './resource.ts';

const FileSystem = body({
  FileSystemId: z.string(),
  LifeCycleState: given(z.string()),
  Encrypted: given(z.boolean()),
  Tags,
  // Absent where EFS knows no protection against overwriting, and so no replication into this file system.
  FileSystemProtection: body({ ReplicationOverwriteProtection: z.string().optional() }).optional(),
});
const BackupPolicy = body({ BackupPolicy: body({ Status: z.enum(['ENABLED', 'ENABLING', 'DISABLED', 'DISABLING']) }) });

export default defineCollector<AwsClient>({
  id: 'aws/efs-file-systems',
  title: 'EFS file systems',
  kind: 'state',
  scope: 'region',
  yields: [AwsEfsFileSystem],
  permissions: ['elasticfilesystem:DescribeFileSystems', 'elasticfilesystem:DescribeBackupPolicy'],
  items: {
    'efs:DescribeFileSystems': {
      list: 'FileSystems',
      key: 'FileSystemId',
      keep: ['FileSystemId', 'CreationTime', 'LifeCycleState', 'Encrypted', 'KmsKeyId', 'FileSystemProtection', 'Tags'],
    },
    'efs:DescribeBackupPolicy': { keep: ['BackupPolicy'], absent: ['PolicyNotFound'] },
  },
  async *collect(client) {
    for await (const page of client.pages('efs:DescribeFileSystems')) {
      yield page;
      const ids = objectsIn(page.output ?? {}, 'FileSystems')?.flatMap(({ FileSystemId: id }) => (typeof id === 'string' ? [id] : []));
      yield* client.each(ids ?? [], async (id) => [await client.call('efs:DescribeBackupPolicy', { FileSystemId: id }, { subject: id })]);
    }
  },
  normalise(view) {
    return view.each('efs:DescribeFileSystems', FileSystem, ({ FileSystemId: id, ...fileSystem }) =>
      AwsEfsFileSystem.draft(
        { id: view.id('efs-file-system', id), display: id, ...tagged(fileSystem.Tags) },
        {
          fileSystemId: id,
          state: stated(fileSystem.LifeCycleState),
          encrypted: stated(fileSystem.Encrypted),
          isReplica: fileSystem.FileSystemProtection?.ReplicationOverwriteProtection === 'REPLICATING',
          automaticBackups: read(view.part('efs:DescribeBackupPolicy', id, BackupPolicy), (found) =>
            found === null ? 'none' : found.BackupPolicy.Status,
          ),
        },
      ),
    );
  },
});
