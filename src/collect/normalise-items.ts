import type { Collector } from '../model/collector.ts';
import { type Completeness, completenessOf, type GapReason } from '../model/completeness.ts';
import type { JsonObject } from '../model/json.ts';
import { type ReadResource, type ResourceDraft, type ResourceType, Unread } from '../model/resource.ts';
import { createItemView, type MalformedItem, type ObservingView, type ViewedItem, worst } from './item-view.ts';

export interface Normalised {
  readonly resources: readonly ReadResource[];
  /** Resource types the collector yields: what was looked for, found or not. */
  readonly types: readonly string[];
  /** Per resource type of which subjects may exist that nobody has seen: the worst reason. */
  readonly incomplete: readonly { readonly type: string; readonly reason: GapReason }[];
  /** Items that did not fit. */
  readonly malformed: readonly MalformedItem[];
  /** Fields of resources that did not fit. */
  readonly malformedFields: readonly { readonly type: string; readonly id: string; readonly field: string }[];
  /** Items and resources that could not be read as they should. */
  readonly malformedCount: number;
  /** The worse of what transport saw (its gaps are among the items) and what normalise could read. */
  readonly completeness: Completeness;
}

export interface NormaliseOptions {
  readonly source: string;
  readonly tenant: string;
  readonly region: string | null;
  readonly settings: JsonObject;
}

/**
 * Makes resources of items, volatile fields put back where they lie beside them. Pure, and all it knows is in the items, so that it
 * can be repeated from an export.
 * @throws Error naming the collector when its normalise breaks a rule of its own (a bug): an undeclared type or field, or an exception.
 */
export function normaliseItems<Client>(collector: Collector<Client>, items: readonly ViewedItem[], options: NormaliseOptions): Normalised {
  const view = createItemView({ items, ...options });
  const drafts = draftsOf(collector, view);
  const read = new Reading(collector.yields);
  for (const draft of drafts) read.add(draft, collector.id);

  const gaps = items.flatMap((item) => (item.gap === undefined ? [] : [{ reason: item.gap, operation: item.operation }]));
  const anything = [
    ...gaps.map((gap) => gap.reason),
    ...(view.malformed.length === 0 && read.bad.size === 0 ? [] : ['malformed-reply' as const]),
  ];
  const unseen = [
    ...gaps.filter((gap) => isPopulation(collector, view, gap.operation)).map((gap) => gap.reason),
    ...(view.malformed.some((item) => isPopulation(collector, view, item.operation)) || read.bad.size > 0
      ? ['malformed-reply' as const]
      : []),
  ].reduce<GapReason | undefined>(worst, undefined);
  const atAll = anything.reduce<GapReason | undefined>(worst, undefined);

  const incomplete: { type: string; reason: GapReason }[] = [];
  for (const type of collector.yields) {
    const found = read.countOf(type.type) > 0;
    // Where nothing at all was found, any gap may be why: a collector that was refused early asks no further.
    const reason = found ? unseen : atAll;
    if (reason === undefined) continue;
    if (type.aggregate && found) read.unreadAll(type.type, reason);
    else incomplete.push({ type: type.type, reason });
  }
  return {
    resources: read.resources(),
    types: collector.yields.map((type) => type.type),
    incomplete,
    malformed: view.malformed,
    malformedFields: read.malformedFields,
    malformedCount: view.malformed.length + new Set(read.malformedFields.map((field) => `${field.type}|${field.id}`)).size,
    completeness: completenessOf([
      ...anything.map((reason) => ({ reason })),
      ...(read.malformedFields.length === 0 ? [] : [{ reason: 'malformed-reply' as const }]),
    ]),
  };
}

function draftsOf<Client>(collector: Collector<Client>, view: ObservingView): readonly ResourceDraft[] {
  try {
    return collector.normalise(view);
  } catch (cause) {
    throw new Error(`${collector.id} could not normalise its items`, { cause });
  }
}

