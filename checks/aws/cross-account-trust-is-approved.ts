import { AwsIamRole, exampleRole } from '../../collectors/aws/iam-authorization-details/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const party = { kind: 'account' as const, id: '444455556666', principal: 'arn:aws:iam::444455556666:root', bound: true };

export default defineCheck({
  id: 'aws/cross-account-trust-is-approved',
  claim: 'Every account outside that the role trusts is on the approved list',
  subject: AwsIamRole,
  severity: 'high',
  rationale:
    'A role that trusts another account lets in whoever that account lets in. Vendors and former projects stay in trust policies for years. An external id is asked of a vendor, so that it cannot be led into an account of another customer.',
  remediation: {
    console:
      'IAM, Roles, the role, Trust relationships: remove the account, or enter it as approvedAccounts in the control. For a vendor add a condition on sts:ExternalId.',
    cli: 'aws iam update-assume-role-policy --role-name <role> --policy-document file://trust.json',
    terraform:
      'In assume_role_policy of the aws_iam_role, remove the principal or add a condition block with test = "StringEquals", variable = "sts:ExternalId" and values = ["..."].',
  },
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_cross-account-with-roles.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  ],
  parameters: z.object({
    approvedAccounts: z.array(z.string()).default([]),
    /** Of the approved ones: those that must be bound by an external id, a factor or the like. */
    vendorAccounts: z.array(z.string()).default([]),
    approvedRoles: z.array(z.string()).default([]),
  }),
  test(role, { parameters }) {
    if (role.trustsOutside.length === 0) return pass('trusts nobody outside of the account');
    if (parameters.approvedRoles.includes(role.roleName)) return pass('what the role trusts is approved');
    const vendors = new Set(parameters.vendorAccounts);
    const approved = new Set([...parameters.approvedAccounts, ...vendors]);
    const refused = role.trustsOutside.filter(
      ({ kind, id, bound }) => kind !== 'account' || !approved.has(id) || (vendors.has(id) && !bound),
    );
    if (refused.length === 0) return pass('every account it trusts is approved');
    const named = refused.map(({ kind, id, bound }) => {
      if (kind === 'everyone') return bound ? 'everyone, under a condition' : 'everyone';
      return approved.has(id) ? `${id} without an external id` : id;
    });
    return fail(`trusts ${[...new Set(named)].join(', ')}`);
  },
  examples: {
    pass: { 'nobody outside': exampleRole },
    fail: {
      'an account nobody approved': { ...exampleRole, trustsOutside: [party] },
      everyone: { ...exampleRole, trustsOutside: [{ kind: 'everyone', id: '*', principal: '*', bound: false }] },
      'everyone under a condition': { ...exampleRole, trustsOutside: [{ kind: 'everyone', id: '*', principal: '*', bound: true }] },
    },
  },
});
