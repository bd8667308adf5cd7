import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsRedshiftCluster } from './resource.ts';

const Cluster = body({
  ClusterIdentifier: z.string(),
  ClusterCreateTime: z.string().optional(),
  ClusterStatus: given(z.string()),
  Encrypted: given(z.boolean()),
  PubliclyAccessible: given(z.boolean()),
  AutomatedSnapshotRetentionPeriod: given(z.int()),
  Tags,
});

export default defineCollector<AwsClient>({
  id: 'aws/redshift-clusters',
  title: 'Redshift clusters',
  kind: 'state',
  scope: 'region',
  yields: [AwsRedshiftCluster],
  permissions: ['redshift:DescribeClusters'],
  items: {
    'redshift:DescribeClusters': {
      list: 'Clusters',
      key: 'ClusterIdentifier',
      keep: [
        'ClusterIdentifier',
        'ClusterCreateTime',
        'ClusterStatus',
        'Encrypted',
        'KmsKeyId',
        'PubliclyAccessible',
        'AutomatedSnapshotRetentionPeriod',
        'Tags',
      ],
      // Paused at night, resumed in the morning: not a change of how it is set up.
      volatile: ['ClusterStatus'],
    },
  },
  async *collect(client) {
    yield* client.pages('redshift:DescribeClusters');
  },
  normalise(view) {
    return view.each('redshift:DescribeClusters', Cluster, (cluster) => {
      const { ClusterIdentifier: identifier, ClusterCreateTime: createdAt } = cluster;
      return AwsRedshiftCluster.draft(
        {
          id: view.id('redshift-cluster', identifier, ...(createdAt === undefined ? [] : [createdAt])),
          display: identifier,
          ...tagged(cluster.Tags),
        },
        {
          identifier,
          status: stated(cluster.ClusterStatus),
          encrypted: stated(cluster.Encrypted),
          publiclyAccessible: stated(cluster.PubliclyAccessible),
          automatedSnapshotRetentionDays: stated(cluster.AutomatedSnapshotRetentionPeriod),
        },
      );
    });
  },
});
