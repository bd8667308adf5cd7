import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { AwsElasticacheReplicationGroup } from './resource.ts';

const Group = body({
  ReplicationGroupId: z.string(),
  ReplicationGroupCreateTime: z.string().optional(),
  Status: given(z.string()),
  AtRestEncryptionEnabled: given(z.boolean()),
  TransitEncryptionEnabled: given(z.boolean()),
  TransitEncryptionMode: given(z.string()),
  SnapshotRetentionLimit: given(z.int()),
});

export default defineCollector<AwsClient>({
  id: 'aws/elasticache-replication-groups',
  title: 'ElastiCache replication groups',
  kind: 'state',
  scope: 'region',
  yields: [AwsElasticacheReplicationGroup],
  permissions: ['elasticache:DescribeReplicationGroups'],
  items: {
    'elasticache:DescribeReplicationGroups': {
      list: 'ReplicationGroups',
      key: 'ReplicationGroupId',
      keep: [
        'ReplicationGroupId',
        'ReplicationGroupCreateTime',
        'Status',
        'AtRestEncryptionEnabled',
        'TransitEncryptionEnabled',
        'TransitEncryptionMode',
        'SnapshotRetentionLimit',
        'KmsKeyId',
      ],
    },
  },
  async *collect(client) {
    yield* client.pages('elasticache:DescribeReplicationGroups');
  },
  normalise(view) {
    return view.each('elasticache:DescribeReplicationGroups', Group, (group) => {
      const { ReplicationGroupId: identifier, ReplicationGroupCreateTime: createdAt } = group;
      return AwsElasticacheReplicationGroup.draft(
        {
          id: view.id('elasticache-replication-group', identifier, ...(createdAt === undefined ? [] : [createdAt])),
          display: identifier,
        },
        {
          identifier,
          status: stated(group.Status),
          encryptedAtRest: stated(group.AtRestEncryptionEnabled),
          encryptedInTransit: stated(group.TransitEncryptionEnabled),
          transitMode: group.TransitEncryptionEnabled === false ? null : stated(group.TransitEncryptionMode),
          snapshotRetentionDays: stated(group.SnapshotRetentionLimit),
        },
      );
    });
  },
});
