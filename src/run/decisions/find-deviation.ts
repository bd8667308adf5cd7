import { didYouMean } from '../../config/nearest-name.ts';
import type { Deviation } from '../../model/history.ts';
import type { Composition } from '../composition.ts';
import { readPeriod } from '../read-period.ts';
import { refuseProblems } from './period-bounds.ts';
import { readPeriods } from './read-periods.ts';

/**
 * The deviation with an id: of a period, or of whichever period has it, the latest first, or of the last days when none is open.
 * @throws ProoflineError `usage` when there is none, `not-found` when there is no such period, `store-*`
 */
export async function findDeviation(app: Composition, id: string, period: string | undefined): Promise<Deviation> {
  const seen: string[] = [];
  for (const candidate of period === undefined ? await candidates(app) : [period]) {
    const { deviations } = await readPeriod(app, candidate);
    const found = deviations.find((deviation) => deviation.id === id);
    if (found !== undefined) return found;
    seen.push(...deviations.map((deviation) => deviation.id));
  }
  refuseProblems([`there is no deviation "${id}"${didYouMean(id, seen)} (proofline deviations)`]);
  throw new TypeError('a problem was not told');
}

/** Periods that have begun, the latest first; undefined: none has. */
async function candidates(app: Composition): Promise<readonly (string | undefined)[]> {
  const store = await app.openStore({ readOnly: true });
  try {
    const now = app.now();
    const begun = readPeriods(store).filter(({ period }) => period.from <= now);
    return begun.length === 0 ? [undefined] : begun.map(({ period }) => period.id).reverse();
  } finally {
    await store.close();
  }
}
