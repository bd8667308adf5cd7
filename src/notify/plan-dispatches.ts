import type { NotifySettings } from '../config/notify-settings.ts';
import { durationMs } from '../model/compare-rulers.ts';
import type { Message, Notice, NoticeKind } from '../model/notification.ts';
import { severities } from '../model/outcome.ts';
import { messageId } from './identity.ts';
import { defaultRoute, endingsRoute, escalationRoute, type Waiting } from './take-routes.ts';
import { nextDigest, quietUntil } from './telling-times.ts';

export interface PlanDispatchesInput {
  /** Everything that is not settled. */
  readonly waiting: readonly Waiting[];
  readonly settings: NotifySettings;
  readonly now: string;
  readonly entity: string;
  readonly demonstration: boolean;
  /** Id of the waiver that lies over a condition now; null: none. */
  waiverOver(condition: string): string | null;
}
export interface DispatchPlan {
  /** To be said now: one per route, channel and `because`. */
  readonly messages: readonly Message[];
  /** Rows that no longer wait: told in `messages`, or the reason why nobody is told. */
  readonly settled: readonly Settled[];
  /** When to look again if nothing new is found; null: nothing waits. */
  readonly next: string | null;
}
interface Settled {
  readonly notice: string;
  readonly route: string;
  readonly messages: readonly string[];
  readonly reason: string | null;
}

/**
 * What is said now and what waits. On each route: what is critical goes at once, also in quiet hours; a first collection and a change of
 * logic are one digest each, whatever their severity, that waits for the batch like everything else; the rest waits for the batch, the end
 * of the quiet hours or the route's digest. What is found while something waits goes with it. Of a condition that began and ended before
 * anybody was told, its end alone is said, which says since when it had been.
 */
export function planDispatches(input: PlanDispatchesInput): DispatchPlan {
  const { now } = input;
  const messages: Message[] = [];
  const settled: Settled[] = [];
  const upcoming: string[] = [];
  const rows = input.waiting.flatMap((row) => {
    const waiver = silencedBy(row, input);
    const channels = row.channels.filter((name) => input.settings.channels.some((channel) => channel.name === name));
    const reason =
      waiver !== null ? `waiver ${waiver} lies over it` : channels.length === 0 ? 'its channels left the configuration' : undefined;
    if (reason === undefined) return [{ ...row, channels }];
    settled.push({ notice: row.notice.id, route: row.route, messages: [], reason });
    return [];
  });
  for (const [route, ofRoute] of Map.groupBy(rows, (row) => row.route)) {
    const batches = batchesOf(route, ofRoute, input.settings);
    upcoming.push(...batches.flatMap(({ due }) => (due > now ? [due] : [])));
    const due = batches.filter((batch) => batch.due <= now);
    for (const [because, together] of Map.groupBy(due, (batch) => batch.because)) {
      const said = together.flatMap((batch) => batch.rows);
      const told = new Map<string, string[]>(said.map(({ row }) => [row.notice.id, []]));
      for (const channel of new Set(said.flatMap(({ row }) => row.channels))) {
        const notices = said.filter(({ row }) => row.channels.includes(channel)).map(({ row }) => row.notice);
        const message = messageOf({ channel, route, because, notices, input });
        messages.push(message);
        for (const { id } of notices) told.get(id)?.push(message.id);
      }
      settled.push(...[...told].map(([notice, ids]) => ({ notice, route, messages: ids, reason: null })));
      for (const { row, reason } of said.flatMap(({ instead }) => instead)) {
        settled.push({ notice: row.notice.id, route, messages: [], reason });
      }
    }
  }
  const next = upcoming.sort()[0] ?? null;
  return { messages, settled, next };
}

/** That a waiver is about to end, or has, is said although (because) it lies there; so is in a ticket that what it is about has ended. */
function silencedBy({ notice: { kind, condition }, route }: Waiting, { waiverOver }: PlanDispatchesInput): string | null {
  return route === endingsRoute || kind === 'waiver-expiring' || kind === 'waiver-expired' ? null : waiverOver(condition);
}

interface Dropped {
  readonly row: Waiting;
  readonly reason: string;
}
/** A row that is said, and those of its condition that it is said instead of. */
interface Said {
  readonly row: Waiting;
  readonly instead: readonly Dropped[];
}
interface Batch {
  readonly due: string;
  readonly because: Message['because'];
  readonly rows: readonly Said[];
}
type Class = 'urgent' | 'ordinary' | 'first-collection' | 'logic-changed';

function classOf({ cause, severity }: Notice, settings: NotifySettings): Class {
  if (cause === 'first-collection' || cause === 'logic-changed') return cause;
  return severity === 'critical' && settings.criticalAtOnce ? 'urgent' : 'ordinary';
}

