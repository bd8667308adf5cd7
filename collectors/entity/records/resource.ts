import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const severity = z.enum(['critical', 'high', 'medium', 'low']);

/** An examination of records as a whole, which is always there, and beside it each record that fails it or of which that cannot be told. */
export const EntityRecordExamination = defineResource({
  type: 'entity.record-examination',
  title: 'Examination of records, and what it found',
  shape: {
    examination: z.string(),
    /** The sentence that is true while nothing fails. */
    title: z.string(),
    /** The control it serves, as its declaration says. */
    control: z.string().nullable(),
    severity,
    /** The whole: unread while not every record of every table was seen and could be read. Null of a record. */
    population: z
      .strictObject({
        /** Records that were examined. */
        examined: z.int(),
        /** Of them those that fail without an explanation that counts, each a subject of its own, and those that have one. */
        failing: z.int(),
        explained: z.int(),
        /** About which nothing is due yet; `until` (ISO-8601 UTC): from when on something is. */
        waiting: z.int(),
        until: z.string().nullable(),
        /** Times of the earliest and latest record. */
        from: z.string().nullable(),
        to: z.string().nullable(),
      })
      .nullable(),
    /** Every table that was read: how many records of it, and the SHA-256 over their keys, one a line; null: it was not. */
    tables: z.array(z.strictObject({ table: z.string(), records: z.int(), keys: z.string().nullable() })),
    /** Why it cannot be carried out as it is configured; null: it can. */
    blocked: z.string().nullable(),
    /** The record, by the name that decisions have for it; null: this is the whole. */
    record: z.strictObject({ name: z.string(), table: z.string(), key: z.string(), at: z.string().nullable(), why: z.string() }).nullable(),
    /** Of a record: false; unread where it cannot be told. Of the whole true. */
    holds: z.boolean(),
    /** Of a record that fails: why that is as it should be, approved by a second person. */
    explanation: z.strictObject({ by: z.string(), approvedBy: z.string(), reason: z.string(), expires: z.string().nullable() }).nullable(),
  },
});

export const exampleExamination: ResourceOf<typeof EntityRecordExamination> = {
  id: 'entity:acme/record-examination/PAY-ONCE',
  display: 'PAY-ONCE',
  examination: 'PAY-ONCE',
  title: 'No payment is made twice',
  control: 'PR-07',
  severity: 'critical',
  population: {
    examined: 4213,
    failing: 0,
    explained: 0,
    waiting: 0,
    until: null,
    from: '2025-10-31',
    to: '2025-12-31',
  },
  tables: [{ table: 'payroll.payments', records: 4213, keys: `sha256:${'0'.repeat(64)}` }],
  blocked: null,
  record: null,
  holds: true,
  explanation: null,
};
export const exampleRecord: ResourceOf<typeof EntityRecordExamination> = {
  ...exampleExamination,
  id: 'entity:acme/record-examination/PAY-ONCE/payroll.payments/P-1002',
  display: 'PAY-ONCE: P-1002',
  population: null,
  tables: [],
  record: {
    name: 'P-1002',
    table: 'payroll.payments',
    key: 'P-1002',
    at: '2025-12-31',
    why: 'employee, period, amount as in P-1001: E-104, 2025-12, 3,120.00',
  },
  holds: false,
};
