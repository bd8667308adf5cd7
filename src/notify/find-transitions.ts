import type { GapReason } from '../model/completeness.ts';
import type { Tracked } from '../model/notification.ts';
import { type Result, wholePopulation } from '../model/result.ts';
import { findBlindness } from './find-blindness.ts';
import { conditionKey } from './identity.ts';
import { findSourceOutage } from './source-outage.ts';
import type { CheckReading, SourceReading, TransitionContext, Transitions } from './source-reading.ts';
import { type About, Tracking } from './tracking.ts';
import { turnKey } from './turn-key.ts';
import { whyNotSeen } from './why-not-seen.ts';

/**
 * What an evaluation changed. Only changes of state are told: a subject begins to fail or passes again, something cannot be seen any more
 * or can be again. What failed and is not seen now has not recovered; what failed and is gone has ended, and says so. Nothing is told of
 * what lies under a waiver.
 */
export function findTransitions(reading: SourceReading, context: TransitionContext): Transitions {
  const tracking = new Tracking(context.known, reading.at, context.damping);
  if (reading.schedule !== null) endTurn(reading.schedule, reading, tracking);
  const swallowed = findSourceOutage(reading, context, tracking);
  const seenFirst = findBlindness(reading, context, swallowed, tracking);
  const before = failuresOfBefore(reading, tracking);
  const open = openFailures(reading, tracking);
  for (const check of reading.checks) {
    findFailures(check, reading, { ...context, before, open, seenFirst: seenFirst.has(check.check.id) }, tracking);
  }
  endFailuresOfBefore(before, reading, tracking);
  return tracking.transitions();
}

export function failingKey(source: string, check: { readonly id: string; readonly parametersDigest: string }, subject: string): string {
  return conditionKey('failing', { source, check: check.id, parametersDigest: check.parametersDigest, subject });
}

function endTurn(schedule: string, reading: SourceReading, tracking: Tracking): void {
  const condition = tracking.opened(turnKey(schedule));
  if (condition === undefined) return;
  tracking.end(condition, 'reading', `a turn of ${schedule} was taken again; before: ${condition.notice.message}`, reading.evidence);
}

type Cause = 'reading' | 'first-collection' | 'logic-changed';

interface Failures extends TransitionContext {
  /** By check and parameters: what failed until now. */
  readonly open: ReadonlyMap<string, readonly Tracked[]>;
  /** By check and subject: what failed with parameters that are not in use any more. */
  readonly before: ReadonlyMap<string, Tracked>;
  /** What it judges was never collected until now. */
  readonly seenFirst: boolean;
}

function openFailures(reading: SourceReading, tracking: Tracking): Map<string, readonly Tracked[]> {
  const open = tracking.open().filter(({ kind, notice }) => kind === 'failing' && notice.source?.id === reading.source.id);
  return Map.groupBy(open, ({ notice }) => (notice.check === null ? '' : useOf(notice.check)));
}

function findFailures(of: CheckReading, reading: SourceReading, context: Failures, tracking: Tracking): void {
  const { check, severity } = of;
  const { open, seenFirst } = context;
  const cause: Cause = reading.first || seenFirst ? 'first-collection' : of.changed ? 'logic-changed' : 'reading';
  const controls = of.controls.map(({ id }) => id);
  const failing = new Set<string>();
  for (const { subject, display, outcome, message } of of.notPass) {
    if (outcome !== 'fail') continue;
    failing.add(subject);
    const key = failingKey(reading.source.id, check, subject);
    const about = aboutFailure(of, reading, context, { subject, display, message });
    const waiver = context.waiverOf({ check: check.id, source: reading.source.id, subject, controls });
    const known = tracking.opened(key);
    if (known !== undefined) {
      tracking.update(known, about, { unseen: null });
      continue;
    }
    const from = of.changed ? context.before.get(failureOf(check.id, subject)) : undefined;
    if (from !== undefined) tracking.replace(from);
    const due = (since: string) => context.dueOf({ severity, controls }, since);
    tracking.begin(key, 'failing', 'check-failing', cause, about, { waiver, due, from });
  }
  const before = open.get(useOf(check)) ?? [];
  const results = before.length === 0 ? undefined : resultsOf(of);
  for (const condition of before) {
    if (results === undefined || failing.has(condition.notice.subject.id)) continue;
    const fate = fateOf(condition.notice.subject.id, results, reading, of.changed);
    if (fate.kind === 'unseen') tracking.loseSight(condition, fate.reason, fate.why, reading.evidence);
    else if (fate.kind === 'ended') {
      const because = of.changed ? 'logic-changed' : 'reading';
      tracking.end(condition, because, `${fate.words}; before: ${condition.notice.message}`, reading.evidence);
    }
  }
}

