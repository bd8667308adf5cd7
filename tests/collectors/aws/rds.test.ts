import { describe, expect, test } from 'vitest';
import clusterBackedUp from '../../../checks/aws/rds-cluster-backed-up.ts';
import clusterProtected from '../../../checks/aws/rds-cluster-deletion-protected.ts';
import clusterEncrypted from '../../../checks/aws/rds-cluster-encrypted.ts';
import clusterMultiAz from '../../../checks/aws/rds-cluster-multi-az.ts';
import backedUp from '../../../checks/aws/rds-instance-backed-up.ts';
import deletionProtected from '../../../checks/aws/rds-instance-deletion-protected.ts';
import encrypted from '../../../checks/aws/rds-instance-encrypted.ts';
import notPublic from '../../../checks/aws/rds-instance-is-not-public.ts';
import multiAz from '../../../checks/aws/rds-instance-multi-az.ts';
import snapshotEncrypted from '../../../checks/aws/rds-snapshot-encrypted.ts';
import snapshotNotPublic from '../../../checks/aws/rds-snapshot-is-not-public.ts';
import clusters from '../../../collectors/aws/rds-clusters/collector.ts';
import instances from '../../../collectors/aws/rds-instances/collector.ts';
import snapshots from '../../../collectors/aws/rds-snapshots/collector.ts';
import type { JsonObject } from '../../../src/authoring.ts';
import { denied } from '../replay.ts';
import { describeCollector } from './region-contract.ts';
import { walk } from './walk.ts';

const marker = { request: 'Marker', reply: 'Marker' };
const good = {
  Engine: 'postgres',
  DBInstanceStatus: 'available',
  StorageEncrypted: true,
  PubliclyAccessible: false,
  BackupRetentionPeriod: 14,
  MultiAZ: true,
  DeletionProtection: true,
};
const bad = {
  ...good,
  StorageEncrypted: false,
  PubliclyAccessible: true,
  BackupRetentionPeriod: 0,
  MultiAZ: false,
  DeletionProtection: false,
};
const database = (name: string, fields: object) => ({ DBInstanceIdentifier: name, DbiResourceId: `db-${name}`, ...fields });

describeCollector({
  collector: instances,
  answers: {
    'rds:DescribeDBInstances': {
      DBInstances: [
        database('good', good),
        database('bad', bad),
        database('member', { ...bad, Engine: 'aurora-mysql', DBClusterIdentifier: 'ledger', PubliclyAccessible: false }),
        database('replica', { ...bad, StorageEncrypted: true, PubliclyAccessible: false, ReadReplicaSourceDBInstanceIdentifier: 'good' }),
      ],
    },
  },
  list: { operation: 'rds:DescribeDBInstances', into: 'DBInstances', ...marker },
  verdicts: [
    [encrypted, { good: 'pass', bad: 'fail', replica: 'pass' }],
    [notPublic, { good: 'pass', bad: 'fail', member: 'pass', replica: 'pass' }],
    [backedUp, { good: 'pass', bad: 'fail' }],
    [multiAz, { good: 'pass', bad: 'fail' }],
    [deletionProtected, { good: 'pass', bad: 'fail' }],
  ],
});

const goodCluster = {
  Engine: 'aurora-postgresql',
  Status: 'available',
  StorageEncrypted: true,
  BackupRetentionPeriod: 14,
  MultiAZ: true,
  DeletionProtection: true,
};
describeCollector({
  collector: clusters,
  answers: {
    'rds:DescribeDBClusters': {
      DBClusters: [
        { DBClusterIdentifier: 'good', DbClusterResourceId: 'cluster-good', ...goodCluster },
        {
          DBClusterIdentifier: 'documents',
          DbClusterResourceId: 'cluster-documents',
          Engine: 'docdb',
          Status: 'available',
          StorageEncrypted: false,
          BackupRetentionPeriod: 1,
          MultiAZ: false,
          DeletionProtection: false,
        },
      ],
    },
  },
  list: { operation: 'rds:DescribeDBClusters', into: 'DBClusters', ...marker },
  verdicts: [
    [clusterEncrypted, { good: 'pass', documents: 'fail' }],
    [clusterBackedUp, { good: 'pass', documents: 'fail' }],
    [clusterMultiAz, { good: 'pass', documents: 'fail' }],
    [clusterProtected, { good: 'pass', documents: 'fail' }],
  ],
});

