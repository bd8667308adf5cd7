import { configuredSources } from '../../config/configured-sources.ts';
import { durationMs } from '../../model/compare-rulers.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { TurnJob } from '../../model/schedule.ts';
import {
  type JobContext,
  JobDeferred,
  type JobQueue,
  type QueueCounts,
  type QueueEvent,
  QueueUnavailable,
} from '../../schedule/contract.ts';
import { reasonOf } from '../../schedule/reason-of.ts';
import type { Composition } from '../composition.ts';
import { leaseNames } from '../lease-names.ts';
import { notifier } from '../notify/notifier.ts';
import type { Notifier, NotifierEvent } from '../notify/notifier-contract.ts';
import type { OpenedLog } from '../opened-log.ts';
import { preparePlan, recordPlan } from '../prepare-plan.ts';
import { withinLease } from '../within-lease.ts';
import { fingerprintOf, ownerOf, writtenAt } from './configuration-files.ts';
import type { Daemon, DaemonEvent, DaemonOptions, DaemonProcess } from './daemon-contract.ts';
import { followEntries } from './follow-entries.ts';
import type { DaemonHealth, LateSchedule } from './health.ts';
import { keptSchedules } from './kept-schedules.ts';
import { lateSchedules } from './late-schedules.ts';
import { lineUp } from './line-up.ts';
import { noteOutage } from './outages.ts';
import {
  configurationDigest,
  describeProcess,
  type Heartbeat,
  isGone,
  type LifeEvent,
  readHeartbeat,
  readWorkers,
  recordLife,
  writeHeartbeat,
  writeWorker,
} from './process-life.ts';
import { recordFailedTurn } from './record-failed-turn.ts';
import { noteSchedules } from './schedule-since.ts';
import { takeTurn } from './take-turn.ts';
import { turnsBefore } from './turns-before.ts';
import { untilQueueAnswers } from './until-queue-answers.ts';
import { type ClockMove, watchClock } from './watch-clock.ts';

/** How often it says that it lives, and how often it looks at what is due. */
const paces = { beatMs: 5_000, lookMs: 60_000 };
/** So long without a beat (six of them at least) is no slow loop: the process was halted, or its machine was. */
const haltedAfter = { ms: 30_000, beats: 6 };
/** A daemon that says nothing for so long has lost its log to another one. */
const daemonLeaseMs = 60_000;
const planWaitMs = 75_000;
/** How often a turn that comes after others is looked at, and for how long: a source that hangs keeps nothing else from being judged. */
const afterOthers = { againMs: 1_000, atMostMs: 15 * 60_000 };
const unfinishedListed = 10;

export interface ProcessParts {
  readonly role: DaemonProcess['role'];
  readonly log: OpenedLog;
  readonly queue: JobQueue;
  readonly process: DaemonProcess;
}

/**
 * A process that takes jobs: the daemon, which also keeps the schedules, tells people and looks after what others left behind, or a worker.
 * What it records of itself and what it does when something breaks is the same in both.
 */
export class RunningProcess implements Daemon {
  readonly process: DaemonProcess;
  readonly ended: Promise<void>;
  readonly #role: DaemonProcess['role'];
  readonly #log: OpenedLog;
  readonly #options: DaemonOptions;
  readonly #startedAt: string;
  readonly #end = Promise.withResolvers<void>();
  readonly #follow: ReturnType<typeof followEntries>;
  readonly #underWay = new Map<string, { readonly job: TurnJob; readonly since: string }>();
  readonly #whole = new Map<string, string>();
  /** By job: since when it waits for others, by the steady clock. */
  readonly #deferred = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #app: Composition;
  #queue: JobQueue;
  #fingerprint: string;
  #refused: string | undefined;
  #clock: () => ClockMove | undefined;
  #writable = true;
  #beaten: { readonly at: string; readonly steady: number };
  #looked: number;
  #looking: Promise<void> | undefined;
  #unavailableSince: string | undefined;
  #counts: QueueCounts | null = null;
  #late: readonly LateSchedule[] = [];
  #notifying: { readonly notifier: Notifier; readonly abort: AbortController; readonly ran: Promise<void> } | undefined;
  #reloading: Promise<void> | undefined;
  /** Queues of former configurations: they take nothing more, and what they have under way ends. */
  readonly #retiring: Promise<unknown>[] = [];
  #stopping: Promise<void> | undefined;
  #closed = false;

