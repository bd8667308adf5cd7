import { z } from 'zod';
import { GapReason } from './completeness.ts';
import { Outcome } from './outcome.ts';

/** Subject id of a result about a whole population: `empty`, or `no-evidence` because it was not all seen. */
export const wholePopulation = '*';

/** What one check, with its parameters, says of one subject. Identity: (check, parameters digest, source, subject). */
export const Result = z.strictObject({
  /** Resource id, or `*`, or `*` + region for the unseen part of a population. */
  subject: z.string(),
  display: z.string(),
  outcome: Outcome,
  message: z.string(),
  /** Set with `no-evidence`. */
  reason: GapReason.optional(),
  /** The verdict holds before this time (ISO-8601 UTC) if nothing changes. */
  until: z.iso.datetime().optional(),
});
export type Result = z.infer<typeof Result>;

/** All results of one check with one set of parameters over one source, as evaluated. */
export interface CheckResults {
  readonly check: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly logic: string;
  /** Resource type the check judges. */
  readonly subjectType: string;
  /** Ids of subjects of that type which `appliesTo` leaves out. With the population and `results`, a pass can be derived without the check's code. */
  readonly excluded: readonly string[];
  readonly results: readonly Result[];
}
