import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ProoflineError } from '../../src/model/errors.ts';
import { parseSshPublicKey, sshKeyLine, sshSignerOf, verifySshSignature } from '../../src/seal/ssh-signature.ts';
import vectors from '../golden/vectors/ssh-signatures.json' with { type: 'json' };

function refusalOf(work: () => unknown): ProoflineError {
  try {
    work();
  } catch (error) {
    if (error instanceof ProoflineError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}
const bytes = (text: string) => new TextEncoder().encode(text);
const namespace = 'proofline-decision';
const scratch = mkdtempSync(join(tmpdir(), 'proofline-ssh-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const keygen = (args: readonly string[], input = '') => spawnSync('ssh-keygen', args, { cwd: scratch, input, encoding: 'utf8' });
const hasKeygen = keygen(['-?']).error === undefined;
if (!hasKeygen && process.env['PROOFLINE_REQUIRE_SERVERS'] !== undefined) throw new Error('ssh-keygen is needed here');

describe('signatures that OpenSSH made', () => {
  it.each(vectors.signatures)('of $type are checked, and say whose key made them', ({ publicKey, fingerprint, signature, message }) => {
    expect(parseSshPublicKey(publicKey).fingerprint).toBe(fingerprint);
    expect(verifySshSignature(bytes(message), signature, namespace).fingerprint).toBe(fingerprint);
  });
  it.each(vectors.signatures)('of $type count for no other message and no other namespace', ({ signature, message }) => {
    expect(refusalOf(() => verifySshSignature(bytes(`${message} `), signature, namespace)).message).toContain('over something else');
    expect(refusalOf(() => verifySshSignature(bytes(message), signature, 'file')).message).toContain(
      'for the namespace "proofline-decision"',
    );
  });
  it.each(vectors.signatures)('of $type fail when any byte of them is another', ({ signature, message }) => {
    const lines = signature.trim().split('\n');
    const raw = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = Buffer.from(raw);
        broken[at] = broken[at]! ^ flip;
        const text = [lines[0], broken.toString('base64'), lines.at(-1), ''].join('\n');
        expect(refusalOf(() => verifySshSignature(bytes(message), text, namespace)).code).toBe('verification-failed');
      }),
      { numRuns: 200 },
    );
  });
  it('count only from security keys that were touched', () => {
    const { signature, message } = vectors.untouched;
    expect(refusalOf(() => verifySshSignature(bytes(message), signature, namespace)).message).toContain('over something else');
  });
});

describe('public keys', () => {
  const [first] = vectors.signatures;
  const line = first!.publicKey;
  it.each([
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n', /private key: give the public one/],
    ['nothing', '', /found 0/],
    ['two keys', `${line}\n${line}`, /found 2/],
    ['no key', 'hello', /not an OpenSSH public key/],
    ['another type than its line says', line.replace('ssh-ed25519 ', 'ssh-rsa '), /the line says ssh-rsa/],
    ['a type that is not taken', 'ssh-dss AAAAB3NzaC1kc3M=', /"ssh-dss" are not taken/],
    ['one that is cut off', line.slice(0, 40), /not an OpenSSH public key/],
    ['an RSA key that is short', vectors.shortRsa, /less than 2048 bits/],
  ])('%s is refused', (_, text, expected) => {
    const refusal = refusalOf(() => parseSshPublicKey(text));
    expect(refusal.code).toBe('key-refused');
    expect(refusal.message).toMatch(expected);
  });
  it('are registered without what their files say of them', () => {
    expect(sshKeyLine(parseSshPublicKey(`${line} alice@laptop\n`))).toBe(line.split(' ').slice(0, 2).join(' '));
  });
});

describe('signing with an Ed25519 key in PEM', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  const signer = sshSignerOf(pem);
  it('makes what is checked here', () => {
    const signature = signer.sign(bytes('decided'), namespace);
    expect(verifySshSignature(bytes('decided'), signature, namespace).fingerprint).toBe(signer.publicKey.fingerprint);
  });
  it('refuses keys of another kind', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(refusalOf(() => sshSignerOf(rsa)).message).toContain('it is of type rsa');
    expect(refusalOf(() => sshSignerOf('x')).code).toBe('key-refused');
  });
  it.runIf(hasKeygen)('makes what ssh-keygen verifies', () => {
    writeFileSync(join(scratch, 'sig'), signer.sign(bytes('decided'), namespace));
    writeFileSync(join(scratch, 'allowed'), `alice ${sshKeyLine(signer.publicKey)}\n`);
    const verified = keygen(['-Y', 'verify', '-f', 'allowed', '-I', 'alice', '-n', namespace, '-s', 'sig'], 'decided');
    expect(verified.stdout).toContain(`Good "${namespace}" signature for alice with ED25519 key ${signer.publicKey.fingerprint}`);
    expect(keygen(['-Y', 'verify', '-f', 'allowed', '-I', 'alice', '-n', namespace, '-s', 'sig'], 'decide').status).not.toBe(0);
  });
});

describe.runIf(hasKeygen)('signatures of the ssh-keygen that is here', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('with a new %s key', (type) => {
    keygen(['-q', '-t', type, '-N', '', '-f', type]);
    const signature = keygen(['-q', '-Y', 'sign', '-n', namespace, '-f', type], 'decided').stdout;
    const key = parseSshPublicKey(readFileSync(join(scratch, `${type}.pub`), 'utf8'));
    expect(verifySshSignature(bytes('decided'), signature, namespace).fingerprint).toBe(key.fingerprint);
  });
});
