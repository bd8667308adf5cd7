import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotifySettings } from '../../config/notify-settings.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Channel } from '../../notify/contract.ts';
import type { Outbox } from '../../store/outbox.ts';
import type { Composition } from '../composition.ts';
import { leaseNames } from '../lease-names.ts';
import type { OpenedLog } from '../opened-log.ts';
import { beginOutbox } from './begin-outbox.ts';
import { type Deliverer, type DeliverParts, deliverer, takeUpAttempts } from './deliverer.ts';
import { type DeliveryPolicy, defaultDeliveryPolicy } from './delivery-policy.ts';
import { LogFollower } from './follow-log.ts';
import type { Notifier, NotifierEvent, OpenConditions } from './notifier-contract.ts';
import { putInLine, splitFor } from './put-in-line.ts';
import { stillConfigured } from './still-configured.ts';
import { tendThreads } from './tend-threads.ts';

export interface NotifierOptions {
  readonly policy?: Partial<DeliveryPolicy>;
  /** How often the size of the log is looked at. */
  readonly pollMs?: number;
  /** How long a process that does not tell, or whose pass failed, waits before it tries again. */
  readonly againMs?: number;
  /** How often tickets are looked at. */
  readonly tendEveryMs?: number;
}

const defaults = { pollMs: 250, againMs: 5_000, tendEveryMs: 60 * 60_000 };
const pruneEveryMs = 24 * 60 * 60_000;
/** What ended longer ago is forgotten; the log has every attempt. */
const keptMs = 90 * 24 * 60 * 60_000;
/** What an attempt under way is given when the process is to end. */
const stopWithinMs = 10_000;

/** The notifier of a process that has this log open; undefined: the configuration names no channel, and nobody is told. */
export function notifier(
  app: Composition,
  log: Pick<OpenedLog, 'store' | 'collections'>,
  options: NotifierOptions = {},
): Notifier | undefined {
  const { notify } = app.configuration;
  if (notify === undefined || notify.channels.length === 0) return undefined;
  return new LeasedNotifier(app, log, NotifySettings.parse(notify), options);
}

class LeasedNotifier implements Notifier {
  readonly #app: Composition;
  readonly #log: Pick<OpenedLog, 'store' | 'collections'>;
  readonly #settings: NotifySettings;
  readonly #options: NotifierOptions;
  readonly #listeners: ((event: NotifierEvent) => void)[] = [];
  #woken = Promise.withResolvers<void>();
  #conditions: readonly OpenConditions[] | null = null;
  #running: Promise<void> | undefined;

  constructor(app: Composition, log: Pick<OpenedLog, 'store' | 'collections'>, settings: NotifySettings, options: NotifierOptions) {
    this.#app = app;
    this.#log = log;
    this.#settings = settings;
    this.#options = options;
  }

  run(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#run(signal);
    return this.#running;
  }
  wake(): void {
    this.#woken.resolve();
  }
  listen(listener: (event: NotifierEvent) => void): void {
    this.#listeners.push(listener);
  }
  openConditions(): readonly OpenConditions[] | null {
    return this.#conditions;
  }
  async close(): Promise<void> {
    await this.#running?.catch(() => {});
  }

