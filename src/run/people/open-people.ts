import { z } from 'zod';
import { namesAccount } from '../../access/people/service-accounts.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { ReadResource } from '../../model/resource.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { deriveInput } from '../entity/derive-input.ts';
import { entityMember } from '../entity/entity-access.ts';
import { NotReadable } from '../entity/log-as-of.ts';
import { storedLog } from '../entity/stored-log.ts';
import { readCollections } from '../read-collections.ts';

const Text = z.string().nullable().default(null);
const Unread = z.record(z.string(), GapReason);
const Person = z.object({
  person: z.string(),
  name: z.string(),
  emails: z.array(z.string()),
  kind: z.string(),
  status: z.enum(['active', 'not-started', 'left']).nullable().default(null),
  title: Text,
  department: Text,
  manager: Text,
  startsOn: Text,
  endsOn: Text,
  roster: z.string(),
  problems: z.array(z.object({ says: z.string() })),
  unread: Unread,
});
/** A person as last worked out; a null status is one that is not known, and `unread` says why. */
export type ListedPerson = z.infer<typeof Person>;
const Account = z.object({
  account: z.string(),
  system: z.string(),
  type: z.string(),
  login: z.string(),
  kind: z.enum(['person', 'service-account', 'unresolved']).default('unresolved'),
  owner: Text,
  linkedBy: Text,
  reason: z.string(),
  candidates: z.array(z.string()),
  live: z.boolean().nullable().default(null),
  lastUsed: Text,
  tellsUse: z.boolean(),
  unread: Unread,
});
/** An account as last worked out; `live` null: not known. */
export type ListedAccount = z.infer<typeof Account>;
const Move = z.object({
  kind: z.enum(['joiner', 'mover', 'leaver']),
  person: z.string(),
  day: Text,
  at: z.string(),
  changed: z.array(z.object({ field: z.string(), before: Text, after: Text })),
  takenBack: z.boolean(),
});
type ListedMove = z.infer<typeof Move>;

export interface OpenedPeople {
  /** ISO-8601 UTC: when they were last worked out. */
  readonly asOf: string;
  readonly persons: readonly ListedPerson[];
  readonly accounts: readonly ListedAccount[];
  readonly moves: readonly ListedMove[];
  /** Why there may be more of them, by type; empty: all were seen. */
  readonly incomplete: readonly { readonly type: string; readonly reason: GapReason }[];
}

const types = ['entity.person', 'entity.account', 'entity.move'];

/**
 * People and accounts as the log has them.
 * @throws ProoflineError `usage` when the configuration says nothing of people, or nothing was collected yet
 */
export async function openPeople(
  app: Pick<Composition, 'now' | 'registries' | 'configuration' | 'entitySettings'>,
  store: Store,
): Promise<OpenedPeople> {
  if ((await app.entitySettings()).people === null) {
    throw new ProoflineError(
      'usage',
      'the configuration says nothing of `people`: name their rosters there (config/proofline.example.yaml shows how)',
    );
  }
  const registries = await app.registries();
  const { seen, missing } = readInput(
    () =>
      deriveInput(storedLog(store, readCollections()).now(registries), registries, {
        entity: entityMember(app.configuration.entity.tenant),
        at: app.now(),
        types,
      }).input,
  );
  const asOf = seen.map((one) => one.asOf).sort()[0];
  if (asOf === undefined) throw new ProoflineError('usage', 'nobody was looked for yet: collect first (proofline collect)');
  return {
    asOf,
    persons: listed(seen, 'entity.person', Person),
    accounts: listed(seen, 'entity.account', Account),
    moves: listed(seen, 'entity.move', Move),
    incomplete: [
      ...seen.flatMap(({ type, incomplete }) => (incomplete === null ? [] : [{ type, reason: incomplete }])),
      ...missing.map(({ type, reason }) => ({ type, reason })),
    ],
  };
}

function readInput(read: () => DerivedInput): DerivedInput {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    throw new ProoflineError('usage', `people cannot be read: ${error.message}; collect first (proofline collect)`, { cause: error });
  }
}
function listed<S extends z.ZodType>(seen: DerivedInput['seen'], type: string, shape: S): z.output<S>[] {
  const of = seen.filter((one) => one.type === type).flatMap(({ resources }) => resources as readonly ReadResource[]);
  return of.map(({ fields, unread }) => shape.parse({ ...fields, unread }));
}

/**
 * The person somebody means: by id, number, address or name.
 * @throws ProoflineError `not-found`
 */
export function personNamed({ persons }: Pick<OpenedPeople, 'persons'>, name: string): ListedPerson {
  const same = (text: string) => text.toLowerCase() === name.toLowerCase();
  const exact = persons.find(({ person }) => person === name);
  const found =
    exact === undefined
      ? persons.filter((one) => same(one.person.slice(one.person.indexOf(':') + 1)) || one.emails.some(same) || same(one.name))
      : [exact];
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const ids = persons.map(({ person }) => person);
  throw new ProoflineError(
    'not-found',
    found.length === 0
      ? `nobody on the rosters is "${name}"${didYouMean(name, ids)} (proofline people list)`
      : `"${name}" is any of ${found.map(({ person }) => person).join(', ')}: name one by his id`,
  );
}
/**
 * The account somebody means: by resource id, `<type>:<login>`, or a login that only one has.
 * @throws ProoflineError `not-found`
 */
export function accountNamed({ accounts }: Pick<OpenedPeople, 'accounts'>, name: string): ListedAccount {
  const exact = accounts.filter(({ account, type, login }) => account === name || namesAccount(name, { id: account, type, login }));
  const found = exact.length > 0 ? exact : accounts.filter(({ login }) => login.toLowerCase() === name.toLowerCase());
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const ids = accounts.map(({ account }) => account);
  throw new ProoflineError(
    'not-found',
    found.length === 0
      ? `no system has an account "${name}"${didYouMean(name, ids)} (proofline people unresolved lists those that are nobody's)`
      : `"${name}" is any of ${found.map(({ account }) => account).join(', ')}: name one by its id`,
  );
}
