import type { Notice, NoticeKind, Tracked } from '../model/notification.ts';
import type { Severity } from '../model/outcome.ts';
import type { Statement, StatementOf } from '../model/statement.ts';
import { conditionKey } from './identity.ts';
import { sourceKey } from './source-outage.ts';
import type { TransitionContext, Transitions } from './source-reading.ts';
import { type About, Tracking } from './tracking.ts';
import { turnKey } from './turn-key.ts';

export interface EntryContext extends Pick<TransitionContext, 'known' | 'damping' | 'ownerOf'> {
  /** Where the entry stands in the log. */
  readonly index: number;
}

/** Null: nothing is known by that name to the configuration, as of a schedule `anchors`. */
type Source = Notice['source'];

/**
 * What an entry other than an evaluation changed: a gap (of whatever), missed turns, an anchor, a delivery. Any other
 * entry changes nothing here. `known`: every condition of kind source, turn, anchor or channel, also those that lately ended.
 */
export function findEntryTransitions(statement: Statement, context: EntryContext): Transitions {
  const tracking = new Tracking(context.known, statement.at, context.damping);
  const entry: Entry = { tracking, context, evidence: { index: context.index, id: statement.id } };
  if (statement.kind === 'gap') beginGap(statement, entry);
  else if (statement.kind === 'schedule-miss') beginMiss(statement, entry);
  else if (statement.kind === 'anchor') endAnchor(statement, entry);
  else if (statement.kind === 'delivery') followDelivery(statement, entry);
  return tracking.transitions();
}

interface Entry {
  readonly tracking: Tracking;
  readonly context: EntryContext;
  readonly evidence: Notice['evidence'];
}

const anchorKey = (name: string): string => conditionKey('anchor', { name });
const channelKey = (name: string): string => conditionKey('channel', { name });

function beginGap(gap: StatementOf<'gap'>, entry: Entry): void {
  const { of, reason } = gap;
  if (of?.kind === 'source') {
    begin(entry, sourceKey(of.name, null), 'source', 'source-failed', {
      severity: 'high',
      source: { id: of.name, name: of.name },
      subject: { id: of.name, display: of.name },
      message: `it could not be entered: ${reason}`,
    });
  } else if (of?.kind === 'anchor') {
    begin(entry, anchorKey(of.name), 'anchor', 'anchor-failed', {
      severity: 'high',
      source: null,
      subject: { id: of.name, display: of.name },
      message: `the log could not be anchored: ${reason}`,
    });
  } else if (of?.kind === 'channel') {
    begin(entry, channelKey(of.name), 'channel', 'channel-failed', aboutChannel(of.name, reason));
  } else if (of?.kind === 'record') {
    tellOfLoss(gap, of.name, entry);
  } else if (gap.turn !== undefined) {
    const { schedule, due } = gap.turn;
    const attempts = gap.attempts === undefined ? '' : ` after ${gap.attempts} attempt${gap.attempts === 1 ? '' : 's'}`;
    begin(entry, turnKey(schedule), 'turn', 'turn-failed', {
      severity: 'high',
      source: sourceOf(schedule),
      subject: { id: schedule, display: schedule },
      message: `the turn due at ${due} finally failed${attempts}: ${reason}`,
    });
  }
}

const missWords: Readonly<Record<StatementOf<'schedule-miss'>['reason'], string>> = {
  'not-running': 'nothing was running',
  overlap: 'the turn before had not ended',
  'queue-full': 'the queue was full',
  'queue-unavailable': 'the queue did not answer',
  'clock-moved': 'the clock was moved',
  'not-known': 'nothing that was recorded says why',
};

function beginMiss(miss: StatementOf<'schedule-miss'>, entry: Entry): void {
  const { schedule, source, from, to, count, reason, late } = miss;
  const which = count === 1 ? `the turn due at ${from} was not taken` : `${count} turns due from ${from} to ${to} were not taken`;
  begin(entry, turnKey(schedule), 'turn', 'turns-missed', {
    severity: 'medium',
    source: source === null ? null : { id: source, name: source },
    subject: { id: schedule, display: schedule },
    message: `${which}: ${missWords[reason]}${late ? '; the last of them is taken late' : ''}`,
  });
}

