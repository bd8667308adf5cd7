import { accountItems } from '../../../src/access/people/account-items.ts';
import { accountTypes } from '../../../src/access/people/account-rows.ts';
import { type DerivedInput, defineCollector } from '../../../src/authoring.ts';
import type { EntityClient } from '../client.ts';
import { draftDerived } from '../draft-derived.ts';
import { EntityAccount, EntityAccounts, EntityLeaver } from './resource.ts';

/**
 * Whose every account of every source is, and what became of those of people who left. It reads what it made itself the time before: an
 * account that is gone since was somebody's.
 */
export default defineCollector<EntityClient>({
  id: 'entity/accounts',
  title: 'Accounts of all systems and whose they are',
  kind: 'roster',
  scope: 'organisation',
  after: ['entity/people'],
  member: ({ people }) => people !== null && people !== undefined,
  yields: [EntityAccount, EntityLeaver, EntityAccounts],
  permissions: ['log:read'],
  items: {
    accounts: { keep: ['*'], volatile: ['asOf', 'lastUsed'], split: (output) => accountItems(output as unknown as DerivedInput) },
  },
  collect: (client) =>
    client.derive('accounts', [...accountTypes, 'entity.person', 'entity.move', 'entity.account', 'entity.leaver'], {
      decisive: [...accountTypes, 'entity.person'],
    }),
  normalise: (view) =>
    draftDerived(view, 'accounts', {
      account: {
        type: EntityAccount,
        id: (account) => view.id('account', account),
        display: ({ login, system }) => `${login} in ${system}`,
      },
      leaver: {
        type: EntityLeaver,
        id: (leaver) => view.id('leaver', leaver),
        display: ({ name, lastDay, leftAt }) => `${name}, ${lastDay ?? String(leftAt).slice(0, 10)}`,
      },
      accounts: { type: EntityAccounts, id: () => view.id('accounts'), display: 'accounts of all systems' },
    }),
});
