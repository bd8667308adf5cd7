import { examinedTypes, examineRecords } from '../../../src/access/records/examine-records.ts';
import { type DerivedInput, defineCollector, type ResourceDraft, unread, z } from '../../../src/authoring.ts';
import { GapReason } from '../../../src/model/completeness.ts';
import type { EntityClient } from '../client.ts';
import { EntityRecordExamination } from './resource.ts';

const operation = 'records';
const { examination, title, control, severity, tables, record, explanation } = EntityRecordExamination.shape;
const about = { examination, title, control, severity };
const counts = EntityRecordExamination.shape.population.unwrap().shape;
const body = z.union([
  z.strictObject({ ...about, record: record.unwrap(), undecided: GapReason.nullable(), explanation }),
  z.strictObject({
    ...about,
    kind: z.string(),
    tables,
    ...counts,
    undecided: z.int(),
    unread: z.strictObject({ reason: GapReason, because: z.string().nullable() }).nullable(),
  }),
]);

/**
 * Every declared examination over the whole population of its tables. A table that was not seen whole leaves the examinations over it unread,
 * and those over other tables alone: so nothing of it is a gap of all.
 */
export default defineCollector<EntityClient>({
  id: 'entity/records',
  title: 'Records that fail what is declared of them',
  kind: 'state',
  scope: 'organisation',
  member: ({ records }) => records !== null && records !== undefined,
  after: ['entity/people', 'entity/accounts'],
  yields: [EntityRecordExamination],
  permissions: ['log:read'],
  items: {
    [operation]: { keep: ['*'], split: (output) => examineRecords(output as unknown as DerivedInput) },
  },
  collect: (client) => client.derive(operation, examinedTypes, { decisive: [] }),
  normalise: (view) =>
    view.each(operation, body, (found): ResourceDraft => {
      const { examination, title, control, severity } = found;
      const whole = { examination, title, control, severity };
      if ('record' in found) {
        const { table, key } = found.record;
        return EntityRecordExamination.draft(
          { id: view.id('record-examination', examination, table, key), display: `${examination}: ${found.record.name}` },
          {
            ...whole,
            population: null,
            tables: [],
            blocked: null,
            record: found.record,
            holds: found.undecided === null ? false : unread(found.undecided),
            explanation: found.explanation,
          },
        );
      }
      const { examined, failing, explained, waiting, until, from, to } = found;
      return EntityRecordExamination.draft(
        { id: view.id('record-examination', examination), display: examination },
        {
          ...whole,
          population: found.unread === null ? { examined, failing, explained, waiting, until, from, to } : unread(found.unread.reason),
          tables: found.tables,
          blocked: found.unread?.because ?? null,
          record: null,
          holds: true,
          explanation: null,
        },
      );
    }),
});
