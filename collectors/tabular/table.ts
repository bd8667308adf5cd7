import { type JsonObject, type RecordTypeName, recordTypes, z } from '../../src/authoring.ts';

const Column = z.object({
  type: z.enum(['text', 'integer', 'decimal', 'boolean', 'date', 'time', 'list']),
  optional: z.boolean(),
  from: z.string().optional(),
  values: z.record(z.string(), z.string()).optional(),
  format: z.string().optional(),
  zone: z.string().optional(),
  decimalMark: z.enum(['.', ',']).optional(),
  separator: z.string().optional(),
});
export type Column = z.infer<typeof Column>;

const Total = z.object({
  sum: z.string().optional(),
  trailer: z.int().optional(),
  path: z.string().optional(),
  field: z.string().optional(),
  query: z.string().optional(),
});
export type Total = z.infer<typeof Total>;

const names = Object.keys(recordTypes) as [RecordTypeName, ...RecordTypeName[]];

/** What a member's settings say of its table: sealed with the plan, so that the same items make the same records in seven years. */
const Table = z.object({
  /** `hr.people`: source and table. */
  table: z.string(),
  kind: z.enum(['csv', 'jsonl', 'http', 'postgresql', 'mysql', 'sqlite']),
  as: z.enum(names),
  key: z.array(z.string()).min(1),
  columns: z.record(z.string(), Column),
  map: z.record(z.string(), z.string()),
  /** Where it is read, without secrets: the file, address or statement, as the configuration has it. */
  from: z.record(z.string(), z.string()),
  trailer: z.string().optional(),
  totals: z.array(Total),
  atLeast: z.int().optional(),
  maxShrink: z.number().optional(),
  confirmedShrinks: z.array(z.object({ on: z.string(), rows: z.int(), because: z.string() })),
});
export type Table = z.infer<typeof Table>;

const known = new WeakMap<JsonObject, Table>();

/** @throws TypeError for settings that are not a table's: a bug of whoever made them. */
export function tableOf(settings: JsonObject): Table {
  const before = known.get(settings);
  if (before !== undefined) return before;
  const read = Table.safeParse(settings);
  if (!read.success) throw new TypeError(`these are no settings of a table: ${z.prettifyError(read.error)}`);
  known.set(settings, read.data);
  return read.data;
}
