import { AwsOpensearchDomain, exampleDomain } from '../../collectors/aws/opensearch-domains/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/opensearch-domain-encrypted-between-nodes',
  claim: 'The nodes of the search domain talk to each other over TLS',
  subject: AwsOpensearchDomain,
  appliesTo: (domain) => !domain.isBeingDeleted,
  severity: 'medium',
  rationale: 'Without it, data moves between the nodes of the domain in plain text.',
  remediation: {
    console: 'OpenSearch Service > Domains > the domain > Actions > Edit security configuration: enable node-to-node encryption.',
    cli: 'aws opensearch update-domain-config --domain-name DOMAIN --node-to-node-encryption-options Enabled=true',
    terraform: `resource "aws_opensearch_domain" "this" {
  # ...
  node_to_node_encryption { enabled = true }
}`,
  },
  references: ['https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ntn.html'],
  parameters: z.object({}),
  test: ({ encryptedBetweenNodes }) =>
    encryptedBetweenNodes ? pass('node-to-node encryption is on') : fail('node-to-node encryption is off'),
  examples: {
    pass: { on: exampleDomain },
    fail: { off: { ...exampleDomain, encryptedBetweenNodes: false } },
  },
});
