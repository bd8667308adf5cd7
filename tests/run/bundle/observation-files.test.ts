import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../../src/run/bundle/write-bundle.ts';
import { openLog } from '../../../src/run/opened-log.ts';
import { recordObservation } from '../../../src/run/populations/record-observation.ts';
import { GithubToys, quiet } from '../populations/github-toys.ts';

const picture = 'not really a picture';
const actor = { name: 'root', authentication: 'none' as const };

async function observed(withheld: readonly string[] = []) {
  const toys = new GithubToys();
  toys.time = Date.parse('2026-01-20T09:00:00.000Z');
  const app = toys.composition();
  const log = await openLog(app);
  await toys.period(app, log.store, undefined, withheld);
  const file = join(toys.directory, 'members page.png');
  writeFileSync(file, picture);
  const request = { nonce: 'blue heron 42', collectors: ['github/members'], attachments: [file], counts: [] };
  const { decision, attachments } = await recordObservation(app, log, { ...request, actor: { name: 'root' }, ...quiet });
  await log.close();
  const bundle = (name: string) => writeBundle(app, { period: 'soc2-january', out: join(toys.directory, name), plain: true, actor });
  return { bundle, index: decision.index, kept: attachments[0]!.kept };
}

test('what was attached to a walkthrough is in the bundle, and one that is lost or changed stops it with its name', async () => {
  const { bundle, index, kept } = await observed();
  const { out } = await bundle('whole');
  const path = `observations/${index}/1-members_page.png`;
  expect(readFileSync(join(out, path), 'utf8')).toBe(picture);
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain(path);
  writeFileSync(kept, 'another picture');
  await expect(bundle('changed')).rejects.toMatchObject({
    problems: [{ path: `walkthrough of entry ${index}`, message: expect.stringContaining('members_page.png is not what was attached') }],
  });
  rmSync(kept);
  await expect(bundle('lost')).rejects.toMatchObject({
    problems: [{ path: `walkthrough of entry ${index}`, message: expect.stringContaining('members_page.png is not there any more') }],
  });
});

test('a redaction profile keeps it in the house, and the first page says so', async () => {
  const { bundle } = await observed(['github/members']);
  const { out } = await bundle('redacted');
  const page = readFileSync(join(out, 'index.html'), 'utf8');
  expect(page).not.toContain('observations/');
  expect(page).toContain('Files attached to walkthroughs are not here');
});
