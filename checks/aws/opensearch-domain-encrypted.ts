import { AwsOpensearchDomain, exampleDomain } from '../../collectors/aws/opensearch-domains/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/opensearch-domain-encrypted',
  claim: 'The search domain is encrypted at rest',
  subject: AwsOpensearchDomain,
  appliesTo: (domain) => !domain.isBeingDeleted,
  severity: 'high',
  rationale: 'Encryption at rest covers indexes, logs, swap files and automated snapshots of the domain.',
  remediation: {
    console: 'OpenSearch Service > Domains > the domain > Actions > Edit security configuration: enable encryption of data at rest.',
    cli: 'aws opensearch update-domain-config --domain-name DOMAIN --encryption-at-rest-options Enabled=true,KmsKeyId=KEY',
    terraform: `resource "aws_opensearch_domain" "this" {
  # ...
  encrypt_at_rest { enabled = true }
}`,
  },
  references: ['https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html'],
  parameters: z.object({}),
  test: ({ encryptedAtRest }) => (encryptedAtRest ? pass('the domain is encrypted') : fail('the domain is not encrypted')),
  examples: {
    pass: { encrypted: exampleDomain },
    fail: { 'not encrypted': { ...exampleDomain, encryptedAtRest: false } },
  },
});
