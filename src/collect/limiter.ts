import { setTimeout as sleep } from 'node:timers/promises';
import pThrottle from 'p-throttle';
import type { SourceDefinition } from '../model/collector.ts';

/** Shared by all collections of one source, because it is the source that counts. */
export interface Limiter {
  /** Resolves when the operation may be sent. Rejects with the signal's reason when that comes first. */
  acquire(operation: string, region: string | undefined, signal?: AbortSignal): Promise<void>;
  /** The source said that it is asked too often: nothing that shares this operation's bucket is sent for so long. */
  pause(operation: string, region: string | undefined, milliseconds: number): void;
}

interface Bucket {
  take(): Promise<void>;
  /** `performance.now()` until which nothing is sent. */
  pausedUntil: number;
}

/** A token bucket per operation (or per bucket that operations share) and region, as the source's definition says. */
export function createLimiter(source: Pick<SourceDefinition, 'limitFor'>): Limiter {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (operation: string, region: string | undefined): Bucket => {
    const { perSecond, burst, bucket } = source.limitFor(operation);
    const key = `${bucket ?? operation}|${region ?? ''}`;
    const known = buckets.get(key);
    if (known) return known;
    const limit = Math.max(1, Math.floor(burst));
    const throttle = pThrottle({ limit, interval: (limit / perSecond) * 1000, strict: true });
    const made = { take: throttle(async () => {}), pausedUntil: 0 };
    buckets.set(key, made);
    return made;
  };
  return {
    async acquire(operation, region, signal) {
      const bucket = bucketOf(operation, region);
      signal?.throwIfAborted();
      await abortable(bucket.take(), signal);
      for (let wait = bucket.pausedUntil - performance.now(); wait > 0; wait = bucket.pausedUntil - performance.now()) {
        await pause(wait, signal);
      }
    },
    pause(operation, region, milliseconds) {
      const bucket = bucketOf(operation, region);
      bucket.pausedUntil = Math.max(bucket.pausedUntil, performance.now() + milliseconds);
    },
  };
}

/** For sources that answer from memory. */
export const unlimited: Limiter = { acquire: async () => {}, pause: () => {} };

/** Waits; rejects with the signal's reason. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** The promise, or the signal's reason if that comes first. Leaves no listener behind. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
