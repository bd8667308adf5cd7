import { AwsIamRole, exampleRole } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const from = (id: string) => ({ kind: 'account' as const, id, principal: `arn:aws:iam::${id}:root`, bound: true });

export default defineCheck({
  id: 'aws/production-role-not-assumable-from-non-production',
  claim: 'No account outside of production can assume the role of a production account',
  subject: AwsIamRole,
  appliesTo: (role, { parameters }) => !parameters.nonProductionAccounts.includes(role.accountId),
  severity: 'high',
  rationale:
    'A path from development into production makes the weaker environment the way into the stronger one. An account that is named neither as production nor as a shared one counts as outside: who is not known to be production is not.',
  remediation: {
    console:
      'IAM, Roles, the role, Trust relationships: remove the account. Name the accounts of each environment as productionAccounts, sharedAccounts and nonProductionAccounts in the control.',
    cli: 'aws iam update-assume-role-policy --role-name <role> --policy-document file://trust.json',
    terraform: 'Remove the principal from assume_role_policy of the aws_iam_role; deploy from a shared deployment account.',
  },
  references: [
    'https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/organizing-your-aws-environment.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_aws-accounts.html',
  ],
  parameters: z.object({
    productionAccounts: z.array(z.string()).default([]),
    /** Accounts that serve every environment: deployment, security, the organisation's own. */
    sharedAccounts: z.array(z.string()).default([]),
    nonProductionAccounts: z.array(z.string()).default([]),
  }),
  test(role, { parameters }) {
    const inside = new Set([...parameters.productionAccounts, ...parameters.sharedAccounts]);
    const outside = role.trustsOutside.filter(({ kind, id }) => kind !== 'account' || !inside.has(id));
    if (outside.length === 0) return pass('nobody outside of production can assume it');
    const named = outside.map(({ kind, id }) => {
      if (kind === 'everyone') return 'everyone';
      return parameters.nonProductionAccounts.includes(id) ? `${id} (non-production)` : `${id} (environment not known)`;
    });
    return fail(`can be assumed from ${[...new Set(named)].join(', ')}`);
  },
  examples: {
    pass: { 'nobody outside': exampleRole },
    fail: {
      'an account of an environment nobody named': { ...exampleRole, trustsOutside: [from('444455556666')] },
      everyone: { ...exampleRole, trustsOutside: [{ kind: 'everyone', id: '*', principal: '*', bound: false }] },
    },
  },
});
