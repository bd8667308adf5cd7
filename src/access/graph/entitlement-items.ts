import type { DerivedInput } from '../../model/derived.ts';
import { type DerivedItem, derivedItem } from '../people/derived-item.ts';
import { readAccounts } from './accounts.ts';
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
  return [
    derivedItem('entitlements', 'all', { systems }),
    ...entitlements.map(({ id, ...fields }) => derivedItem('entitlement', id, fields)),
  ];
}
