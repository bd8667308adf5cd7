import { didYouMean } from '../../config/nearest-name.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Deviation, PeriodHistory } from '../../model/history.ts';
import type { Composition } from '../composition.ts';
import { type PeriodOptions, readPeriod } from '../read-period.ts';
import { readPeriods } from './read-periods.ts';

/**
 * The deviation with an id, and the history that holds it: of a period, or of whichever period has it, the latest first, then of the last
 * days. Only the control that its id names is read.
 * @throws ProoflineError `usage` when there is none, `not-found` when there is no such period, `store-*`
 */
export async function findDeviation(
  app: Composition,
  id: string,
  period: string | undefined,
  options: Pick<PeriodOptions, 'statuses'> = {},
): Promise<{ readonly deviation: Deviation; readonly history: PeriodHistory }> {
  const seen: string[] = [];
  const control = /^D-(.+)-[0-9a-f]+$/.exec(id)?.[1];
  for (const candidate of period === undefined ? await candidates(app) : [period]) {
    const history = await readPeriod(app, candidate, { ...options, ...(control === undefined ? {} : { control }) });
    const deviation = history.deviations.find((one) => one.id === id);
    if (deviation !== undefined) return { deviation, history };
    seen.push(...history.deviations.map((one) => one.id));
  }
  const where = period === undefined ? '' : ` in ${period}`;
  throw new ProoflineError('usage', `there is no deviation "${id}"${where}${didYouMean(id, seen)}: proofline deviations list has them all`);
}

/** Periods that have begun, the latest first, and the last days. */
async function candidates(app: Composition): Promise<readonly (string | undefined)[]> {
  const store = await app.openStore({ readOnly: true });
  try {
    const now = app.now();
    const begun = readPeriods(store).filter(({ period }) => period.from <= now);
    return [...begun.map(({ period }) => period.id).reverse(), undefined];
  } finally {
    await store.close();
  }
}
