import type { SourceDefinition } from '../model/collector.ts';
import type { Store } from '../store/contract.ts';
import { discoveredType, recorderType, type SeenMember } from './absent-now.ts';
import type { Composition } from './composition.ts';
import { formerPlan } from './prepare-plan.ts';
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
  const sources = formerPlan(store)?.sources.filter(({ kind }) => kind === 'aws') ?? [];
  const definition: SourceDefinition | undefined = sources.length === 0 ? undefined : await app.definition('aws');
  const regionType = definition?.regions?.type;
  const wanted = new Set([regionType, recorderType, discoveredType]);
  const collectors = new Map(
    registries.collectors.filter(({ yields }) => yields.some(({ type }) => wanted.has(type))).map((collector) => [collector.id, collector]),
  );
  return sources.flatMap(({ name, members, settings }) => {
    const limit = app.configuration.sources.aws.find((source) => source.name === name)?.regions ?? 'all';
    return (members ?? [])
      .filter((id) => !own.has(id))
      .map((id): SeenMember => {
        const told = settings?.[id];
        const member = { id, tenant: told?.tenant ?? id, settings: told?.settings ?? {} };
        const resources = store.latestCollections(id).flatMap((collection) => {
          const collector = collectors.get(collection.statement.collector);
          return collector === undefined ? [] : read.read(store, collector, collection, member).resources;
        });
        const enabled = resources.filter(({ type, fields }) => type === regionType && fields['enabled'] === true);
        const regions = enabled.map(({ fields }) => String(fields['name'])).filter((region) => limit === 'all' || limit.includes(region));
        return { collected: { member, regions: regions.length === 0 ? undefined : regions }, collections: [{ resources }] };
      });
  });
}
