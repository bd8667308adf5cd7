import pRetry from 'p-retry';
import { ProoflineError } from '../model/errors.ts';
import type { Store } from '../store/contract.ts';

export interface LeaseWait {
  /** Longest wait for whoever has it; 0: not at all. A process that was killed elsewhere holds a lease for a minute. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while holding a lease, once whoever has it gives it back.
 * @throws ProoflineError `store-busy` when nobody gave it back in time or `signal` ended the waiting; whatever `work` throws.
 */
export async function withinLease<T>(
  store: Pick<Store, 'withLease'>,
  name: string,
  { waitMs, signal }: LeaseWait,
  work: () => Promise<T>,
): Promise<T> {
  let entered = false;
  const attempt = async () =>
    await store.withLease(name, async () => {
      entered = true;
      return await work();
    });
  if (waitMs <= 0) return await attempt();
  return await pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: waitMs,
    minTimeout: 20,
    maxTimeout: 500,
    factor: 1.5,
    // What `work` throws is its own, also where it says that something was busy. The signal ends the waiting and never what is done by then.
    shouldRetry: ({ error }) => !entered && signal?.aborted !== true && error instanceof ProoflineError && error.code === 'store-busy',
  });
}
