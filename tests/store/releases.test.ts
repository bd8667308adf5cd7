import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadKeys } from '../../src/keys/key-files.ts';
import { openStore, storeFile } from '../../src/store/embedded.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { clockFrom, evidence, item, owner, place } from './fixtures.ts';

const releases = fileURLToPath(new URL('releases', import.meta.url));
const versions = readdirSync(releases, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

it('there is a store of the first release', () => expect(versions).toContain('0.1.0'));

it.each(versions)('a store that %s wrote opens, reads, verifies and goes on', async (version) => {
  const at = place();
  try {
    cpSync(join(releases, version, 'data'), at.dataDir, { recursive: true });
    cpSync(join(releases, version, 'keys'), at.keysDir, { recursive: true });
    chmodSync(at.keysDir, 0o700);
    for (const name of readdirSync(at.keysDir)) chmodSync(join(at.keysDir, name), 0o600);
    const clock = clockFrom('2026-01-16T00:00:00.000Z');
    const store = await openStore({ dataDir: at.dataDir, keys: loadKeys(at.keysDir, owner), ...clock });
    expect(store.warnings).toEqual([]);
    expect(store.items('aws/iam-users', 'aws:111122223333').map(({ body, gap }) => gap ?? body)).toEqual([
      { n: 2, used: 2 },
      null,
      'access-denied',
    ]);
    expect(store.latestEvaluation('aws:111122223333')?.statement.results.counts.fail).toBe(1);
    expect(store.tryDecryption()).toMatchObject({ failed: [] });
    expect(await store.rebuildDerived()).toEqual([]);
    await store.appendCollection(evidence([item('a', { n: 3 })]), null);
    await store.checkpoint();
    // Brought forward, the log and its signed heads are as insert-only as before.
    const database = new DatabaseSync(storeFile(at.dataDir));
    for (const table of ['log_entry', 'checkpoint']) {
      for (const change of [
        `UPDATE ${table} SET rowid = 99`,
        `DELETE FROM ${table}`,
        `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`,
      ]) {
        expect(() => database.exec(change), change).toThrow('insert-only');
      }
    }
    database.close();
    expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
    await store.close();
  } finally {
    at.remove();
  }
});
