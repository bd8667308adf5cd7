import { expect, it } from 'vitest';
import { plain } from '../../src/cli/cli.ts';
import { renderReviewPlan } from '../../src/cli/render-reviews.ts';
import type { ReviewPlanOutput } from '../../src/cli/review-shapes.ts';

const planned: ReviewPlanOutput['reviews'][number] = {
  id: 'quarterly/2026-q2',
  title: 'Quarterly review',
  controls: ['AC-12'],
  from: '2026-04-01',
  to: '2026-07-01',
  due: '2026-07-15T22:00:00.000Z',
  lateAfter: '2026-07-30T22:00:00.000Z',
  state: 'planned',
  notReviewed: [],
  preview: { lines: 4, reviewers: [{ reviewer: 'mia', lines: 4 }], unassigned: [] },
};
const textAt = (at: string, review: Partial<typeof planned> = {}) =>
  renderReviewPlan({ v: 1, at, reviews: [{ ...planned, ...review }] }, plain);

it('never calls a review planned whose time has passed', () => {
  expect(textAt('2026-07-15T21:59:59.999Z')).toContain('Quarterly review: planned, ');
  const missed = textAt('2026-07-15T22:00:00.000Z');
  expect(missed).toContain('NOT HELD when it was due');
  expect(missed).not.toContain('planned');
  expect(missed).toContain('It stays not held');
  expect(textAt('2026-08-01T00:00:00.000Z', { state: 'assigned', preview: null })).toContain('assigned, OVERDUE');
  expect(textAt('2026-08-01T00:00:00.000Z', { state: 'closed', preview: null })).not.toContain('OVERDUE');
});

it('says of every state but the decided ones what comes next', () => {
  for (const state of ['planned', 'frozen', 'assigned', 'in-review', 'remediating', 'verified', 'closed'] as const)
    expect(textAt('2026-07-01T00:00:00.000Z', { state, preview: null })).toMatch(/\n {2}Next: /);
});
