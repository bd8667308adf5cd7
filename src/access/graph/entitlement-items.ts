import type { Entitlement } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { type DerivedItem, derivedItem } from '../people/derived-item.ts';
import { readAccounts } from './accounts.ts';
import { kept } from './kept.ts';
import { listEntitlements } from './list-entitlements.ts';

/** Every grant of every account as a subject of its own, and one that is always there. */
export function entitlementItems(input: DerivedInput): readonly DerivedItem[] {
  const accounts = Map.groupBy(readAccounts(input), ({ system }) => system);
  const entitlements = listEntitlements(input);
  const bySystem = Map.groupBy(entitlements, ({ system }) => system);
  const systems = [...new Set([...accounts.keys(), ...bySystem.keys()])].sort().map((system) => {
    const given = bySystem.get(system) ?? [];
    return {
      system,
      accounts: accounts.get(system)?.length ?? 0,
      entitlements: given.length,
      privileged: given.filter(({ privileged }) => privileged).length,
    };
  });
  return [derivedItem('entitlements', 'all', { systems }), ...entitlements.map((one) => kept(items, one, () => itemOf(one)))];
}

/** An entitlement is the same object for as long as nothing that it is made of has changed. */
const items = new WeakMap<Entitlement, DerivedItem>();
function itemOf({ id, ...fields }: Entitlement): DerivedItem {
  return derivedItem('entitlement', id, fields);
}
