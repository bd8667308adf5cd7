import type { BundleContent } from '../../../model/bundle-content.ts';
import type { ControlHistory, Interval, SeriesHistory } from '../../../model/history.ts';
import { type AnyTable, asTable, column, emptyColumn, list } from '../table.ts';
import { hours, type Local, share, timeColumns } from './time-columns.ts';

/** Every stretch of every listed subject, and of the worst of each check. Quiet subjects are one row with their number. */
export function timelineTable(control: ControlHistory, local: Local): AnyTable {
  type Row = {
    readonly series: SeriesHistory;
    readonly row: 'worst' | 'subject' | 'quiet';
    readonly subject: string;
    readonly display: string;
    readonly interval: Interval | null;
  };
  return asTable<Row>({
    name: 'Timeline',
    columns: [
      column('control', 12, () => control.control.id),
      column('check', 36, (one) => one.series.key.check),
      column('parameters_digest', 30, (one) => one.series.key.parametersDigest),
      column('source', 24, (one) => one.series.key.source),
      column('row', 10, (one) => one.row),
      column('subject', 40, (one) => one.subject),
      column('display', 34, (one) => one.display),
      ...timeColumns<Row>('from', local, (one) => one.interval?.from ?? null),
      ...timeColumns<Row>('to', local, (one) => one.interval?.to ?? null),
      column('hours', 11, (one) => (one.interval === null ? null : hours(Date.parse(one.interval.to) - Date.parse(one.interval.from)))),
      column('outcome', 14, (one) => one.interval?.outcome ?? 'pass'),
      column('underneath', 11, (one) => one.interval?.underneath ?? null),
      column('basis', 14, (one) => one.interval?.basis ?? null),
      column('reason', 18, (one) => one.interval?.reason ?? null),
      column('waiver', 14, (one) => one.interval?.waiver ?? null),
      column('log_first', 11, (one) => one.interval?.evidence.first ?? null),
      column('log_last', 11, (one) => one.interval?.evidence.last ?? null),
    ],
    rows: {
      *[Symbol.iterator]() {
        for (const series of control.series) {
          for (const interval of series.worst) yield { series, row: 'worst', subject: '*', display: 'worst of all subjects', interval };
          for (const timeline of series.timelines)
            for (const interval of timeline.intervals)
              yield { series, row: 'subject', subject: timeline.subject, display: timeline.display, interval };
          if (series.quiet.subjects > 0)
            yield {
              series,
              row: 'quiet',
              subject: '',
              display: `${series.quiet.subjects} subjects that passed throughout on one basis`,
              interval: null,
            };
        }
      },
    },
  });
}

/** One row per check and source, with columns for what the auditor does about it. */
export function testsTable(content: BundleContent, controls: readonly ControlHistory[], local: Local): AnyTable {
  type Row = { readonly control: ControlHistory; readonly series: SeriesHistory | null };
  const claims = new Map(content.checks.map((check) => [check.id, check]));
  return asTable<Row>({
    name: 'Tests',
    columns: [
      column('control', 12, (row) => row.control.control.id),
      column('statement', 60, (row) => row.control.control.statement),
      column('suggested_procedure', 60, (row) => row.control.control.testProcedure ?? null),
      column('check', 36, (row) => row.series?.key.check ?? null),
      column('claim', 50, (row) => (row.series === null ? null : (claims.get(row.series.key.check)?.claim ?? row.series.claim))),
      column('parameters', 30, (row) => (row.series === null ? null : JSON.stringify(row.series.parameters))),
      column('logic', 30, (row) => list(row.series?.logic.map((logic) => logic.digest) ?? [])),
      column('source', 24, (row) => row.series?.key.source ?? null),
      column('subject_type', 24, (row) => row.series?.subjectType ?? null),
      column('severity', 11, (row) => row.series?.severity ?? null),
      column('subjects', 11, (row) => row.series?.metrics.subjects ?? null),
      column('occurrences', 11, (row) => row.series?.occurrences?.total ?? null),
      column('occurrences_failed', 11, (row) => row.series?.occurrences?.fail ?? null),
      column('readings', 11, (row) => row.series?.readings ?? null),
      ...timeColumns<Row>('first_reading', local, (row) => row.series?.firstReading ?? null),
      ...timeColumns<Row>('last_reading', local, (row) => row.series?.lastReading ?? null),
      column('share_corroborated', 14, (row) => share(row.series?.metrics.coverage.corroborated ?? null)),
      column('share_inferred', 14, (row) => share(row.series?.metrics.coverage.inferred ?? null)),
      column('share_no_evidence', 14, (row) => share(row.series?.metrics.coverage.none ?? null)),
      column('share_passing_of_period', 14, (row) => share(row.series?.metrics.passing.ofPeriod ?? null)),
      column('share_passing_of_known', 14, (row) => share(row.series?.metrics.passing.ofKnown ?? null)),
      column('worst_subject', 34, (row) => row.series?.metrics.passing.worst?.display ?? null),
      column('share_passing_of_worst_subject', 14, (row) => share(row.series?.metrics.passing.worst?.ofPeriod ?? null)),
      column('observed_by_management', 22, (row) => row.control.state.replaceAll('-', ' ')),
      ...auditorColumns<Row>(),
    ],
    rows: controls.flatMap((control): Row[] =>
      control.series.length === 0 ? [{ control, series: null }] : control.series.map((series) => ({ control, series })),
    ),
  });
}
export function auditorColumns<Row>(): ReturnType<typeof emptyColumn<Row>>[] {
  return [
    emptyColumn<Row>('auditor_procedure', 40),
    emptyColumn<Row>('auditor_result', 24),
    emptyColumn<Row>('auditor_conclusion', 24),
    emptyColumn<Row>('auditor_initials', 14),
    emptyColumn<Row>('auditor_date', 14),
    emptyColumn<Row>('auditor_reference', 20),
  ];
}
