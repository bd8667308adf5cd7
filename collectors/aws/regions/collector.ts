import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { regionsRule } from '../enabled-regions.ts';
import { AwsRegion } from './resource.ts';

const Region = z.object({ RegionName: z.string(), OptInStatus: z.enum(['opt-in-not-required', 'opted-in', 'not-opted-in']) });

export default defineCollector<AwsClient>({
  id: 'aws/regions',
  title: 'Regions and whether the account has them enabled',
  kind: 'state',
  scope: 'account',
  yields: [AwsRegion],
  permissions: ['ec2:DescribeRegions'],
  items: { 'ec2:DescribeRegions': regionsRule },
  async *collect(client) {
    yield* client.pages('ec2:DescribeRegions', { AllRegions: true });
  },
  normalise: (view) =>
    view.each('ec2:DescribeRegions', Region, (region) =>
      AwsRegion.draft(
        { id: view.id('region', region.RegionName), display: region.RegionName },
        { name: region.RegionName, enabled: region.OptInStatus !== 'not-opted-in' },
      ),
    ),
});
