import { EntityReviewLine, exampleReviewLine } from '../../collectors/entity/reviews/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/revocation-is-carried-out',
  claim: 'What an access review took away is gone from the roster in time',
  subject: EntityReviewLine,
  appliesTo: ({ decision }) => decision !== 'exception',
  severity: 'high',
  rationale:
    'The most common failure of access reviews is a ticket that says "done" and access that is still there. Only a roster that was collected afterwards shows that it is gone.',
  remediation: {
    console: 'Take the access away in the system itself; the next collection shows that it is gone, and nothing else does.',
    cli: 'proofline collect && proofline review status',
    terraform: 'Remove the assignment from the configuration that grants it, and apply it.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-6'],
  parameters: z.object({}),
  test({ decision, decidedAt, due, present, usedSince, replacedBy, review, goneBy }, { asOf }) {
    if (replacedBy !== null) return pass(`${replacedBy} decided anew`);
    const used = usedSince === null ? '' : `; the account was used at ${usedSince}, after that`;
    const what = decision === 'revoke' ? 'revoked' : 'to be changed';
    if (!present) return pass(`${what} by ${review} at ${decidedAt}, and gone from the roster by ${goneBy ?? asOf}${used}`);
    return asOf < due
      ? pass(`${what} at ${decidedAt}, to be done by ${due}${used}`, { until: due })
      : fail(`${what} at ${decidedAt}, to be done by ${due}, and still there${used}`);
  },
  examples: {
    pass: {
      gone: exampleReviewLine,
      'still in time': { ...exampleReviewLine, present: true, due: '2099-01-16T00:00:00.000Z' },
      'decided anew': { ...exampleReviewLine, present: true, replacedBy: 'quarterly-access/2026-q1' },
    },
    fail: {
      'still there': { ...exampleReviewLine, present: true, due: '2020-01-16T00:00:00.000Z' },
      'and used': { ...exampleReviewLine, present: true, due: '2020-01-16T00:00:00.000Z', usedSince: '2026-01-12T08:00:00.000Z' },
    },
  },
});
