import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorNow } from '../../src/anchor/anchor-now.ts';
import { openDirectory } from '../../src/bundle/directory-files.ts';
import { writeEvidence } from '../../src/bundle/write-evidence.ts';
import { Collection } from '../../src/model/statement.ts';
import { canonicalText } from '../../src/seal/canonical-json.ts';
import { sha256, toBase64 } from '../../src/seal/digest.ts';
import { signNote } from '../../src/seal/signed-note.ts';
import { verifyExport } from '../../src/verify/verify-export.ts';
import { verifyLog } from '../../src/verify/verify-log.ts';
import { clockFrom, evidence, freshStore, item, type Place, place, request, source } from '../store/fixtures.ts';
import { type PythonClaim, PythonVerifier } from './python-verifier.ts';
import { has, TimeAuthority } from './time-authority.ts';

const python = has('python3', '--version') && has('openssl', 'version') ? new PythonVerifier() : undefined;

describe.skipIf(python === undefined)('what the real store writes', () => {
  let at: Place;
  let tsa: TimeAuthority;
  let log: Awaited<ReturnType<typeof freshStore>>;
  beforeAll(async () => {
    at = place();
    tsa = new TimeAuthority('rsa');
    log = await freshStore(at, clockFrom(new Date(Date.now() - 3_600_000).toISOString()));
    const { store, clock } = log;
    const digest = `sha256:${'cd'.repeat(32)}`;
    await store.append<'plan'>({
      kind: 'plan',
      configuration: digest,
      collectors: [],
      checks: { count: 0, digest },
      controls: { count: 0, digest },
      detail: await store.putBlob('plan', { sources: [source] }),
    });
    const users = ['u1', 'u2', 'u3'].map((user) =>
      item(
        user,
        { UserName: user, Size: 0.1 + 0.2, Big: { $integer: '9007199254740993' } },
        { volatile: { LastUsed: null }, withheld: ['Path'] },
      ),
    );
    const many = Array.from({ length: 40 }, (_, number) => request(number));
    const first = await store.appendCollection(evidence(users, { requests: many }), 1);
    await store.appendCollection(evidence(users, { requests: many }), 1);
    const gap = { reason: 'access-denied' as const, operation: 'iam:GetUser', subject: 'u9' };
    const changed = await store.appendCollection(
      evidence([...users.slice(1), item('u9', null, { gap: 'access-denied' })], { gaps: [gap] }),
      1,
    );
    const judged = (index: number, ids: readonly string[], failing: readonly string[]) =>
      store.appendEvaluation({
        source,
        asOf: '2026-01-15T12:00:00.000Z',
        plan: 1,
        reads: [{ collector: 'aws/iam-users', scope: source, index }],
        population: ids.map((id) => ({ type: 'aws.iam.user', id, display: id.toUpperCase() })),
        malformed: 0,
        checks: [
          {
            check: 'aws/console-user-has-mfa',
            parameters: { days: 90 },
            logic: digest,
            subjectType: 'aws.iam.user',
            excluded: ids.slice(0, 1),
            results: [
              ...ids.slice(1).map((id) => ({
                subject: id,
                display: id,
                outcome: failing.includes(id) ? ('fail' as const) : ('pass' as const),
                message: 'm',
                ...(failing.includes(id) ? {} : { until: `2026-0${2 + ids.indexOf(id)}-01T00:00:00.000Z` }),
              })),
              { subject: '*', display: source, outcome: 'no-evidence' as const, message: 'm', reason: 'access-denied' as const },
            ],
          },
        ],
      });
    await judged(first.index, ['u1', 'u2', 'u3', 'u4'], ['u3']);
    await judged(changed.index, ['u2', 'u3', 'u4'], []);
    clock.set(new Date().toISOString());
    const anchor = {
      name: 'tsa',
      method: 'rfc3161' as const,
      obtain: async ({ note }: { note: string }) => {
        const { token, time } = tsa.stamp(Buffer.from(note));
        return { receiptTime: time, receipt: toBase64(token), receiptHash: toBase64(sha256(token)) };
      },
    };
    await anchorNow(store, [anchor], clock.now);
    await store.appendCollection(evidence(users), 1);
    const items = Collection.parse(JSON.parse(Buffer.from(store.entry(first.index)!.bytes).toString())).items;
    const delta = store.blob(items.delta!);
    if (delta?.kind !== 'open') throw new Error('no delta');
    const [[, content]] = (JSON.parse(Buffer.from(delta.bytes).toString()) as { added: [[string, string]] }).added;
    await store.erase([content], { authority: 'officer', reason: 'asked', actor: { name: 'ada', authentication: 'none' } });
    await store.checkpoint();
  });
  afterAll(async () => {
    python?.stop();
    tsa?.remove();
    await log?.store.close();
    at?.remove();
  });

  test('verifies where it is', async () => {
    const { claims } = await verifyLog(log.store, { vkey: log.store.vkeys()[0]!, tsaRoots: [tsa.root] });
    expect(claims.filter(({ result }) => result === 'FAIL')).toEqual([]);
    expect(claims.filter(({ result }) => result === 'WARN').map(({ claim }) => claim)).toEqual(['completeness', 'erasures']);
  });
  test('verifies exported, whole and in every part, by both', { timeout: 600_000 }, async () => {
    const { store, keys } = log;
    const vkey = store.vkeys()[0]!;
    for (let from = 0; from < store.size(); from++) {
      for (const to of from === 0 ? [1, 4, store.size()] : [from + 1, store.size()]) {
        const directory = join(at.root, 'export');
        rmSync(directory, { recursive: true, force: true });
        const sign = (text: string) => signNote(text, store.origin, keys.sign.publicKey, (bytes) => keys.sign.sign(bytes));
        writeEvidence(store, directory, { generatedAt: '2026-02-01T00:00:00.000Z', from, to, signNote: sign });
        const files = openDirectory(directory);
        const ours = await verifyExport(files, { vkey, tsaRoots: [tsa.root] });
        files.close();
        const theirs = await python!.ask<PythonClaim[]>({ directory, vkey, roots: tsa.rootPem });
        expect(
          ours.claims.filter(({ result }) => result === 'FAIL'),
          `${from} to ${to}`,
        ).toEqual([]);
        expect(theirs.map(({ claim, result }) => [claim, result])).toEqual(ours.claims.map(({ claim, result }) => [claim, result]));
      }
    }
  });
});

