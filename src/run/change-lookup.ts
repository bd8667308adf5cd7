import type { Stretch } from '../history/spans.ts';
import { recordedBy, type SubjectEvent } from '../history/to-intervals.ts';
import type { ChangeEvent, ChangeRecord } from '../model/history.ts';
import type { PlanDetail } from '../model/plan.ts';

/** Who is asked about: the last segment of an id is the source's own name for it. */
interface Named {
  readonly subject: string;
  readonly display: string;
}

/** Finds, for a subject, where the record of everything that can alter it is whole, and what that record says of it. */
export class ChangeLookup {
  readonly #records: ReadonlyMap<string, readonly ChangeRecord[]>;
  /** Per source, by what an event speaks of. */
  readonly #about: ReadonlyMap<string, ReadonlyMap<string, readonly ChangeEvent[]>>;
  readonly #regions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #changedBy: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #windows = new Map<string, readonly Stretch[]>();
  readonly #recordedAt = new Map<number, number>();

  constructor(
    { events, records }: { readonly events: readonly ChangeEvent[]; readonly records: readonly ChangeRecord[] },
    plans: readonly PlanDetail[],
  ) {
    this.#records = Map.groupBy(records, ({ source }) => source);
    this.#regions = new Map(
      [...this.#records].map(([source, of]) => [source, new Set(of.flatMap(({ region }) => (region === null ? [] : [region])))]),
    );
    const about = new Map<string, Map<string, ChangeEvent[]>>();
    const seen = new Set<string>();
    for (const event of events.toSorted((left, right) =>
      left.at < right.at ? -1 : left.at > right.at ? 1 : left.collection - right.collection,
    )) {
      // An event that two windows have is one event; what the source refused changed nothing.
      const name = `${event.source} ${event.eventId} ${event.name}`;
      if (event.refused || seen.has(name)) continue;
      seen.add(name);
      const of = about.get(event.source) ?? new Map<string, ChangeEvent[]>();
      about.set(event.source, of);
      for (const token of new Set(event.about)) of.set(token, [...(of.get(token) ?? []), event]);
    }
    this.#about = about;
    const changedBy = new Map<string, Set<string>>();
    for (const { collectors } of plans) {
      for (const [type, names] of collectors.flatMap((collector) => Object.entries(collector.changedBy ?? {}))) {
        changedBy.set(type, new Set([...(changedBy.get(type) ?? []), ...names]));
      }
    }
    this.#changedBy = changedBy;
    for (const { windows } of records) {
      for (const { to, collection } of windows)
        this.#recordedAt.set(collection, Math.max(this.#recordedAt.get(collection) ?? 0, Date.parse(to)));
    }
  }

  /** When the window that a collection read had ended, in milliseconds. */
  recordedAt(collection: number): number | undefined {
    return this.#recordedAt.get(collection);
  }

  /** Where the region of a subject stands in its id; null: it has none. */
  regionOf(source: string, subject: string): string | null {
    if (!subject.startsWith(`${source}/`)) return null;
    const [segment] = subject.slice(source.length + 1).split('/', 1);
    return segment !== undefined && this.#regions.get(source)?.has(segment) === true ? segment : null;
  }

  /** Sorted and apart; nothing where no list says what can alter the type. */
  recorded(source: string, type: string, region: string | null): readonly Stretch[] {
    const key = `${source} ${type} ${region}`;
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const names = this.#changedBy.get(type) ?? new Set<string>();
    const records = (this.#records.get(source) ?? []).filter((record) => record.region === null || record.region === region);
    const byCarrier = new Map<string, readonly Stretch[]>();
    // Names with the same carriers have the same windows, and there are many names.
    for (const name of names) {
      const carriers = records.flatMap((record, n) => (record.carries.includes(name) ? [n] : []));
      byCarrier.set(
        carriers.join(' '),
        carriers.flatMap((n) => records[n]?.windows ?? []).map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
      );
    }
    const whole = names.size === 0 ? [] : recordedBy([...byCarrier.values()]);
    this.#windows.set(key, whole);
    return whole;
  }

  /** Whether the record of a source knows of anything at all. */
  hasEvents(source: string): boolean {
    return this.#about.has(source);
  }

  /** Whether any event of the source reaches further than it says. */
  reachesAll(source: string, type: string): boolean {
    const names = this.#changedBy.get(type);
    return names !== undefined && (this.#about.get(source)?.get('*') ?? []).some(({ name }) => names.has(name));
  }

  /** What happened to a subject, in order of time; `changes`: what the check says surely breaks or mends its claim. */
  eventsOf(
    source: string,
    type: string,
    { subject, display }: Named,
    changes: PlanDetail['checks'][number]['changes'],
  ): readonly SubjectEvent[] {
    const about = this.#about.get(source);
    if (about === undefined) return [];
    const names = this.#changedBy.get(type);
    const [breaks, mends] = [changes?.breaks ?? [], changes?.mends ?? []];
    const native = subject.slice(subject.lastIndexOf('/') + 1);
    const own = new Set([display, native].flatMap((token) => about.get(token) ?? []));
    const wide = new Set(about.get('*') ?? []);
    return [...new Set([...own, ...wide])]
      .filter(({ name }) => names?.has(name) === true || breaks.includes(name) || mends.includes(name))
      .map((event): SubjectEvent => {
        const { name, collection, eventId, at, actor } = event;
        // What reaches further than it says is no proof of what it did to this one.
        const effect = !own.has(event) ? 'touch' : breaks.includes(name) ? 'break' : mends.includes(name) ? 'mend' : 'touch';
        return { at: Date.parse(at), effect, reference: { collection, eventId, at, name, actor } };
      })
      .sort((left, right) => left.at - right.at);
  }
}
