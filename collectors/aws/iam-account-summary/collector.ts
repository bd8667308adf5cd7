import { defineCollector, type Reading, unread } from '../../../src/authoring.ts';
import { AccountSummary, accountSummaryRule } from '../account-summary.ts';
import type { AwsClient } from '../client.ts';
import { AwsIamAccountSummary } from './resource.ts';

const known = (count: number | undefined): Reading<number> => count ?? unread('malformed-reply');
const flag = (count: number | undefined): Reading<boolean> => (count === undefined ? unread('malformed-reply') : count > 0);

export default defineCollector<AwsClient>({
  id: 'aws/iam-account-summary',
  title: 'IAM account summary',
  kind: 'state',
  scope: 'account',
  yields: [AwsIamAccountSummary],
  permissions: ['iam:GetAccountSummary'],
  items: { 'iam:GetAccountSummary': accountSummaryRule },
  async *collect(client) {
    yield* client.pages('iam:GetAccountSummary');
  },
  normalise: (view) =>
    view.each('iam:GetAccountSummary', AccountSummary, ({ SummaryMap: summary }) =>
      AwsIamAccountSummary.draft(
        { id: view.id('iam-account-summary'), display: view.tenant },
        {
          users: known(summary.Users),
          groups: known(summary.Groups),
          roles: known(summary.Roles),
          customerPolicies: known(summary.Policies),
          mfaDevicesInUse: known(summary.MFADevicesInUse),
          rootHasMfa: flag(summary.AccountMFAEnabled),
          rootHasAccessKeys: flag(summary.AccountAccessKeysPresent),
          rootHasPassword: flag(summary.AccountPasswordPresent),
          rootHasSigningCertificates: flag(summary.AccountSigningCertificatesPresent),
        },
      ),
    ),
});
