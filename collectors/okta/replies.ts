import type { JsonObject, Reply } from '../../src/authoring.ts';

/*
 * How a reply of Okta looks to a collector: the object as sent, or `{ items, next? }` for a list, `next` being what its Link header (or the
 * links in its body) says: see `NextPage`.
 */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects among the items of an output. */
export function itemsOf(output: JsonObject | null): JsonObject[] {
  const items = output?.['items'];
  return Array.isArray(items) ? items.filter(isObject) : [];
}
/** What they are called by. */
export function idsIn(reply: Reply): string[] {
  return itemsOf(reply.output).flatMap((item) => (typeof item['id'] === 'string' ? [item['id']] : []));
}

/** `subject/id`: an item of a list that belongs to something. */
export function keyWithin(item: JsonObject, reply: Reply): string {
  return reply.subject === undefined || typeof item['id'] !== 'string' ? '' : `${reply.subject}/${item['id']}`;
}
