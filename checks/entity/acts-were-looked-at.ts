import { EntityActRule, exampleActRule } from '../../collectors/entity/acts/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/acts-were-looked-at',
  claim: 'The record of what was done under the rule is read somewhere',
  subject: EntityActRule,
  appliesTo: (rule, { parameters }) => parameters.rules.length === 0 || parameters.rules.includes(rule.rule),
  severity: 'medium',
  rationale:
    'That nobody was found to do both says something only where it was looked for: in a record that is read, of each kind of act the rule speaks of.',
  remediation: {
    console: 'Connect the system that records such acts, or disable the rule with a reason in the separation file.',
    cli: 'proofline sod rules; proofline doctor',
    terraform: 'Give the reading role of Proofline the rights that proofline permissions prints for the record that is missing.',
  },
  references: ['https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html'],
  parameters: z.object({
    /** Ids of rules; none: every rule. */
    rules: z.array(z.string()).default([]),
    /** Of several records of one kind of act one is enough. */
    oneRecordIsEnough: z.boolean().default(true),
  }),
  test({ rule, kinds, examined, conflicts, notConnected }, { parameters }) {
    const missing = parameters.oneRecordIsEnough ? notConnected.filter((type) => !type.startsWith('aws.cloudtrail.')) : notConnected;
    return missing.length > 0
      ? fail(`${rule}: nothing reads ${missing.join(', ')}`)
      : pass(`${rule}: ${examined} acts (${kinds.join(', ')}) were looked at, in ${conflicts} of them one person did both`);
  },
  examples: {
    pass: { 'its record is read': exampleActRule },
    fail: { 'nothing reads it': { ...exampleActRule, examined: 0, notConnected: ['app.payroll-run'] } },
  },
});
