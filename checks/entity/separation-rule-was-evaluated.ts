import { EntitySeparationRule, exampleSeparationRule } from '../../collectors/entity/separations/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/separation-rule-was-evaluated',
  claim: 'The rule was held against everything that its duties are about, and every account in it is somebody’s',
  subject: EntitySeparationRule,
  appliesTo: (rule, { parameters }) => parameters.rules.length === 0 || parameters.rules.includes(rule.rule),
  severity: 'high',
  rationale:
    'A rule that finds nothing since the systems it is about are not read finds nothing about anybody. A rule that has no meaning here is disabled with its reason in the separation file, where an auditor sees it.',
  remediation: {
    console:
      'Connect the system that is named, say in the separation file which table and roles hold the duty, or disable the rule with a reason; give every account in it to a person or a registered service account (proofline account link).',
    cli: 'proofline sod rules; proofline account link ACCOUNT --person hr:NUMBER --because TEXT',
    terraform: 'Give the reading role of Proofline the rights that proofline permissions prints for the source that was not seen whole.',
  },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html'],
  parameters: z.object({
    /** Ids of rules; none: every rule. */
    rules: z.array(z.string()).default([]),
  }),
  test({ rule: id, title, examined, conflicts, unmitigated, unresolved, notConnected }) {
    const rule = `${id} (${title})`;
    if (notConnected.length > 0) return fail(`${rule} was not held against ${notConnected.join(', ')}: nothing that is read has it`);
    if (unresolved.length > 0) return fail(`${rule} concerns accounts of nobody that is known: ${unresolved.slice(0, 10).join(', ')}`);
    return pass(`${rule}: ${examined} hold a duty of it, ${conflicts} both, ${unmitigated} of them without a mitigation in force`);
  },
  examples: {
    pass: {
      'nobody holds both': exampleSeparationRule,
      'somebody does, and is told of elsewhere': { ...exampleSeparationRule, conflicts: 1, unmitigated: 1 },
    },
    fail: {
      'a table that nothing reads': { ...exampleSeparationRule, notConnected: ['table payroll.users'] },
      'an account of nobody': { ...exampleSeparationRule, unresolved: ['deploy-2'] },
    },
  },
});
