import { expect, test } from 'vitest';
import { rulesChanged } from '../../../src/run/bundle/assemble-bundle.ts';

type Plans = Parameters<typeof rulesChanged>[0];
const control = (id: string, detectAndFix: string, status = 'adopted') => ({ id, status, tolerance: { detectAndFix } });
const plan = (index: number, at: string, tolerance: string, parametersDigest: string, scopeRules: readonly string[] = []) => ({
  index,
  at,
  detail: {
    controls: [control('A', tolerance), control('B', index === 1 ? 'PT1H' : 'PT9H', 'draft')],
    checks: [{ id: 'c', parametersDigest, controls: ['A'] }],
    scopeRules,
  },
});

test('what the period was opened with and is planned otherwise later is told, once and with its time', () => {
  const plans = [
    plan(1, '2026-01-01', 'PT99H', 'z', ['older']),
    plan(2, '2026-01-02', 'PT24H', 'x'),
    plan(3, '2026-01-03', 'PT48H', 'x'),
    plan(4, '2026-01-04', 'PT48H', 'x'),
    plan(5, '2026-01-05', 'PT48H', 'y', ['rule']),
    plan(6, '2026-01-06', 'PT1H', 'y', ['rule']),
  ] as unknown as Plans;
  expect(rulesChanged(plans, { plan: 2, to: '2026-01-06' })).toEqual([
    { at: '2026-01-03', what: ['tolerance of A'] },
    { at: '2026-01-05', what: ['checks or parameters of A', 'scope rules'] },
  ]);
  expect(rulesChanged(plans, { plan: 6, to: '2026-02-01' })).toEqual([]);
});
