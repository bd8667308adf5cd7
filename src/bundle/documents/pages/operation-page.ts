import type { OperationPack } from '../../../model/bundle-content.ts';
import { type Block, heading, joined, muted, type Page, paragraph, type Text } from '../blocks.ts';
import { counted, printCount, printDuration } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { noticeCounts } from '../tables/operation-tables.ts';
import type { Frame } from './page-frame.ts';

/** How Proofline was run: what was promised, what became of it, who ran it, and whom it told. */
export function operationPage(frame: Frame, form: 'html' | 'pdf'): Page {
  return frame.page({
    path: `tool/operation.${form}`,
    kicker: 'General controls over Proofline',
    title: 'How it was run',
    lead: 'Plans say beforehand what is collected when. Here is what they said in the period, what the log shows became of it, which processes did it, and whom they told.',
    blocks: blocks(frame),
  });
}

const firstRows = 200;
const files = ['schedules', 'turns', 'schedule-misses', 'failed-turns', 'processes', 'process-events', 'channels', 'deliveries'];

function* blocks(frame: Frame): Generator<Block> {
  const { operation } = frame.content.tool;
  yield muted([
    'The same as tables: ',
    { href: 'tool/operation.xlsx', text: 'operation.xlsx' },
    '; ',
    ...joined(
      files.map((name): Text => ({ href: `tool/${name}.csv`, text: `${name}.csv` })),
      ', ',
    ),
  ]);
  yield heading('What was to be done, and what became of it');
  const nothing = nothingScheduled(operation);
  if (nothing !== undefined) yield { kind: 'notice', title: 'Not run by a schedule', text: [nothing], tone: 'plain' };
  yield* turnsBlocks(operation);
  yield* schedulesBlocks(frame, operation);
  yield* missesBlocks(operation);
  yield heading('Which processes ran');
  yield* processBlocks(operation);
  yield heading('Whom it told');
  yield* channelBlocks(operation);
}

/** What must be said where an empty table could be read as a table without a miss. */
function nothingScheduled({ schedules, servedFrom }: OperationPack): string | undefined {
  if (servedFrom !== null) return undefined;
  if (schedules.length === 0)
    return 'No plan of the period has a schedule, and the log has no turn of one: every collection was begun by hand or from outside. Who began them is on the sheets of the datasets.';
  return 'The plans have schedules, and the log shows nothing that served them: every collection was begun by hand or from outside. Who began them is on the sheets of the datasets.';
}

function* turnsBlocks({ turns, servedFrom }: OperationPack): Generator<Block> {
  if (servedFrom !== null)
    yield paragraph([
      `Schedules are served since ${printTime(servedFrom)}, as far as the log shows. `,
      {
        muted:
          'Planned: how often one was due from then on, worked out again from its expression and zone. Taken: something was judged or anchored for it. Missed: recorded as not taken, and neither taken nor failed late. Not accounted for: planned, and the log says nothing of it.',
      },
    ]);
  yield {
    kind: 'table',
    caption: 'Turns of the period',
    columns: [
      { title: 'Schedule', weight: 4 },
      { title: 'Planned', weight: 1.3, align: 'right' },
      { title: 'Taken', weight: 1.3, align: 'right' },
      { title: 'of them late', weight: 1.3, align: 'right' },
      { title: 'Missed', weight: 1.3, align: 'right' },
      { title: 'Failed', weight: 1.3, align: 'right' },
      { title: 'Not accounted for', weight: 1.6, align: 'right' },
      { title: 'Longest wait', weight: 1.8, align: 'right' },
    ],
    rows: turns.map((one) => [
      one.schedule,
      one.planned === null ? { muted: 'not known' } : printCount(one.planned),
      printCount(one.taken),
      printCount(one.late),
      printCount(one.missed),
      printCount(one.failed),
      one.unaccounted === null
        ? { muted: 'not known' }
        : one.unaccounted < 0
          ? `${printCount(-one.unaccounted)} more than planned`
          : printCount(one.unaccounted),
      one.longestWaitMs === null ? '' : printDuration(one.longestWaitMs),
    ]),
    empty: 'No turn of a schedule is recorded or planned.',
    inFull: 'tool/turns.csv',
  };
}

