import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCurrentIndex } from '../../../src/index/project.ts';
import { backupStore, restoreStore } from '../../../src/store/backup.ts';
import { collect, notifyWhile, quiet, ToyChannel, toySettings, until } from '../notify/toy-channel.ts';
import { doorIsLocked, Toys } from '../toy-source.ts';
import { laterRelease, neverGood } from './later-release.ts';

let toys: Toys;
let ops: ToyChannel;
beforeEach(() => {
  toys = new Toys();
  ops = new ToyChannel('ops');
  toys.channels = [ops];
  toys.settings = { notify: toySettings(['ops']) };
  toys.answers['toy:Doors'] = () => ({ Doors: Array.from({ length: 200 }, (_, n) => ({ Name: `door-${n}`, Locked: true })) });
});
afterEach(() => rmSync(toys.directory, { recursive: true, force: true }));

it('what an upgrade changes is told in one digest and has a stretch of its own on the timeline', async () => {
  const app = toys.composition();
  await notifyWhile(app, async () => {
    await collect(app);
    await quiet();
  });
  expect(ops.taken).toEqual([]);
  const next = await laterRelease(app, { [doorIsLocked.id]: neverGood });
  await notifyWhile(next, async () => {
    await collect(next);
    await until(() => ops.taken.length > 0, 'a digest');
    await collect(next);
    await quiet();
  });
  expect(ops.taken).toHaveLength(1);
  expect(ops.taken[0]?.message).toMatchObject({ kind: 'digest', because: 'logic-changed' });
  expect(ops.notices()).toHaveLength(200);
  expect(new Set(ops.notices().map(({ kind, cause }) => `${kind} ${cause}`))).toEqual(new Set(['check-failing logic-changed']));
  const store = await next.openStore({ readOnly: true });
  const index = await openCurrentIndex(store, next.configuration.store.data);
  const stretches = await index.query
    .selectFrom('series_logic')
    .innerJoin('series', 'series.id', 'series_logic.series')
    .select(['series_logic.logic', 'series_logic.to_at'])
    .where('series.check_id', '=', doorIsLocked.id)
    .orderBy('series_logic.from_at')
    .execute();
  await index.close();
  await store.close();
  expect(stretches).toEqual([
    { logic: `sha256:${'0'.repeat(64)}`, to_at: expect.any(Number) },
    { logic: `sha256:${'1'.repeat(64)}`, to_at: null },
  ]);
});

it('restored on another machine, where there is no outbox, nothing is told a second time', async () => {
  toys.answers['toy:Doors'] = () => ({ Doors: [{ Name: 'back', Locked: false }] });
  const app = toys.composition();
  await notifyWhile(app, async () => {
    await collect(app);
    await until(() => ops.taken.length === 1, 'a first message');
    await quiet();
  });
  const data = app.configuration.store.data;
  const backup = join(toys.directory, 'one.backup');
  backupStore({ dataDir: data, outFile: backup, now: app.now });
  expect(existsSync(join(data, 'outbox.db'))).toBe(true);
  rmSync(data, { recursive: true });
  const store = await restoreStore({ file: backup, dataDir: data, keys: app.keys(), now: app.now, newId: app.newId });
  await store.close();
  expect(existsSync(join(data, 'outbox.db'))).toBe(false);
  await notifyWhile(app, async () => {
    await collect(app);
    await quiet();
    expect(ops.taken).toHaveLength(1);
    // What changes from here on is told.
    toys.answers['toy:Doors'] = () => ({ Doors: [{ Name: 'back', Locked: true }] });
    await collect(app);
    await until(() => ops.taken.length === 2, 'a recovery');
  });
  expect(ops.said()).toEqual(['check-failing back', 'check-recovered back']);
});
