import { join } from 'node:path';
import type { Deviation } from '../model/history.ts';
import { writeBundle } from '../run/bundle/write-bundle.ts';
import { closePeriod } from '../run/decisions/close-period.ts';
import { readDecisions } from '../run/decisions/read-decisions.ts';
import { recordDecision } from '../run/decisions/record-decision.ts';
import type { DescribedStep, Living } from '../run/described-life.ts';
import { freezePopulation, neededPopulations } from '../run/populations/freeze-population.ts';
import { readPopulations } from '../run/populations/read-populations.ts';
import { recordSample } from '../run/populations/record-sample.ts';
import { readPeriod } from '../run/read-period.ts';
import { signerOf } from './described-people.ts';
import { incidents } from './incidents.ts';
import { engagements, periodOf } from './observation.ts';

const act = (at: string, does: (living: Living) => Promise<string>): DescribedStep => ({
  at,
  kind: 'act',
  async act(living) {
    living.say(await does(living));
  },
});

/** The deviation that a planted incident came to, of the first of its controls. */
async function deviationOf({ app }: Living, id: string): Promise<Deviation> {
  const incident = incidents.find((one) => one.id === id);
  const control = incident?.controls?.[0];
  if (incident?.check === undefined || control === undefined) throw new TypeError(`the incident ${id} is about no check of a control`);
  const { deviations } = await readPeriod(app, periodOf('soc2-2026'), { control });
  const found = deviations.find(
    ({ check, display, from, to }) =>
      check === incident.check && display.includes(incident.subject ?? '') && from <= incident.to && to >= incident.from,
  );
  if (found === undefined) throw new TypeError(`the incident ${id} came to no deviation from ${control}`);
  return found;
}

/** What ends the year: populations are frozen, the auditor draws a sample, management answers, both periods are closed and handed over. */
export const endingSteps: readonly DescribedStep[] = [
  act('2026-04-02T08:00:00.000Z', async ({ app, log }) => {
    let frozen = 0;
    for (const engagement of engagements) {
      for (const { id } of await neededPopulations(app)) {
        await freezePopulation(app, log, {
          period: periodOf(engagement),
          population: id,
          signer: signerOf('amara-okafor'),
          onProgress: () => {},
          signal: new AbortController().signal,
        });
        frozen += 1;
      }
    }
    return `${frozen} populations are frozen, complete and after the end`;
  }),
  act('2026-04-03T10:00:00.000Z', async ({ app, log: { store } }) => {
    const changes = readPopulations(store, await app.registries()).find(({ record }) => record.id.includes('production-changes'));
    if (changes === undefined) throw new TypeError('no population of changes was frozen');
    const { selection } = await recordSample(app, store, {
      population: changes.record.id,
      seed: 'lindholm 2026-04-03 4711',
      signer: signerOf('j-lindholm'),
    });
    return `The auditor draws a sample of ${selection.selection.length} changes with a seed of her own`;
  }),
  act('2026-04-07T09:00:00.000Z', async (living) => {
    const {
      app,
      log: { store },
    } = living;
    const [factor, ssh] = [await deviationOf(living, 'mfa-off'), await deviationOf(living, 'ssh-for-vendor')];
    await recordDecision(app, store, {
      signer: signerOf('henrik-solberg'),
      payload: {
        type: 'respond',
        deviation: factor.id,
        owner: 'Platform',
        response: 'The lost key was replaced; a second one now lies in the safe, so that the factor need never be taken off again.',
        compensatingControl: 'Every sign-in of the break-glass user is alerted on; there was none in these days',
        remediation: { what: 'Two security keys are registered since 11 July 2025', evidence: [] },
        retest: { result: 'no-failures-observed', evidence: [] },
      },
      reason: 'Management’s response',
    });
    await recordDecision(app, store, {
      // Said on the telephone, and never signed: printed as "identity not authenticated".
      actor: { name: 'Tobias Brenner' },
      payload: {
        type: 'respond',
        deviation: (await deviationOf(living, 'ssh-open')).id,
        owner: 'Engineering',
        response: 'The rule was forgotten after the load test.',
        compensatingControl: null,
        remediation: null,
        retest: null,
      },
      reason: 'What the engineer said on the telephone',
    });
    const { index } = await recordDecision(app, store, {
      signer: signerOf('hannah-weiss'),
      payload: { type: 'dispose', deviation: ssh.id, disposition: 'false-positive', cause: 'system' },
      reason: 'The subnet of the bastion had no route from the internet in these days; nobody could have reached the port',
    });
    await recordDecision(app, store, {
      signer: signerOf('ines-carvalho'),
      payload: { type: 'approve', of: index },
      reason: 'The route table of those days was seen',
    });
    return 'Management answers; one deviation is held to be none, and stays listed';
  }),
  act('2026-04-10T09:00:00.000Z', async ({ app, log: { store } }) => {
    for (const engagement of engagements) {
      await closePeriod(app, store, {
        period: periodOf(engagement),
        cutOff: '2026-04-09',
        reportDate: '2026-05-08',
        signer: signerOf('eva-richter'),
        reason: 'The period has ended and its populations are complete',
      });
    }
    return `Both periods are closed; ${readDecisions(store).length} decisions were recorded in the year`;
  }),
  ...engagements.map((engagement, index) =>
    act(`2026-04-10T1${index}:30:00.000Z`, async ({ app, out, say }) => {
      const { out: place } = await writeBundle(app, {
        period: periodOf(engagement),
        out: join(out, engagement),
        // Nothing of a described company has to be kept from anyone.
        plain: true,
        actor: { name: 'Amara Okafor', authentication: 'none' },
        onProgress: say,
      });
      return `The bundle of ${engagement} lies in ${place}`;
    }),
  ),
];
