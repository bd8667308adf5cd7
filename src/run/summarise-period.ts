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
  const sums = new Map<string, Sum>();
  let series = 0;
  for (const one of periodSeries(index, scene.context, scene.filter)) {
    series += 1;
    for (const id of one.expected.controls) {
      const latest = scene.versions.get(id)?.at(-1);
      if (latest !== undefined) add(sumOf(sums, id), one, latest.control);
    }
  }
  const controls = [...scene.versions].flatMap(([id, versions]): ControlSummary[] => {
    const latest = versions.at(-1);
    if (latest === undefined) return [];
    const { meter, read, episodes, deviations, occurrences, gapAfter } = sumOf(sums, id);
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

function sumOf(sums: Map<string, Sum>, id: string): Sum {
  const known = sums.get(id);
  if (known !== undefined) return known;
  const sum: Sum = {
    meter: new CoverageMeter({ gapAfter: 0, materialAfter: 0 }),
    read: [],
    episodes: 0,
    deviations: 0,
    occurrences: { total: 0, failing: 0 },
    gapAfter: 0,
  };
  sums.set(id, sum);
  return sum;
}

function add(sum: Sum, one: PeriodSeries, control: Control): void {
  const { meter, listed, gapAfter } = one.asSeenBy.get(control.id) ?? one.described;
  sum.meter.join(meter);
  // One series of a check shows that it was read.
  if (!sum.read.some(({ series, readings }) => series.check === one.series.check && readings.count > 0)) sum.read.push(one);
  sum.gapAfter = Math.max(sum.gapAfter, gapAfter);
  sum.occurrences.total += one.occurrences?.length ?? 0;
  sum.occurrences.failing += one.occurrences?.filter(({ mark }) => mark?.outcome === 'fail').length ?? 0;
  const allowed = allowedOf(control);
  for (const { outages } of listed) {
    sum.episodes += outages.length;
    sum.deviations += outages.filter((outage) => breaksTolerance(outage, allowed)).length;
  }
}

/** Whether an episode lasted longer than its control allows: the rule of `findDeviations`, without making one. */
function breaksTolerance(outage: WaivedOutage, allowed: number | null): boolean {
  const { from, to } = boundsOf(outage);
  return to - from > (allowed ?? 0);
}
