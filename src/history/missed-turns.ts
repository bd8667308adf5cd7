import { Temporal } from 'temporal-polyfill';
import type { MissedTurn } from './find-deviations.ts';
import type { Stretch } from './spans.ts';

const steps: Readonly<Record<string, { readonly days?: number; readonly months?: number }>> = {
  daily: { days: 1 },
  weekly: { days: 7 },
  monthly: { months: 1 },
  quarterly: { months: 3 },
  'semi-annual': { months: 6 },
  annual: { months: 12 },
};

/**
 * Whole calendar turns of a period, in its zone, in which a control of that frequency should have operated and has no occurrence. A
 * frequency that knows no turns (continuous, ad hoc) misses none. `occurred`: milliseconds.
 */
export function missedTurns(frequency: string, period: Stretch, zone: string, occurred: readonly number[]): MissedTurn[] {
  const step = steps[frequency];
  if (step === undefined) return [];
  const missed: MissedTurn[] = [];
  const begin = Temporal.Instant.fromEpochMilliseconds(period.from).toZonedDateTimeISO(zone);
  for (let n = 0; ; n += 1) {
    const [from, to] = [n, n + 1].map(
      (turn) => begin.add({ days: (step.days ?? 0) * turn, months: (step.months ?? 0) * turn }).epochMilliseconds,
    ) as [number, number];
    if (to > period.to) return missed;
    if (!occurred.some((at) => at >= from && at < to)) missed.push({ from, to, frequency });
  }
}
