import { rulerOf } from '../../config/engagements.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import type { Engagement, Period } from '../../model/engagement.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { recordPlan } from '../prepare-plan.ts';
import { isDay, isShorterThan, isZone, periodBounds, refuseProblems } from './period-bounds.ts';
import { type PeriodRecord, readPeriods } from './read-periods.ts';
import { type DecisionRequest, recordDecision } from './record-decision.ts';

/** Who decides: a name that somebody gave, or a key. */
export type DecidedBy = Pick<DecisionRequest, 'actor' | 'signer'>;

export interface OpenPeriodRequest extends DecidedBy {
  /** Id of the engagement. */
  readonly engagement: string;
  /** Default: the engagement's id and the last day. */
  readonly id?: string | undefined;
  /** Type 2: first and last day. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Type 1: the day. */
  readonly asOf?: string | undefined;
  readonly zone: string;
  readonly cutOff?: string | undefined;
  readonly reason: string;
}

/**
 * Opens a period: what it is measured by, the engagement and the plan are frozen as they are now. One that lies ahead can be opened.
 * Returns it with what is unusual about it.
 * @throws ProoflineError `usage` with everything that is wrong: an unknown engagement or zone, no days, reversed days, one that overlaps
 * another of the same engagement, an id that is taken
 */
export async function openPeriod(
  app: Composition,
  store: Store,
  request: OpenPeriodRequest,
): Promise<{ readonly record: PeriodRecord; readonly warnings: readonly string[] }> {
  const problems: string[] = [];
  const engagements = await app.engagements();
  const engagement = engagements.find(({ id }) => id === request.engagement);
  if (engagement === undefined) {
    const ids = engagements.map(({ id }) => id);
    const known = `${didYouMean(request.engagement, ids)}: the engagements file has ${ids.join(', ')}`;
    const hint = ids.length === 0 ? ': the configuration names no file under `engagements`' : known;
    problems.push(`there is no engagement "${request.engagement}"${hint}`);
  }
  const days = daysOf(request, engagement, problems);
  if (!isZone(request.zone))
    problems.push(`there is no time zone "${request.zone}"${didYouMean(request.zone, Intl.supportedValuesOf('timeZone'))}`);
  if (request.cutOff !== undefined && !isDay(request.cutOff)) problems.push(`the cut-off "${request.cutOff}" is no date`);
  else if (request.cutOff !== undefined && days !== undefined && request.cutOff < days.end)
    problems.push(`the cut-off ${request.cutOff} lies before the end of the period`);
  const id = request.id ?? `${request.engagement}-${days?.end ?? ''}`;
  const known = readPeriods(store);
  if (known.some(({ period }) => period.id === id)) problems.push(`the id "${id}" is taken by another period`);
  if (days !== undefined && isZone(request.zone)) {
    const bounds = periodBounds({ ...days, zone: request.zone });
    for (const { period } of known) {
      if (period.engagement.id === request.engagement && period.from < bounds.to && bounds.from < period.to)
        problems.push(`it overlaps "${period.id}" (${period.start} to ${period.end}, ${period.zone}) of the same engagement`);
    }
  }
  if (engagement === undefined || days === undefined) refuseProblems(problems);
  refuseProblems(problems);
  if (engagement === undefined || days === undefined) throw new TypeError('a problem was not told');

  const name = request.actor?.name ?? request.signer?.person ?? '';
  const plan = await recordPlan(app, store, { name, authentication: 'none' });
  const period: Period = {
    v: 1,
    id,
    engagement,
    ...days,
    zone: request.zone,
    ...periodBounds({ ...days, zone: request.zone }),
    cutOff: request.cutOff ?? null,
    ruler: rulerOf(engagement),
    plan,
  };
  const decision = await recordDecision(app, store, { ...by(request), payload: { type: 'open-period', period }, reason: request.reason });
  const record = readPeriods(store).find((opened) => opened.decision === decision.index);
  if (record === undefined) throw new TypeError('the period that was opened is not there');
  return { record, warnings: unusual(period, app.now()) };
}

/** `actor` or `signer` of a request, and nothing else of it. */
export function by({ actor, signer }: DecidedBy): DecidedBy {
  return { ...(actor === undefined ? {} : { actor }), ...(signer === undefined ? {} : { signer }) };
}

function daysOf(
  { start, end, asOf }: OpenPeriodRequest,
  engagement: Engagement | undefined,
  problems: string[],
): { readonly start: string; readonly end: string } | undefined {
  const bad = Object.entries({ start, end, 'as-of': asOf }).filter(([, day]) => day !== undefined && !isDay(day));
  for (const [what, day] of bad) problems.push(`--${what} ${day} is no date: expected a day such as 2026-03-31`);
  if (engagement?.type === 1) {
    if (start !== undefined || end !== undefined) problems.push('a Type 1 report speaks of one day: give --as-of, not --start and --end');
    if (asOf === undefined) problems.push('a Type 1 report needs its day: --as-of');
    return asOf === undefined || bad.length > 0 ? undefined : { start: asOf, end: asOf };
  }
  if (asOf !== undefined) problems.push('a Type 2 report speaks of a period: give --start and --end, not --as-of');
  if (start === undefined) problems.push('a period needs its first day: --start');
  if (end === undefined) problems.push('a period needs its last day: --end');
  if (start === undefined || end === undefined || bad.length > 0) return undefined;
  if (end < start) {
    problems.push(`it ends (${end}) before it begins (${start})`);
    return undefined;
  }
  return { start, end };
}

function unusual({ engagement, start, end, from, to }: Period, now: string): string[] {
  const warnings: string[] = [];
  if (engagement.type === 2 && isShorterThan({ start, end }, 3))
    warnings.push('it is shorter than three months: few controls operate often enough in it');
  if (engagement.type === 2 && engagement.report === 'soc1' && isShorterThan({ start, end }, 6))
    warnings.push('a SOC 1 report over less than six months is seldom of use to auditors of user entities');
  if (to <= now) warnings.push('it has ended already: what was not collected then cannot be collected now');
  else if (from < now)
    warnings.push('it has begun already: what was not collected since then cannot be collected now, change records apart');
  return warnings;
}
