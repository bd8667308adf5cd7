import { z } from 'zod';
import type { Check } from '../model/check.ts';
import type { GapReason } from '../model/completeness.ts';
import type { Verdict } from '../model/outcome.ts';
import type { ReadResource } from '../model/resource.ts';
import { type Result, wholePopulation } from '../model/result.ts';
import { type GuardedSubject, guardSubject, NotRead } from './read-only-subject.ts';

/** All subjects a check must answer for, and where there may be more that nobody has seen. */
export interface Population {
  /** Of the check's subject type; others are left out. */
  readonly resources: readonly ReadResource[];
  /** `scope`: the source, or source/region. */
  readonly incomplete: readonly { readonly scope: string; readonly reason: GapReason }[];
}
export interface EvaluateOptions {
  /** ISO-8601 UTC: the source's as-of time of the population. */
  readonly asOf: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** All that is known is too old to be judged. */
  readonly stale?: boolean;
}

const Judged = z.strictObject({
  outcome: z.enum(['pass', 'fail', 'not-applicable']),
  message: z.string(),
  until: z.iso.datetime().optional(),
});

const whyNot: Readonly<Record<GapReason, string>> = {
  'access-denied': 'access was denied',
  'rate-limited': 'the source limited how often it may be asked',
  'source-unavailable': 'the source was not available',
  truncated: 'the source did not give all of it',
  'malformed-reply': 'the reply could not be read',
  'not-collected': 'it was not collected',
  stale: 'what was collected is too old',
};

/**
 * One result per subject, or `empty`, or `no-evidence`; sorted by subject.
 * The loop is here and not in the check, so that no check can leave a subject out.
 * @throws Error naming check and subject when the check throws or answers anything but a verdict: a bug.
 */
export function evaluateCheck(check: Check, population: Population, options: EvaluateOptions): Result[] {
  const parameters = check.parameters.parse(options.parameters);
  const results: Result[] = [];
  for (const resource of population.resources) {
    if (resource.type !== check.subject.type) continue;
    const guarded = guardSubject(resource);
    const applies = appliesTo(check, guarded, options.asOf, parameters);
    if (applies === false) continue;
    if (options.stale === true) results.push(notSeen(resource, 'stale'));
    else if (applies instanceof NotRead) results.push(notRead(resource, applies));
    else results.push(judge(check, guarded, options.asOf, parameters));
  }
  return wholeResults(results, population.incomplete);
}

/** Adds what no subject can say: that there may be more of them, or that there are none. Sorted by subject. */
export function wholeResults(results: readonly Result[], incomplete: Population['incomplete']): Result[] {
  const unseen = new Map<string, Result>();
  for (const { scope, reason } of incomplete) {
    const subject = populationSubject(scope);
    const known = unseen.get(subject);
    if (known === undefined) unseen.set(subject, unseenPopulation(subject, scope, reason));
  }
  const all = [...results, ...unseen.values()];
  if (all.length === 0) {
    return [{ subject: wholePopulation, display: 'whole population', outcome: 'empty', message: 'there is no subject to judge' }];
  }
  return all.sort((left, right) => (left.subject < right.subject ? -1 : left.subject > right.subject ? 1 : 0));
}

/** `*` for a whole source, `*us-east-1` for a region of it. */
export function populationSubject(scope: string): string {
  const slash = scope.indexOf('/');
  return slash === -1 ? wholePopulation : wholePopulation + scope.slice(slash + 1);
}

function unseenPopulation(subject: string, scope: string, reason: GapReason): Result {
  return {
    subject,
    display: `whole population of ${scope}`,
    outcome: 'no-evidence',
    message: `not every subject of ${scope} was seen: ${whyNot[reason]}`,
    reason,
  };
}

export function notSeen(resource: Pick<ReadResource, 'id' | 'display'>, reason: GapReason): Result {
  return { subject: resource.id, display: resource.display, outcome: 'no-evidence', message: `not judged: ${whyNot[reason]}`, reason };
}

export function notRead(resource: Pick<ReadResource, 'id' | 'display'>, error: NotRead): Result {
  return {
    subject: resource.id,
    display: resource.display,
    outcome: 'no-evidence',
    message: `${error.field} was not read: ${whyNot[error.reason]}`,
    reason: error.reason,
  };
}

/**
 * Whether the subject is in the check's population; NotRead when that cannot be told, and then it is. `onTime` is told when the answer
 * looked at the time.
 */
export function appliesTo(
  check: Check,
  guarded: GuardedSubject,
  asOf: string,
  parameters: Readonly<Record<string, unknown>>,
  onTime?: () => void,
): boolean | NotRead {
  if (!check.appliesTo) return true;
  const { appliesTo: applies } = check;
  const context = {
    get asOf() {
      onTime?.();
      return asOf;
    },
    parameters,
  };
  const answer = ask(check, guarded, () => applies.call(check, guarded.subject, context));
  if (answer instanceof NotRead) return answer;
  if (typeof answer !== 'boolean') throw new Error(`${check.id}: appliesTo of ${guarded.subject.id} is not true or false`);
  return answer;
}

/** What the check says of one subject that it applies to. */
export function judge(check: Check, guarded: GuardedSubject, asOf: string, parameters: Readonly<Record<string, unknown>>): Result {
  const { id, display } = guarded.subject;
  const answer = ask(check, guarded, (): Verdict => check.test(guarded.subject, { asOf, parameters }));
  if (answer instanceof NotRead) return notRead({ id, display }, answer);
  const verdict = Judged.safeParse(answer);
  if (!verdict.success) throw new Error(`${check.id} gave no verdict of ${id}`, { cause: verdict.error });
  const { outcome, message, until } = verdict.data;
  return { subject: id, display, outcome, message, ...(until === undefined ? {} : { until: new Date(until).toISOString() }) };
}

/** A check's answer; NotRead when it looked at something that was not read, even if it went on to answer. */
function ask<T>(check: Check, guarded: GuardedSubject, question: () => T): T | NotRead {
  guarded.reset();
  let answer: T;
  try {
    answer = question();
  } catch (error) {
    const missing = guarded.missing();
    if (missing !== undefined) return missing;
    throw new Error(`${check.id} failed on ${guarded.subject.id}`, { cause: error });
  }
  return guarded.missing() ?? answer;
}
