import { schedule as everyTime, type ScheduledTask } from 'node-cron';
import PQueue from 'p-queue';
import type { Schedule, TurnJob } from '../model/schedule.ts';
import { backoffMs } from './backoff.ts';
import { JobDeferred, type JobHandler, type JobQueue, JobRefused, type QueueEvent, QueueUnavailable } from './contract.ts';
import { dueAfter } from './cron.ts';
import { reasonOf } from './reason-of.ts';
import { jitterOf, turnJob } from './turn-job.ts';
import { within } from './within.ts';

export interface EmbeddedQueueOptions {
  /** ISO-8601 UTC. */
  readonly now: () => string;
  readonly attempts: number;
  /** Before the second attempt; doubled each time. */
  readonly backoffMs: number;
  /** Jobs of one source that may wait. */
  readonly waitingAtMost?: number;
  /** How long a job may still take once it was aborted. */
  readonly abortWithinMs?: number;
}

interface Entry {
  readonly job: TurnJob;
  readonly control: AbortController;
  state: 'waiting' | 'active' | 'delayed';
  attempt: number;
  timer: NodeJS.Timeout | undefined;
}

/** Ids of jobs that were done, and jobs that failed, are remembered up to so many. */
const remembered = 1000;
const priorities = { now: 1, scheduled: 0 } as const;

