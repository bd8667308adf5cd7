import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createKeys, keyFileNames, loadKeysForReading } from '../keys/key-files.ts';
import { ProoflineError } from '../model/errors.ts';
import type { Actor } from '../model/statement.ts';
import { readHead, type StoreHead } from '../store/read-head.ts';
import type { Composition } from './composition.ts';

export interface Succession {
  readonly former: StoreHead;
  /** What an auditor pins from now on. */
  readonly vkey: string;
  readonly keys: readonly string[];
}

/**
 * Begins a new log, with new keys, that names the one it follows by its last signed head. For when a key is lost with every copy of it: the
 * old log stays what it is and is verified by its own key; nothing of it is carried over.
 * @param formerData the old log's data directory; it is only read, and needs no key
 * @throws ProoflineError `usage` when a log or a key is where the new ones go, `store-missing`, `demonstration-refused`, `key-refused`
 */
export async function succeedLog(
  app: Composition,
  { formerData, because, actor }: { readonly formerData: string; readonly because: string; readonly actor: Actor },
): Promise<Succession> {
  const { data, keys: directory } = app.configuration.store;
  if (app.hasStore()) {
    throw new ProoflineError(
      'usage',
      `there is a log in ${data}: move its directory away first, and name it with --of; nothing is overwritten`,
    );
  }
  const inTheWay = Object.values(keyFileNames).filter((name) => existsSync(join(directory, name)));
  if (inTheWay.length > 0) {
    throw new ProoflineError(
      'usage',
      `${directory} holds ${inTheWay.join(', ')}: move the directory away first and keep it, what is left of the keys may still open the old log`,
    );
  }
  const former = readHead(formerData);
  const { tenant } = app.configuration.entity;
  if (former.tenant !== tenant) {
    throw new ProoflineError('key-refused', `${formerData} is the log of tenant "${former.tenant}", the configuration is of "${tenant}"`);
  }
  if (former.demonstration !== app.demonstration) {
    throw new ProoflineError('demonstration-refused', 'a real log follows a real one, a demonstration a demonstration');
  }
  const owner = { tenant, demonstration: app.demonstration };
  const witness = loadKeysForReading(directory, owner, app.configuration.store.witness).witness(former.origin);
  if (witness.read() !== undefined) {
    throw new ProoflineError('usage', `${witness.place} remembers the old log: move it away first, and keep it`);
  }
  createKeys(directory, owner);
  const store = await app.openStore({ create: true });
  try {
    const { origin, vkey, size, root, checkpoint } = former;
    await store.append<'lifecycle'>({
      kind: 'lifecycle',
      event: 'succeeds',
      detail: because,
      actor,
      /** The log before, as it was found: its whole head, and the last head that was signed. */
      former: { origin, vkey, size, root, checkpoint },
    });
    await store.checkpoint();
    const { sign, wrap, commit } = app.keys();
    return { former, vkey: store.vkey, keys: [sign.id, wrap.id, commit.id] };
  } finally {
    await store.close();
  }
}
