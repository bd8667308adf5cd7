import { expect, test } from 'vitest';
import { controlChanges, zeroRowPulls } from '../../../src/run/bundle/management-pack.ts';

type Dataset = Parameters<typeof zeroRowPulls>[0][number];
type Population = Parameters<typeof zeroRowPulls>[1][number];
const quiet = {
  collector: 'aws/cloudtrail-events',
  scope: 'aws:111122223333/eu-central-1',
  kind: 'events',
  window: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', backfilled: false },
  total: 31,
  complete: 31,
  maxItems: 0,
  last: { finishedAt: '2026-02-01T00:00:01.000Z' },
  lastIndex: 99,
} as unknown as Dataset;
const empty = {
  record: { title: 'Changes', collector: 'toy/changes', scopes: ['toy:1'], from: 'a', to: 'b', final: true, complete: true, count: 0 },
  decision: 100,
  frozenAt: '2026-02-02T00:00:00.000Z',
  supersededBy: null,
} as unknown as Population;

test('a question counts as answered with nothing when no collection of it had a row and each was complete', () => {
  expect(zeroRowPulls([quiet], []).map(({ scope, index }) => ({ scope, index }))).toEqual([{ scope: quiet.scope, index: 99 }]);
  // The last window may well be empty: it says nothing of those before it.
  expect(zeroRowPulls([{ ...quiet, maxItems: 3 }], [])).toEqual([]);
  expect(zeroRowPulls([{ ...quiet, complete: 30 }], [])).toEqual([]);
  expect(zeroRowPulls([{ ...quiet, kind: 'state' }], [])).toEqual([]);
});

test('so does a population that is empty, final, complete and the latest of its kind', () => {
  expect(zeroRowPulls([], [empty])).toMatchObject([{ what: 'Changes', scope: 'toy:1', index: 100 }]);
  for (const change of [{ count: 1 }, { final: false }, { complete: false }]) {
    expect(zeroRowPulls([], [{ ...empty, record: { ...empty.record, ...change } }]), JSON.stringify(change)).toEqual([]);
  }
  expect(zeroRowPulls([], [{ ...empty, supersededBy: 'later' }])).toEqual([]);
});

test('a control that came into force within the period is a change of controls, with or without a decision behind it', () => {
  const control = (id: string, from: string) => ({
    control: { id },
    versions: [{ from, changes: [], control: { because: 'The board wants it' } }],
  });
  const history = {
    period: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
    controls: [control('AC-01', '2026-01-01T00:00:00.000Z'), control('OP-11', '2026-01-10T05:00:00.000Z')],
  } as unknown as Parameters<typeof controlChanges>[0];
  expect(controlChanges(history, [])).toEqual([
    {
      control: 'OP-11',
      at: '2026-01-10T05:00:00.000Z',
      change: 'Came into force: The board wants it',
      decision: null,
      kind: null,
      by: null,
    },
  ]);
});
