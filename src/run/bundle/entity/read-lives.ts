import { DeltaBlob, ItemBlob, VolatileBlob } from '../../../model/blobs.ts';
import type { Collector, Item } from '../../../model/collector.ts';
import type { GapReason } from '../../../model/completeness.ts';
import type { Shown } from '../../../model/entity-pack.ts';
import type { Json } from '../../../model/json.ts';
import type { LogReader } from '../../../model/log-reader.ts';
import type { ReadResource } from '../../../model/resource.ts';
import { mergeVolatile } from '../../../model/volatile.ts';
import { normaliseEvidence } from '../../normalise-evidence.ts';
import type { SourceMember } from '../../source-access.ts';
import { contentOf, type SurveyedDataset } from '../survey-log.ts';

/** A resource for as long as it stayed as it is, beside what is seen of it at every reading: that is as the last of them has it. */
export interface Life {
  readonly type: string;
  readonly id: string;
  readonly display: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly unread: Readonly<Record<string, GapReason>>;
  readonly shown: Shown;
}
interface Lives {
  /** Sorted by type, id and time. */
  readonly lives: readonly Life[];
  /** Versions of items, and changes of them, whose content is erased or kept back. */
  readonly unreadable: number;
}
interface LivesInput {
  readonly dataset: SurveyedDataset;
  readonly collector: Collector<never>;
  /** What `normalise` was told of the entity. */
  readonly told: Pick<SourceMember, 'id' | 'tenant' | 'settings'>;
  /** ISO-8601 UTC: what ended before, or began at or after, is left out. */
  readonly from: string;
  readonly until: string;
}
interface Held {
  readonly content: string;
  readonly at: string;
  readonly index: number;
}

/**
 * What the items of a dataset came to over a stretch of time, made again from the log. Each item of the entity is one resource of its own, so that
 * each version is normalised alone, together with the gaps of its last reading: over an incomplete population nothing is summed.
 */
export function readLives(reader: LogReader, { dataset, collector, told, from, until }: LivesInput): Lives {
  const open = new Map<string, Held>();
  const beside = new Map<string, string>();
  const gaps = new Map<string, Item>();
  const lives: Life[] = [];
  let unreadable = 0;

  const close = (place: string, { content, at, index }: Held, end: { readonly at: string; readonly index: number } | null): void => {
    if (end !== null && end.at <= from) return;
    const item = itemOf(reader, content, beside.get(place));
    if (item === undefined) {
      unreadable += 1;
      return;
    }
    if (item.gap !== undefined) return;
    const shown = { from: at, fromLog: index, to: end?.at ?? null, toLog: end?.index ?? null };
    for (const resource of normaliseEvidence(collector, [...gaps.values(), item], told, dataset.scope).resources)
      lives.push(lifeOf(resource, shown));
  };
  const begin = (place: string, held: Held): void => {
    open.set(place, held);
    const item = itemOf(reader, held.content, undefined);
    if (item?.gap !== undefined) gaps.set(place, item);
  };

  for (const { at, index, items, volatile } of steps(dataset)) {
    if (at >= until) break;
    const delta = items === null ? nothing : deltaOf(reader, items);
    if (delta === undefined) {
      unreadable += 1;
      continue;
    }
    // What ends here is as its last reading left it: before this one's gaps and fields are taken in.
    const ending = [...delta.removed, ...delta.changed.map(([place]) => place), ...delta.added.map(([place]) => place)];
    for (const place of ending) {
      const held = open.get(place);
      if (held !== undefined) close(place, held, { at, index });
      open.delete(place);
    }
    for (const place of ending) gaps.delete(place);
    for (const [place, content] of [...delta.changed, ...delta.added]) begin(place, { content, at, index });
    const side = (volatile === null ? undefined : deltaOf(reader, volatile)) ?? nothing;
    for (const place of side.removed) beside.delete(place);
    for (const [place, content] of [...side.added, ...side.changed]) beside.set(place, content);
  }
  for (const [place, held] of open) close(place, held, null);
  return { lives: lives.sort(order), unreadable };
}

function lifeOf({ type, id, display, fields, unread }: ReadResource, shown: Shown): Life {
  return { type, id, display, fields, unread, shown };
}

/** The collections in which anything changed, in the order of the log. */
function steps({ changes, volatileChanges }: SurveyedDataset) {
  const found = new Map<number, { at: string; index: number; items: string | null; volatile: string | null }>();
  for (const { at, index, delta } of changes) found.set(index, { at, index, items: delta, volatile: null });
  for (const { at, index, delta } of volatileChanges)
    found.set(index, { at, index, items: found.get(index)?.items ?? null, volatile: delta });
  return [...found.values()].sort((left, right) => left.index - right.index);
}

const nothing: DeltaBlob = { added: [], changed: [], removed: [] };
function deltaOf(reader: LogReader, commitment: string): DeltaBlob | undefined {
  return DeltaBlob.safeParse(contentOf(reader, commitment)).data;
}

function itemOf(reader: LogReader, content: string, volatile: string | undefined): Item | undefined {
  const sealed = ItemBlob.safeParse(contentOf(reader, content)).data;
  if (sealed === undefined) return undefined;
  const { operation, subject, region } = sealed;
  if ('gap' in sealed) return { operation, subject, region, body: null, gap: sealed.gap };
  const fields = volatile === undefined ? null : (VolatileBlob.safeParse(contentOf(reader, volatile)).data?.fields ?? null);
  return { operation, subject, region, body: mergeVolatile(sealed.body as Json, fields) };
}

function order(left: Life, right: Life): number {
  if (left.type !== right.type) return left.type < right.type ? -1 : 1;
  if (left.id !== right.id) return left.id < right.id ? -1 : 1;
  return left.shown.fromLog - right.shown.fromLog;
}

/** Lives of one resource after another that say the same by `says` as one, as the last of them has it. Sorted as they came. */
export function mergeLives(lives: readonly Life[], says: (life: Life) => unknown): Life[] {
  const merged: { life: Life; says: string }[] = [];
  for (const life of lives) {
    const text = JSON.stringify(says(life));
    const before = merged.at(-1);
    const follows =
      before !== undefined &&
      before.life.type === life.type &&
      before.life.id === life.id &&
      before.life.shown.toLog === life.shown.fromLog;
    if (follows && before.says === text)
      merged[merged.length - 1] = {
        life: { ...life, shown: { ...life.shown, from: before.life.shown.from, fromLog: before.life.shown.fromLog } },
        says: text,
      };
    else merged.push({ life, says: text });
  }
  return merged.map(({ life }) => life);
}

/** The last life of each resource, in the same order. */
export function latestLives(lives: readonly Life[]): Life[] {
  return lives.filter(({ type, id }, n) => lives[n + 1]?.type !== type || lives[n + 1]?.id !== id);
}

/** `live: access-denied`, of every field that could not be read. */
export function unknownOf({ unread }: Pick<Life, 'unread'>): string[] {
  return Object.entries(unread)
    .map(([field, reason]) => `${field}: ${reason}`)
    .sort();
}

/** What was so before the end of a period, as it was then. */
export function livesBefore(lives: readonly Life[], end: string): Life[] {
  return lives.flatMap((life) => {
    const { shown } = life;
    if (shown.from >= end) return [];
    return [shown.to === null || shown.to < end ? life : { ...life, shown: { ...shown, to: null, toLog: null } }];
  });
}
