/**
 * BullMQ and the client it speaks through, loaded only where the configuration names a Redis. The packer that BullMQ brings would look for a
 * native part when it is loaded; what we pack is small, and code that nobody can read has no place next to evidence.
 */
export async function loadBullmq() {
  process.env['MSGPACKR_NATIVE_ACCELERATION_DISABLED'] = 'true';
  const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  return { ...bullmq, Redis };
}
export type Bullmq = Awaited<ReturnType<typeof loadBullmq>>;
