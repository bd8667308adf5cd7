import { randomUUID } from 'node:crypto';
import type { Job, Queue, QueueEvents, RepeatOptions, Worker } from 'bullmq';
import PQueue from 'p-queue';
import type { Schedule, TurnJob } from '../model/schedule.ts';
import { backoffMs } from './backoff.ts';
import {
  JobDeferred,
  type JobHandler,
  type JobQueue,
  JobRefused,
  type QueueCounts,
  type QueueEvent,
  QueueUnavailable,
} from './contract.ts';
import { dueAfter } from './cron.ts';
import { type Bullmq, loadBullmq } from './load-bullmq.ts';
import { reasonOf } from './reason-of.ts';
import { connectRedis, type RedisConnections, redisReason } from './redis-connection.ts';
import { bullmqId, bullmqOptions, readTurnJob } from './redis-job.ts';
import { jitterOf, turnJob } from './turn-job.ts';
import { within } from './within.ts';

export interface RedisQueueOptions {
  /** `redis://host:port`; may hold a password. */
  readonly url: string;
  /** Begins the names of all keys. */
  readonly prefix: string;
  /** Names of the configured sources: this process takes jobs of these alone. */
  readonly sources: readonly string[];
  /** ISO-8601 UTC. */
  readonly now: () => string;
  readonly attempts: number;
  /** Before the second attempt; doubled each time. */
  readonly backoffMs: number;
  /** Jobs of one source that may wait. */
  readonly waitingAtMost?: number;
  /** How long a job may still take once it was aborted. */
  readonly abortWithinMs?: number;
  /** How long a job that was taken may wait for a hand of this process. */
  readonly holdMs?: number;
  /** A job whose worker was not heard of for so long is given to another one, at most so many times. */
  readonly lockMs?: number;
  readonly stalledAtMost?: number;
  /** Jobs of one source that begin within a minute. */
  readonly perMinute?: number;
  /** How often it is looked whether Redis is there and remembers, and how long an answer may take. */
  readonly watchMs?: number;
  readonly answerMs?: number;
}

/** No source is called so. */
const logLine = '_log';
const ticksLine = '_ticks';

/**
 * Jobs in Redis: a BullMQ queue per source, of which any number of workers together take one job at a time, and one of ticks, from which
 * whoever is there puts due turns in line. Resolves at once, whether or not Redis is there.
 * @throws ProoflineError `configuration` when the address is none
 */
export async function redisQueue(options: RedisQueueOptions): Promise<JobQueue> {
  const bullmq = await loadBullmq();
  return new RedisQueue(bullmq, options);
}

interface Line {
  readonly queue: Queue;
  worker: Worker | undefined;
  events: QueueEvents | undefined;
}
interface UnderWay {
  readonly job: TurnJob;
  readonly control: AbortController;
}

class RedisQueue implements JobQueue {
  readonly kind = 'redis';
  readonly #bullmq: Bullmq;
  readonly #options: Required<RedisQueueOptions>;
  readonly #connections: RedisConnections;
  readonly #lines = new Map<string, Line>();
  readonly #listeners: ((event: QueueEvent) => void)[] = [];
  /** Ids of jobs that this process had lately: it tells of them itself, and not what Redis tells everybody. */
  readonly #ours = new Set<string>();
  readonly #name = randomUUID();
  readonly #underWay = new Map<string, UnderWay>();
  readonly #wanted = new Set<string>();
  readonly #watch: NodeJS.Timeout;
  /** One after the other: what is agreed with Redis, and what is put in line. */
  readonly #agreeing = new PQueue({ concurrency: 1 });
  readonly #putting = new PQueue({ concurrency: 1 });
  #state: 'new' | 'available' | 'unavailable' = 'new';
  #reason = 'Redis has not answered yet';
  /** What Redis was given to remember; another one, or none, means that it forgot everything. */
  #memory: string | undefined;
  #schedules: readonly Schedule[] | undefined;
  #ticks: { readonly queue: Queue; worker: Worker | undefined } | undefined;
  #handler: JobHandler | undefined;
  /** As many jobs as this process does at once, over all sources. */
  #hands: PQueue | undefined;
  /** By id: jobs that wait for a hand. */
  readonly #holding = new Map<string, AbortController>();
  /** Workers that take no job until a hand is free, oldest first. */
  readonly #paused = new Set<Worker>();
  /** Stopped before they were finished. */
  readonly #stopped: TurnJob[] = [];
  #idle: (() => void) | undefined;
  #closing: Promise<readonly TurnJob[]> | undefined;

