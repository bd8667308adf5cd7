import { defineCollector, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsIamFederation, AwsIamIdentityProvider } from './resource.ts';

const Provider = z.object({ Arn: z.string() });

/** Issuers that give tokens to pipelines and clusters, never to people. */
const machineIssuers = [
  /^token\.actions\.githubusercontent\.com(?:\/|$)/,
  /^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\//,
  /^oidc\.circleci\.com(?:\/|$)/,
  /^agent\.buildkite\.com(?:\/|$)/,
  /^api\.bitbucket\.org\/2\.0\/workspaces\//,
  /^app\.terraform\.io(?:\/|$)/,
  /^oidc\.vercel\.com(?:\/|$)/,
];

export default defineCollector<AwsClient>({
  id: 'aws/iam-federation',
  title: 'SAML and OpenID Connect providers',
  kind: 'state',
  scope: 'account',
  yields: [AwsIamFederation, AwsIamIdentityProvider],
  permissions: ['iam:ListSAMLProviders', 'iam:ListOpenIDConnectProviders'],
  items: {
    'iam:ListSAMLProviders': { list: 'SAMLProviderList', key: 'Arn', keep: ['Arn', 'CreateDate', 'ValidUntil'] },
    'iam:ListOpenIDConnectProviders': { list: 'OpenIDConnectProviderList', key: 'Arn', keep: ['Arn'] },
  },
  async *collect(client) {
    yield* client.pages('iam:ListSAMLProviders');
    yield* client.pages('iam:ListOpenIDConnectProviders');
  },
  normalise(view) {
    const providers = [
      ...view.list('iam:ListSAMLProviders', Provider).map(({ body }) => ({ arn: body.Arn, kind: 'saml' as const })),
      ...view.list('iam:ListOpenIDConnectProviders', Provider).map(({ body }) => ({ arn: body.Arn, kind: 'oidc' as const })),
    ].map(({ arn, kind }) => {
      // arn:aws:iam::111122223333:saml-provider/Okta, ...:oidc-provider/token.actions.githubusercontent.com
      const name = arn.slice(arn.indexOf('/') + 1);
      return { arn, kind, name, forMachines: kind === 'oidc' && machineIssuers.some((issuer) => issuer.test(name)) };
    });
    const gap = view.gapIn('iam:ListSAMLProviders') ?? view.gapIn('iam:ListOpenIDConnectProviders');
    const names = (forMachines: boolean) => providers.filter((one) => one.forMachines === forMachines).map((one) => one.name);
    return [
      AwsIamFederation.draft(
        { id: view.id('iam-federation'), display: view.tenant },
        { forPeople: gap ? unread(gap) : names(false), forMachines: gap ? unread(gap) : names(true) },
      ),
      ...providers.map(({ arn, kind, name, forMachines }) =>
        AwsIamIdentityProvider.draft(
          { id: view.id('iam-identity-provider', arn), display: name },
          { name, kind, forMachines, requiresSecondFactor: unread('not-collected') },
        ),
      ),
    ];
  },
});
