import { type ItemView, type JsonObject, type Reading, unread, z } from '../../src/authoring.ts';

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

/** The objects in a list of a reply, or undefined when there is no such list. */
export function objectsIn(output: JsonObject, field: string): readonly JsonObject[] | undefined {
  const list = output[field];
  return Array.isArray(list)
    ? list.filter((entry: unknown): entry is JsonObject => typeof entry === 'object' && entry !== null)
    : undefined;
}

/** The only item of a reply that lacks the list it should bring: no shape accepts it, so it counts as malformed and not as "none". */
export const unreadable = [{ subject: '', body: {} }] as const;

/** The region of a region-scoped collection. Throws TypeError for another: its collector declares the wrong scope. */
export function regionOf(view: ItemView): string {
  if (view.region === null) throw new TypeError('a region-scoped collector was run without a region');
  return view.region;
}
