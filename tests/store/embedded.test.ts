import { createKeys } from '../../src/keys/key-files.ts';
import { createStore, type EmbeddedStore, openStore } from '../../src/store/embedded.ts';
import { storeContract } from '../contracts/store.contract.ts';
import { clockFrom, origin, owner, place } from './fixtures.ts';

storeContract('embedded', async () => {
  const at = place();
  const clock = clockFrom();
  const keys = createKeys(at.keysDir, owner);
  const store = await createStore({ dataDir: at.dataDir, keys, ...owner, origin, ...clock });
  const open: EmbeddedStore[] = [store];
  const second = async () => {
    const other = await openStore({ dataDir: at.dataDir, keys, ...clock });
    open.push(other);
    return other;
  };
  const closeAll = async () => {
    for (const one of open.splice(0)) await one.close();
  };
  return {
    store,
    second,
    async reopen() {
      await closeAll();
      return second();
    },
    setClock: clock.set,
    async end() {
      await closeAll();
      at.remove();
    },
  };
});
