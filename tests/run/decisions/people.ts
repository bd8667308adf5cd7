import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engagement } from '../../../src/model/engagement.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { type DecisionSigner, recordDecision } from '../../../src/run/decisions/record-decision.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { Decider } from '../../verify/deciding.ts';
import { Toys } from '../toy-source.ts';

export const alice = new Decider('alice', 11);
export const bob = new Decider('bob', 12);
export const anna = new Decider('anna', 13, ['auditor']);

/** The signer of a decider, as `openSigner` makes one of a PEM file. */
export function signerOf(decider: Decider, person = decider.person.id): DecisionSigner {
  return {
    person,
    fingerprint: decider.fingerprint,
    sign: async (text) => decider.key.sign(new TextEncoder().encode(text), 'proofline-decision'),
  };
}
export const by = (decider: Decider) => ({ signer: signerOf(decider) });

export const engagement: Engagement = {
  id: 'soc2',
  report: 'soc2',
  type: 2,
  trustServices: ['security'],
  objectives: [],
  systems: [],
  commitments: [],
  subserviceOrganisations: [],
  cuecs: [],
  recipients: [],
  redaction: { withholdItemsOf: [], maskNames: false },
  ruler: {},
};

/** A composition over toys with a log, and everybody registered. */
export async function decidingToys(): Promise<{ toys: Toys; app: Composition; store: EmbeddedStore }> {
  const toys = new Toys();
  toys.engagements = [engagement, { ...engagement, id: 'soc1', report: 'soc1' }, { ...engagement, id: 'soc2-type1', type: 1 }];
  const app = toys.composition();
  const store = await app.openStore({ create: true });
  const register = (who: Decider) => ({ type: 'register-person' as const, person: who.person });
  await recordDecision(app, store, { actor: { name: 'root' }, payload: register(alice), reason: 'the first' });
  await recordDecision(app, store, { ...by(alice), payload: register(bob), reason: 'decides with alice' });
  await recordDecision(app, store, { ...by(alice), payload: register(anna), reason: 'the auditor' });
  return { toys, app, store };
}

export function fileWith(text: string, name = 'key'): string {
  const file = join(mkdtempSync(join(tmpdir(), 'proofline-people-')), name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
