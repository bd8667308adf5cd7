/** Appends until it is killed or `count` is reached; one line on stdout per append that is durable. Arguments: dataDir keysDir name count */
import { setTimeout as pause } from 'node:timers/promises';
import { loadKeys } from '../../../src/keys/key-files.ts';
import { openStore } from '../../../src/store/embedded.ts';
import { evidence, item, owner } from '../fixtures.ts';

const [dataDir = '', keysDir = '', name = '', count = '1000000'] = process.argv.slice(2);
let ids = 0;
const store = await openStore({
  dataDir,
  keys: loadKeys(keysDir, owner),
  now: () => new Date().toISOString(),
  newId: () => `${name}-${process.pid}-${++ids}`,
});
for (let n = 0; n < Number(count); n++) {
  const kind = n % 4;
  if (kind === 0) await store.append({ kind: 'lifecycle', event: name, detail: String(n) });
  else if (kind === 3) await store.checkpoint();
  else {
    const items = Array.from({ length: 5 }, (_, of) =>
      item(`${name}-${of}`, { value: of === n % 5 ? `${process.pid}-${n}` : 0 }, { volatile: { seen: n } }),
    );
    await store.appendCollection(evidence(items, { collector: `aws/${name}` }), null);
  }
  process.stdout.write(`${store.size()}\n`);
  // Signals and output are only let through between appends.
  if (n % 8 === 0) await pause(0);
}
await store.close();
