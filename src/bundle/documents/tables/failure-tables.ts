import type { BundleContent } from '../../../model/bundle-content.ts';
import { notAuthenticated } from '../../../model/decision.ts';
import type { ControlHistory, Deviation, Episode } from '../../../model/history.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { hours, type Local, timeColumns } from './time-columns.ts';

const yes = (value: boolean): string => (value ? 'yes' : 'no');

/** Every episode of the given controls; one that serves two controls has a row under each. */
export function episodesTable(controls: readonly ControlHistory[], local: Local): AnyTable {
  type Row = { readonly control: string; readonly episode: Episode; readonly deviation: string | null };
  return asTable<Row>({
    name: 'Episodes',
    columns: [
      column('episode', 15, (row) => row.episode.id),
      column('control', 12, (row) => row.control),
      column('check', 36, (row) => row.episode.series.check),
      column('source', 24, (row) => row.episode.series.source),
      column('subject', 40, (row) => row.episode.subject),
      column('display', 34, (row) => row.episode.display),
      column('severity', 11, (row) => row.episode.severity),
      ...timeColumns<Row>('observed_from', local, (row) => row.episode.observed?.from ?? null),
      ...timeColumns<Row>('observed_to', local, (row) => row.episode.observed?.to ?? null),
      ...timeColumns<Row>('conservative_from', local, (row) => row.episode.conservative.from),
      ...timeColumns<Row>('conservative_to', local, (row) => row.episode.conservative.to),
      ...timeColumns<Row>('exact_from', local, (row) => row.episode.exact.from),
      ...timeColumns<Row>('exact_to', local, (row) => row.episode.exact.to),
      column('hours', 11, ({ episode }) =>
        hours(Date.parse(episode.exact.to ?? episode.conservative.to) - Date.parse(episode.exact.from ?? episode.conservative.from)),
      ),
      column('hours_unseen', 11, (row) => hours(row.episode.unseenMs)),
      column('failing_when_the_period_began', 12, (row) => yes(row.episode.carriedIn)),
      column('open_at_the_end', 12, (row) => yes(row.episode.openAtEnd)),
      column('readings', 11, (row) => row.episode.readings),
      column('flaps', 8, (row) => row.episode.flaps),
      ...timeColumns<Row>('detected', local, (row) => row.episode.detectedAt),
      column('said', 60, (row) => list(row.episode.messages)),
      column('actors', 34, (row) => list(row.episode.actors)),
      column('waivers', 16, (row) => list(row.episode.waivers)),
      column('deviation', 20, (row) => row.deviation),
      column('log_first', 11, (row) => row.episode.evidence.first),
      column('log_last', 11, (row) => row.episode.evidence.last),
      column('events', 50, (row) =>
        list(
          row.episode.evidence.events.map(
            (event) =>
              `${event.name} ${event.at}${event.actor === null ? '' : ` by ${event.actor}`} (log ${event.collection}, ${event.eventId})`,
          ),
        ),
      ),
    ],
    rows: controls.flatMap((control) => {
      const deviating = new Map(control.deviations.map((one) => [one.of, one.id]));
      return control.episodes.map((episode) => ({ control: control.control.id, episode, deviation: deviating.get(episode.id) ?? null }));
    }),
  });
}

export function deviationsTable(deviations: readonly Deviation[], local: Local): AnyTable {
  const allAuthenticated = (one: Deviation): string | null =>
    one.lifeCycle.decisions.length === 0
      ? null
      : one.lifeCycle.decisions.every((decision) => decision.authenticated)
        ? 'yes'
        : notAuthenticated;
  return asTable<Deviation>({
    name: 'Deviations',
    columns: [
      column('deviation', 20, (one) => one.id),
      column('control', 12, (one) => one.control),
      column('control_version', 10, (one) => one.version),
      column('kind', 12, (one) => one.kind),
      column('of', 18, (one) => one.of),
      column('check', 36, (one) => one.check),
      column('subject', 40, (one) => one.subject),
      column('display', 34, (one) => one.display),
      column('severity', 11, (one) => one.severity),
      ...timeColumns<Deviation>('from', local, (one) => one.from),
      ...timeColumns<Deviation>('to', local, (one) => (one.openAtEnd ? null : one.to)),
      column('open_at_the_end', 12, (one) => yes(one.openAtEnd)),
      column('hours', 11, (one) => hours(one.durationMs)),
      column('hours_allowed', 11, (one) => (one.allowedMs === null ? null : hours(one.allowedMs))),
      ...timeColumns<Deviation>('due', local, (one) => one.due),
      column('late', 8, (one) => yes(one.late)),
      column('exception_noted', 70, (one) => one.because),
      column('hints_of_a_systematic_cause', 24, (one) => list(one.markers)),
      column('waiver', 14, (one) => one.waiver),
      column('disposition', 16, (one) => one.lifeCycle.disposition),
      column('cause', 14, (one) => one.lifeCycle.cause),
      column('owner', 16, (one) => one.lifeCycle.owner),
      column('management_response', 60, (one) => one.lifeCycle.response),
      column('compensating_control', 40, (one) => one.lifeCycle.compensatingControl),
      column('remediation', 40, (one) => one.lifeCycle.remediation?.what ?? null),
      column('remediation_log', 14, (one) => list(one.lifeCycle.remediation?.evidence ?? [])),
      column('retest', 22, (one) => one.lifeCycle.retest?.result.replaceAll('-', ' ') ?? null),
      column('retest_log', 14, (one) => list(one.lifeCycle.retest?.evidence ?? [])),
      column('decisions_log', 14, (one) => list(one.lifeCycle.decisions.map((decision) => decision.index))),
      column('decided_by', 30, (one) => list(new Set(one.lifeCycle.decisions.map((decision) => decision.actor)))),
      column('deciders_authenticated', 22, allAuthenticated),
      column('auditor_disposition', 20, () => null),
      column('auditor_reference', 20, () => null),
    ],
    rows: deviations,
  });
}

export function waiversTable(content: BundleContent, local: Local): AnyTable {
  type Row = BundleContent['history']['waivers'][number];
  const approvals = new Map(content.decisions.map((one) => [one.index, one.approval?.at ?? null]));
  return asTable<Row>({
    name: 'Waivers',
    columns: [
      column('waiver', 14, (one) => one.id),
      column('kind', 20, (one) => one.kind),
      column('control', 12, (one) => one.control),
      column('about', 50, (one) =>
        list(
          one.scope.map(
            (scope) =>
              [scope.check, scope.source, ...(scope.subjects ?? [])].filter((part) => part !== undefined).join(' ') || 'everything',
          ),
        ),
      ),
      column('reason', 60, (one) => one.reason),
      ...timeColumns<Row>('from', local, (one) => one.from),
      ...timeColumns<Row>('expires', local, (one) => one.expires),
      column('compensating_control', 40, (one) => one.compensatingControl),
      column('requested_by', 22, (one) => one.requestedBy),
      column('approved_by', 22, (one) => one.approvedBy),
      ...timeColumns<Row>('approved', local, (one) => approvals.get(one.decision) ?? null),
      column('approved', 10, (one) => yes(one.approved)),
      column('authenticated', 22, (one) => (one.authenticated ? 'yes' : notAuthenticated)),
      column('decision_log', 12, (one) => one.decision),
    ],
    rows: content.history.waivers,
  });
}
