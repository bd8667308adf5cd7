import { setTimeout as sleep } from 'node:timers/promises';
import { type JobQueue, QueueUnavailable } from '../../schedule/contract.ts';

const patienceMs = 5_000;
const everyMs = 25;

/** A queue that was just opened is given a moment to find its backend. @returns why it does not answer; undefined when it does */
export async function untilQueueAnswers(queue: Pick<JobQueue, 'counts'>, monotonic: () => number): Promise<QueueUnavailable | undefined> {
  const began = monotonic();
  for (;;) {
    try {
      await queue.counts();
      return undefined;
    } catch (error) {
      if (!(error instanceof QueueUnavailable)) throw error;
      if (monotonic() - began > patienceMs) return error;
      await sleep(everyMs);
    }
  }
}
