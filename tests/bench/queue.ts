/**
 * What our queues cost over what they stand on, as ratios of throughput with jobs of 5 ms. Run: node tests/bench/queue.ts
 * Exit code 1 when one of them is missed.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import limitConcurrency from 'p-limit';
import type { TurnJob } from '../../src/model/schedule.ts';
import type { JobQueue } from '../../src/schedule/contract.ts';
import { embeddedQueue } from '../../src/schedule/embedded-queue.ts';
import { loadBullmq } from '../../src/schedule/load-bullmq.ts';
import { redisQueue } from '../../src/schedule/redis-queue.ts';
import { hasRedis, startRedis } from '../schedule/redis-server.ts';

const jobMs = 5;
const many = 100_000;
const options = { now: () => new Date().toISOString(), attempts: 4, backoffMs: 60_000, waitingAtMost: many };

let missed = false;
function figure(name: string, ratio: number, atLeast: number | null): void {
  if (atLeast === null) {
    console.log(`     ${name}: ${(ratio * 100).toFixed(0)} %`);
    return;
  }
  const holds = ratio >= atLeast;
  missed ||= !holds;
  console.log(`${holds ? 'ok  ' : 'MISS'} ${name}: ${(ratio * 100).toFixed(0)} % (at least ${atLeast * 100} %)`);
}

function jobsOf(sources: number, each: number): TurnJob[] {
  return Array.from({ length: sources * each }, (_, n) => ({
    id: randomUUID(),
    kind: 'collect',
    turn: null,
    source: `source-${n % sources}`,
    collectors: null,
    trigger: { name: 'bench', authentication: 'none' },
    priority: 'scheduled',
  }));
}

/** The line is filled first; what is measured is how fast it is worked off. Milliseconds. */
async function through(queue: JobQueue, jobs: readonly TurnJob[], atOnce: number, listens: boolean): Promise<number> {
  const ended = Promise.withResolvers<void>();
  let done = 0;
  const count = () => {
    done += 1;
    if (done === jobs.length) ended.resolve();
  };
  if (listens) queue.listen(({ kind }) => void (kind === 'done' && count()));
  for (const job of jobs) await queue.add(job);
  const began = performance.now();
  const handler = async () => {
    await sleep(jobMs);
    if (!listens) count();
  };
  await queue.work(handler, { atOnce });
  await ended.promise;
  const took = performance.now() - began;
  await queue.close({ withinMs: 1000 });
  return took;
}

/** Alternately, and the best of five each: what else this machine does is nobody's figure. */
async function compare(name: string, atLeast: number | null, bare: () => Promise<number>, ours: () => Promise<number>): Promise<void> {
  let [leastBare, leastOurs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 5; round += 1) {
    leastBare = Math.min(leastBare, await bare());
    leastOurs = Math.min(leastOurs, await ours());
  }
  figure(name, leastBare / leastOurs, atLeast);
}

async function bareLoop(count: number, atOnce: number): Promise<number> {
  const limit = limitConcurrency(atOnce);
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, () => limit(() => sleep(jobMs))));
  return performance.now() - began;
}

for (const { sources, each, atOnce } of [
  { sources: 1, each: 200, atOnce: 1 },
  { sources: 8, each: 100, atOnce: 8 },
  { sources: 50, each: 30, atOnce: 16 },
]) {
  await compare(
    `embedded, ${sources} sources, ${atOnce} at once, of a bare loop`,
    0.9,
    () => bareLoop(sources * each, atOnce),
    () => through(embeddedQueue(options), jobsOf(sources, each), atOnce, true),
  );
}

if (hasRedis()) {
  const server = await startRedis();
  const { Queue, Worker, Redis } = await loadBullmq();
  const bareWorker = async (count: number, concurrency: number) => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    const name = `bare-${randomUUID()}`;
    const queue = new Queue(name, { connection });
    await queue.addBulk(Array.from({ length: count }, (_, n) => ({ name: 'job', data: { n } })));
    const ended = Promise.withResolvers<void>();
    let done = 0;
    const began = performance.now();
    const worker = new Worker(name, () => sleep(jobMs), { connection, concurrency });
    worker.on('completed', () => {
      if (++done === count) ended.resolve();
    });
    await ended.promise;
    const took = performance.now() - began;
    await worker.close();
    await queue.close();
    connection.disconnect();
    return took;
  };
  const ours = async (sources: number, each: number, atOnce: number, listens: boolean) => {
    const jobs = jobsOf(sources, each);
    const names = [...new Set(jobs.map(({ source }) => source ?? ''))];
    const queue = await redisQueue({ ...options, url: server.url, prefix: `bench-${randomUUID()}`, sources: names, perMinute: many });
    while ((await queue.counts().catch(() => undefined)) === undefined) await sleep(10);
    return await through(queue, jobs, atOnce, listens);
  };
  for (const { sources, each, atOnce, listens } of [
    { sources: 1, each: 200, atOnce: 1, listens: false },
    { sources: 8, each: 100, atOnce: 8, listens: false },
    // Hearing of what other processes do is paid per source; with jobs of minutes nobody sees it.
    { sources: 8, each: 100, atOnce: 8, listens: true },
  ]) {
    await compare(
      `Redis, ${sources} sources, ${atOnce} at once${listens ? ', listening' : ''}, of a bare BullMQ worker with concurrency ${atOnce}`,
      listens ? null : 0.7,
      () => bareWorker(sources * each, atOnce),
      () => ours(sources, each, atOnce, listens),
    );
  }
  await server.stop();
}
process.exitCode = missed ? 1 : 0;
