import { randomUUID } from 'node:crypto';
import { ProoflineError } from '../model/errors.ts';
import type { Leases } from './leases.ts';

/** A collection renews its lease while it works; after this long without, another process may take it. */
const ttlMs = 60_000;

/** Name of the lease under which a collector and scope are collected and sealed. */
export function collectionLease(collector: string, scope: string): string {
  return JSON.stringify(['collection', collector, scope]);
}

/** A renewal that fails is no reason to stop: if the lease is lost, the store refuses what comes after its successor's work. */
function renew(leases: Leases, name: string, holder: string): void {
  try {
    leases.renew(name, holder, ttlMs);
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
  }
}

/** The leases this process holds, with their tokens. */
export interface HeldLeases {
  /** @throws ProoflineError `store-busy` when somebody else has it; whatever `work` throws. */
  hold<T>(name: string, above: number, work: () => Promise<T>): Promise<T>;
  /** Token of a lease held here; undefined when it is not. */
  token(name: string): number | undefined;
}

export function heldLeases(leases: Leases): HeldLeases {
  const tokens = new Map<string, number>();
  return {
    token: (name) => tokens.get(name),
    async hold(name, above, work) {
      const holder = randomUUID();
      const taken = leases.acquire(name, holder, ttlMs, above);
      if ('heldBy' in taken) {
        throw new ProoflineError('store-busy', `${name} is being worked on by ${taken.heldBy}, until ${taken.until} at the latest`);
      }
      tokens.set(name, taken.token);
      const renewal = setInterval(() => renew(leases, name, holder), ttlMs / 3);
      renewal.unref();
      try {
        return await work();
      } finally {
        clearInterval(renewal);
        tokens.delete(name);
        leases.release(name, holder);
      }
    },
  };
}
