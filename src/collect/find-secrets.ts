import { createHmac } from 'node:crypto';
import type { Json } from '../model/json.ts';

/**
 * Secrets by their form. Whatever else an allow-list lets through, a string in which one of these is found is not kept.
 * Names are for tests and documentation; a match withholds the whole string, since what surrounds a secret often is half of it.
 * Repetitions are bounded where a match may begin anywhere, so that a hostile text costs time in proportion to its length.
 */
const forms: Readonly<Record<string, RegExp>> = {
  'AWS access key id': /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/,
  'GitHub token': /gh[pousr]_[A-Za-z0-9]{16,}/,
  'GitHub fine-grained token': /github_pat_[A-Za-z0-9_]{20,}/,
  'GitLab token': /glpat-[A-Za-z0-9_-]{16,}/,
  'private key': /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
  'JSON web token': /[A-Za-z0-9_-]\.eyJ[A-Za-z0-9_-]{8,}\./,
  'Slack token': /xox[abeoprs](?:\.xox[a-z])?-[A-Za-z0-9-]{8,}|xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+/,
  'Slack webhook': /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{8,}/,
  'Discord webhook': /discord(?:app)?\.com\/api\/webhooks\/\d+\/[A-Za-z0-9_-]+/,
  'Teams webhook': /\.webhook\.office\.com\/webhookb2\/[A-Za-z0-9@/-]+/,
  'URL with credentials': /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[^\s/?#@"'\\:]*:[^\s/?#@"'\\]+@[^\s/?#"'\\]/,
  'Stripe key': /(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/,
  'Google API key': /AIza[A-Za-z0-9_-]{35}/,
  'SendGrid key': /SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  'npm token': /npm_[A-Za-z0-9]{36}/,
  'PyPI token': /pypi-[A-Za-z0-9_-]{50,}/,
  'age key': /AGE-SECRET-KEY-1[A-Z0-9]{40,}/,
  'connection string': /(?:AccountKey|SharedAccessKey|SharedSecret)=[A-Za-z0-9+/]{20,}={0,2}/,
  'signed URL': /[?&](?:X-Amz-Signature|X-Amz-Security-Token|Signature|sig)=[A-Za-z0-9%+/_=-]{16,}/,
  'bearer header': /\b(?:[Bb]earer|[Bb]asic) [A-Za-z0-9+/_=.-]{20,}/,
  assignment:
    /(?:password|passwd|passphrase|client_?secret|secret_?access_?key|secret_?key|private_?key|api_?key|auth_?token|access_?token)["'\\]*\s*[=:]\s*["'\\]*(?!(?:true|false|null|none|required|optional|\*+|\$\{)(?![A-Za-z0-9]))[^\s"'\\,;&{}[\]]{6,}/i,
};
const joined = (chosen: readonly RegExp[]) =>
  new RegExp(chosen.map((form) => (form.flags.includes('i') ? `(?i:${form.source})` : `(?:${form.source})`)).join('|'));
const anyForm = joined(Object.values(forms));
/** Without the one that also matches a member of JSON text whose value has been looked at and is harmless. */
const anyFormInJson = joined(Object.entries(forms).flatMap(([name, form]) => (name === 'assignment' ? [] : [form])));
/** Fields (and, in name/value pairs, names) whose value is a secret whatever it looks like. */
const secretName =
  /(?:^|[^a-z])(?:password|passwd|pwd|passphrase|(?:client|shared|webhook|app|api|jwt|signing)[_\-. ]?secret|secret[_\-. ]?(?:access[_\-. ]?)?key|private[_\-. ]?key|api[_\-. ]?key|(?:auth|access|bearer|refresh|api|session|security|id)[_\-. ]?token|token|secret|credentials?)$/i;
/** What such a field holds when it speaks about a secret instead of being one. */
const plainlyHarmless =
  /^(?:|true|false|yes|no|none|null|enabled|disabled|required|optional|active|inactive|read|write|admin|not_supported|no_information|n\/a|[\d.:+TZ-]{1,30}|arn:[^\s]*|\$token)$/i;
const encodedRun = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const nameMembers = ['Key', 'key', 'Name', 'name', 'ParameterKey', 'ParameterName'] as const;
const valueMembers = ['Value', 'value', 'ParameterValue'] as const;

/** Whether a string contains a secret: as it stands, URL-encoded, base64-encoded, or as base64 inside. */
export function hasSecret(text: string): boolean {
  return anyForm.test(text) || decodings(text).some((decoded) => anyForm.test(decoded));
}

/** What a text may be an encoding of; only what can be text again is looked at. */
function decodings(text: string): string[] {
  const found: string[] = [];
  if (/%[0-9A-Fa-f]{2}/.test(text)) found.push(percentDecoded(text));
  for (const [run] of text.matchAll(encodedRun)) {
    const decoded = Buffer.from(run, 'base64').toString('latin1');
    found.push(decoded);
    // Whatever precedes the run may be a letter of the same alphabet: then the groups of four are shifted.
    if (decoded.length > 0 && !/^[\t\n\r -~]/.test(decoded)) {
      for (const shift of [1, 2, 3]) found.push(Buffer.from(run.slice(shift), 'base64').toString('latin1'));
    }
  }
  return found;
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

export type Tag = (secret: string) => string | undefined;

/** Tells two secrets apart without telling either: 8 bytes of an HMAC. Without a key a tag would be a way to guess, so there is none. */
export function secretTag(key: Uint8Array | undefined): Tag {
  if (key === undefined) return () => undefined;
  return (secret) => createHmac('sha256', key).update(`proofline/1 redacted ${secret}`).digest('hex').slice(0, 16);
}

/** Same form wherever a string is wanted (subjects, parameters, codes). */
export function redactedText(secret: string, tag: Tag): string {
  const mark = tag(secret);
  return mark === undefined ? '$redacted:secret' : `$redacted:secret:${mark}`;
}

export interface Scanned {
  readonly value: Json;
  /** Dotted paths of what was replaced; array positions are left out. */
  readonly withheld: readonly string[];
}

/**
 * Replaces every string in which a secret is found by `{"$redacted":"secret","tag":...}`, and keys likewise.
 * Fails closed: when something that looks like a secret is left in the result, or the value cannot be searched, all of it is withheld.
 */
export function redactSecrets(value: Json, tag: Tag): Scanned {
  const text = JSON.stringify(value);
  if (!mayHoldSecret(text)) return { value, withheld: [] };
  const withheld = new Set<string>();
  const redacted = replaceIn(value, '', tag, withheld);
  if (mustNotBeKept(redacted)) return { value: { $redacted: 'secret' }, withheld: ['*'] };
  return { value: redacted, withheld: [...withheld].sort() };
}

/** Whether a text (usually JSON) is worth a closer look; cheap, and never false for what `replaceIn` would replace. */
function mayHoldSecret(text: string): boolean {
  return hasSecret(text) || namedValue.test(text);
}
const namedValue = /(?:password|passwd|pwd|passphrase|secret|private[_\-. ]?key|api[_\-. ]?key|token|credential)s?(?:\\?"|$)/i;

function mustNotBeKept(value: Json): boolean {
  return strings(value).some((text) => hasSecret(text)) || anyFormInJson.test(JSON.stringify(value));
}

function strings(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (isRedaction(value)) return [];
  if (isArray(value)) return value.flatMap(strings);
  return Object.entries(value).flatMap(([key, member]) => [...(key.startsWith('$redacted:') ? [] : [key]), ...strings(member)]);
}

function replaceIn(value: Json, path: string, tag: Tag, withheld: Set<string>): Json {
  if (typeof value === 'string') return hasSecret(value) ? replaced(value, path, tag, withheld) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((member) => replaceIn(member, path, tag, withheld));
  const bytes = value['$bytes'];
  if (typeof bytes === 'string') {
    const plain = Buffer.from(bytes, 'base64').toString('latin1');
    return hasSecret(plain) || hasSecret(bytes) ? replaced(bytes, path, tag, withheld) : value;
  }
  const pair = secretPair(value);
  const taken = new Set<string>();
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const name = hasSecret(key) ? distinct(redactedText(key, tag), taken) : key;
      const at = path === '' ? name : `${path}.${name}`;
      if (name !== key) withheld.add(at);
      const secret = typeof member === 'string' && (key === pair || (secretName.test(words(key)) && !plainlyHarmless.test(member)));
      return [name, secret ? replaced(member, at, tag, withheld) : replaceIn(member, at, tag, withheld)];
    }),
  );
}

/** In `{Key: 'DB_PASSWORD', Value: '...'}`: the member that holds the secret. */
function secretPair(value: { readonly [key: string]: Json }): string | undefined {
  const named = nameMembers.some((member) => {
    const name = value[member];
    return typeof name === 'string' && secretName.test(words(name));
  });
  if (!named) return undefined;
  return valueMembers.find((member) => {
    const text = value[member];
    return typeof text === 'string' && !plainlyHarmless.test(text);
  });
}

/** `MasterUserPassword` -> `Master User Password`, so that a name is recognised by its last words in any spelling. */
function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
}

function replaced(secret: string, path: string, tag: Tag, withheld: Set<string>): Json {
  withheld.add(path === '' ? '*' : path);
  const mark = tag(secret);
  return mark === undefined ? { $redacted: 'secret' } : { $redacted: 'secret', tag: mark };
}

function distinct(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name}:${n}`;
  taken.add(free);
  return free;
}

function isRedaction(value: object): boolean {
  return '$redacted' in value;
}
function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** The forms by name, for tests and documentation. */
export const secretForms: readonly string[] = Object.keys(forms);
