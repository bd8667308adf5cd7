import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { identityProviderEvents } from '../change-events.ts';

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
  changedBy: identityProviderEvents,
  shape: {
    name: z.string(),
    kind: z.enum(['saml', 'oidc']),
    /** A provider known to issue tokens to pipelines or clusters only. Anything else may carry people. */
    forMachines: z.boolean(),
    /** What AWS cannot tell: whether the provider asks people for a second factor. */
    requiresSecondFactor: z.boolean(),
  },
});

/** For the examples of checks. */
export const exampleProvider: ResourceOf<typeof AwsIamIdentityProvider> = {
  id: 'aws:111122223333/iam-identity-provider/arn:aws:iam::111122223333:saml-provider/Workforce',
  display: 'Workforce',
  name: 'Workforce',
  kind: 'saml',
  forMachines: false,
  requiresSecondFactor: true,
};
