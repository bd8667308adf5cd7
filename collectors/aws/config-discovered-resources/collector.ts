import { defineCollector, type Reading, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsConfigDiscoveredResources } from './resource.ts';

const Status = z.object({ recording: z.boolean(), servicePrincipal: z.string().optional() });
const Count = z.object({ resourceType: z.string(), count: z.int() });

export default defineCollector<AwsClient>({
  id: 'aws/config-discovered-resources',
  title: 'AWS Config: what it has discovered',
  kind: 'state',
  scope: 'region',
  yields: [AwsConfigDiscoveredResources],
  permissions: ['config:DescribeConfigurationRecorderStatus', 'config:GetDiscoveredResourceCounts'],
  items: {
    'config:DescribeConfigurationRecorderStatus': {
      list: 'ConfigurationRecordersStatus',
      key: 'name',
      keep: ['name', 'recording', 'servicePrincipal'],
    },
    'config:GetDiscoveredResourceCounts': { list: 'resourceCounts', key: 'resourceType', keep: ['resourceType', 'count'] },
  },
  async *collect(client) {
    let recording = false;
    for await (const page of client.pages('config:DescribeConfigurationRecorderStatus')) {
      yield page;
      const found = z.object({ ConfigurationRecordersStatus: z.array(Status) }).safeParse(page.output);
      if (found.success) recording ||= found.data.ConfigurationRecordersStatus.some((status) => status.recording);
    }
    // Without a recorder Config knows of nothing and says zero: no count at all is the truth.
    if (recording) yield* client.pages('config:GetDiscoveredResourceCounts');
  },
  normalise(view) {
    const gap = view.gapIn('config:DescribeConfigurationRecorderStatus') ?? view.gapIn('config:GetDiscoveredResourceCounts');
    const recording = view.list('config:DescribeConfigurationRecorderStatus', Status).some(({ body }) => body.recording);
    const counts = view.list('config:GetDiscoveredResourceCounts', Count).map(({ body }) => body);
    const known = <T>(value: T): Reading<T> => (gap ? unread(gap) : recording ? value : unread('not-collected'));
    const region = view.region ?? 'unknown';
    return [
      AwsConfigDiscoveredResources.draft(
        { id: view.id('config-discovered-resources'), display: region },
        {
          region,
          total: known(counts.reduce((sum, { count }) => sum + count, 0)),
          counts: known(Object.fromEntries(counts.map(({ resourceType, count }) => [resourceType, count]))),
        },
      ),
    ];
  },
});
