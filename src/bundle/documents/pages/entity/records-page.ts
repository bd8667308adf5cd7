import type { BundleExamination, BundleFailingRecord, EntityPack, RecordsPack } from '../../../../model/entity-pack.ts';
import { type Block, heading, type Page, type Span, type Text } from '../../blocks.ts';
import { counted, printCount } from '../../print-figures.ts';
import { printDay } from '../../print-time.ts';
import type { Frame } from '../page-frame.ts';
import { captionOf, firstRows, listed, readingBlocks, sameAsTables, shownWords } from './entity-parts.ts';

/** What was declared of records, over which population it was held, and every record that fails by its key. */
export function recordsPage(frame: Frame, entity: EntityPack, records: RecordsPack, form: 'html' | 'pdf'): Page {
  return frame.page({
    path: `records/examinations.${form}`,
    kicker: 'Records',
    title: 'Examinations of records',
    lead: 'Each examination holds one sentence against every record of its tables, not against a sample. Whatever failed within the period is named by its key, with why.',
    blocks: blocks(frame, entity, records),
  });
}

function* blocks(frame: Frame, entity: EntityPack, { examinations, failing }: RecordsPack): Generator<Block> {
  yield sameAsTables('records/examinations.xlsx', ['examinations', 'failing-records']);
  yield* readingBlocks(frame, entity, ['entity/records']);
  yield heading('Examinations', 'examinations');
  yield examinationsTable(
    frame,
    examinations.filter(({ latest }) => latest),
    'No examination was carried out in the period.',
  );
  const tables = examinations.filter(({ latest }) => latest).flatMap(({ tables: read }) => read);
  const distinct = [...new Map(tables.map((one) => [`${one.table} ${one.keys}`, one])).values()];
  yield {
    kind: 'table',
    caption:
      'Tables at the last reading. The digest is SHA-256 over the keys of all records, one a line: whoever has the table makes it again',
    columns: [
      { title: 'Table', weight: 2.4 },
      { title: 'Records', weight: 1, align: 'right' },
      { title: 'Digest of keys', weight: 7 },
    ],
    rows: distinct.map((one) => [
      one.table,
      one.keys === null ? '' : printCount(one.records),
      one.keys === null ? { muted: 'not read whole' } : { code: one.keys },
    ]),
    empty: 'No table was read.',
  };
  yield heading('Failing records', 'failing');
  yield failingTable(frame, failing, 'No record failed within the period, of those that were examined.');
}

const timeWords = (time: string | null): string => (time === null ? '' : /^\d{4}-\d\d-\d\d$/.test(time) ? printDay(time) : time);

function whyUnread({ blocked, unknown }: BundleExamination): string {
  return blocked ?? (unknown.length > 0 ? unknown.join('; ') : 'it could not be told');
}

/** A table of examinations: a workpaper shows those of its control. */
export function examinationsTable(frame: Frame, examinations: readonly BundleExamination[], empty: string): Block {
  const { period } = frame.content.history;
  return {
    kind: 'table',
    caption: `${counted(examinations.length, 'examination')}, as last carried out in the period`,
    columns: [
      { title: 'Examination', weight: 1.6 },
      { title: 'Says', weight: 4 },
      { title: 'Control', weight: 1 },
      { title: 'Records', weight: 1.1, align: 'right' },
      { title: 'From', weight: 1.7 },
      { title: 'To', weight: 1.7 },
      { title: 'Fail', weight: 0.9, align: 'right' },
      { title: 'Explained', weight: 1.2, align: 'right' },
      { title: 'Seen so', weight: 2.6 },
    ],
    rows: examinations.map(({ population, ...one }): Text[] => [
      { strong: one.examination },
      population === null ? [one.title, ' ', { strong: `Not examined whole: ${whyUnread({ population, ...one })}.` }] : one.title,
      one.control ?? '',
      population === null ? { muted: 'not known' } : printCount(population.examined),
      timeWords(population?.from ?? null),
      timeWords(population?.to ?? null),
      population === null ? { muted: 'not known' } : printCount(population.failing),
      population === null ? '' : printCount(population.explained),
      shownWords(one.shown, period.from),
    ]),
    empty,
    inFull: 'registers/examinations.csv',
  };
}

/** A table of failing records: a workpaper shows those of its examinations. */
export function failingTable(frame: Frame, failing: readonly BundleFailingRecord[], empty: string): Block {
  const { period } = frame.content.history;
  return {
    kind: 'table',
    caption: captionOf(counted(failing.length, 'record'), failing.length, 'failing-records.csv'),
    columns: [
      { title: 'Examination', weight: 1.6 },
      { title: 'Record', weight: 2.2 },
      { title: 'Of', weight: 1.6 },
      { title: 'Why', weight: 5 },
      { title: 'Seen so', weight: 2.8 },
      { title: 'Explanation', weight: 3 },
    ],
    rows: failing
      .slice(0, firstRows)
      .map((one): Text[] => [
        { strong: one.examination },
        [{ strong: one.key }, ' ', { muted: one.table }],
        timeWords(one.at),
        one.fails
          ? one.why
          : [{ strong: 'could not be told: ' }, ...([listed(one.unknown), one.why === '' ? '' : `: ${one.why}`] as Span[])],
        shownWords(one.shown, period.from),
        one.explanation === null
          ? { muted: 'none that counts' }
          : [one.explanation.reason, ' ', { muted: `by ${one.explanation.by}, approved by ${one.explanation.approvedBy}` }],
      ]),
    empty,
    searchable: failing.length > 12,
    inFull: 'registers/failing-records.csv',
  };
}
