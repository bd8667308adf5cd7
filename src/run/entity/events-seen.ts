import type { GapReason } from '../../model/completeness.ts';
import type { SeenType } from '../../model/derived.ts';
import type { ReadResource } from '../../model/resource.ts';
import type { EventWindowRead } from './log-as-of.ts';

type EventsSeen = Pick<SeenType, 'index' | 'asOf' | 'resources' | 'incomplete'>;

/**
 * What the windows of one record brought of one type, oldest first. An event that two of them have is one, as the later has it. A window that was
 * not read to its end counts as whole once later ones have read all of it again; what lies between two windows was never read.
 * @param windows of one collector and scope, oldest first
 * @param told names of events that were found already, in whatever scope; what is found now is added
 * @param isStale nothing was read since so long ago that the record says nothing about today
 */
export function eventsSeen(windows: readonly EventWindowRead[], type: string, told: Set<string>, isStale: boolean): readonly EventsSeen[] {
  const found: EventsSeen[] = [];
  /** Stretches that a later window read to its end. */
  const whole: { from: string; to: string }[] = [];
  for (let place = windows.length - 1; place >= 0; place -= 1) {
    const window = windows[place];
    if (window === undefined) continue;
    const resources = window.resources.filter((resource) => {
      if (resource.type !== type || told.has(nameOf(resource))) return false;
      told.add(nameOf(resource));
      return true;
    });
    const own = window.incomplete.find((one) => one.type === type)?.reason;
    const isLast = place === windows.length - 1;
    const before = windows[place - 1];
    const lost = before !== undefined && before.to < window.from && !isRead(whole, before.to, window.from);
    const gap: GapReason | null = own !== undefined && !isRead(whole, window.from, window.to) ? own : lost ? 'not-collected' : null;
    const incomplete = gap ?? (isLast && isStale ? 'stale' : null);
    if (own === undefined) whole.push({ from: window.from, to: window.to });
    if (isLast || resources.length > 0 || incomplete !== null)
      found.push({ index: window.index, asOf: window.asOf, resources, incomplete });
  }
  return found.reverse();
}

/** The source's own name of an event, where it has one: two windows, or two regions, read the same. */
function nameOf({ id, fields }: ReadResource): string {
  const event = fields['eventId'];
  return typeof event === 'string' ? event : id;
}

function isRead(stretches: readonly { readonly from: string; readonly to: string }[], from: string, to: string): boolean {
  let reached = from;
  for (const stretch of stretches.toSorted((left, right) => (left.from < right.from ? -1 : 1))) {
    if (stretch.from > reached) break;
    if (stretch.to > reached) reached = stretch.to;
  }
  return reached >= to;
}
