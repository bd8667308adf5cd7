import type { DecisionActor, RecordedDecision } from '../../model/decision.ts';
import type { Period, Ruler } from '../../model/engagement.ts';
import { type DecisionSource, readDecisions } from './read-decisions.ts';

/** A period with what was decided about it. */
export interface PeriodRecord {
  /** As it was opened. */
  readonly period: Period;
  /** The ruler in force: as opened, or as amended. */
  readonly ruler: Ruler;
  readonly state: 'open' | 'closed';
  /** Log index of the decision that opened it. */
  readonly decision: number;
  readonly openedAt: string;
  readonly openedBy: DecisionActor;
  readonly amendments: readonly PeriodAmendment[];
  readonly closed: {
    readonly decision: number;
    readonly at: string;
    readonly by: DecisionActor;
    /** What happened within the period and was known by then is in. */
    readonly cutOff: string;
    readonly reportDate: string | null;
  } | null;
}
export interface PeriodAmendment {
  readonly decision: number;
  readonly at: string;
  readonly by: DecisionActor;
  readonly reason: string;
  readonly ruler: Ruler;
  readonly loosens: readonly string[];
  readonly tightens: readonly string[];
  readonly approvedBy: DecisionActor | null;
  /** From when on it holds; null: it loosens and no second person approved it, or it was refused. */
  readonly inForceFrom: string | null;
}

/** Every period of a log, in the order they were opened. */
export function readPeriods(reader: DecisionSource): readonly PeriodRecord[] {
  return periodsOf(readDecisions(reader));
}

/** The periods that decisions opened, amended and closed. `decisions`: those that count, in the order of the log. */
export function periodsOf(decisions: readonly RecordedDecision[]): readonly PeriodRecord[] {
  return decisions.flatMap(({ payload: opened, ...decision }) => {
    if (opened.type !== 'open-period') return [];
    const { id } = opened.period;
    const amendments = decisions.flatMap((other) => amendmentIn(other, id));
    const inForce = amendments
      .flatMap(({ inForceFrom, ruler }) => (inForceFrom === null ? [] : [{ inForceFrom, ruler }]))
      .sort((a, b) => (a.inForceFrom < b.inForceFrom ? -1 : 1));
    const closed = decisions.find(({ payload }) => payload.type === 'close-period' && payload.period === id);
    return [
      {
        period: opened.period,
        ruler: inForce.at(-1)?.ruler ?? opened.period.ruler,
        state: closed === undefined ? ('open' as const) : ('closed' as const),
        decision: decision.index,
        openedAt: decision.at,
        openedBy: decision.actor,
        amendments,
        closed: closed === undefined ? null : closingOf(closed),
      },
    ];
  });
}

function amendmentIn({ payload, index, at, actor, reason, approval, needsApproval }: RecordedDecision, id: string): PeriodAmendment[] {
  if (payload.type !== 'amend-period' || payload.period !== id) return [];
  return [
    {
      decision: index,
      at,
      by: actor,
      reason,
      ruler: payload.ruler,
      loosens: payload.loosens,
      tightens: payload.tightens,
      approvedBy: approval?.actor ?? null,
      inForceFrom: needsApproval ? (approval?.at ?? null) : at,
    },
  ];
}
function closingOf({ payload, index, at, actor }: RecordedDecision): PeriodRecord['closed'] {
  if (payload.type !== 'close-period') return null;
  return { decision: index, at, by: actor, cutOff: payload.cutOff, reportDate: payload.reportDate };
}
