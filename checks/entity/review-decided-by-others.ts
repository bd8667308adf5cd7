import { EntityReview, exampleReview } from '../../collectors/entity/reviews/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

const himself = {
  entry: 31,
  at: '2026-01-05T09:00:00.000Z',
  by: 'omar',
  what: 'assignment',
  rule: 'self-review',
  says: '"omar" is hr:E-104, whom the line concerns',
  lines: 3,
  mended: 0,
};
const forbidden = new Set(['self-review', 'not-approved', 'provisioner', 'unknown-reviewer']);

export default defineCheck({
  id: 'entity/review-decided-by-others',
  claim: 'Nobody is left to decide on access of his own, or of a system he is no reviewer of',
  subject: EntityReview,
  appliesTo: ({ state }) => state !== 'planned',
  severity: 'high',
  rationale:
    'A person who confirms his own access, or one who grants it and confirms it, reviews nothing. Such a decision changes nothing here; the line still needs somebody who may decide on it.',
  remediation: {
    console: 'Assign the lines to a reviewer who is on the list for the system, grants nothing in it, and is not the person they concern.',
    cli: 'proofline review assign DEFINITION/OCCASION --to REVIEWER --line LINE',
    terraform: 'None: it is the file of reviews that says who reviews.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-5'],
  parameters: z.object({}),
  test({ notCounted, metrics }) {
    const open = notCounted.filter(({ rule, lines, mended }) => forbidden.has(rule) && mended < lines);
    if (open.length > 0)
      return fail(
        open
          .slice(0, 5)
          .map(({ what, at, entry, says, lines, mended }) => `${what} of ${lines - mended} lines at ${at} (entry ${entry}): ${says}`)
          .join('; '),
      );
    return pass(
      metrics.selfReviewsBlocked === 0
        ? 'nobody was asked about himself'
        : `${metrics.selfReviewsBlocked} times somebody was to decide on himself, which was not counted; others decided`,
    );
  },
  examples: {
    pass: { nobody: exampleReview, 'others decided': { ...exampleReview, notCounted: [{ ...himself, mended: 3 }] } },
    fail: { 'assigned to himself': { ...exampleReview, notCounted: [himself] } },
  },
});