/** Whether a gap in an operation means that there may be subjects nobody knows of, rather than a known subject's field not read. */
function isPopulation<Client>(collector: Collector<Client>, view: ObservingView, operation: string): boolean {
  const rule = collector.items[operation];
  if (rule?.namesSubjects === false) return false;
  return rule === undefined || rule.list !== undefined || rule.split !== undefined || view.enumerated.has(operation);
}

/** Validates drafts field by field: a field that does not fit is not read, and the others stay. */
class Reading {
  readonly malformedFields: { type: string; id: string; field: string }[] = [];
  /** Types of which a draft had no usable id. */
  readonly bad = new Set<string>();
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #resources = new Map<string, ReadResource>();
  readonly #counts = new Map<string, number>();

  constructor(types: readonly ResourceType[]) {
    this.#types = new Map(types.map((type) => [type.type, type]));
  }

  add(draft: ResourceDraft, collector: string): void {
    const type = this.#types.get(draft.type);
    if (!type) throw new TypeError(`${collector} makes a ${draft.type}, which it does not declare to yield`);
    const extra = Object.keys(draft.fields).find((field) => !Object.hasOwn(type.shape, field));
    if (extra !== undefined) throw new TypeError(`${collector} gives ${draft.type} a field ${extra} that its shape does not have`);
    if (typeof draft.id !== 'string' || draft.id === '' || typeof draft.display !== 'string') {
      this.bad.add(draft.type);
      this.malformedFields.push({ type: draft.type, id: String(draft.id), field: 'id' });
      return;
    }
    const key = `${draft.type}|${draft.id}`;
    if (this.#resources.has(key)) {
      // Two things under one name: whatever is said of it could be said of the other.
      this.malformedFields.push({ type: draft.type, id: draft.id, field: 'id' });
      this.#resources.set(key, unreadable(draft, type, 'malformed-reply'));
      return;
    }
    this.#counts.set(draft.type, this.countOf(draft.type) + 1);
    this.#resources.set(key, this.#read(draft, type));
  }

  #read(draft: ResourceDraft, type: ResourceType): ReadResource {
    const fields: Record<string, unknown> = {};
    const unread: Record<string, GapReason> = {};
    for (const [field, shape] of Object.entries(type.shape)) {
      const value = draft.fields[field];
      if (value instanceof Unread) {
        unread[field] = value.reason;
        continue;
      }
      const read = shape.safeParse(value);
      if (read.success) {
        if (read.data !== undefined) fields[field] = read.data;
        continue;
      }
      const inside = firstUnread(value);
      unread[field] = inside ?? 'malformed-reply';
      if (inside === undefined) this.malformedFields.push({ type: draft.type, id: draft.id, field });
    }
    return { type: draft.type, id: draft.id, display: draft.display, ...tagsOf(draft), fields, unread };
  }

  countOf(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  unreadAll(type: string, reason: GapReason): void {
    const shape = this.#types.get(type);
    for (const [key, resource] of this.#resources) {
      if (shape && resource.type === type) this.#resources.set(key, unreadable(resource, shape, reason));
    }
  }

  /** By type, then id. */
  resources(): ReadResource[] {
    return [...this.#resources.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, resource]) => resource);
  }
}

function unreadable(of: Pick<ReadResource, 'type' | 'id' | 'display' | 'tags'>, type: ResourceType, reason: GapReason): ReadResource {
  const unread = Object.fromEntries(Object.keys(type.shape).map((field) => [field, reason]));
  return { type: of.type, id: of.id, display: of.display, ...tagsOf(of), fields: {}, unread };
}

function tagsOf({ tags }: Pick<ResourceDraft, 'tags'>): Pick<ReadResource, 'tags'> {
  return tags === undefined ? {} : { tags };
}

/** Why a value that did not fit did not: an unread part inside it is not malformed. */
function firstUnread(value: unknown): GapReason | undefined {
  if (value instanceof Unread) return value.reason;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const reason = firstUnread(member);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
