import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { firstDay } from '../../src/demo/company.ts';
import { defaultDirectory, demonstrationConfiguration, describedClock } from '../../src/demo/demonstration.ts';
import type { Composition } from '../../src/run/composition.ts';
import { type CollectionRun, runCollection } from '../../src/run/run-collection.ts';

const trigger = { name: 'test', authentication: 'none' } as const;
const collect = (app: Composition): Promise<CollectionRun> =>
  runCollection(app, { trigger, onProgress: () => {}, signal: new AbortController().signal });

describe('the demonstration', () => {
  let folder: string;
  let data: string;
  let first: CollectionRun;
  let second: CollectionRun;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'proofline-demo-'));
    data = path.join(folder, 'log');
    first = await collect(await openApp({ env: {}, demonstration: true, dataDir: data }));
    second = await collect(await openApp({ env: {}, demonstration: true, dataDir: data }));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('sees everything of two accounts, an organisation, every table and itself, on the first described day', () => {
    expect(first).toMatchObject({ complete: true, interrupted: false, unreachable: [] });
    const kinds = first.members.map((member) => member.source.split(':')[0]);
    expect(kinds).toEqual(['aws', 'aws', 'github', ...Array.from({ length: 14 }, () => 'tabular'), 'entity']);
    expect(first.startedAt.slice(0, 13)).toBe(firstDay.slice(0, 13));
    expect(first.anchors).toHaveLength(1);
  });

  it('shows a realistic mix: most pass, a handful fail, some are empty, some cannot be known', () => {
    const sum = (outcome: 'pass' | 'fail' | 'empty' | 'no-evidence' | 'not-applicable') =>
      first.members.reduce((total, member) => total + member.results[outcome], 0);
    expect(sum('pass')).toBeGreaterThan(500);
    expect(sum('fail')).toBeGreaterThan(5);
    expect(sum('fail')).toBeLessThan(40);
    expect(sum('empty')).toBeGreaterThan(0);
    expect(sum('no-evidence')).toBeGreaterThan(0);
  });

  it('goes on where it stood: later, unchanged, nothing judged again', () => {
    expect(second.startedAt > first.finishedAt).toBe(true);
    // What is made of all of it is judged by the day as well.
    for (const member of second.members)
      expect(member).toMatchObject({ changed: 0, ...(member.source.startsWith('entity:') ? {} : { judged: 0 }) });
    expect(second.members.map((member) => member.results)).toEqual(first.members.map((member) => member.results));
    expect(second.head.size).toBeGreaterThan(first.head.size);
  });

  it('keeps its keys beside its log, and both say what they are', () => {
    const configuration = demonstrationConfiguration(data);
    expect(configuration.store).toEqual({ data, keys: `${data}-keys` });
    expect(JSON.parse(readFileSync(path.join(`${data}-keys`, 'sign.json'), 'utf8'))).toMatchObject({ demonstration: true });
    expect(demonstrationConfiguration().store.data).toBe(path.resolve(defaultDirectory, 'data'));
  });

  it('is refused as a real log', async () => {
    const file = path.join(folder, 'proofline.yaml');
    const lines = ['version: 1', 'entity: { name: Northwind Payroll, tenant: northwind-payroll }', 'reports: [soc2]'];
    writeFileSync(file, [...lines, `store: { data: ${data}, keys: ${data}-keys }`, ''].join('\n'));
    const real = await openApp({ env: {}, configFile: file });
    await expect(real.openStore({ readOnly: true }).catch((error: unknown) => Promise.reject(error))).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:demonstration-refused|key-refused)$/),
    });
  });

  it('has one clock for all who read its log', () => {
    expect(existsSync(path.join(data, 'described-clock.json'))).toBe(true);
    const now = describedClock(data).now();
    expect(now >= second.finishedAt).toBe(true);
    expect(now.slice(0, 10)).toBe(firstDay.slice(0, 10));
    expect(describedClock(path.join(folder, 'nowhere')).now().slice(0, 16)).toBe(firstDay.slice(0, 16));
    expect(existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });
});
