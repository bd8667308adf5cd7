import type { EntityPack, Shown } from '../../../../model/entity-pack.ts';
import { type Block, joined, muted, type Text } from '../../blocks.ts';
import { printCount } from '../../print-figures.ts';
import { printTime } from '../../print-time.ts';
import type { Frame } from '../page-frame.ts';

/** So many rows stand on a page; all of them are in its tables. */
export const firstRows = 400;

/** `Accounts: the first 400 of 5,120; all are in accounts.csv`. */
export const captionOf = (title: string, count: number, file: string): string =>
  count <= firstRows ? title : `${title}: the first ${firstRows} of ${printCount(count)}; all are in ${file}`;

/** The same page as tables. */
export function sameAsTables(workbook: string, registers: readonly string[]): Block {
  return muted([
    'The same as tables: ',
    { href: workbook, text: workbook.slice(workbook.lastIndexOf('/') + 1) },
    '; ',
    ...joined(
      registers.map((name): Text => ({ href: `registers/${name}.csv`, text: `${name}.csv` })),
      ', ',
    ),
  ]);
}

/** Which readings it rests on, and how many of them did not see everything: without that an empty table says nothing. */
export function* readingBlocks(frame: Frame, entity: EntityPack, collectors: readonly string[]): Generator<Block> {
  const datasets = frame.content.datasets.filter(({ collector }) => collectors.includes(collector));
  yield {
    kind: 'table',
    caption: 'What it was read from: readings within the period',
    columns: [
      { title: 'Dataset', weight: 4 },
      { title: 'Readings', weight: 1.2, align: 'right' },
      { title: 'Not seen whole', weight: 1.4, align: 'right' },
      { title: 'First', weight: 2.2 },
      { title: 'Last', weight: 2.2 },
      { title: 'What was missing', weight: 4 },
      { title: 'Evidence grade', weight: 1.6 },
    ],
    rows: datasets.map((one) => [
      [one.title, ' ', { code: one.collector }],
      printCount(one.collections.total),
      printCount(one.collections.incomplete),
      printTime(one.first.startedAt),
      printTime(one.last.startedAt),
      one.denied.length === 0
        ? { muted: 'nothing' }
        : one.denied.map(({ what, reason, collections }) => `${what}: ${reason} (${collections} readings)`).join('; '),
      one.grade,
    ]),
    empty: 'Nothing of it was read in the period: what follows is empty for that reason, not because there was nothing.',
  };
  const kept = entity.withheld.filter((collector) => collectors.includes(collector));
  const erased = entity.erased.filter(({ collector }) => collectors.includes(collector));
  if (kept.length + erased.length > 0)
    yield {
      kind: 'notice',
      tone: 'attention',
      title: 'Not all of it is here',
      text: [
        ...kept.map((collector) => `Items of ${collector} are kept back by the redaction profile: nothing of them is shown.`),
        ...erased.map(({ collector, versions }) => `${printCount(versions)} versions of items of ${collector} are erased.`),
      ],
    };
}

/** From reading to reading: `seen from ... until ...`, or that the period's end still had it. */
export function shownWords({ from, to }: Shown, periodFrom: string): Text {
  const since = from < periodFrom ? 'before the period' : printTime(from);
  return to === null ? [since, ' ', { muted: 'to the end' }] : [since, ' ', { muted: `to ${printTime(to)}` }];
}
/** Things one after another; a word where there is none. */
export const listed = (texts: readonly string[], none = ''): Text =>
  texts.length === 0 ? (none === '' ? '' : { muted: none }) : texts.join('; ');
export const count = (value: number | null): Text => (value === null ? { muted: 'not known' } : printCount(value));

/** Lines of the first page for what is there. */
export function entityPages({
  people,
  separation,
  reviews,
  records,
  documents,
}: EntityPack): readonly (readonly [path: string, title: string])[] {
  return [
    ...(people === null
      ? []
      : [['access/people.html', 'People and accounts: whose each account is, joiners, movers and leavers'] as const]),
    ...(separation === null
      ? []
      : [['access/separation.html', 'Segregation of duties: rules, conflicts with their ways, acts, mitigations'] as const]),
    ...(reviews === null ? [] : [['access-reviews/index.html', 'Access reviews, with the evidence pack of each'] as const]),
    ...(records === null ? [] : [['records/examinations.html', 'Examinations of records, and every failing record by its key'] as const]),
    ...(documents === null
      ? []
      : [['documents/index.html', 'Evidence that people provide, with the files; reports of subservice organisations'] as const]),
  ];
}
