import type { ItemRule, Reply } from '../../src/authoring.ts';
import type { AwsClient } from './client.ts';

/** For account-level collectors that have to look into every region themselves. */
export const regionsRule: ItemRule = { keep: ['RegionName', 'OptInStatus'], list: 'Regions', key: 'RegionName' };

/** The regions the account can use; without AllRegions AWS lists only those. */
export async function listEnabledRegions(
  client: AwsClient,
): Promise<{ readonly reply: Reply | undefined; readonly names: readonly string[] }> {
  const reply = await client.call('ec2:DescribeRegions');
  const regions = reply?.output?.['Regions'];
  const names = Array.isArray(regions) ? regions.flatMap(nameOf) : [];
  // An account always has regions: an answer without any is no answer.
  if (reply && names.length === 0) client.miss('malformed-reply', 'ec2:DescribeRegions');
  return { reply, names: names.sort() };
}
function nameOf(region: unknown): string[] {
  const name = typeof region === 'object' && region !== null && 'RegionName' in region ? region.RegionName : undefined;
  return typeof name === 'string' ? [name] : [];
}
