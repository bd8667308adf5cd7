import type { GapReason } from '../model/completeness.ts';
import type { Tracked } from '../model/notification.ts';
import { type Severity, severities } from '../model/outcome.ts';
import { wholePopulation } from '../model/result.ts';
import { conditionKey } from './identity.ts';
import type { CheckReading, SourceReading, TransitionContext } from './source-reading.ts';
import type { About, Tracking } from './tracking.ts';
import { whyNotSeen } from './why-not-seen.ts';

/** What is not seen for one cause: one condition, however many checks and subjects it makes blind. */
interface Blindness {
  readonly key: string;
  readonly kind: 'stale' | 'permission';
  readonly reasons: Set<GapReason>;
  /** null: it concerns the whole source. */
  readonly collector: CheckReading['collector'] | null;
  readonly checks: Map<string, CheckReading>;
  readonly subjects: Set<string>;
}

/** What we did not do ourselves concerns the source; what the source refused concerns the collector that asked. */
const ours: ReadonlySet<GapReason> = new Set(['not-collected', 'stale']);
const mark = (check: string): string => `check:${check}`;

/**
 * What cannot be seen any more, and what can again: one condition per collector and kind of refusal, or per source for what was not collected
 * or is too old. While it lasts, somebody is told again only when a check becomes blind that was not before.
 * @param swallowed reasons that another condition already tells of
 * @returns ids of checks whose subjects were never collected until now
 */
export function findBlindness(
  reading: SourceReading,
  context: TransitionContext,
  swallowed: ReadonlySet<GapReason>,
  tracking: Tracking,
): ReadonlySet<string> {
  const before = new Map(
    tracking
      .open()
      .filter(({ kind, notice }) => (kind === 'stale' || kind === 'permission') && notice.source?.id === reading.source.id)
      .map((condition) => [condition.key, condition]),
  );
  const { found, held, blind } = gather(reading, swallowed);
  for (const blindness of found.values()) beginOrGoOn(blindness, before.get(blindness.key), reading, context, tracking);
  for (const condition of before.values()) {
    if (found.has(condition.key) || held.has(condition.key)) continue;
    // Refused for another reason now: whether this one still holds is not known, and that is no end of it.
    const other = checksOf(condition)
      .flatMap((check) => [...(blind.get(check) ?? [])])
      .find(([key]) => !before.has(key));
    if (other !== undefined) tracking.loseSight(condition, other[1], whyNotSeen[other[1]], reading.evidence);
    else tracking.end(condition, 'reading', `it is seen again; before: ${condition.notice.message}`, reading.evidence);
  }
  const waited = before.get(keyOf(reading, 'not-collected', null));
  const still = found.get(keyOf(reading, 'not-collected', null));
  return new Set(waited === undefined ? [] : checksOf(waited).filter((check) => still?.checks.has(check) !== true));
}

const checksOf = ({ told }: Tracked): string[] => told.flatMap((one) => (one.startsWith('check:') ? [one.slice('check:'.length)] : []));

function keyOf(reading: SourceReading, reason: GapReason, collector: CheckReading['collector'] | null): string {
  const { id } = reading.source;
  if (ours.has(reason)) return conditionKey('stale', { source: id, reason });
  return conditionKey(reason === 'access-denied' ? 'permission' : 'stale', { source: id, collector: collector?.id ?? null });
}

interface Gathered {
  readonly found: ReadonlyMap<string, Blindness>;
  /** Keys of what is not told one by one now. */
  readonly held: ReadonlySet<string>;
  /** By check: keys of everything that makes it blind, each with a reason. */
  readonly blind: ReadonlyMap<string, ReadonlyMap<string, GapReason>>;
}

function gather(reading: SourceReading, swallowed: ReadonlySet<GapReason>): Gathered {
  const found = new Map<string, Blindness>();
  const held = new Set<string>();
  const blind = new Map<string, Map<string, GapReason>>();
  for (const check of reading.checks) {
    const keys = new Map<string, GapReason>();
    blind.set(check.check.id, keys);
    for (const { subject, outcome, reason = 'not-collected' } of check.notPass) {
      if (outcome !== 'no-evidence') continue;
      const key = keyOf(reading, reason, check.collector);
      keys.set(key, reason);
      if (swallowed.has(reason)) {
        held.add(key);
        continue;
      }
      const blindness = found.get(key) ?? {
        key,
        kind: reason === 'access-denied' ? ('permission' as const) : ('stale' as const),
        reasons: new Set<GapReason>(),
        collector: ours.has(reason) ? null : check.collector,
        checks: new Map<string, CheckReading>(),
        subjects: new Set<string>(),
      };
      found.set(key, blindness);
      blindness.reasons.add(reason);
      blindness.checks.set(check.check.id, check);
      if (!subject.startsWith(wholePopulation)) blindness.subjects.add(subject);
    }
  }
  return { found, held, blind };
}

