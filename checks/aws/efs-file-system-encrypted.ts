import { AwsEfsFileSystem, exampleFileSystem } from '../../collectors/aws/efs-file-systems/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/efs-file-system-encrypted',
  claim: 'The file system is encrypted at rest',
  subject: AwsEfsFileSystem,
  appliesTo: ({ state }) => state !== 'deleting' && state !== 'deleted',
  severity: 'high',
  rationale: 'Encryption of a file system covers its files and their names. It can only be chosen when the file system is created.',
  remediation: {
    console: 'EFS > Create file system > Customize: enable encryption; copy the files over (DataSync) and mount the new one.',
    cli: 'aws efs create-file-system --encrypted --kms-key-id KEY',
    terraform: `resource "aws_efs_file_system" "this" {
  # A new one beside the old: setting this on a file system that exists destroys it and its files.
  encrypted  = true
  kms_key_id = aws_kms_key.this.arn
}`,
  },
  references: ['https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html'],
  parameters: z.object({}),
  test: ({ encrypted }) => (encrypted ? pass('the file system is encrypted') : fail('the file system is not encrypted')),
  examples: {
    pass: { encrypted: exampleFileSystem },
    fail: { 'not encrypted': { ...exampleFileSystem, encrypted: false } },
  },
});
