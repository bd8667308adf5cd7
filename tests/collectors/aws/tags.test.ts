import { expect, test } from 'vitest';
import volumeEncrypted from '../../../checks/aws/ebs-volume-encrypted.ts';
import instances from '../../../collectors/aws/ec2-instances/collector.ts';
import securityGroups from '../../../collectors/aws/ec2-security-groups/collector.ts';
import snapshots from '../../../collectors/aws/ec2-snapshots/collector.ts';
import volumes from '../../../collectors/aws/ec2-volumes/collector.ts';
import vpcs from '../../../collectors/aws/ec2-vpcs/collector.ts';
import fileSystems from '../../../collectors/aws/efs-file-systems/collector.ts';
import clusters from '../../../collectors/aws/rds-clusters/collector.ts';
import dbInstances from '../../../collectors/aws/rds-instances/collector.ts';
import dbSnapshots from '../../../collectors/aws/rds-snapshots/collector.ts';
import warehouses from '../../../collectors/aws/redshift-clusters/collector.ts';
import { guardSubject } from '../../../src/evaluate/read-only-subject.ts';
import { type Answers, walk } from './walk.ts';

const Tags = [
  { Key: 'owner', Value: 'payments' },
  { Key: '__proto__', Value: 'x' },
];
const listing = {
  Reservations: [{ Instances: [{ InstanceId: 'i-1', Tags }] }],
  Volumes: [{ VolumeId: 'vol-1', Encrypted: false, Tags }],
  Snapshots: [{ SnapshotId: 'snap-1', Encrypted: true, Tags }],
  SecurityGroups: [{ GroupId: 'sg-1', Tags }],
  Vpcs: [{ VpcId: 'vpc-1', Tags }],
  FileSystems: [{ FileSystemId: 'fs-1', Tags }],
  DBClusters: [{ DbClusterResourceId: 'cluster-1', DBClusterIdentifier: 'one', TagList: Tags }],
  DBInstances: [{ DbiResourceId: 'db-1', DBInstanceIdentifier: 'one', TagList: Tags }],
  DBSnapshots: [{ DBSnapshotIdentifier: 'one', Encrypted: true, TagList: Tags }],
  DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'two', StorageEncrypted: true, TagList: Tags }],
  Clusters: [{ ClusterIdentifier: 'one', Tags }],
};

test.each([
  [instances, { 'ec2:DescribeInstances': listing }],
  [volumes, { 'ec2:DescribeVolumes': listing }],
  [snapshots, { 'ec2:DescribeSnapshots': listing }],
  [securityGroups, { 'ec2:DescribeSecurityGroups': listing }],
  [vpcs, { 'ec2:DescribeVpcs': listing, 'ec2:DescribeFlowLogs': { FlowLogs: [] } }],
  [fileSystems, { 'efs:DescribeFileSystems': listing, 'efs:DescribeBackupPolicy': { BackupPolicy: { Status: 'ENABLED' } } }],
  [clusters, { 'rds:DescribeDBClusters': listing }],
  [dbInstances, { 'rds:DescribeDBInstances': listing }],
  [dbSnapshots, { 'rds:DescribeDBSnapshots': listing, 'rds:DescribeDBClusterSnapshots': listing }],
  [warehouses, { 'redshift:DescribeClusters': listing }],
] as const)('$id keeps the tags of what it lists, beside the fields', async (collector, answers) => {
  const { normalised } = await walk(collector, answers as Answers);
  expect(normalised.resources.length).toBeGreaterThan(0);
  for (const { tags, fields, unread } of normalised.resources) {
    expect(Object.entries(tags ?? {})).toEqual([
      ['owner', 'payments'],
      ['__proto__', 'x'],
    ]);
    expect({ ...fields, ...unread }).not.toHaveProperty('tags');
  }
});

test('tags that do not fit leave the resource as it is, and no check sees any', async () => {
  const volume = { VolumeId: 'vol-1', State: 'in-use', Encrypted: false, Attachments: [] };
  const bare = await walk(volumes, { 'ec2:DescribeVolumes': { Volumes: [volume] } });
  const odd = await walk(volumes, { 'ec2:DescribeVolumes': { Volumes: [{ ...volume, Tags: [{ Key: 'owner' }] }] } });
  const told = await walk(volumes, { 'ec2:DescribeVolumes': { Volumes: [{ ...volume, Tags }] } });
  expect(odd.normalised).toEqual(bare.normalised);
  expect(odd.normalised.malformed).toEqual([]);
  expect(told.outcomes(volumeEncrypted)).toEqual(bare.outcomes(volumeEncrypted));
  const [resource] = told.normalised.resources;
  expect(resource?.tags).toBeDefined();
  expect('tags' in guardSubject(resource!).subject).toBe(false);
});
