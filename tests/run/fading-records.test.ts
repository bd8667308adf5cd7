import { expect, test } from 'vitest';
import { fadingRecords } from '../../src/run/fading-records.ts';

const collectors = [{ id: 'aws/diary', remembersDays: 90 }, { id: 'aws/users' }];
const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z', backfill: false };
const read = { collector: 'aws/diary', scope: 'aws:1', window, completeness: { kind: 'complete' as const } };

test('a record is fading once half of what its source remembers was not read', () => {
  expect(fadingRecords([read], collectors, '2026-02-15T23:00:00.000Z')).toEqual([]);
  expect(fadingRecords([read], collectors, '2026-02-16T00:00:00.001Z')).toEqual([
    { collector: 'aws/diary', scope: 'aws:1', since: window.to, forgets: '2026-04-02T00:00:00.000Z' },
  ]);
});

test('a window that was not read to its end counts from where it began', () => {
  const torn = { ...read, completeness: { kind: 'incomplete' as const, reasons: ['rate-limited' as const] } };
  expect(fadingRecords([torn], collectors, '2026-02-15T12:00:00.000Z').map(({ since }) => since)).toEqual([window.from]);
});

test('what is no record of events never fades', () => {
  const state = { collector: 'aws/users', scope: 'aws:1', window: undefined, completeness: { kind: 'complete' as const } };
  expect(fadingRecords([state], collectors, '2030-01-01T00:00:00.000Z')).toEqual([]);
});
