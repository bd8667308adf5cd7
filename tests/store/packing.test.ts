import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/seal/canonical-json.ts';
import { pack, unpack } from '../../src/store/codecs.ts';
import { storeFile } from '../../src/store/embedded.ts';
import { fromTokens, toTokens } from '../../src/store/text-tokens.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { evidence, freshStore, item, type Place, place, request } from './fixtures.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `sha256:${Buffer.from(bytes).toString('hex')}`);
const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const awkward = fc.constantFrom(
  '2026-04-31T00:00:00.000Z',
  '2026-01-01T24:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  `${'A'.repeat(42)}B=`,
  `sha256:${'a'.repeat(63)}`,
  '00000000-0000-0000-0000-00000000000G',
  '\u0001\u0002',
  'é"\\"',
  '',
);
const leaf = fc.oneof(hash, digest, time, fc.uuid(), awkward, fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null));
const tree = fc.oneof(
  fc.dictionary(fc.string(), leaf),
  fc.array(leaf),
  fc.record({ inner: fc.dictionary(hash, fc.array(leaf)), text: leaf.map((value) => JSON.stringify(value)) }),
);

describe('packing', () => {
  it('of any canonical JSON gives the same bytes back, alone or against any other text', () => {
    fc.assert(
      fc.property(tree, tree, (value, other) => {
        const bytes = canonicalBytes(value);
        const tokens = toTokens(bytes);
        if (tokens === undefined) throw new Error('canonical JSON has no control characters');
        expect(fromTokens(tokens).equals(bytes)).toBe(true);
        for (const base of [undefined, canonicalBytes(other)]) {
          const { codec, packed } = pack(bytes, 0, base);
          expect(packed.length).toBeLessThanOrEqual(bytes.length);
          expect(unpack(codec, packed, base)).toEqual(new Uint8Array(bytes));
        }
      }),
      { numRuns: 500 },
    );
  });
  it('leaves what is no JSON text, and what has markers in it, to another codec', () => {
    const bytes = new Uint8Array(300).fill(1);
    expect(toTokens(bytes)).toBeUndefined();
    const { codec, packed } = pack(bytes, 0);
    expect(codec).toBe('zstd');
    expect(unpack(codec, packed)).toEqual(bytes);
  });
  it('makes a time, a hash and an id of a string as long as what they say', () => {
    const text = JSON.stringify(['2026-01-02T03:04:05.678Z', Buffer.alloc(32, 7).toString('base64'), `sha256:${'ab'.repeat(32)}`]);
    expect(toTokens(Buffer.from(text))?.length).toBe(text.length - 26 - 46 - 73 + 7 + 33 + 33);
  });
  it('refuses a token that is cut off', () => {
    expect(() => fromTokens(Buffer.from([1, 2, 3]))).toThrow(RangeError);
  });
});

describe('a store', () => {
  let at: Place;
  beforeEach(() => {
    at = place();
  });
  afterEach(() => at.remove());
  const read = (sql: string) => {
    const database = new DatabaseSync(storeFile(at.dataDir), { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  const body = (n: number) => ({ n, policy: 'every member of the finance team may read, and nobody else may '.repeat(4) });

  it('packs a statement against one of its stream, never more than 64 against the same, and reads each alone', async () => {
    const { store } = await freshStore(at);
    for (let n = 0; n < 150; n++) await store.appendCollection(evidence([item('a', body(0))], { requests: [request(n)] }), null);
    const bases = read('SELECT base, count(*) AS n FROM log_entry WHERE base IS NOT NULL GROUP BY base') as { base: number; n: number }[];
    expect(bases.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...bases.map(({ n }) => n))).toBeLessThanOrEqual(64);
    expect(read('SELECT 1 FROM log_entry AS e JOIN log_entry AS b ON b.idx = e.base WHERE b.base IS NOT NULL')).toEqual([]);
    const all = [...store.entries()];
    for (const index of [1, 64, 66, 140]) expect(store.entry(index)?.bytes).toEqual(all[index]?.bytes);
    expect(Number((read('SELECT avg(length(body)) AS n FROM log_entry WHERE base IS NOT NULL')[0] as { n: number }).n)).toBeLessThan(300);
    await store.checkpoint();
    expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
    await store.close();
  });

  it('packs what changed against what it was, and what leans on an erased blob stands alone afterwards', async () => {
    const { store } = await freshStore(at);
    const first = await store.appendCollection(evidence([item('a', body(1))]), null);
    await store.appendCollection(evidence([item('a', body(2))]), null);
    await store.appendCollection(evidence([item('a', body(3))]), null);
    const leaning = () =>
      read('SELECT base, count(*) AS n FROM blob WHERE base IS NOT NULL GROUP BY base ORDER BY n DESC') as { base: number; n: number }[];
    // The delta of the first collection names the content that both later ones lean on.
    const delta = store.blob(first.statement.items.delta ?? '');
    if (delta?.kind !== 'open') throw new Error('the delta does not open');
    const [[, content]] = (JSON.parse(Buffer.from(delta.bytes).toString('utf8')) as { added: [[string, string]] }).added;
    const [row] = read(`SELECT id FROM blob WHERE commitment = x'${Buffer.from(content, 'base64').toString('hex')}'`) as { id: number }[];
    expect(leaning()).toContainEqual({ base: row?.id, n: 2 });
    await store.erase([content], { authority: 'a person', reason: 'asked for it', actor: { name: 'test', authentication: 'none' } });
    expect(leaning().filter(({ base }) => base === row?.id)).toEqual([]);
    expect(read(`SELECT salt, nonce, bytes, base FROM blob WHERE id = ${row?.id}`)).toEqual([
      { salt: null, nonce: null, bytes: null, base: null },
    ]);
    expect(store.items('aws/iam-users', 'aws:111122223333').map((of) => of.body)).toEqual([body(3)]);
    // Seen again, it is evidence again.
    await store.appendCollection(evidence([item('a', body(1))]), null);
    expect(store.items('aws/iam-users', 'aws:111122223333').map((of) => of.body)).toEqual([body(1)]);
    await store.checkpoint();
    expect((await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
    expect(await store.rebuildDerived()).toEqual([]);
    await store.close();
  });

  it('never lets one scope lean on another', async () => {
    const { store } = await freshStore(at);
    const other = 'aws:444455556666';
    for (const scope of ['aws:111122223333', other, 'aws:111122223333', other]) {
      await store.appendCollection({ ...evidence([item('a', body(1))], { requests: [request(1)] }), scope, source: scope }, null);
    }
    const mixed = read(
      'SELECT 1 FROM blob AS l JOIN blob AS b ON b.id = l.base JOIN data_key AS k ON k.id = l.key_id JOIN data_key AS m ON m.id = b.key_id WHERE k.scope <> m.scope',
    );
    expect(mixed).toEqual([]);
    await store.close();
  });

  it('says which entry does not hold when the one that others lean on is damaged', async () => {
    const { store } = await freshStore(at);
    for (let n = 0; n < 4; n++) await store.appendCollection(evidence([item('a', body(n))]), null);
    await store.checkpoint();
    const database = new DatabaseSync(storeFile(at.dataDir));
    database.exec('DROP TRIGGER log_entry_no_update');
    database.prepare('UPDATE log_entry SET body = zeroblob(length(body)) WHERE idx = 1').run();
    database.close();
    const failed = (await verifyLog(store)).claims.filter(({ result }) => result === 'FAIL');
    expect(failed.map(({ claim }) => claim)).toContain('entries-canonical');
    await store.close();
  });
});
