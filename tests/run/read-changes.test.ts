import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Collector, changeFields, defineCollector, defineResource, type JsonObject, recordFields, z } from '../../src/authoring.ts';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import type { LogReader } from '../../src/model/log-reader.ts';
import type { StatementOf } from '../../src/model/statement.ts';
import { readChanges } from '../../src/run/read-changes.ts';
import { runCollection } from '../../src/run/run-collection.ts';
import { canonicalText } from '../../src/seal/canonical-json.ts';
import { openExport } from '../../src/verify/export-reader.ts';
import { ClaimSheet } from '../../src/verify/report.ts';
import { type ToyClient, Toys } from './toy-source.ts';

const DiaryEntry = defineResource({ type: 'toy.diary-entry', title: 'Entry of the diary', shape: changeFields });
const Diary = defineResource({ type: 'toy.diary', title: 'Diary', aggregate: true, shape: recordFields });
const Entry = z.object({ Id: z.string(), At: z.string(), Name: z.string(), Who: z.string().nullable(), About: z.array(z.string()) });
/** What happens to doors, as every region's diary has it. */
const diary = (more: Partial<Collector<ToyClient>> = {}): Collector<never> =>
  defineCollector<ToyClient>({
    id: 'toy/diary',
    title: 'Diary',
    kind: 'events',
    scope: 'region',
    yields: [DiaryEntry],
    permissions: ['toy:Diary'],
    items: { 'toy:Diary': { keep: ['*'], list: 'Entries', key: 'Id' } },
    remembersDays: 10,
    carries: ['toy:unlock', 'toy:lock'],
    central: ['north'],
    collect: (client) => client.ask('toy:Diary'),
    normalise: (view) =>
      view.each('toy:Diary', Entry, (entry) =>
        DiaryEntry.draft(
          { id: view.id('diary-entry', entry.Id), display: entry.Name },
          { eventId: entry.Id, at: entry.At, name: entry.Name, actor: entry.Who, about: entry.About, region: view.region, refused: false },
        ),
      ),
    ...more,
  }) as unknown as Collector<never>;
const entry = (Id: string, At: string, Name = 'toy:unlock') => ({ Id, At, Name, Who: 'a child', About: ['front'] });

const hour = 3_600_000;
const all = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
const run = (toys: Toys, backfillFrom?: string) =>
  runCollection(toys.composition(), {
    trigger: { name: 'test', authentication: 'none' },
    onProgress: () => {},
    signal: new AbortController().signal,
    backfillFrom,
  });
/** Runs the toys and answers from the diaries of each region, a refusal where there is none. */
function toysWith(collector = diary()) {
  const toys = new Toys();
  toys.moreCollectors = [collector];
  const tell = (diaries: Record<string, readonly JsonObject[]>) => {
    toys.answers = { ...toys.answers, 'toy:Diary': (region) => ({ Entries: diaries[region ?? ''] ?? 'torn out' }) };
  };
  tell({ north: [], south: [] });
  return { toys, tell };
}
async function reading<T>(toys: Toys, work: (reader: LogReader) => T): Promise<T> {
  const store = await toys.composition().openStore({ readOnly: true });
  try {
    return work(withDiary(store));
  } finally {
    await store.close();
  }
}
const names = ['toy:lock', 'toy:unlock'];
/** Plans tell of collectors of the sources that a configuration can name, and toys are none: here they do. */
function withDiary(reader: LogReader): LogReader {
  const planned = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    if (!text.includes('"absentTypes"')) return bytes;
    const plan = JSON.parse(text) as { configuration: { entity: { name: string } }; collectors: unknown[] };
    const carries = plan.configuration.entity.name === 'Toys and paint' ? [...names, 'toy:paint'].sort() : names;
    const row = { id: 'toy/diary', title: 'Diary', kind: 'events', scope: 'region', yields: [], permissions: [], grade: 'source-direct' };
    plan.collectors.push({ ...row, carries, logic: `sha256:${'0'.repeat(64)}` });
    return new TextEncoder().encode(canonicalText(plan));
  };
  return new Proxy(reader, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== 'blob') return typeof value === 'function' ? value.bind(target) : value;
      return (commitment: string) => {
        const blob = target.blob(commitment);
        return blob?.kind === 'open' ? { ...blob, bytes: planned(blob.bytes) } : blob;
      };
    },
  });
}
const changesOf = async (toys: Toys, stretch = all) => {
  const registries = await toys.composition().registries();
  return await reading(toys, (reader) => readChanges(reader, registries, stretch));
};
const windowsIn = ({ records }: Awaited<ReturnType<typeof changesOf>>, region: string | null) =>
  records.find((record) => record.region === region)?.windows ?? [];

