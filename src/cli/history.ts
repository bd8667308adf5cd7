import type { Command } from 'commander';
import type { ControlHistory, Deviation, PeriodHistory } from '../model/history.ts';
import { type Cli, printJson } from './cli.ts';
import type { HistoryControlRow, HistoryOutput } from './history-shapes.ts';
import { historyFor, type PeriodReadingOptions, periodHead, periodReading } from './period-options.ts';

export function addHistory(program: Command, cli: Cli): void {
  periodReading(program.command('history'))
    .description('what was seen of every control over a period: its timeline, its failures, and how much of the time is known')
    .action(async (options: PeriodReadingOptions) => {
      const history = await historyFor(cli, options);
      const output = historyOutput(history, options.check);
      if (options.json === true) printJson(cli, output);
      else {
        const { renderHistory } = await import('./render-history.ts');
        const single = options.control !== undefined || options.check !== undefined;
        cli.out(renderHistory(output, { colours: cli.colours, columns: cli.columns, single }));
      }
    });
}

function historyOutput(history: PeriodHistory, check: string | undefined): HistoryOutput {
  const controls = history.controls.filter(({ versions }) =>
    check === undefined ? true : versions.some(({ checks }) => checks.some(({ id }) => id === check)),
  );
  return {
    v: 1,
    period: periodHead(history),
    controls: controls.map(controlRow),
    topics: history.topics.map(({ id, area, state, uncovered, controls: linked }) => ({
      id,
      area,
      state,
      uncovered,
      controls: linked.map((link) => link.id),
    })),
    outages: history.outages.map((outage) => ({ ...outage })),
  };
}

function controlRow(of: ControlHistory): HistoryControlRow {
  const kinds = (kind: Deviation['kind']) => of.deviations.filter((one) => one.kind === kind).length;
  return {
    id: of.control.id,
    statement: of.control.statement,
    status: of.control.status,
    state: of.state,
    reasons: [...of.reasons],
    versions: of.versions.map(({ number, from, to, plan, changes }) => ({ number, from, to, plan, changes: [...changes] })),
    worst: [...of.worst],
    metrics: of.metrics,
    episodes: of.episodes.length,
    deviations: { episode: kinds('episode'), occurrence: kinds('occurrence'), missed: kinds('missed'), gap: kinds('gap') },
    occurrences: of.series.some(({ occurrences }) => occurrences !== null)
      ? { total: of.occurrences.length, failing: of.occurrences.filter(({ outcome }) => outcome === 'fail').length }
      : null,
    grade: of.grade,
    series: of.series.map(
      ({
        key,
        claim,
        severity,
        subjectType,
        evidenceClass,
        readings,
        firstReading,
        lastReading,
        worst,
        metrics,
        gaps,
        quiet,
        timelines,
      }) => ({
        key,
        claim,
        severity,
        subjectType,
        evidenceClass,
        readings,
        firstReading,
        lastReading,
        worst: [...worst],
        metrics,
        gaps: [...gaps],
        quiet: quiet.subjects,
        subjects: timelines.map(({ subject, display, bornAt, diedAt, intervals }) => ({
          subject,
          display,
          bornAt,
          diedAt,
          intervals: [...intervals],
        })),
      }),
    ),
  };
}
