import type { ControlHistory, Deviation, Episode } from '../../../model/history.ts';
import { type Block, heading, muted, paragraph, type Span, subheading, type Text } from '../blocks.ts';
import { controlTablePath } from '../paths.ts';
import { counted, printCount, printDuration } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords, dispositionWords, markerWords } from '../words.ts';
import type { Frame } from './page-frame.ts';

/** What a deviation is counted against: occurrences where the control is judged by them, otherwise subjects. */
function ofWhat(control: ControlHistory, deviation: Deviation): string {
  const occurrences = control.series.find((series) => series.key.check === deviation.check && series.occurrences !== null)?.occurrences;
  if (deviation.kind === 'occurrence' && occurrences) {
    const deviating = control.deviations.filter((one) => one.kind === 'occurrence' && one.check === deviation.check).length;
    return `${printCount(deviating)} of ${counted(occurrences.total, 'occurrence')}`;
  }
  const subjects = control.series
    .filter((series) => series.key.check === deviation.check)
    .reduce((sum, series) => sum + series.metrics.subjects + series.quiet.subjects, 0);
  const failing = new Set(control.deviations.filter((one) => one.check === deviation.check).map((one) => one.subject)).size;
  return subjects === 0 ? counted(failing, 'subject') : `${printCount(failing)} of ${counted(Math.max(subjects, failing), 'subject')}`;
}

export function* deviationBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  yield heading('6  Deviations', 'deviations');
  if (control.deviations.length === 0) {
    yield paragraph(
      control.state === 'no-evidence'
        ? 'No deviation was recorded. Without evidence that says nothing of the control.'
        : 'No deviation was recorded.',
    );
    return;
  }
  yield paragraph([
    `${counted(control.deviations.length, 'deviation')} in full, and nothing left out; remediation stands beside a deviation and never removes it. As a table: `,
    { href: controlTablePath(control.control.id, 'deviations'), text: 'deviations.csv' },
    '.',
  ]);
  for (const deviation of control.deviations) {
    yield subheading(`${deviation.id} · ${deviation.display}`, deviation.id);
    yield { kind: 'facts', rows: deviationRows(frame, control, deviation) };
  }
}

function deviationRows(frame: Frame, control: ControlHistory, one: Deviation): (readonly [string, Text])[] {
  const { lifeCycle } = one;
  const stretch: Text =
    one.kind === 'occurrence' || one.durationMs === 0
      ? frame.time(one.from)
      : [
          ...(frame.time(one.from) as Span[]),
          ' to ',
          ...(one.openAtEnd ? ['the end of the period, still open'] : (frame.time(one.to) as Span[])),
          `; ${printDuration(one.durationMs)}`,
        ];
  const evidence = (indexes: readonly number[]): string => (indexes.length === 0 ? '' : ` (log ${indexes.map(printCount).join(', ')})`);
  return [
    ['Exception noted', [one.because, ` ${ofWhat(control, one)}.`]],
    ['When', stretch],
    [
      'Check and severity',
      [
        ...(one.check === null ? ['none'] : [{ code: one.check }]),
        `, ${one.severity}; control v${one.version}; ${one.kind} `,
        { muted: one.of },
      ],
    ],
    ['Allowed', one.allowedMs === null ? 'nothing' : printDuration(one.allowedMs)],
    ['Due', one.late ? `${printTime(one.due)}; it took longer` : printTime(one.due)],
    ...(one.markers.length === 0
      ? []
      : [['Hints of a systematic cause', one.markers.map((marker) => markerWords[marker]).join('; ')] as const]),
    ...(one.waiver === null ? [] : [['Waiver', one.waiver] as const]),
    ['Disposition', dispositionWords[lifeCycle.disposition]],
    ...[
      [
        'Cause and owner',
        lifeCycle.cause === null && lifeCycle.owner === null
          ? null
          : `${lifeCycle.cause ?? 'cause not stated'}, ${lifeCycle.owner ?? 'owner not stated'}`,
      ] as const,
      ['Management’s response', lifeCycle.response] as const,
      ['Compensating control', lifeCycle.compensatingControl] as const,
      [
        'Remediation',
        lifeCycle.remediation === null ? null : `${lifeCycle.remediation.what}${evidence(lifeCycle.remediation.evidence)}`,
      ] as const,
      [
        'Retest',
        lifeCycle.retest === null
          ? null
          : `${lifeCycle.retest.result === 'no-failures-observed' ? 'no failures observed' : 'failures observed'}${evidence(lifeCycle.retest.evidence)}`,
      ] as const,
    ].flatMap(([label, text]): (readonly [string, Text])[] => (text === null ? [] : [[label, text]])),
    ...(notStated(lifeCycle).length === 0 ? [] : [['Not on record', { muted: notStated(lifeCycle).join(', ') }] as const]),
    ...(lifeCycle.decisions.length === 0
      ? []
      : [
          [
            'Decided by',
            lifeCycle.decisions
              .map(
                (decision) =>
                  `${actorWords({ name: decision.actor, authentication: decision.authenticated ? 'personal-key' : 'none' })}, ${printTime(decision.at)} (log ${printCount(decision.index)})`,
              )
              .join('; '),
          ] as const,
        ]),
  ];
}

