import { type ItemView, isUnread, type JsonObject, type Reading, unread, z } from '../../src/authoring.ts';

/**
 * A field that may be missing from a reply, or be something else than it should: both become undefined, so that the resource stays
 * in its population and only this field counts as unread. Not for fields whose absence means something.
 */
export const given = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);

/** What the source stated, or that it left it out: an absent setting is unknown, never off. */
export function stated<T>(value: T | undefined): Reading<T> {
  return value === undefined ? unread('malformed-reply') : value;
}

/** A reply of which only the named fields matter. */
export const body = <S extends z.ZodRawShape>(shape: S) => z.looseObject(shape);

/** The objects in a list of a reply; undefined when there is no such list, or something else in it, for then nobody knows what it was. */
export function objectsIn(output: JsonObject, field: string): readonly JsonObject[] | undefined {
  const list = output[field];
  const isObject = (entry: unknown): entry is JsonObject => typeof entry === 'object' && entry !== null && !Array.isArray(entry);
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}

/** A field that names something; empty when it is no text, and an item without a name counts as malformed. */
export function textIn(object: JsonObject, field: string): string {
  const text = object[field];
  return typeof text === 'string' ? text : '';
}

/** What a reply splits into when it lacks the list it should bring: an item without a subject, which counts as malformed and not as "none". */
export const unreadable = [{ subject: '', body: {} }] as const;

/** Name of the item that holds one whole page of a list about one subject. A gap in the list takes the place of the first page. */
export const pageSubject = (subject: string, page: number) => (page === 1 ? subject : `${subject}/${page}`);

/** All pages of a list about one subject that was kept page by page, so that an empty list is an answer and not a silence. */
export function pagesAbout<S extends z.ZodType>(view: ItemView, operation: string, subject: string, shape: S): Reading<z.output<S>[]> {
  const pages: z.output<S>[] = [];
  for (let page = 1; ; page += 1) {
    const found = view.part(operation, pageSubject(subject, page), shape);
    if (isUnread(found)) return page > 1 && found.reason === 'not-collected' ? pages : found;
    if (found === null) return unread('malformed-reply');
    pages.push(found);
  }
}

/** The region of a region-scoped collection. Throws TypeError for another: its collector declares the wrong scope. */
export function regionOf(view: ItemView): string {
  if (view.region === null) throw new TypeError('a region-scoped collector was run without a region');
  return view.region;
}
