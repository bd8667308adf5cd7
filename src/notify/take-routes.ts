import type { NotifySettings, RouteSetting } from '../config/notify-settings.ts';
import type { Notice, NoticeKind } from '../model/notification.ts';
import { matchesPattern } from './matches-pattern.ts';

/** A notice that waits to be told on a route. One row per notice and route; the row is kept until it is settled. */
export interface Waiting {
  readonly notice: Notice;
  /** Name of the route; `default` where none is configured or fits, `escalation` for whom is told besides when a due time has passed. */
  readonly route: string;
  readonly channels: readonly string[];
  /** When it was found (the clock, not the log): batches and digests count from here. */
  readonly foundAt: string;
}
export interface TakenRoutes {
  readonly waiting: readonly Waiting[];
  /** Who is not told, and why; `route` null: nobody is. */
  readonly untold: readonly { readonly notice: string; readonly route: string | null; readonly reason: string }[];
}
type Untold = TakenRoutes['untold'][number];

export const defaultRoute = 'default';
export const escalationRoute = 'escalation';
/**
 * Where something began in a thread or a ticket its end is said there too, whatever the routes leave out and whatever waiver lies over it by
 * then: a ticket must not stay open for ever.
 */
export const endingsRoute = 'endings';

/** What says that Proofline itself is blind or mute: it is never left to filters that were written with checks in mind. */
const operational: ReadonlySet<NoticeKind> = new Set([
  'permission-lost',
  'record-lost',
  'source-failed',
  'turns-missed',
  'turn-failed',
  'anchor-failed',
  'channel-failed',
]);

/**
 * Which routes take a notice: every one that fits, in order, until one that is `last`; without any route, the first channel. A channel that
 * an earlier route tells at once is not told again by a later one. What says that Proofline is blind or mute goes to the first channel when
 * no route takes it; a channel that fails is told of by another.
 */
export function takeRoutes(notices: readonly Notice[], settings: NotifySettings, foundAt: string): TakenRoutes {
  const waiting: Waiting[] = [];
  const untold: Untold[] = [];
  for (const notice of notices) {
    const taken = takeOne(notice, settings);
    waiting.push(...taken.waiting.map((row) => ({ notice, ...row, foundAt })));
    untold.push(...taken.untold);
  }
  return { waiting, untold };
}

interface TakenOne {
  readonly waiting: readonly { readonly route: string; readonly channels: readonly string[] }[];
  readonly untold: readonly Untold[];
}

function takeOne(notice: Notice, settings: NotifySettings): TakenOne {
  const names = settings.channels.map(({ name }) => name).filter((name) => !concerns(notice, name));
  const [first] = names;
  if (first === undefined) {
    const reason = settings.channels.length === 0 ? 'no channel is configured' : 'the only channel is the one that fails';
    return { waiting: [], untold: [{ notice: notice.id, route: null, reason }] };
  }
  const waiting: { route: string; channels: readonly string[] }[] = [];
  const untold: Untold[] = [];
  const toldAtOnce = new Map<string, string>();
  for (const route of routesFor(notice, settings)) {
    const usable = route.channels.filter((channel) => names.includes(channel));
    const channels = usable.filter((channel) => !toldAtOnce.has(channel));
    for (const channel of route.digest === undefined ? channels : []) toldAtOnce.set(channel, route.name);
    if (channels.length > 0) waiting.push({ route: route.name, channels });
    else {
      const by = toldAtOnce.get(usable[0] ?? '');
      const reason = by === undefined ? 'its channels are the one that fails' : `route ${by} tells the same channels`;
      untold.push({ notice: notice.id, route: route.name, reason });
    }
  }
  if (waiting.length === 0 && (settings.routes.length === 0 || operational.has(notice.kind))) {
    waiting.push({ route: defaultRoute, channels: [first] });
    toldAtOnce.set(first, defaultRoute);
  }
  if (notice.kind === 'sla-passed' || notice.kind === 'due-passed') {
    const channels = settings.escalate.filter((channel) => names.includes(channel) && !toldAtOnce.has(channel));
    if (channels.length > 0) waiting.push({ route: escalationRoute, channels });
  }
  const isTaken = waiting.length > 0 || untold.length > 0;
  return { waiting, untold: isTaken ? untold : [{ notice: notice.id, route: null, reason: 'no route takes it' }] };
}

/** A channel is not told of its own failure, nor by itself that it is back. */
const concerns = ({ kind, subject }: Notice, channel: string): boolean => kind === 'channel-failed' && subject.id === channel;

function routesFor(notice: Notice, { routes }: NotifySettings): RouteSetting[] {
  const taken: RouteSetting[] = [];
  for (const route of routes) {
    if (!fits(notice, route)) continue;
    taken.push(route);
    if (route.last) break;
  }
  return taken;
}

function fits(notice: Notice, route: RouteSetting): boolean {
  const { severity, source, check, owner, kind } = notice;
  return (
    (route.severities?.includes(severity) ?? true) &&
    (route.kinds?.includes(kind) ?? true) &&
    (route.sources === undefined || (source !== null && route.sources.includes(source.name))) &&
    (route.owners === undefined || (owner.name !== null && route.owners.includes(owner.name))) &&
    (route.checks === undefined || (check !== null && route.checks.some((pattern) => matchesPattern(check.id, pattern)))) &&
    (route.frameworks === undefined || route.frameworks.some((framework) => speaksOf(notice, framework)))
  );
}

const speaksOf = ({ criteria, objectives }: Notice, framework: 'soc1' | 'soc2'): boolean =>
  framework === 'soc2' ? criteria.length > 0 : objectives.length > 0;
