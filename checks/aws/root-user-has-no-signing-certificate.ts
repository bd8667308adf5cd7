import { AwsIamCredential, exampleRoot } from '../../collectors/aws/iam-credential-report/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/root-user-has-no-signing-certificate',
  claim: 'The root user has no active signing certificate',
  subject: AwsIamCredential,
  appliesTo: (user) => user.isRoot,
  severity: 'high',
  rationale:
    'An X.509 signing certificate authenticates old SOAP interfaces as the root user, without a second factor. Hardly anything needs it any more, and nobody watches it.',
  remediation: {
    console: 'As the root user, open Security credentials, and under X.509 certificates make every certificate inactive and delete it.',
    cli: 'With credentials of the root user: aws iam list-signing-certificates, then aws iam delete-signing-certificate --certificate-id <id>',
    terraform:
      'Terraform cannot remove certificates of the root user; with aws_iam_organizations_features RootCredentialsManagement the organisation can delete those of member accounts.',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html',
  ],
  changes: { breaks: ['iam.amazonaws.com:UploadSigningCertificate'], mends: [] },
  parameters: z.object({}),
  test: (user) =>
    user.activeSigningCertificates === 0
      ? pass('no signing certificate of the root user is active')
      : fail(`${user.activeSigningCertificates} signing certificate(s) of the root user are active`),
  examples: {
    pass: { 'no certificate': exampleRoot },
    fail: { 'an active certificate': { ...exampleRoot, activeSigningCertificates: 1 } },
  },
});
