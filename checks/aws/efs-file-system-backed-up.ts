import { AwsEfsFileSystem, exampleFileSystem } from '../../collectors/aws/efs-file-systems/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/efs-file-system-backed-up',
  claim: "EFS's automatic backups of the file system are on",
  subject: AwsEfsFileSystem,
  // A replica is a copy that nobody writes to; its source is judged.
  appliesTo: ({ state, isReplica }) => state !== 'deleting' && state !== 'deleted' && !isReplica,
  severity: 'medium',
  rationale:
    'The backup policy has AWS Backup take a copy every day. A file system that is in a backup plan of its own does not need it; plans are not looked at here, so waive the failure with a reference to the plan.',
  remediation: {
    console: 'EFS > File systems > the file system > Edit: enable automatic backups.',
    cli: 'aws efs put-backup-policy --file-system-id FILE_SYSTEM --backup-policy Status=ENABLED',
    terraform: `resource "aws_efs_backup_policy" "this" {
  file_system_id = aws_efs_file_system.this.id
  backup_policy { status = "ENABLED" }
}`,
  },
  references: ['https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html'],
  parameters: z.object({}),
  test({ automaticBackups: status }) {
    if (status === 'ENABLED' || status === 'ENABLING') return pass('automatic backups are on');
    return fail(status === 'none' ? 'there is no backup policy' : 'automatic backups are off');
  },
  examples: {
    pass: { on: exampleFileSystem, 'being switched on': { ...exampleFileSystem, automaticBackups: 'ENABLING' } },
    fail: {
      off: { ...exampleFileSystem, automaticBackups: 'DISABLED' },
      'being switched off': { ...exampleFileSystem, automaticBackups: 'DISABLING' },
      'no policy': { ...exampleFileSystem, automaticBackups: 'none' },
    },
  },
});
