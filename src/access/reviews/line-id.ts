import { z } from 'zod';

/** What has to be looked at more closely, and may not be kept without a word. */
const lineMarks = ['privileged', 'leaver', 'conflict', 'service-account', 'unresolved'] as const;
export const LineMark = z.enum(lineMarks);
export type LineMark = z.infer<typeof LineMark>;

/** What the id of a line says for good, so that a decision on it can be judged from the log alone, whatever became of the account. */
export interface LineIdentity {
  /** Resource id of the account. */
  readonly account: string;
  /** Persons of the roster whose it is, who answer for it, or whose it may be: none of them decides on it. Sorted. */
  readonly subjects: readonly string[];
  readonly marks: readonly LineMark[];
  /** Id of the entitlement; `account`: the account itself, to which nothing more is known to be given. */
  readonly entitlement: string;
}
export const accountItself = 'account';

const escaped = (text: string): string => text.replaceAll(/[%|,\s]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
const plain = (text: string): string =>
  text.replaceAll(/%([0-9a-f]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
const letters: Readonly<Record<LineMark, string>> = {
  privileged: 'P',
  leaver: 'L',
  conflict: 'C',
  'service-account': 'S',
  unresolved: 'U',
};

/** `github:9919/member/U_1|hr:E-104|P|3f9a…`: account, subjects, marks and entitlement. */
export function lineId({ account, subjects, marks, entitlement }: LineIdentity): string {
  const signs = lineMarks.flatMap((mark) => (marks.includes(mark) ? [letters[mark]] : [])).join('');
  return [escaped(account), [...subjects].sort().map(escaped).join(','), signs, escaped(entitlement)].join('|');
}

/** Undefined: no id of a line. */
export function parseLineId(id: string): LineIdentity | undefined {
  const parts = id.split('|');
  const [account = '', subjects = '', signs = '', entitlement = ''] = parts;
  if (parts.length !== 4 || account === '' || entitlement === '' || !/^P?L?C?S?U?$/.test(signs)) return undefined;
  return {
    account: plain(account),
    subjects: subjects === '' ? [] : subjects.split(',').map(plain),
    marks: lineMarks.filter((mark) => signs.includes(letters[mark])),
    entitlement: plain(entitlement),
  };
}

/** What stays the same from one review to the next, whoever the account belongs to by then. */
export function grantOf({ account, entitlement }: Pick<LineIdentity, 'account' | 'entitlement'>): string {
  return `${escaped(account)}|${escaped(entitlement)}`;
}

/** Member that an account is of: what its id begins with. */
export function systemOf(account: string): string {
  const slash = account.indexOf('/');
  return slash === -1 ? account : account.slice(0, slash);
}

/** Whether a name fits a pattern in which `*` stands for any characters. */
export function fits(name: string, pattern: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`, 's').test(name);
}
