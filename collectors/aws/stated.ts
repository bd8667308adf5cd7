import { type Reading, unread, z } from '../../src/authoring.ts';

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
