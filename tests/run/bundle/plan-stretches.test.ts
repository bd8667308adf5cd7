import { expect, test } from 'vitest';
import { planStretches } from '../../../src/run/bundle/plan-stretches.ts';

const period = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
const plan = (at: string, index: number, version: string) =>
  ({ at, index, detail: { version } }) as Parameters<typeof planStretches>[0][number];
const versions = (...plans: Parameters<typeof planStretches>[0]) =>
  planStretches(plans, period, ({ version }) => [['', version]]).map(({ value, from, to }) => `${value} ${from} ${to}`);

test('what was planned before the period holds from its first instant, and equal plans are one stretch', () => {
  expect(
    versions(plan('2025-12-01T00:00:00.000Z', 1, '1'), plan('2026-01-05T00:00:00.000Z', 9, '1'), plan('2026-01-20T00:00:00.000Z', 12, '2')),
  ).toEqual([`1 ${period.from} 2026-01-20T00:00:00.000Z`, `2 2026-01-20T00:00:00.000Z ${period.to}`]);
});
test('of the time before the first plan nothing is said', () => {
  expect(versions(plan('2026-01-05T00:00:00.000Z', 1, '1'))).toEqual([`1 2026-01-05T00:00:00.000Z ${period.to}`]);
});
