import { defineResource, z } from '../../../src/authoring.ts';

export const AwsIamFederation = defineResource({
  type: 'aws.iam.federation',
  title: 'Identity providers the account trusts',
  aggregate: true,
  shape: {
    /** Providers through which people can sign in, by name. */
    forPeople: z.array(z.string()),
    /** Providers of pipelines and clusters. */
    forMachines: z.array(z.string()),
  },
});

export const AwsIamIdentityProvider = defineResource({
  type: 'aws.iam.identity-provider',
  title: 'Identity provider in IAM',
  shape: {
    name: z.string(),
    kind: z.enum(['saml', 'oidc']),
    /** A provider known to issue tokens to pipelines or clusters only. Anything else may carry people. */
    forMachines: z.boolean(),
    /** What AWS cannot tell: whether the provider asks people for a second factor. */
    requiresSecondFactor: z.boolean(),
  },
});
