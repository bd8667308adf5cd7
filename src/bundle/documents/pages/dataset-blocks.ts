import type { ControlPaper, DatasetRecord } from '../../../model/bundle-content.ts';
import type { ControlHistory } from '../../../model/history.ts';
import { type Block, heading, joined, muted, paragraph, subheading, type Text } from '../blocks.ts';
import { counted, printCount } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords, gradeWords } from '../words.ts';
import { groupKey, type ItemGroup } from './item-pages.ts';
import type { Frame } from './page-frame.ts';

/** The completeness-and-accuracy sheet: what an auditor asks of a report that the entity produced itself. */
export function* datasetBlocks(
  frame: Frame,
  control: ControlHistory,
  paper: ControlPaper,
  items: ReadonlyMap<string, ItemGroup>,
): Generator<Block> {
  yield heading('10  Completeness and accuracy', 'completeness');
  yield { kind: 'facts', rows: [['Evidence grade', gradeWords[control.grade]]] };
  const datasets = frame.content.datasets.filter((one) => paper.datasets.includes(one.id));
  if (datasets.length === 0) yield paragraph('No dataset was collected for this control.');
  for (const dataset of datasets) {
    yield subheading(`${dataset.title} · ${dataset.scope}`);
    const group = items.get(groupKey(dataset));
    const itemRow: readonly [string, Text][] =
      group === undefined
        ? []
        : [['What was sealed', [{ href: group.first, text: group.first }, ` (${counted(group.items, 'version')} of items)`]]];
    yield { kind: 'facts', rows: [...datasetRows(frame, dataset), ...itemRow] };
    yield {
      kind: 'table',
      caption: 'Requests of the latest collection, as sent',
      columns: [
        { title: 'Operation and input', weight: 5 },
        { title: 'Pages', weight: 0.9, align: 'right' },
        { title: 'The same, by hand', weight: 5 },
      ],
      rows: dataset.requests.map((request) => [
        [{ code: request.operation }, ...(Object.keys(request.input).length === 0 ? [] : [' ', { code: JSON.stringify(request.input) }])],
        printCount(request.pages),
        request.command === null ? { muted: 'no command asks the same' } : { code: request.command },
      ]),
      empty: 'No request was sent.',
    };
    if (dataset.denied.length > 0)
      yield {
        kind: 'table',
        caption: 'What was not seen',
        columns: [
          { title: 'What', weight: 5 },
          { title: 'Why', weight: 2 },
          { title: 'The source’s code', weight: 2.4 },
          { title: 'Collections', weight: 1.3, align: 'right' },
          { title: 'Last', weight: 2.4 },
        ],
        rows: dataset.denied.map((one) => [one.what, one.reason, one.code ?? '', printCount(one.collections), printTime(one.lastAt)]),
        empty: '',
      };
  }
  const missing = [
    ...control.uncollected.map((one) => `${one.type}: ${one.state.replaceAll('-', ' ')}.`),
    ...frame.content.notCollected
      .filter((one) => one.controls.includes(control.control.id) && !control.uncollected.some((type) => type.type === one.what))
      .map((one) => `${one.what}: ${one.state.replaceAll('-', ' ')}. ${one.reason}`),
  ];
  const manual = control.control.evidence
    .filter((one) => !frame.content.notCollected.some((other) => other.what === one.what && other.controls.includes(control.control.id)))
    .map((one) => `${one.what} (from ${one.from}, ${one.frequency}): provided by people; Proofline did not collect it.`);
  if (missing.length + manual.length > 0) {
    yield subheading('What was not collected for it');
    yield { kind: 'list', items: [...missing, ...manual] };
  } else if (datasets.length > 0 && datasets.every((one) => one.collections.incomplete === 0))
    yield muted('Every collection of these datasets was complete.');
}

