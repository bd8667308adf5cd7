import { z } from 'zod';
import { GapReason } from '../../model/completeness.ts';
import type { ReadResource } from '../../model/resource.ts';

const Explanation = z.object({ by: z.string(), approvedBy: z.string(), reason: z.string(), expires: z.string().nullable() });
const About = z.object({ examination: z.string(), title: z.string(), control: z.string().nullable(), severity: z.string() });
const Counts = {
  examined: z.int(),
  failing: z.int(),
  explained: z.int(),
  waiting: z.int(),
  until: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
};
const Population = z.object(Counts);
const Tables = z.array(z.object({ table: z.string(), records: z.int(), keys: z.string().nullable() }));
const RecordFields = z.object({ name: z.string(), table: z.string(), key: z.string(), at: z.string().nullable(), why: z.string() });

/** What an examination came to as a whole. */
export interface ListedExamination extends z.infer<typeof About> {
  readonly tables: z.infer<typeof Tables>;
  /** null: not every record was seen and could be read, for `unread`; what fails of it is listed all the same. */
  readonly population: z.infer<typeof Population> | null;
  readonly unread: GapReason | null;
  readonly blocked: string | null;
}
/** A record that fails, is explained, or of which it cannot be told. */
export interface ListedRecord {
  readonly examination: string;
  readonly name: string;
  readonly table: string;
  readonly key: string;
  readonly at: string | null;
  readonly why: string;
  readonly state: 'fails' | 'explained' | 'unknown';
  readonly explanation: z.infer<typeof Explanation> | null;
}
export interface RecordListing {
  readonly examinations: readonly ListedExamination[];
  /** By examination, table and key, so that the same log gives the same list. */
  readonly records: readonly ListedRecord[];
}

const Sealed = About.extend({
  tables: Tables,
  blocked: z.string().nullable(),
  population: Population.nullable().optional(),
  record: RecordFields.nullable(),
  explanation: Explanation.nullable(),
});

/** Of what a log has of `entity.record-examination`. @throws ZodError for another shape: a bug */
export function listRecords(resources: readonly ReadResource[]): RecordListing {
  return ordered(
    resources.map(({ fields, unread }) => {
      const { record, explanation, population, tables, blocked, ...about } = Sealed.parse(fields);
      if (record === null) return { ...about, tables, blocked, population: population ?? null, unread: unread['population'] ?? null };
      return { examination: about.examination, ...record, state: stateOf(unread['holds'] ?? null, explanation), explanation };
    }),
  );
}

const FreshRecord = z.object({
  examination: z.string(),
  record: RecordFields,
  undecided: GapReason.nullable(),
  explanation: Explanation.nullable(),
});
const FreshWhole = About.extend({
  ...Counts,
  tables: Tables,
  unread: z.object({ reason: GapReason, because: z.string().nullable() }).nullable(),
});
/** Of items that were just made (examineRecords). @throws ZodError for another shape: a bug */
export function listItems(items: readonly { readonly body: unknown }[]): RecordListing {
  return ordered(
    items.map(({ body }) => {
      const read = FreshRecord.safeParse(body).data;
      if (read !== undefined) {
        const { examination, record, undecided, explanation } = read;
        return { examination, ...record, state: stateOf(undecided, explanation), explanation };
      }
      const { examination, title, control, severity, tables, unread, ...counts } = FreshWhole.parse(body);
      const population = unread === null ? Population.parse(counts) : null;
      return {
        examination,
        title,
        control,
        severity,
        tables,
        population,
        unread: unread?.reason ?? null,
        blocked: unread?.because ?? null,
      };
    }),
  );
}

function stateOf(undecided: GapReason | null, explanation: unknown): ListedRecord['state'] {
  return undecided !== null ? 'unknown' : explanation === null ? 'fails' : 'explained';
}
function ordered(all: readonly (ListedExamination | ListedRecord)[]): RecordListing {
  const examinations: ListedExamination[] = [];
  const records: ListedRecord[] = [];
  for (const one of all) {
    if ('state' in one) records.push(one);
    else examinations.push(one);
  }
  const place = (record: ListedRecord) => JSON.stringify([record.examination, record.table, record.key, record.why]);
  return {
    examinations: examinations.sort((left, right) => (left.examination < right.examination ? -1 : 1)),
    records: records.sort((left, right) => (place(left) < place(right) ? -1 : 1)),
  };
}
