import { ProoflineError } from '../../model/errors.ts';
import type { Actor } from '../../model/statement.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Composition } from '../composition.ts';
import { leaseNames } from '../lease-names.ts';
import { preparePlan } from '../prepare-plan.ts';
import { withinLease } from '../within-lease.ts';
import { previewUpgrade, type UpgradePreview } from './preview-upgrade.ts';
import { recordUpgrade } from './record-upgrade.ts';

export interface Upgraded {
  readonly preview: UpgradePreview;
  /** Log index of the plan in force. */
  readonly plan: number;
  /** An entry `upgraded` or `downgraded` was made; false: the plan in force was of this version already. */
  readonly recorded: boolean;
}

/** The whole judging of a large log fits in. */
const leaseMs = 15 * 60_000;
const waitMs = 60_000;

/**
 * Brings the tables of the log forward by opening it, records the upgrade, then the plan that applies from here on, and signs both.
 * @throws ProoflineError `store-busy` when a daemon runs on the log; like `openStore` and `previewUpgrade`
 */
export async function upgradeLog(app: Composition, actor: Actor): Promise<Upgraded> {
  const state = app.openState();
  const holder = app.newId();
  try {
    // Before the store is opened: a daemon of the former release must not find other tables under it.
    const taken = state.leases.acquire(leaseNames.daemon, holder, leaseMs, 0);
    if ('heldBy' in taken) {
      throw new ProoflineError(
        'store-busy',
        `a daemon runs on this log (${taken.heldBy}): stop it and every worker, upgrade, and start them again`,
      );
    }
    const store = await app.openStore();
    try {
      return await withinLease(store, leaseNames.plan, { waitMs }, () => record(app, store, actor));
    } finally {
      await store.close();
    }
  } finally {
    state.leases.release(leaseNames.daemon, holder);
    state.close();
  }
}

async function record(app: Composition, store: EmbeddedStore, actor: Actor): Promise<Upgraded> {
  const prepared = await preparePlan(app);
  const recorded = await recordUpgrade(app, store, prepared, actor);
  const preview = recorded ?? (await previewUpgrade(app, store, prepared));
  const plan = await prepared.sealWith(store, {}, actor);
  await store.checkpoint();
  return { preview, plan, recorded: recorded !== undefined };
}
