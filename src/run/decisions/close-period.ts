import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { findOpen } from './amend-period.ts';
import { by, type DecidedBy } from './open-period.ts';
import { dayAfter, isDay, refuseProblems, startOfDay } from './period-bounds.ts';
import { readDecisions } from './read-decisions.ts';
import { type PeriodRecord, readPeriods } from './read-periods.ts';
import { recordDecision } from './record-decision.ts';

export interface ClosePeriodRequest extends DecidedBy {
  readonly period: string;
  /** Last day on which what happened within the period was taken in; default: as given at opening, or now. */
  readonly cutOff?: string | undefined;
  readonly reportDate?: string | undefined;
  readonly reason: string;
}

/**
 * Closes a period that has ended: with its end and its cut-off. What arrives later is for a supplement. Returns it with what is still
 * missing, which stops nobody and is printed.
 * @throws ProoflineError `usage` before the period's end or the cut-off, and for dates that cannot be
 */
export async function closePeriod(
  app: Composition,
  store: Store,
  request: ClosePeriodRequest,
): Promise<{ readonly record: PeriodRecord; readonly warnings: readonly string[] }> {
  const { period } = findOpen(store, request.period);
  const now = app.now();
  const problems: string[] = [];
  if (now < period.to)
    problems.push(`"${period.id}" ends with ${period.end} (${period.zone}), that is at ${period.to}: it cannot be closed before`);
  const day = request.cutOff ?? period.cutOff ?? undefined;
  if (day !== undefined && !isDay(day)) problems.push(`the cut-off "${day}" is no date`);
  const cutOff = day === undefined || !isDay(day) ? now : startOfDay(dayAfter(day), period.zone);
  if (cutOff < period.to) problems.push(`the cut-off ${day ?? now} lies before the end of the period`);
  else if (cutOff > now && now >= period.to)
    problems.push(`what happened within the period is taken in until ${day ?? now}: close it after that, or give an earlier --cut-off`);
  const { reportDate } = request;
  if (reportDate !== undefined && !isDay(reportDate)) problems.push(`the report date "${reportDate}" is no date`);
  else if (reportDate !== undefined && reportDate <= period.end)
    problems.push(`the report date ${reportDate} lies before the end of the period`);
  refuseProblems(problems, 'the period is not closed');
  const warnings = stillMissing(store, period.id);
  await recordDecision(app, store, {
    ...by(request),
    payload: { type: 'close-period', period: period.id, cutOff, reportDate: reportDate ?? null },
    reason: request.reason,
  });
  const record = readPeriods(store).find((closed) => closed.period.id === period.id);
  if (record === undefined) throw new TypeError('the period that was closed is not there');
  return { record, warnings };
}

/** What a period should have and has not yet, in sentences. */
export function stillMissing(store: Store, id: string): readonly string[] {
  const decisions = readDecisions(store);
  const populations = decisions.flatMap(({ payload }) =>
    payload.type === 'freeze-population' && payload.population.period === id ? [payload.population] : [],
  );
  const final = new Set(populations.filter((population) => population.final).map((population) => population.id));
  const draft = [...new Set(populations.map((population) => population.id))].filter((population) => !final.has(population));
  const waiting = decisions.filter(
    ({ payload, approval, ended }) =>
      payload.type === 'amend-period' && payload.period === id && payload.loosens.length > 0 && approval === null && ended === null,
  );
  return [
    ...(populations.length === 0 ? ['no population is frozen for it (proofline population freeze)'] : []),
    ...draft.map((population) => `the population "${population}" is not final: freeze it again with what was collected after the end`),
    ...populations
      .filter((population) => population.final && !population.complete)
      .map((population) => `the final population "${population.id}" is incomplete`),
    ...waiting.map(({ index }) => `the amendment of entry ${index} loosens the ruler and waits for a second person: it is not in force`),
  ];
}