  async #run(signal: AbortSignal): Promise<void> {
    const againMs = this.#options.againMs ?? defaults.againMs;
    let standing = false;
    while (!signal.aborted) {
      let held = false;
      try {
        await this.#log.store.withLease(leaseNames.notifying, async () => {
          held = true;
          standing = false;
          this.#say({ kind: 'telling' });
          await this.#tell(signal);
        });
      } catch (error) {
        if (!(error instanceof ProoflineError)) throw error;
        if (held || error.code !== 'store-busy') this.#say({ kind: 'warning', message: `notifying will be tried again: ${error.message}` });
        else if (!standing) {
          standing = true;
          this.#say({ kind: 'standing-by', heldBy: error.message });
        }
      } finally {
        this.#conditions = null;
      }
      await pause(againMs, signal);
    }
  }

  async #tell(signal: AbortSignal): Promise<void> {
    const app = this.#app;
    const { store, collections } = this.#log;
    const [registries, opened, schedules] = await Promise.all([app.registries(), app.channels(), app.schedules()]);
    const channels = new Map(opened.map((channel) => [channel.name, channel]));
    const outbox = app.openOutbox();
    const settings = this.#settings;
    const configured = stillConfigured(app, schedules, channels.keys());
    const follower = new LogFollower({ app, store, collections, registries, outbox, settings, configured });
    const delivering = this.#delivering(outbox, channels);
    const deliveries = deliverer(delivering);
    try {
      // Names of processes and no id of the log: two processes must never be the same one.
      outbox.claim(`${hostname()} ${process.pid} ${app.newId()}`);
      for (const message of outbox.warnings) this.#say({ kind: 'warning', message });
      for (const { name, kind, obstacle } of opened) {
        const missing = obstacle?.() ?? null;
        if (missing !== null) this.#say({ kind: 'warning', message: `channel ${name} (${kind}) takes nothing: ${missing}` });
      }
      const begun = await beginOutbox(store, outbox, follower, app.configuration.store.data);
      if (begun !== undefined) this.#say({ kind: 'warning', message: begun });
      this.#follow(follower);
      await takeUpAttempts(delivering);
      await this.#loop({ outbox, channels, follower, deliveries, signal });
    } finally {
      // An outbox that was taken over, or a full disk, must not keep the rest from being given back.
      await deliveries.stop(stopWithinMs).finally(() => outbox.close());
    }
  }

  async #loop({ outbox, channels, follower, deliveries, signal }: Telling): Promise<void> {
    const app = this.#app;
    const { store } = this.#log;
    const { entity } = app.configuration;
    const pollMs = this.#options.pollMs ?? defaults.pollMs;
    const tendEveryMs = this.#options.tendEveryMs ?? defaults.tendEveryMs;
    const common = { outbox, channels, now: app.now, entity: entity.name, demonstration: app.demonstration };
    let seen = -1;
    let lookAgain: string | null = null;
    // Also at the beginning: while nobody told, somebody may have closed a ticket of what is still untrue.
    let tended = Number.NEGATIVE_INFINITY;
    let pruned = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      this.#woken = Promise.withResolvers();
      const now = app.now();
      const size = store.size();
      const mark = follower.nextMark();
      const isDue = (at: string | null): boolean => at !== null && at <= now;
      if (size !== seen || isDue(lookAgain) || isDue(mark)) {
        this.#follow(follower);
        lookAgain = putInLine({
          ...common,
          settings: this.#settings,
          waiverOver: (condition) => follower.waiverOver(condition),
        });
        seen = size;
        this.#sayConditions(outbox);
      }
      deliveries.kick();
      this.#sayWaiting(outbox);
      if (app.monotonic() - tended >= tendEveryMs) {
        tended = app.monotonic();
        await tendThreads({ ...common, onEvent: (event) => this.#say(event), signal });
      }
      if (app.monotonic() - pruned >= pruneEveryMs) {
        pruned = app.monotonic();
        const before = new Date(Date.parse(now) - keptMs).toISOString();
        outbox.transaction((writer) => writer.prune(before));
      }
      await Promise.race([pause(pollMs, signal), this.#woken.promise]);
    }
  }

  #follow(follower: LogFollower): void {
    const followed = follower.follow();
    if (followed.to > followed.from || Object.keys(followed.notices).length > 0) this.#say({ kind: 'followed', ...followed });
  }

  #delivering(outbox: Outbox, channels: ReadonlyMap<string, Channel>): DeliverParts {
    const settings = new Map(this.#settings.channels.map((setting) => [setting.name, setting]));
    const [first] = this.#settings.channels;
    return {
      app: this.#app,
      store: this.#log.store,
      outbox,
      channels,
      fallbackOf(name, after) {
        // What was for a channel that left the configuration goes to the first one there is.
        const setting = settings.get(name);
        const other = setting === undefined ? first?.name : setting.fallback;
        return other === undefined || after.includes(other) ? undefined : channels.get(other);
      },
      splitFor: (message, channel) => splitFor(outbox, message, channel),
      policy: { ...defaultDeliveryPolicy, ...this.#options.policy },
      onEvent: (event) => this.#say(event),
    };
  }

  #sayConditions(outbox: Outbox): void {
    const open = outbox.countConditions();
    if (JSON.stringify(open) === JSON.stringify(this.#conditions)) return;
    this.#conditions = open;
    this.#say({ kind: 'conditions', open });
  }
  #waiting = '';
  #sayWaiting(outbox: Outbox): void {
    const { dispatches, oldest } = outbox.waiting();
    const waiting = JSON.stringify([dispatches, oldest]);
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#say({ kind: 'waiting', dispatches, oldest });
  }
  #say(event: NotifierEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

interface Telling {
  readonly outbox: Outbox;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly follower: LogFollower;
  readonly deliveries: Deliverer;
  readonly signal: AbortSignal;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: true }).catch(() => {});
}
