import type { ControlPaper, DatasetRecord } from '../../../model/bundle-content.ts';
import type { ControlHistory } from '../../../model/history.ts';
import { type Block, heading, joined, muted, paragraph, subheading, type Text } from '../blocks.ts';
import { counted, printCount } from '../print-figures.ts';
import { printTime } from '../print-time.ts';
import { actorWords, gradeWords } from '../words.ts';
import { groupKey, type ItemGroup } from './item-pages.ts';
import type { Frame } from './page-frame.ts';

/** Of what there may be many, a sheet prints the first ones and says where all are. */
const printed = { requests: 10, denied: 20, requestIds: 3 } as const;
const register = { href: 'registers/datasets.csv', text: 'registers/datasets.csv' } as const;

/**
 * The completeness-and-accuracy sheet: what an auditor asks of a report that the entity produced itself. One sheet per collector; where it
 * read several scopes, what is the same is said once and the scopes are rows.
 */
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
  for (const sheet of Map.groupBy(datasets, (one) => one.collector).values()) yield* sheetBlocks(frame, sheet, items);
  if (datasets.length > 0) yield muted(['Every field of every dataset: ', register, '.']);
  const missing = missingFor(frame, control);
  if (missing.length > 0) {
    yield subheading('What was not collected for it');
    yield { kind: 'list', items: missing };
  } else if (datasets.length > 0 && datasets.every((one) => one.collections.incomplete === 0))
    yield muted('Every collection of these datasets was complete.');
}

function missingFor(frame: Frame, control: ControlHistory): string[] {
  const ours = frame.content.notCollected.filter((one) => one.controls.includes(control.control.id));
  return [
    ...control.uncollected.map((one) => `${one.type}: ${one.state.replaceAll('-', ' ')}.`),
    ...ours
      .filter((one) => !control.uncollected.some((type) => type.type === one.what))
      .map((one) => `${one.what}: ${one.state.replaceAll('-', ' ')}. ${one.reason}`),
    ...control.control.evidence
      .filter((one) => !ours.some((other) => other.what === one.what))
      .map((one) => `${one.what} (from ${one.from}, ${one.frequency}): provided by people; Proofline did not collect it.`),
  ];
}

