import { z } from 'zod';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
import type { ReadResource } from '../../model/resource.ts';
import { comparable, domainOf } from './compare-names.ts';
import { inOrder } from './entity-people.ts';

/** Types of which every resource is an account, and those that say more about accounts. */
export const accountTypes = [
  'app.portal-user',
  'app.user',
  'aws.iam.credential',
  'aws.iam.user',
  'aws.identity-center.user',
  'bank.user',
  'github.member',
  'github.outside-collaborator',
  'idp.user',
] as const;

/** One account as its source has it, before anybody asks whose it is. */
export interface AccountRow {
  /** Resource id in its own source. */
  readonly id: string;
  /** `github:9919`. */
  readonly system: string;
  readonly type: string;
  readonly login: string;
  readonly emails: readonly { readonly address: string; readonly verified: boolean }[];
  /** Number of the person in the roster, where the source has it. */
  readonly number: string | null;
  /** Made by an identity provider, and signed in through it: under this name there. */
  readonly identity: string | null;
  readonly nature: 'ordinary' | 'root' | 'machine';
  readonly live: boolean | { readonly unknown: GapReason };
  readonly lastUsed: string | null | { readonly unknown: GapReason };
  readonly tellsUse: boolean;
  /** ISO-8601 UTC: when its source was read. */
  readonly asOf: string;
}

const When = z.string().nullable();
const Credential = z.object({
  userName: z.string(),
  isRoot: z.boolean(),
  passwordEnabled: z.boolean(),
  passwordLastUsed: When,
  accessKeys: z.array(z.object({ active: z.boolean(), lastUsed: When })),
});
const Emails = z.array(z.string());

/** Every account of every source, one for one: by id. An IAM user and what he can sign in with are one account. */
export function readAccountRows(input: DerivedInput): AccountRow[] {
  const seen = input.seen.filter(({ type }) => accountTypes.some((known) => known === type));
  const credentials = credentialsOf(seen);
  const joined = new Set<string>();
  const rows = seen.flatMap((one) => (one.type === 'aws.iam.credential' ? [] : one.resources.map((resource) => rowOf(one, resource))));
  for (const { type, member, asOf, resources } of seen) {
    if (type !== 'aws.iam.credential') continue;
    for (const resource of resources) {
      // A credential of a user whom the other list has is not a second account.
      if (joined.has(`${member} ${text(resource, 'userName')}`)) continue;
      rows.push(credentialRow(resource, member, asOf));
    }
  }
  return inOrder(rows, ({ id }) => id);

  function rowOf(one: SeenType, resource: ReadResource): AccountRow {
    switch (one.type) {
      case 'github.member':
      case 'github.outside-collaborator':
        return {
          ...plain(one, resource, text(resource, 'login')),
          live: true,
          nature: /\[bot\]$/.test(text(resource, 'login')) ? 'machine' : 'ordinary',
        };
      case 'aws.iam.user': {
        const key = `${one.member} ${text(resource, 'userName')}`;
        const credential = credentials.get(key);
        joined.add(key);
        const row = plain(one, resource, text(resource, 'userName'));
        if (credential !== undefined) return { ...row, ...signIn(credential), tellsUse: true };
        return { ...row, live: iamLive(resource), lastUsed: { unknown: 'not-collected' }, tellsUse: true };
      }
      case 'aws.identity-center.user': {
        const row = plain(one, resource, text(resource, 'userName'));
        return { ...row, live: flag(resource, 'enabled'), identity: resource.fields['external'] === true ? comparable(row.login) : null };
      }
      case 'idp.user':
        return {
          ...plain(one, resource, text(resource, 'login'), resource.fields['emailVerified'] === true),
          live: flag(resource, 'live'),
          lastUsed: when(resource, 'lastLogin'),
          tellsUse: true,
          number: nullable(resource, 'employeeNumber'),
        };
      default:
        return userRow(one, resource);
    }
  }
}

