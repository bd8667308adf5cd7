import { z } from 'zod';
import { GapReason } from '../model/completeness.ts';

/** What `--json` of the verbs about records prints; see shapes.ts. */
const v = z.literal(1);
const AsOf = z.iso.datetime({ precision: 3 }).nullable().meta({ description: 'When they were carried out; null: not yet' });
const Population = z
  .strictObject({
    examined: z.int(),
    failing: z.int(),
    explained: z.int(),
    waiting: z.int().meta({ description: 'Records about which nothing is due yet' }),
    until: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
  })
  .nullable()
  .meta({ description: 'Null: not carried out yet, or not every record was seen and could be read' });
const ExaminationRow = z.strictObject({
  examination: z.string(),
  title: z.string(),
  kind: z.string(),
  over: z.string(),
  origin: z.enum(['library', 'own']),
  control: z.string().nullable(),
  severity: z.string(),
  blocked: z.string().nullable().meta({ description: 'Why it cannot be carried out over what is configured' }),
  population: Population,
  unread: GapReason.nullable(),
  tables: z.array(z.strictObject({ table: z.string(), records: z.int(), keys: z.string().nullable() })),
});
const RecordRow = z.strictObject({
  examination: z.string(),
  name: z.string().meta({ description: 'As `records explain` takes it' }),
  table: z.string(),
  key: z.string(),
  at: z.string().nullable(),
  why: z.string(),
  state: z.enum(['fails', 'explained', 'unknown']),
  explanation: z.strictObject({ by: z.string(), approvedBy: z.string(), reason: z.string(), expires: z.string().nullable() }).nullable(),
});
export const RecordsListOutput = z.strictObject({
  v,
  asOf: AsOf,
  examinations: z.array(ExaminationRow),
  leftOut: z.array(z.strictObject({ id: z.string(), because: z.string() })),
});
export type RecordsListOutput = z.infer<typeof RecordsListOutput>;
export const RecordsOutput = z.strictObject({ v, asOf: AsOf, examinations: z.array(ExaminationRow), records: z.array(RecordRow) });
export type RecordsOutput = z.infer<typeof RecordsOutput>;
export const RecordsTestOutput = z.strictObject({
  v,
  examinations: z.array(
    z.strictObject({
      examination: z.string(),
      examples: z.array(
        z.strictObject({
          name: z.string(),
          expected: z.enum(['holds', 'fails']),
          found: z.enum(['holds', 'fails', 'unknown']),
          why: z.array(z.string()),
        }),
      ),
    }),
  ),
});
export type RecordsTestOutput = z.infer<typeof RecordsTestOutput>;
