import { defineCollector, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsAccount } from './resource.ts';

const Identity = z.object({ Account: z.string(), Arn: z.string() });

export default defineCollector<AwsClient>({
  id: 'aws/caller-identity',
  title: 'Who we are in the account',
  kind: 'state',
  scope: 'account',
  yields: [AwsAccount],
  permissions: ['sts:GetCallerIdentity'],
  items: {
    // The session's name is part of the ARN and of the user id, so that they change with every collection.
    'sts:GetCallerIdentity': { keep: ['Account', 'Arn', 'UserId'], volatile: ['Arn', 'UserId'] },
  },
  async *collect(client) {
    yield* client.pages('sts:GetCallerIdentity');
  },
  normalise: (view) =>
    view.each('sts:GetCallerIdentity', Identity, (identity) =>
      AwsAccount.draft(
        { id: view.id('account'), display: view.tenant },
        {
          // Credentials of another account than the one this log speaks of: nothing they show belongs here.
          accountId: identity.Account === view.tenant ? identity.Account : unread('malformed-reply'),
          partition: identity.Arn.split(':')[1] ?? unread('malformed-reply'),
        },
      ),
    ),
});
