import type { Store } from '../store/contract.ts';
import { discoveredType, recorderType, type SeenMember } from './absent-now.ts';
import type { Composition } from './composition.ts';
import { knownMembers } from './known-members.ts';
import type { ReadCollections } from './read-collections.ts';
import type { Registries } from './registries.ts';

/**
 * What AWS Config counted, when last asked, in the accounts that this run does not collect from. What is not there is said of all accounts
 * together: a run of one of them must not speak for the others, nor forget them.
 * @param own ids of the accounts and organisations of this run.
 */
export async function readOtherAccounts(
  app: Composition,
  store: Store,
  registries: Registries,
  read: ReadCollections,
  own: ReadonlySet<string>,
): Promise<readonly SeenMember[]> {
  const counting = new Map(
    registries.collectors
      .filter(({ yields }) => yields.some(({ type }) => type === recorderType || type === discoveredType))
      .map((collector) => [collector.id, collector]),
  );
  if (counting.size === 0) return [];
  const known = await knownMembers(app, store, registries, read, ({ kind }) => kind === 'aws');
  return known
    .filter(({ member }) => !own.has(member.id))
    .map(({ member, regions }) => ({
      collected: { member, regions },
      collections: store.latestCollections(member.id).flatMap((collection) => {
        const collector = counting.get(collection.statement.collector);
        return collector === undefined ? [] : [{ resources: read.read(store, collector, collection, member).resources }];
      }),
    }));
}
