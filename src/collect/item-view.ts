import type { z } from 'zod';
import type { Item, ItemView } from '../model/collector.ts';
import { type GapReason, gapReasons } from '../model/completeness.ts';
import type { JsonObject } from '../model/json.ts';
import { type Reading, type ResourceDraft, Unread } from '../model/resource.ts';
import { mergeVolatile } from '../model/volatile.ts';

export interface MalformedItem {
  readonly operation: string;
  readonly subject: string | null;
}
/** What normalising saw beside what it made: needed to say how whole the result is. */
export interface ObservingView extends ItemView {
  /** Items that did not fit the shape they were read with; each once. */
  readonly malformed: readonly MalformedItem[];
  /** Operations whose items were enumerated: what is missing there is a subject nobody knows of. */
  readonly enumerated: ReadonlySet<string>;
}

/** An item, with or without its volatile fields still beside it. */
export type ViewedItem = Item & { readonly volatile?: Readonly<Record<string, unknown>> | null };

export interface ItemViewOptions {
  readonly items: readonly ViewedItem[];
  /** `aws:111122223333`. */
  readonly source: string;
  readonly tenant: string;
  readonly region: string | null;
  readonly settings: JsonObject;
}

interface OfOperation {
  readonly items: readonly ViewedItem[];
  readonly bySubject: ReadonlyMap<string | null, readonly ViewedItem[]>;
  gap: GapReason | undefined;
}

/** The items of one collection, as its collector's `normalise` reads them. Pure: the same items give the same view. */
export function createItemView(options: ItemViewOptions): ObservingView {
  const operations = index(options.items);
  const malformed = new Map<string, MalformedItem>();
  const enumerated = new Set<string>();
  const prefix = options.region === null ? options.source : `${options.source}/${options.region}`;

  function fits<S extends z.ZodType>(item: ViewedItem, shape: S): { readonly body: z.output<S> } | undefined {
    const read = shape.safeParse(mergeVolatile(item.body, item.volatile ?? null));
    if (read.success) return { body: read.data };
    malformed.set(`${item.operation}|${item.subject ?? ''}|${item.region ?? ''}`, { operation: item.operation, subject: item.subject });
    const operation = operations.get(item.operation);
    if (operation) operation.gap = worst(operation.gap, 'malformed-reply');
    return undefined;
  }
  function* enumerate<S extends z.ZodType>(
    operation: string,
    shape: S,
  ): Generator<{ readonly item: ViewedItem; readonly body: z.output<S> }> {
    enumerated.add(operation);
    for (const item of operations.get(operation)?.items ?? []) {
      if (item.gap !== undefined || item.body === null) continue;
      const fitting = fits(item, shape);
      if (fitting) yield { item, body: fitting.body };
    }
  }

  return {
    source: options.source,
    tenant: options.tenant,
    region: options.region,
    settings: options.settings,
    get malformed() {
      return [...malformed.values()];
    },
    enumerated,
    id: (noun, ...native) => [prefix, noun, ...(native.length > 1 ? native.map(escapeSlashes) : native)].join('/'),
    each(operation, shape, make) {
      const drafts: ResourceDraft[] = [];
      for (const { item, body } of enumerate(operation, shape)) {
        const made = make(body, { subject: item.subject, region: item.region });
        if (isList(made)) drafts.push(...made);
        else drafts.push(made);
      }
      return drafts;
    },
    list(operation, shape) {
      return Array.from(enumerate(operation, shape), ({ item, body }) => ({ subject: item.subject ?? '', region: item.region, body }));
    },
    part<S extends z.ZodType>(operation: string, subject: string | null, shape: S): Reading<z.output<S> | null> {
      const items = operations.get(operation)?.bySubject.get(subject) ?? [];
      const [item, another] = items;
      if (item === undefined) return new Unread('not-collected');
      if (another !== undefined) throw new TypeError(`${operation} was asked about ${subject ?? 'the whole'} in several regions: use list`);
      if (item.gap !== undefined) return new Unread(item.gap);
      if (item.body === null) return null;
      const fitting = fits(item, shape);
      return fitting ? fitting.body : new Unread('malformed-reply');
    },
    gapIn: (operation) => operations.get(operation)?.gap,
  };
}

function index(items: readonly ViewedItem[]): Map<string, OfOperation> {
  return new Map(
    [...Map.groupBy(items, (item) => item.operation)].map(([operation, of]) => [
      operation,
      {
        items: of,
        bySubject: Map.groupBy(of, (item) => item.subject),
        gap: of.reduce<GapReason | undefined>((reason, item) => worst(reason, item.gap), undefined),
      },
    ]),
  );
}

/** The first in the order of `gapReasons`. */
export function worst(left: GapReason | undefined, right: GapReason | undefined): GapReason | undefined {
  return gapReasons.find((reason) => reason === left || reason === right);
}

/** Several native ids joined by a slash must not be read as others. */
function escapeSlashes(native: string): string {
  return native.replaceAll('%', '%25').replaceAll('/', '%2F');
}
function isList(made: ResourceDraft | readonly ResourceDraft[]): made is readonly ResourceDraft[] {
  return Array.isArray(made);
}
