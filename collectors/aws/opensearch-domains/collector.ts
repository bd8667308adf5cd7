import { defineCollector, type ItemView, isUnread, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { isOpen, readPolicy } from '../resource-policy.ts';
import { body, given, objectsIn, stated } from '../stated.ts';
import { AwsOpensearchDomain } from './resource.ts';

const Listed = body({ DomainName: z.string() });
const Switch = given(body({ Enabled: given(z.boolean()) }));
const Domain = body({
  DomainName: z.string(),
  Deleted: given(z.boolean()),
  EncryptionAtRestOptions: Switch,
  NodeToNodeEncryptionOptions: Switch,
  DomainEndpointOptions: given(body({ EnforceHTTPS: given(z.boolean()), TLSSecurityPolicy: given(z.string()) })),
  // Absent from a domain with a public endpoint.
  VPCOptions: body({ VPCId: given(z.string()) }).optional(),
  AccessPolicies: given(z.string()),
  AdvancedSecurityOptions: given(body({ Enabled: given(z.boolean()), AnonymousAuthEnabled: given(z.boolean()) })),
});

/** The most that DescribeDomains takes at once. */
const batchSize = 5;

export default defineCollector<AwsClient>({
  id: 'aws/opensearch-domains',
  title: 'OpenSearch domains',
  kind: 'state',
  scope: 'region',
  yields: [AwsOpensearchDomain],
  permissions: ['es:ListDomainNames', 'es:DescribeDomains'],
  items: {
    'opensearch:ListDomainNames': { list: 'DomainNames', key: 'DomainName', keep: ['DomainName', 'EngineType'] },
    'opensearch:DescribeDomains': {
      list: 'DomainStatusList',
      namesSubjects: false,
      key: 'DomainName',
      keep: [
        'DomainName',
        'Deleted',
        'EncryptionAtRestOptions.Enabled',
        'NodeToNodeEncryptionOptions.Enabled',
        'DomainEndpointOptions.EnforceHTTPS',
        'DomainEndpointOptions.TLSSecurityPolicy',
        'VPCOptions.VPCId',
        'AccessPolicies',
        'AdvancedSecurityOptions.Enabled',
        'AdvancedSecurityOptions.AnonymousAuthEnabled',
      ],
    },
  },
  async *collect(client) {
    for await (const page of client.pages('opensearch:ListDomainNames')) {
      yield page;
      const names =
        objectsIn(page.output ?? {}, 'DomainNames')?.flatMap(({ DomainName: name }) => (typeof name === 'string' ? [name] : [])) ?? [];
      const batches = Array.from({ length: Math.ceil(names.length / batchSize) }, (_, batch) =>
        names.slice(batch * batchSize, (batch + 1) * batchSize),
      );
      yield* client.each(batches, async (batch) => [await client.call('opensearch:DescribeDomains', { DomainNames: batch })]);
    }
  },
  normalise(view) {
    return view.each('opensearch:ListDomainNames', Listed, ({ DomainName: name }) => {
      const domain = describedDomain(view, name);
      const field = <T>(fn: (found: z.output<typeof Domain>) => T | undefined): Reading<T> => read(domain, (found) => stated(fn(found)));
      return AwsOpensearchDomain.draft(
        { id: view.id('opensearch-domain', name), display: name },
        {
          name,
          isBeingDeleted: field((found) => found.Deleted),
          encryptedAtRest: field((found) => found.EncryptionAtRestOptions?.Enabled),
          encryptedBetweenNodes: field((found) => found.NodeToNodeEncryptionOptions?.Enabled),
          httpsOnly: field((found) => found.DomainEndpointOptions?.EnforceHTTPS),
          tlsPolicy: field((found) => found.DomainEndpointOptions?.TLSSecurityPolicy),
          vpcId: read(domain, ({ VPCOptions: vpc }) => (vpc === undefined ? null : stated(vpc.VPCId))),
          policyIsPublic: field((found) => letsEveryoneIn(found.AccessPolicies)),
          fineGrainedAccess: field((found) => signsUsersIn(found.AdvancedSecurityOptions)),
        },
      );
    });
  },
});

/** A batch that was refused names no domain, so its reason is that of the operation. */
function describedDomain(view: ItemView, name: string): Reading<z.output<typeof Domain>> {
  const domain = view.part('opensearch:DescribeDomains', name, Domain);
  if (isUnread(domain)) return unread(view.gapIn('opensearch:DescribeDomains') ?? domain.reason);
  return domain ?? unread('malformed-reply');
}
/** Undefined when there is no saying. A domain without a policy lets nobody in but whom IAM does. */
function letsEveryoneIn(policy: string | undefined): boolean | undefined {
  if (policy === undefined) return undefined;
  if (policy === '') return false;
  const statements = readPolicy(policy);
  const answer = statements === undefined ? 'unclear' : isOpen(statements);
  return answer === 'unclear' ? undefined : answer === 'yes';
}
/** Anonymous access, kept for a while when fine-grained access is switched on late, lets everybody in all the same. */
function signsUsersIn(options: z.output<typeof Domain>['AdvancedSecurityOptions']): boolean | undefined {
  if (options?.Enabled !== true) return options?.Enabled;
  return options.AnonymousAuthEnabled === undefined ? undefined : !options.AnonymousAuthEnabled;
}