function beginOrGoOn(
  blindness: Blindness,
  known: Tracked | undefined,
  reading: SourceReading,
  context: TransitionContext,
  tracking: Tracking,
): void {
  const about = aboutBlindness(blindness, reading, context);
  const marks = [...blindness.checks.keys()].map(mark);
  const noticeKind = blindness.kind === 'permission' ? 'permission-lost' : 'evidence-stale';
  if (known === undefined) {
    tracking.begin(blindness.key, blindness.kind, noticeKind, causeOf([...blindness.checks.values()], reading), about, { told: marks });
    return;
  }
  const added = marks.filter((one) => !known.told.includes(one));
  // Of what was never collected it must stay known which checks wait; of the rest, what was told once is not told again while it lasts.
  const collected = new Set(known.told.filter((one) => one.startsWith('check:') && !marks.includes(one)));
  const told = blindness.reasons.has('not-collected') ? known.told.filter((one) => !collected.has(one)) : known.told;
  const updated = tracking.update(known, about, { unseen: null, told: [...told, ...added] });
  if (added.length === 0 || known.told.includes('flapping')) return;
  const names = namesOf(added.map((one) => one.slice('check:'.length)));
  const ids = new Set(added);
  const cause = causeOf(
    [...blindness.checks.values()].filter(({ check }) => ids.has(mark(check.id))),
    reading,
  );
  tracking.tell(
    { ...updated, notice: { ...updated.notice, evidence: reading.evidence } },
    noticeKind,
    cause,
    `${about.message}; new: ${names}`,
  );
}

function causeOf(checks: readonly CheckReading[], reading: SourceReading): 'reading' | 'first-collection' | 'logic-changed' {
  if (reading.first) return 'first-collection';
  return checks.every(({ changed }) => changed) ? 'logic-changed' : 'reading';
}

function aboutBlindness(blindness: Blindness, reading: SourceReading, context: TransitionContext): About {
  const checks = [...blindness.checks.values()];
  const controls = distinct(checks.flatMap((check) => check.controls));
  const { collector } = blindness;
  const what = collector === null ? 'part of the source' : `${collector.title} (${collector.id})`;
  // Whoever is to grant it again wants its name.
  const denied = collector !== null && blindness.kind === 'permission' ? reading.denied(collector.id) : [];
  const why = [...blindness.reasons].sort().map((reason) => {
    const named = denied.length === 0 ? reading.behind(reason) : denied;
    return `${whyNotSeen[reason]}${named.length === 0 ? '' : ` (${namesOf(named)})`}`;
  });
  const subjects =
    blindness.subjects.size === 0 ? '' : `, ${blindness.subjects.size} known subject${blindness.subjects.size === 1 ? '' : 's'} not judged`;
  const blindChecks = `${checks.length} check${checks.length === 1 ? ' says' : 's say'} nothing (${namesOf([...blindness.checks.keys()])})`;
  return {
    severity: severityOf(checks),
    source: reading.source,
    check: null,
    subject: collector === null ? { id: reading.source.id, display: reading.source.name } : { id: collector.id, display: collector.title },
    message: `${what} is not seen: ${why.join('; ')}. ${blindChecks}${subjects}`,
    controls,
    criteria: [...new Set(checks.flatMap(({ criteria }) => criteria))].sort(),
    objectives: [...new Set(checks.flatMap(({ objectives }) => objectives))].sort(),
    owner: context.ownerOf({ check: null, controls: controls.map(({ id }) => id), subject: null }),
    evidence: reading.evidence,
  };
}

/** That of the worst check, but never critical: that nothing is known is not the worst that can be known. */
function severityOf(checks: readonly CheckReading[]): Severity {
  const worst = severities.find((severity) => checks.some((check) => check.severity === severity)) ?? 'medium';
  return worst === 'critical' ? 'high' : worst;
}

function distinct(controls: CheckReading['controls']): CheckReading['controls'] {
  return [...new Map(controls.map((control) => [control.id, control])).values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

const namedAtMost = 3;
function namesOf(checks: readonly string[]): string {
  const sorted = [...checks].sort();
  const more = sorted.length - namedAtMost;
  return sorted.slice(0, namedAtMost).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
