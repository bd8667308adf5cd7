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

/** The text with every known kind of secret taken out: the last guard before it leaves the house. */
export function withholdSecrets(text: string): string {
  let shown = text;
  for (const { what, pattern } of secretPatterns) {
    // A key ends where its last line does; an address is withheld with everything that follows in it.
    const whole = new RegExp(
      `${pattern.source}${what === 'a private key' ? '[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)' : '[^\\s"\'<>]*'}`,
      'g',
    );
    shown = shown.replace(whole, `[${what} withheld]`);
  }
  return shown.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]*@/gi, '$1[withheld]@');
}

/**
 * Whether somebody else on this machine may read or change a file. What root hands to a service may be readable by the file's group:
 * Kubernetes gives its secrets to the pod's own group, and the access list that systemd gives a credential shows as the group's mode.
 * @param self uid of this process; undefined where there is none
 */
export function isOpenToOthers(file: { readonly mode: number; readonly uid: number }, self: number | undefined): boolean {
  const handedByRoot = file.uid === 0 && self !== undefined && self !== 0;
  return (file.mode & (handedByRoot ? 0o037 : 0o077)) !== 0;
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
    if (isOpenToOthers(statSync(reference.file), process.getuid?.())) {
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
