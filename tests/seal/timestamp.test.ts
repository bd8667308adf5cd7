import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/seal/digest.ts';
import { readTimestampReply, readTimestampToken, sameNonce, timestampRequest, verifyTimestamp } from '../../src/seal/timestamp.ts';
import { has, TimeAuthority } from '../verify/time-authority.ts';

const note = Buffer.from('a checkpoint\n');
const nonce = Uint8Array.of(0xff, 2, 3, 4, 5, 6, 7, 8);
const failed = expect.objectContaining({ code: 'anchor-failed' });

describe.skipIf(!has('openssl', 'version'))('RFC 3161', () => {
  let authorities: TimeAuthority[];
  beforeAll(() => {
    authorities = [new TimeAuthority('ec'), new TimeAuthority('rsa')];
  });
  afterAll(() => {
    for (const authority of authorities) authority.remove();
  });

  test('openssl reads our request as it is meant', () => {
    const [authority] = authorities;
    const file = join(authority!.directory, 'ours.tsq');
    for (const sent of [nonce, Uint8Array.of(0, 0, 1, 2), Uint8Array.of(0), new Uint8Array(0)]) {
      writeFileSync(file, timestampRequest(sha256(note), sent));
      const text = execFileSync('openssl', ['ts', '-query', '-in', file, '-text']).toString();
      expect(text).toContain('Hash Algorithm: sha256');
      expect(text).toContain('Certificate required: yes');
    }
  });
  test('a reply of an EC and of an RSA authority verifies', async () => {
    for (const authority of authorities) {
      const { token, info } = readTimestampReply(authority.reply(timestampRequest(sha256(note), nonce)));
      expect(sameNonce(nonce, info.nonce)).toBe(true);
      expect(sameNonce(Uint8Array.of(1, ...nonce), info.nonce)).toBe(false);
      expect(Buffer.from(info.digest)).toEqual(Buffer.from(sha256(note)));
      expect(Math.abs(Date.parse(info.time) - Date.now())).toBeLessThan(60_000);
      expect(await verifyTimestamp(token, note, [authority.root])).toEqual({
        time: info.time,
        digestMatches: true,
        signatureValid: true,
        chain: 'trusted',
        issuer: 'O=Test, CN=Test time',
      });
      expect(await verifyTimestamp(token, note, null)).toMatchObject({ signatureValid: true, chain: 'not-checked' });
    }
  });
  test('of another authority, over other bytes, by no authority at all', async () => {
    const [ec, rsa] = authorities;
    const { token } = ec!.stamp(note);
    expect(await verifyTimestamp(token, note, [rsa!.root])).toMatchObject({ signatureValid: true, chain: 'untrusted' });
    expect(await verifyTimestamp(token, note, [])).toMatchObject({ signatureValid: true, chain: 'untrusted' });
    expect(await verifyTimestamp(token, Buffer.from('another'), [ec!.root])).toMatchObject({
      digestMatches: false,
      signatureValid: false,
      chain: 'untrusted',
    });
    expect(await verifyTimestamp(Buffer.from('no token'), note, [ec!.root])).toMatchObject({ time: null, signatureValid: false });
  });
  test('a certificate that may do more than stamp time, or may not, does not count', async () => {
    const [good] = authorities;
    const { token } = good!.stamp(note);
    expect(await verifyTimestamp(good!.sign(token), note, [good!.root])).toMatchObject({ signatureValid: true, chain: 'trusted' });
    for (const usage of ['critical,timeStamping,emailProtection', 'timeStamping', 'critical,emailProtection']) {
      const other = new TimeAuthority('ec', usage);
      try {
        expect(await verifyTimestamp(other.sign(token), note, [other.root]), usage).toMatchObject({
          digestMatches: true,
          signatureValid: false,
          chain: 'untrusted',
        });
      } finally {
        other.remove();
      }
    }
  });
  test('no byte of the signed part can change', async () => {
    const [authority] = authorities;
    const { token } = authority!.stamp(note);
    const before = readTimestampToken(token);
    let trusted = 0;
    for (let at = 0; at < token.length; at += 3) {
      const changed = token.map((byte, index) => (index === at ? byte ^ 0x01 : byte));
      const { chain, time } = await verifyTimestamp(changed, note, [authority!.root]);
      // Certificates that the signer does not need are not signed; the receipt's hash in the log covers them.
      if (chain === 'trusted') {
        trusted += 1;
        expect(time).toBe(before.time);
      }
    }
    expect(trusted).toBeLessThan(token.length / 30);
    expect(await verifyTimestamp(Buffer.concat([token, Uint8Array.of(0)]), note, [authority!.root])).toMatchObject({ time: null });
  });
  test('what is no reply, and a refusal', () => {
    const [authority] = authorities;
    for (const bytes of [new Uint8Array(0), Buffer.from('<html>'), authority!.stamp(note).token]) {
      expect(() => readTimestampReply(bytes)).toThrow(failed);
    }
    const refused = authority!.reply(timestampRequest(sha256(note), nonce).map((byte, index) => (index === 19 ? 9 : byte)));
    expect(() => readTimestampReply(refused)).toThrow(failed);
    expect(() => timestampRequest(new Uint8Array(20), nonce)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
