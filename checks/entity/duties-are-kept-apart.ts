import { EntitySeparation, exampleSeparation } from '../../collectors/entity/separations/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const [produces] = exampleSeparation.holds;
const both = {
  ...exampleSeparation,
  conflict: true,
  holds: [produces!, { ...produces!, duty: 'administer-audit-log', title: 'stop or alter the audit log', count: 2 }],
};
const mitigation = {
  id: 'M-1a2b3c4d',
  standing: 'in-force' as const,
  reason: 'its check aws/trail-is-logging passes for aws:111122223333/trail/main',
  control: 'AC-15',
  owner: 'hr:E-101',
  approvedBy: 'cara',
  expires: '2026-03-31T00:00:00.000Z',
};

export default defineCheck({
  id: 'entity/duties-are-kept-apart',
  claim: 'One person does not hold both duties that the rule keeps apart, or a mitigation in force lies over it',
  subject: EntitySeparation,
  appliesTo: (separation, { parameters }) => parameters.rules.length === 0 || parameters.rules.includes(separation.rule),
  severity: 'critical',
  rationale:
    'Whoever can both commit and conceal an error or a fraud needs nobody else to. A mitigation counts while another person’s approval and its own check hold it up: when it expires, or its check fails or is silent, the conflict is open again. How grave each rule is, the rule itself says.',
  remediation: {
    console:
      'Look at the ways to both duties (proofline sod explain RULE PERSON) and take one of them away at the group, team, role or policy that gives it. Where that cannot be yet: proofline sod mitigate, with a control, its check, and another person’s approval.',
    cli: 'proofline sod explain RULE PERSON; then aws iam detach-role-policy, aws iam remove-user-from-group, gh api -X DELETE orgs/ORG/teams/TEAM/memberships/USER',
    terraform: 'Remove the membership, attachment or assignment that the explanation names, and give the duty to another group of people.',
  },
  references: [
    'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_least_privileges.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  ],
  parameters: z.object({
    /** Ids of rules; none: every rule. */
    rules: z.array(z.string()).default([]),
  }),
  test({ rule, name, holds, conflict, mitigation: found }) {
    const duties = holds.map(({ title, count }) => (count === 1 ? title : `${title} (${count} ways)`)).join(' and ');
    if (!conflict) return pass(`${name} can ${duties}, and not both that ${rule} keeps apart`);
    const { standing, id, reason, expires } = found;
    const said = `${name} can ${duties} (${rule})`;
    if (standing === 'in-force' && expires !== null)
      return pass(`${said}; the mitigation ${id} is in force: ${reason}`, { until: expires });
    return fail(standing === 'none' ? `${said}, and nothing mitigates it` : `${said}, and the mitigation ${id} does not count: ${reason}`);
  },
  examples: {
    pass: { 'one of the two': exampleSeparation, 'both, with a mitigation in force': { ...both, mitigation } },
    fail: {
      'both, and nothing over it': both,
      'its mitigation expired': {
        ...both,
        mitigation: { ...mitigation, standing: 'expired', reason: 'it expired at 2026-01-01T00:00:00.000Z' },
      },
      'the check of its mitigation fails': { ...both, mitigation: { ...mitigation, standing: 'failing', reason: 'its check fails' } },
      'nobody approved its mitigation': {
        ...both,
        mitigation: { ...mitigation, standing: 'unproven', reason: 'no second person has approved it' },
      },
    },
  },
});