function* schedulesBlocks(frame: Frame, { schedules }: OperationPack): Generator<Block> {
  const ids = schedules.map(({ id }) => id);
  const changed = [...new Set(ids.filter((id, position) => ids.indexOf(id) !== position))];
  yield {
    kind: 'table',
    caption: 'Schedules as the plans had them, each from when its plan was recorded',
    columns: [
      { title: 'Schedule', weight: 3 },
      { title: 'When', weight: 3 },
      { title: 'What', weight: 2.4 },
      { title: 'By', weight: 1.6 },
      { title: 'From', weight: 3 },
      { title: 'To', weight: 3 },
      { title: 'Plan (log)', weight: 1.2, align: 'right' },
    ],
    rows: schedules.map((one) => [
      one.id,
      [{ code: one.cron }, ' ', { muted: one.zone }, ...(one.jitterMs === 0 ? [] : [` and up to ${printDuration(one.jitterMs)} later`])],
      one.kind === 'anchor' ? 'anchoring the log' : counted(one.collectors.length, 'collector'),
      one.declared === 'default' ? 'default' : 'the entity',
      frame.time(one.from),
      frame.time(one.to),
      printCount(one.plan),
    ]),
    empty: 'No plan of the period has a schedule.',
    inFull: 'tool/schedules.csv',
  };
  if (schedules.length > 0)
    yield paragraph(
      changed.length === 0
        ? 'No schedule was changed within the period.'
        : `Changed or interrupted within the period: ${changed.join(', ')}.`,
    );
}

