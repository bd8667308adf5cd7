import { EntityAct, exampleAct } from '../../collectors/entity/acts/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const [ana] = exampleAct.first;

export default defineCheck({
  id: 'entity/act-was-done-by-two',
  claim: 'What one person must not do alone was done by two',
  subject: EntityAct,
  appliesTo: (act, { parameters }) => parameters.rules.length === 0 || parameters.rules.includes(act.rule),
  severity: 'critical',
  rationale:
    'Rights say what could happen; this says what did. Persons are compared and not accounts: two accounts of one person are one, and a bot is whoever answers for it. An account whose person nobody can say leaves the act open.',
  remediation: {
    console:
      'Have another person look at what was done now and record what he found; then take the right away that made it possible (proofline sod explain RULE PERSON).',
    cli: 'proofline sod conflicts --acts; gh pr view NUMBER --json author,commits,reviews,mergedBy; aws cloudtrail lookup-events',
    terraform:
      'Require the second person where the act happens: reviews in a ruleset, reviewers of an environment, two releasers at the bank.',
  },
  references: [
    'https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/about-pull-request-reviews',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  ],
  parameters: z.object({
    /** Ids of rules; none: every rule. */
    rules: z.array(z.string()).default([]),
  }),
  test: ({ rule, title, on, at, says, conflict }) =>
    conflict ? fail(`${on}, ${at}: ${says} (${rule}: ${title})`) : pass(`${on}, ${at}: ${says}`),
  examples: {
    pass: { 'written by one, approved by another': exampleAct },
    fail: {
      'approved by its author': { ...exampleAct, second: [ana!], says: 'only ana took part beside ana: no second person', conflict: true },
      'approved from a second account of its author': {
        ...exampleAct,
        second: [{ account: 'github:9919/member/U_ana2', name: 'ana-2', person: 'hr:E-104', bot: false }],
        says: 'only ana-2 took part beside ana: no second person',
        conflict: true,
      },
      'granted himself': {
        ...exampleAct,
        rule: 'SOD-03',
        kind: 'access-grant',
        second: [ana!],
        says: 'ana did both',
        conflict: true,
      },
    },
  },
});
