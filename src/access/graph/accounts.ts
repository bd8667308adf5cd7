import { z } from 'zod';
import type { Account } from '../../model/access.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { kept } from './kept.ts';
import { type Found, readResources, Unseen } from './read-resources.ts';

/** What the graph has to know of an account. */
export type GraphAccount = Pick<Account, 'id' | 'system' | 'type' | 'login' | 'emails' | 'owner'> & {
  /** The root user of an AWS account is bound by no policy of it. */
  readonly isRoot?: boolean;
};

const Fields = z.looseObject({
  account: z.string(),
  system: z.string(),
  type: z.string(),
  login: z.string(),
  emails: z.array(z.string()).default([]),
  owner: z.string().nullable().default(null),
  nature: z.string().optional(),
});

/** Accounts as they were resolved to persons; the same list while they were resolved to the same. */
export function readAccounts(input: Pick<DerivedInput, 'seen' | 'missing'>): readonly GraphAccount[] {
  const found = readResources(input, 'entity.account', Fields, new Unseen());
  return kept(made, found, () =>
    found.map(({ fields }) => ({
      id: fields.account,
      system: fields.system,
      type: fields.type,
      login: fields.login,
      emails: fields.emails,
      owner: fields.owner,
      isRoot: fields.nature === 'root',
    })),
  );
}
/** By what was read, so that they are the same while it is. */
const made = new WeakMap<readonly Found<z.output<typeof Fields>>[], readonly GraphAccount[]>();
