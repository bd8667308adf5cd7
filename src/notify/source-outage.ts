import type { GapReason } from '../model/completeness.ts';
import { wholePopulation } from '../model/result.ts';
import { conditionKey } from './identity.ts';
import type { SourceReading, TransitionContext } from './source-reading.ts';
import type { About, Tracking } from './tracking.ts';
import { whyNotSeen } from './why-not-seen.ts';

/** `member`: id of the account or organisation; null: the source could not be entered at all. */
export const sourceKey = (source: string, member: string | null): string => conditionKey('source', { source, member });

/** What a source says that gives nothing at all. What it gives and cannot be read is not its failing. */
const outages: ReadonlySet<GapReason> = new Set(['access-denied', 'rate-limited', 'source-unavailable']);
/** What follows from an outage and is not told one by one while it lasts. */
const swallowed: ReadonlySet<GapReason> = new Set([...outages, 'stale']);

/**
 * A source that fails as a whole: two collectors or more were tried and all were refused for the same reason, or no check saw anything of
 * its population for one. It is back as soon as any collection is whole. One message, and none of each collector.
 * @returns the reasons of which nothing else is told
 */
export function findSourceOutage(reading: SourceReading, context: TransitionContext, tracking: Tracking): ReadonlySet<GapReason> {
  const reason = outageOf(reading);
  const own = sourceKey(reading.source.name, reading.source.id);
  const keys = [own, sourceKey(reading.source.name, null)];
  if (reason !== undefined) {
    const about = aboutSource(reading, `nothing could be read: ${whyNotSeen[reason]}`, context);
    const known = tracking.opened(own);
    if (known === undefined) tracking.begin(own, 'source', 'source-failed', 'reading', about);
    else tracking.update(known, about);
  } else if (reading.collected.some(({ reason: why }) => why === null)) {
    for (const condition of keys.map((key) => tracking.opened(key))) {
      if (condition !== undefined) {
        tracking.end(condition, 'reading', `it can be read again; before: ${condition.notice.message}`, reading.evidence);
      }
    }
  }
  return keys.some((key) => tracking.opened(key) !== undefined) ? swallowed : new Set();
}

function outageOf({ collected, checks }: SourceReading): GapReason | undefined {
  if (collected.some(({ reason }) => reason === null)) return undefined;
  const tried = new Set(collected.map(({ collector }) => collector));
  const reasons = new Set(collected.map(({ reason }) => reason));
  const [only] = reasons;
  if (tried.size >= 2 && reasons.size === 1 && only !== undefined && only !== null && outages.has(only)) return only;
  const blind = checks.map(
    ({ notPass }) => notPass.find(({ subject, outcome }) => subject === wholePopulation && outcome === 'no-evidence')?.reason,
  );
  const [first] = blind;
  return blind.length >= 2 && first !== undefined && outages.has(first) && blind.every((why) => why === first) ? first : undefined;
}

function aboutSource(reading: SourceReading, message: string, context: TransitionContext): About {
  return {
    severity: 'high',
    source: reading.source,
    check: null,
    subject: { id: reading.source.id, display: reading.source.name },
    message,
    controls: [],
    criteria: [],
    objectives: [],
    owner: context.ownerOf({ check: null, controls: [], subject: null }),
    evidence: reading.evidence,
  };
}