const taken = new Date('2025-11-02T08:00:00Z');
const snapshot = (name: string, fields: object) => ({
  DBSnapshotIdentifier: name,
  DBInstanceIdentifier: 'payroll',
  SnapshotCreateTime: taken,
  Engine: 'postgres',
  Status: 'available',
  SnapshotType: 'manual',
  Encrypted: true,
  ...fields,
});
const clusterSnapshot = (name: string, fields: object) => ({
  DBClusterSnapshotIdentifier: name,
  DBClusterIdentifier: 'ledger',
  SnapshotCreateTime: taken,
  Engine: 'aurora-mysql',
  Status: 'available',
  SnapshotType: 'manual',
  StorageEncrypted: true,
  ...fields,
});
const restore = (...values: string[]) => [{ AttributeName: 'restore', AttributeValues: values }];
const answers = {
  'rds:DescribeDBSnapshots': {
    DBSnapshots: [
      snapshot('safe', {}),
      snapshot('plain', { Encrypted: false }),
      snapshot('published', { Encrypted: false }),
      snapshot('rds:nightly', { Encrypted: false, SnapshotType: 'automated' }),
      snapshot('broken', { Encrypted: false, Status: 'failed' }),
    ],
  },
  'rds:DescribeDBSnapshotAttributes': ({ DBSnapshotIdentifier: id }: JsonObject) => ({
    DBSnapshotAttributesResult: {
      DBSnapshotIdentifier: id,
      DBSnapshotAttributes: restore(...(id === 'published' ? ['all'] : ['444455556666'])),
    },
  }),
  'rds:DescribeDBClusterSnapshots': {
    DBClusterSnapshots: [clusterSnapshot('cluster-safe', {}), clusterSnapshot('cluster-published', { StorageEncrypted: false })],
  },
  'rds:DescribeDBClusterSnapshotAttributes': ({ DBClusterSnapshotIdentifier: id }: JsonObject) => ({
    DBClusterSnapshotAttributesResult: { DBClusterSnapshotIdentifier: id, DBClusterSnapshotAttributes: restore('all') },
  }),
};

describe('aws/rds-snapshots', () => {
  test('what is there is read whole and judged', async () => {
    const { normalised, outcomes, replay } = await walk(snapshots, answers);
    expect(normalised.completeness).toEqual({ kind: 'complete' });
    expect(outcomes(snapshotEncrypted)).toEqual({
      safe: 'pass',
      plain: 'fail',
      published: 'fail',
      'rds:nightly': 'fail',
      'cluster-safe': 'pass',
      'cluster-published': 'fail',
    });
    expect(outcomes(snapshotNotPublic)).toEqual({
      safe: 'pass',
      plain: 'pass',
      published: 'fail',
      'rds:nightly': 'pass',
      broken: 'pass',
      'cluster-safe': 'pass',
      'cluster-published': 'fail',
    });
    const asked = replay.calls.filter((call) => call.operation.endsWith('Attributes')).map((call) => Object.values(call.input)[0]);
    expect(asked.sort()).toEqual(['broken', 'cluster-published', 'plain', 'published']);
    expect(replay.calls.every((call) => call.input['SnapshotType'] === undefined && call.input['IncludePublic'] === undefined)).toBe(true);
  });

  test('either list denied leaves the other judged', async () => {
    const operation = 'rds:DescribeDBClusterSnapshots';
    const { outcomes } = await walk(snapshots, { ...answers, [operation]: () => denied(operation) });
    expect(outcomes(snapshotEncrypted)).toEqual({
      safe: 'pass',
      plain: 'fail',
      published: 'fail',
      'rds:nightly': 'fail',
      '*eu-central-1': 'no-evidence',
    });
  });

  test.each([
    ['denied', () => denied('rds:DescribeDBSnapshotAttributes')],
    ['empty', () => ({})],
    ['without the attribute', () => ({ DBSnapshotAttributesResult: { DBSnapshotAttributes: [] } })],
  ])('attributes %s leave that question open for those snapshots only', async (_, answer) => {
    const { outcomes } = await walk(snapshots, { ...answers, 'rds:DescribeDBSnapshotAttributes': answer });
    expect(outcomes(snapshotNotPublic)).toEqual({
      safe: 'pass',
      plain: 'no-evidence',
      published: 'no-evidence',
      'rds:nightly': 'pass',
      broken: 'no-evidence',
      'cluster-safe': 'pass',
      'cluster-published': 'fail',
    });
  });

  test('a snapshot that does not say whether it is encrypted is asked about', async () => {
    const { outcomes, replay } = await walk(snapshots, {
      ...answers,
      'rds:DescribeDBSnapshots': { DBSnapshots: [snapshot('vague', { Encrypted: undefined })] },
      'rds:DescribeDBClusterSnapshots': { DBClusterSnapshots: [] },
    });
    expect(replay.count('rds:DescribeDBSnapshotAttributes')).toBe(1);
    expect(outcomes(snapshotEncrypted)).toEqual({ vague: 'no-evidence' });
    expect(outcomes(snapshotNotPublic)).toEqual({ vague: 'pass' });
  });

  test('a name used again is another snapshot', async () => {
    const ids = async (time: Date) =>
      (
        await walk(snapshots, { ...answers, 'rds:DescribeDBSnapshots': { DBSnapshots: [snapshot('safe', { SnapshotCreateTime: time })] } })
      ).normalised.resources.find((one) => one.display === 'safe')?.id;
    expect(await ids(taken)).not.toBe(await ids(new Date('2025-12-02T08:00:00Z')));
  });
});