  constructor(app: Composition, parts: ProcessParts, options: DaemonOptions) {
    this.#app = app;
    this.#role = parts.role;
    this.#log = parts.log;
    this.#queue = parts.queue;
    this.process = parts.process;
    this.#options = options;
    this.#startedAt = app.now();
    this.ended = this.#end.promise;
    // Whoever waits for it is told; nobody has to.
    this.ended.catch(() => {});
    this.#follow = followEntries(parts.log.store, parts.log.store.size());
    this.#fingerprint = fingerprintOf(app.configuration);
    this.#clock = watchClock(app);
    this.#looked = app.monotonic();
    this.#beaten = { at: this.#startedAt, steady: this.#looked };
  }

  app(): Composition {
    return this.#app;
  }

  /** Records the start and what is to be said at it, puts in line what is due, and begins to work. */
  async begin(): Promise<void> {
    const { store, state } = this.#log;
    const { values } = state;
    const schedules = await keptSchedules(this.#app);
    const former = this.#role === 'serve' ? readHeartbeat(values) : undefined;
    await this.#say(
      'started',
      `${this.#role} of proofline ${this.process.version} with ${schedules.length} schedules and the ${this.#queue.kind} queue`,
    );
    this.#emit({ kind: 'started', process: this.process, app: this.#app });
    await this.#recordConfiguration();
    if (this.#role === 'serve') {
      const now = this.#app.now();
      if (former !== undefined) {
        if (!former.stopped) await this.#sayGone(former);
        if (former.at < now) noteOutage(values, { reason: 'not-running', from: former.at, to: now });
      }
      noteSchedules(values, schedules, earlier(writtenAt(this.#app.configuration), now));
      writeHeartbeat(values, this.process, now);
    }
    this.#listenTo(this.#queue);
    this.#followLog();
    await untilQueueAnswers(this.#queue, this.#app.monotonic);
    await this.#look();
    if (this.#role === 'serve') await this.#queue.tick(schedules);
    await this.#work();
    this.#beginToNotify();
    const { beatMs, lookMs } = { ...paces, ...this.#options.pace };
    if (beatMs > 0) this.#every(beatMs, () => this.#beat());
    if (lookMs > 0) this.#every(lookMs, () => this.look());
    this.#noticeHalt();
    await store.checkpoint();
  }

  health(): DaemonHealth {
    const { beatMs, lookMs } = { ...paces, ...this.#options.pace };
    return {
      role: this.#role,
      version: this.process.version,
      startedAt: this.#startedAt,
      stopping: this.#stopping !== undefined,
      loop: { sinceMs: this.#app.monotonic() - this.#looked, everyMs: this.#role === 'serve' ? lookMs : beatMs },
      log: { open: !this.#closed, writable: this.#writable, entries: this.#follow.size() },
      queue: { kind: this.#queue.kind, reachable: this.#unavailableSince === undefined, counts: this.#counts },
      late: this.#late,
    };
  }

  look(): Promise<void> {
    if (this.#stopping !== undefined) return Promise.resolve();
    this.#looking ??= this.#guarded('looking at what is due', () => this.#look()).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async reload(why: string): Promise<void> {
    if (this.#stopping !== undefined) return;
    await this.#guarded('reading the configuration again', () => this.#reload(why, true));
  }

  stop(why: string): Promise<void> {
    this.#stopping ??= this.#stop(why);
    return this.#stopping;
  }

  async #look(): Promise<void> {
    this.#noticeHalt();
    await this.#beatOnce();
    await this.#noticeClock();
    await this.#reload('a file of it was changed', false);
    try {
      for (const failed of await this.#queue.failures()) await recordFailedTurn(this.#app, this.#log, failed);
      if (this.#role === 'serve') {
        await this.#findGoneWorkers();
        const due = await lineUp(await keptSchedules(this.#app), {
          log: this.#log,
          queue: this.#queue,
          now: this.#app.now,
          whole: this.#whole,
        });
        this.#late = lateSchedules(due, await this.#app.registries(), this.#app.now(), this.#startedAt);
      }
      await this.#count();
    } catch (error) {
      if (!(error instanceof QueueUnavailable)) throw error;
      await this.#queueGone(reasonOf(error));
    }
    this.#followLog();
    this.#looked = this.#app.monotonic();
  }

  async #beat(): Promise<void> {
    await this.#guarded('keeping up with the log', async () => {
      this.#noticeHalt();
      await this.#beatOnce();
      if (this.#unavailableSince !== undefined) {
        noteOutage(this.#log.state.values, { reason: 'queue-unavailable', from: this.#unavailableSince, to: this.#app.now() });
      }
      if (await this.#noticeClock()) await this.look();
      this.#followLog();
      if (this.#role === 'worker') this.#looked = this.#app.monotonic();
    });
  }

  async #beatOnce(): Promise<void> {
    this.#writable = await this.#sayLives().then(
      () => true,
      (error: unknown) => {
        this.#writable = false;
        throw error;
      },
    );
  }

  /** A daemon whose lease ran out while its machine slept takes it again, or stops when another one has. */
  async #sayLives(): Promise<void> {
    const { leases, values } = this.#log.state;
    if (this.#role === 'worker') return await this.#sayWorks(this.#app.now());
    const { run } = this.process;
    if (!leases.renew(leaseNames.daemon, run, daemonLeaseMs)) {
      const taken = leases.acquire(leaseNames.daemon, run, daemonLeaseMs, 0);
      if ('heldBy' in taken) {
        void this.stop(`another daemon has taken this log: ${taken.heldBy}`);
        return;
      }
    }
    writeHeartbeat(values, this.process, this.#app.now());
  }

  async #sayWorks(at: string | null): Promise<void> {
    const { store, state } = this.#log;
    try {
      await store.withLease(leaseNames.workers, async () => writeWorker(state.values, this.process, at));
    } catch (error) {
      // Somebody else says so at this moment: the next time will do, unless there is none.
      if (!(error instanceof ProoflineError) || error.code !== 'store-busy') throw error;
      if (at === null)
        await withinLease(store, leaseNames.workers, { waitMs: 2000 }, async () => writeWorker(state.values, this.process, at));
    }
  }

  async #findGoneWorkers(): Promise<void> {
    const { values } = this.#log.state;
    for (const worker of readWorkers(values).filter((one) => isGone(one, this.#app.now()))) {
      await this.#sayGone(worker);
      await withinLease(this.#log.store, leaseNames.workers, { waitMs: 2000 }, async () => writeWorker(values, worker.process, null));
    }
  }

  async #sayGone({ process: gone, at }: Heartbeat): Promise<void> {
    const who = `process ${gone.pid} on ${gone.host}, run ${gone.run}`;
    const what = gone.role === 'serve' ? 'the daemon before this one' : 'a worker';
    await recordLife(this.#log.store, gone, 'ended-unseen', `${what} (${who}) ended without a word; it lived until ${at} at least`);
  }

  /** A process that was halted goes on as if nothing had been, and no clock tells: what was due meanwhile, nobody was there to take. */
  #noticeHalt(): void {
    const before = this.#beaten;
    this.#beaten = { at: this.#app.now(), steady: this.#app.monotonic() };
    const { beatMs } = { ...paces, ...this.#options.pace };
    const haltedMs = this.#beaten.steady - before.steady;
    if (this.#role !== 'serve' || beatMs === 0 || haltedMs < Math.max(haltedAfter.ms, haltedAfter.beats * beatMs)) return;
    noteOutage(this.#log.state.values, { reason: 'not-running', from: before.at, to: this.#beaten.at });
    const message = `this process did not run for ${Math.round(haltedMs / 1000)} s, from ${before.at} to ${this.#beaten.at}: it was halted, or its machine was`;
    this.#emit({ kind: 'trouble', during: 'keeping time', message });
  }

  async #noticeClock(): Promise<boolean> {
    const move = this.#clock();
    if (move === undefined) return false;
    const { byMs, before, after } = move;
    const seconds = `${byMs > 0 ? '+' : ''}${Math.round(byMs / 1000)} s`;
    await this.#say('clock-moved', `the clock of this machine moved by ${seconds} between ${before} and ${after}, or the machine slept`);
    if (byMs > 0 && this.#role === 'serve') noteOutage(this.#log.state.values, { reason: 'clock-moved', from: before, to: after });
    this.#emit({ kind: 'clock-moved', byMs });
    return true;
  }

  async #handle(job: TurnJob, { attempt, signal }: JobContext): Promise<void> {
    // A timer of the queue may be the first to fire after a halt or a sleep, and what a turn says was missed before it is said for good.
    await this.#guarded('keeping time', async () => {
      this.#noticeHalt();
      await this.#noticeClock();
    });
    await this.#guarded('reading the configuration again', () => this.#reload('a file of it was changed', false));
    const app = this.#app;
    await this.#deferToOthers(job);
    const began = app.monotonic();
    this.#underWay.set(job.id, { job, since: app.now() });
    this.#emit({ kind: 'turn-started', job, attempt });
    const ended = (outcome: 'done' | 'known' | 'failed', reason: string | null) => {
      this.#underWay.delete(job.id);
      this.#emit({ kind: 'turn-ended', job, attempt, outcome, reason, durationMs: app.monotonic() - began });
      if (!this.#closed) this.#followLog();
      this.#notifying?.notifier.wake();
    };
    try {
      const taken = await takeTurn(app, this.#log, job, {
        attempt,
        signal,
        onProgress: (progress) => this.#emit({ kind: 'turn-progress', job, progress }),
      });
      ended(taken.kind, taken.kind === 'known' ? taken.as : null);
    } catch (error) {
      ended('failed', reasonOf(error));
      throw error;
    }
  }

  /** @throws JobDeferred while turns that come before it are not taken */
  async #deferToOthers(job: TurnJob): Promise<void> {
    const others = await turnsBefore(this.#app, this.#log, job);
    const now = this.#app.monotonic();
    const since = this.#deferred.get(job.id);
    if (others.length === 0 || now - (since ?? now) >= afterOthers.atMostMs) {
      this.#deferred.delete(job.id);
      return;
    }
    if (since === undefined) {
      this.#deferred.set(job.id, now);
      this.#emit({ kind: 'turn-deferred', job, after: others });
    }
    throw new JobDeferred(`it comes after ${others.join(', ')}`, afterOthers.againMs);
  }

  #listenTo(queue: JobQueue): void {
    queue.listen((event) => {
      // One that was left behind with another configuration has nothing to say any more.
      if (queue !== this.#queue || this.#closed) return;
      this.#emit({ kind: 'queue', event });
      void this.#guarded('hearing of the queue', () => this.#hear(event));
    });
  }

  async #hear(event: QueueEvent): Promise<void> {
    switch (event.kind) {
      case 'failed':
        await recordFailedTurn(this.#app, this.#log, event);
        this.#followLog();
        this.#notifying?.notifier.wake();
        break;
      case 'unavailable':
        await this.#queueGone(event.reason);
        return;
      case 'available':
        await this.#queueBack();
        return;
      case 'emptied':
        await this.#say('queue-emptied', 'the queue answers and has forgotten what was in line; what is due is put in line again');
        await this.#relook();
        return;
      default:
    }
    if (event.kind !== 'retrying') await this.#count();
  }

  async #queueGone(reason: string): Promise<void> {
    if (this.#unavailableSince !== undefined || this.#stopping !== undefined) return;
    this.#unavailableSince = this.#app.now();
    this.#counts = null;
    await this.#say('queue-unavailable', `the queue does not answer: ${reason}`);
  }
  async #queueBack(): Promise<void> {
    const since = this.#unavailableSince;
    if (since === undefined) return;
    this.#unavailableSince = undefined;
    if (this.#role === 'serve') noteOutage(this.#log.state.values, { reason: 'queue-unavailable', from: since, to: this.#app.now() });
    await this.#say('queue-available', `the queue answers again; it did not since ${since}`);
    await this.#relook();
  }
  /** One look that begins now: one that is under way may have been told otherwise. */
  async #relook(): Promise<void> {
    await this.#looking;
    await this.look();
  }

  async #count(): Promise<void> {
    try {
      this.#counts = await this.#queue.counts();
      this.#emit({ kind: 'counts', counts: this.#counts });
    } catch (error) {
      if (!(error instanceof QueueUnavailable)) throw error;
      this.#counts = null;
    }
  }

  /** One after the other: what begins while the files are read again begins with what they say. */
  async #reload(why: string, asked: boolean): Promise<void> {
    await this.#reloading;
    const reading = this.#read(why, asked);
    this.#reloading = reading.catch(() => {});
    await reading;
  }

  async #read(why: string, asked: boolean): Promise<void> {
    const fingerprint = fingerprintOf(this.#app.configuration);
    if (!asked && fingerprint === this.#fingerprint) return;
    this.#fingerprint = fingerprint;
    let next: Composition;
    try {
      next = await this.#options.reload();
      refuseOtherLog(this.#app, next);
      await Promise.all([next.schedules(), next.channels(), next.engagements(), next.entitySettings(), preparePlan(next)]);
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
      const message = [error.message, ...error.problems.map(problemText)].join('\n');
      if (!asked && message === this.#refused) return;
      this.#refused = message;
      await this.#say('configuration-refused', `${why}; what was in force stays so. ${message}`);
      this.#emit({ kind: 'configuration', outcome: 'refused', app: null, message });
      return;
    }
    this.#refused = undefined;
    await this.#apply(next, why);
  }

  /** What is under way goes on with what it began with. */
  async #apply(next: Composition, why: string): Promise<void> {
    const former = this.#app;
    this.#app = next;
    const [before, after] = [configurationDigest(former), configurationDigest(next)];
    const changed =
      before === after ? 'the configuration is the same; the files it names were read again' : 'the configuration was changed';
    const isMoved = this.#role === 'serve' && former.configuration.serve?.listen !== next.configuration.serve?.listen;
    const message = isMoved ? `${changed}; it listens at another address from its next start on (serve.listen)` : changed;
    await this.#say('reloaded', `${why}: ${message}`);
    await this.#recordConfiguration();
    if (this.#role === 'serve') noteSchedules(this.#log.state.values, await keptSchedules(this.#app), next.now());
    if (queueSettings(former) !== queueSettings(next)) {
      const old = this.#queue;
      this.#queue = await next.openQueue();
      this.#unavailableSince = undefined;
      this.#listenTo(this.#queue);
      // Not waited for: what is under way may be what found the change.
      this.#retiring.push(old.close({ withinMs: this.#stopWithinMs() }));
      await this.#work();
    }
    if (this.#role === 'serve') {
      await this.#queue.tick(await keptSchedules(this.#app));
      await this.#endNotifying();
      this.#beginToNotify();
    }
    this.#emit({ kind: 'configuration', outcome: 'reloaded', app: next, message });
  }

  async #recordConfiguration(): Promise<void> {
    const actor = { name: ownerOf(this.#app.configuration), authentication: 'none' } as const;
    await withinLease(this.#log.store, leaseNames.plan, { waitMs: planWaitMs }, () => recordPlan(this.#app, this.#log.store, actor));
  }

  async #work(): Promise<void> {
    const { atOnce } = this.#app.configuration.queue ?? { atOnce: 4 };
    await this.#queue.work((job, context) => this.#handle(job, context), { atOnce });
  }

  #beginToNotify(): void {
    if (this.#role !== 'serve') return;
    const begun = notifier(this.#app, this.#log);
    if (begun === undefined) return;
    begun.listen((event: NotifierEvent) => this.#emit({ kind: 'notifier', event }));
    const abort = new AbortController();
    const ran = begun.run(abort.signal).catch((error: unknown) => this.#fail(error));
    this.#notifying = { notifier: begun, abort, ran };
  }
  async #endNotifying(): Promise<void> {
    const ending = this.#notifying;
    if (ending === undefined) return;
    this.#notifying = undefined;
    ending.abort.abort();
    await ending.ran;
    await ending.notifier.close();
  }

  async #stop(why: string): Promise<void> {
    const withinMs = this.#stopWithinMs();
    this.#emit({ kind: 'stopping', why, withinMs, underWay: this.#underWay.size });
    for (const timer of this.#timers) clearInterval(timer);
    try {
      const [unfinished] = await Promise.all([this.#queue.close({ withinMs }), this.#endNotifying(), this.#looking, ...this.#retiring]);
      const { store, state } = this.#log;
      const left = unfinished.slice(0, unfinishedListed).map(({ id }) => id);
      const more = unfinished.length > left.length ? ` and ${unfinished.length - left.length} more` : '';
      await this.#say('stopped', left.length === 0 ? why : `${why}; not finished, and due again: ${left.join(', ')}${more}`);
      await store.checkpoint();
      this.#followLog();
      if (this.#role === 'serve') {
        writeHeartbeat(state.values, this.process, this.#app.now(), true);
        state.leases.release(leaseNames.daemon, this.process.run);
      } else {
        await this.#sayWorks(null);
      }
      this.#emit({ kind: 'stopped', unfinished: unfinished.length });
    } catch (error) {
      this.#end.reject(error);
    } finally {
      this.#closed = true;
      await this.#log.close();
      this.#end.resolve();
    }
  }
  #stopWithinMs(): number {
    return durationMs(this.#app.configuration.serve?.stopWithin ?? 'PT1M');
  }

  async #say(event: LifeEvent, detail: string): Promise<void> {
    const of =
      event === 'started'
        ? this.process
        : { ...describeProcess(this.#app, this.#role, this.process.run), by: ownerFor(this.#app, event, this.process) };
    await recordLife(this.#log.store, of, event, detail);
  }

  #followLog(): void {
    for (const event of this.#follow.next()) this.#emit(event);
  }

  #emit(event: DaemonEvent): void {
    this.#options.onEvent(event);
  }

  #every(ms: number, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void work(), ms));
  }

  /** What is expected to go wrong is told and tried again the next time; what is a bug ends the process. */
  async #guarded(during: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#closed) return;
      if (error instanceof ProoflineError || error instanceof QueueUnavailable) {
        this.#emit({ kind: 'trouble', during, message: reasonOf(error) });
      } else {
        this.#fail(error);
      }
    }
  }
  #fail(error: unknown): void {
    this.#end.reject(error);
    void this.stop(`it failed: ${reasonOf(error)}`);
  }
}

/** A log and its keys are not changed under a process that has them open. */
function refuseOtherLog(former: Composition, next: Composition): void {
  const of = ({ configuration: { store, entity } }: Composition) => JSON.stringify([store, entity.tenant]);
  if (of(former) === of(next)) return;
  throw new ProoflineError(
    'configuration',
    'the directories of the log and its keys and the tenant cannot change while it runs: stop it and start it again',
  );
}

function queueSettings({ configuration }: Composition): string {
  const { queue } = configuration;
  return JSON.stringify([queue ?? null, queue?.redis === undefined ? null : configuredSources(configuration).map(({ name }) => name)]);
}

function problemText({ file, line, path, message }: ProoflineError['problems'][number]): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  return [place, path, message].filter((part) => part !== undefined && part !== '').join(': ');
}

/** Of what the files of the configuration brought about: whose they are. */
function ownerFor(app: Composition, event: LifeEvent, of: DaemonProcess): string {
  return event === 'reloaded' || event === 'configuration-refused' ? ownerOf(app.configuration) : of.by;
}

function earlier(time: string | undefined, now: string): string {
  return time !== undefined && time < now ? time : now;
}
