import type { Normalised } from '../collect/normalise-items.ts';
import type { Collector } from '../model/collector.ts';
import type { JsonObject } from '../model/json.ts';
import { digestOf } from '../seal/digest.ts';
import type { Sealed, Store } from '../store/contract.ts';
import { normaliseEvidence } from './normalise-evidence.ts';
import type { SourceMember } from './source-access.ts';

type Member = Pick<SourceMember, 'id' | 'tenant' | 'settings'>;

/** The same whether they come from the source or from the plan. Those of the entity are long, and the same object many times. */
const digests = new WeakMap<JsonObject, string>();
function settingsDigest(settings: JsonObject): string {
  const digest = digests.get(settings) ?? digestOf(settings);
  digests.set(settings, digest);
  return digest;
}

/** Reads back what is sealed of a collection and makes resources of it. */
export interface ReadCollections {
  read(store: Store, collector: Collector<never>, collection: Sealed<'collection'>, member: Member): Normalised;
}

/**
 * Remembers what items came to while they are the same. The roots of a collection commit to every item of it, and `normalise` is pure: with
 * equal roots, logic and settings there is nothing to read that was not read before.
 */
export function readCollections(): ReadCollections {
  const known = new Map<string, { readonly of: string; readonly normalised: Normalised }>();
  return {
    read(store, collector, { statement }, member) {
      const { scope, items, volatile, logic } = statement;
      const stream = JSON.stringify([collector.id, scope]);
      const of = JSON.stringify([items.root, volatile.root, logic, member.tenant, settingsDigest(member.settings)]);
      const former = known.get(stream);
      if (former?.of === of) return former.normalised;
      const normalised = normaliseEvidence(collector, store.items(collector.id, scope), member, scope);
      known.set(stream, { of, normalised });
      return normalised;
    },
  };
}
