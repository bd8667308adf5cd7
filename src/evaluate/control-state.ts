import type { ControlState } from '../model/control.ts';
import { outcomes } from '../model/outcome.ts';
import type { OutcomeCounts } from '../model/statement.ts';

/** A check as a control uses it, over all sources. */
export interface EvaluatedUse {
  readonly check: string;
  /** undefined: it has not been evaluated anywhere. */
  readonly counts: OutcomeCounts | undefined;
}
/** A resource type a control speaks for. */
export interface CoveredType {
  readonly type: string;
  /**
   * `collected`; `absent`: a collection shows that there is none; `declared-absent`: management says that there is none, dated and
   * reasoned; `not-collected`: nobody can say.
   */
  readonly state: 'collected' | 'absent' | 'declared-absent' | 'not-collected';
}
export interface ControlReading {
  readonly state: ControlState;
  readonly counts: OutcomeCounts;
  /** Sentences that say why, worst first; for `failures-observed` the missing evidence is named beside the failures. */
  readonly reasons: readonly string[];
}

/** How a control stands, from what its checks say and what it covers. */
export function controlState(uses: readonly EvaluatedUse[], covers: readonly CoveredType[]): ControlReading {
  const counts = Object.fromEntries(
    outcomes.map((outcome) => [outcome, uses.reduce((sum, use) => sum + (use.counts?.[outcome] ?? 0), 0)]),
  ) as OutcomeCounts;
  // A waiver accepts a failure; it does not make it one that was not observed.
  const failures = counts.fail + counts.waived;
  const unknown = [
    ...(uses.length === 0 ? ['no check serves this control'] : []),
    ...uses.filter((use) => use.counts === undefined).map((use) => `${use.check} has not been evaluated`),
    ...uses.filter((use) => use.counts !== undefined && saysNothing(use.counts)).map((use) => `${use.check} has no result`),
    ...uses.flatMap(({ check, counts: of }) =>
      of !== undefined && of['no-evidence'] > 0 ? [`${check}: no evidence of ${subjects(of['no-evidence'])}`] : [],
    ),
    ...covers.filter((cover) => cover.state === 'not-collected').map((cover) => `${cover.type} is not collected`),
  ];
  const failing = uses.flatMap(({ check, counts: of }) => {
    const failed = of === undefined ? 0 : of.fail + of.waived;
    return failed > 0 ? [`${check}: ${subjects(failed)} ${failed === 1 ? 'fails' : 'fail'}`] : [];
  });
  const declared = covers
    .filter((cover) => cover.state === 'declared-absent')
    .map((cover) => `${cover.type}: declared absent by management`);
  if (failures > 0) return { state: 'failures-observed', counts, reasons: [...failing, ...unknown, ...declared] };
  if (unknown.length > 0) return { state: 'no-evidence', counts, reasons: [...unknown, ...declared] };
  if (counts.pass > 0) return { state: 'no-failures-observed', counts, reasons: declared };
  return { state: 'did-not-operate', counts, reasons: ['no subject to judge', ...declared] };
}

function saysNothing(counts: OutcomeCounts): boolean {
  return outcomes.every((outcome) => counts[outcome] === 0);
}
function subjects(count: number): string {
  return count === 1 ? '1 subject' : `${count} subjects`;
}
