import type { Control, Criterion } from '../model/control.ts';
import {
  type ControlHistory,
  type Deviation,
  type Episode,
  type Metrics,
  type Occurrence,
  type PeriodState,
  periodStates,
  type TopicHistory,
} from '../model/history.ts';
import { lengthText } from './control-rules.ts';
import type { Span } from './spans.ts';
import { worstLine } from './worst-line.ts';

/** What was found of a control in a period; nothing that management dismissed is among `episodes`, `occurrences` and `deviations`. */
export interface ControlFacts {
  readonly episodes: number;
  readonly occurrences: { readonly total: number; readonly failing: number };
  /** Of those two. */
  readonly deviations: number;
  readonly missed: number;
  /** Called a false positive by management, with another person's approval. */
  readonly dismissed: number;
  /** Checks that serve it, and whether each was read in the period. */
  readonly checks: readonly { readonly id: string; readonly read: boolean }[];
  readonly metrics: Metrics;
  readonly uncollected: ControlHistory['uncollected'];
  /** Sources that should have been entered and never were, and whatever else makes it unknown: sentences. */
  readonly unknown: readonly string[];
  /** Milliseconds beyond which silence is no evidence. */
  readonly gapAfter: number;
}
/** The counts of a control's facts, from what was found. */
export function countFound(
  episodes: readonly Pick<Episode, 'id'>[],
  occurrences: readonly Pick<Occurrence, 'outcome' | 'subject'>[],
  deviations: readonly Pick<Deviation, 'kind' | 'of' | 'lifeCycle'>[],
): Pick<ControlFacts, 'episodes' | 'occurrences' | 'deviations' | 'missed' | 'dismissed'> {
  const dismissed = new Set(deviations.filter(({ lifeCycle }) => lifeCycle.disposition === 'false-positive').map(({ of }) => of));
  return {
    episodes: episodes.filter(({ id }) => !dismissed.has(id)).length,
    occurrences: {
      total: occurrences.length,
      failing: occurrences.filter(({ outcome, subject }) => outcome === 'fail' && !dismissed.has(subject)).length,
    },
    deviations: deviations.filter(({ kind, of }) => (kind === 'episode' || kind === 'occurrence') && !dismissed.has(of)).length,
    missed: deviations.filter(({ kind }) => kind === 'missed').length,
    dismissed: dismissed.size,
  };
}

/**
 * How a control stands over a period, and why, worst first. Every failure counts, also one inside the tolerance and one that was accepted;
 * only what an authorised person called a false positive, with another's approval, does not, and is listed all the same.
 */
export function controlPeriodState(facts: ControlFacts): { readonly state: PeriodState; readonly reasons: readonly string[] } {
  const { metrics, episodes, deviations, missed, dismissed } = facts;
  const occurrences = facts.occurrences.failing;
  const failures = episodes + occurrences;
  const failing = [
    ...(episodes === 0 ? [] : [`${episodes === 1 ? '1 episode' : `${episodes} episodes`} of failure`]),
    ...(occurrences === 0 ? [] : [`${occurrences === 1 ? '1 occurrence' : `${occurrences} occurrences`} otherwise than stated`]),
    ...(failures === 0
      ? []
      : [
          `${deviations === 0 ? 'none' : deviations} of ${failures} ${deviations === 1 ? 'is a deviation' : 'are deviations'} from the control's own statement and tolerance`,
        ]),
  ];
  const unknown = unknownOf(facts);
  const said = [
    ...(missed === 0 ? [] : [`${missed === 1 ? '1 occurrence' : `${missed} occurrences`} missed`]),
    ...(dismissed === 0 ? [] : [`${dismissed} called a false positive by management, for the auditor to accept`]),
    ...facts.uncollected.filter(({ state }) => state === 'declared-absent').map(({ type }) => `${type}: declared absent by management`),
  ];
  const operated = metrics.byOutcome.pass > 0 || metrics.byOutcome.fail > 0 || metrics.byOutcome.waived > 0 || facts.occurrences.total > 0;
  if (failures > 0) return { state: 'failures-observed', reasons: [...failing, ...unknown, ...said] };
  if (unknown.length > 0) return { state: 'no-evidence', reasons: [...unknown, ...said] };
  const short =
    metrics.byOutcome['no-evidence'] === 0
      ? []
      : [`${lengthText(metrics.longestGapMs)} at the longest in which nothing was seen, within the threshold`];
  if (operated) return { state: 'no-failures-observed', reasons: [...said, ...short] };
  return { state: 'did-not-operate', reasons: ['no subject to judge', ...said] };
}

function unknownOf({ checks, metrics, uncollected, unknown, gapAfter }: ControlFacts): string[] {
  const read = checks.some((check) => check.read);
  return [
    ...(checks.length === 0 ? ['no check serves this control'] : []),
    ...checks.filter((check) => !check.read).map(({ id }) => `${id} was not read in the period`),
    ...(read && !metrics.edges.start ? [`no reading within ${lengthText(gapAfter)} of the beginning`] : []),
    ...(read && !metrics.edges.end ? [`no reading within ${lengthText(gapAfter)} of the end`] : []),
    ...(metrics.gaps === 0
      ? []
      : [
          `${metrics.gaps === 1 ? '1 gap longer than its threshold' : `${metrics.gaps} gaps longer than their thresholds`}, the longest ${lengthText(metrics.longestGapMs)}`,
        ]),
    ...uncollected.filter(({ state }) => state === 'not-collected').map(({ type }) => `${type} is not collected`),
    ...unknown,
  ];
}

const order = Object.fromEntries(periodStates.map((state, rank) => [state, rank])) as Record<PeriodState, number>;

type Report = 'soc1' | 'soc2';
interface Linked {
  readonly control: Control;
  readonly state: PeriodState;
}
function linksTo<C extends Linked>(
  topic: string,
  report: Report,
  controls: readonly C[],
): (C & { readonly as: 'primary' | 'supporting'; readonly because: string | null })[] {
  return controls.flatMap((one) =>
    one.control.satisfies[report].flatMap((link) => {
      const { id, as, because } = typeof link === 'string' ? { id: link, as: 'primary' as const, because: undefined } : link;
      return id === topic ? [{ ...one, as, because: because ?? null }] : [];
    }),
  );
}

/** How a criterion or objective stands by its controls. A supporting link alone never covers it; what fails there is seen all the same. */
export function topicState(
  topic: string,
  report: Report,
  controls: readonly Linked[],
): { readonly state: PeriodState; readonly uncovered: boolean } {
  const linked = linksTo(topic, report, controls);
  const primary = linked.filter(({ as }) => as === 'primary').sort((left, right) => order[left.state] - order[right.state]);
  const failing = linked.some(({ state }) => state === 'failures-observed');
  return { state: failing ? 'failures-observed' : (primary[0]?.state ?? 'no-evidence'), uncovered: primary.length === 0 };
}

/** A criterion or objective with its controls and what the worst of the primary ones held at each time. */
export function topicHistory(
  topic: Criterion,
  report: Report,
  controls: readonly (Linked & { readonly worst: readonly Span[] })[],
): Omit<TopicHistory, 'worst'> & { readonly worst: readonly Span[] } {
  const linked = linksTo(topic.id, report, controls);
  return {
    id: topic.id,
    area: topic.area,
    text: topic.text,
    ...topicState(topic.id, report, controls),
    controls: linked.map(({ control, as, because, state }) => ({ id: control.id, as, because, state })),
    worst: worstLine(linked.filter(({ as }) => as === 'primary').map(({ worst }) => worst)),
  };
}
