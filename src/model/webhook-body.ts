import { z } from 'zod';
import { Message, Notice } from './notification.ts';
import { severities } from './outcome.ts';

/** At most so many notices are in one body, worst first; `counts` is of all. */
export const webhookNotices = 100;

/** What a signed webhook receives: the words of the message and, beside them, what it is made of. */
export const WebhookBody = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Of this shape. Fields may be added within a version; none is taken away or changed' }),
    id: Message.shape.id.meta({
      description:
        'Of the message, the same at every attempt, and in the header Proofline-Id: what you have seen before you need not do again',
    }),
    kind: Message.shape.kind,
    at: Message.shape.at.meta({ description: 'When it was made; ISO-8601 UTC' }),
    entity: z.string(),
    demonstration: z.boolean().meta({ description: 'Nothing in it is real' }),
    channel: z.string(),
    route: z.string().nullable(),
    because: Message.shape.because,
    headline: z.string().meta({ description: 'One line that stands alone' }),
    counts: z
      .strictObject({
        notices: z.int().nonnegative(),
        bySeverity: z.strictObject(
          Object.fromEntries(severities.map((severity) => [severity, z.int().nonnegative()])) as Record<
            (typeof severities)[number],
            z.ZodInt
          >,
        ),
      })
      .meta({ description: 'Of all notices, also of those that were left out' }),
    notices: z.array(Notice).max(webhookNotices).meta({ description: 'Worst first' }),
    omitted: z
      .int()
      .nonnegative()
      .meta({ description: `Notices beyond the first ${webhookNotices}` }),
  })
  .meta({ title: 'Proofline webhook', description: 'Body of a signed webhook of Proofline' });
export type WebhookBody = z.infer<typeof WebhookBody>;