/** What is said instead of something else is said when that was due: what comes and goes puts nothing off. */
function batchesOf(route: string, rows: readonly Waiting[], settings: NotifySettings): Batch[] {
  const digest = settings.routes.find(({ name }) => name === route)?.digest;
  const dueOf = new Map<Class, string>();
  for (const [of, ofClass] of Map.groupBy(rows, ({ notice }) => classOf(notice, settings))) {
    dueOf.set(of, dueOfClass(of, ofClass, route, settings));
  }
  const due = ({ notice }: Waiting): string => dueOf.get(classOf(notice, settings)) ?? notice.at;
  const said = [...Map.groupBy(rows, ({ notice }) => notice.condition).values()].flatMap(lastWords);
  return [...Map.groupBy(said, ({ row }) => classOf(row.notice, settings))].map(([of, ofClass]) => ({
    due: earliest(ofClass.flatMap(({ row, instead }) => [due(row), ...instead.map((dropped) => due(dropped.row))])),
    because: of === 'urgent' ? null : of === 'ordinary' ? (digest ?? null) : of,
    rows: ofClass,
  }));
}

function dueOfClass(of: Class, rows: readonly Waiting[], route: string, settings: NotifySettings): string {
  const found = earliest(rows.map(({ foundAt }) => foundAt));
  if (of === 'urgent' || isGone(route, settings)) return found;
  const digest = settings.routes.find(({ name }) => name === route)?.digest;
  const planned = route === escalationRoute ? found : plannedAt(found, digest, settings);
  const isCritical = rows.some(({ notice }) => notice.severity === 'critical');
  return isCritical ? planned : (quietUntil(planned, settings) ?? planned);
}

/** A route that left the configuration has no times any more: what waited for it is said. */
function isGone(route: string, { routes }: NotifySettings): boolean {
  return route !== defaultRoute && route !== escalationRoute && !routes.some(({ name }) => name === route);
}

function plannedAt(found: string, digest: 'daily' | 'weekly' | undefined, settings: NotifySettings): string {
  if (digest !== undefined) return nextDigest(digest, found, settings);
  return new Date(Date.parse(found) + durationMs(settings.batch)).toISOString();
}

const earliest = (times: readonly string[]): string => times.reduce((least, time) => (time < least ? time : least));

const endings: ReadonlySet<NoticeKind> = new Set([
  'check-recovered',
  'evidence-back',
  'permission-back',
  'source-back',
  'turn-back',
  'anchor-back',
  'channel-back',
  'due-met',
  'withdrawn',
]);

/** Of one condition: nothing of what was said of it before its end, and of what would be said twice the later. */
function lastWords(rows: readonly Waiting[]): Said[] {
  if (rows.length === 1) return rows.map((row) => ({ row, instead: [] }));
  const inOrder = rows.toSorted((left, right) => order(left.notice, right.notice));
  const ended = inOrder.findLastIndex(({ notice }) => endings.has(notice.kind));
  const kept: Waiting[] = [];
  const instead: Dropped[] = [];
  for (const [at, row] of inOrder.entries()) {
    const again = inOrder.findLastIndex(({ notice }) => notice.kind === row.notice.kind) > at;
    if (at < ended) instead.push({ row, reason: 'it ended before it was told; its end says since when it had been' });
    else if (at === ended && at < inOrder.length - 1) instead.push({ row, reason: 'it began again before its end was told' });
    else if (again) instead.push({ row, reason: 'the same was found again before it was told' });
    else kept.push(row);
  }
  return kept.map((row, at) => ({ row, instead: at === kept.length - 1 ? instead : [] }));
}

const order = (left: Notice, right: Notice): number =>
  left.at < right.at ? -1 : left.at > right.at ? 1 : left.evidence.index - right.evidence.index;

function messageOf(of: {
  readonly channel: string;
  readonly route: string;
  readonly because: Message['because'];
  readonly notices: readonly Notice[];
  readonly input: PlanDispatchesInput;
}): Message {
  const { channel, route, because, input } = of;
  const notices = of.notices.toSorted(worstFirst);
  return {
    id: messageId({ channel, route, notices: notices.map(({ id }) => id) }),
    kind: because === null ? 'notices' : 'digest',
    channel,
    route,
    at: input.now,
    entity: input.entity,
    demonstration: input.demonstration,
    because,
    notices,
  };
}

/** What is untrue before what is no longer; then by severity, age and id, so that the same notices are the same message. */
function worstFirst(left: Notice, right: Notice): number {
  return (
    Number(endings.has(left.kind)) - Number(endings.has(right.kind)) ||
    severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
    (left.since < right.since ? -1 : left.since > right.since ? 1 : 0) ||
    (left.id < right.id ? -1 : 1)
  );
}