  constructor(bullmq: Bullmq, options: RedisQueueOptions) {
    this.#bullmq = bullmq;
    this.#options = {
      waitingAtMost: 500,
      abortWithinMs: 2000,
      holdMs: 5000,
      lockMs: 30_000,
      stalledAtMost: 3,
      perMinute: 120,
      watchMs: 10_000,
      answerMs: 5000,
      ...options,
    };
    this.#connections = connectRedis(bullmq, options.url, this.#options.answerMs);
    for (const name of [logLine, ...options.sources]) this.#wanted.add(name);
    const { asking } = this.#connections;
    asking.on('ready', () => void this.#agree());
    asking.on('error', (error) => this.#lost(error));
    asking.on('close', () => this.#lost(undefined));
    this.#watch = setInterval(() => void this.#agree(), this.#options.watchMs);
  }

  async add(job: TurnJob): Promise<'added' | 'known' | 'overlap' | 'full'> {
    return await this.#ask(async () => await this.#putting.add(() => this.#put(job, 0)));
  }

  async tick(schedules: readonly Schedule[]): Promise<void> {
    this.#refuseClosed();
    this.#schedules = schedules;
    for (const { source } of schedules) this.#wanted.add(lineName(source));
    await this.#agree({ anew: true });
  }

  async work(handler: JobHandler, { atOnce }: { readonly atOnce: number }): Promise<void> {
    this.#refuseClosed();
    this.#handler = handler;
    this.#hands = new PQueue({ concurrency: atOnce });
    await this.#agree({ anew: true });
  }

  listen(listener: (event: QueueEvent) => void): void {
    this.#listeners.push(listener);
    if (this.#state === 'unavailable') queueMicrotask(() => listener({ kind: 'unavailable', reason: this.#reason }));
    void this.#agree({ anew: true });
  }

  async failures(): Promise<readonly { readonly job: TurnJob; readonly attempts: number; readonly reason: string }[]> {
    return await this.#ask(async () => {
      const failed = await Promise.all([...this.#lines.values()].map(({ queue }) => queue.getFailed(0, 999)));
      return failed.flat().flatMap((one) => {
        const job = readTurnJob(one.data);
        return job === undefined ? [] : [{ job, attempts: Math.max(1, one.attemptsMade), reason: reasonOf(one.failedReason) }];
      });
    });
  }

  async counts(): Promise<QueueCounts> {
    return await this.#ask(async () => {
      const count = { waiting: 0, active: 0, delayed: 0, failed: 0 };
      for (const found of await Promise.all([...this.#lines.values()].map(({ queue }) => countsOf(queue)))) {
        for (const key of ['waiting', 'active', 'delayed', 'failed'] as const) count[key] += found[key];
      }
      // What waits for a hand of this process has not begun.
      const held = Math.min(this.#holding.size, count.active);
      return { ...count, waiting: count.waiting + held, active: count.active - held };
    });
  }

  close({ withinMs }: { readonly withinMs: number }): Promise<readonly TurnJob[]> {
    this.#closing ??= this.#close(withinMs);
    return this.#closing;
  }

  /** What is asked of Redis now; an answer that does not come is no bug of whoever asks. */
  async #ask<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseClosed();
    if (this.#state !== 'available') throw new QueueUnavailable(this.#reason);
    try {
      return await work();
    } catch (error) {
      if (error instanceof QueueUnavailable) throw error;
      throw new QueueUnavailable(redisReason(error));
    }
  }

  get #memoryKey(): string {
    return `${this.#options.prefix}:memory`;
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined) throw new QueueUnavailable('the queue is closed');
  }

  // In a turn of its own: what a listener throws is its own bug and fails no job.
  #emit(event: QueueEvent): void {
    for (const listener of this.#listeners) queueMicrotask(() => listener(event));
  }

  #lost(error: Error | undefined): void {
    if (this.#closing !== undefined) return;
    const isNews = this.#state !== 'unavailable';
    // What comes after an error says less than the error.
    if (isNews || error !== undefined) this.#reason = redisReason(error);
    this.#state = 'unavailable';
    if (isNews) this.#emit({ kind: 'unavailable', reason: this.#reason });
  }

  /**
   * Looks whether Redis is there and what it remembers, and brings there whatever this process wants: one job at a time of each source,
   * the ticks, its workers. Never rejects.
   */
  async #agree({ anew = false }: { readonly anew?: boolean } = {}): Promise<void> {
    if (this.#closing !== undefined || this.#connections.asking.status !== 'ready') return;
    await this.#agreeing.add(async () => {
      if (this.#closing !== undefined) return;
      try {
        const forgot = await this.#forgot();
        if (anew || forgot || this.#state !== 'available') await this.#settle();
        if (this.#state === 'unavailable') {
          this.#emit({ kind: 'available' });
        }
        this.#state = 'available';
        if (forgot) this.#emit({ kind: 'emptied' });
      } catch (error) {
        this.#lost(error instanceof Error ? error : undefined);
      }
    });
  }

  async #forgot(): Promise<boolean> {
    const { asking } = this.#connections;
    await asking.set(this.#memoryKey, randomUUID(), 'NX');
    const memory = await asking.get(this.#memoryKey);
    const forgot = this.#memory !== undefined && this.#memory !== memory;
    this.#memory = memory ?? undefined;
    return forgot;
  }

  async #settle(): Promise<void> {
    await Promise.all([...this.#wanted].map(async (name) => this.#open(name).queue.setGlobalConcurrency(1)));
    if (this.#listeners.length > 0) for (const [name, line] of this.#lines) line.events ??= this.#follow(name, line.queue);
    const handler = this.#handler;
    if (handler !== undefined) for (const [name, line] of this.#lines) line.worker ??= this.#employ(name, handler);
    if (this.#schedules === undefined && handler === undefined) return;
    const ticks = this.#openTicks();
    if (this.#schedules !== undefined) await this.#upsert(ticks.queue, this.#schedules);
    ticks.worker ??= this.#employTicker();
  }

  #open(name: string): Line {
    let line = this.#lines.get(name);
    if (line === undefined) {
      const queue = new this.#bullmq.Queue(name, { connection: this.#connections.asking, prefix: this.#options.prefix });
      queue.on('error', () => {});
      line = { queue, worker: undefined, events: undefined };
      this.#lines.set(name, line);
    }
    return line;
  }

  async #put(job: TurnJob, delayMs: number): Promise<'added' | 'known' | 'overlap' | 'full'> {
    const name = lineName(job.source);
    const isNew = !this.#wanted.has(name);
    this.#wanted.add(name);
    // In a Redis that was emptied a source has no order yet: it gets it first.
    if (isNew || (await this.#connections.asking.get(this.#memoryKey)) !== this.#memory) await this.#agree({ anew: isNew });
    const { queue } = this.#open(name);
    // Two processes at once may both say that they added it: by its id it is one all the same.
    if ((await queue.getJob(bullmqId(job))) !== undefined) return 'known';
    const { waiting, delayed } = await countsOf(queue);
    if (waiting + delayed >= this.#options.waitingAtMost) return 'full';
    const { turn } = job;
    if (turn !== null && waiting + delayed > 0) {
      const before = await queue.getJobs(['waiting', 'prioritized', 'delayed']);
      if (before.some((other) => readTurnJob(other.data)?.turn?.schedule === turn.schedule)) return 'overlap';
    }
    await queue.add('turn', job, bullmqOptions(job, { attempts: this.#options.attempts, delayMs }));
    return 'added';
  }

  #employ(name: string, handler: JobHandler): Worker {
    const { lockMs, stalledAtMost, perMinute } = this.#options;
    const worker: Worker = new this.#bullmq.Worker(name, (job, token, signal) => this.#process(handler, worker, job, token ?? '', signal), {
      connection: this.#connections.waiting,
      prefix: this.#options.prefix,
      name: this.#name,
      concurrency: 1,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: stalledAtMost,
      limiter: { max: perMinute, duration: 60_000 },
      runRetryDelay: 1000,
      settings: { backoffStrategy: (attempt) => backoffMs(this.#options.backoffMs, attempt, Math.random()) },
    });
    worker.on('error', () => {});
    worker.on('active', ({ id }) => this.#remember(id ?? ''));
    // Another worker has it, or will: what goes on here is done for nothing.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#underWay.get(id)?.control.abort(new QueueUnavailable('the job was given to another worker'));
    });
    worker.on('completed', (one) => {
      const job = readTurnJob(one.data);
      if (job !== undefined) this.#emit({ kind: 'done', job, attempt: Math.max(1, one.attemptsMade) });
    });
    worker.on('failed', (one) => {
      const job = one === undefined ? undefined : readTurnJob(one.data);
      if (one === undefined || job === undefined) return;
      const reason = reasonOf(one.failedReason);
      const attempt = Math.max(1, one.attemptsMade);
      if (one.finishedOn === undefined) this.#emit({ kind: 'retrying', job, attempt, reason, inMs: one.delay });
      else this.#emit({ kind: 'failed', job, attempts: attempt, reason });
    });
    return worker;
  }

  /**
   * A job that is taken while all hands of this process are full waits for one, but not for long: then it goes back in line for another
   * process, and this one takes no more of that source until it has a hand free.
   */
  async #process(handler: JobHandler, worker: Worker, one: Job, token: string, signal: AbortSignal | undefined): Promise<void> {
    const job = readTurnJob(one.data);
    const id = one.id ?? '';
    if (job === undefined) throw new this.#bullmq.UnrecoverableError('what lies in Redis is no job of this release');
    const hold = new AbortController();
    const timer = setTimeout(() => hold.abort(), this.#options.holdMs);
    this.#holding.set(id, hold);
    let begun = false;
    const begin = async () => {
      begun = true;
      clearTimeout(timer);
      this.#holding.delete(id);
      await this.#do(handler, job, one, token, signal);
    };
    try {
      if (this.#closing === undefined) await this.#hands?.add(begin, { signal: hold.signal, priority: job.priority === 'now' ? 1 : 0 });
    } catch (error) {
      if (begun && !(error instanceof Stopped)) throw error;
      begun = false;
    } finally {
      clearTimeout(timer);
      this.#holding.delete(id);
      this.#makeRoom();
    }
    if (begun) return;
    this.#ours.delete(id);
    this.#paused.add(worker);
    await worker.pause(true);
    await one.moveToWait(token);
    this.#makeRoom();
    throw new this.#bullmq.WaitingError();
  }

  /** @throws Stopped, or what BullMQ takes for a failure */
  async #do(handler: JobHandler, job: TurnJob, one: Job, token: string, signal: AbortSignal | undefined): Promise<void> {
    const control = new AbortController();
    const attempt = one.attemptsMade + 1;
    const id = one.id ?? '';
    this.#underWay.set(id, { job, control });
    this.#emit({ kind: 'started', job, attempt });
    try {
      await handler(job, { attempt, signal: signal === undefined ? control.signal : AbortSignal.any([signal, control.signal]) });
    } catch (error) {
      if (this.#closing !== undefined && control.signal.aborted) {
        this.#stopped.push(job);
        throw new Stopped();
      }
      if (error instanceof JobDeferred) {
        await one.moveToDelayed(Date.now() + error.inMs, token);
        throw new this.#bullmq.DelayedError();
      }
      if (error instanceof JobRefused) throw new this.#bullmq.UnrecoverableError(reasonOf(error));
      throw new Error(reasonOf(error));
    } finally {
      this.#underWay.delete(id);
      if (this.#underWay.size === 0) this.#idle?.();
    }
  }

  #makeRoom(): void {
    const hands = this.#hands;
    if (hands === undefined || this.#closing !== undefined || hands.size > 0) return;
    for (const worker of [...this.#paused].slice(0, hands.concurrency - hands.pending)) {
      this.#paused.delete(worker);
      void worker.resume();
      // A resume that meets the very end of its loop is lost: the loop is gone, and the worker thinks that it runs.
      setImmediate(() => {
        if (!worker.isRunning() && !worker.isPaused() && this.#closing === undefined) void worker.run().catch(() => {});
      });
    }
  }

  #remember(id: string): void {
    this.#ours.delete(id);
    this.#ours.add(id);
    const [oldest] = this.#ours;
    if (this.#ours.size > 2000 && oldest !== undefined) this.#ours.delete(oldest);
  }

  /** What happens to jobs that other processes have, and to those of workers that died. */
  #follow(name: string, queue: Queue): QueueEvents {
    const events = new this.#bullmq.QueueEvents(name, { connection: this.#connections.waiting, prefix: this.#options.prefix });
    events.on('error', () => {});
    const tell = async (id: string, eventOf: (one: Job, job: TurnJob) => QueueEvent | undefined, whoever = false) => {
      if ((this.#ours.has(id) && !whoever) || this.#closing !== undefined) return;
      // Redis may be gone again; what finally failed is among the failures when it is back.
      const one = await queue.getJob(id).catch(() => undefined);
      if (one?.processedBy === this.#name && !whoever) return;
      const job = readTurnJob(one?.data);
      const event = one === undefined || job === undefined ? undefined : eventOf(one, job);
      if (event !== undefined) this.#emit(event);
    };
    events.on('active', ({ jobId }) => void tell(jobId, (one, job) => ({ kind: 'started', job, attempt: one.attemptsMade + 1 })));
    events.on('completed', ({ jobId }) => void tell(jobId, (one, job) => ({ kind: 'done', job, attempt: Math.max(1, one.attemptsMade) })));
    events.on('delayed', ({ jobId }) => {
      void tell(jobId, (one, job) =>
        one.attemptsMade === 0
          ? undefined
          : { kind: 'retrying', job, attempt: one.attemptsMade, reason: reasonOf(one.failedReason), inMs: one.delay },
      );
      // The next attempt may be another process's.
      this.#ours.delete(jobId);
    });
    events.on('failed', ({ jobId, failedReason }) => {
      void tell(jobId, (one, job) => ({ kind: 'failed', job, attempts: Math.max(1, one.attemptsMade), reason: reasonOf(failedReason) }));
    });
    events.on('stalled', ({ jobId }) => {
      this.#ours.delete(jobId);
      void tell(jobId, (_, job) => ({ kind: 'stalled', job }), true);
    });
    return events;
  }

  #openTicks(): { readonly queue: Queue; worker: Worker | undefined } {
    if (this.#ticks === undefined) {
      const queue = new this.#bullmq.Queue(ticksLine, { connection: this.#connections.asking, prefix: this.#options.prefix, settings });
      queue.on('error', () => {});
      this.#ticks = { queue, worker: undefined };
    }
    return this.#ticks;
  }

  async #upsert(queue: Queue, schedules: readonly Schedule[]): Promise<void> {
    for (const schedule of schedules) {
      await queue.upsertJobScheduler(
        schedule.id,
        { pattern: schedule.cron, tz: schedule.zone },
        { name: 'tick', data: schedule, opts: { removeOnComplete: true, removeOnFail: true, attempts: 3 } },
      );
    }
    const named = new Set(schedules.map(({ id }) => id));
    for (const { key } of await queue.getJobSchedulers()) if (!named.has(key)) await queue.removeJobScheduler(key);
  }

  #employTicker(): Worker {
    const worker = new this.#bullmq.Worker<Schedule>(
      ticksLine,
      async (one) => {
        const now = Date.parse(this.#options.now());
        // A tick that lay here while nobody was there stands for the latest turn since.
        let due = one.opts.prevMillis ?? now;
        for (const later of dueAfter(one.data, due)) {
          if (later > now) break;
          due = later;
        }
        const iso = new Date(due).toISOString();
        const delayMs = Math.max(0, due + jitterOf(one.data, iso) - now);
        await this.#ask(async () => await this.#putting.add(() => this.#put(turnJob(one.data, iso), delayMs)));
      },
      { connection: this.#connections.waiting, prefix: this.#options.prefix, concurrency: 4, runRetryDelay: 1000, settings },
    );
    worker.on('error', () => {});
    return worker;
  }

  async #close(withinMs: number): Promise<readonly TurnJob[]> {
    clearInterval(this.#watch);
    const workers = [...this.#lines.values()].flatMap(({ worker }) => (worker === undefined ? [] : [worker]));
    const ticker = this.#ticks?.worker;
    for (const hold of this.#holding.values()) hold.abort();
    // They take no more; those under way are waited for below, and within bounds.
    for (const worker of ticker === undefined ? workers : [...workers, ticker]) void worker.pause(true).catch(() => {});
    await within(withinMs, this.#untilIdle());
    for (const { control } of this.#underWay.values()) control.abort(new QueueUnavailable('the process stops'));
    await within(this.#options.abortWithinMs, this.#untilIdle());
    const unfinished = [
      ...this.#stopped,
      ...[...this.#underWay.values()].map(({ job }) => job).filter((job) => !this.#stopped.includes(job)),
    ];
    const events = [...this.#lines.values()].flatMap((line) => (line.events === undefined ? [] : [line.events]));
    const queues = [...this.#lines.values()].map(({ queue }) => queue);
    // Redis may be gone, and then nothing of this would ever end: the connections are cut below.
    await within(
      this.#options.abortWithinMs,
      Promise.allSettled([
        ...workers.map((worker) => worker.close(this.#underWay.size > 0)),
        ...(ticker === undefined ? [] : [ticker.close()]),
        ...events.map((one) => one.close()),
        ...queues.map((queue) => queue.close()),
        ...(this.#ticks === undefined ? [] : [this.#ticks.queue.close()]),
      ]),
    );
    this.#connections.asking.disconnect();
    this.#connections.waiting.disconnect();
    return unfinished;
  }

  async #untilIdle(): Promise<void> {
    if (this.#underWay.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    await promise;
  }
}

/** A job that did not fail: it was stopped, and goes back in line. */
class Stopped extends Error {}

/** The same arithmetic as everywhere else in the house. */
const settings = {
  repeatStrategy: (millis: number, { pattern = '', tz = 'UTC' }: RepeatOptions) =>
    dueAfter({ cron: pattern, zone: tz }, millis).next().value ?? undefined,
};

function lineName(source: string | null): string {
  return source ?? logLine;
}

async function countsOf(queue: Queue): Promise<QueueCounts> {
  const found = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  const of = (kind: string) => found[kind] ?? 0;
  return { waiting: of('waiting') + of('prioritized'), active: of('active'), delayed: of('delayed'), failed: of('failed') };
}
