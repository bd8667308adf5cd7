import { EntityRecordExamination, exampleExamination, exampleRecord } from '../../collectors/entity/records/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/records-hold',
  claim: 'Every record of the whole population is as it is declared to be, or differs for a reason that a second person approved',
  subject: EntityRecordExamination,
  severity: 'high',
  rationale:
    'A payment made twice, to nobody who is employed, or released by who prepared it, is one record among hundreds of thousands: a sample misses it, and each of them is money.',
  remediation: {
    console:
      'Look the record up by its key in the system it is of. Correct it there, with its own approval; the next reading shows it. Where it is right as it is, explain it and have a second person approve that.',
    cli: 'proofline records show EXAMINATION; proofline records explain EXAMINATION --record KEY --explanation TEXT --because REASON --as PERSON --key FILE',
    terraform: 'None: records are corrected in the application that keeps them.',
  },
  references: [
    'https://www.coso.org/guidance-on-ic',
    'https://csrc.nist.gov/projects/risk-management/sp800-53-controls/release-search#!/control?version=5.1&number=AC-5',
  ],
  parameters: z.object({
    /** Ids of examinations; empty: all that are declared. */
    examinations: z.array(z.string()).default([]),
  }),
  appliesTo: ({ examination }, { parameters }) => parameters.examinations.length === 0 || parameters.examinations.includes(examination),
  test({ record, holds, explanation, population, title }) {
    if (record !== null) {
      const at = record.at === null ? '' : ` of ${record.at}`;
      if (explanation === null) return holds ? pass(record.why) : fail(`${record.key}${at}: ${record.why}`);
      const { by, approvedBy, reason, expires } = explanation;
      const until = expires === null ? {} : { until: `${expires}T23:59:59.999Z` };
      return pass(`${record.key}${at}: ${record.why}; explained by ${by}, approved by ${approvedBy}: ${reason}`, until);
    }
    if (population === null) return notApplicable('nothing was examined');
    const { examined, failing, explained, waiting, until } = population;
    if (examined === 0) return notApplicable(`${title}: all of its tables were seen, and there is no record in them to examine`);
    const rest = [
      `${failing} fail, each named`,
      ...(explained > 0 ? [`${explained} explained`] : []),
      ...(waiting > 0 ? [`${waiting} not due yet`] : []),
    ];
    return pass(`${title}: ${examined} records examined, ${rest.join(', ')}`, until === null ? {} : { until });
  },
  examples: {
    pass: {
      'all of them': exampleExamination,
      'some of them, each a subject of its own': {
        ...exampleExamination,
        population: {
          examined: 4213,
          failing: 2,
          explained: 1,
          waiting: 3,
          until: '2026-01-20T00:00:00.000Z',
          from: '2025-10-31',
          to: '2025-12-31',
        },
      },
      'a difference that is explained': {
        ...exampleRecord,
        explanation: { by: 'fiona', approvedBy: 'tariq', reason: 'two contracts, both paid by design', expires: '2026-03-31' },
      },
    },
    fail: { 'a payment made twice': exampleRecord },
    notApplicable: {
      'no record': {
        ...exampleExamination,
        population: { examined: 0, failing: 0, explained: 0, waiting: 0, until: null, from: null, to: null },
      },
    },
  },
});
