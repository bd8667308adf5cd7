import { defineCollector, isUnread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, regionOf, stated } from '../stated.ts';
import { AwsEc2EbsDefaults } from './resource.ts';

const Defaults = body({ EbsEncryptionByDefault: z.boolean() });

export default defineCollector<AwsClient>({
  id: 'aws/ec2-ebs-defaults',
  title: 'EBS encryption by default',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2EbsDefaults],
  permissions: ['ec2:GetEbsEncryptionByDefault'],
  items: { 'ec2:GetEbsEncryptionByDefault': { keep: ['EbsEncryptionByDefault'] } },
  async *collect(client) {
    const reply = await client.call('ec2:GetEbsEncryptionByDefault');
    if (reply) yield reply;
  },
  normalise(view) {
    const defaults = view.part('ec2:GetEbsEncryptionByDefault', null, Defaults);
    const region = regionOf(view);
    return [
      AwsEc2EbsDefaults.draft(
        { id: view.id('ec2-ebs-defaults'), display: region },
        { region, encryptionByDefault: isUnread(defaults) ? defaults : stated(defaults?.EbsEncryptionByDefault) },
      ),
    ];
  },
});
