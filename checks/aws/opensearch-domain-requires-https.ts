import { AwsOpensearchDomain, exampleDomain } from '../../collectors/aws/opensearch-domains/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/opensearch-domain-requires-https',
  claim: 'The search domain answers over TLS 1.2 or later only',
  subject: AwsOpensearchDomain,
  appliesTo: (domain) => !domain.isBeingDeleted,
  severity: 'high',
  rationale:
    'A domain that does not enforce HTTPS answers plain requests too, and an old TLS policy accepts versions of TLS that are broken.',
  remediation: {
    console: 'OpenSearch Service > Domains > the domain > Actions > Edit security configuration: require HTTPS, with a TLS 1.2 policy.',
    cli: 'aws opensearch update-domain-config --domain-name DOMAIN --domain-endpoint-options EnforceHTTPS=true,TLSSecurityPolicy=Policy-Min-TLS-1-2-PFS-2023-10',
    terraform: `resource "aws_opensearch_domain" "this" {
  # ...
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}`,
  },
  references: ['https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html'],
  parameters: z.object({
    tlsPolicies: z
      .array(z.string())
      .default(['Policy-Min-TLS-1-2-2019-07', 'Policy-Min-TLS-1-2-PFS-2023-10', 'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08']),
  }),
  test(domain, { parameters }) {
    if (!domain.httpsOnly) return fail('plain HTTP is answered');
    const { tlsPolicy } = domain;
    return parameters.tlsPolicies.includes(tlsPolicy)
      ? pass(`HTTPS only, ${tlsPolicy}`)
      : fail(`HTTPS only, but ${tlsPolicy} is not among the accepted policies`);
  },
  examples: {
    pass: { 'HTTPS with TLS 1.2': exampleDomain },
    fail: {
      'plain HTTP is answered': { ...exampleDomain, httpsOnly: false },
      'TLS 1.0 is accepted': { ...exampleDomain, tlsPolicy: 'Policy-Min-TLS-1-0-2019-07' },
    },
  },
});
