import type { PeopleSettings } from '../../model/people-settings.ts';
import { comparable, localPart, matchesGlob } from './compare-names.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly emails: readonly string[];
}

/** Logins that a rule makes of a person's name: several when he has several addresses; none when it asks for what he has not. */
export function loginsOf(rule: string, { id, name, emails }: Named): string[] {
  const words = plain(name)
    .split(/\s+/)
    .filter((word) => word !== '');
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  const parts: Readonly<Record<string, readonly (string | undefined)[]>> = {
    first: [first],
    last: [last],
    initial: [first?.slice(0, 1)],
    number: [comparable(id.slice(id.indexOf(':') + 1))],
    'email-name': [...new Set(emails.map((address) => localPart(comparable(address))))],
  };
  let logins: string[] = [''];
  for (const part of comparable(rule).split(/(\{[a-z-]+\})/)) {
    const values = part.startsWith('{') ? (parts[part.slice(1, -1)] ?? []) : [part];
    logins = logins.flatMap((login) =>
      values.flatMap((value) => (value === undefined || value === '' ? (part === '' ? [login] : []) : [login + value])),
    );
  }
  return [...new Set(logins)].filter((login) => login !== '');
}

/** Rules that are for a system, by member or type of account. */
export function rulesFor(settings: PeopleSettings, { system, type }: { readonly system: string; readonly type: string }): string[] {
  return settings.naming
    .filter(({ systems }) => systems.some((pattern) => matchesGlob(system, pattern) || matchesGlob(type, pattern)))
    .map(({ login }) => login);
}

/** Logins are written without accents: `Jürgen Groß` is `jurgen.gross`. */
function plain(name: string): string {
  return comparable(name)
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');
}
