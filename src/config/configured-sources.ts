import type { Configuration } from './configuration.ts';

/** Name and kind under which the entity as a whole is read from its own log; nobody configures it among the sources. */
export const entitySource = 'entity';

/** Every source there is to read, in the order in which they are read: the entity last, since it is made of what the others saw. */
export function configuredSources(
  configuration: Pick<Configuration, 'sources' | 'people' | 'separation' | 'reviews' | 'records' | 'documents'>,
): readonly { readonly kind: string; readonly name: string }[] {
  const { aws, github, okta, tabular } = configuration.sources;
  return [
    ...aws.map(({ name }) => ({ kind: 'aws', name })),
    ...github.map(({ name }) => ({ kind: 'github', name })),
    ...(okta ?? []).map(({ name }) => ({ kind: 'okta', name })),
    ...(tabular ?? []).map(({ name }) => ({ kind: 'tabular', name })),
    ...(readsEntity(configuration) ? [{ kind: entitySource, name: entitySource }] : []),
  ];
}

/** Whether the configuration says anything of the entity as a whole. */
export function readsEntity(configuration: Pick<Configuration, 'people' | 'separation' | 'reviews' | 'records' | 'documents'>): boolean {
  const { people, separation, reviews, records, documents } = configuration;
  return [people, separation, reviews, records, documents].some((part) => part !== undefined);
}
