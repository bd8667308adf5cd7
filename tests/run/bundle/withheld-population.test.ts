import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDirectory } from '../../../src/bundle/directory-files.ts';
import { writeBundle } from '../../../src/run/bundle/write-bundle.ts';
import { openLog } from '../../../src/run/opened-log.ts';
import { freezePopulation } from '../../../src/run/populations/freeze-population.ts';
import { recordSample } from '../../../src/run/populations/record-sample.ts';
import { recomputeFiles } from '../../../src/run/recompute/recompute-bundle.ts';
import { verifyFiles } from '../../../src/run/verify-data.ts';
import { GithubToys, january, quiet } from '../populations/github-toys.ts';

async function bundled(withheld: readonly string[]) {
  const toys = new GithubToys();
  toys.time = Date.parse('2026-02-03T09:00:00.000Z');
  const app = toys.composition();
  const log = await openLog(app);
  await toys.period(app, log.store, january, withheld);
  const signer = await toys.person(app, log.store, 'audrey', ['auditor']);
  await freezePopulation(app, log, { period: 'soc2-january', population: 'production-changes', actor: { name: 'root' }, ...quiet });
  const { selection } = await recordSample(app, log.store, {
    population: 'soc2-january.production-changes',
    seed: 'dice',
    size: 2,
    signer,
  });
  await log.close();
  const out = join(toys.directory, 'bundle');
  const actor = { name: 'root', authentication: 'none' as const };
  const made = await writeBundle(app, { period: 'soc2-january', out, plain: true, actor });
  const files = openDirectory(made.out);
  expect((await verifyFiles(files, { vkey: made.vkey })).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
  const paths = files.list();
  const { history } = await recomputeFiles(files, made.out, await app.registries());
  expect(history?.withheld).toEqual(withheld);
  files.close();
  return { out, paths, sample: selection.sample };
}

test('rows of what is kept back leave neither as a population nor with a sample; its record and the draw stay', async () => {
  const open = await bundled([]);
  expect(open.paths).toEqual(
    expect.arrayContaining(['populations/soc2-january.production-changes.jsonl', `samples/${open.sample}-selection.json`]),
  );
  const words = readFileSync(join(open.out, 'populations/soc2-january.production-changes.jsonl'), 'utf8');
  expect(words).toContain('headline');
  const { out, paths, sample } = await bundled(['github/production-changes']);
  expect(paths.filter((path) => path.startsWith('populations/') || path.startsWith('samples/'))).toEqual([]);
  const row = JSON.parse(words.split('\n')[0] ?? '') as { fields: { headline: string } };
  for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(row.fields.headline), entry.name).toBe(false);
  }
  const paper = readFileSync(join(out, 'controls/CM-02/workpaper.html'), 'utf8');
  expect(paper).toContain('Changes that reached production');
  expect(paper).toContain(sample);
});
