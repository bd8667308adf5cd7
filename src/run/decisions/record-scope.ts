import { z } from 'zod';
import type { RecordedDecision } from '../../model/decision.ts';
import { digestOf } from '../../seal/digest.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { recordPlan } from '../prepare-plan.ts';
import { by, type DecidedBy } from './open-period.ts';
import { recordDecision } from './record-decision.ts';

/**
 * Records the scope rules as they stand now, and the plan that carries them.
 * @throws ProoflineError `configuration`, `usage`
 */
export async function recordScope(
  app: Composition,
  store: Store,
  request: DecidedBy & { readonly reason: string },
): Promise<RecordedDecision> {
  const rules = z.array(z.json()).parse((await app.scope()).rules);
  const decision = await recordDecision(app, store, {
    ...by(request),
    payload: { type: 'scope', rules, digest: digestOf(rules) },
    subjects: (await app.scope()).rules.map(({ id }) => id),
    reason: request.reason,
  });
  await recordPlan(app, store, { name: request.signer?.person ?? request.actor?.name ?? '', authentication: 'none' });
  return decision;
}