describe('changes', () => {
  test('are read from the windows, each event once, and the record is whole where every window is', async () => {
    const { toys, tell } = toysWith();
    await run(toys);
    toys.time += hour;
    tell({ north: [entry('a', '2026-01-15T12:50:00.000Z')], south: [] });
    await run(toys);
    toys.time += hour;
    // Within the overlap: told again.
    tell({ north: [entry('a', '2026-01-15T12:50:00.000Z')], south: [entry('b', '2026-01-15T13:30:00.000Z', 'toy:lock')] });
    await run(toys);
    const changes = await changesOf(toys);
    expect(changes.events.map(({ eventId, name, region, reconstructed }) => [eventId, name, region, reconstructed])).toEqual([
      ['a', 'toy:unlock', 'north', false],
      ['b', 'toy:lock', 'south', false],
    ]);
    expect(changes.events[0]).toMatchObject({ source: 'toy:1', actor: 'a child', about: ['front'], refused: false });
    expect(changes.records.map(({ collector, region, carries }) => [collector, region, carries])).toEqual([
      ['toy/diary', null, ['toy:lock', 'toy:unlock']],
      ['toy/diary', 'north', ['toy:lock', 'toy:unlock']],
      ['toy/diary', 'south', ['toy:lock', 'toy:unlock']],
    ]);
    for (const region of [null, 'north', 'south']) {
      const windows = windowsIn(changes, region);
      expect(windows).toHaveLength(3);
      for (const [at, window] of windows.slice(1).entries()) expect(window.from <= (windows[at]?.to ?? '')).toBe(true);
    }
  });

  test('a window that was refused counts for nothing, and the next whole one reads it again', async () => {
    const { toys, tell } = toysWith();
    await run(toys);
    const whole = windowsIn(await changesOf(toys), 'south').at(-1)?.to ?? '';
    toys.time += hour;
    tell({ north: [] });
    await run(toys);
    const torn = await changesOf(toys);
    expect(windowsIn(torn, 'north')).toHaveLength(2);
    expect(windowsIn(torn, 'south')).toHaveLength(1);
    // What is not whole in one region is not whole in all of them.
    expect(windowsIn(torn, null).map(({ to }) => to <= whole)).toEqual([true, true]);
    toys.time += hour;
    tell({ north: [], south: [entry('b', '2026-01-15T12:30:00.000Z')] });
    await run(toys);
    const mended = await changesOf(toys);
    expect(windowsIn(mended, 'south').at(-1)?.from).toBe(new Date(Date.parse(whole) - 15 * 60_000).toISOString());
    expect(mended.events.map(({ eventId }) => eventId)).toEqual(['b']);
  });

  test('only the names that were carried then are carried, whatever the collector carries now', async () => {
    const { toys } = toysWith();
    await run(toys);
    toys.settings = { entity: { name: 'Toys and paint', tenant: 'toys' } };
    toys.time += hour;
    await run(toys);
    const { records } = await changesOf(toys);
    expect(records.filter(({ region }) => region === 'north').map(({ carries, windows }) => [carries, windows.length])).toEqual([
      [['toy:lock', 'toy:paint', 'toy:unlock'], 1],
      [['toy:lock', 'toy:unlock'], 1],
    ]);
  });

  test('where the source keeps no record, nothing is covered', async () => {
    const without = diary({
      yields: [DiaryEntry, Diary],
      normalise: (view) => [Diary.draft({ id: view.id('diary'), display: 'diary' }, { recorded: false })],
    });
    const { toys } = toysWith(without);
    await run(toys);
    expect(await changesOf(toys)).toEqual({ events: [], records: [] });
  });

  test('where the central region is not read, no record speaks for what has no region', async () => {
    const { toys } = toysWith(diary({ central: ['west'] }));
    await run(toys);
    const changes = await changesOf(toys);
    expect(windowsIn(changes, null)).toEqual([]);
    expect(windowsIn(changes, 'north')).toHaveLength(1);
  });

  test('a backfill is told as reconstructed, and an event known before stays known', async () => {
    const { toys, tell } = toysWith();
    await run(toys);
    toys.time += hour;
    tell({ north: [entry('new', '2026-01-15T12:30:00.000Z')], south: [] });
    await run(toys);
    toys.time += hour;
    tell({ north: [entry('old', '2026-01-10T12:30:00.000Z'), entry('new', '2026-01-15T12:30:00.000Z')], south: [] });
    await run(toys, '2026-01-09T00:00:00.000Z');
    const changes = await changesOf(toys);
    expect(changes.events.map(({ eventId, reconstructed }) => [eventId, reconstructed])).toEqual([
      ['old', true],
      ['new', false],
    ]);
    expect(windowsIn(changes, 'north').at(-1)?.from).toBe('2026-01-09T00:00:00.000Z');
  });

  test('what the source has forgotten is a gap in the log, with its bounds', async () => {
    const { toys } = toysWith();
    await run(toys);
    const before = windowsIn(await changesOf(toys), 'north').at(-1)?.to ?? '';
    toys.time += 12 * 24 * hour;
    await run(toys);
    const gaps = await reading(toys, (reader) =>
      [...reader.entries()]
        .map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as { kind: string })
        .filter((statement): statement is StatementOf<'gap'> => statement.kind === 'gap'),
    );
    expect(gaps.map(({ subject }) => subject).sort()).toEqual(['record toy/diary toy:1/north', 'record toy/diary toy:1/south']);
    const north = gaps.find(({ subject }) => subject.endsWith('north'));
    const next = windowsIn(await changesOf(toys), 'north').at(-1);
    expect(north).toMatchObject({ from: new Date(Date.parse(before) - 15 * 60_000).toISOString(), to: next?.from });
    expect(north?.reason).toContain('not-collected');
  });

  test('are cut to the stretch that is asked for', async () => {
    const { toys, tell } = toysWith();
    tell({ north: [entry('a', '2026-01-15T08:00:00.000Z'), entry('b', '2026-01-15T10:00:00.000Z')], south: [] });
    await run(toys);
    const changes = await changesOf(toys, { from: '2026-01-15T09:00:00.000Z', to: '2026-01-15T11:00:00.000Z' });
    expect(changes.events.map(({ eventId }) => eventId)).toEqual(['b']);
    expect(windowsIn(changes, null).map(({ from, to }) => [from, to])).toEqual([['2026-01-15T09:00:00.000Z', '2026-01-15T11:00:00.000Z']]);
  });

  test('are the same read from an export', async () => {
    const { toys, tell } = toysWith();
    tell({ north: [entry('a', '2026-01-15T08:00:00.000Z')], south: [] });
    await run(toys);
    toys.time += hour;
    tell({ north: [], south: [entry('b', '2026-01-15T12:30:00.000Z')] });
    await run(toys);
    const directory = join(mkdtempSync(join(tmpdir(), 'proofline-changes-')), 'export');
    const store = await toys.composition().openStore({ readOnly: true });
    writeEvidence(store, directory, { generatedAt: '2026-02-01T00:00:00.000Z' });
    await store.close();
    const registries = await toys.composition().registries();
    const exported = openExport(openDirectory(directory), new ClaimSheet());
    expect(exported).toBeDefined();
    const fromExport = exported === undefined ? undefined : readChanges(withDiary(exported), registries, all);
    expect(fromExport).toEqual(await changesOf(toys));
    expect(fromExport?.events).toHaveLength(2);
  });

  test('are read from a part of the log as soon as a window says all of itself', async () => {
    const { toys, tell } = toysWith();
    tell({ north: [entry('a', '2026-01-15T08:00:00.000Z')], south: [] });
    await run(toys);
    const begin = await reading(toys, (reader) => reader.size());
    toys.time += hour;
    tell({ north: [entry('b', '2026-01-15T12:30:00.000Z')], south: [] });
    await run(toys);
    toys.time += hour;
    await run(toys);
    const registries = await toys.composition().registries();
    const { events } = await reading(toys, (reader) => {
      const part = Object.assign(Object.create(reader) as LogReader, {
        collectionsOf: undefined,
        entries: (from = begin, to = reader.size()) => reader.entries(Math.max(from, begin), to),
        blob: (commitment: string) => reader.blob(commitment),
      });
      return readChanges(part, registries, all);
    });
    expect(events.map(({ eventId }) => eventId)).toEqual(['b']);
  });

  test('no event is among what is judged', async () => {
    const { toys, tell } = toysWith();
    tell({ north: [entry('a', '2026-01-15T08:00:00.000Z')], south: [] });
    await run(toys);
    const store = await toys.composition().openStore({ readOnly: true });
    try {
      const evaluation = store.latestEvaluation('toy:1')?.statement;
      expect(evaluation?.reads.count).toBe(4);
      const context = store.blob(evaluation?.context ?? '');
      expect(context?.kind === 'open' ? JSON.parse(new TextDecoder().decode(context.bytes)) : undefined).toMatchObject({ missing: [] });
      expect(store.latestCollections('toy:1')).toHaveLength(6);
    } finally {
      await store.close();
    }
  });
});