function aboutFailure(
  of: CheckReading,
  reading: SourceReading,
  context: TransitionContext,
  result: { readonly subject: string; readonly display: string; readonly message: string },
): About {
  const { check, severity, controls, criteria, objectives } = of;
  const ids = controls.map(({ id }) => id);
  return {
    severity,
    source: reading.source,
    check,
    subject: { id: result.subject, display: result.display },
    message: result.message,
    controls,
    criteria,
    objectives,
    owner: context.ownerOf({ check: check.id, controls: ids, subject: result.subject }),
    evidence: reading.evidence,
  };
}

/** What becomes of a subject that failed before: what a check's results say of it now. */
type Fate =
  | { readonly kind: 'failing' }
  | { readonly kind: 'unseen'; readonly reason: GapReason; readonly why: string }
  | { readonly kind: 'ended'; readonly words: string };

interface Results {
  readonly bySubject: ReadonlyMap<string, Result>;
  readonly excluded: ReadonlySet<string>;
}
const resultsOf = (of: CheckReading): Results => ({
  bySubject: new Map(of.notPass.map((result) => [result.subject, result])),
  excluded: new Set(of.excluded),
});

/** Not seen, gone, out of the check's population, or passing. */
function fateOf(subject: string, { bySubject, excluded }: Results, reading: SourceReading, changed: boolean): Fate {
  const result = bySubject.get(subject);
  if (result?.outcome === 'fail') return { kind: 'failing' };
  if (result?.outcome === 'no-evidence') return { kind: 'unseen', reason: result.reason ?? 'not-collected', why: result.message };
  if (result !== undefined || excluded.has(subject)) return { kind: 'ended', words: 'the check does not apply to it any more' };
  if (reading.has(subject)) {
    return { kind: 'ended', words: changed ? 'it passes since the check, or what it is given, changed' : 'it passes again' };
  }
  const reason = unseenPart(subject, bySubject);
  if (reason !== undefined) return { kind: 'unseen', reason, why: whyNotSeen[reason] };
  return { kind: 'ended', words: 'it is not there any more (removed, or out of scope)' };
}

/** Why a subject that is not in the population may be there all the same: the whole of it, or its region, was not seen. */
function unseenPart(subject: string, bySubject: Results['bySubject']): GapReason | undefined {
  const region = subject.split('/')[1];
  const part = bySubject.get(wholePopulation) ?? (region === undefined ? undefined : bySubject.get(wholePopulation + region));
  return part?.outcome === 'no-evidence' ? (part.reason ?? 'not-collected') : undefined;
}

const useOf = (check: { readonly id: string; readonly parametersDigest: string }): string => `${check.id} ${check.parametersDigest}`;
const failureOf = (check: string, subject: string): string => `${check}\u0000${subject}`;

/** Failures found with parameters that are not in use any more, by check and subject. */
function failuresOfBefore(reading: SourceReading, tracking: Tracking): Map<string, Tracked> {
  const inUse = new Set(reading.checks.map(({ check }) => useOf(check)));
  return new Map(
    tracking.open().flatMap((condition): [string, Tracked][] => {
      const { kind, notice } = condition;
      if (kind !== 'failing' || notice.source?.id !== reading.source.id || notice.check === null) return [];
      return inUse.has(useOf(notice.check)) ? [] : [[failureOf(notice.check.id, notice.subject.id), condition]];
    }),
  );
}

/**
 * What is left of failures that were found with parameters of before. Where the check is judged with other parameters, those say how it is;
 * a check that is not judged any more says nothing, and nothing is claimed.
 */
function endFailuresOfBefore(before: ReadonlyMap<string, Tracked>, reading: SourceReading, tracking: Tracking): void {
  const successors = new Map(
    before.size === 0
      ? []
      : reading.checks.flatMap((of) => (of.changed ? [[of.check.id, { check: of.check, results: resultsOf(of) }] as const] : [])),
  );
  for (const condition of before.values()) {
    const { notice } = condition;
    if (tracking.opened(condition.key) === undefined || notice.check === null) continue;
    const successor = successors.get(notice.check.id);
    const fate = successor === undefined ? undefined : fateOf(notice.subject.id, successor.results, reading, true);
    if (successor !== undefined && fate?.kind === 'unseen') {
      const key = failingKey(reading.source.id, successor.check, notice.subject.id);
      tracking.replace(condition);
      tracking.begin(key, 'failing', 'check-failing', 'logic-changed', { ...notice, check: successor.check }, { from: condition });
      const moved = tracking.opened(key);
      if (moved !== undefined) tracking.loseSight(moved, fate.reason, fate.why, reading.evidence);
    } else if (fate?.kind === 'ended') {
      tracking.end(condition, 'logic-changed', `${fate.words}; before: ${notice.message}`, reading.evidence);
    } else {
      const words = 'it is not judged like this any more, and whether it would still fail is not known';
      tracking.end(condition, 'logic-changed', `${words}; before: ${notice.message}`, reading.evidence, 'withdrawn');
    }
  }
}
