import { Temporal } from 'temporal-polyfill';
import type { StatementOf } from '../model/statement.ts';

/** Sources deliver late: what was not yet there when a window ended is read again. Read twice, an event is still one. */
const overlap = Temporal.Duration.from({ minutes: 15 });
/** How far back the first window reaches, where the source remembers that long. */
const firstHours = 24;
/** What a source forgets meanwhile: a window that begins exactly where memory does would lose its first minutes on the way. */
const margin = Temporal.Duration.from({ minutes: 5 });

type Window = NonNullable<StatementOf<'collection'>['window']>;
export interface NextWindow {
  readonly window: Window;
  /** What should have been read, and the source has forgotten. Null: nothing. */
  readonly lost: { readonly from: string; readonly to: string } | null;
}

/**
 * The stretch of a source's record that a collection has to read: from where the last complete one ended, a little earlier, until now. The first one
 * reaches a day back. What the source no longer remembers is lost, and is told.
 */
export function nextWindow(options: {
  /** The latest collection of the same collector and scope. */
  readonly former: Pick<StatementOf<'collection'>, 'window' | 'completeness'> | undefined;
  readonly remembersDays: number | undefined;
  /** ISO-8601 UTC with milliseconds. */
  readonly now: string;
  /** Asked for: the record from here on, as far as the source remembers. */
  readonly backfillFrom?: string | undefined;
}): NextWindow {
  const now = Temporal.Instant.from(options.now);
  const former = options.former?.window;
  const isWhole = options.former?.completeness.kind === 'complete';
  // What was not read to its end is read again from its beginning, and so is only whole when all of it is.
  const due =
    former === undefined
      ? now.subtract({ hours: firstHours })
      : isWhole
        ? Temporal.Instant.from(former.to).subtract(overlap)
        : Temporal.Instant.from(former.from);
  const asked = options.backfillFrom === undefined ? undefined : Temporal.Instant.from(options.backfillFrom);
  const wanted = asked === undefined ? due : earlier(asked, due);
  const memory = options.remembersDays === undefined ? undefined : now.subtract({ hours: options.remembersDays * 24 }).add(margin);
  const forgotten = memory !== undefined && Temporal.Instant.compare(wanted, memory) < 0;
  const from = forgotten ? memory : wanted;
  return {
    window: {
      from: iso(from),
      to: iso(now),
      // Also the first one: it begins before anything was collected.
      backfill: asked !== undefined || former === undefined || (!isWhole && former.backfill),
    },
    lost: forgotten && (former !== undefined || asked !== undefined) ? { from: iso(wanted), to: iso(from) } : null,
  };
}

function earlier(left: Temporal.Instant, right: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(left, right) < 0 ? left : right;
}
const iso = (instant: Temporal.Instant) => instant.toString({ smallestUnit: 'millisecond' });
