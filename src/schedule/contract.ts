import type { Schedule, TurnJob } from '../model/schedule.ts';

/** What a worker does with a job. What it throws is retried with backoff, unless it is a `JobRefused` or a `JobDeferred`. */
export type JobHandler = (job: TurnJob, context: JobContext) => Promise<void>;
export interface JobContext {
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted when the process stops, or when the job was given to another one. */
  readonly signal: AbortSignal;
}

/** Thrown by a handler when trying again would change nothing (a configuration that is wrong): the job has finally failed. */
export class JobRefused extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'JobRefused';
  }
}

/** Thrown by a handler when the time of a job has not come: it goes back in line for a while, and that was no attempt. */
export class JobDeferred extends Error {
  readonly inMs: number;
  constructor(message: string, inMs: number) {
    super(message);
    this.name = 'JobDeferred';
    this.inMs = inMs;
  }
}

/** The backend does not answer, or the queue is closed. What should have gone in line is due still. Its text names no address and no secret. */
export class QueueUnavailable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'QueueUnavailable';
  }
}

export type QueueEvent =
  | { readonly kind: 'started'; readonly job: TurnJob; readonly attempt: number }
  | { readonly kind: 'done'; readonly job: TurnJob; readonly attempt: number }
  | { readonly kind: 'retrying'; readonly job: TurnJob; readonly attempt: number; readonly reason: string; readonly inMs: number }
  /** No further attempt will be made. Told at least once, also for jobs of a worker that died; whoever records it does so once. */
  | { readonly kind: 'failed'; readonly job: TurnJob; readonly attempts: number; readonly reason: string }
  /** The worker that had it is gone; it is in line again. */
  | { readonly kind: 'stalled'; readonly job: TurnJob }
  /** The backend does not answer (Redis is gone); `available` when it does again, `emptied` when it answers and has forgotten what was in line. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'available' }
  | { readonly kind: 'emptied' };

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/**
 * Jobs in line: per source one at a time and in the order of priority and age, sources beside each other. Two backends, one contract
 * suite (tests/contracts/queue.contract.ts). Nothing that must not be lost is here alone: what is due follows from the log.
 */
export interface JobQueue {
  readonly kind: 'embedded' | 'redis';
  /**
   * `known`: a job of this id waits, runs or was lately done. `overlap`: an earlier turn of its schedule has not begun yet. `full`: the line
   * is as long as it may be. @throws QueueUnavailable
   */
  add(job: TurnJob): Promise<'added' | 'known' | 'overlap' | 'full'>;
  /**
   * From now on a job of each schedule is put in line whenever it is due, and begins after its jitter (node-cron; BullMQ's job schedulers).
   * Schedules of before that are not named any more tick no longer. A backend that does not answer now is told when it does.
   */
  tick(schedules: readonly Schedule[]): Promise<void>;
  /** Begins to take jobs, as soon as the backend answers. `atOnce`: over all sources. */
  work(handler: JobHandler, options: { readonly atOnce: number }): Promise<void>;
  /** Calls back with whatever happens, in this process and (Redis) in every other. */
  listen(listener: (event: QueueEvent) => void): void;
  /** Jobs that finally failed and are still known; for whoever was away when they did. @throws QueueUnavailable, as `counts` does */
  failures(): Promise<readonly { readonly job: TurnJob; readonly attempts: number; readonly reason: string }[]>;
  counts(): Promise<QueueCounts>;
  /** Takes no more jobs, gives those under way `withinMs`, then aborts them. Resolves to what was not finished; it is due again. */
  close(options: { readonly withinMs: number }): Promise<readonly TurnJob[]>;
}
