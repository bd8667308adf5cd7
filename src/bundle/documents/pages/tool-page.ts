import { type Block, heading, joined, muted, type Page, paragraph, type Text } from '../blocks.ts';
import { counted, printCount } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords } from '../words.ts';
import type { Frame } from './page-frame.ts';

/** General controls over Proofline: it made what the auditor reads, so it is itself looked at. */
export function toolPage(frame: Frame): Page {
  return frame.page({
    path: 'tool/index.html',
    kicker: 'General controls over Proofline',
    title: 'The tool itself',
    lead: 'What produced this bundle is information produced by the entity. Here is who can change it, what changed, what ran and what failed.',
    blocks: blocks(frame),
  });
}

const firstFailures = 200;

function* blocks(frame: Frame): Generator<Block> {
  const { tool, persons } = frame.content;
  yield muted([
    'The same as tables: ',
    ...joined(
      ['versions', 'logic', 'administrators', 'persons', 'configuration-changes', 'keys', 'runs', 'failures', 'lifecycle', 'erasures'].map(
        (name): Text => ({ href: `tool/${name}.csv`, text: `${name}.csv` }),
      ),
      ', ',
    ),
  ]);
  yield paragraph([
    'When it was to collect and what became of that, which processes ran and whom they told: ',
    { href: 'tool/operation.html', text: 'how it was run' },
    '.',
  ]);
  yield heading('Who can change it');
  yield {
    kind: 'table',
    caption: 'As far as the log and the machine tell; ask for the access list of the host as well',
    columns: [
      { title: 'Who', weight: 3 },
      { title: 'Can', weight: 4 },
      { title: 'How it is known', weight: 4 },
    ],
    rows: tool.administrators.map((one) => [one.name, one.can, one.known]),
    empty: 'Neither the log nor the machine names anybody: ask for the access list of the host.',
  };
  yield {
    kind: 'table',
    caption: 'Registered persons and their keys',
    columns: [
      { title: 'Person', weight: 2.4 },
      { title: 'Roles', weight: 2 },
      { title: 'Keys', weight: 4 },
      { title: 'Registered', weight: 2 },
      { title: 'Revoked', weight: 2.4 },
    ],
    rows: persons.map((one) => [
      [{ strong: one.person.name }, ' ', { muted: one.person.id }],
      one.person.roles.join(', '),
      joined(
        one.fingerprints.map((fingerprint): Text => ({ code: fingerprint })),
        ' ',
      ),
      printTime(one.registeredAt),
      one.revoked.length === 0
        ? { muted: 'no' }
        : one.revoked.map((gone) => `${gone.key ?? 'every key'} from ${printTime(gone.at)}`).join('; '),
    ]),
    empty: 'Nobody is registered: no decision in this log is authenticated.',
  };
  yield heading('What changed');
  yield {
    kind: 'table',
    caption: 'Versions of Proofline',
    columns: [
      { title: 'Version', weight: 2 },
      { title: 'From', weight: 3 },
      { title: 'To', weight: 3 },
      { title: 'Plan (log)', weight: 1.4, align: 'right' },
    ],
    rows: tool.versions.map((one) => [one.version, frame.time(one.from), frame.time(one.to), printCount(one.plan)]),
    empty: 'No plan was recorded.',
  };
  yield {
    kind: 'table',
    caption: 'Changes of the configuration',
    columns: [
      { title: 'At', weight: 2.4 },
      { title: 'By', weight: 2.6 },
      { title: 'From', weight: 4 },
      { title: 'To', weight: 4 },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: tool.configurationChanges.map((one) => [
      printTime(one.at),
      actorWords(one.actor),
      one.from === null ? { muted: 'none' } : { code: one.from },
      { code: one.to },
      printCount(one.index),
    ]),
    empty: 'The configuration was not changed.',
  };
  const changed = new Set(tool.logic.map((one) => `${one.kind} ${one.id}`).filter((id, position, all) => all.indexOf(id) !== position));
  yield paragraph(
    changed.size === 0
      ? `The logic of all ${counted(tool.logic.length, 'collector and check', 'collectors and checks')} stayed the same; digests are in logic.csv.`
      : `Logic that changed within the period: ${[...changed].join(', ')}. Every digest and its dates are in logic.csv.`,
  );
  yield {
    kind: 'table',
    caption: 'Keys replaced',
    columns: [
      { title: 'At', weight: 2.4 },
      { title: 'Purpose', weight: 1.4 },
      { title: 'Retired', weight: 4 },
      { title: 'Introduced', weight: 4 },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: tool.keys.map((one) => [printTime(one.at), one.purpose, { code: one.retired }, { code: one.introduced }, printCount(one.index)]),
    empty: 'No key was replaced.',
  };
  yield {
    kind: 'table',
    caption: 'Erasures',
    columns: [
      { title: 'At', weight: 2.4 },
      { title: 'Commitments', weight: 1.4, align: 'right' },
      { title: 'Authority', weight: 3 },
      { title: 'Reason', weight: 4 },
      { title: 'By', weight: 3 },
    ],
    rows: tool.erasures.map((one) => [printTime(one.at), printCount(one.commitments), one.authority, one.reason, actorWords(one.actor)]),
    empty: 'Nothing was erased.',
  };
  yield heading('What ran, and what failed');
  yield {
    kind: 'table',
    caption: 'Per calendar month of the period’s zone',
    columns: [
      { title: 'Month', weight: 1.4 },
      { title: 'Collections', weight: 1.4, align: 'right' },
      { title: 'Complete', weight: 1.4, align: 'right' },
      { title: 'Incomplete', weight: 1.4, align: 'right' },
      { title: 'Evaluations', weight: 1.4, align: 'right' },
    ],
    rows: tool.runs.map((one) => [
      one.month,
      printCount(one.collections),
      printCount(one.complete),
      printCount(one.incomplete),
      printCount(one.evaluations),
    ]),
    empty: 'Nothing ran in the period.',
  };
  const failures = [...first(tool.failures, firstFailures)];
  yield {
    kind: 'table',
    caption:
      failures.length < firstFailures
        ? 'Collections that were not complete'
        : `The first ${firstFailures} collections that were not complete; all are in failures.csv`,
    columns: [
      { title: 'At', weight: 2.4 },
      { title: 'Collector', weight: 3 },
      { title: 'Scope', weight: 3 },
      { title: 'Why', weight: 3 },
      { title: 'Gaps', weight: 1, align: 'right' },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: failures.map((one) => [
      printTime(one.at),
      { code: one.collector },
      one.scope,
      one.reasons.join(', '),
      printCount(one.gaps),
      printCount(one.index),
    ]),
    empty: 'Every collection was complete.',
  };
  yield {
    kind: 'table',
    caption: 'Life of the log',
    columns: [
      { title: 'At', weight: 2.4 },
      { title: 'Event', weight: 2 },
      { title: 'Detail', weight: 6 },
      { title: 'Log', weight: 1, align: 'right' },
    ],
    rows: tool.lifecycle.map((one) => [printTime(one.at), one.event, one.detail, printCount(one.index)]),
    empty: 'No event was recorded.',
  };
}

function* first<T>(values: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const value of values) {
    if (taken >= count) return;
    taken += 1;
    yield value;
  }
}
