import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoveredType, controlState } from '../../src/evaluate/control-state.ts';
import { outcomes } from '../../src/model/outcome.ts';
import type { OutcomeCounts } from '../../src/model/statement.ts';

const counts = (some: Partial<OutcomeCounts> = {}): OutcomeCounts => ({
  pass: 0,
  fail: 0,
  'not-applicable': 0,
  empty: 0,
  'no-evidence': 0,
  waived: 0,
  ...some,
});
const uses = (...some: Partial<OutcomeCounts>[]) => some.map((one, n) => ({ check: `house/c${n}`, counts: counts(one) }));
const collected: CoveredType[] = [{ type: 'house.key', state: 'collected' }];
const missing: CoveredType[] = [...collected, { type: 'aws.kinesis.stream', state: 'not-collected' }];

describe('controlState', () => {
  it.each([
    ['a failure', uses({ pass: 5 }, { fail: 1 }), collected, 'failures-observed'],
    ['a waived failure, which stays visible', uses({ pass: 5 }, { waived: 1 }), collected, 'failures-observed'],
    ['a failure beside missing evidence', uses({ fail: 1, 'no-evidence': 3 }), missing, 'failures-observed'],
    ['missing evidence beside passes', uses({ pass: 5 }, { 'no-evidence': 1 }), collected, 'no-evidence'],
    ['a covered type that is not collected', uses({ pass: 5 }), missing, 'no-evidence'],
    ['passes', uses({ pass: 5 }, { empty: 1 }), collected, 'no-failures-observed'],
    ['nothing to judge', uses({ empty: 1 }, { empty: 1 }), collected, 'did-not-operate'],
    ['nothing that it applies to', uses({ 'not-applicable': 4 }), collected, 'did-not-operate'],
    ['no check', [], collected, 'no-evidence'],
    ['no check and nothing covered', [], [], 'no-evidence'],
    ['a check that nobody evaluated', [...uses({ pass: 1 }), { check: 'house/other', counts: undefined }], collected, 'no-evidence'],
    ['a check without a single result', uses({ pass: 1 }, {}), collected, 'no-evidence'],
    [
      'types that are not there',
      uses({ pass: 1 }),
      [
        { type: 'a', state: 'absent' },
        { type: 'b', state: 'declared-absent' },
      ],
      'no-failures-observed',
    ],
  ] as const)('%s', (_, of, covers, state) => {
    expect(controlState(of, covers).state).toBe(state);
  });
  it('gives the reasons in words, failures first', () => {
    const { reasons, counts: sum } = controlState(uses({ fail: 1, 'no-evidence': 2 }, { fail: 2 }), [
      ...missing,
      { type: 'aws.efs.file-system', state: 'declared-absent' },
    ]);
    expect(reasons).toEqual([
      'house/c0: 1 subject fails',
      'house/c1: 2 subjects fail',
      'house/c0: no evidence of 2 subjects',
      'aws.kinesis.stream is not collected',
      'aws.efs.file-system: declared absent by management',
    ]);
    expect(sum).toEqual(counts({ fail: 3, 'no-evidence': 2 }));
    expect(controlState([], []).reasons).toEqual(['no check serves this control']);
  });
  it('never says that no failures were observed while anything is unknown', () => {
    const anyCounts = fc.record(
      Object.fromEntries(outcomes.map((outcome) => [outcome, fc.nat(3)])) as Record<(typeof outcomes)[number], fc.Arbitrary<number>>,
    );
    const anyUse = fc.record({ check: fc.constant('x'), counts: fc.option(anyCounts, { nil: undefined }) });
    const anyCover = fc.record({
      type: fc.constant('t'),
      state: fc.constantFrom('collected', 'absent', 'declared-absent', 'not-collected'),
    });
    fc.assert(
      fc.property(fc.array(anyUse, { maxLength: 4 }), fc.array(anyCover, { maxLength: 4 }), (of, covers) => {
        const { state } = controlState(of, covers as CoveredType[]);
        const unknown =
          of.length === 0 ||
          of.some((use) => use.counts === undefined || use.counts['no-evidence'] > 0) ||
          covers.some((cover) => cover.state === 'not-collected');
        const failed = of.some((use) => (use.counts?.fail ?? 0) + (use.counts?.waived ?? 0) > 0);
        expect(state === 'failures-observed').toBe(failed);
        if (unknown) expect(['failures-observed', 'no-evidence']).toContain(state);
        if (state === 'no-failures-observed') expect(of.some((use) => (use.counts?.pass ?? 0) > 0)).toBe(true);
      }),
    );
  });
});
