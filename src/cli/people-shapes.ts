import { z } from 'zod';
import { linkReasons } from '../model/access.ts';
import { GapReason } from '../model/completeness.ts';

/** What `--json` of the verbs about people prints; see shapes.ts. */
const v = z.literal(1);
const Time = z.iso.datetime({ precision: 3 });
const Incomplete = z.array(z.strictObject({ type: z.string(), reason: GapReason })).meta({ description: 'Why there may be more of them' });
const Status = z.enum(['active', 'not-started', 'left', 'unknown']);

const PersonRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  emails: z.array(z.string()),
  kind: z.string(),
  status: Status,
  title: z.string().nullable(),
  department: z.string().nullable(),
  manager: z.string().nullable(),
  startsOn: z.iso.date().nullable(),
  endsOn: z.iso.date().nullable(),
  roster: z.string(),
  problems: z.array(z.string()),
  accounts: z.int().meta({ description: 'Accounts that are his' }),
});
const AccountRow = z.strictObject({
  id: z.string(),
  system: z.string(),
  type: z.string(),
  login: z.string(),
  kind: z.enum(['person', 'service-account', 'unresolved']),
  owner: z.string().nullable(),
  linkedBy: z.enum(linkReasons).nullable(),
  reason: z.string(),
  candidates: z.array(z.string()),
  live: z.enum(['yes', 'no', 'unknown']),
  lastUsed: Time.nullable().meta({ description: 'Null: never, or the system does not tell' }),
});
const MoveRow = z.strictObject({
  kind: z.enum(['joiner', 'mover', 'leaver']),
  day: z.iso.date().nullable(),
  at: Time,
  changed: z.array(z.string()),
  takenBack: z.boolean(),
});
export const PeopleListOutput = z.strictObject({ v, asOf: Time, people: z.array(PersonRow), incomplete: Incomplete });
export type PeopleListOutput = z.infer<typeof PeopleListOutput>;
export const PeopleShowOutput = z.strictObject({
  v,
  asOf: Time,
  person: PersonRow,
  accounts: z.array(AccountRow),
  moves: z.array(MoveRow),
});
export type PeopleShowOutput = z.infer<typeof PeopleShowOutput>;
export const PeopleUnresolvedOutput = z.strictObject({ v, asOf: Time, accounts: z.array(AccountRow), incomplete: Incomplete });
export type PeopleUnresolvedOutput = z.infer<typeof PeopleUnresolvedOutput>;
