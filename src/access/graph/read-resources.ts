import type { z } from 'zod';
import { type GapReason, gapReasons } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import type { ReadResource } from '../../model/resource.ts';
import { kept } from './kept.ts';

/** A resource as it is read here, and where it was seen. */
export interface Found<T> {
  readonly id: string;
  readonly display: string;
  /** `aws:111122223333`. */
  readonly member: string;
  readonly fields: T;
}

/** What was not seen whole, by member. Whoever asks for more than was seen is told, and never hears no. */
export class Unseen {
  readonly #reasons = new Map<string, Set<GapReason>>();
  add(member: string, reason: GapReason): void {
    const known = this.#reasons.get(member) ?? new Set();
    known.add(reason);
    this.#reasons.set(member, known);
  }
  /** In the order of `gapReasons`; none: everything was seen. What is said of a kind of source (`aws`) is said of each of its members. */
  of(member: string): readonly GapReason[] {
    const known = [member, member.slice(0, Math.max(0, member.indexOf(':')))].map((name) => this.#reasons.get(name));
    return gapReasons.filter((reason) => known.some((reasons) => reasons?.has(reason)));
  }
  members(): readonly string[] {
    return [...this.#reasons.keys()].sort();
  }
  /** Everything that is said of members in `other`, said of all of a kind. */
  addToAll(kind: string, other: Unseen): void {
    for (const reasons of other.#reasons.values()) for (const reason of reasons) this.add(kind, reason);
  }
}

/** Reads the resources of one type through a shape. One that does not fit makes its member unknown, and is not left out in silence. */
export function readResources<S extends z.ZodType>(
  { seen, missing }: Pick<DerivedInput, 'seen' | 'missing'>,
  type: string,
  shape: S,
  unseen: Unseen,
): readonly Found<z.output<S>>[] {
  const found: Found<z.output<S>>[] = [];
  for (const absent of missing) if (absent.type === type) unseen.add(absent.member, absent.reason);
  for (const one of seen) {
    if (one.type !== type) continue;
    if (one.incomplete !== null) unseen.add(one.member, one.incomplete);
    for (const resource of one.resources) {
      const fields = readFields(resource, shape);
      if (fields === undefined) unseen.add(one.member, Object.values(resource.unread)[0] ?? 'malformed-reply');
      else found.push({ id: resource.id, display: resource.display, member: one.member, fields });
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * Shapes are slow and most resources are as they were at the last reading, so what was read of one is kept: by the object while the input is
 * the same, and by what it says when it was read anew.
 */
const byText = new WeakMap<z.ZodType, Map<string, unknown>>();
const byObject = new WeakMap<ReadResource, { readonly shape: z.ZodType; readonly fields: unknown }>();
const remembered = 100_000;

function readFields<S extends z.ZodType>(resource: ReadResource, shape: S): z.output<S> | undefined {
  const known = byObject.get(resource);
  if (known?.shape === shape) return known.fields as z.output<S> | undefined;
  const texts = kept(byText, shape, () => new Map<string, unknown>());
  const text = JSON.stringify([resource.id, resource.fields]);
  let fields = texts.get(text) as z.output<S> | undefined;
  if (!texts.has(text)) {
    const read = shape.safeParse(resource.fields);
    fields = read.success ? (read.data as z.output<S>) : undefined;
    // What was read longest ago goes first: what is still there comes back at the next reading.
    if (texts.size >= remembered) texts.delete(texts.keys().next().value!);
    texts.set(text, fields);
  }
  byObject.set(resource, { shape, fields });
  return fields;
}
