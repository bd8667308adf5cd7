/**
 * Writes a store as this release writes it, for the releases after it to open: node tests/store/releases/write-release.ts VERSION
 * Run once per release that changes the schema, and never again for the same one. Its keys guard nothing.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { createKeys } from '../../../src/keys/key-files.ts';
import { createStore, storeFile } from '../../../src/store/embedded.ts';
import { clockFrom, evidence, item, logic, origin, owner, request, source } from '../fixtures.ts';

const version = process.argv[2];
if (version === undefined) throw new Error('name the release');
const at = fileURLToPath(new URL(version, import.meta.url));
mkdirSync(at);
const clock = clockFrom();
const keys = createKeys(join(at, 'keys'), owner);
const store = await createStore({ dataDir: join(at, 'data'), keys, ...owner, origin, ...clock });
for (let n = 0; n < 3; n++) {
  const items = [item('a', { n }, { volatile: { used: n } }), item('b', null), item('c', null, { gap: 'access-denied' })];
  await store.appendCollection(evidence(items, { requests: Array.from({ length: 20 }, (_, of) => request(of)) }), null);
}
await store.appendEvaluation({
  source,
  asOf: clock.now(),
  plan: null,
  reads: [{ collector: 'aws/iam-users', scope: source, index: 3 }],
  population: [{ type: 'aws.iam.user', id: 'u/a', display: 'a' }],
  checks: [
    {
      check: 'aws/console-user-has-mfa',
      parameters: {},
      logic,
      subjectType: 'aws.iam.user',
      excluded: [],
      results: [{ subject: 'u/a', display: 'a', outcome: 'fail', message: 'none' }],
    },
  ],
  malformed: 0,
});
const erased = await store.putBlob(source, { note: 'to be erased' });
await store.erase([erased], { authority: 'test', reason: 'test', actor: { name: 'test', authentication: 'none' } });
await store.checkpoint();
await store.append({ kind: 'lifecycle', event: 'after the last checkpoint', detail: '' });
await store.close();
const database = new DatabaseSync(storeFile(join(at, 'data')));
database.exec('PRAGMA journal_mode = DELETE');
database.close();