function* missesBlocks({ misses, failedTurns }: OperationPack): Generator<Block> {
  yield {
    kind: 'table',
    caption: captionOf('Turns that were missed', misses.length, 'schedule-misses.csv'),
    columns: [
      { title: 'Schedule', weight: 3 },
      { title: 'Turns', weight: 1, align: 'right' },
      { title: 'First due', weight: 2.4 },
      { title: 'Last due', weight: 2.4 },
      { title: 'Why', weight: 3 },
      { title: 'The last of them', weight: 2 },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: misses
      .slice(0, firstRows)
      .map((one) => [
        one.schedule,
        printCount(one.count),
        printTime(one.from),
        printTime(one.to),
        one.because,
        lastOf(one),
        printCount(one.index),
      ]),
    empty: 'No miss is recorded.',
    inFull: 'tool/schedule-misses.csv',
  };
  yield {
    kind: 'table',
    caption: captionOf('Turns that finally failed', failedTurns.length, 'failed-turns.csv'),
    columns: [
      { title: 'Schedule', weight: 3 },
      { title: 'Due', weight: 2.4 },
      { title: 'Attempts', weight: 1.2, align: 'right' },
      { title: 'Why', weight: 5 },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: failedTurns
      .slice(0, firstRows)
      .map((one) => [one.schedule, printTime(one.due), printCount(one.attempts), one.reason, printCount(one.index)]),
    empty: 'No turn is recorded as finally failed.',
    inFull: 'tool/failed-turns.csv',
  };
}

/** Of one that ended unseen with what whoever found it knew. */
function endOf({ ended, endedAt, detail }: OperationPack['processes'][number]): string {
  if (endedAt !== null) return `${endWords[ended]}: ${printTime(endedAt)}`;
  return ended === 'unseen' && detail !== '' ? `${endWords[ended]}: ${detail}` : endWords[ended];
}

function lastOf({ taken, failed, late }: OperationPack['misses'][number]): string {
  if (taken) return 'taken late';
  if (failed) return 'tried late, and finally failed';
  return late ? 'to be taken late, and was not' : 'not taken';
}

const endWords = { stopped: 'stopped', unseen: 'ended unseen', 'not-recorded': 'no end recorded: it goes on, or ended unseen' } as const;

function* processBlocks({ processes, processEvents }: OperationPack): Generator<Block> {
  yield {
    kind: 'table',
    caption: captionOf('Daemon and workers', processes.length, 'processes.csv'),
    columns: [
      { title: 'Process', weight: 2.6 },
      { title: 'Version', weight: 1.4 },
      { title: 'Configuration', weight: 3.4 },
      { title: 'Run by', weight: 1.6 },
      { title: 'Started', weight: 2.2 },
      { title: 'Last entry of its life', weight: 2.2 },
      { title: 'End', weight: 2.4 },
    ],
    rows: processes
      .slice(0, firstRows)
      .map((one) => [
        [{ strong: one.role === 'serve' ? 'daemon' : 'worker' }, ` on ${one.host} `, { muted: `pid ${one.pid}` }],
        one.version,
        [{ code: one.configuration }, ...(one.reloads === 0 ? [] : [` after ${counted(one.reloads, 'reload')}`])],
        one.by,
        one.startedAt === null ? { muted: 'not recorded' } : printTime(one.startedAt),
        printTime(one.heardAt),
        endOf(one),
      ]),
    empty: 'No daemon and no worker is recorded in the period.',
    inFull: 'tool/processes.csv',
  };
  yield muted([
    'Who runs a process is what the operating system says; it is not authenticated. What changed a configuration, and who recorded it, is in ',
    { href: 'tool/configuration-changes.csv', text: 'configuration-changes.csv' },
    '.',
  ]);
  const told = processEvents.filter(({ event }) => event !== 'started' && event !== 'stopped');
  yield {
    kind: 'table',
    caption: captionOf('What happened to them between start and stop', told.length, 'process-events.csv'),
    columns: [
      { title: 'At', weight: 2.4 },
      { title: 'Event', weight: 2 },
      { title: 'Process', weight: 2.4 },
      { title: 'Detail', weight: 5 },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: told
      .slice(0, firstRows)
      .map((one) => [
        printTime(one.at),
        one.event.replaceAll('-', ' '),
        `${one.role === 'serve' ? 'daemon' : 'worker'} on ${one.host}`,
        one.detail,
        printCount(one.index),
      ]),
    empty: 'Nothing else is recorded.',
    inFull: 'tool/process-events.csv',
  };
}

function* channelBlocks({ channels }: OperationPack): Generator<Block> {
  yield {
    kind: 'table',
    caption: 'Channels, in counts: what was said is not kept in the log',
    columns: [
      { title: 'Channel', weight: 2 },
      { title: 'Kind', weight: 1.6 },
      { title: 'Messages', weight: 1.3, align: 'right' },
      { title: 'Delivered', weight: 1.3, align: 'right' },
      { title: 'Failed attempts', weight: 1.4, align: 'right' },
      { title: 'Given up', weight: 1.2, align: 'right' },
      { title: 'Told of', weight: 4 },
      { title: 'Last', weight: 2.2 },
    ],
    rows: channels.map((one) => [
      one.channel,
      one.kind,
      printCount(one.messages),
      printCount(one.delivered),
      printCount(one.failed),
      printCount(one.givenUp),
      noticeCounts(one.notices).join(', '),
      printTime(one.last),
    ]),
    empty: 'Nobody was told of anything: no delivery is recorded in the period.',
  };
  yield muted([
    'Every attempt, with the log entries it tells of: ',
    { href: 'tool/deliveries.csv', text: 'deliveries.csv' },
    '. That a message was delivered does not show that somebody read it.',
  ]);
}

const captionOf = (title: string, count: number, file: string): string =>
  count <= firstRows ? title : `${title}: the first ${firstRows} of ${printCount(count)}; all are in ${file}`;
