import type { Notice } from '../model/notification.ts';

/** What a fix calls the parts of the id of what it is about, by the noun in that id (`entity:acme/leaver/hr:E-104/2026-01-31`). */
const placeholders: Readonly<Record<string, readonly string[]>> = {
  account: ['ACCOUNT'],
  act: ['RULE'],
  'act-rule': ['RULE'],
  'document-request': ['REQUEST'],
  leaver: ['PERSON'],
  mover: ['PERSON'],
  person: ['PERSON'],
  'record-examination': ['EXAMINATION', 'TABLE', 'KEY'],
  review: ['DEFINITION', 'OCCASION'],
  separation: ['RULE', 'PERSON'],
  'separation-rule': ['RULE'],
};
/** Its id is that of the account in its own source, which has strokes of its own. */
const whole: ReadonlySet<string> = new Set(['account']);

/** A fix with the values of what it is about in place of the words for them; a word that nothing is known for stays. */
export function fillRemediation(remediation: NonNullable<Notice['check']>['remediation'], subject: string): typeof remediation {
  const values = valuesOf(subject);
  if (values.size === 0) return remediation;
  const fill = (text: string): string => text.replaceAll(/(?<![A-Za-z-])[A-Z]{3,}(?![A-Za-z-])/g, (word) => values.get(word) ?? word);
  return { console: fill(remediation.console), cli: fill(remediation.cli), terraform: fill(remediation.terraform) };
}

function valuesOf(subject: string): ReadonlyMap<string, string> {
  const [member = '', noun = '', ...rest] = subject.split('/');
  const names = member.startsWith('entity:') ? placeholders[noun] : undefined;
  if (names === undefined) return new Map();
  const parts = whole.has(noun)
    ? [rest.map(decoded).join('/')]
    : rest.map(decoded).flatMap((part) => (noun === 'review' ? part.split('/') : [part]));
  return new Map(names.flatMap((name, at) => (parts[at] === undefined || parts[at] === '' ? [] : [[name, quoted(parts[at])] as const])));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** For a shell, where a name has more in it than names usually have. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
