import { defineCollector, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, regionOf } from '../stated.ts';
import { AwsEc2MetadataDefaults } from './resource.ts';

/** A region without a preference answers with an empty object. */
const Defaults = body({ AccountLevel: body({ HttpTokens: z.string().optional() }) });

export default defineCollector<AwsClient>({
  id: 'aws/ec2-metadata-defaults',
  title: 'Instance metadata defaults',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2MetadataDefaults],
  permissions: ['ec2:GetInstanceMetadataDefaults'],
  items: { 'ec2:GetInstanceMetadataDefaults': { keep: ['AccountLevel'] } },
  async *collect(client) {
    const reply = await client.call('ec2:GetInstanceMetadataDefaults');
    if (reply) yield reply;
  },
  normalise(view) {
    const region = regionOf(view);
    return [
      AwsEc2MetadataDefaults.draft(
        { id: view.id('ec2-metadata-defaults'), display: region },
        {
          region,
          tokens: read(view.part('ec2:GetInstanceMetadataDefaults', null, Defaults), (found) => {
            if (found === null) return unread('malformed-reply');
            const { HttpTokens: tokens } = found.AccountLevel;
            return tokens === undefined || tokens === 'no-preference' ? null : tokens;
          }),
        },
      ),
    ];
  },
});
