/** Whose a login or an address is. */
export type Identity =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'service-account'; readonly id: string }
  | { readonly kind: 'unknown'; readonly because: string };

export interface KnownAccount {
  /** Table of a tabular source it is of, or the member of another source. */
  readonly system: string;
  readonly names: readonly string[];
  readonly kind: 'person' | 'service-account' | 'unresolved';
  readonly owner: string | null;
}

/** Resolves what a record names (login, address or id of a person) to whose it is; without a letter's case. */
export interface WhoIs {
  /** @param system only accounts of this table; null: of every source. */
  of(name: string, system: string | null): Identity;
}

/** @param persons every person with ids and addresses; @param accounts every account with its logins and addresses. */
export function whoIs(
  persons: readonly { readonly id: string; readonly names: readonly string[] }[],
  accounts: readonly KnownAccount[],
): WhoIs {
  const anywhere = new Map<string, Identity>();
  const bySystem = new Map<string, Map<string, Identity>>();
  const put = (map: Map<string, Identity>, name: string, identity: Identity) => {
    const key = name.toLowerCase();
    const known = map.get(key);
    if (known === undefined || known.kind === 'unknown')
      map.set(key, known?.kind === 'unknown' && identity.kind === 'unknown' ? known : identity);
    else if (identity.kind !== 'unknown' && (known.kind !== identity.kind || known.id !== identity.id))
      map.set(key, { kind: 'unknown', because: `${name} is the name of several accounts, of different owners` });
  };
  const clashes = (map: Map<string, Identity>, name: string, identity: Identity) => {
    const known = map.get(name.toLowerCase());
    if (known?.kind === 'unknown' && known.because.includes('several accounts')) return;
    put(map, name, identity);
  };
  for (const { id, names } of persons) for (const name of new Set([id, ...names])) clashes(anywhere, name, { kind: 'person', id });
  for (const { system, names, kind, owner } of accounts) {
    const identity: Identity =
      kind === 'unresolved' || owner === null
        ? { kind: 'unknown', because: `nobody can say whose ${names[0] ?? 'the account'} is` }
        : { kind, id: owner };
    const own = bySystem.get(system) ?? new Map<string, Identity>();
    bySystem.set(system, own);
    for (const name of new Set(names)) {
      clashes(anywhere, name, identity);
      clashes(own, name, identity);
    }
  }
  return {
    of(name, system) {
      const found = (system === null ? anywhere : bySystem.get(system))?.get(name.toLowerCase());
      return found ?? { kind: 'unknown', because: `nobody is known by ${name}` };
    },
  };
}
