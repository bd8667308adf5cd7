/** A worker of its own process: takes a job, says so, and never ends it. node worker-process.ts URL PREFIX LOCK-MS */
import { redisQueue } from '../../src/schedule/redis-queue.ts';

const [url = '', prefix = '', lockMs = ''] = process.argv.slice(2);
const queue = await redisQueue({
  url,
  prefix,
  sources: ['alpha'],
  now: () => new Date().toISOString(),
  attempts: 3,
  backoffMs: 60,
  lockMs: Number(lockMs),
});
await queue.work(
  async ({ id }, { attempt }) => {
    console.log(`${id} ${attempt}`);
    await new Promise(() => {});
  },
  { atOnce: 1 },
);
