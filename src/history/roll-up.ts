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

export interface ControlFacts {
  readonly episodes: readonly Pick<Episode, 'id'>[];
  readonly deviations: readonly Pick<Deviation, 'kind' | 'of' | 'lifeCycle'>[];
  readonly occurrences: readonly Pick<Occurrence, 'outcome' | 'subject'>[];
  /** Checks that serve it, and those of them that were never read in the period. */
  readonly checks: readonly { readonly id: string; readonly read: boolean }[];
  readonly metrics: Metrics;
  readonly uncollected: ControlHistory['uncollected'];
  /** Sources that should have been entered and never were, and whatever else makes it unknown: sentences. */
  readonly unknown: readonly string[];
  /** Milliseconds beyond which silence is no evidence. */
  readonly gapAfter: number;
}

/**
 * How a control stands over a period, and why, worst first. Every failure counts, also one inside the tolerance and one that was accepted;
 * only what an authorised person called a false positive, with another's approval, does not, and is listed all the same.
 */
export function controlPeriodState(facts: ControlFacts): { readonly state: PeriodState; readonly reasons: readonly string[] } {
  const { metrics } = facts;
  const dismissed = new Set(facts.deviations.filter(({ lifeCycle }) => lifeCycle.disposition === 'false-positive').map(({ of }) => of));
  const episodes = facts.episodes.filter(({ id }) => !dismissed.has(id)).length;
  const occurrences = facts.occurrences.filter(({ outcome, subject }) => outcome === 'fail' && !dismissed.has(subject)).length;
  const failures = episodes + occurrences;
  const deviations = facts.deviations.filter(({ kind, of }) => (kind === 'episode' || kind === 'occurrence') && !dismissed.has(of)).length;
  const failing = [
    ...(episodes === 0 ? [] : [`${episodes === 1 ? '1 episode' : `${episodes} episodes`} of failure`]),
    ...(occurrences === 0 ? [] : [`${occurrences === 1 ? '1 occurrence' : `${occurrences} occurrences`} otherwise than stated`]),
    ...(failures === 0
      ? []
      : [
          `${deviations === 0 ? 'none' : deviations} of ${failures} ${deviations === 1 ? 'is a deviation' : 'are deviations'} from the control's own statement and tolerance`,
        ]),
  ];
  const missed = facts.deviations.filter(({ kind }) => kind === 'missed').length;
  const unknown = unknownOf(facts);
  const said = [
    ...(missed === 0 ? [] : [`${missed === 1 ? '1 occurrence' : `${missed} occurrences`} missed`]),
    ...(dismissed.size === 0 ? [] : [`${dismissed.size} called a false positive by management, for the auditor to accept`]),
    ...facts.uncollected.filter(({ state }) => state === 'declared-absent').map(({ type }) => `${type}: declared absent by management`),
  ];
  const operated = metrics.byOutcome.pass > 0 || metrics.byOutcome.fail > 0 || metrics.byOutcome.waived > 0 || facts.occurrences.length > 0;
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
          `${metrics.gaps === 1 ? '1 gap' : `${metrics.gaps} gaps`} longer than ${lengthText(gapAfter)}, the longest ${lengthText(metrics.longestGapMs)}`,
        ]),
    ...uncollected.filter(({ state }) => state === 'not-collected').map(({ type }) => `${type} is not collected`),
    ...unknown,
  ];
}

const order = Object.fromEntries(periodStates.map((state, rank) => [state, rank])) as Record<PeriodState, number>;

/** A criterion or objective by its controls. A supporting link alone never covers it. */
export function topicHistory(
  topic: Criterion,
  report: 'soc1' | 'soc2',
  controls: readonly { readonly control: Control; readonly state: PeriodState; readonly worst: readonly Span[] }[],
): Omit<TopicHistory, 'worst'> & { readonly worst: readonly Span[] } {
  const linked = controls.flatMap((one) =>
    one.control.satisfies[report].flatMap((link) => {
      const { id, as, because } = typeof link === 'string' ? { id: link, as: 'primary' as const, because: undefined } : link;
      return id === topic.id ? [{ ...one, as, because: because ?? null }] : [];
    }),
  );
  const primary = linked.filter(({ as }) => as === 'primary');
  const ranked = primary.toSorted((left, right) => order[left.state] - order[right.state]);
  const failing = linked.some(({ state }) => state === 'failures-observed');
  return {
    id: topic.id,
    area: topic.area,
    text: topic.text,
    // What supports cannot cover; what fails there is seen all the same.
    state: failing ? 'failures-observed' : (ranked[0]?.state ?? 'no-evidence'),
    controls: linked.map(({ control, as, because, state }) => ({ id: control.id, as, because, state })),
    uncovered: primary.length === 0,
    worst: worstLine(primary.map(({ worst }) => worst)),
  };
}
