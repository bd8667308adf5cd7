import { EntityReviewLine, exampleReviewLine } from '../../collectors/entity/reviews/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const exception = { ...exampleReviewLine, decision: 'exception' as const, present: true, goneBy: null, due: '2099-04-01T00:00:00.000Z' };

export default defineCheck({
  id: 'entity/review-exception-not-expired',
  claim: 'What an access review let stand for a time is gone, or still within that time',
  subject: EntityReviewLine,
  appliesTo: ({ decision }) => decision === 'exception',
  severity: 'medium',
  rationale: 'An exception without an end is a rule. One whose end has passed and whose access is still there was accepted by nobody.',
  remediation: {
    console: 'Take the access away, or have the reviewer decide on the line again with a new end and a reason.',
    cli: 'proofline review status',
    terraform: 'Remove the assignment from the configuration that grants it, and apply it.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-2'],
  parameters: z.object({}),
  test({ due, present, replacedBy }, { asOf }) {
    if (replacedBy !== null) return pass(`${replacedBy} decided anew`);
    if (!present) return pass('no longer in the roster');
    return asOf < due ? pass(`excepted until ${due}`, { until: due }) : fail(`the exception ended at ${due}, and it is still there`);
  },
  examples: {
    pass: { holds: exception, gone: { ...exception, present: false, due: '2020-04-01T00:00:00.000Z' } },
    fail: { past: { ...exception, due: '2020-04-01T00:00:00.000Z' } },
  },
});
