import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';

/** Where a secret is, never what it is: an environment variable or a file. Resolved when it is used, kept nowhere. */
export const SecretReference = z
  .union([
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable') }),
    z.strictObject({ file: z.string().min(1) }),
  ])
  .meta({ description: 'Where the secret is: { env: NAME } or { file: PATH }. The secret itself never stands in this file.' });
export type SecretReference = z.infer<typeof SecretReference>;

export const secretAdvice = 'a secret is given as { env: NAME } or { file: PATH }, never as text';

const secretPatterns: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: 'a Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10,}/ },
  { what: 'a Slack webhook address', pattern: /hooks\.slack\.com\/services\// },
  { what: 'a signed token', pattern: /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./ },
];

/** What kind of secret a piece of text holds, or undefined. The text itself is never repeated in a message. */
export function secretIn(text: string): string | undefined {
  const known = secretPatterns.find(({ pattern }) => pattern.test(text));
  if (known) return known.what;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i.test(text)) return 'an address with credentials in it';
  return undefined;
}

/**
 * The secret a reference points at, without the line break at its end.
 * @throws ProoflineError `configuration` when it is not there, is empty, or lies in a file that others on this machine may read.
 */
export function resolveSecret(reference: SecretReference, env: Readonly<Record<string, string | undefined>>): string {
  if ('env' in reference) {
    const value = env[reference.env];
    if (value === undefined || value.trim() === '') {
      throw new ProoflineError(
        'configuration',
        `the environment variable ${reference.env} is ${value === undefined ? 'not set' : 'empty'}`,
      );
    }
    return value.trim();
  }
  let text: string;
  try {
    if ((statSync(reference.file).mode & 0o077) !== 0) {
      throw new ProoflineError('configuration', `${reference.file}: others on this machine may read this secret; run chmod 600 on it`);
    }
    text = readFileSync(reference.file, 'utf8');
  } catch (error) {
    if (error instanceof ProoflineError || !(error instanceof Error) || !('code' in error)) throw error;
    const why = error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(error.code)})`;
    throw new ProoflineError('configuration', `${reference.file}: ${why}`, { cause: error });
  }
  if (text.trim() === '') throw new ProoflineError('configuration', `${reference.file}: is empty`);
  return text.trim();
}