/** Jobs in line in this process alone. What is in line when it ends is forgotten, and due again by what the log says. */
export function embeddedQueue(options: EmbeddedQueueOptions): JobQueue {
  const { waitingAtMost = 500, abortWithinMs = 2000 } = options;
  const entries = new Map<string, Entry>();
  const lines = new Map<string, PQueue>();
  const ended = new Set<string>();
  const failures: { readonly job: TurnJob; readonly attempts: number; readonly reason: string }[] = [];
  const listeners: ((event: QueueEvent) => void)[] = [];
  const ticking = new Map<string, { readonly schedule: Schedule; next: number | undefined }>();
  let slots: PQueue | undefined;
  let work: JobHandler | undefined;
  let heartbeat: ScheduledTask | undefined;
  let lastBeat = 0;
  let closing: Promise<readonly TurnJob[]> | undefined;

  const nowMs = () => Date.parse(options.now());
  // In a turn of its own: what a listener throws is its own bug and fails no job.
  const emit = (event: QueueEvent) => {
    for (const listener of listeners) queueMicrotask(() => listener(event));
  };
  const lineOf = (source: string | null) => {
    const name = source ?? '';
    let line = lines.get(name);
    if (line === undefined) {
      line = new PQueue({ concurrency: 1, autoStart: work !== undefined });
      lines.set(name, line);
    }
    return line;
  };
  const end = (entry: Entry) => {
    entries.delete(entry.job.id);
    ended.add(entry.job.id);
    const [oldest] = ended;
    if (ended.size > remembered && oldest !== undefined) ended.delete(oldest);
  };

  const attempt = async (entry: Entry, handler: JobHandler): Promise<void> => {
    if (closing !== undefined) return;
    const { job } = entry;
    entry.state = 'active';
    entry.attempt += 1;
    emit({ kind: 'started', job, attempt: entry.attempt });
    try {
      await handler(job, { attempt: entry.attempt, signal: entry.control.signal });
      end(entry);
      emit({ kind: 'done', job, attempt: entry.attempt });
    } catch (error) {
      // It did not fail, it was stopped; it stays among what is not finished.
      if (entry.control.signal.aborted) return;
      if (error instanceof JobDeferred) {
        entry.attempt -= 1;
        delay(entry, error.inMs);
        return;
      }
      const reason = reasonOf(error);
      if (error instanceof JobRefused || entry.attempt >= options.attempts) {
        end(entry);
        failures.push({ job, attempts: entry.attempt, reason });
        if (failures.length > remembered) failures.shift();
        emit({ kind: 'failed', job, attempts: entry.attempt, reason });
        return;
      }
      const inMs = backoffMs(options.backoffMs, entry.attempt, Math.random());
      emit({ kind: 'retrying', job, attempt: entry.attempt, reason, inMs });
      delay(entry, inMs);
    }
  };
  const stand = (entry: Entry) => {
    entry.state = 'waiting';
    const priority = priorities[entry.job.priority];
    // The line is left while it waits for another attempt: what else its source has to do goes on.
    void lineOf(entry.job.source).add(
      async () => {
        const handler = work;
        if (handler !== undefined) await slots?.add(() => attempt(entry, handler), { priority });
      },
      { priority },
    );
  };
  const delay = (entry: Entry, ms: number) => {
    entry.state = 'delayed';
    if (closing !== undefined) return;
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      stand(entry);
    }, ms);
  };

  const put = (job: TurnJob, afterMs: number): 'added' | 'known' | 'overlap' | 'full' => {
    if (closing !== undefined) throw new QueueUnavailable('the queue is closed');
    if (entries.has(job.id) || ended.has(job.id)) return 'known';
    const waiting = [...entries.values()].filter((entry) => entry.state !== 'active' && entry.job.source === job.source);
    if (job.turn !== null && waiting.some((entry) => entry.job.turn?.schedule === job.turn?.schedule)) return 'overlap';
    if (waiting.length >= waitingAtMost) return 'full';
    const entry: Entry = { job, control: new AbortController(), state: 'waiting', attempt: 0, timer: undefined };
    entries.set(job.id, entry);
    if (afterMs > 0) delay(entry, afterMs);
    else stand(entry);
    return 'added';
  };

  const beat = () => {
    const now = nowMs();
    // The clock was put back: what comes next is reckoned anew. A turn that was taken already is known.
    const wentBack = now < lastBeat - 60_000;
    lastBeat = now;
    for (const entry of ticking.values()) {
      const { schedule } = entry;
      if (wentBack) entry.next = dueAfter(schedule, now).next().value ?? undefined;
      if (entry.next === undefined || entry.next > now) continue;
      let due = entry.next;
      entry.next = undefined;
      for (const later of dueAfter(schedule, due)) {
        if (later > now) {
          entry.next = later;
          break;
        }
        due = later;
      }
      const iso = new Date(due).toISOString();
      put(turnJob(schedule, iso), due + jitterOf(schedule, iso) - now);
    }
  };

  return {
    kind: 'embedded',
    add: async (job) => put(job, 0),
    async tick(schedules) {
      if (closing !== undefined) throw new QueueUnavailable('the queue is closed');
      const now = nowMs();
      const former = new Map(ticking);
      ticking.clear();
      for (const schedule of schedules) {
        const before = former.get(schedule.id);
        const isSame = before !== undefined && before.schedule.cron === schedule.cron && before.schedule.zone === schedule.zone;
        ticking.set(schedule.id, { schedule, next: isSame ? before.next : (dueAfter(schedule, now).next().value ?? undefined) });
      }
      lastBeat = now;
      heartbeat ??= everyTime('* * * * * *', beat, { noOverlap: true, suppressMissedWarning: true });
    },
    async work(handler, { atOnce }) {
      if (closing !== undefined) throw new QueueUnavailable('the queue is closed');
      work = handler;
      slots = new PQueue({ concurrency: atOnce });
      for (const line of lines.values()) line.start();
    },
    listen: (listener) => void listeners.push(listener),
    failures: async () => [...failures],
    async counts() {
      const count = { waiting: 0, active: 0, delayed: 0, failed: failures.length };
      for (const { state } of entries.values()) count[state] += 1;
      return count;
    },
    close({ withinMs }) {
      closing ??= (async () => {
        await heartbeat?.destroy();
        for (const line of lines.values()) line.clear();
        slots?.clear();
        const underWay = [...entries.values()].filter(({ state }) => state === 'active');
        for (const { timer } of entries.values()) clearTimeout(timer);
        await within(withinMs, untilEnded(underWay));
        for (const { control } of underWay) control.abort(new QueueUnavailable('the process stops'));
        await within(abortWithinMs, untilEnded(underWay));
        return [...entries.values()].map(({ job }) => job);
      })();
      return closing;
    },
  };

  async function untilEnded(underWay: readonly Entry[]): Promise<void> {
    if (underWay.some(({ job }) => entries.has(job.id))) await slots?.onIdle();
  }
}
