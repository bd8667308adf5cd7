/**
 * BullMQ and the client it speaks through, loaded only where the configuration names a Redis. The packer that BullMQ brings would look for a
 * native part when it is loaded; what we pack is small, and code that nobody can read has no place next to evidence.
 */
export async function loadBullmq(): Promise<Bullmq> {
  process.env['MSGPACKR_NATIVE_ACCELERATION_DISABLED'] = 'true';
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  const { DelayedError, Queue, QueueEvents, Worker, UnrecoverableError, WaitingError } = bullmq;
  return { DelayedError, Queue, QueueEvents, Worker, UnrecoverableError, WaitingError, Redis };
}
/** Named one by one: of the whole module no declaration can be written. */
export type Bullmq = Pick<
  typeof import('bullmq'),
  'DelayedError' | 'Queue' | 'QueueEvents' | 'Worker' | 'UnrecoverableError' | 'WaitingError'
> &
  Pick<typeof import('ioredis'), 'Redis'>;
