import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import type { Schedule } from '../../../src/model/schedule.ts';
import type { Turn } from '../../../src/model/statement.ts';
import { turnStanding } from '../../../src/run/daemon/turn-standing.ts';
import { untilQueueAnswers } from '../../../src/run/daemon/until-queue-answers.ts';
import { turnJob } from '../../../src/schedule/turn-job.ts';
import { hasRedis, startRedis } from '../../schedule/redis-server.ts';
import { Toys } from '../toy-source.ts';
import { expectSound, ofKind, statementsOf, turnsOf } from './toy-daemon.ts';
import { sharedToys } from './toy-worker.ts';

/**
 * As many as fit into a while: beginning a process is what takes long, and how long depends on what the machine is busy with. The whole
 * hundred, however long that takes: PROOFLINE_KILLS=100.
 */
const asked = process.env['PROOFLINE_KILLS'];
const wanted = Number(asked ?? 100);
const longestMs = asked === undefined ? 40_000 : Number.POSITIVE_INFINITY;
const atLeast = asked === undefined ? 3 : wanted;

/** One file, beside the packages it asks for: a process that is to be killed a moment later should not read hundreds of them. */
async function bundledWorker(): Promise<{ readonly file: string; remove(): void }> {
  const cache = join('node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'proofline-worker-'));
  const bundle = await rolldown({ input: join(import.meta.dirname, 'toy-worker.ts'), platform: 'node' });
  await bundle.write({ dir: directory, format: 'esm', codeSplitting: false });
  return { file: join(directory, 'toy-worker.js'), remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** How long a turn takes on this machine and now: so long, and as long again, is when somebody is killed. Guessed until one has ended. */
let turnMs: number | undefined;

/** Begins a worker, and another one whenever it was killed: somewhere while it begins, or in a turn, or just after one. */
class Slot {
  kills = 0;
  #child: ChildProcess | undefined;
  readonly #begin: () => ChildProcess;

  constructor(begin: () => ChildProcess) {
    this.#begin = begin;
  }

  async run(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      const child = this.#begin();
      this.#child = child;
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const spawned = performance.now();
      const begun = Promise.withResolvers<number>();
      const turn = Promise.withResolvers<void>();
      child.on('message', (said: { readonly begun?: true; readonly turn?: string; readonly ms?: number }) => {
        if (said.begun) begun.resolve(performance.now() - spawned);
        if (said.turn === 'started') turn.resolve();
        if (said.ms !== undefined) turnMs = ((turnMs ?? said.ms) + said.ms) / 2;
      });
      let spanMs = turnMs ?? 500;
      // Most of them within a turn; of the others some before they have begun to work.
      if (Math.random() < 0.9) {
        const begunMs = await Promise.race([begun.promise, exited]);
        spanMs = turnMs ?? (begunMs ?? 0) / 4;
        // The other one may have the turn, and it has to be found stalled before it is handed on.
        await Promise.race([turn.promise, sleep(1500)]);
      }
      await sleep(Math.random() * 2 * spanMs);
      child.kill('SIGKILL');
      await exited;
      this.kills += 1;
    }
    this.#child = this.#begin();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await exited;
  }
}

test.runIf(hasRedis())(
  'workers that are killed over and over lose no turn and judge none twice',
  async () => {
    const [redis, worker] = await Promise.all([startRedis(), bundledWorker()]);
    const toys = new Toys();
    await (await toys.composition().openStore({ create: true })).close();
    const app = sharedToys(toys.directory, redis.url);
    const [schedule] = (await app.schedules()) as [Schedule];
    const [queue, store] = [await app.openQueue(), await app.openStore({ readOnly: true })];
    expect(await untilQueueAnswers(queue, app.monotonic)).toBeUndefined();
    const env = { ...process.env, NODE_COMPILE_CACHE: join(toys.directory, 'compiled') };
    const slots = [1, 2].map(
      () =>
        new Slot(() =>
          fork(worker.file, [toys.directory, redis.url], { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
        ),
    );
    const killed = () => slots.reduce((sum, { kills }) => sum + kills, 0);
    const began = performance.now();
    const isEnough = () => killed() >= wanted || performance.now() - began > longestMs;
    const turns: Turn[] = [];
    try {
      const killing = Promise.all(slots.map((slot) => slot.run(isEnough)));
      const first = Math.floor(Date.now() / 60_000) * 60_000 - 5000 * 60_000;
      while (!isEnough()) {
        const turn = { schedule: schedule.id, due: new Date(first + turns.length * 60_000).toISOString() };
        turns.push(turn);
        await queue.add(turnJob(schedule, turn.due));
        // As long as it takes, also after the last of them was killed.
        while (['open', 'partial'].includes(turnStanding(store, turn, app.now()).kind)) await sleep(10);
      }
      await killing;
      await Promise.all(slots.map((slot) => slot.stop()));
      console.info(
        `${killed()} workers killed over ${turns.length} turns of ${Math.round(turnMs ?? 0)} ms in ${Math.round(performance.now() - began)} ms`,
      );
      expect(killed()).toBeGreaterThanOrEqual(atLeast);
    } finally {
      for (const slot of slots) await slot.stop();
      await queue.close({ withinMs: 0 });
      await store.close();
      await redis.stop();
      worker.remove();
    }

    const statements = await statementsOf(toys);
    // Each is done, once; none had to be called missed or failed.
    expect(turnsOf(statements)).toEqual(turns.map(({ due }) => `${schedule.id}@${due}`));
    expect(ofKind(statements, 'schedule-miss')).toEqual([]);
    expect(ofKind(statements, 'gap')).toEqual([]);
    await expectSound(toys);
  },
  asked === undefined ? 240_000 : 3_600_000,
);
