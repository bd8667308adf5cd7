import { z } from 'zod';
import { canonicalText } from '../../seal/canonical-json.ts';
import { sha256, toHex } from '../../seal/digest.ts';
import { accountItself, LineMark, lineId } from './line-id.ts';
import type { Roster, RosterAccount, RosterEntitlement } from './read-roster.ts';

/** One thing that one account may do, with what a reviewer has to know of it. */
export const ReviewLine = z.strictObject({
  /** lineId. */
  id: z.string(),
  system: z.string(),
  /** Resource id. */
  account: z.string(),
  login: z.string(),
  kind: z.enum(['person', 'service-account', 'unresolved']),
  /** Who answers for it: the person, or the owner of the service account; null: nobody is known. */
  person: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  /** Of a service account: what it is for. */
  purpose: z.string().nullable(),
  permission: z.string(),
  on: z.string().nullable(),
  /** What it lets him do, and how he comes by it, in words. */
  means: z.string(),
  path: z.string(),
  notEvaluated: z.array(z.string()),
  /** ISO-8601 UTC; null: never, or it is not told. */
  lastUsed: z.string().nullable(),
  tellsUse: z.boolean(),
  /** Can be used to get in; null: not read. */
  live: z.boolean().nullable(),
  /** Rules of separation in which he holds both sides. */
  conflicts: z.array(z.string()),
  marks: z.array(LineMark),
});
export type ReviewLine = z.infer<typeof ReviewLine>;

/**
 * The lines of a review: every entitlement of every account of these systems, and an account to which nothing is known to be given as a line of
 * its own, so that none is left out. Sorted by id.
 */
export function toLines(roster: Roster, includes: (system: string) => boolean): readonly ReviewLine[] {
  const given = Map.groupBy(roster.entitlements, ({ account }) => account);
  return roster.accounts
    .filter(({ system }) => includes(system))
    .flatMap((account) => {
      const held = given.get(account.account) ?? [];
      return held.length === 0 ? [lineOf(roster, account, null)] : held.map((entitlement) => lineOf(roster, account, entitlement));
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function lineOf(roster: Roster, account: RosterAccount, entitlement: RosterEntitlement | null): ReviewLine {
  const { ownerPerson } = account;
  const person = ownerPerson ?? (account.kind === 'person' && account.owner !== null ? { id: account.owner, name: account.owner } : null);
  const holder = person !== null && account.kind === 'person' ? person.id : account.account;
  const conflicts = [...(roster.conflicts.get(holder) ?? [])];
  const marks: LineMark[] = [
    ...(entitlement?.privileged === true ? (['privileged'] as const) : []),
    ...(ownerPerson?.status === 'left' ? (['leaver'] as const) : []),
    ...(conflicts.length > 0 ? (['conflict'] as const) : []),
    ...(account.kind === 'service-account' ? (['service-account'] as const) : []),
    ...(account.kind === 'unresolved' ? (['unresolved'] as const) : []),
  ];
  const subjects = [...new Set([...(person === null ? [] : [person.id]), ...account.candidates, ...account.sharedWith])].sort();
  return {
    id: lineId({ account: account.account, subjects, marks, entitlement: entitlement?.id ?? accountItself }),
    system: account.system,
    account: account.account,
    login: account.login,
    kind: account.kind,
    person: person === null ? null : { id: person.id, name: person.name },
    purpose: account.service?.purpose ?? null,
    permission: entitlement?.permission ?? 'account',
    on: entitlement?.on ?? null,
    means:
      entitlement?.means ?? (account.live === false ? 'an account that is shut' : 'can sign in; nothing more is known to be given to it'),
    path: entitlement?.path.map(({ says }) => says).join('; ') ?? '',
    notEvaluated: [...(entitlement?.notEvaluated ?? [])],
    lastUsed: account.lastUsed ?? null,
    tellsUse: account.tellsUse ?? false,
    live: account.live ?? null,
    conflicts,
    marks,
  };
}

/** The lines as they are hashed and handed out: canonical JSON, one a line. */
export function linesText(lines: Iterable<ReviewLine>): string {
  return Array.from(lines, (line) => `${canonicalText(line)}\n`).join('');
}
/** `sha256:` of the text of lines, sorted by id as `toLines` gives them. */
export function digestOfText(text: string): string {
  return `sha256:${toHex(sha256(new TextEncoder().encode(text)))}`;
}
