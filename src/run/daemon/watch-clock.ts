import type { Composition } from '../composition.ts';

/** Beneath that it is the clock being kept right, a little at a time. */
const toleranceMs = 10_000;

export interface ClockMove {
  /** Positive: it was put forward, or the machine slept. */
  readonly byMs: number;
  /** What it showed at the last look, and what it shows now. */
  readonly before: string;
  readonly after: string;
}

/** Compares the clock that people put with one that nobody does: each look says by how much the two went apart since the last one. */
export function watchClock({ now, monotonic }: Pick<Composition, 'now' | 'monotonic'>): () => ClockMove | undefined {
  let last = { wall: now(), steady: monotonic() };
  return () => {
    const next = { wall: now(), steady: monotonic() };
    const byMs = Math.round(Date.parse(next.wall) - Date.parse(last.wall) - (next.steady - last.steady));
    const move = { byMs, before: last.wall, after: next.wall };
    last = next;
    return Math.abs(byMs) < toleranceMs ? undefined : move;
  };
}
