import { EntityReview, exampleReview } from '../../collectors/entity/reviews/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/access-review-was-held',
  claim: 'Every line of the access review was decided when it was due',
  subject: EntityReview,
  severity: 'high',
  rationale:
    'A review that is due every quarter and was not held in one is a period in which nobody with authority looked at who has access. The record of the next one does not fill it.',
  remediation: {
    console:
      'Freeze and assign the review, have every line decided, and tell the auditor what happened: the quarter that was missed stays missed.',
    cli: 'proofline review start DEFINITION/OCCASION && proofline review assign DEFINITION/OCCASION',
    terraform: 'None: a review is held by people.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-2'],
  parameters: z.object({
    lateDays: z.int().min(0).max(90).default(0).meta({ description: 'Days after it was due on which a review still counts as in time' }),
  }),
  test({ state, decided, due, metrics }, { asOf, parameters }) {
    const last = addDays(due, parameters.lateDays);
    if (decided !== null) {
      return decided <= last
        ? pass(`all ${metrics.lines} lines were decided by ${decided}; it was due by ${due}`)
        : fail(`the last line was decided at ${decided}, after it was due by ${due}`);
    }
    if (asOf < last) return pass(`not due before ${due}: ${metrics.decided} of ${metrics.lines} lines are decided`, { until: last });
    return fail(
      state === 'planned'
        ? `it was due by ${due}, and nobody began it`
        : `it was due by ${due}, and ${metrics.decided} of ${metrics.lines} lines are decided`,
    );
  },
  examples: {
    pass: {
      'decided in time': exampleReview,
      'not due yet': {
        ...exampleReview,
        state: 'planned',
        opened: null,
        assigned: null,
        decided: null,
        closed: null,
        due: '2099-01-17T00:00:00.000Z',
      },
    },
    fail: {
      'decided late': { ...exampleReview, decided: '2026-01-20T08:00:00.000Z' },
      'a missed quarter': {
        ...exampleReview,
        state: 'planned',
        opened: null,
        assigned: null,
        decided: null,
        closed: null,
        due: '2020-01-17T00:00:00.000Z',
      },
    },
  },
});
