import { z } from 'zod';
import { severities } from '../../model/outcome.ts';
import { parseDecimal } from './decimal.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, 'expected letters, digits, dots and hyphens');
const Table = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$/,
    'expected a table as source.table (payroll.payments), or a kind of record (payroll.payment)',
  )
  .meta({ description: 'Table of a tabular source (source.table), or a kind of record: every table whose rows are that' });
const Columns = z
  .union([Text, z.array(Text).min(1, 'expected at least one column')])
  .transform((one) => (Array.isArray(one) ? one : [one]))
  .meta({ description: 'A column, or several' });
const Match = z
  .record(Text, Text)
  .refine((match) => Object.keys(match).length > 0, { error: 'expected at least one pair of columns' })
  .meta({ description: 'Column of the table that is examined: column of the other one; a date as its month with @month' });
const Amount = z.string().refine((text) => (parseDecimal(text)?.units ?? -1n) >= 0n, {
  error: 'expected an amount in quotes, digits with a point: "0.01"',
});
const Condition = Text.meta({ description: 'A CEL expression over the columns; amounts as decimal("0.01")' });
const Days = z.int().min(0).max(3660);

export const columnTypes = ['text', 'integer', 'decimal', 'boolean', 'date', 'time'] as const;
export type ColumnType = (typeof columnTypes)[number];

const Example = z.strictObject({
  rows: z.record(Table, z.array(z.record(Text, z.union([z.string(), z.number(), z.boolean(), z.null()])))),
  /** Login or address: id of the person. */
  accounts: z.record(Text, Text).default({}),
  /** When it is looked at; what is not due by then is not missed. */
  at: z.iso.datetime().optional(),
});
export type Example = z.infer<typeof Example>;
const Examples = z.record(Text, Example).refine((examples) => Object.keys(examples).length > 0, { error: 'expected at least one example' });

const common = {
  id: Id,
  title: Text.meta({ description: 'The sentence that is true while nothing fails' }),
  control: Text.optional().meta({ description: 'The control it serves' }),
  severity: z.enum(severities),
  rationale: Text,
  criteria: z.array(Text).default([]),
  objectives: z.array(Text).default([]),
  over: Table,
  where: Condition.optional().meta({ description: 'Which records are examined; default all. A CEL expression over the columns' }),
  at: Text.optional().meta({ description: 'Column with the time of a record' }),
  observe: z
    .strictObject({ from: z.iso.date().optional(), until: z.iso.date().optional() })
    .optional()
    .meta({ description: 'First and last day (by `at`, UTC) of the records that are examined' }),
  zone: Text.default('UTC').meta({ description: 'Time zone of days; default UTC' }),
  examples: z.strictObject({ holds: Examples, fails: Examples }),
};
const says = {
  says: Text.optional().meta({ description: 'How a message begins the figure of the examined table: "paid"' }),
  withSays: Text.optional().meta({ description: 'How a message begins the other figure: "the register says"' }),
};

const Due = z
  .union([
    z.strictObject({ dates: z.array(z.iso.date()).min(1), time: z.iso.time().optional() }),
    z.strictObject({
      cron: Text.meta({ description: 'Five fields of numbers, lists, ranges and steps: minute hour day month weekday' }),
    }),
    z.strictObject({
      workingDay: z.union([z.literal('every'), z.int().min(-23).max(23)]).meta({
        description: '`every` working day, or which one of each month: 1 the first, -1 the last',
      }),
      time: z.iso.time().optional(),
    }),
    z.strictObject({ table: Table, column: Text }),
  ])
  .meta({ description: 'What was expected when' });

