import type { DescribedLife, DescribedStep } from '../run/described-life.ts';
import { decisionSteps } from './decisions.ts';
import { accessSteps } from './decisions-on-access.ts';
import type { DescribedClock } from './described-clock.ts';
import { endingSteps } from './ending.ts';
import { collectionSteps } from './schedule.ts';

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
  return [...collectionSteps(), ...decisionSteps, ...accessSteps, ...endingSteps].sort((a, b) => (a.at < b.at ? -1 : 1));
}
