import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openDirectory } from '../../../src/bundle/directory-files.ts';
import { loadKeys } from '../../../src/keys/key-files.ts';
import { writeBundle } from '../../../src/run/bundle/write-bundle.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { openPeriod } from '../../../src/run/decisions/open-period.ts';
import { recomputeFiles } from '../../../src/run/recompute/recompute-bundle.ts';
import { verifyFiles } from '../../../src/run/verify-data.ts';
import { openStore } from '../../../src/store/embedded.ts';
import { engagement } from '../decisions/people.ts';
import { Toys } from '../toy-source.ts';

const releases = fileURLToPath(new URL('../../store/releases', import.meta.url));
const versions = readdirSync(releases, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

test.each(versions)('a period across a log that %s began: made, verified, and what cannot be made again is said', async (version) => {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-former-'));
  const [dataDir, keysDir] = [join(directory, 'data'), join(directory, 'keys')];
  cpSync(join(releases, version, 'data'), dataDir, { recursive: true });
  cpSync(join(releases, version, 'keys'), keysDir, { recursive: true });
  chmodSync(keysDir, 0o700);
  for (const name of readdirSync(keysDir)) chmodSync(join(keysDir, name), 0o600);
  const owner = { tenant: 'northwind', demonstration: false };
  const toys = new Toys();
  toys.time = Date.parse('2026-02-01T00:00:00.000Z');
  toys.engagements = [engagement];
  const base = toys.composition();
  const app: Composition = {
    ...base,
    keys: () => loadKeys(keysDir, owner),
    openStore: async ({ readOnly = false } = {}) =>
      await openStore({ dataDir, keys: loadKeys(keysDir, owner), now: base.now, newId: base.newId, readOnly }),
  };
  const store = await app.openStore();
  await openPeriod(app, store, {
    engagement: 'soc2',
    id: 'january',
    start: '2026-01-01',
    end: '2026-01-31',
    zone: 'UTC',
    reason: 'as agreed',
    actor: { name: 'ada' },
  });
  await store.close();
  mkdirSync(join(directory, 'out'));
  const made = await writeBundle(app, {
    period: 'january',
    out: join(directory, 'out', 'bundle'),
    plain: true,
    actor: { name: 'ada', authentication: 'none' },
  });
  const files = openDirectory(made.out);
  const { claims } = await verifyFiles(files, { vkey: made.vkey });
  expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
  const recomputed = await recomputeFiles(files, made.out, await app.registries());
  expect(recomputed.history?.differences).toEqual([]);
  expect(recomputed.recomputed).toBe(0);
  expect(recomputed.skipped).toMatchObject([{ evaluations: 1 }]);
  files.close();
});
