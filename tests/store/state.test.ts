import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeys } from '../../src/keys/key-files.ts';
import { openState, type State } from '../../src/store/state.ts';
import { clockFrom, evidence, freshStore, item, owner, type Place, place } from './fixtures.ts';

let at: Place;
let opened: State[];
const clock = clockFrom();
beforeEach(() => {
  at = place();
  opened = [];
  mkdirSync(at.dataDir);
});
afterEach(() => {
  for (const state of opened) state.close();
  at.remove();
});
const open = (options: Partial<Parameters<typeof openState>[1]> = {}): State => {
  const state = openState(at.dataDir, { now: clock.now, ...options });
  opened.push(state);
  return state;
};
const body = new TextEncoder().encode('[{"login":"somebody"}]');

describe('cached replies', () => {
  it('are kept per principal and endpoint, encrypted', () => {
    const { wrap } = createKeys(at.keysDir, owner);
    open({ wrap }).etags.set('me', 'GET /orgs/acme/members?page=1', { etag: 'W/"1"', headers: { link: 'x' }, body });
    const again = open({ wrap });
    expect(again.etags.get('me', 'GET /orgs/acme/members?page=1')).toEqual({ etag: 'W/"1"', headers: { link: 'x' }, body });
    expect(again.etags.get('you', 'GET /orgs/acme/members?page=1')).toBeUndefined();
    for (const name of readdirSync(at.dataDir)) expect(readFileSync(join(at.dataDir, name)).includes('somebody')).toBe(false);
    again.etags.clear();
    expect(open({ wrap }).etags.get('me', 'GET /orgs/acme/members?page=1')).toBeUndefined();
  });
  it('are no hit under another key, or when a row was moved', () => {
    const { wrap } = createKeys(at.keysDir, owner);
    const state = open({ wrap });
    state.etags.set('me', 'GET /a', { etag: '1', headers: {}, body });
    expect(open({ wrap: createKeys(join(at.root, 'other'), owner).wrap }).etags.get('me', 'GET /a')).toBeUndefined();
    const database = new DatabaseSync(join(at.dataDir, 'state.db'));
    database.exec("UPDATE etag SET endpoint = 'GET /b'");
    database.close();
    expect(state.etags.get('me', 'GET /b')).toBeUndefined();
  });
  it('stay in memory without a key', () => {
    const state = open();
    state.etags.set('me', 'GET /a', { etag: '1', headers: {}, body });
    expect(state.etags.get('me', 'GET /a')?.body).toEqual(body);
    expect(open().etags.get('me', 'GET /a')).toBeUndefined();
  });
});

describe('cached verdicts', () => {
  const verdict = (subject: string, outcome = 'pass') => ({ subject, digest: 'd', outcome, message: 'm', until: null });
  it('are kept per check key', () => {
    const { verdicts } = open();
    verdicts.replace('k1', [verdict('a'), verdict('b')]);
    verdicts.replace('k2', [verdict('a', 'fail')]);
    verdicts.update('k1', [verdict('c')], ['a']);
    expect([...open().verdicts.load('k1').keys()].sort()).toEqual(['b', 'c']);
    expect(verdicts.load('k2').get('a')).toEqual(verdict('a', 'fail'));
    verdicts.replace('k1', [verdict('z')]);
    expect([...verdicts.load('k1').keys()]).toEqual(['z']);
    verdicts.keepOnly(new Set(['k2']));
    expect(verdicts.load('k1').size).toBe(0);
    expect(verdicts.load('k2').size).toBe(1);
  });
});

describe('leases', () => {
  it('are held by one, and run out', () => {
    const { leases } = open();
    const other = open().leases;
    expect(leases.acquire('x', 'one', 60_000, 0)).toEqual({ token: 1 });
    expect(other.acquire('x', 'two', 60_000, 0)).toMatchObject({ heldBy: expect.stringContaining(String(process.pid)) });
    leases.release('x', 'one');
    expect(other.acquire('x', 'two', 1, 0)).toEqual({ token: 2 });
    expect(leases.acquire('x', 'one', 60_000, 0)).toEqual({ token: 3 });
    expect(other.renew('x', 'two', 60_000)).toBe(false);
    other.release('x', 'two');
    expect(other.acquire('x', 'two', 60_000, 0)).toHaveProperty('heldBy');
  });
  it('give tokens above those the store has seen, even when their file was lost', () => {
    expect(open().leases.acquire('x', 'one', 60_000, 41)).toEqual({ token: 42 });
  });
  it('of a process that is dead are free', () => {
    const { leases } = open();
    leases.acquire('x', 'one', 3_600_000, 0);
    const database = new DatabaseSync(join(at.dataDir, 'state.db'));
    database.exec('UPDATE lease SET pid = 4194303');
    database.close();
    expect(leases.acquire('x', 'two', 60_000, 0)).toEqual({ token: 2 });
  });
});

describe('the file', () => {
  it.each(['garbage', 'cut short', 'another program’s'])('that is %s is set aside and begun anew, with a warning', (how) => {
    const first = open();
    for (let n = 0; n < 500; n++) first.values.set(`key-${n}`, 'x'.repeat(200));
    first.close();
    opened = [];
    const file = join(at.dataDir, 'state.db');
    const bytes = readFileSync(file);
    if (how === 'garbage') writeFileSync(file, Buffer.alloc(bytes.length, 'x'));
    if (how === 'cut short') writeFileSync(file, bytes.subarray(0, bytes.length - 40_000));
    if (how === 'another program’s') {
      rmSync(file);
      const database = new DatabaseSync(file);
      database.exec('CREATE TABLE other (x)');
      database.close();
    }
    const reader = open({ readOnly: true });
    const state = open();
    expect(state.warnings.join()).toContain('begun anew');
    expect(state.values.get('key-1')).toBeUndefined();
    state.values.set('key-1', 'again');
    expect(open().values.get('key-1')).toBe('again');
    expect(open().warnings).toEqual([]);
    expect(existsSync(`${file}.damaged`)).toBe(true);
    expect(reader.values.get('key-1') ?? 'x'.repeat(200)).toBe('x'.repeat(200));
  });
  it('that is lost costs nothing that is evidence', async () => {
    rmSync(at.dataDir, { recursive: true });
    const { store, clock: ticking } = await freshStore(at);
    await store.appendCollection(evidence([item('a', {})]), null);
    await store.close();
    for (const name of readdirSync(at.dataDir)) if (name.startsWith('state.db')) rmSync(join(at.dataDir, name));
    const { openStore } = await import('../../src/store/embedded.ts');
    const { loadKeys } = await import('../../src/keys/key-files.ts');
    const again = await openStore({ dataDir: at.dataDir, keys: loadKeys(at.keysDir, owner), ...ticking });
    expect(again.items('aws/iam-users', 'aws:111122223333')).toHaveLength(1);
    await again.close();
  });
  it('is not made by a reader', () => {
    const state = open({ readOnly: true });
    expect(state.values.get('x')).toBeUndefined();
    expect(existsSync(join(at.dataDir, 'state.db'))).toBe(false);
  });
  it('keeps values, to itself', () => {
    const { values } = open();
    expect(statSync(join(at.dataDir, 'state.db')).mode & 0o077).toBe(0);
    values.set('a', '1');
    values.set('a', '2');
    expect(open().values.get('a')).toBe('2');
    values.delete('a');
    expect(values.get('a')).toBeUndefined();
  });
});
