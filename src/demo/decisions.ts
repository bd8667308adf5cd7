import { amendPeriod } from '../run/decisions/amend-period.ts';
import { openPeriod } from '../run/decisions/open-period.ts';
import { recordDecision } from '../run/decisions/record-decision.ts';
import { requestOnboardingWaiver, requestWaiver } from '../run/decisions/request-waiver.ts';
import type { DescribedStep } from '../run/described-life.ts';
import { productionId } from './aws-estate.ts';
import { act, approves } from './described-act.ts';
import { decidingPeople, registeredPerson, signerOf } from './described-people.ts';
import { engagements, observation, periodOf } from './observation.ts';

/** What people decided in the described year, oldest first. */
export const decisionSteps: readonly DescribedStep[] = [
  act('2025-03-28T10:00:00.000Z', 'Seven people are registered with their keys', async ({ app, log: { store } }) => {
    for (const [index, id] of decidingPeople.entries()) {
      await recordDecision(app, store, {
        // Nobody is registered before the first, who therefore registers himself under a name alone.
        ...(index === 0 ? { actor: { name: 'Inês Carvalho' } } : { signer: signerOf('ines-carvalho') }),
        payload: { type: 'register-person', person: registeredPerson(id) },
        reason: index === 0 ? 'The first person of the register' : 'Decides, reviews or examines at Northwind Payroll',
      });
    }
  }),
  act('2025-03-28T11:00:00.000Z', 'The controls are adopted', async ({ app, log: { store } }) => {
    const adopted = (await app.controls()).map(({ control }) => control).filter(({ status }) => status === 'adopted');
    await recordDecision(app, store, {
      signer: signerOf('ines-carvalho'),
      payload: { type: 'adopt-control', controls: adopted.map(({ id }) => id) },
      reason: 'Approved by the security committee on 20 March 2025',
    });
  }),
  act('2025-03-31T12:00:00.000Z', 'Both periods are opened', async ({ app, log: { store } }) => {
    for (const engagement of engagements) {
      await openPeriod(app, store, {
        engagement,
        id: periodOf(engagement),
        ...{ start: observation.start, end: observation.end, zone: observation.zone },
        cutOff: '2026-04-09',
        signer: signerOf('eva-richter'),
        reason: 'Agreed with Lindholm Assurance on 14 March 2025',
      });
    }
  }),
  act('2025-04-01T09:00:00.000Z', 'What failed when Proofline came is known, for thirty days', ({ app, log: { store } }) =>
    requestOnboardingWaiver(app, store, {
      expires: '2025-04-30',
      signer: signerOf('amara-okafor'),
      reason: 'Known when Proofline was brought in; each of it has a ticket',
    }),
  ),
  approves('2025-04-02T08:30:00.000Z', 'The bulk decision is approved', 'ines-carvalho', 'waive', 'Seen and accepted for thirty days'),
  act('2025-06-20T09:00:00.000Z', 'A waiver is requested for the key of the old deployment user', ({ app, log: { store } }) =>
    requestWaiver(app, store, {
      check: 'aws/access-key-rotated',
      source: `aws:${productionId}`,
      control: 'AC-06',
      expires: '2025-08-31',
      compensatingControl: 'The key may only write artifacts, and its use is alerted on',
      signer: signerOf('henrik-solberg'),
      reason: 'The deployment of the legacy engine cannot take a new key before its migration in August',
    }),
  ),
  approves('2025-06-23T07:40:00.000Z', 'The waiver is approved by another', 'ines-carvalho', 'waive', 'Accepted until the migration'),
  act('2025-09-15T09:00:00.000Z', 'A looser ruler is asked for', async ({ app, log: { store } }) => {
    await amendPeriod(app, store, {
      period: periodOf('soc2-2026'),
      set: { 'thresholds.roster.gapAfter': 'P14D' },
      signer: signerOf('amara-okafor'),
      reason: 'Rosters are read less often since the change of the provider in August',
    });
  }),
  approves(
    '2025-09-16T10:15:00.000Z',
    'The looser ruler is approved by another',
    'eva-richter',
    'amend-period',
    'Agreed with the auditor on 12 September',
  ),
  act('2025-12-01T08:00:00.000Z', 'The tolerance of DP-05 is four hours instead of a day', ({ app, log: { store } }) =>
    recordDecision(app, store, {
      signer: signerOf('ines-carvalho'),
      payload: { type: 'adopt-control', controls: ['DP-05'] },
      reason: 'Decided by the security committee on 24 November 2025, after the exports of payslips had been public for two hours',
    }),
  ),
];