function* sheetBlocks(frame: Frame, sheet: readonly DatasetRecord[], items: ReadonlyMap<string, ItemGroup>): Generator<Block> {
  const [first] = sheet;
  yield subheading(sheet.length === 1 ? `${first!.title} · ${first!.scope}` : `${first!.title} · ${counted(sheet.length, 'scope')}`);
  yield { kind: 'facts', rows: [...commonRows(sheet), ...turnRows(frame, sheet), ...(sheet.length === 1 ? ownRows(first!) : [])] };
  if (sheet.length > 1) yield scopesTable(sheet);
  yield* requestsBlocks(sheet);
  const denied = sheet.flatMap((one) => one.denied.map((gap) => ({ scope: one.scope, ...gap })));
  if (denied.length > 0)
    yield {
      kind: 'table',
      caption:
        denied.length > printed.denied
          ? `What was not seen: the first ${printed.denied} of ${printCount(denied.length)}`
          : 'What was not seen',
      columns: [
        { title: 'What', weight: 5 },
        { title: 'Why', weight: 2 },
        { title: 'The source’s code', weight: 2.4 },
        { title: 'Collections', weight: 1.3, align: 'right' },
        { title: 'Last', weight: 2.4 },
      ],
      rows: denied
        .slice(0, printed.denied)
        .map((one) => [
          [one.what, ' ', { muted: one.scope }],
          one.reason,
          one.code ?? '',
          printCount(one.collections),
          printTime(one.lastAt),
        ]),
      empty: '',
    };
  const sealed = sheet.flatMap((one) => items.get(groupKey(one)) ?? []);
  if (sealed.length > 0)
    yield muted([
      'What was sealed: ',
      ...joined(
        sealed.map((group): Text => [{ href: group.first, text: group.scope }, ` (${counted(group.items, 'version')} of items)`]),
        ', ',
      ),
    ]);
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
const sum = (sheet: readonly DatasetRecord[], of: (one: DatasetRecord) => number): number =>
  sheet.reduce((total, one) => total + of(one), 0);
const codes = (values: readonly string[], between: string): Text[] =>
  [
    joined(
      values.map((value): Text => ({ code: value })),
      between,
    ),
  ].flat();

/** What was to be collected by schedules and was not: what is missing of a dataset is explained here, not excused. */
function turnRows({ content }: Frame, sheet: readonly DatasetRecord[]): (readonly [string, Text])[] {
  const { operation } = content.tool;
  const schedules = distinct(sheet.flatMap((one) => one.schedules));
  if (schedules.length === 0) return [];
  const own = operation.turns.filter(({ schedule }) => schedules.includes(schedule));
  const total = (of: 'taken' | 'late' | 'missed' | 'failed') => own.reduce((sum, turns) => sum + turns[of], 0);
  const why = distinct([
    ...operation.misses.filter(({ schedule }) => schedules.includes(schedule)).map((one) => one.because),
    ...operation.failedTurns.filter(({ schedule }) => schedules.includes(schedule)).map((one) => one.reason),
  ]);
  const reasons = why.length === 0 ? '' : `: ${why.slice(0, 3).join('; ')}${why.length > 3 ? `; and ${why.length - 3} more reasons` : ''}`;
  const counts = `${counted(total('taken'), 'turn')} taken (${printCount(total('late'))} late), ${printCount(total('missed'))} missed, ${printCount(total('failed'))} finally failed${reasons}`;
  return [
    [
      'Schedules',
      [
        schedules.join(', '),
        ` · ${operation.servedFrom === null ? 'nothing in the log shows that they were served' : counts} · `,
        { href: 'tool/operation.html', text: 'how it was run' },
      ],
    ],
  ];
}

/** What is said once for all scopes. */
function commonRows(sheet: readonly DatasetRecord[]): (readonly [string, Text])[] {
  const principals = distinct(sheet.flatMap((one) => one.principal ?? []));
  const triggers = new Map<string, number>();
  for (const trigger of sheet.flatMap((one) => one.triggers)) {
    const words = actorWords(trigger.actor);
    triggers.set(words, (triggers.get(words) ?? 0) + trigger.collections);
  }
  const offsets = sheet.flatMap((one) => one.clock.offsetMs ?? []);
  const suspect = sum(sheet, (one) => one.clock.suspect);
  const ids = sheet.flatMap((one) => one.requestIds.sample).slice(0, printed.requestIds);
  const redacted = new Map<string, number>();
  for (const one of sheet.flatMap((dataset) => dataset.redactions)) redacted.set(one.field, (redacted.get(one.field) ?? 0) + one.count);
  const proofs = sheet.flatMap((one) => one.identityProof ?? []);
  return [
    [
      'System',
      [
        distinct(sheet.map((one) => `${one.system}; ${one.tenant}`)).join('. '),
        {
          muted:
            proofs.length === sheet.length
              ? ` (as the source said itself, log ${distinct(proofs.map(printCount)).slice(0, 3).join(', ')})`
              : ' (the source’s own word on it was not collected)',
        },
      ],
    ],
    [
      'Collector',
      [
        { code: sheet[0]!.collector },
        `, kind ${sheet[0]!.kind}; logic `,
        ...joined(codes(distinct(sheet.flatMap((one) => one.logic.map((logic) => logic.digest))), ', then '), ''),
      ],
    ],
    [
      'Hosts',
      distinct(
        sheet.flatMap((one) => one.hosts.map((host) => `${host.host}${host.official ? '' : ' (not an official host of the source)'}`)),
      ).join(', '),
    ],
    [
      'Principal',
      [
        ...(principals.length === 0 ? [{ muted: 'not known' } as const] : joined(codes(principals.slice(0, 3), ', '), '')),
        ` with ${distinct(sheet.flatMap((one) => one.permissions)).join(', ') || 'no rights on record'}`,
      ],
    ],
    ['Triggered by', [...triggers].map(([words, collections]) => `${words}: ${counted(collections, 'collection')}`).join('; ')],
    [
      'Collections',
      `${printCount(sum(sheet, (one) => one.collections.total))}: ${printCount(sum(sheet, (one) => one.collections.complete))} complete, ${printCount(sum(sheet, (one) => one.collections.incomplete))} incomplete`,
    ],
    [
      'Requests',
      `${printCount(sum(sheet, (one) => one.counts.requests))}, of which ${printCount(sum(sheet, (one) => one.counts.failedRequests))} failed; ${counted(
        sum(sheet, (one) => one.counts.pages),
        'page',
      )}`,
    ],
    [
      'Request ids',
      [
        ...(ids.length === 0 ? [{ muted: 'none' } as const] : joined(codes(ids, ', '), '')),
        { muted: ` (${printCount(sum(sheet, (one) => one.requestIds.recorded))} on record)` },
      ],
    ],
    [
      'Clock',
      offsets.length === 0
        ? 'the source sends no time to compare with'
        : `source minus ours between ${printCount(Math.min(...offsets.map((one) => one.min)))} and ${printCount(Math.max(...offsets.map((one) => one.max)))} ms${suspect === 0 ? '' : `; beyond what a good clock has in ${counted(suspect, 'collection')}`}`,
    ],
    [
      'Redacted at collection',
      [...redacted]
        .filter(([, count]) => count > 0)
        .map(([field, count]) => `${field} (${printCount(count)})`)
        .join(', ') || { muted: 'nothing' },
    ],
    ['Evidence grade', distinct(sheet.map((one) => gradeWords[one.grade])).join('; ')],
  ];
}

const reconciled = (one: DatasetRecord): Text =>
  one.reconciliation.length === 0
    ? { muted: 'no second count' }
    : one.reconciliation
        .map(
          (other) =>
            `${other.with} ${other.field}: ${other.expected === null ? 'not known' : printCount(other.expected)}, seen ${printCount(other.seen)}${other.differed === 0 ? '' : `; differed in ${counted(other.differed, 'collection')}`}`,
        )
        .join('; ');

/** What a single scope's sheet says beside. */
function ownRows(one: DatasetRecord): (readonly [string, Text])[] {
  return [
    [
      'First and last',
      `${printTime(one.first.startedAt)} (log ${printCount(one.first.index)}); ${printTime(one.last.startedAt)} to ${printTime(one.last.finishedAt)} (log ${printCount(one.last.index)}, session ${one.last.session})`,
    ],
    ['As of', one.last.sourceAsOf === null ? 'the source gives no time of its own' : printTime(one.last.sourceAsOf)],
    ...(one.window === null ? [] : [['Window of the source’s record', windowWords(one)] as const]),
    [
      'Items',
      `${printCount(one.last.items)} at last; between ${printCount(one.counts.items.min)} and ${printCount(one.counts.items.max)}; ${printCount(one.counts.versions)} added or changed in the period`,
    ],
    ['Scope', `attempted ${one.attempted.join(', ') || 'nothing'}; succeeded ${one.succeeded.join(', ') || 'nothing'}`],
    ['Reconciliation', reconciled(one)],
  ];
}
const windowWords = (one: DatasetRecord): string =>
  one.window === null
    ? ''
    : `${printTime(one.window.from)} to ${printTime(one.window.to)}${one.window.backfilled ? '; part of it was collected afterwards and is called reconstructed' : ''}`;

function scopesTable(sheet: readonly DatasetRecord[]): Block {
  return {
    kind: 'table',
    caption: 'By scope',
    columns: [
      { title: 'Scope', weight: 3 },
      { title: 'First (log)', weight: 2.3 },
      { title: 'Last (log)', weight: 2.3 },
      { title: 'Collections, of which complete', weight: 1.7, align: 'right' },
      { title: 'Items at last (least to most)', weight: 1.8, align: 'right' },
      { title: 'Reconciliation', weight: 2.4 },
    ],
    rows: sheet.map((one) => [
      one.succeeded.length === 0 ? [one.scope, ' ', { strong: 'nothing succeeded' }] : one.scope,
      [printTime(one.first.startedAt), { muted: ` (${printCount(one.first.index)})` }],
      [
        printTime(one.last.startedAt),
        {
          muted: ` (${printCount(one.last.index)})${one.last.sourceAsOf === null ? '' : `, as of ${printTime(one.last.sourceAsOf)}`}${one.window === null ? '' : `, window ${windowWords(one)}`}`,
        },
      ],
      `${printCount(one.collections.total)}, ${printCount(one.collections.complete)}`,
      `${printCount(one.last.items)} (${printCount(one.counts.items.min)} to ${printCount(one.counts.items.max)})`,
      reconciled(one),
    ]),
    empty: '',
  };
}

function* requestsBlocks(sheet: readonly DatasetRecord[]): Generator<Block> {
  const requests = [
    ...new Map(
      sheet
        .flatMap((one) => one.requests)
        .map((request) => [`${request.operation} ${JSON.stringify(request.input)} ${request.command}`, request]),
    ).values(),
  ];
  // Every operation is shown before any is shown a second time.
  const seen = new Map<string, number>();
  const ranked = requests
    .map((request) => {
      const rank = seen.get(request.operation) ?? 0;
      seen.set(request.operation, rank + 1);
      return { request, rank };
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ request }) => request);
  yield {
    kind: 'table',
    caption:
      requests.length > printed.requests
        ? `Requests of the latest collection, as sent: ${printed.requests} of ${printCount(requests.length)}, each operation at least once where there is room`
        : 'Requests of the latest collection, as sent',
    columns: [
      { title: 'Operation and input', weight: 5 },
      { title: 'Pages', weight: 0.9, align: 'right' },
      { title: 'The same, by hand', weight: 5 },
    ],
    rows: ranked
      .slice(0, printed.requests)
      .map((request) => [
        [{ code: request.operation }, ...(Object.keys(request.input).length === 0 ? [] : [' ', { code: JSON.stringify(request.input) }])],
        printCount(request.pages),
        request.command === null ? { muted: 'no command asks the same' } : { code: request.command },
      ]),
    empty: 'No request was sent.',
  };
}
