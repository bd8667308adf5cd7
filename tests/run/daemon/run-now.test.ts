import { expect, test } from 'vitest';
import { nowJob, putNow, runHere } from '../../../src/run/daemon/run-now.ts';
import { startWorker } from '../../../src/run/daemon/start-daemon.ts';
import { hasRedis, startRedis } from '../../schedule/redis-server.ts';
import { Toys } from '../toy-source.ts';
import { lifeOf, ofKind, statementsOf, turnsOf } from './toy-daemon.ts';
import { sharedToys } from './toy-worker.ts';

const actor = { name: 'somebody', authentication: 'none' } as const;
const signal = new AbortController().signal;

test('what is asked for now is collected by whoever asked, and is no turn', async () => {
  const toys = new Toys();
  const app = toys.composition();
  const job = nowJob(app, { source: 'toys' }, actor);
  expect(job).toMatchObject({ kind: 'collect', turn: null, source: 'toys', collectors: null, priority: 'now' });
  expect(await runHere(app, job, { signal, onProgress: () => {} })).toEqual({ outcome: 'done', reason: null });
  const statements = await statementsOf(toys);
  expect(ofKind(statements, 'evaluation')).toHaveLength(1);
  expect(turnsOf(statements)).toEqual([]);
  expect(ofKind(statements, 'collection').every(({ trigger }) => trigger.name === 'somebody')).toBe(true);
});

test.runIf(hasRedis())(
  'with Redis a worker does it, and whoever waits is told of its end',
  async () => {
    const redis = await startRedis();
    const toys = new Toys();
    await (await toys.composition().openStore({ create: true })).close();
    const app = sharedToys(toys.directory, redis.url);
    const worker = await startWorker(app, { reload: async () => app, onEvent: () => {}, pace: { beatMs: 0, lookMs: 0 } });
    try {
      const job = nowJob(app, { source: 'toys' }, actor);
      let put = 0;
      const onPut = () => {
        put += 1;
      };
      expect(await putNow(app, job, { wait: true, signal, onPut })).toEqual({ outcome: 'done', reason: null });
      expect(put).toBe(1);
    } finally {
      await worker.stop('done');
      await redis.stop();
    }
    const nobody = () => {
      throw new Error('said to be in line, and Redis is gone');
    };
    const another = nowJob(app, { source: 'toys' }, actor);
    await expect(putNow(app, another, { wait: false, signal, onPut: nobody })).rejects.toThrow('the queue does not answer');
    const statements = await statementsOf(toys);
    expect(ofKind(statements, 'evaluation')).toHaveLength(1);
    expect(lifeOf(statements)).toEqual(['started', 'stopped']);
    expect(ofKind(statements, 'lifecycle')[0]?.process?.role).toBe('worker');
  },
  60_000,
);