export const Examination = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...common,
      kind: z.literal('unique'),
      key: Columns,
      withinDays: Days.optional().meta({ description: 'Only records so near to each other (by `at`) are the same; default any' }),
    }),
    z.strictObject({
      ...common,
      ...says,
      kind: z.literal('reconcile'),
      with: Table,
      withWhere: Condition.optional(),
      withAt: Text.optional(),
      by: Match,
      amounts: Match,
      tolerance: Amount.default('0'),
      signs: z.enum(['keep', 'ignore']).default('keep').meta({
        description: '`ignore`: what one books as going out the other may book as coming in',
      }),
      withinDays: Days.optional().meta({ description: 'How many days the two may lie apart, by `at` and `withAt`' }),
      sides: z.enum(['both', 'over', 'with']).default('both').meta({ description: 'Whose records have to be found on the other side' }),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('maker-checker'),
      maker: Columns,
      checker: Columns,
      with: Table.optional().meta({ description: 'Table whose records name the checker: those found by `by`, or without it every one' }),
      by: Match.optional(),
      identity: z.enum(['person', 'login']).default('person').meta({
        description: '`person`: logins are resolved to persons, and one that is not is unknown; `login`: one login is one person here',
      }),
      accounts: Table.optional().meta({ description: 'Table of the users whose logins the columns have; default those of every source' }),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('approval-before-effect'),
      approvedAt: Text,
      effectiveAt: Text,
      approvedBy: Text.optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('sequence'),
      number: Text,
      group: z.array(Text).default([]).meta({ description: 'Columns; each group has a sequence of its own' }),
      startsAt: z.int().nonnegative().optional(),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('calendar'),
      due: Due,
      graceHours: z.number().min(0).max(10_000).default(24),
      earlyHours: z.number().min(0).max(10_000).default(24),
      holidays: z.array(z.iso.date()).default([]),
      extra: z.enum(['allow', 'fail']).default('allow').meta({ description: 'What a run is that nobody expected' }),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('timeliness'),
      from: Text,
      to: Text,
      within: z.union([
        z.strictObject({ hours: z.number().min(0) }),
        z.strictObject({ days: Days }),
        z.strictObject({ businessDays: Days }),
      ]),
      holidays: z.array(z.iso.date()).default([]),
    }),
    z.strictObject({
      ...common,
      ...says,
      kind: z.literal('totals'),
      with: Table,
      withWhere: Condition.optional(),
      by: Match,
      sums: Match,
      count: Text.optional().meta({ description: 'Column of the other table with how many records there are' }),
      tolerance: Amount.default('0'),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('recalculate'),
      column: Text,
      expression: Condition,
      tolerance: Amount.default('0'),
    }),
    z.strictObject({ ...common, kind: z.literal('predicate'), condition: Condition }),
    z.strictObject({
      ...common,
      kind: z.literal('exists-in'),
      in: Table,
      inWhere: Condition.optional(),
      by: Match,
      from: Text.optional().meta({ description: 'Column of the other table: first day it holds' }),
      until: Text.optional().meta({ description: 'Column of the other table: last day it holds; empty: still does' }),
      graceDays: Days.default(0),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('changed-before'),
      changes: Table,
      changesWhere: Condition.optional(),
      by: Match,
      days: Days,
      changedAt: Text,
      verifiedBy: Text,
      verifiedAt: Text.optional(),
    }),
  ])
  .meta({ description: 'What is examined record by record over a whole population' });
export type Examination = z.infer<typeof Examination>;
export type ExaminationOf<K extends Examination['kind']> = Extract<Examination, { kind: K }>;

export const ExaminedColumn = z.strictObject({ type: z.enum(columnTypes), optional: z.boolean() });
/** What examinations name: one table, or all tables whose rows are of one kind, by the fields of that kind. */
export const ExaminedTable = z.strictObject({
  name: Table,
  of: z.enum(['table', 'record-type']),
  columns: z.record(Text, ExaminedColumn),
});
export type ExaminedTable = z.infer<typeof ExaminedTable>;

/** What the configuration says of records, as it is sealed in the plan. */
export const RecordSettings = z.strictObject({
  tables: z.array(ExaminedTable),
  examinations: z.array(
    z.strictObject({
      examination: Examination,
      origin: z.enum(['library', 'own']),
      /** Why it cannot be carried out (a column is not declared); null: it can. */
      blocked: z.string().nullable(),
    }),
  ),
  /** Shipped ones that the entity does without, and why. */
  leftOut: z.array(z.strictObject({ id: Id, because: Text })),
});
export type RecordSettings = z.infer<typeof RecordSettings>;

/** A file of examinations: the shipped ones, and the entity's own. */
export const RecordsFile = z
  .strictObject({
    version: z.literal(1),
    leaveOut: z
      .array(z.strictObject({ id: Id, because: Text.meta({ description: 'Why: an auditor reads it' }) }))
      .default([])
      .meta({ description: 'Shipped examinations that do not apply here' }),
    examinations: z
      .array(Examination)
      .default([])
      .meta({ description: 'Examinations of your own; with the id of a shipped one it takes its place' }),
  })
  .meta({ title: 'Proofline records', description: 'What is examined record by record over whole populations' });
