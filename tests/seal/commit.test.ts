import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, canonicalText } from '../../src/seal/canonical-json.ts';
import { createCommitter, opens } from '../../src/seal/commit.ts';
import { fromBase64, sha256, toBase64, toHex } from '../../src/seal/digest.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/vectors/commitments.json', import.meta.url), 'utf8')) as {
  commitKey: string;
  commitments: { scope: string; value: unknown; canonical: string; salt: string; commitment: string }[];
};

describe('commitments', () => {
  test('are those another implementation made', () => {
    const committer = createCommitter(Buffer.from(golden.commitKey, 'hex'));
    expect(golden.commitments).toHaveLength(12);
    for (const { scope, value, canonical, salt, commitment } of golden.commitments) {
      expect(canonicalText(value)).toBe(canonical);
      const made = committer.scoped(scope).commit(canonicalBytes(value));
      expect([toBase64(made.salt), toBase64(made.commitment)]).toEqual([salt, commitment]);
      expect(opens(fromBase64(commitment), fromBase64(salt), canonicalBytes(value))).toBe(true);
    }
  });
  test('are equal in one scope, and cannot be compared across scopes or keys', () => {
    const bytes = canonicalBytes('ada');
    const one = createCommitter(Buffer.alloc(32, 1)).scoped('a');
    const name = (made: { commitment: Uint8Array }) => toHex(made.commitment);
    expect(name(one.commit(bytes))).toBe(name(one.commit(bytes)));
    expect(name(one.commit(bytes))).not.toBe(name(createCommitter(Buffer.alloc(32, 1)).scoped('b').commit(bytes)));
    expect(name(one.commit(bytes))).not.toBe(name(createCommitter(Buffer.alloc(32, 2)).scoped('a').commit(bytes)));
    expect(name(one.commit(bytes))).not.toBe(toHex(sha256(bytes)));
  });
  test('open with nothing but their own salt and bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, flip) => {
        const { commitment, salt } = createCommitter(Buffer.alloc(32, 1)).scoped('a').commit(bytes);
        const changed = (of: Uint8Array) => of.map((byte, index) => (index === at % of.length ? byte ^ flip : byte));
        expect(opens(commitment, salt, bytes)).toBe(true);
        expect(opens(commitment, changed(salt), bytes)).toBe(false);
        if (bytes.length > 0) expect(opens(commitment, salt, changed(bytes))).toBe(false);
      }),
    );
  });
  test('a byte cannot wander from the content into the salt', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const { commitment, salt } = createCommitter(Buffer.alloc(32, 1)).scoped('a').commit(bytes);
    expect(opens(commitment, Buffer.concat([salt, bytes.subarray(0, 1)]), bytes.subarray(1))).toBe(false);
  });
});

test('base64 is strict: one text for one sequence of bytes', () => {
  for (const text of ['YQ=', 'YQ', 'YR==', 'Y Q==', 'YQ==\n', '_w==', 'YQ===']) {
    expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'not-canonical' }));
  }
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(fromBase64(toBase64(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});
