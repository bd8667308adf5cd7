import { z } from 'zod';
import { FixedDuration } from '../model/engagement.ts';
import { SecretReference } from './secret.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'expected small letters, digits and hyphens');
const Zone = Text.meta({ description: 'IANA time zone, such as Europe/Berlin' });
const Cron = Text.meta({ description: 'Five fields (minute hour day month weekday), or six with seconds first' });
const Jitter = FixedDuration.meta({ description: 'A turn begins at most so long after it is due, so that not all begin at once' });

export const ScheduleEntry = z.strictObject({
  name: Name.meta({ description: 'What you call it; a source’s schedule is <source>/<name>' }),
  sources: z.array(Text).min(1).optional().meta({ description: 'Names of sources; default all' }),
  collectors: z.array(Text).min(1).optional().meta({
    description: 'Ids or patterns (aws/iam-*); default all. What an entry names, the default schedules of its sources leave to it',
  }),
  cron: Cron,
  zone: Zone.optional(),
  jitter: Jitter.optional(),
});

/** When what is collected. Cron expressions and zones are checked where they are resolved, with the entry's place in the file. */
export const ScheduleSettings = z
  .strictObject({
    zone: Zone.default('UTC'),
    jitter: Jitter.default('PT5M'),
    defaults: z.boolean().default(true).meta({
      description:
        'What no entry names is collected all the same: what critical checks look at every four hours, events every hour, the rest and rosters daily',
    }),
    entries: z.array(ScheduleEntry).default([]),
    anchors: z
      .strictObject({ cron: Cron, zone: Zone.optional() })
      .default({ cron: '17 * * * *' })
      .meta({ description: 'When the head of the log is shown to the anchors' }),
  })
  .meta({ description: 'When `proofline serve` collects' });
export type ScheduleSettings = z.infer<typeof ScheduleSettings>;

export const QueueSettings = z
  .strictObject({
    redis: z
      .strictObject({
        url: z
          .union([
            SecretReference,
            z.string().regex(/^rediss?:\/\/[^@/]+(:\d+)?(\/\d+)?$/, 'expected redis://host:port; with a password: { env: NAME }'),
          ])
          .meta({ description: 'redis://host:6379/0; one with a password is given as { env: NAME } or { file: PATH }' }),
        prefix: Name.default('proofline').meta({ description: 'Begins the names of its keys; one per log' }),
      })
      .optional()
      .meta({ description: 'Jobs lie in Redis (BullMQ), and `proofline worker` takes them too. Without it they lie in the daemon itself' }),
    atOnce: z.int().min(1).max(64).default(4).meta({ description: 'Sources that one process collects from beside each other' }),
    attempts: z.int().min(1).max(20).default(4).meta({ description: 'How often a turn is tried before it has finally failed' }),
    backoff: FixedDuration.default('PT1M').meta({ description: 'Wait before the second attempt; doubled each time, with jitter' }),
  })
  .meta({ description: 'Where jobs lie between being due and being done' });
export type QueueSettings = z.infer<typeof QueueSettings>;

export const ServeSettings = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(?:\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/, 'expected host:port, such as 127.0.0.1:9464')
      .default('127.0.0.1:9464')
      .meta({ description: 'Address of /healthz, /readyz and /metrics' }),
    stopWithin: FixedDuration.default('PT1M').meta({ description: 'How long a stop waits for what is under way' }),
  })
  .meta({ description: 'The daemon, `proofline serve`' });
export type ServeSettings = z.infer<typeof ServeSettings>;