/** What is lost does not come back: it is told once, and is nothing that goes on. */
function tellOfLoss({ from, to, reason }: StatementOf<'gap'>, name: string, entry: Entry): void {
  const key = conditionKey('stale', { record: name, from, to });
  begin(entry, key, 'stale', 'record-lost', {
    severity: 'high',
    source: null,
    subject: { id: name, display: name },
    message: `what it recorded from ${from ?? 'its beginning'} to ${to ?? 'now'} was not read in time: ${reason}`,
  });
  const begun = entry.tracking.opened(key);
  if (begun !== undefined) entry.tracking.replace(begun);
}

/** `production/critical` is a schedule of the source `production`; `anchors` is none's. */
function sourceOf(schedule: string): Source {
  const slash = schedule.lastIndexOf('/');
  return slash === -1 ? null : { id: schedule.slice(0, slash), name: schedule.slice(0, slash) };
}

function endAnchor({ anchor, turn }: StatementOf<'anchor'>, { tracking, evidence }: Entry): void {
  const failing = tracking.opened(anchorKey(anchor));
  if (failing !== undefined) {
    tracking.end(failing, 'reading', `the log was anchored again; before: ${failing.notice.message}`, evidence);
  }
  const missed = turn === undefined ? undefined : tracking.opened(turnKey(turn.schedule));
  if (missed !== undefined) {
    tracking.end(missed, 'reading', `a turn of ${missed.notice.subject.id} was taken again; before: ${missed.notice.message}`, evidence);
  }
}

function followDelivery({ channel, outcome, reason }: StatementOf<'delivery'>, entry: Entry): void {
  const key = channelKey(channel);
  if (outcome === 'given-up') {
    begin(entry, key, 'channel', 'channel-failed', aboutChannel(channel, reason ?? 'it took nothing'));
    return;
  }
  const failing = outcome === 'delivered' ? entry.tracking.opened(key) : undefined;
  if (failing !== undefined) {
    entry.tracking.end(failing, 'reading', `it takes messages again; before: ${failing.notice.message}`, entry.evidence);
  }
}

type Said = Pick<About, 'severity' | 'source' | 'subject' | 'message'> & { readonly severity: Severity };
const aboutChannel = (name: string, reason: string): Said => ({
  severity: 'high',
  source: null,
  subject: { id: name, display: name },
  message: `a message was given up: ${reason}`,
});

/** Begins it, or keeps it up to date while it lasts; a schedule that missed turns and then fails one is told of both. */
function begin(entry: Entry, key: string, kind: Tracked['kind'], noticeKind: NoticeKind, said: Said): void {
  const { tracking, context, evidence } = entry;
  const about: About = {
    ...said,
    check: null,
    controls: [],
    criteria: [],
    objectives: [],
    owner: context.ownerOf({ check: null, controls: [], subject: null }),
    evidence,
  };
  const known = tracking.opened(key);
  if (known === undefined) {
    tracking.begin(key, kind, noticeKind, 'reading', about);
    return;
  }
  const updated = tracking.update(known, about);
  const isNew = kind === 'turn' && !known.told.includes(noticeKind) && known.notice.kind !== noticeKind;
  if (isNew && !known.told.includes('flapping')) tracking.tell(updated, noticeKind, 'reading', about.message, '', [noticeKind]);
}

/** Names of sources, ids of schedules, names of anchors and channels. */
export interface StillConfigured {
  readonly sources: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
  readonly anchors: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
}

/**
 * Ends what is about something that left the configuration, without a claim of how it is now. `at`, `evidence`: of the plan that no longer
 * has it. Of a channel that left nobody is told: there is nothing left of it to be told of.
 */
export function withdrawConditions(
  known: readonly Tracked[],
  configured: StillConfigured,
  now: { readonly at: string; readonly evidence: Notice['evidence'] },
): Transitions {
  const tracking = new Tracking(known, now.at, { withinMs: 0, times: Number.POSITIVE_INFINITY });
  for (const condition of tracking.open()) {
    const { kind, notice } = condition;
    if (isConfigured(condition, configured)) continue;
    if (kind === 'channel') tracking.replace(condition);
    else {
      const words = 'it left the configuration: nobody looks any more, and nothing is known of how it is';
      tracking.end(condition, 'logic-changed', `${words}; before: ${notice.message}`, now.evidence, 'withdrawn');
    }
  }
  return tracking.transitions();
}

function isConfigured({ kind, notice }: Tracked, configured: StillConfigured): boolean {
  if (kind === 'anchor') return configured.anchors.has(notice.subject.id);
  if (kind === 'channel') return configured.channels.has(notice.subject.id);
  if (kind === 'turn') return configured.schedules.has(notice.subject.id);
  return notice.source === null || configured.sources.has(notice.source.name);
}