describe.skipIf(python === undefined)('the independent verifier writes canonical JSON as we do', () => {
  const verifier = new PythonVerifier();
  afterAll(() => verifier.stop());
  test('numbers from all over the doubles', async () => {
    const bytes = Buffer.alloc(8);
    const doubles = Array.from({ length: 4000 }, (_, index) => {
      // A fixed walk over all exponents and many fractions.
      bytes.writeBigUInt64BE((BigInt(index) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn);
      return bytes.readDoubleBE();
    }).filter(Number.isFinite);
    const edges = [0, -0, 1e21, 1e-7, 1e-6, 123456789012345680000, 2 ** 53, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 100, 1e20, -1.5];
    const all = [...doubles, ...edges];
    const theirs = await verifier.ask<string[]>({ numbers: all.map(hexOf) });
    expect(theirs).toEqual(all.map((number) => canonicalText(number)));
  });
  test('strings and keys', async () => {
    const values = [
      '\u0000\u001f\u007f\u0080\u2028\u2029"\\/\b\f\n\r\t',
      '\ud83d\ude02',
      { '\ufb33': 1, '\ud83d\ude02': 2, '': 3, '10': 4, '9': 5 },
      [null, true, {}],
    ];
    expect(await verifier.ask<string[]>({ canonical: values })).toEqual(values.map(canonicalText));
  });
});

/** A double in C99 hexadecimal, which loses nothing on the way. */
function hexOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  const bits = bytes.readBigUInt64BE();
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  const sign = bits >> 63n === 1n ? '-' : '';
  return exponent === 0 ? `${sign}0x0.${fraction}p-1022` : `${sign}0x1.${fraction}p${exponent - 1023}`;
}
