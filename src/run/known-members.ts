import type { ReadResource } from '../model/resource.ts';
import type { Store } from '../store/contract.ts';
import type { Composition } from './composition.ts';
import { formerPlan } from './former-plan.ts';
import type { ReadCollections } from './read-collections.ts';
import type { Registries } from './registries.ts';
import type { SourceMember } from './source-access.ts';

/** An account or organisation as it was found last, and its regions as they were listed last; nobody was asked now. */
export interface KnownMember {
  /** Name of its source in the configuration. */
  readonly source: string;
  readonly member: Pick<SourceMember, 'id' | 'tenant' | 'display' | 'settings'>;
  /** Undefined: it has none, or they were not listed. */
  readonly regions: readonly string[] | undefined;
}

/** Whatever the plan in force names as found in the configured sources that `wanted` takes. */
export async function knownMembers(
  app: Composition,
  store: Store,
  registries: Registries,
  read: ReadCollections,
  wanted: (source: { readonly kind: string; readonly name: string }) => boolean,
): Promise<readonly KnownMember[]> {
  const found: KnownMember[] = [];
  for (const source of formerPlan(store)?.sources ?? []) {
    if (!wanted(source)) continue;
    const regions = (await app.definition(source.kind)).regions;
    const lister = registries.collectors.find(({ id }) => id === regions?.collector);
    const limit = app.configuration.sources.aws.find(({ name }) => name === source.name)?.regions ?? 'all';
    for (const id of source.members ?? []) {
      const told = source.settings?.[id];
      if (told === undefined) continue;
      const member = { id, tenant: told.tenant, display: told.display, settings: told.settings };
      const latest = store.latestCollections(id).find(({ statement }) => statement.collector === lister?.id);
      const listed = lister === undefined || latest === undefined ? [] : read.read(store, lister, latest, member).resources;
      found.push({ source: source.name, member, regions: within(limit, enabled(listed, regions?.type)) });
    }
  }
  return found;
}

function enabled(resources: readonly ReadResource[], type: string | undefined): readonly string[] {
  return resources
    .filter((resource) => resource.type === type && resource.fields['enabled'] === true)
    .map(({ fields }) => String(fields['name']));
}
function within(limit: 'all' | readonly string[], regions: readonly string[]): readonly string[] | undefined {
  if (regions.length === 0) return undefined;
  return limit === 'all' ? regions : regions.filter((region) => limit.includes(region));
}
