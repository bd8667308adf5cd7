import type { JobQueue } from '../../src/schedule/contract.ts';
import { until } from '../contracts/queue.contract.ts';

/** A queue whose backend answers by now. */
export async function answering(opening: Promise<JobQueue>): Promise<JobQueue> {
  const queue = await opening;
  await until(() => queue.counts());
  return queue;
}
