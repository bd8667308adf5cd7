import { type GapReason, type Reading, unread, z } from '../../src/authoring.ts';
import { type UnreadParts, whyUnread } from './replies.ts';

/** A reply or node of which only the named fields matter. */
export const body = <S extends z.ZodRawShape>(shape: S) => z.looseObject(shape);
/**
 * A field that may be missing from a reply, or be something else than it should: both become undefined, so that the resource stays
 * in its population and only this field counts as unread.
 */
export const given = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);
/** `nodeItems` writes here what a GraphQL error named. */
export const unreadParts = z
  .record(
    z.string(),
    z.custom<GapReason>((value) => typeof value === 'string'),
  )
  .optional();

/** What GitHub showed, or that this caller may not see it: GitHub leaves out, or nulls, what one has no right to. */
export function shown<T>(value: T | null | undefined): Reading<T> {
  return value === undefined || value === null ? unread('access-denied') : value;
}
/** What GitHub always answers: missing, it is not an answer as documented. */
export function stated<T>(value: T | undefined): Reading<T> {
  return value === undefined ? unread('malformed-reply') : value;
}
/** A part of a GraphQL node, unless an error said that it was not answered. */
export function part<T>(parts: UnreadParts | undefined, path: string, value: () => Reading<T>): Reading<T> {
  const reason = whyUnread(parts, path);
  return reason === undefined ? value() : unread(reason);
}
