import { z } from 'zod';
import type { ResourceType } from './resource.ts';

/**
 * What a resource has that is a change event: something that happened at a source, in the source's own record of it. Made by collectors of
 * kind `events` and read as `ChangeEvent` (history.ts), whatever the source.
 */
export const changeFields = {
  /** The source's own: the same event read in two windows has the same one. */
  eventId: z.string().min(1),
  /** When it happened, ISO-8601 UTC with milliseconds. */
  at: z.iso.datetime({ precision: 3 }),
  /** `cloudtrail.amazonaws.com:StopLogging`, `github:protected_branch.destroy`: as in `carries` and `changedBy`. */
  name: z.string(),
  /** As the source names who did it; null when it does not. */
  actor: z.string().nullable(),
  /** See ChangeEvent. */
  about: z.array(z.string()),
  region: z.string().nullable(),
  /** The source refused it: nothing changed. */
  refused: z.boolean(),
};
export const ChangeFields = z.object(changeFields);
export type ChangeFields = z.infer<typeof ChangeFields>;

/** What a resource has that says whether there is a record at all (an audit log that the plan has not). Without it a record is always there. */
export const recordFields = { recorded: z.boolean() };
export const RecordFields = z.object(recordFields);

const hasFields = (type: Pick<ResourceType, 'shape'>, fields: object) =>
  Object.keys(fields).every((field) => Object.hasOwn(type.shape, field));

/** Whether a collector reads a record of changes, and nothing that is judged. */
export function isChangeRecord(collector: { readonly kind: string; readonly yields: readonly Pick<ResourceType, 'shape'>[] }): boolean {
  return collector.kind === 'events' && collector.yields.some((type) => hasFields(type, changeFields));
}
