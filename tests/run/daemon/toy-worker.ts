/** A worker of its own process over toys. node toy-worker.ts DIRECTORY REDIS-URL */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadKeys } from '../../../src/keys/key-files.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { startWorker } from '../../../src/run/daemon/start-daemon.ts';
import { redisQueue } from '../../../src/schedule/redis-queue.ts';
import { openStore } from '../../../src/store/embedded.ts';
import { openState } from '../../../src/store/state.ts';
import { goodAnswers, Toys } from '../toy-source.ts';

/** Every minute is a turn: many of them lie in the past. */
const everyMinute = {
  schedules: {
    zone: 'UTC',
    jitter: 'PT0M',
    defaults: false,
    entries: [{ name: 'minutely', cron: '* * * * *' }],
    anchors: { cron: '17 * * * *' },
  },
} as const;

/** Toys in a directory that several processes share, by the real clock, with their jobs in Redis. */
export function sharedToys(directory: string, url: string, now = () => new Date().toISOString()): Composition {
  const toys = Object.assign(new Toys(), { directory });
  toys.settings = {
    ...everyMinute,
    queue: { redis: { url, prefix: 'toys' }, atOnce: 2, attempts: 5, backoff: 'PT1M' },
  } as unknown as typeof toys.settings;
  for (const [operation, answer] of Object.entries(goodAnswers)) toys.answers[operation] = answer;
  const base = toys.composition();
  const store = { dataDir: join(directory, 'data'), now, newId: randomUUID };
  const keys = () => loadKeys(join(directory, 'keys'), { tenant: 'toys', demonstration: false });
  return {
    ...base,
    now,
    monotonic: () => performance.now(),
    newId: randomUUID,
    keys,
    openStore: async ({ readOnly = false } = {}) => await openStore({ ...store, keys: keys(), readOnly }),
    openState: () => openState(store.dataDir, { now, wrap: keys().wrap }),
    openQueue: async () =>
      await redisQueue({
        url,
        prefix: 'toys',
        sources: ['toys'],
        now,
        attempts: 5,
        backoffMs: 50,
        lockMs: 600,
        stalledAtMost: 1000,
        perMinute: 100_000,
        watchMs: 500,
      }),
    // Asking takes a moment, so that there is one in which to be killed.
    sources: async (state) =>
      (await base.sources(state)).map((source) => ({
        ...source,
        members: async () =>
          (await source.members()).map((member) => ({
            ...member,
            open: (session) => {
              const opened = member.open(session);
              return {
                ...opened,
                exchange: async (...asked) => {
                  await sleep(5);
                  return await opened.exchange(...asked);
                },
              };
            },
          })),
      })),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory = '', url = ''] = process.argv.slice(2);
  const app = sharedToys(directory, url);
  const say = (said: object) => void (process.connected && process.send?.(said, undefined, {}, () => {}));
  const worker = await startWorker(app, {
    reload: async () => app,
    onEvent: (event) => {
      if (event.kind === 'turn-started') say({ turn: 'started' });
      if (event.kind === 'turn-ended') say({ turn: 'ended', ms: event.durationMs });
    },
  });
  say({ begun: true });
  process.on('SIGTERM', (signal) => void worker.stop(signal));
  await worker.ended;
  if (process.connected) process.disconnect();
}
