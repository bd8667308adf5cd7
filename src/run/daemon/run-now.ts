import { ProoflineError } from '../../model/errors.ts';
import type { Schedule, TurnJob } from '../../model/schedule.ts';
import type { Actor } from '../../model/statement.ts';
import { type JobQueue, type QueueEvent, QueueUnavailable } from '../../schedule/contract.ts';
import { reasonOf } from '../../schedule/reason-of.ts';
import type { Composition } from '../composition.ts';
import { openLog } from '../opened-log.ts';
import type { CollectProgress } from '../progress.ts';
import { recordFailedTurn } from './record-failed-turn.ts';
import { takeTurn } from './take-turn.ts';
import { untilQueueAnswers } from './until-queue-answers.ts';

/** What somebody asked for: what a schedule collects, or all of a source. It is no turn: the schedule goes on as it would have. */
export function nowJob(app: Composition, of: Schedule | { readonly source: string }, trigger: Actor): TurnJob {
  const whole = !('id' in of);
  return {
    id: `now-${app.newId()}`,
    kind: whole ? 'collect' : of.kind,
    turn: null,
    source: of.source,
    collectors: whole || of.kind === 'anchor' ? null : of.collectors,
    trigger,
    priority: 'now',
  };
}

/** What became of it; null: it is in line, and nobody waits for its end. */
export type RanNow = { readonly outcome: 'done' | 'failed'; readonly reason: string | null } | null;

/** Puts a job in line in Redis, before all others, and waits for its end when asked to. @throws ProoflineError `store-busy` when Redis does not answer */
export async function putNow(
  app: Composition,
  job: TurnJob,
  options: { readonly wait: boolean; readonly signal: AbortSignal; readonly onPut: () => void },
): Promise<RanNow> {
  const queue = await app.openQueue();
  try {
    const unavailable = await untilQueueAnswers(queue, app.monotonic);
    if (unavailable !== undefined) throw unavailable;
    const ended = options.wait ? untilEnded(queue, job, options.signal) : undefined;
    const added = await queue.add(job);
    if (added === 'full') throw new ProoflineError('store-busy', 'the line is as long as it may be: try again when some of it is done');
    options.onPut();
    return ended === undefined ? null : await ended;
  } catch (error) {
    if (!(error instanceof QueueUnavailable)) throw error;
    throw new ProoflineError('store-busy', `the queue does not answer: ${error.message}`, { cause: error });
  } finally {
    await queue.close({ withinMs: 0 });
  }
}

async function untilEnded(queue: JobQueue, job: TurnJob, signal: AbortSignal): Promise<RanNow> {
  const { promise, resolve } = Promise.withResolvers<RanNow>();
  queue.listen((event: QueueEvent) => {
    if (event.kind === 'done' && event.job.id === job.id) resolve({ outcome: 'done', reason: null });
    if (event.kind === 'failed' && event.job.id === job.id) resolve({ outcome: 'failed', reason: event.reason });
  });
  signal.addEventListener('abort', () => resolve(null), { once: true });
  return await promise;
}

/** Does it in this process, under the same leases as everybody else; one attempt, and when that fails the log says so. */
export async function runHere(
  app: Composition,
  job: TurnJob,
  context: { readonly signal: AbortSignal; readonly onProgress: (progress: CollectProgress) => void },
): Promise<NonNullable<RanNow>> {
  const log = await openLog(app);
  try {
    await takeTurn(app, log, job, { attempt: 1, ...context });
    return { outcome: 'done', reason: null };
  } catch (error) {
    const reason = reasonOf(error);
    if (!(error instanceof Error) || (error instanceof ProoflineError && error.code !== 'store-busy') || context.signal.aborted)
      throw error;
    await recordFailedTurn(app, log, { job, attempts: 1, reason });
    return { outcome: 'failed', reason };
  } finally {
    await log.close();
  }
}
