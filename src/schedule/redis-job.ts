import type { JobsOptions } from 'bullmq';
import { z } from 'zod';
import type { TurnJob } from '../model/schedule.ts';
import { Turn } from '../model/statement.ts';

/** A job as it lies in Redis; what another release put there is looked at before it is believed. */
const LinedJob = z.object({
  id: z.string().min(1),
  kind: z.enum(['collect', 'anchor']),
  turn: Turn.nullable(),
  source: z.string().nullable(),
  collectors: z.array(z.string()).nullable(),
  trigger: z.strictObject({ name: z.string(), authentication: z.enum(['none', 'personal-key', 'schedule']) }),
  priority: z.enum(['now', 'scheduled']),
});

export function readTurnJob(data: unknown): TurnJob | undefined {
  const read = LinedJob.safeParse(data);
  return read.success ? read.data : undefined;
}

/** BullMQ takes no colon in an id, and no number for one. */
export function bullmqId(job: Pick<TurnJob, 'id'>): string {
  return `turn-${encodeURIComponent(job.id)}`;
}

/** Jobs that were done are remembered for an hour, so that they are known; those that failed for a week, for whoever was away. */
export function bullmqOptions(job: TurnJob, { attempts, delayMs }: { readonly attempts: number; readonly delayMs: number }): JobsOptions {
  return {
    jobId: bullmqId(job),
    attempts,
    // How long is worked out by the worker.
    backoff: { type: 'custom' },
    delay: delayMs,
    // None goes before any.
    ...(job.priority === 'now' ? {} : { priority: 1 }),
    removeOnComplete: { age: 3600, count: 1000 },
    removeOnFail: { age: 7 * 86_400, count: 1000 },
    stackTraceLimit: 0,
  };
}
