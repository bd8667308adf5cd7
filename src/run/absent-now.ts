import { type AbsentType, absentTypes, type DiscoveredRegion } from '../config/absent-types.ts';
import type { UncollectedType } from '../config/resource-types.ts';
import type { Scope } from '../config/scope.ts';
import type { ReadResource } from '../model/resource.ts';

export const recorderType = 'aws.config.recorder';
export const discoveredType = 'aws.config.discovered-resources';

/** An account or organisation with what was read of it. */
export interface SeenMember {
  readonly collected: { readonly member: { readonly id: string }; readonly regions: readonly string[] | undefined };
  readonly collections: readonly { readonly resources: readonly ReadResource[] }[];
}

/**
 * Which covered types that nobody collects are shown (by AWS Config's own counts, in every region of every account) or
 * declared not to exist. Anything not seen whole leaves the regions unknown.
 */
export function absentNow(
  members: readonly SeenMember[],
  uncollected: readonly UncollectedType[],
  scope: Scope,
  on: string,
): readonly AbsentType[] {
  return absentTypes({ uncollected, scope, regions: discoveredRegions(members), on });
}

function discoveredRegions(members: readonly SeenMember[]): readonly DiscoveredRegion[] | undefined {
  const accounts = members.filter(({ collected }) => collected.member.id.startsWith('aws:'));
  const found: DiscoveredRegion[] = [];
  for (const { collected, collections } of accounts) {
    const resources = collections.flatMap((collection) => collection.resources);
    const field = (type: string, region: string, name: string): unknown =>
      resources.find((resource) => resource.type === type && resource.fields['region'] === region)?.fields[name];
    if (collected.regions === undefined) return undefined;
    for (const region of collected.regions) {
      const counts = field(discoveredType, region, 'counts');
      const known = counts !== null && typeof counts === 'object';
      found.push({
        source: collected.member.id,
        region,
        recordsEverything:
          known &&
          field(recorderType, region, 'recording') === true &&
          field(recorderType, region, 'recordsAllTypes') === true &&
          isEmptyList(field(recorderType, region, 'excludedTypes')),
        counts: known ? (counts as Record<string, number>) : {},
      });
    }
  }
  return found;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
