import type { Redis } from 'ioredis';
import { ProoflineError } from '../model/errors.ts';
import type { Bullmq } from './load-bullmq.ts';

const retryStrategy = (times: number) => Math.min(times * 100, 3000);

/** For what is asked for now: refuses at once when Redis is not there, and does not wait for an answer for ever. */
const asking = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
};
/** For workers: waits for Redis as long as it takes. */
const waiting = { maxRetriesPerRequest: null };

export interface RedisConnections {
  readonly asking: Redis;
  readonly waiting: Redis;
}

/**
 * Begins to connect and goes on trying; never rejects.
 * @param url may hold a password: it is in no message.
 * @throws ProoflineError `configuration` when it is no address of a Redis.
 */
export function connectRedis({ Redis }: Bullmq, url: string, commandTimeout: number): RedisConnections {
  const parsed = URL.parse(url);
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw new ProoflineError('configuration', 'queue.redis.url: what it points at is no address of the form redis://host:port');
  }
  const common = { retryStrategy, connectTimeout: commandTimeout, connectionName: 'proofline' };
  const connections = {
    asking: new Redis(url, { ...common, ...asking, commandTimeout }),
    waiting: new Redis(url, { ...common, ...waiting }),
  };
  // What is wrong is told by the watch over the connection; without listeners every attempt would be printed.
  for (const connection of Object.values(connections)) connection.on('error', () => {});
  return connections;
}

/** Why Redis does not answer: a code of the network or of Redis, never an address, a command or a password. */
export function redisReason(error: unknown): string {
  if (!(error instanceof Error)) return 'Redis does not answer';
  if ('code' in error && typeof error.code === 'string') return `Redis does not answer (${error.code})`;
  const code = /^[A-Z][A-Z]+\b/.exec(error.message)?.[0];
  if (code !== undefined) return `Redis refuses (${code})`;
  return /timed out/i.test(error.message) ? 'Redis does not answer in time' : 'the connection to Redis is lost';
}
