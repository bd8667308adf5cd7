import { EntityReview, exampleReview } from '../../collectors/entity/reviews/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/review-roster-is-complete',
  claim: 'The access review is about every system, and its rosters were seen whole',
  subject: EntityReview,
  appliesTo: ({ state }) => state !== 'planned',
  severity: 'high',
  rationale:
    'Whoever is not on the roster is not reviewed. A list that was cut short, or a system nobody thought of, keeps exactly the access that nobody looks for.',
  remediation: {
    console:
      'Add the system to the file of reviews, or list it there as out with the reason; have what was not seen collected, and explain each difference.',
    cli: 'proofline review status && proofline collect --source entity',
    terraform: 'None: it is the file of reviews that says what is reviewed.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-2'],
  parameters: z.object({}),
  test({ notReviewed, doubts, systems, metrics }) {
    if (systems.length === 0) return fail('it is about no system');
    const found = [...(notReviewed.length === 0 ? [] : [`in no review: ${notReviewed.join(', ')}`]), ...doubts];
    return found.length === 0
      ? pass(`${metrics.lines} lines of ${systems.length} systems, each seen whole and reconciled`)
      : fail(found.slice(0, 10).join('; '));
  },
  examples: {
    pass: { whole: exampleReview },
    fail: {
      'a system nobody reviews': { ...exampleReview, notReviewed: ['okta:acme'] },
      'a roster that was cut short': { ...exampleReview, doubts: ['not all of github:9919 was seen'] },
      'about nothing': { ...exampleReview, systems: [] },
    },
  },
});
