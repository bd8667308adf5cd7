import { allowedOf } from '../history/control-rules.ts';
import type { WaivedOutage } from '../history/describe-series.ts';
import { CoverageMeter } from '../history/measure-coverage.ts';
import { controlPeriodState, topicState } from '../history/roll-up.ts';
import { boundsOf } from '../history/to-episodes.ts';
import type { Index } from '../index/open-index.ts';
import type { Control } from '../model/control.ts';
import type { Metrics, PeriodState } from '../model/history.ts';
import { type PeriodSeries, periodSeries } from './period-series.ts';
import { checksOf, type PeriodScene, topicsIn, uncollectedOf } from './read-period.ts';

/** How a control stands over a period, without its timelines. */
export interface ControlSummary {
  readonly control: Control;
  readonly state: PeriodState;
  readonly reasons: readonly string[];
  readonly metrics: Metrics;
  readonly episodes: number;
  /** Episodes that lasted longer than the control allows. */
  readonly deviations: number;
}
export interface PeriodSummary {
  readonly controls: readonly ControlSummary[];
  readonly topics: readonly { readonly id: string; readonly state: PeriodState; readonly uncovered: boolean }[];
  readonly series: number;
}

interface Sum {
  readonly meter: CoverageMeter;
  /** Milliseconds the control allows. */
  readonly allowed: number;
  readonly read: Pick<PeriodSeries, 'series' | 'readings'>[];
  episodes: number;
  deviations: number;
  occurrences: { total: number; failing: number };
  gapAfter: number;
}

/**
 * Coverage, episodes and deviations of a period, rolled up to controls and topics, in the memory of one series: nothing is kept of a series
 * once it is counted. What management dismissed is counted here all the same; `readPeriodOf` says what it called a false positive.
 */
export function summarisePeriod(index: Index, scene: PeriodScene): PeriodSummary {
  const sums = new Map(
    [...scene.versions].flatMap(([id, versions]) => versions.slice(-1).map(({ control }) => [id, emptySum(control)] as const)),
  );
  let series = 0;
  for (const one of periodSeries(index, scene.context, scene.filter)) {
    series += 1;
    for (const id of one.expected.controls) {
      const sum = sums.get(id);
      if (sum !== undefined) add(sum, one, id);
    }
  }
  const controls = [...scene.versions].flatMap(([id, versions]): ControlSummary[] => {
    const latest = versions.at(-1);
    const sum = sums.get(id);
    if (latest === undefined || sum === undefined) return [];
    const { meter, read, episodes, deviations, occurrences, gapAfter } = sum;
    const metrics = meter.metrics();
    const { state, reasons } = controlPeriodState({
      episodes,
      occurrences,
      deviations: deviations + occurrences.failing,
      missed: 0,
      dismissed: 0,
      checks: checksOf(versions, read, scene),
      metrics,
      uncollected: uncollectedOf(latest.control, scene.lastPlan),
      unknown: [],
      gapAfter,
    });
    return [{ control: latest.control, state, reasons, metrics, episodes, deviations: deviations + occurrences.failing }];
  });
  return {
    controls,
    topics: topicsIn(scene).map((topic) => ({ id: topic.id, ...topicState(topic.id, scene.period.engagement.report, controls) })),
    series,
  };
}

function emptySum(control: Control): Sum {
  return {
    meter: new CoverageMeter({ gapAfter: 0, materialAfter: 0 }),
    allowed: allowedOf(control) ?? 0,
    read: [],
    episodes: 0,
    deviations: 0,
    occurrences: { total: 0, failing: 0 },
    gapAfter: 0,
  };
}

function add(sum: Sum, one: PeriodSeries, control: string): void {
  const { meter, listed, gapAfter } = one.asSeenBy.get(control) ?? one.described;
  sum.meter.join(meter);
  // One series of a check shows that it was read, and nothing else of it is kept: a history that stays makes the runtime take them all for what stays.
  const { series, readings } = one;
  if (!sum.read.some((known) => known.series.check === series.check && known.readings.count > 0)) sum.read.push({ series, readings });
  sum.gapAfter = Math.max(sum.gapAfter, gapAfter);
  sum.occurrences.total += one.occurrences?.length ?? 0;
  sum.occurrences.failing += one.occurrences?.filter(({ mark }) => mark?.outcome === 'fail').length ?? 0;
  for (const { outages } of listed) {
    sum.episodes += outages.length;
    for (const outage of outages) if (breaksTolerance(outage, sum.allowed)) sum.deviations += 1;
  }
}

/** Whether an episode lasted longer than its control allows: the rule of `findDeviations`, without making one. */
function breaksTolerance(outage: WaivedOutage, allowed: number): boolean {
  const { from, to } = boundsOf(outage);
  return to - from > allowed;
}
