import type { GapReason } from '../model/completeness.ts';

/** Why something was not seen, as the end of a sentence. */
export const whyNotSeen: Readonly<Record<GapReason, string>> = {
  'access-denied': 'access was denied',
  'rate-limited': 'the source limited how often it may be asked',
  'source-unavailable': 'the source was not available',
  truncated: 'the source did not give all of it',
  'malformed-reply': 'the reply could not be read',
  'not-collected': 'it was not collected',
  stale: 'what was collected is too old',
};
