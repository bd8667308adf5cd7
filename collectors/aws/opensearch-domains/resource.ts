import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const AwsOpensearchDomain = defineResource({
  type: 'aws.opensearch.domain',
  title: 'OpenSearch or Elasticsearch domain',
  shape: {
    name: z.string(),
    /** The service is deleting it. */
    isBeingDeleted: z.boolean(),
    encryptedAtRest: z.boolean(),
    encryptedBetweenNodes: z.boolean(),
    httpsOnly: z.boolean(),
    /** `Policy-Min-TLS-1-2-2019-07` and the like. */
    tlsPolicy: z.string(),
    /** Null: its endpoint has a public address. */
    vpcId: z.string().nullable(),
    /** The access policy lets everybody in. */
    policyIsPublic: z.boolean(),
    /** Users have to sign in whatever the access policy says. */
    fineGrainedAccess: z.boolean(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleDomain: ResourceOf<typeof AwsOpensearchDomain> = {
  id: 'aws:111122223333/eu-central-1/opensearch-domain/search',
  display: 'search',
  name: 'search',
  isBeingDeleted: false,
  encryptedAtRest: true,
  encryptedBetweenNodes: true,
  httpsOnly: true,
  tlsPolicy: 'Policy-Min-TLS-1-2-2019-07',
  vpcId: 'vpc-0a1b2c3d4e5f60001',
  policyIsPublic: false,
  fineGrainedAccess: true,
};
