import { defineCollector, isUnread, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { AwsS3AccountPublicAccess } from './resource.ts';

const Block = body({
  PublicAccessBlockConfiguration: body({
    BlockPublicAcls: given(z.boolean()),
    IgnorePublicAcls: given(z.boolean()),
    BlockPublicPolicy: given(z.boolean()),
    RestrictPublicBuckets: given(z.boolean()),
  }),
});

/** The block that covers every bucket of the account, those without a block of their own and those yet to come included. */
export default defineCollector<AwsClient>({
  id: 'aws/s3-account-public-access',
  title: 'S3 public access block of the account',
  kind: 'state',
  scope: 'account',
  yields: [AwsS3AccountPublicAccess],
  permissions: ['s3:GetAccountPublicAccessBlock'],
  items: {
    's3control:GetPublicAccessBlock': {
      keep: ['PublicAccessBlockConfiguration'],
      absent: ['NoSuchPublicAccessBlockConfiguration'],
    },
  },
  async *collect(client) {
    const reply = await client.call('s3control:GetPublicAccessBlock', { AccountId: client.account }, { subject: client.account });
    if (reply) yield reply;
  },
  normalise(view) {
    const block = view.part('s3control:GetPublicAccessBlock', view.tenant, Block);
    const flags = isUnread(block) || block === null ? undefined : block.PublicAccessBlockConfiguration;
    const flag = (value: boolean | undefined) => (isUnread(block) ? unread(block.reason) : block === null ? false : stated(value));
    return [
      AwsS3AccountPublicAccess.draft(
        { id: view.id('s3-account-public-access'), display: `account ${view.tenant}` },
        {
          account: view.tenant,
          configured: isUnread(block) ? block : block !== null,
          blockPublicAcls: flag(flags?.BlockPublicAcls),
          ignorePublicAcls: flag(flags?.IgnorePublicAcls),
          blockPublicPolicy: flag(flags?.BlockPublicPolicy),
          restrictPublicBuckets: flag(flags?.RestrictPublicBuckets),
        },
      ),
    ];
  },
});
