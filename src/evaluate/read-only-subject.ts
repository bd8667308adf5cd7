import type { GapReason } from '../model/completeness.ts';
import { type ReadResource, Unread } from '../model/resource.ts';

/** Thrown at a check that looks at something that was not read; the engine makes `no-evidence` of it, and of nothing else. */
export class NotRead extends Error {
  readonly reason: GapReason;
  /** Dotted path in the subject. */
  readonly field: string;
  constructor(reason: GapReason, field: string) {
    super(`${field} was not read: ${reason}`);
    this.name = 'NotRead';
    this.reason = reason;
    this.field = field;
  }
}

/** A subject as a check sees it, and what happened when it looked. */
export interface GuardedSubject {
  readonly subject: Record<string, unknown> & { readonly id: string; readonly display: string };
  /** The first thing looked at that was not read. Stays set even if the check caught the exception. */
  missing(): NotRead | undefined;
  /** Forgets it, for the next check. */
  reset(): void;
}

/** Asked for by the language and by printing, not by a check that judges. */
const askedByTheLanguage = new Set(['toJSON', 'then', 'constructor']);

/**
 * A deep, read-only view of a resource. Looking at a field that was not read, or that is not there, throws NotRead; so does
 * enumerating a subject of which a field was not read. Lists are safe beyond their end: their length is known.
 * `onRead` is told every path that is looked at, with positions as numbers.
 */
export function guardSubject(resource: ReadResource, onRead?: (path: readonly string[]) => void): GuardedSubject {
  let missing: NotRead | undefined;
  const proxies = new WeakMap<object, object>();
  const unread = new Map(Object.entries(resource.unread));

  const refuse = (reason: GapReason, path: readonly string[]): never => {
    const error = new NotRead(reason, path.join('.'));
    missing ??= error;
    throw error;
  };
  const readOnly = (): never => {
    throw new TypeError('a check may not change its subject');
  };

  function guard(target: object, path: readonly string[]): object {
    const known = proxies.get(target);
    if (known) return known;
    const isRoot = path.length === 0;
    const refuseUnread = (): void => {
      const [first] = unread;
      if (isRoot && first) refuse(first[1], [first[0]]);
    };
    // A frozen object may not be answered for by a proxy that answers differently; a copy may.
    const own = Array.isArray(target) ? [...target] : { ...target };
    const proxy: object = new Proxy(own, {
      get(_, key, receiver) {
        if (typeof key === 'symbol') return Reflect.get(own, key, receiver);
        const at = [...path, key];
        if (isRoot) {
          const reason = unread.get(key);
          if (reason !== undefined) refuse(reason, at);
        }
        if (!Object.hasOwn(own, key)) {
          if (key in own || askedByTheLanguage.has(key) || isBeyond(own, key)) return Reflect.get(own, key, receiver);
          return refuse('malformed-reply', at);
        }
        if (!(Array.isArray(own) && key === 'length')) onRead?.(at);
        const value: unknown = Reflect.get(own, key);
        if (value === undefined) return refuse('malformed-reply', at);
        if (value instanceof Unread) return refuse(value.reason, at);
        return isPlain(value) ? guard(value, at) : value;
      },
      has(_, key) {
        if (isRoot && typeof key === 'string') {
          const reason = unread.get(key);
          if (reason !== undefined) refuse(reason, [key]);
        }
        if (typeof key === 'string' && Object.hasOwn(own, key)) onRead?.([...path, key]);
        return Reflect.has(own, key);
      },
      ownKeys() {
        refuseUnread();
        return Reflect.ownKeys(own);
      },
      getOwnPropertyDescriptor(_, key) {
        if (isRoot && typeof key === 'string') {
          const reason = unread.get(key);
          if (reason !== undefined) refuse(reason, [key]);
        }
        const found = Reflect.getOwnPropertyDescriptor(own, key);
        if (found === undefined || typeof key === 'symbol' || found.configurable !== true) return found;
        return { ...found, value: Reflect.get(proxy, key) };
      },
      set: readOnly,
      defineProperty: readOnly,
      deleteProperty: readOnly,
      setPrototypeOf: readOnly,
      preventExtensions: readOnly,
    });
    proxies.set(target, proxy);
    return proxy;
  }

  const root = { id: resource.id, display: resource.display, ...resource.fields };
  return {
    subject: guard(root, []) as GuardedSubject['subject'],
    missing: () => missing,
    reset() {
      missing = undefined;
    },
  };
}

function isBeyond(own: object, key: string): boolean {
  return Array.isArray(own) && /^\d+$/.test(key) && Number(key) >= own.length;
}

/** Lists and plain objects are looked into; anything else (dates, say) has insides that a proxy cannot stand for. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
