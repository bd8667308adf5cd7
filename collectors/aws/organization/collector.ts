import { defineCollector, isUnread, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsOrganization, AwsOrganizationAccount } from './resource.ts';

const Described = z.object({
  Organization: z.object({ Id: z.string(), MasterAccountId: z.string(), FeatureSet: z.enum(['ALL', 'CONSOLIDATED_BILLING']) }),
});
const Account = z.object({
  Id: z.string(),
  Name: z.string(),
  Status: z.string().optional(),
  State: z.string().optional(),
  JoinedTimestamp: z.string(),
});
const Policy = z.object({ Id: z.string(), Name: z.string(), AwsManaged: z.boolean() });

export default defineCollector<AwsClient>({
  id: 'aws/organization',
  title: 'Organisation, its accounts and service control policies',
  kind: 'state',
  scope: 'account',
  yields: [AwsOrganization, AwsOrganizationAccount],
  permissions: ['organizations:DescribeOrganization', 'organizations:ListAccounts', 'organizations:ListPolicies'],
  items: {
    'organizations:DescribeOrganization': {
      keep: ['Organization.Id', 'Organization.Arn', 'Organization.MasterAccountId', 'Organization.FeatureSet'],
      absent: ['AWSOrganizationsNotInUseException'],
    },
    'organizations:ListAccounts': {
      list: 'Accounts',
      key: 'Id',
      keep: ['Id', 'Arn', 'Name', 'Status', 'State', 'JoinedMethod', 'JoinedTimestamp'],
    },
    'organizations:ListPolicies': { list: 'Policies', key: 'Id', keep: ['Id', 'Arn', 'Name', 'Type', 'AwsManaged'] },
  },
  async *collect(client) {
    const reply = await client.call('organizations:DescribeOrganization');
    if (!reply) return;
    yield reply;
    const described = Described.safeParse(reply.output);
    // A member may not list its siblings; asking would only record a refusal that means nothing.
    if (!described.success || described.data.Organization.MasterAccountId !== client.account) return;
    yield* client.pages('organizations:ListAccounts');
    yield* client.pages('organizations:ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' });
  },
  normalise(view) {
    const described = view.part('organizations:DescribeOrganization', null, Described);
    const base = { id: view.id('organization'), display: view.tenant };
    if (isUnread(described)) {
      const { reason } = described;
      return [
        AwsOrganization.draft(base, {
          organizationId: unread(reason),
          isManagementAccount: unread(reason),
          allFeatures: unread(reason),
          serviceControlPolicies: unread(reason),
        }),
      ];
    }
    const organization = described?.Organization;
    const isManagementAccount = organization?.MasterAccountId === view.tenant;
    const policies = view.list('organizations:ListPolicies', Policy);
    const gap = view.gapIn('organizations:ListPolicies');
    return [
      AwsOrganization.draft(base, {
        organizationId: organization?.Id ?? null,
        isManagementAccount,
        allFeatures: organization?.FeatureSet === 'ALL',
        serviceControlPolicies: !isManagementAccount
          ? unread('not-collected')
          : gap
            ? unread(gap)
            : policies.filter(({ body }) => !body.AwsManaged).map(({ body }) => body.Name),
      }),
      ...view.each('organizations:ListAccounts', Account, (account) =>
        AwsOrganizationAccount.draft(
          { id: view.id('organization-account', account.Id), display: account.Name },
          {
            accountId: account.Id,
            name: account.Name,
            status: account.State ?? account.Status ?? unread('malformed-reply'),
            joinedAt: account.JoinedTimestamp,
          },
        ),
      ),
    ];
  },
});
