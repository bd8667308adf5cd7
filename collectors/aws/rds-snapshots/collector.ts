import { defineCollector, type ItemView, type JsonObject, type Reading, type Reply, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, objectsIn, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsRdsSnapshot } from './resource.ts';

const Snapshot = body({
  DBSnapshotIdentifier: z.string(),
  DBInstanceIdentifier: given(z.string()),
  SnapshotCreateTime: z.string().optional(),
  Engine: given(z.string()),
  Status: given(z.string()),
  SnapshotType: given(z.string()),
  Encrypted: given(z.boolean()),
  TagList: Tags,
});
const ClusterSnapshot = body({
  DBClusterSnapshotIdentifier: z.string(),
  DBClusterIdentifier: given(z.string()),
  SnapshotCreateTime: z.string().optional(),
  Engine: given(z.string()),
  Status: given(z.string()),
  SnapshotType: given(z.string()),
  StorageEncrypted: given(z.boolean()),
  TagList: Tags,
});
const Attributes = z.array(body({ AttributeName: z.string(), AttributeValues: z.array(z.string()).optional() }));
const InstanceAttributes = body({ DBSnapshotAttributesResult: body({ DBSnapshotAttributes: Attributes }) });
const ClusterAttributes = body({ DBClusterSnapshotAttributesResult: body({ DBClusterSnapshotAttributes: Attributes }) });

/**
 * The account's own snapshots. Who may restore one is asked only where the answer is open: AWS shares no encrypted and no automated
 * snapshot with everybody. Never `SnapshotType=public`: that lists every public snapshot of everybody.
 */
export default defineCollector<AwsClient>({
  id: 'aws/rds-snapshots',
  title: 'RDS snapshots',
  kind: 'state',
  scope: 'region',
  yields: [AwsRdsSnapshot],
  permissions: [
    'rds:DescribeDBSnapshots',
    'rds:DescribeDBClusterSnapshots',
    'rds:DescribeDBSnapshotAttributes',
    'rds:DescribeDBClusterSnapshotAttributes',
  ],
  items: {
    'rds:DescribeDBSnapshots': {
      list: 'DBSnapshots',
      key: 'DBSnapshotIdentifier',
      keep: [
        'DBSnapshotIdentifier',
        'DBInstanceIdentifier',
        'SnapshotCreateTime',
        'Engine',
        'Status',
        'SnapshotType',
        'Encrypted',
        'KmsKeyId',
        'TagList',
      ],
    },
    'rds:DescribeDBClusterSnapshots': {
      list: 'DBClusterSnapshots',
      key: 'DBClusterSnapshotIdentifier',
      keep: [
        'DBClusterSnapshotIdentifier',
        'DBClusterIdentifier',
        'SnapshotCreateTime',
        'Engine',
        'Status',
        'SnapshotType',
        'StorageEncrypted',
        'KmsKeyId',
        'TagList',
      ],
    },
    'rds:DescribeDBSnapshotAttributes': { keep: ['DBSnapshotAttributesResult'] },
    'rds:DescribeDBClusterSnapshotAttributes': { keep: ['DBClusterSnapshotAttributesResult'] },
  },
  async *collect(client) {
    for await (const page of client.pages('rds:DescribeDBSnapshots')) {
      yield page;
      yield* client.each(shareable(page, 'DBSnapshots', 'DBSnapshotIdentifier', 'Encrypted'), async (id) => [
        await client.call('rds:DescribeDBSnapshotAttributes', { DBSnapshotIdentifier: id }, { subject: id }),
      ]);
    }
    for await (const page of client.pages('rds:DescribeDBClusterSnapshots')) {
      yield page;
      yield* client.each(shareable(page, 'DBClusterSnapshots', 'DBClusterSnapshotIdentifier', 'StorageEncrypted'), async (id) => [
        await client.call('rds:DescribeDBClusterSnapshotAttributes', { DBClusterSnapshotIdentifier: id }, { subject: id }),
      ]);
    }
  },
  normalise(view) {
    return [
      ...view.each('rds:DescribeDBSnapshots', Snapshot, (snapshot) =>
        draft(view, 'instance', {
          ...snapshot,
          identifier: snapshot.DBSnapshotIdentifier,
          source: snapshot.DBInstanceIdentifier,
          encrypted: snapshot.Encrypted,
          shared: read(view.part('rds:DescribeDBSnapshotAttributes', snapshot.DBSnapshotIdentifier, InstanceAttributes), (found) =>
            restorableByAll(found?.DBSnapshotAttributesResult.DBSnapshotAttributes),
          ),
        }),
      ),
      ...view.each('rds:DescribeDBClusterSnapshots', ClusterSnapshot, (snapshot) =>
        draft(view, 'cluster', {
          ...snapshot,
          identifier: snapshot.DBClusterSnapshotIdentifier,
          source: snapshot.DBClusterIdentifier,
          encrypted: snapshot.StorageEncrypted,
          shared: read(
            view.part('rds:DescribeDBClusterSnapshotAttributes', snapshot.DBClusterSnapshotIdentifier, ClusterAttributes),
            (found) => restorableByAll(found?.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes),
          ),
        }),
      ),
    ];
  },
});

/** Ids of the snapshots of a page that everybody might be allowed to restore. */
function shareable(page: Reply, list: string, id: string, encrypted: string): string[] {
  const snapshots: readonly JsonObject[] = objectsIn(page.output ?? {}, list) ?? [];
  return snapshots.flatMap((snapshot) => {
    const name = snapshot[id];
    return typeof name === 'string' && snapshot[encrypted] !== true && snapshot['SnapshotType'] !== 'automated' ? [name] : [];
  });
}

/** RDS always sends the attribute `restore`, empty when nobody else may. */
function restorableByAll(attributes: z.output<typeof Attributes> | undefined): Reading<boolean> {
  const values = attributes?.find(({ AttributeName: name }) => name === 'restore')?.AttributeValues;
  return values === undefined ? unread('malformed-reply') : values.includes('all');
}

interface Common {
  readonly identifier: string;
  readonly source: string | undefined;
  readonly SnapshotCreateTime?: string | undefined;
  readonly Engine?: string | undefined;
  readonly Status?: string | undefined;
  readonly SnapshotType?: string | undefined;
  readonly TagList?: Readonly<Record<string, string>> | undefined;
  readonly encrypted: boolean | undefined;
  readonly shared: Reading<boolean>;
}
function draft(view: ItemView, of: 'instance' | 'cluster', snapshot: Common) {
  const { identifier, encrypted, SnapshotType: origin, SnapshotCreateTime: createdAt } = snapshot;
  return AwsRdsSnapshot.draft(
    // A name may be used again after its snapshot was deleted; the time tells the two apart, and one still being made has none.
    {
      id: view.id(`rds-${of}-snapshot`, identifier, ...(createdAt === undefined ? [] : [createdAt])),
      display: identifier,
      ...tagged(snapshot.TagList),
    },
    {
      identifier,
      of,
      source: snapshot.source ?? null,
      engine: stated(snapshot.Engine),
      status: stated(snapshot.Status),
      origin: stated(origin),
      encrypted: stated(encrypted),
      public: encrypted === true || origin === 'automated' ? false : snapshot.shared,
    },
  );
}
