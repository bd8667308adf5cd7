import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobQueue, QueueEvent } from '../../src/schedule/contract.ts';
import { type RedisQueueOptions, redisQueue } from '../../src/schedule/redis-queue.ts';
import { gate, jobOf, scheduleOf, turnOf, until } from '../contracts/queue.contract.ts';
import { answering } from './answering.ts';
import { freePort, hasRedis, type RedisServer, startRedis } from './redis-server.ts';

const found = hasRedis();
const lockMs = 500;

describe.skipIf(!found)('jobs in Redis', () => {
  let server: RedisServer;
  const open: JobQueue[] = [];
  const others: ChildProcess[] = [];
  beforeEach(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const other of others.splice(0)) other.kill('SIGKILL');
    await Promise.all(open.splice(0).map((queue) => queue.close({ withinMs: 100 })));
    await server.stop();
  });

  const queueOf = async (more: Partial<RedisQueueOptions> = {}) => {
    const base = { url: server.url, prefix: 'test', sources: ['alpha', 'beta'], now: () => new Date().toISOString() };
    const timings = { holdMs: 100, attempts: 3, backoffMs: 60, lockMs, watchMs: 200, answerMs: 1000, abortWithinMs: 500 };
    const queue = await redisQueue({ ...base, ...timings, ...more });
    open.push(queue);
    return queue;
  };
  const listenTo = (queue: JobQueue) => {
    const told: QueueEvent[] = [];
    queue.listen((event) => told.push(event));
    return { told, kinds: () => told.map(({ kind }) => kind) };
  };
  const otherWorker = async () => {
    const script = join(import.meta.dirname, 'worker-process.ts');
    const other = spawn(process.execPath, [script, server.url, 'test', String(lockMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
    others.push(other);
    const begun: string[] = [];
    other.stdout?.on('data', (data: Buffer) => begun.push(...data.toString().trim().split('\n')));
    const kill = async () => {
      other.kill('SIGKILL');
      await once(other, 'exit');
    };
    return { begun, kill };
  };

  it('are read by one worker of one process at a time, and told to every process', async () => {
    const [one, two] = [await answering(queueOf()), await answering(queueOf())];
    const heard = [listenTo(one), listenTo(two)];
    const underWay = new Set<string>();
    const by = new Map<JobQueue, number>();
    let twice = 0;
    for (const queue of [one, two]) {
      const handler = async ({ source }: { readonly source: string | null }) => {
        const key = source ?? '';
        if (underWay.has(key)) twice += 1;
        underWay.add(key);
        by.set(queue, (by.get(queue) ?? 0) + 1);
        // Each keeps its first one in hand until the other has begun what waits: neither takes all, however slow one is to start.
        if (by.size < 2) await until(() => expect(by.size).toBe(2));
        await sleep(10);
        underWay.delete(key);
      };
      await queue.work(handler, { atOnce: 1 });
    }
    for (let n = 0; n < 20; n += 1) for (const source of ['alpha', 'beta']) await one.add(jobOf(`${source}-${n}`, { source }));
    for (const { told } of heard) {
      await until(() => expect(new Set(told.flatMap((event) => (event.kind === 'done' ? [event.job.id] : []))).size).toBe(40));
    }
    expect(twice).toBe(0);
    expect([...by.values()].reduce((sum, count) => sum + count, 0)).toBe(40);
  });

  it('are given to another worker when the one that had them is killed', async () => {
    const queue = await answering(queueOf());
    const { told } = listenTo(queue);
    await queue.add(turnOf('alpha/critical', '2026-03-01T04:00:00.000Z'));
    const other = await otherWorker();
    await until(() => expect(other.begun).toHaveLength(1));
    await other.kill();
    const done: (readonly [string, number])[] = [];
    await queue.work(async ({ id }, { attempt }) => void done.push([id, attempt]), { atOnce: 1 });
    await until(() => expect(done).toEqual([['alpha/critical@2026-03-01T04:00:00.000Z', 1]]));
    await until(() => expect(told.map(({ kind }) => kind)).toContain('done'));
    expect(told.map(({ kind }) => kind)).toContain('stalled');
  });

  it('have finally failed when they kill every worker that takes them', async () => {
    const queue = await answering(queueOf({ stalledAtMost: 0 }));
    const { told } = listenTo(queue);
    const job = turnOf('alpha/critical', '2026-03-01T04:00:00.000Z');
    await queue.add(job);
    const other = await otherWorker();
    await until(() => expect(other.begun).toHaveLength(1));
    await other.kill();
    const taken: string[] = [];
    await queue.work(async ({ id }) => void taken.push(id), { atOnce: 1 });
    await until(() => expect(told).toContainEqual(expect.objectContaining({ kind: 'failed', job })));
    expect(taken).toEqual([]);
    // Who was not there learns of it afterwards.
    const later = await answering(queueOf());
    expect(await later.failures()).toEqual([{ job, attempts: 1, reason: expect.stringContaining('stalled') }]);
  });

  it('go on after Redis was killed, and what waited and ran is done', async () => {
    const queue = await answering(queueOf());
    const { told, kinds } = listenTo(queue);
    const { begun, handler, letGo } = gate();
    await queue.work(handler, { atOnce: 2 });
    await queue.tick([scheduleOf('alpha/yearly', '0 0 1 1 *')]);
    await queue.add(jobOf('runs'));
    await queue.add(jobOf('waits'));
    await until(() => expect(begun).toEqual(['runs']));
    await server.kill();
    await until(() => expect(kinds()).toContain('unavailable'));
    await expect(queue.add(jobOf('too-early'))).rejects.toThrow(/^Redis does not answer/);
    await expect(queue.counts()).rejects.toThrow(/^Redis does not answer/);
    letGo();
    await server.start();
    await until(() => expect(kinds()).toContain('available'));
    await until(() => expect(told.filter(({ kind }) => kind === 'done').map((event) => 'job' in event && event.job.id)).toContain('waits'));
    expect(kinds()).not.toContain('emptied');
    expect(await queue.add(jobOf('after'))).toBe('added');
    await until(() => expect(begun).toContain('after'));
  });

  it('are forgotten when Redis is emptied, which is said, and the schedules tick on', async () => {
    const queue = await answering(queueOf());
    const { kinds } = listenTo(queue);
    const done: string[] = [];
    await queue.tick([scheduleOf('alpha/often', '* * * * * *')]);
    await server.kill();
    await server.start({ empty: true });
    await until(() => expect(kinds()).toEqual(['unavailable', 'available', 'emptied']));
    await queue.work(async ({ id }) => void done.push(id), { atOnce: 1 });
    await until(() => expect(done.length).toBeGreaterThan(1));
  });

  it('wait for a Redis that is not there yet', async () => {
    const port = await freePort();
    const queue = await queueOf({ url: `redis://127.0.0.1:${port}` });
    const { told } = listenTo(queue);
    await queue.tick([scheduleOf('alpha/often', '* * * * * *')]);
    await queue.work(async () => {}, { atOnce: 1 });
    await until(() => expect(told).toEqual([{ kind: 'unavailable', reason: expect.stringContaining('ECONNREFUSED') }]));
    await expect(queue.add(jobOf('one'))).rejects.toThrow(/ECONNREFUSED/);
    await expect(queue.failures()).rejects.toThrow(/ECONNREFUSED/);
    expect(await queue.close({ withinMs: 1000 })).toEqual([]);
  });

  it('end within bounds also when Redis is gone, and leave nothing behind', async () => {
    const queue = await answering(queueOf());
    listenTo(queue);
    const { begun, handler } = gate();
    await queue.work(handler, { atOnce: 1 });
    await queue.add(jobOf('under-way'));
    await until(() => expect(begun).toHaveLength(1));
    await server.kill();
    const closed = queue.close({ withinMs: 50 });
    expect((await closed).map(({ id }) => id)).toEqual(['under-way']);
  });

  it('are in line again when their worker is stopped before the end', async () => {
    const queue = await answering(queueOf());
    const { begun, handler } = gate();
    await queue.work(handler, { atOnce: 1 });
    await queue.add(jobOf('long'));
    await until(() => expect(begun).toHaveLength(1));
    expect((await queue.close({ withinMs: 20 })).map(({ id }) => id)).toEqual(['long']);
    const next = await answering(queueOf());
    const attempts: number[] = [];
    await next.work(async (_, { attempt }) => void attempts.push(attempt), { atOnce: 1 });
    await until(() => expect(attempts).toEqual([1]));
  });
});

describe.skipIf(!found)('a Redis with a password', () => {
  it('is entered with it, and it is in no word that is said', async () => {
    const password = 'planted-s3cret';
    const server = await startRedis({ password });
    const at = (secret: string) => server.url.replace('redis://', `redis://:${secret}@`);
    const options = { prefix: 'test', sources: ['alpha'], now: () => new Date().toISOString(), attempts: 1, backoffMs: 1 };
    const good = await answering(redisQueue({ ...options, url: at(password) }));
    expect(await good.add(jobOf('one'))).toBe('added');
    const wrong = await redisQueue({ ...options, url: at(`${password}-of-before`) });
    const told: QueueEvent[] = [];
    wrong.listen((event) => told.push(event));
    await until(() => expect(told).toEqual([{ kind: 'unavailable', reason: expect.stringMatching(/WRONGPASS|NOAUTH/) }]));
    const refused = await wrong.add(jobOf('two')).catch((error: unknown) => error);
    await expect(redisQueue({ ...options, url: `http://${password}@somewhere` })).rejects.toThrow(/no address of the form/);
    const invalid = await redisQueue({ ...options, url: `${password} is no address` }).catch((error: unknown) => error);
    for (const said of [told, refused, invalid]) {
      const text = said instanceof Error ? `${said.stack} ${String(said.cause)}` : JSON.stringify(said);
      expect(text).not.toContain(password);
    }
    await good.close({ withinMs: 100 });
    await wrong.close({ withinMs: 100 });
    await server.stop();
  });
});
