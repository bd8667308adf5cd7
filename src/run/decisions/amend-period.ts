import { rulerOf } from '../../config/engagements.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import { compareRulers } from '../../model/compare-rulers.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import { Ruler } from '../../model/engagement.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { by, type DecidedBy } from './open-period.ts';
import { refuseProblems } from './period-bounds.ts';
import { type PeriodRecord, readPeriods } from './read-periods.ts';
import { recordDecision } from './record-decision.ts';

export interface AmendPeriodRequest extends DecidedBy {
  readonly period: string;
  /** Member of the ruler (`thresholds.critical.gapAfter`) to its new value, as JSON or plain text. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** Take the ruler over as the engagement's file has it now, before `set`. */
  readonly fromEngagement?: boolean | undefined;
  readonly reason: string;
}

/**
 * Changes what an open period is measured by. What tightens holds at once; as soon as one value loosens, nothing of it holds before
 * another person approved it.
 * @throws ProoflineError `usage` with everything that is wrong, also when nothing would change
 */
export async function amendPeriod(app: Composition, store: Store, request: AmendPeriodRequest): Promise<RecordedDecision> {
  const record = findOpen(store, request.period);
  const problems: string[] = [];
  const before = record.ruler;
  let after: unknown = structuredClone(before);
  if (request.fromEngagement === true) {
    const engagement = (await app.engagements()).find(({ id }) => id === record.period.engagement.id);
    if (engagement === undefined) problems.push(`the engagement "${record.period.engagement.id}" is no longer configured`);
    else after = structuredClone(rulerOf(engagement));
  }
  for (const [path, text] of Object.entries(request.set ?? {})) {
    const problem = setAt(after, path.split('.'), readValue(text));
    if (problem !== undefined) problems.push(`${path}: ${problem}`);
  }
  const parsed = Ruler.safeParse(after);
  if (!parsed.success) for (const { path, message } of parsed.error.issues) problems.push(`${path.join('.')}: ${message}`);
  const change = parsed.success ? compareRulers(before, parsed.data) : undefined;
  if (problems.length === 0 && change?.loosens.length === 0 && change.tightens.length === 0) problems.push('nothing would change');
  refuseProblems(problems);
  if (!parsed.success || change === undefined) throw new TypeError('a problem was not told');
  return await recordDecision(app, store, {
    ...by(request),
    payload: {
      type: 'amend-period',
      period: request.period,
      ruler: parsed.data,
      loosens: [...change.loosens],
      tightens: [...change.tightens],
    },
    reason: request.reason,
  });
}

/** @throws ProoflineError `usage` when there is no such period, or it is closed. */
export function findOpen(store: Store, id: string): PeriodRecord {
  const periods = readPeriods(store);
  const record = periods.find(({ period }) => period.id === id);
  if (record === undefined) {
    const ids = periods.map(({ period }) => period.id);
    refuseProblems([`there is no period "${id}"${didYouMean(id, ids)}`]);
  } else if (record.state === 'closed') refuseProblems([`the period "${id}" is closed`]);
  if (record === undefined) throw new TypeError('a problem was not told');
  return record;
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
/** Sets a member that is there already; what is wrong otherwise. */
function setAt(value: unknown, path: readonly string[], next: unknown): string | undefined {
  const [step, ...rest] = path;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it has no members';
  const record = value as Record<string, unknown>;
  if (step === undefined || !Object.hasOwn(record, step)) return `there is no such member${didYouMean(step ?? '', Object.keys(record))}`;
  if (rest.length > 0) return setAt(record[step], rest, next);
  record[step] = next;
  return undefined;
}
