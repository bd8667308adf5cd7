import { z } from 'zod';
import { columnTypes, recordTypes } from '../model/record-types.ts';
import { SecretReference } from './secret.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected small letters, digits and hyphens');

const Column = z
  .strictObject({
    type: z.enum(columnTypes).default('text'),
    /** An empty cell is none; otherwise one is malformed. */
    optional: z.boolean().default(false),
    /** Other spellings in the source. */
    from: Text.optional().meta({ description: 'What the source calls it; in JSON a dotted path' }),
    values: z.record(Text, Text).optional().meta({ description: 'The source’s words: ours. Any other word is malformed' }),
    format: z
      .string()
      .regex(/^(?=.*yyyy)(?=.*mm)(?=.*dd)[ymd./-]+$/, 'expected yyyy, mm and dd with . / or - between them')
      .optional()
      .meta({ description: 'Of a date; default yyyy-mm-dd' }),
    zone: Text.optional().meta({ description: 'Of a time without an offset: Europe/Berlin' }),
    decimalMark: z.enum(['.', ',']).optional().meta({ description: 'Of a decimal; with a comma, points may group thousands' }),
    separator: Text.optional().meta({ description: 'Of a list in one cell; default ;' }),
  })
  .meta({ description: 'One column: its type, and what the source calls it when that differs' });

const Total = z
  .strictObject({
    sum: Text.optional().meta({ description: 'Column whose sum it is; default: the number of rows' }),
    trailer: z.int().min(1).optional().meta({ description: 'In the closing row: the cell, counted from 1' }),
    path: Text.optional().meta({ description: 'In a second file or under a second address' }),
    field: Text.optional().meta({
      description: 'In JSON a dotted path; in a CSV file the column. Without `path`: in the answer that has the rows',
    }),
    query: Text.optional().meta({ description: 'SQL: one SELECT statement that gives one value' }),
  })
  .meta({ description: 'A count or sum that the source gives itself: where the rows differ from it, they are not all there' });

const Paging = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('link') }).meta({ description: 'Address of the next page in the Link header' }),
    z.strictObject({ kind: z.literal('next'), field: Text }).meta({ description: 'Address of the next page in the answer' }),
    z.strictObject({ kind: z.literal('cursor'), field: Text, parameter: Text }),
    z.strictObject({ kind: z.literal('page'), parameter: Text, first: z.int().min(0).default(1) }),
    z.strictObject({ kind: z.literal('offset'), parameter: Text }),
  ])
  .meta({ description: 'How the source hands out long lists; without it one answer has all rows' });

/** One table of a tabular source, declared: what is not declared is not kept. */
export const TabularTable = z.strictObject({
  name: Name,
  as: Text.default('tabular.record').meta({
    description: `What a row is: ${Object.keys(recordTypes).join(', ')}`,
  }),
  path: Text.optional().meta({
    description: 'csv, jsonl: the file, relative to this one, or the key in the bucket; http: the address below `url`',
  }),
  query: Text.optional().meta({ description: 'SQL: one SELECT statement, recorded as it is' }),
  key: z.array(Text).min(1).meta({ description: 'Columns that name a row for good' }),
  columns: z.record(Text, Column),
  /** Field of the record type: column, where names differ. */
  map: z.record(Text, Text).default({}).meta({ description: 'Field of the record type: column, where names differ' }),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin1']).default('utf-8'),
  delimiter: z.enum([',', ';', '|', 'tab']).optional().meta({ description: 'csv; default: the one that the first line uses most' }),
  trailer: Text.optional().meta({ description: 'csv: first cell of the closing row, which is no record' }),
  list: Text.optional().meta({ description: 'http: dotted path of the list in the answer; default: the answer is the list' }),
  paging: Paging.optional(),
  totals: z.array(Total).default([]),
  atLeast: z.int().min(0).optional().meta({ description: 'Fewer rows are not all of them; default 1 for a list of people or users' }),
  maxShrink: z.number().min(0).max(100).optional().meta({
    description: 'Per cent by which it may shrink from one complete reading to the next; default 30 for a list of people or users',
  }),
  confirmedShrinks: z
    .array(z.strictObject({ on: z.iso.date(), rows: z.int().min(0).meta({ description: 'Rows that remain, at least' }), because: Text }))
    .default([])
    .meta({ description: 'A larger shrink that somebody looked into: on which day, and why' }),
});
export type TabularTable = z.infer<typeof TabularTable>;

export const tabularKinds = ['csv', 'jsonl', 'http', 'postgresql', 'mysql', 'sqlite'] as const;

/** A system that is read as tables: HR, ticketing, the payroll application, the ledger, the bank. */
export const TabularSource = z
  .strictObject({
    name: Name,
    kind: z.enum(tabularKinds),
    url: z.string().optional().meta({ description: 'http, postgresql, mysql: the address, without user and password' }),
    bucket: Text.optional().meta({ description: 'csv, jsonl: files lie in this bucket; credentials come from the AWS chain' }),
    region: Text.optional().meta({ description: 'Of the bucket; default AWS_REGION, then us-east-1' }),
    endpointUrl: z.string().optional().meta({ description: 'An emulator or private endpoint of S3' }),
    file: Text.optional().meta({ description: 'sqlite: the file' }),
    user: Text.optional().meta({ description: 'postgresql, mysql, http with basic: who reads. A role that can only read' }),
    credentials: SecretReference.optional(),
    header: Text.optional().meta({ description: 'http: the header that carries the credentials; default Authorization: Bearer' }),
    caFile: Text.optional().meta({ description: 'postgresql, mysql: root certificates (PEM) of the server' }),
    tables: z.array(TabularTable).min(1, 'expected at least one table'),
  })
  .meta({ description: 'A system that is read as tables' });
export type TabularSource = z.infer<typeof TabularSource>;
