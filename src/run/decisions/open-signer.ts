import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { decisionNamespace } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import { parseSshPublicKey, sshSignerOf } from '../../seal/ssh-signature.ts';
import type { DecisionSigner } from './record-decision.ts';

/**
 * A key file as a signer for a registered person. An Ed25519 key in PKCS#8 (PEM) signs here; anything else is handed to OpenSSH's own
 * `ssh-keygen -Y sign`, which asks for a passphrase, an agent (give the `.pub` file) or a touch by itself. No key is copied or kept.
 * @throws ProoflineError `key-refused` when the file is no key, `key-missing` when it or ssh-keygen is not there
 */
export function openSigner(person: string, file: string): DecisionSigner {
  const text = readKey(file);
  if (text.includes('-----BEGIN PRIVATE KEY-----')) {
    const signer = sshSignerOf(text);
    return {
      person,
      fingerprint: signer.publicKey.fingerprint,
      sign: async (message) => signer.sign(new TextEncoder().encode(message), decisionNamespace),
    };
  }
  const publicLine = text.includes('PRIVATE KEY') ? readKey(`${file}.pub`, `the public half of ${file}`) : text;
  const { fingerprint } = parseSshPublicKey(publicLine);
  return { person, fingerprint, sign: (message) => signWithOpenSsh(file, message) };
}

function readKey(file: string, what = file): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    const why = cause.code === 'ENOENT' ? `there is no ${file}` : `it cannot be read (${String(cause.code)})`;
    throw new ProoflineError('key-missing', `${what}: ${why}`, { cause });
  }
}

/** Standard error stays the terminal's: there OpenSSH asks for what it needs. */
function signWithOpenSsh(file: string, message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', ['-q', '-Y', 'sign', '-n', decisionNamespace, '-f', file], { stdio: ['pipe', 'pipe', 'inherit'] });
    let signature = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      signature += part;
    });
    child.on('error', (cause) =>
      reject(new ProoflineError('key-missing', 'ssh-keygen (OpenSSH 8.1 or later) is needed to sign with this key', { cause })),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(signature);
      else reject(new ProoflineError('key-refused', `${file}: ssh-keygen did not sign (it ended with ${code ?? 'a signal'})`));
    });
    // It may end before it has read everything; then its exit says so.
    child.stdin.on('error', () => undefined);
    child.stdin.end(message);
  });
}
