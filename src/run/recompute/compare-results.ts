import type { CheckResultsBlob } from '../../model/blobs.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Result } from '../../model/result.ts';

/** What one side says of a subject. */
export interface Said {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly until: string | null;
}
export interface SubjectDifference {
  readonly subject: string;
  readonly display: string;
  /** null: this side has no result of it. */
  readonly sealed: Said | null;
  readonly recomputed: Said | null;
}
export interface Comparison {
  readonly differences: readonly SubjectDifference[];
  /** Same verdict in other words: subject, and the words of both sides. */
  readonly messages: readonly { readonly subject: string; readonly sealed: string; readonly recomputed: string }[];
}

const saidOf = ({ outcome, reason, until }: Pick<Result, 'outcome' | 'reason' | 'until'>): Said => ({
  outcome,
  reason: reason ?? null,
  until: until ?? null,
});

/** Holds what was sealed of one check against what it gives now, subject by subject. `subjects`: of its type, as sealed, by id. */
export function compareResults(
  sealed: CheckResultsBlob,
  recomputed: { readonly results: readonly Result[]; readonly excluded: readonly string[] },
  subjects: ReadonlyMap<string, string>,
): Comparison {
  const before = new Map<string, Said & { readonly message: string | null; readonly display: string }>();
  const excluded = new Set(sealed.excluded);
  const notPass = new Set(sealed.notPass.map(({ subject }) => subject));
  const exceptions = new Map(sealed.exceptions);
  for (const result of sealed.notPass) before.set(result.subject, { ...saidOf(result), message: result.message, display: result.display });
  for (const [subject, display] of subjects) {
    if (excluded.has(subject) || notPass.has(subject)) continue;
    const until = exceptions.has(subject) ? (exceptions.get(subject) ?? null) : sealed.until;
    before.set(subject, { outcome: 'pass', reason: null, until, message: null, display });
  }
  const differences: SubjectDifference[] = [];
  const messages: Comparison['messages'][number][] = [];
  for (const result of recomputed.results) {
    const was = before.get(result.subject);
    before.delete(result.subject);
    const now = saidOf(result);
    if (was === undefined) differences.push({ subject: result.subject, display: result.display, sealed: null, recomputed: now });
    else if (was.outcome !== now.outcome || was.reason !== now.reason || was.until !== now.until) {
      const { outcome, reason, until } = was;
      differences.push({ subject: result.subject, display: result.display, sealed: { outcome, reason, until }, recomputed: now });
    } else if (was.message !== null && was.message !== result.message) {
      messages.push({ subject: result.subject, sealed: was.message, recomputed: result.message });
    }
  }
  for (const [subject, { outcome, reason, until, display }] of before) {
    differences.push({ subject, display, sealed: { outcome, reason, until }, recomputed: null });
  }
  return { differences, messages };
}

/** Whether a check said exactly the same twice: then nothing has to be compared again. */
export function sameResults(
  left: { readonly results: readonly Result[]; readonly excluded: readonly string[] },
  right: { readonly results: readonly Result[]; readonly excluded: readonly string[] },
): boolean {
  if (left.results === right.results && left.excluded === right.excluded) return true;
  if (left.results.length !== right.results.length || left.excluded.length !== right.excluded.length) return false;
  return (
    left.excluded.every((subject, at) => subject === right.excluded[at]) &&
    left.results.every((result, at) => {
      const other = right.results[at]!;
      return (
        result.subject === other.subject &&
        result.outcome === other.outcome &&
        result.message === other.message &&
        result.reason === other.reason &&
        result.until === other.until
      );
    })
  );
}
