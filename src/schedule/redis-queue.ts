import type { JobQueue } from './contract.ts';

export interface RedisQueueOptions {
  readonly url: string;
  readonly prefix: string;
  readonly sources: readonly string[];
  readonly now: () => string;
  readonly attempts: number;
  readonly backoffMs: number;
}

export async function redisQueue(_options: RedisQueueOptions): Promise<JobQueue> {
  throw new Error('not there yet');
}
