import type { z } from 'zod';
import { type GapReason, gapReasons } from '../../model/completeness.ts';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
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
  addAll(other: Unseen): void {
    for (const [member, reasons] of other.#reasons) for (const reason of reasons) this.add(member, reason);
  }
  /** Everything that is said of members in `other`, said of all of a kind. */
  addToAll(kind: string, other: Unseen): void {
    for (const reasons of other.#reasons.values()) for (const reason of reasons) this.add(kind, reason);
  }
}

/**
 * Reads the resources of one type through a shape. One that does not fit makes its member unknown, and is not left out in silence. It is
 * the same list again while the same lists of resources are handed over.
 * @param keep where given, fields that say the same as at an earlier reading are the same object, so that what was worked out of them is kept
 */
export function readResources<S extends z.ZodType>(
  { seen, missing }: Pick<DerivedInput, 'seen' | 'missing'>,
  type: string,
  shape: S,
  unseen: Unseen,
  keep?: KeptFields<z.output<S>>,
): readonly Found<z.output<S>>[] {
  for (const absent of missing) if (absent.type === type) unseen.add(absent.member, absent.reason);
  const known = kept(readings, shape, () => new WeakMap<readonly ReadResource[], Reading>());
  const read: Reading[] = [];
  for (const one of seen) {
    if (one.type !== type) continue;
    if (one.incomplete !== null) unseen.add(one.member, one.incomplete);
    let reading = known.get(one.resources);
    if (reading?.member !== one.member) {
      reading = readAll(one, shape, keep);
      known.set(one.resources, reading);
    }
    for (const reason of reading.gaps) unseen.add(one.member, reason);
    read.push(reading);
  }
  const ofTypes = kept(latest, shape, () => new Map<string, Latest>());
  let last = ofTypes.get(type);
  if (last === undefined || last.read.length !== read.length || !last.read.every((reading, index) => reading === read[index])) {
    last = { read, found: read.flatMap(({ found }) => found).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) };
    ofTypes.set(type, last);
  }
  return last.found as readonly Found<z.output<S>>[];
}

/** By what they say. */
export type KeptFields<T> = Map<string, T | undefined>;
const remembered = 100_000;

interface Reading {
  readonly member: string;
  readonly found: readonly Found<unknown>[];
  readonly gaps: readonly GapReason[];
}
/** Several datasets ask the same collection the same, and so does the next run while it comes to the same. */
const readings = new WeakMap<z.ZodType, WeakMap<readonly ReadResource[], Reading>>();
interface Latest {
  readonly read: readonly Reading[];
  readonly found: readonly Found<unknown>[];
}
/** By shape and type. */
const latest = new WeakMap<z.ZodType, Map<string, Latest>>();

function readAll<S extends z.ZodType>({ member, resources }: SeenType, shape: S, keep?: KeptFields<z.output<S>>): Reading {
  const found: Found<z.output<S>>[] = [];
  const gaps = new Set<GapReason>();
  for (const resource of resources) {
    const read = () => shape.safeParse(resource.fields).data;
    const fields = keep === undefined ? read() : kept(keep, JSON.stringify([resource.id, resource.fields]), read);
    if (fields === undefined) gaps.add(Object.values(resource.unread)[0] ?? 'malformed-reply');
    else found.push({ id: resource.id, display: resource.display, member, fields });
  }
  // What was read longest ago goes first: what is still there comes back at the next reading.
  for (const text of keep?.keys() ?? []) {
    if (keep!.size <= remembered) break;
    keep!.delete(text);
  }
  return { member, found, gaps: [...gaps] };
}
