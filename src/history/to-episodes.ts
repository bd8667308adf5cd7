import type { Episode, SeriesKey } from '../model/history.ts';
import type { Severity } from '../model/outcome.ts';
import { digestOf } from '../seal/digest.ts';
import { iso, type Stretch } from './spans.ts';
import type { Failure } from './to-intervals.ts';

/** An episode as it is worked with, and what it is about. Times are milliseconds. */
export interface Outage extends Omit<Failure, 'carriedIn' | 'openAtEnd' | 'atBirth'> {
  readonly carriedIn: boolean;
  readonly openAtEnd: boolean;
  readonly atBirth: boolean;
  /** How many times it came back within the flapping bound. */
  readonly flaps: number;
}

/** Failures that are apart by no more than `flappingWithin` milliseconds are one, with a count. */
export function mergeFlapping(failures: readonly Failure[], flappingWithin: number): Outage[] {
  const merged: Outage[] = [];
  for (const failure of failures) {
    const before = merged.at(-1);
    if (before === undefined || failure.from - before.to > flappingWithin) merged.push({ ...failure, flaps: 0 });
    else merged[merged.length - 1] = mergeTwo(before, failure);
  }
  return merged;
}

function mergeTwo(before: Outage, failure: Failure): Outage {
  const observed =
    before.observed === null || failure.observed === null
      ? (before.observed ?? failure.observed)
      : { from: before.observed.from, to: failure.observed.to };
  return {
    from: before.from,
    to: failure.to,
    observed,
    conservative: { from: before.conservative.from, to: Math.max(before.conservative.to, failure.conservative.to) },
    exactFrom: before.exactFrom,
    exactTo: failure.exactTo,
    readings: before.readings + failure.readings,
    unseen: before.unseen + failure.unseen,
    marks: [...before.marks, ...failure.marks],
    detectedAt: before.detectedAt ?? failure.detectedAt,
    first: before.first ?? failure.first,
    last: failure.last ?? before.last,
    events: [...before.events, ...failure.events],
    carriedIn: before.carriedIn,
    openAtEnd: failure.openAtEnd,
    atBirth: before.atBirth,
    flaps: before.flaps + 1,
  };
}

/** From when to when it failed: the instants where events give them, otherwise the conservative bounds. */
export function boundsOf({ conservative, exactFrom, exactTo }: Pick<Outage, 'conservative' | 'exactFrom' | 'exactTo'>): Stretch {
  return { from: exactFrom ?? conservative.from, to: exactTo ?? conservative.to };
}

export interface EpisodeSubject {
  readonly series: SeriesKey;
  readonly subject: string;
  readonly display: string;
  readonly severity: Severity;
  /** Ids of the waivers that lie over some of it. */
  readonly waivers: readonly string[];
  /** When an event was read, in milliseconds: by the collection it is in. */
  recordedAt(collection: number): number | undefined;
}

/** Stable over re-computation: it is made of what the log says and of nothing else. */
export function episodeId({ series, subject }: Pick<EpisodeSubject, 'series' | 'subject'>, outage: Outage): string {
  const [event] = outage.events;
  const first = outage.observed?.from ?? event?.at ?? outage.from;
  const { source, check, parametersDigest } = series;
  return `E-${digestOf({ source, check, parametersDigest, subject, first: iso(first) }).slice(7, 17)}`;
}

export function toEpisode(about: EpisodeSubject, outage: Outage): Episode {
  const { series, subject, display, severity, waivers } = about;
  const references = outage.events.map(({ reference }) => reference);
  const [event] = outage.events;
  const byEvent = event === undefined ? outage.from : (about.recordedAt(event.reference.collection) ?? event.at);
  return {
    id: episodeId(about, outage),
    series,
    subject,
    display,
    severity,
    observed: outage.observed === null ? null : { from: iso(outage.observed.from), to: iso(outage.observed.to) },
    conservative: { from: iso(outage.conservative.from), to: iso(outage.conservative.to) },
    exact: {
      from: outage.exactFrom === null ? null : iso(outage.exactFrom),
      to: outage.exactTo === null ? null : iso(outage.exactTo),
    },
    carriedIn: outage.carriedIn,
    openAtEnd: outage.openAtEnd,
    readings: outage.readings,
    flaps: outage.flaps,
    unseenMs: outage.unseen,
    messages: [...new Set(outage.marks.flatMap(({ messages }) => messages))],
    detectedAt: iso(outage.detectedAt ?? byEvent),
    evidence: { first: outage.first, last: outage.last, events: references },
    waivers,
    actors: [...new Set(references.flatMap(({ actor }) => (actor === null ? [] : [actor])))],
  };
}
