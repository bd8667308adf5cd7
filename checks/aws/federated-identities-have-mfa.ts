import { AwsIamIdentityProvider, exampleProvider } from '../../collectors/aws/iam-federation/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/federated-identities-have-mfa',
  claim: 'The identity provider asks everyone who comes through it for a second factor',
  subject: AwsIamIdentityProvider,
  severity: 'critical',
  rationale:
    'AWS trusts what the provider says and cannot see how it came to say so. Until the provider itself is collected, there is no evidence either way. Providers known to carry pipelines and clusters only are not applicable: no person signs in there.',
  remediation: {
    console:
      'In the identity provider, require a second factor for the AWS application. Connect the provider to Proofline, or upload its policy as evidence.',
    cli: 'The AWS command line can only show which providers are trusted: aws iam list-saml-providers; aws iam list-open-id-connect-providers',
    terraform: 'Manage the sign-on policy in the Terraform provider of the identity provider (Okta, Entra ID, Google).',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html',
  ],
  parameters: z.object({}),
  test(provider) {
    if (provider.forMachines) return notApplicable(`${provider.name} issues tokens to pipelines or clusters, not to people`);
    return provider.requiresSecondFactor
      ? pass(`${provider.name} asks for a second factor`)
      : fail(`${provider.name} does not ask for a second factor`);
  },
  examples: {
    pass: { 'a provider that asks for it': exampleProvider },
    fail: { 'a provider that does not': { ...exampleProvider, requiresSecondFactor: false } },
    notApplicable: {
      'GitHub Actions': {
        ...exampleProvider,
        name: 'token.actions.githubusercontent.com',
        kind: 'oidc',
        forMachines: true,
        requiresSecondFactor: false,
      },
    },
  },
});
