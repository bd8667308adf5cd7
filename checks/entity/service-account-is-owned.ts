import { EntityAccount, exampleAccount, exampleServiceAccount } from '../../collectors/entity/accounts/resource.ts';
import { addDays, daysBetween, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'entity/service-account-is-owned',
  claim: 'The service account has a purpose, an owner who works here, and an approval that has not expired',
  subject: EntityAccount,
  appliesTo: ({ kind, live }) => kind === 'service-account' && live,
  severity: 'medium',
  rationale:
    'Accounts of machines outlive what they were made for. An owner who has left answers for nothing, and without an expiry nobody is ever asked again.',
  remediation: {
    console: 'Name an owner who works here, and until when it is approved; remove the account if nobody wants it.',
    cli: 'proofline account register-service ID --account ACCOUNT --owner hr:NUMBER --purpose TEXT --expires DATE --because TEXT',
    terraform: 'None: change it under `people.serviceAccounts` in proofline.yaml.',
  },
  references: ['https://csrc.nist.gov/projects/cprt/catalog#/cprt/framework/version/SP_800_53_5_1_1/home?element=AC-02'],
  parameters: z.object({
    needsExpiry: z.boolean().default(true).meta({ description: 'An approval without a last day is none' }),
    reviewedWithinDays: z.int().nonnegative().default(0).meta({ description: 'Somebody looked at it in so many days; 0: not asked here' }),
  }),
  test({ service, ownerPerson }, { asOf, parameters }) {
    if (service === null) return fail('it is not registered');
    const problems: string[] = [];
    const { id, purpose, expires, reviewed } = service;
    if (purpose.trim() === '') problems.push('it has no purpose');
    if (ownerPerson === null) problems.push('its owner is on no roster');
    else if (ownerPerson.status === 'left')
      problems.push(`its owner ${ownerPerson.name} left${ownerPerson.endsOn === null ? '' : ` on ${ownerPerson.endsOn}`}`);
    else if (ownerPerson.status === 'not-started') problems.push(`its owner ${ownerPerson.name} has not begun to work here`);
    const ends: string[] = [];
    if (expires === null && parameters.needsExpiry) problems.push('its approval has no last day');
    if (expires !== null) {
      const over = addDays(`${expires}T00:00:00.000Z`, 1);
      if (asOf >= over) problems.push(`its approval expired on ${expires}`);
      else ends.push(over);
    }
    if (parameters.reviewedWithinDays > 0) {
      const days = reviewed === null ? null : daysBetween(`${reviewed}T00:00:00.000Z`, asOf);
      if (days === null || reviewed === null) problems.push('nobody ever looked at it since');
      else if (days > parameters.reviewedWithinDays) problems.push(`nobody has looked at it since ${reviewed}`);
      else ends.push(addDays(`${reviewed}T00:00:00.000Z`, parameters.reviewedWithinDays + 1));
    }
    if (problems.length > 0) return fail(`${id}: ${problems.join('; ')}`);
    const until = ends.sort()[0];
    return pass(`${id}, owned by ${ownerPerson?.name}: ${purpose}`, until === undefined ? {} : { until });
  },
  examples: {
    pass: { 'an owned one': exampleServiceAccount },
    fail: {
      'its owner left': {
        ...exampleServiceAccount,
        ownerPerson: { id: 'hr:E-104', name: 'Ana Example', status: 'left', endsOn: '2025-12-31' },
      },
      'nobody of the roster': { ...exampleServiceAccount, ownerPerson: null },
      expired: {
        ...exampleServiceAccount,
        service: { id: 'backup', purpose: 'Copies snapshots', expires: '2026-01-14', reviewed: null, registered: 'settings' },
      },
      'without a last day': {
        ...exampleServiceAccount,
        service: { id: 'backup', purpose: 'Copies snapshots', expires: null, reviewed: null, registered: 'settings' },
      },
    },
    notApplicable: { 'a person’s': exampleAccount },
  },
});
