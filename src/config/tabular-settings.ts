import { z } from 'zod';
import { SecretReference } from './secret.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected small letters, digits and hyphens');

const Column = z
  .strictObject({
    type: z.enum(['text', 'integer', 'decimal', 'boolean', 'date', 'time']).default('text'),
    /** An empty cell is none; otherwise one is malformed. */
    optional: z.boolean().default(false),
    /** Other spellings in the source. */
    from: Text.optional(),
  })
  .meta({ description: 'One column: its type, and what the source calls it when that differs' });

/** One table of a tabular source, declared: what is not declared is not kept. */
export const TabularTable = z.strictObject({
  name: Name,
  as: Text.optional().meta({ description: 'What a row is (hr.person, bank.transaction, app.payroll-run); default tabular.record' }),
  path: Text.optional().meta({
    description: 'csv, jsonl: the file, relative to this one, or the key in the bucket; http: the path of the list',
  }),
  query: Text.optional().meta({ description: 'SQL: one SELECT statement, recorded as it is' }),
  key: z.array(Text).min(1).meta({ description: 'Columns that name a row for good' }),
  columns: z.record(Text, Column),
  /** Field of the record type: column, where names differ. */
  map: z.record(Text, Text).default({}),
});
export type TabularTable = z.infer<typeof TabularTable>;

/** A system that is read as tables: HR, ticketing, the payroll application, the ledger, the bank. */
export const TabularSource = z
  .strictObject({
    name: Name,
    kind: z.enum(['csv', 'jsonl', 'http', 'postgresql', 'mysql', 'sqlite']),
    url: z.string().optional(),
    bucket: Text.optional(),
    file: Text.optional(),
    credentials: SecretReference.optional(),
    tables: z.array(TabularTable).min(1, 'expected at least one table'),
  })
  .meta({ description: 'A system that is read as tables' });
export type TabularSource = z.infer<typeof TabularSource>;
