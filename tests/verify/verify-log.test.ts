import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import { verifyExport } from '../../src/verify/verify-export.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { fullLog } from './log-builder.ts';
import { TimeAuthority } from './time-authority.ts';

test('a full log verifies', async () => {
  const tsa = new TimeAuthority();
  const log = fullLog((n) => tsa.stamp(n), new Date(Date.now() - 3600_000).toISOString());
  const result = await verifyLog(log, { vkey: log.keys[0]!.vkey, tsaRoots: [tsa.root] });
  console.log(result.claims.map((c) => `${c.result} ${c.claim}: ${c.detail}`).join('\n'));
  for (const range of [{}, { from: 4, to: 10 }, { from: 6, to: 14 }, { from: 0, to: 5 }]) {
    const dir = join(mkdtempSync(join(tmpdir(), 'exp-')), 'x');
    console.log(dir, writeEvidence(log, dir, { generatedAt: '2026-02-01T00:00:00.000Z', ...range, signNote: (t) => log.signNote(t) }));
    const v = await verifyExport(openDirectory(dir), { vkey: log.keys[0]!.vkey, tsaRoots: [tsa.root] });
    console.log(v.claims.map((c) => `${c.result} ${c.claim}: ${c.detail}`).join('\n'));
  }
});
