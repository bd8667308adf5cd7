import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { DaemonEvent } from '../../../src/run/daemon/daemon-contract.ts';
import { startDaemon } from '../../../src/run/daemon/start-daemon.ts';
import { hasRedis, startRedis } from '../../schedule/redis-server.ts';
import { Toys } from '../toy-source.ts';
import { expectSound, lifeOf, ofKind, statementsOf, turnsOf } from './toy-daemon.ts';
import { sharedToys } from './toy-worker.ts';

test.runIf(hasRedis())(
  'Redis that is gone, back and empty is told of, and what was due meanwhile is caught up with',
  async () => {
    const redis = await startRedis();
    const toys = new Toys();
    await (await toys.composition().openStore({ create: true })).close();
    const events: DaemonEvent[] = [];
    let skew = 0;
    const now = () => new Date(Date.now() + skew).toISOString();
    const app = sharedToys(toys.directory, redis.url, now);
    const daemon = await startDaemon(app, {
      reload: async () => app,
      onEvent: (event) => void events.push(event),
      pace: { beatMs: 0, lookMs: 0 },
    });
    const until = async (holds: () => boolean) => {
      for (let n = 0; n < 1200 && !holds(); n += 1) await sleep(25);
      expect(holds()).toBe(true);
    };
    const heard = (kind: string) => events.filter((event) => event.kind === 'queue' && event.event.kind === kind).length;
    const done = () => events.filter((event) => event.kind === 'turn-ended' && event.outcome === 'done').length;
    try {
      await until(() => done() === 1);
      expect(daemon.health().queue).toMatchObject({ kind: 'redis', reachable: true });
      await redis.kill();
      await until(() => heard('unavailable') === 1 && !daemon.health().queue.reachable);
      // Two turns come and go, and the one after them is begun late.
      skew += 20 * 60_000;
      await daemon.look();
      expect(done()).toBe(1);
      await redis.start({ empty: true });
      await until(() => heard('available') === 1 && daemon.health().queue.reachable);
      await until(() => done() >= 2);
      // And once more, now that it forgets while it answers.
      await redis.kill();
      await redis.start({ empty: true });
      await until(() => heard('emptied') >= 1);
      await daemon.look();
    } finally {
      await daemon.stop('done');
      await redis.stop();
    }
    const statements = await statementsOf(toys);
    const life = lifeOf(statements);
    expect(life[0]).toBe('started');
    expect(life.at(-1)).toBe('stopped');
    expect(life).toEqual(expect.arrayContaining(['queue-unavailable', 'queue-available', 'queue-emptied']));
    const misses = ofKind(statements, 'schedule-miss');
    expect(misses.length).toBeGreaterThan(0);
    expect(misses.every(({ reason }) => reason === 'queue-unavailable' || reason === 'clock-moved')).toBe(true);
    const turns = turnsOf(statements);
    expect(new Set(turns).size).toBe(turns.length);
    await expectSound(toys);
  },
  90_000,
);
