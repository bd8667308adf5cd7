import collectors from '../../collectors/index.generated.ts';
import type { DescribedLife, DescribedStep } from '../run/described-life.ts';
import type { DescribedClock } from './described-clock.ts';
import { collectionSteps } from './schedule.ts';

/** First and last instant of 1 April 2025 to 31 March 2026 as Berlin has them. */
export const period = { start: '2025-04-01', end: '2026-03-31', zone: 'Europe/Berlin' } as const;
const edges = { from: '2025-03-31T22:00:00.000Z', to: '2026-03-31T22:00:00.000Z' } as const;

/** The year of Northwind Payroll, as it can be lived through. */
export function describedLife(clock: DescribedClock): DescribedLife {
  let made: readonly DescribedStep[] | undefined;
  return {
    get steps() {
      made ??= stepsOf();
      return made;
    },
    livedThrough: clock.livedThrough,
    setClock: clock.set,
    markLived: clock.markLived,
  };
}

function stepsOf(): readonly DescribedStep[] {
  const events = collectors.filter(({ kind }) => kind === 'events').map(({ id }) => id);
  return [...collectionSteps(events, edges)];
}
