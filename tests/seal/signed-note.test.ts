import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkpointText, openNote, parseCheckpoint, parseVkey, signKeyId, signNote, vkeyOf } from '../../src/seal/signed-note.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/vectors/checkpoints.json', import.meta.url), 'utf8')) as Record<
  'seed' | 'publicKey' | 'keyId' | 'vkey' | 'origin' | 'root' | 'text' | 'note',
  string
> & { size: number };
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(golden.seed, 'hex')]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = Buffer.from(golden.publicKey, 'hex');
const signer = (bytes: Uint8Array) => sign(null, bytes, privateKey);
const refused = expect.objectContaining({ code: 'verification-failed' });

describe('signed notes', () => {
  test('are those openssl signs', () => {
    expect(vkeyOf(golden.origin, publicKey)).toBe(golden.vkey);
    expect(signKeyId(publicKey)).toBe(golden.keyId);
    expect(checkpointText(golden)).toBe(golden.text);
    expect(signNote(golden.text, golden.origin, publicKey, signer)).toBe(golden.note);
    expect(openNote(golden.note, [golden.vkey])).toEqual({ text: golden.text, by: [golden.vkey] });
  });
  test('the example of the C2SP specification’s own key format opens', () => {
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(parseVkey(vkey)).toMatchObject({ name: 'PeterNeumann' });
    const note =
      'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'.replace(
        '\u2019',
        "'",
      );
    expect(openNote(note, [vkey]).by).toEqual([vkey]);
  });
  test('no character of one can change', () => {
    for (let at = 0; at < golden.note.length; at++) {
      const changed = `${golden.note.slice(0, at)}${golden.note[at] === 'x' ? 'y' : 'x'}${golden.note.slice(at + 1)}`;
      expect(() => openNote(changed, [golden.vkey]), `character ${at}`).toThrow(refused);
      expect(() => openNote(golden.note.slice(0, at) + golden.note.slice(at + 1), [golden.vkey]), `without ${at}`).toThrow(refused);
    }
  });
  test('a signature by somebody else is passed over, and is not enough', () => {
    const other = vkeyOf('other.example', publicKey);
    expect(() => openNote(golden.note, [other])).toThrow(refused);
    const both = golden.note + signNote(golden.text, 'other.example', publicKey, signer).split('\n\n')[1]!;
    expect(openNote(both, [golden.vkey]).by).toEqual([golden.vkey]);
    expect(openNote(both, [golden.vkey, other]).by).toEqual([golden.vkey, other]);
    expect(() => openNote(golden.note + golden.note.split('\n\n')[1]!, [golden.vkey])).toThrow(refused);
  });
  test('texts and names that a note cannot carry', () => {
    for (const text of ['no newline', 'control\u0001\n', 'carriage\r\n', '\ud800\n']) {
      expect(() => signNote(text, golden.origin, publicKey, signer)).toThrow(expect.objectContaining({ code: 'usage' }));
    }
    for (const name of ['', 'a b', 'a+b']) expect(() => vkeyOf(name, publicKey)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
  test('vkeys whose parts do not belong together', () => {
    for (const vkey of [
      '',
      'a',
      golden.vkey.replace('acme', 'acmf'),
      golden.vkey.slice(0, -1),
      `${golden.vkey}=`,
      golden.vkey.replace('+AY', '+BY'),
    ]) {
      expect(() => parseVkey(vkey), vkey).toThrow(refused);
    }
  });
});

describe('checkpoints', () => {
  test('are three lines and nothing else', () => {
    expect(parseCheckpoint(golden.text)).toEqual({ origin: golden.origin, size: 8, root: golden.root });
    for (const text of [
      `${golden.text}more\n`,
      golden.text.slice(0, -1),
      golden.text.replace('\n8\n', '\n08\n'),
      golden.text.replace('\n8\n', '\n-8\n'),
      golden.text.replace('\n8\n', '\n8.0\n'),
      golden.text.replace('\n8\n', '\n9007199254740993\n'),
      golden.text.replace(golden.root, 'YQ=='),
      golden.text.replace(golden.origin, ''),
    ]) {
      expect(() => parseCheckpoint(text), text).toThrow(refused);
    }
  });
});
