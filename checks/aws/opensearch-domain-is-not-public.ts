import { AwsOpensearchDomain, exampleDomain } from '../../collectors/aws/opensearch-domains/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/opensearch-domain-is-not-public',
  claim: 'The search domain is inside a VPC, or answers nobody who has not signed in or is not named by its access policy',
  subject: AwsOpensearchDomain,
  appliesTo: (domain) => !domain.isBeingDeleted,
  severity: 'critical',
  rationale:
    'A domain with a public endpoint and an access policy for everybody answers the whole internet, indexes and all. `requireVpc` asks that there be no public endpoint at all; a domain cannot be moved into a VPC later.',
  remediation: {
    console:
      'OpenSearch Service > Domains > the domain > Security configuration > Edit: limit the access policy and enable fine-grained access control; or create a domain with VPC access and move the data.',
    cli: 'aws opensearch update-domain-config --domain-name DOMAIN --access-policies file://policy.json',
    terraform: `resource "aws_opensearch_domain" "this" {
  # ...
  vpc_options {
    subnet_ids         = [aws_subnet.this.id]
    security_group_ids = [aws_security_group.search.id]
  }
}`,
  },
  references: [
    'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html',
    'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html',
  ],
  parameters: z.object({ requireVpc: z.boolean().default(false) }),
  test(domain, { parameters }) {
    if (domain.vpcId !== null) return pass(`inside ${domain.vpcId}`);
    if (parameters.requireVpc) return fail('the domain has a public endpoint');
    if (!domain.policyIsPublic) return pass('the endpoint is public, and the access policy does not let everybody in');
    return domain.fineGrainedAccess
      ? pass('the endpoint is public, and everybody has to sign in')
      : fail('the endpoint is public, and the access policy lets everybody in');
  },
  examples: {
    pass: {
      'in a VPC': exampleDomain,
      'in a VPC, with a policy for everybody': { ...exampleDomain, policyIsPublic: true, fineGrainedAccess: false },
      'public endpoint, policy for some': { ...exampleDomain, vpcId: null, fineGrainedAccess: false },
      'public endpoint, users sign in': { ...exampleDomain, vpcId: null, policyIsPublic: true },
    },
    fail: { 'public endpoint, policy for everybody': { ...exampleDomain, vpcId: null, policyIsPublic: true, fineGrainedAccess: false } },
  },
});
