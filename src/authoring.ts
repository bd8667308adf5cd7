/** What a collector or a check is written with, and nothing more. Public entry `proofline/authoring`. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Check } from './model/check.ts';
import type { Collector } from './model/collector.ts';
import type { GapReason } from './model/completeness.ts';
import type { Verdict } from './model/outcome.ts';
import { type Reading, type Resource, type ResourceType, type Shape, Unread } from './model/resource.ts';

export { type ChangeFields, changeFields, recordFields } from './model/change.ts';
export { type Check, exampleAsOf } from './model/check.ts';
export type {
  CallOptions,
  ClientContext,
  Collector,
  EventWindow,
  Exchange,
  ExchangeReply,
  ExchangeScope,
  FormerCollection,
  Item,
  ItemRule,
  ItemView,
  Reply,
  SourceDefinition,
} from './model/collector.ts';
export type { Gap, GapReason } from './model/completeness.ts';
export type { DerivedInput, SeenType } from './model/derived.ts';
export { ProoflineError, SourceError } from './model/errors.ts';
export type { Json, JsonObject } from './model/json.ts';
export type { Verdict } from './model/outcome.ts';
export { type FieldKind, type RecordTypeName, recordTypes } from './model/record-types.ts';
export { refusedQuery } from './model/refused-query.ts';
export type { Reading, Resource, ResourceDraft, ResourceType, Shape } from './model/resource.ts';
export { Unread, z };

/** Declares a noun that a collector yields and checks judge. */
export function defineResource<S extends Shape>(definition: {
  type: string;
  title: string;
  shape: S;
  aggregate?: boolean;
  changedBy?: readonly string[];
}): ResourceType<S> {
  return {
    type: definition.type,
    title: definition.title,
    shape: definition.shape,
    aggregate: definition.aggregate ?? false,
    ...(definition.changedBy === undefined ? {} : { changedBy: definition.changedBy }),
    draft: ({ id, display, tags }, fields) => ({ type: definition.type, id, display, ...(tags === undefined ? {} : { tags }), fields }),
  };
}

/** The subject type a check's functions receive, for examples kept in a variable. */
export type ResourceOf<T> = T extends ResourceType<infer S> ? Resource<S> : never;

/** Declares a collector; `Client` is the source's client, imported as a type only. */
export function defineCollector<Client>(definition: Collector<Client>): Collector<Client> {
  return definition;
}

/** Declares a check: one claim, one subject type, examples of both verdicts. */
export function defineCheck<S extends Shape, P extends z.ZodObject>(definition: Check<S, P>): Check<S, P> {
  return definition;
}

/** The claim holds. `until` (ISO-8601 UTC): from when on it must be judged again even if nothing changed. */
export function pass(message: string, options: { until?: string } = {}): Verdict {
  return { outcome: 'pass', message, ...options };
}
/** The claim does not hold. */
export function fail(message: string, options: { until?: string } = {}): Verdict {
  return { outcome: 'fail', message, ...options };
}
/** The claim says nothing about this subject. Prefer `appliesTo`, which keeps it out of the population. */
export function notApplicable(message: string): Verdict {
  return { outcome: 'not-applicable', message };
}

/** Marks a field as not read, for `reason`. */
export function unread(reason: GapReason): Unread {
  return new Unread(reason);
}
export function isUnread(value: unknown): value is Unread {
  return value instanceof Unread;
}
/** Applies `fn` to what was read; passes on why it was not. */
export function read<T, U>(reading: Reading<T>, fn: (value: T) => Reading<U>): Reading<U> {
  return reading instanceof Unread ? reading : fn(reading);
}
/** Joins readings: the first that was not read decides. */
export function readAll<T extends readonly unknown[], U>(
  readings: { [K in keyof T]: Reading<T[K]> },
  fn: (...values: T) => Reading<U>,
): Reading<U> {
  const missing = readings.find((reading) => reading instanceof Unread);
  return missing instanceof Unread ? missing : fn(...(readings as unknown as T));
}

/** Whole 24-hour days from `from` to `to` (both ISO-8601 with offset); negative when `to` is earlier. Throws RangeError on a bad instant. */
export function daysBetween(from: string, to: string): number {
  return Math.floor(Temporal.Instant.from(from).until(Temporal.Instant.from(to), { largestUnit: 'hour' }).total('hours') / 24);
}
/** The instant `days` 24-hour days after `instant`, ISO-8601 UTC with milliseconds. */
export function addDays(instant: string, days: number): string {
  return Temporal.Instant.from(instant)
    .add({ hours: days * 24 })
    .toString({ smallestUnit: 'millisecond' });
}
