import type { GapReason } from '../../model/completeness.ts';
import type { Json, JsonObject } from '../../model/json.ts';

/** What is worked out of one subject, as it is sealed. */
export interface DerivedItem {
  readonly subject: string;
  readonly body: JsonObject;
}

/**
 * `{ of: 'person', unread: { status: 'truncated' }, name: 'Ana', ... }`: a field that could not be known is under `unread`, with the reason, and
 * not among the others.
 */
export function derivedItem(of: string, subject: string, fields: object, unread: Readonly<Record<string, GapReason>> = {}): DerivedItem {
  const body: Record<string, Json> = { of, unread: { ...unread }, ...(fields as Record<string, Json>) };
  for (const field of Object.keys(unread)) delete body[field];
  return { subject: `${of}/${subject}`, body };
}