function plain({ member, type, asOf }: SeenType, { id, fields, display }: ReadResource, login: string, verified = false): AccountRow {
  const emails = Emails.safeParse(fields['emails']).data ?? [];
  // A login that is an address is one: the directory it is in gave it out.
  const addresses = [...new Set([...emails, ...(domainOf(login) === undefined ? [] : [login])].map(comparable))].sort();
  return {
    id,
    system: member,
    type,
    login: login === '' ? display : login,
    emails: addresses.map((address) => ({ address, verified: verified && emails.some((own) => comparable(own) === address) })),
    number: null,
    identity: null,
    nature: 'ordinary',
    live: { unknown: 'not-collected' },
    lastUsed: null,
    tellsUse: false,
    asOf,
  };
}

/** A user of an application or of the bank. A column its table does not have tells nothing. */
function userRow(one: SeenType, resource: ReadResource): AccountRow {
  const has = (field: string) =>
    resource.unread[field] !== 'not-collected' && (Object.hasOwn(resource.fields, field) || field in resource.unread);
  const row = plain(one, resource, text(resource, 'login'));
  return {
    ...row,
    number: nullable(resource, 'person'),
    // Whoever is in a table without a word on it can get in.
    live: has('active') ? flag(resource, 'active') : true,
    lastUsed: has('lastLogin') ? when(resource, 'lastLogin') : null,
    tellsUse: has('lastLogin'),
  };
}

function credentialsOf(seen: readonly SeenType[]): ReadonlyMap<string, ReadResource> {
  const of = seen.filter(({ type }) => type === 'aws.iam.credential');
  return new Map(
    of.flatMap(({ member, resources }) => resources.map((resource) => [`${member} ${text(resource, 'userName')}`, resource] as const)),
  );
}
function credentialRow(resource: ReadResource, member: string, asOf: string): AccountRow {
  const isRoot = resource.fields['isRoot'] === true || resource.id.endsWith('/iam-credential/root');
  const row = plain({ type: 'aws.iam.credential', member, asOf } as SeenType, resource, isRoot ? 'root' : text(resource, 'userName'));
  return { ...row, ...signIn(resource), tellsUse: true, nature: isRoot ? 'root' : 'ordinary' };
}
/** An IAM user or the root user can get in by a password or by an active key. */
function signIn(resource: ReadResource): Pick<AccountRow, 'live' | 'lastUsed'> {
  const read = Credential.partial().safeParse(resource.fields).data ?? {};
  const reason = Object.values(resource.unread)[0] ?? 'malformed-reply';
  const { passwordEnabled: password, accessKeys: keys } = read;
  const byKey = keys?.some(({ active }) => active);
  const live = password === true || byKey === true ? true : password === undefined || byKey === undefined ? { unknown: reason } : false;
  if (read.passwordLastUsed === undefined || keys === undefined) return { live, lastUsed: { unknown: reason } };
  const uses = [read.passwordLastUsed, ...keys.map(({ lastUsed }) => lastUsed)].filter((use) => use !== null);
  return { live, lastUsed: latest(uses) };
}
function iamLive({ fields, unread }: ReadResource): AccountRow['live'] {
  const reason = unread['passwordEnabled'] ?? unread['activeAccessKeys'];
  if (fields['passwordEnabled'] === true || Number(fields['activeAccessKeys'] ?? 0) > 0) return true;
  return reason === undefined ? false : { unknown: reason };
}
/** ISO-8601 UTC, in the form in which times are compared. */
function latest(times: readonly string[]): string | null {
  const at = times.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time));
  return at.length === 0 ? null : new Date(Math.max(...at)).toISOString();
}

function text({ fields }: ReadResource, field: string): string {
  const value = fields[field];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
function nullable(resource: ReadResource, field: string): string | null {
  const value = text(resource, field).trim();
  return value === '' ? null : value;
}
function flag({ fields, unread }: ReadResource, field: string): AccountRow['live'] {
  const value = fields[field];
  return typeof value === 'boolean' ? value : { unknown: unread[field] ?? 'malformed-reply' };
}
function when(resource: ReadResource, field: string): AccountRow['lastUsed'] {
  const reason = resource.unread[field];
  if (reason !== undefined) return { unknown: reason };
  const value = nullable(resource, field);
  if (value === null) return null;
  return Number.isNaN(Date.parse(value)) ? { unknown: 'malformed-reply' } : new Date(value).toISOString();
}
