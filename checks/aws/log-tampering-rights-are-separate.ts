import { AwsIamPrincipal, examplePrincipal } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/log-tampering-rights-are-separate',
  claim: 'The user or role does not hold both administration of IAM and the right to stop trails, or is on the approved list',
  subject: AwsIamPrincipal,
  appliesTo: (principal) => !principal.managedByAws || principal.arn.includes('/aws-reserved/'),
  severity: 'high',
  rationale:
    'Who gives rights and can also switch off the record of it can act without a trace. Rights count through all policies, groups and the boundary; service control policies, which can take them away, are not visible here.',
  remediation: {
    console:
      'Deny cloudtrail:StopLogging, DeleteTrail, UpdateTrail and PutEventSelectors to administrators by a permissions boundary; a service control policy does it too, but is not seen here. Enter break-glass principals as approvedPrincipals in the control.',
    cli: 'aws iam put-role-permissions-boundary --role-name <role> --permissions-boundary <arn>; of a user: aws iam put-user-permissions-boundary --user-name <user> --permissions-boundary <arn>',
    terraform: 'Set permissions_boundary of the aws_iam_role or aws_iam_user to a policy that denies these actions.',
  },
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
  ],
  parameters: z.object({ approvedPrincipals: z.array(z.string()).default([]) }),
  test(principal, { parameters }) {
    if (!principal.administersIam) return pass('does not administer IAM');
    if (!principal.canStopTrails) return pass('administers IAM and cannot stop trails');
    return parameters.approvedPrincipals.includes(principal.name)
      ? pass('both rights are approved for it')
      : fail(`the ${principal.kind} administers IAM and can stop or narrow trails`);
  },
  examples: {
    pass: {
      neither: examplePrincipal,
      'administers IAM only': { ...examplePrincipal, administersIam: true },
      'manages trails only': { ...examplePrincipal, canStopTrails: true },
    },
    fail: { both: { ...examplePrincipal, administersIam: true, canStopTrails: true } },
  },
});