/** What of the life cycle nobody has stated yet: said, so that its absence is not overlooked. */
function notStated(lifeCycle: Deviation['lifeCycle']): string[] {
  return [
    ...(lifeCycle.cause === null ? ['cause'] : []),
    ...(lifeCycle.owner === null ? ['owner'] : []),
    ...(lifeCycle.response === null ? ['management’s response'] : []),
    ...(lifeCycle.remediation === null ? ['remediation'] : []),
    ...(lifeCycle.retest === null ? ['retest'] : []),
  ];
}

/** Bounds of one end: exact where an event gives the instant, otherwise between which readings it lies. */
function bound(frame: Frame, exact: string | null, conservative: string, observed: string | null): Text {
  if (exact !== null) return [...(frame.time(exact) as Span[]), { muted: ' exact' }];
  return [
    ...(frame.time(conservative) as Span[]),
    ...(observed === null ? [] : [{ muted: ` at the widest; seen ${printTime(observed)}` }]),
  ];
}

export function* episodeBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  yield heading('7  Episodes', 'episodes');
  const deviating = new Map(control.deviations.map((one) => [one.of, one.id]));
  yield {
    kind: 'table',
    caption: `${counted(control.episodes.length, 'episode')}: every stretch of failure, also those inside the tolerance`,
    columns: [
      { title: 'Episode', weight: 2.1 },
      { title: 'Subject and what was said', weight: 4.6 },
      { title: 'From', weight: 2.9 },
      { title: 'To', weight: 2.9 },
      { title: 'For', weight: 1.6 },
      { title: 'Deviation', weight: 2.2 },
    ],
    rows: control.episodes.map((one) => [
      [{ code: one.id }, ' ', { muted: `${one.severity}${one.carriedIn ? '; failing when the period began' : ''}` }],
      [{ strong: one.display }, ' ', one.messages.join('; '), ' ', { muted: seenWords(one) }],
      bound(frame, one.exact.from, one.conservative.from, one.observed?.from ?? null),
      one.openAtEnd ? 'still open at the end of the period' : bound(frame, one.exact.to, one.conservative.to, one.observed?.to ?? null),
      printDuration(Date.parse(one.exact.to ?? one.conservative.to) - Date.parse(one.exact.from ?? one.conservative.from)),
      deviating.get(one.id) ?? { muted: one.waivers.length > 0 ? `waived, ${one.waivers.join(', ')}` : 'inside the tolerance' },
    ]),
    empty:
      control.state === 'no-evidence'
        ? 'No failing stretch was observed. Without evidence that says nothing of the control.'
        : 'No failing stretch was observed.',
    inFull: controlTablePath(control.control.id, 'episodes'),
  };
}

function seenWords(episode: Episode): string {
  return [
    `seen failing ${counted(episode.readings, 'time')}`,
    ...(episode.flaps > 0 ? [`came back ${counted(episode.flaps, 'time')} within the flapping bound`] : []),
    ...(episode.unseenMs > 0 ? [`unseen for ${printDuration(episode.unseenMs)} of it`] : []),
    ...(episode.evidence.events.length > 0
      ? episode.evidence.events.map(eventWords)
      : episode.actors.length > 0
        ? [`by ${episode.actors.join(', ')}`]
        : []),
  ].join('; ');
}

/** What the source's own record says: which act, when and by whom, so that who began it is not taken for who ended it. In full in the table. */
const eventWords = ({ name, at, actor }: Episode['evidence']['events'][number]): string =>
  `${name.slice(name.indexOf(':') + 1)} ${printTime(at)}${actor === null ? '' : ` by ${actor.slice(actor.lastIndexOf('/') + 1)}`}`;

/** A waiver that needs a second person has no effect before that person's approval, whatever day it was asked for. */
function inForce(frame: Frame, waiver: ControlHistory['waivers'][number], record: { readonly decision: number } | undefined): Text {
  const until = [' until ', ...(frame.time(waiver.expires) as Span[])];
  const decision = frame.content.decisions.find((one) => one.index === record?.decision);
  const approvedAt = decision?.approval?.at;
  return approvedAt !== undefined && approvedAt > waiver.from
    ? [...(frame.time(approvedAt) as Span[]), ...until, { muted: `; asked for from ${printTime(waiver.from)}, approved later` }]
    : [...(frame.time(waiver.from) as Span[]), ...until];
}

export function* waiverBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  yield heading('8  Waivers', 'waivers');
  const registered = new Map(frame.content.history.waivers.map((waiver) => [waiver.id, waiver]));
  if (control.waivers.length === 0) {
    yield muted('No waiver was in force for this control.');
    return;
  }
  yield paragraph('A waiver relabels a failure and never hides it: it fails underneath, and stays an episode.');
  for (const waiver of control.waivers) {
    const record = registered.get(waiver.id);
    yield subheading(waiver.id);
    yield {
      kind: 'facts',
      rows: [
        ['Reason', waiver.reason],
        ['In force', inForce(frame, waiver, record)],
        [
          'About',
          waiver.scope
            .map((scope) => [scope.check, scope.source, ...(scope.subjects ?? [])].filter(Boolean).join(' ') || 'everything')
            .join('; '),
        ],
        ['Compensating control', waiver.compensatingControl ?? { muted: 'none' }],
        [
          'Asked for and approved',
          record === undefined
            ? { muted: 'no record' }
            : [
                `asked for by ${record.requestedBy}, `,
                record.approvedBy === null ? 'approved by nobody' : `approved by ${record.approvedBy}`,
                record.authenticated ? '' : '; identity not authenticated',
                ` (decision ${printCount(record.decision)})`,
              ],
        ],
      ],
    };
  }
}
