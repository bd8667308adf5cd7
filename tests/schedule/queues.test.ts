import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { embeddedQueue } from '../../src/schedule/embedded-queue.ts';
import { redisQueue } from '../../src/schedule/redis-queue.ts';
import { queueContract } from '../contracts/queue.contract.ts';
import { answering } from './answering.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

const options = { now: () => new Date().toISOString(), attempts: 3, backoffMs: 60, waitingAtMost: 4, abortWithinMs: 300 };

queueContract('this process', async () => ({ open: async () => embeddedQueue(options), end: async () => {} }));

describe.skipIf(!hasRedis())('with a Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server.stop();
  });
  queueContract('Redis', async () => {
    const prefix = `t-${randomUUID()}`;
    return {
      open: () => answering(redisQueue({ ...options, url: server.url, prefix, sources: ['alpha', 'beta', 'gamma'] })),
      end: async () => {},
    };
  });
});
