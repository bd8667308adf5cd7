import type { ControlState } from '../../model/control.ts';
import { type Severity, severities } from '../../model/outcome.ts';
import type { PlanDetail } from '../../model/plan.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { formerPlan, formerVersion } from '../former-plan.ts';
import type { PlannedCheck } from '../plan-checks.ts';
import { compareControls } from './compare-controls.ts';
import { comparePlans, type PlanChange } from './compare-plans.ts';
import { type ChangedVerdict, compareSource, type SourceComparison } from './compare-source.ts';
import type { OtherLogic } from './other-logic.ts';

/** Verdicts that would change, by how. One that fails before and after, for another reason, is none of these. */
export interface ChangeCounts {
  readonly beginsToFail: number;
  readonly failsNoMore: number;
  readonly losesEvidence: number;
  readonly otherwise: number;
}
export interface PreviewedSource {
  readonly source: string;
  /** Log index of the evaluation that was made again; null when there is none, or it could not be made again. */
  readonly evaluation: number | null;
  /** The time that its evidence is held against: its own, not now. */
  readonly judgedAt: string | null;
  readonly verdicts: number;
  readonly changed: number;
  /** What could not be read by what is installed, and what else must be known; sentences. */
  readonly notes: readonly string[];
}
/** A unit that is installed in another version than the log names, while every verdict stays. */
export interface QuietLogic extends OtherLogic {
  readonly sources: number;
}
export interface UpgradePreview {
  /** Version that recorded the plan in force; null when none is recorded. */
  readonly from: string | null;
  readonly to: string;
  readonly plan: PlanChange;
  readonly sources: readonly PreviewedSource[];
  /** Sorted by severity, check, source, subject. */
  readonly changes: readonly ChangedVerdict[];
  readonly counts: Readonly<Record<Severity, ChangeCounts>>;
  readonly same: {
    readonly verdicts: number;
    /** Of these: in other words, or until another time. */
    readonly otherWords: number;
    readonly otherUntil: number;
  };
  /** Controls in force before or after, where the state would be another. */
  readonly controls: readonly {
    readonly control: string;
    readonly status: string;
    /** null: it is not in force on that side. */
    readonly from: ControlState | null;
    readonly to: ControlState | null;
    readonly reasons: readonly string[];
  }[];
  readonly controlsTheSame: number;
  readonly onlyOtherLogic: readonly QuietLogic[];
}

/** What would be judged and recorded from now on: `preparePlan` gives it. */
export interface NextPlan {
  readonly checks: readonly PlannedCheck[];
  describe(store: Store, known: Readonly<Record<string, never>>): PlanDetail;
}

/**
 * Judges the newest evidence of every source again, as the installed release and the configuration of today would have judged it at the
 * time of its own evaluation, and says what would come out otherwise. Reads exactly the collections that were read then; asks no source
 * and writes nothing.
 * @throws ProoflineError `configuration`, `store-*`; Error naming check and subject when an installed check has a bug
 */
export async function previewUpgrade(app: Composition, store: Store, prepared: NextPlan): Promise<UpgradePreview> {
  const [registries, scope] = await Promise.all([app.registries(), app.scope()]);
  const before = formerPlan(store);
  const after = prepared.describe(store, {});
  const staleAfterMs = app.configuration.collect.staleAfterHours * 3_600_000;
  const compared = sourcesIn(store, after).map((source) =>
    compareSource(store, source, { registries, checks: prepared.checks, scope, staleAfterMs, before }),
  );
  const changes = compared
    .flatMap((one) => one.changes)
    .sort(
      (left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity) || compareText(orderOf(left), orderOf(right)),
    );
  const controls = compareControls(before, after, compared);
  const sum = (of: (one: SourceComparison) => number) => compared.reduce((total, one) => total + of(one), 0);
  return {
    from: formerVersion(store) ?? null,
    to: app.version,
    plan: comparePlans(before, after),
    sources: compared.map(({ source, evaluation, judgedAt, verdicts, changes: own, notes }) => ({
      source,
      evaluation,
      judgedAt,
      verdicts,
      changed: own.length,
      notes,
    })),
    changes,
    counts: Object.fromEntries(
      severities.map((severity) => [severity, countChanges(changes.filter((change) => change.severity === severity))]),
    ) as Record<Severity, ChangeCounts>,
    same: { verdicts: sum((one) => one.same), otherWords: sum((one) => one.otherWords), otherUntil: sum((one) => one.otherUntil) },
    controls: controls.filter(({ from, to }) => from !== to),
    controlsTheSame: controls.filter(({ from, to }) => from === to).length,
    onlyOtherLogic: quietLogic(compared),
  };
}

/** Every source that is configured and of which something was collected. */
function sourcesIn(store: Store, plan: PlanDetail): string[] {
  const members = new Set(plan.sources.flatMap((source) => source.members ?? []));
  const collected = new Set(store.latestCollections().map(({ statement }) => statement.source));
  return [...new Set([...members, ...collected])].filter((source) => members.size === 0 || members.has(source)).sort();
}

export function countChanges(changes: readonly Pick<ChangedVerdict, 'from' | 'to'>[]): ChangeCounts {
  const counts = { beginsToFail: 0, failsNoMore: 0, losesEvidence: 0, otherwise: 0 };
  for (const { from, to } of changes) {
    if (to?.outcome === 'fail' && from?.outcome !== 'fail') counts.beginsToFail += 1;
    else if (from?.outcome === 'fail' && to?.outcome !== 'fail') counts.failsNoMore += 1;
    else if (to?.outcome === 'no-evidence' && from?.outcome !== 'no-evidence') counts.losesEvidence += 1;
    else counts.otherwise += 1;
  }
  return counts;
}

/** A unit is quiet when its logic is another and none of the changes, of any source, may come of it. */
function quietLogic(compared: readonly SourceComparison[]): QuietLogic[] {
  const found = new Map<string, { readonly logic: OtherLogic; sources: number; isQuiet: boolean }>();
  for (const { otherLogic } of compared) {
    for (const { changes, ...logic } of otherLogic) {
      const key = JSON.stringify([logic.kind, logic.id, logic.sealed]);
      const known = found.get(key) ?? { logic, sources: 0, isQuiet: true };
      known.sources += 1;
      known.isQuiet &&= changes === 0;
      found.set(key, known);
    }
  }
  return [...found.values()]
    .filter(({ isQuiet }) => isQuiet)
    .map(({ logic, sources }) => ({ ...logic, sources }))
    .sort((left, right) => compareText(`${left.kind} ${left.id}`, `${right.kind} ${right.id}`));
}

const orderOf = ({ check, parametersDigest, source, subject }: ChangedVerdict): string =>
  [check, parametersDigest, source, subject].join('\u0000');
const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
