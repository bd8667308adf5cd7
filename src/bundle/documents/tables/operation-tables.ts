import type { BundleContent, OperationPack } from '../../../model/bundle-content.ts';
import { type AnyTable, asTable, column, list } from '../table.ts';
import { hours, type Local, timeColumns } from './time-columns.ts';

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');
export const noticeCounts = (notices: Readonly<Record<string, number>>): string[] =>
  Object.entries(notices)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, count]) => `${kind.replaceAll('-', ' ')}: ${count}`);

/** Registers of how Proofline was run, by the name of their file. */
export function operationTables(content: BundleContent, local: Local): Readonly<Record<string, AnyTable>> {
  const { operation } = content.tool;
  type Schedule = OperationPack['schedules'][number];
  type Turns = OperationPack['turns'][number];
  type Miss = OperationPack['misses'][number];
  type Failed = OperationPack['failedTurns'][number];
  type Process = OperationPack['processes'][number];
  type Event = OperationPack['processEvents'][number];
  type Channel = OperationPack['channels'][number];
  type Delivery = OperationPack['deliveries'] extends Iterable<infer One> ? One : never;
  return {
    schedules: asTable<Schedule>({
      name: 'Schedules',
      columns: [
        column('schedule', 34, (one) => one.id),
        column('kind', 10, (one) => one.kind),
        column('source', 26, (one) => one.source),
        column('collectors', 60, (one) => list(one.collectors)),
        column('cron', 18, (one) => one.cron),
        column('zone', 20, (one) => one.zone),
        column('jitter_seconds', 12, (one) => one.jitterMs / 1000),
        column('declared_by', 16, (one) => one.declared),
        ...timeColumns<Schedule>('from', local, (one) => one.from),
        ...timeColumns<Schedule>('to', local, (one) => one.to),
        column('plan_log', 10, (one) => one.plan),
      ],
      rows: operation.schedules,
    }),
    turns: asTable<Turns>({
      name: 'Turns',
      columns: [
        column('schedule', 34, (one) => one.schedule),
        column('planned', 10, (one) => one.planned),
        column('taken', 10, (one) => one.taken),
        column('of_them_late', 12, (one) => one.late),
        column('missed', 10, (one) => one.missed),
        column('failed', 10, (one) => one.failed),
        column('unaccounted', 12, (one) => one.unaccounted),
        column('longest_wait_hours', 16, (one) => (one.longestWaitMs === null ? null : hours(one.longestWaitMs))),
      ],
      rows: operation.turns,
    }),
    'schedule-misses': asTable<Miss>({
      name: 'Schedule misses',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Miss>('recorded', local, (one) => one.at),
        column('schedule', 34, (one) => one.schedule),
        column('source', 26, (one) => one.source),
        ...timeColumns<Miss>('first_due', local, (one) => one.from),
        ...timeColumns<Miss>('last_due', local, (one) => one.to),
        column('turns', 8, (one) => one.count),
        column('because', 40, (one) => one.because),
        column('last_to_be_taken_late', 14, (one) => yesNo(one.late)),
        column('last_taken', 12, (one) => yesNo(one.taken)),
        column('last_failed', 12, (one) => yesNo(one.failed)),
      ],
      rows: operation.misses,
    }),
    'failed-turns': asTable<Failed>({
      name: 'Failed turns',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Failed>('recorded', local, (one) => one.at),
        column('schedule', 34, (one) => one.schedule),
        ...timeColumns<Failed>('due', local, (one) => one.due),
        column('attempts', 10, (one) => one.attempts),
        column('reason', 80, (one) => one.reason),
      ],
      rows: operation.failedTurns,
    }),
    processes: asTable<Process>({
      name: 'Processes',
      columns: [
        column('run', 38, (one) => one.run),
        column('role', 10, (one) => one.role),
        column('host', 26, (one) => one.host),
        column('pid', 10, (one) => one.pid),
        column('run_by', 20, (one) => one.by),
        column('version', 14, (one) => one.version),
        column('node', 14, (one) => one.node),
        column('configuration', 74, (one) => one.configuration),
        column('reloads', 10, (one) => one.reloads),
        ...timeColumns<Process>('started', local, (one) => one.startedAt),
        ...timeColumns<Process>('last_heard', local, (one) => one.heardAt),
        ...timeColumns<Process>('stopped', local, (one) => one.endedAt),
        column('ended', 16, (one) => one.ended),
        column('detail', 60, (one) => one.detail),
        column('log', 10, (one) => one.index),
      ],
      rows: operation.processes,
    }),
    'process-events': asTable<Event>({
      name: 'Process events',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Event>('at', local, (one) => one.at),
        column('event', 22, (one) => one.event),
        column('run', 38, (one) => one.run),
        column('role', 10, (one) => one.role),
        column('host', 26, (one) => one.host),
        column('run_by', 20, (one) => one.by),
        column('version', 14, (one) => one.version),
        column('configuration', 74, (one) => one.configuration),
        column('detail', 60, (one) => one.detail),
      ],
      rows: operation.processEvents,
    }),
    channels: asTable<Channel>({
      name: 'Channels',
      columns: [
        column('channel', 24, (one) => one.channel),
        column('kind', 16, (one) => one.kind),
        column('messages', 10, (one) => one.messages),
        column('attempts_delivered', 14, (one) => one.delivered),
        column('attempts_failed', 14, (one) => one.failed),
        column('given_up', 10, (one) => one.givenUp),
        column('notices_delivered', 60, (one) => list(noticeCounts(one.notices))),
        ...timeColumns<Channel>('first', local, (one) => one.first),
        ...timeColumns<Channel>('last', local, (one) => one.last),
      ],
      rows: operation.channels,
    }),
    deliveries: asTable<Delivery>({
      name: 'Deliveries',
      columns: [
        column('log', 10, (one) => one.index),
        ...timeColumns<Delivery>('at', local, (one) => one.at),
        column('message', 26, (one) => one.message),
        column('channel', 24, (one) => one.channel),
        column('kind', 16, (one) => one.channelKind),
        column('route', 20, (one) => one.route),
        column('notices', 60, (one) => list(noticeCounts(one.notices))),
        column('about_first_log', 12, (one) => one.about?.first ?? null),
        column('about_last_log', 12, (one) => one.about?.last ?? null),
        column('attempt', 10, (one) => one.attempt),
        column('outcome', 12, (one) => one.outcome),
        column('reason', 60, (one) => one.reason),
        column('falls_back_to', 20, (one) => one.fallback),
      ],
      rows: operation.deliveries,
    }),
  };
}