function datasetRows(frame: Frame, one: DatasetRecord): (readonly [string, Text])[] {
  const list = (values: readonly string[], none: string): Text => (values.length === 0 ? { muted: none } : values.join(', '));
  return [
    [
      'System',
      [
        `${one.system}; ${one.tenant}`,
        one.identityProof === null
          ? { muted: ' (the source’s own word on it was not collected)' }
          : { muted: ` (as the source said itself, log ${printCount(one.identityProof)})` },
      ],
    ],
    ['Hosts', one.hosts.map((host) => `${host.host}${host.official ? '' : ' (not an official host of the source)'}`).join(', ')],
    [
      'Principal',
      [
        one.principal === null ? { muted: 'not known' } : { code: one.principal },
        ` with ${one.permissions.join(', ') || 'no rights on record'}`,
      ],
    ],
    [
      'Triggered by',
      one.triggers.map((trigger) => `${actorWords(trigger.actor)}: ${counted(trigger.collections, 'collection')}`).join('; '),
    ],
    [
      'Collections',
      `${printCount(one.collections.total)}: ${printCount(one.collections.complete)} complete, ${printCount(one.collections.incomplete)} incomplete`,
    ],
    [
      'First and last',
      `${printTime(one.first.startedAt)} (log ${printCount(one.first.index)}); ${printTime(one.last.startedAt)} to ${printTime(one.last.finishedAt)} (log ${printCount(one.last.index)}, session ${one.last.session})`,
    ],
    ['As of', one.last.sourceAsOf === null ? 'the source gives no time of its own' : frame.time(one.last.sourceAsOf)],
    ...(one.window === null
      ? []
      : [
          [
            'Window of the source’s record',
            `${printTime(one.window.from)} to ${printTime(one.window.to)}${one.window.backfilled ? '; part of it was collected afterwards and is called reconstructed' : ''}`,
          ] as const,
        ]),
    [
      'Clock',
      one.clock.offsetMs === null
        ? 'the source sends no time to compare with'
        : `source minus ours between ${printCount(one.clock.offsetMs.min)} and ${printCount(one.clock.offsetMs.max)} ms${one.clock.suspect === 0 ? '' : `; beyond what a good clock has in ${counted(one.clock.suspect, 'collection')}`}`,
    ],
    [
      'Requests',
      `${printCount(one.counts.requests)}, of which ${printCount(one.counts.failedRequests)} failed; ${counted(one.counts.pages, 'page')}`,
    ],
    [
      'Request ids',
      [
        joined(
          one.requestIds.sample.map((id): Text => ({ code: id })),
          ', ',
        ).length === 0
          ? { muted: 'none' }
          : '',
        ...joined(
          one.requestIds.sample.map((id): Text => ({ code: id })),
          ', ',
        ),
        { muted: ` (${printCount(one.requestIds.recorded)} on record)` },
      ],
    ],
    [
      'Items',
      `${printCount(one.last.items)} at last; between ${printCount(one.counts.items.min)} and ${printCount(one.counts.items.max)}; ${counted(one.counts.versions, 'distinct version')} in the period`,
    ],
    ['Scope attempted', list(one.attempted, 'none')],
    ['Scope succeeded', list(one.succeeded, 'none')],
    [
      'Reconciliation',
      one.reconciliation.length === 0
        ? { muted: 'there is no second count' }
        : one.reconciliation
            .map(
              (other) =>
                `${other.with} ${other.field}: ${other.expected === null ? 'not known' : printCount(other.expected)}, seen ${printCount(other.seen)}${other.differed === 0 ? '' : `; differed in ${counted(other.differed, 'collection')}`}`,
            )
            .join('; '),
    ],
    [
      'Redacted at collection',
      one.redactions
        .filter((redaction) => redaction.count > 0)
        .map((redaction) => `${redaction.field} (${printCount(redaction.count)})`)
        .join(', ') || { muted: 'nothing' },
    ],
    [
      'Logic',
      joined(
        one.logic.map((logic): Text => ({ code: logic.digest })),
        ', then ',
      ),
    ],
    ['Evidence grade', gradeWords[one.grade]],
  ];
}
