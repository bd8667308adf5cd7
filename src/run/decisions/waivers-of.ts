import type { DecisionActor, RecordedDecision, Waiver } from '../../model/decision.ts';

/** A waiver with what became of it. */
export interface WaiverRecord {
  readonly waiver: Waiver;
  /** Log index of the request. */
  readonly decision: number;
  readonly requestedAt: string;
  readonly requestedBy: DecisionActor;
  readonly approved: boolean;
  readonly approvedBy: DecisionActor | null;
  /** Requester and approver both signed with registered keys: only then it is known that they are two. */
  readonly authenticated: boolean;
  /** Log index of the decision that ended it before its time, or refused it. */
  readonly ended: number | null;
  /** `[from, to)` in which it lies over failures: never before another person approved it; null: never in force. */
  readonly inForce: { readonly from: string; readonly to: string } | null;
}

/** Every waiver that was asked for. `decisions`: those that count, in the order of the log. */
export function waiversOf(decisions: readonly RecordedDecision[]): readonly WaiverRecord[] {
  return decisions.flatMap((decision) => {
    const { payload, approval } = decision;
    if (payload.type !== 'waive') return [];
    const { waiver } = payload;
    const ending = decisions.find((other) => other.payload.type === 'end-waiver' && other.payload.waiver === waiver.id);
    const from = approval === null ? undefined : later(waiver.from, approval.at);
    const to = ending === undefined || ending.at > waiver.expires ? waiver.expires : ending.at;
    return [
      {
        waiver,
        decision: decision.index,
        requestedAt: decision.at,
        requestedBy: decision.actor,
        approved: approval !== null,
        approvedBy: approval?.actor ?? null,
        authenticated: decision.actor.person !== null && typeof approval?.actor.person === 'string',
        ended: ending?.index ?? decision.ended,
        inForce: from === undefined || decision.ended !== null || from >= to ? null : { from, to },
      },
    ];
  });
}

/** The waivers that lie over failures at a time (ISO-8601 UTC). */
export function waiversInForce(decisions: readonly RecordedDecision[], at: string): readonly WaiverRecord[] {
  return waiversOf(decisions).filter(({ inForce }) => inForce !== null && inForce.from <= at && at < inForce.to);
}
const later = (left: string, right: string): string => (left > right ? left : right);

/** Whether a waiver speaks of a result of a check over a source about a subject. */
export function waiverCovers(
  waiver: Waiver,
  result: { readonly check: string; readonly source: string; readonly subject: string },
): boolean {
  return waiver.scope.some(
    ({ check, source, subjects }) =>
      (check === undefined || check === result.check) &&
      (source === undefined || source === result.source) &&
      (subjects === undefined || subjects.includes(result.subject)),
  );
}
