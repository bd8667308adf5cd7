import { z } from 'zod';

/** `pass fail not-applicable` a check may say; `empty no-evidence` only the engine; `waived` only the history, over a `fail`. */
export const outcomes = ['pass', 'fail', 'not-applicable', 'empty', 'no-evidence', 'waived'] as const;
export const Outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof Outcome>;

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** What a check says of one subject. `until` (ISO-8601 UTC): the verdict holds before that time even if nothing changes. */
export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly message: string;
  readonly until?: string;
}
