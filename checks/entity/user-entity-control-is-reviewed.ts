import { EntityUserEntityControl, exampleUserEntityControl } from '../../collectors/entity/documents/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/user-entity-control-is-reviewed',
  claim: 'Whether clients can be expected to have the control in place was looked at when it was due',
  subject: EntityUserEntityControl,
  severity: 'low',
  rationale:
    'A report assumes controls at clients. One that clients were never told of, or that no longer fits the service, leaves an objective unmet without anybody noticing.',
  remediation: {
    console: 'Go through the controls assumed at clients with whoever writes the description of the system, and set the day under `cuecs`.',
    cli: 'edit documents.yaml: cuecs[].reviewedOn',
    terraform: 'This is decided by people.',
  },
  references: ['https://www.aicpa-cima.com/resources/landing/system-and-organization-controls-soc-suite-of-services'],
  parameters: z.object({}),
  test({ reviewedOn, reviewDue }, { asOf }) {
    if (asOf.slice(0, 10) > reviewDue) return fail(`looked at on ${reviewedOn}: was due ${reviewDue}`);
    return pass(`looked at on ${reviewedOn}`, { until: `${addDays(`${reviewDue}T00:00:00.000Z`, 1).slice(0, 10)}T00:00:00.000Z` });
  },
  examples: {
    pass: { 'looked at last autumn': exampleUserEntityControl },
    fail: { overdue: { ...exampleUserEntityControl, reviewDue: '2026-01-14' } },
  },
});
