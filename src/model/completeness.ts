import { z } from 'zod';

/** Why something was not seen. A closed list: every error of every source is translated into one of these, once, in its client. */
export const gapReasons = [
  'access-denied',
  'rate-limited',
  'source-unavailable',
  'truncated',
  'malformed-reply',
  'not-collected',
  'stale',
] as const;
export const GapReason = z.enum(gapReasons);
export type GapReason = z.infer<typeof GapReason>;

/** One thing that was not seen: which operation, about which subject (absent = the whole population), and why. */
export const Gap = z.strictObject({
  reason: GapReason,
  operation: z.string(),
  subject: z.string().optional(),
  region: z.string().optional(),
  /** The source's own error code, never its message (messages may carry names and secrets). */
  code: z.string().optional(),
});
export type Gap = z.infer<typeof Gap>;

export const Completeness = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('complete') }),
  z.strictObject({ kind: z.literal('incomplete'), reasons: z.array(GapReason).min(1) }),
]);
export type Completeness = z.infer<typeof Completeness>;

/** The completeness that a list of gaps amounts to; reasons are distinct and in the order of `gapReasons`. */
export function completenessOf(gaps: readonly { readonly reason: GapReason }[]): Completeness {
  const reasons = gapReasons.filter((reason) => gaps.some((gap) => gap.reason === reason));
  return reasons.length === 0 ? { kind: 'complete' } : { kind: 'incomplete', reasons };
}
