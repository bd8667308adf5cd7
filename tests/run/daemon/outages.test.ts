import { expect, test } from 'vitest';
import type { TurnRecord } from '../../../src/model/turn-record.ts';
import { noteOutage, whyMissed } from '../../../src/run/daemon/outages.ts';
import type { State } from '../../../src/store/state.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 0, 15, hour)).toISOString();
function values(): State['values'] {
  const kept = new Map<string, string>();
  return { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) } as State['values'];
}
const endedAt = (due: number, ended: number): TurnRecord => ({
  schedule: 'home/critical',
  done: { due: at(due), at: at(ended), index: 1 },
  failed: null,
  missed: null,
});

test('why a turn was missed: what somebody noted, then what the log shows of the turn before, and nothing is guessed', () => {
  const known = values();
  noteOutage(known, { reason: 'queue-unavailable', from: at(3), to: at(5) });
  expect(whyMissed(known, endedAt(0, 6), at(4))).toBe('queue-unavailable');
  expect(whyMissed(known, endedAt(4, 9), at(8))).toBe('overlap');
  expect(whyMissed(known, endedAt(4, 7), at(8))).toBe('not-known');
  // Days of which nobody kept anything, as on another machine.
  expect(whyMissed(values(), undefined, at(8))).toBe('not-known');
  // It is a turn of after it, which was no reason.
  expect(whyMissed(values(), endedAt(9, 10), at(8))).toBe('not-known');
});
