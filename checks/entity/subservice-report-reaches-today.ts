import { EntitySubserviceOrganisation, exampleSubservice } from '../../collectors/entity/documents/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/subservice-report-reaches-today',
  claim: 'A report on the subservice organisation, with a letter for the time since, reaches today and was reviewed when it was due',
  subject: EntitySubserviceOrganisation,
  severity: 'medium',
  rationale:
    'Controls that are assumed at a carved-out organisation are known from the report of its auditor, over the period of that report; for the months after it there is a letter of its management at most. A report nobody read, or one that ended long ago, says nothing of today.',
  remediation: {
    console: 'Get the organisation’s latest SOC report and a bridge letter from its trust portal, read their exceptions, and hand both in.',
    cli: 'proofline evidence add REPORT.pdf --type subservice-report --fact organisation=ID --fact exceptions=none --covers FROM..TO --effective DAY --provided-by NAME --obtained HOW --because TEXT',
    terraform: 'Reports are handed in by people.',
  },
  references: ['https://www.aicpa-cima.com/resources/landing/system-and-organization-controls-soc-suite-of-services'],
  parameters: z.object({
    /** Days after the report's period for which a letter is taken in its place. */
    maxBridgeDays: z.number().int().positive().default(183),
    /** Days without report or letter that are let pass. */
    graceDays: z.number().int().nonnegative().default(31),
  }),
  test({ reportThrough, bridgeThrough, reviewedOn, reviewDue, exceptions }, { asOf, parameters }) {
    const day = asOf.slice(0, 10);
    const after = (from: string, days: number) => addDays(`${from}T00:00:00.000Z`, days).slice(0, 10);
    const furthest = after(reportThrough, parameters.maxBridgeDays);
    const letter = bridgeThrough !== null && bridgeThrough > reportThrough ? (bridgeThrough < furthest ? bridgeThrough : furthest) : null;
    const reach = letter ?? reportThrough;
    const said = `the report goes to ${reportThrough}${letter === null ? '' : `, a letter to ${letter}`}; exceptions: ${exceptions ?? 'not stated'}`;
    const ends = after(reach, parameters.graceDays + 1);
    if (day >= ends) return fail(`${said}: nothing is known since`);
    if (exceptions === null) return fail(`${said}: nobody says whether there were any`);
    if (reviewedOn === null || day > reviewDue) return fail(`${said}; its review was due ${reviewDue}`);
    const dayAfterReview = after(reviewDue, 1);
    return pass(`${said}; reviewed on ${reviewedOn}`, { until: `${ends < dayAfterReview ? ends : dayAfterReview}T00:00:00.000Z` });
  },
  examples: {
    pass: {
      'a report and a letter': exampleSubservice,
      'a report that has just ended': { ...exampleSubservice, reportThrough: '2025-12-31', bridgeThrough: null },
    },
    fail: {
      'a letter that goes on for ever': { ...exampleSubservice, reportThrough: '2025-03-31', bridgeThrough: '2026-12-31' },
      'a report that ended in June': { ...exampleSubservice, reportThrough: '2025-06-30', bridgeThrough: null },
      'nobody read its exceptions': { ...exampleSubservice, exceptions: null },
      'a review that is overdue': { ...exampleSubservice, reviewDue: '2026-01-14' },
    },
  },
});
