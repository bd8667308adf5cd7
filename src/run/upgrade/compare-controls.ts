import type { ControlState } from '../../model/control.ts';
import type { PlanDetail } from '../../model/plan.ts';
import { controlStatus } from '../describe-status.ts';
import type { SourceComparison } from './compare-source.ts';

export interface ComparedControl {
  readonly control: string;
  readonly status: string;
  readonly from: ControlState | null;
  readonly to: ControlState | null;
  /** Why it would stand so; of one that is gone, none. */
  readonly reasons: readonly string[];
}

/** Where every control stands by what was sealed, and by what would be; proposed ones too, retired ones not. */
export function compareControls(
  before: PlanDetail | undefined,
  after: PlanDetail,
  compared: readonly SourceComparison[],
): ComparedControl[] {
  const sealed = before === undefined ? new Map() : statesOf(before, compared, 'sealed');
  const judged = statesOf(after, compared, 'judged');
  return [...new Set([...sealed.keys(), ...judged.keys()])].sort().map((control) => {
    const next = judged.get(control);
    return {
      control,
      status: next?.status ?? sealed.get(control)?.status ?? 'retired',
      from: sealed.get(control)?.state ?? null,
      to: next?.state ?? null,
      reasons: next?.reasons ?? [],
    };
  });
}

type State = { readonly state: ControlState; readonly status: string; readonly reasons: readonly string[] };
function statesOf(plan: PlanDetail, compared: readonly SourceComparison[], side: 'sealed' | 'judged'): Map<string, State> {
  const severities = new Map(plan.checks.map(({ id, severity }) => [id, severity]));
  const checks = compared.flatMap(({ source, counts }) =>
    counts[side].map((one) => ({ ...one, source, severity: severities.get(one.check) ?? null })),
  );
  const held = {
    summary: { checks, collections: [] },
    unentered: plan.sources.filter(({ members }) => members === null),
    stale: new Set<string>(),
    ended: new Set<string>(),
  };
  return new Map(
    plan.controls
      .filter(({ status }) => status !== 'retired')
      .map((control) => {
        const { state, reasons } = controlStatus(control, plan, held);
        return [control.id, { state, status: control.status, reasons }];
      }),
  );
}
