import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { didYouMean } from '../../config/nearest-name.ts';
import { openCurrentIndex } from '../../index/project.ts';
import { readResults } from '../../index/read-results.ts';
import type { RecordedDecision, Waiver } from '../../model/decision.ts';
import type { Store } from '../../store/contract.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Composition } from '../composition.ts';
import { by, type DecidedBy } from './open-period.ts';
import { dayAfter, isDay, refuseProblems, startOfDay } from './period-bounds.ts';
import { readDecisions } from './read-decisions.ts';
import { recordDecision } from './record-decision.ts';
import { type WaiverRecord, waiversOf } from './waivers-of.ts';

export interface WaiverRequest extends DecidedBy {
  readonly control?: string | undefined;
  readonly check?: string | undefined;
  readonly source?: string | undefined;
  readonly subjects?: readonly string[] | undefined;
  /** First and last day (UTC); default of `from`: now. */
  readonly from?: string | undefined;
  readonly expires: string;
  readonly compensatingControl?: string | undefined;
  readonly reason: string;
}

/**
 * Asks for a waiver: an approved, expiring acceptance of a known deviation. It lies over nothing before another person approved it.
 * @throws ProoflineError `usage` with everything that is wrong: unknown check, source or control, nothing named, an expiry in the past or
 * beyond a year
 */
export async function requestWaiver(app: Composition, store: Store, request: WaiverRequest): Promise<RecordedDecision> {
  const problems: string[] = [];
  const registries = await app.registries();
  refuseUnknown(
    'check',
    request.check,
    registries.checks.map(({ id }) => id),
    problems,
  );
  refuseUnknown(
    'control',
    request.control,
    (await app.controls()).map(({ control }) => control.id),
    problems,
  );
  refuseUnknown('source', request.source, sourcesOf(store), problems);
  const subjects = request.subjects?.length === 0 ? undefined : request.subjects;
  if (request.check === undefined && subjects === undefined)
    problems.push('a waiver names what it is about: a check, or subjects (with --source alone it would lie over everything there)');
  const now = app.now();
  const times = timesOf(request, now, { years: 1 }, 'a year', problems);
  refuseProblems(problems, 'the waiver is not requested');
  return await recordDecision(app, store, {
    ...by(request),
    payload: {
      type: 'waive',
      waiver: {
        id: freshId(app, store),
        kind: 'waiver',
        control: request.control ?? null,
        scope: [
          {
            ...(request.check === undefined ? {} : { check: request.check }),
            ...(request.source === undefined ? {} : { source: request.source }),
            ...(subjects === undefined ? {} : { subjects: [...subjects] }),
          },
        ],
        reason: request.reason,
        ...times,
        compensatingControl: request.compensatingControl ?? null,
      },
    },
    reason: request.reason,
  });
}

export interface OnboardingRequest extends DecidedBy {
  /** Id of a source (`aws:111122223333`); default: all. */
  readonly source?: string | undefined;
  readonly expires: string;
  readonly reason: string;
}

/**
 * Asks for one waiver over everything that fails now: known when the tool came in. It calms the first week, expires within 90 days, and
 * what fails goes on failing underneath.
 * @throws ProoflineError `usage` with everything that is wrong, also when nothing fails
 */
export async function requestOnboardingWaiver(
  app: Composition,
  store: EmbeddedStore,
  request: OnboardingRequest,
): Promise<{ readonly decision: RecordedDecision; readonly results: number }> {
  const problems: string[] = [];
  refuseUnknown('source', request.source, sourcesOf(store), problems);
  const times = timesOf(request, app.now(), { days: 90 }, '90 days', problems);
  refuseProblems(problems, 'the waiver is not requested');
  const index = await openCurrentIndex(store, app.configuration.store.data);
  let failing: readonly { readonly check: string; readonly source: string; readonly subject: string }[];
  try {
    failing = (await readResults(index, { outcomes: ['fail'], source: request.source, limit: Number.MAX_SAFE_INTEGER })).results;
  } finally {
    await index.close();
  }
  if (failing.length === 0) refuseProblems(['nothing fails'], 'the waiver is not requested');
  const decision = await recordDecision(app, store, {
    ...by(request),
    payload: {
      type: 'waive',
      waiver: {
        id: freshId(app, store),
        kind: 'known-at-onboarding',
        control: null,
        scope: scopeOf(failing),
        reason: request.reason,
        ...times,
        compensatingControl: null,
      },
    },
    reason: request.reason,
  });
  return { decision, results: failing.length };
}

/** @throws ProoflineError `usage` when there is no such waiver. */
export function findWaiver(store: Store, id: string): WaiverRecord {
  const waivers = waiversOf(readDecisions(store));
  const found = waivers.find(({ waiver }) => waiver.id === id);
  if (found !== undefined) return found;
  refuseProblems([
    `there is no waiver "${id}"${didYouMean(
      id,
      waivers.map(({ waiver }) => waiver.id),
    )}`,
  ]);
  throw new TypeError('a problem was not told');
}

function refuseUnknown(what: string, wanted: string | undefined, known: readonly string[], problems: string[]): void {
  if (wanted !== undefined && !known.includes(wanted)) problems.push(`there is no ${what} "${wanted}"${didYouMean(wanted, known)}`);
}
function sourcesOf(store: Store): string[] {
  return [...new Set(store.latestCollections().map(({ statement }) => statement.source))];
}

function timesOf(
  { from, expires }: { readonly from?: string | undefined; readonly expires: string },
  now: string,
  longest: Temporal.DurationLike,
  longestText: string,
  problems: string[],
): Pick<Waiver, 'from' | 'expires'> {
  for (const [what, day] of Object.entries({ from, expires })) {
    if (day !== undefined && !isDay(day)) problems.push(`--${what} ${day} is no date: expected a day such as 2026-03-31`);
  }
  if (!isDay(expires) || (from !== undefined && !isDay(from))) return { from: now, expires: now };
  const start = from === undefined ? now : startOfDay(from, 'UTC');
  const end = startOfDay(dayAfter(expires), 'UTC');
  if (end <= now) problems.push(`the expiry ${expires} lies in the past`);
  else if (end <= start) problems.push(`it expires (${expires}) before it begins (${from})`);
  const latest = Temporal.PlainDate.from(start.slice(0, 10)).add(longest).toString();
  if (expires > latest) problems.push(`the expiry ${expires} lies beyond ${longestText} (${latest}): ask again then`);
  return { from: start, expires: end };
}

function freshId(app: Composition, store: Store): string {
  const taken = new Set(waiversOf(readDecisions(store)).map(({ waiver }) => waiver.id));
  for (;;) {
    const id = `W-${createHash('sha256').update(app.newId()).digest('hex').slice(0, 8)}`;
    if (!taken.has(id)) return id;
  }
}

function scopeOf(failing: readonly { readonly check: string; readonly source: string; readonly subject: string }[]): Waiver['scope'] {
  const groups = new Map<string, { check: string; source: string; subjects: Set<string> }>();
  for (const { check, source, subject } of failing) {
    const key = JSON.stringify([check, source]);
    const group = groups.get(key) ?? { check, source, subjects: new Set<string>() };
    groups.set(key, group);
    group.subjects.add(subject);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { check, source, subjects }]) => ({ check, source, subjects: [...subjects].sort() }));
}
