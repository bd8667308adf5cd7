import { type Normalised, normaliseItems } from '../collect/normalise-items.ts';
import type { Collector, Item } from '../model/collector.ts';
import type { CollectedItem } from '../model/evidence.ts';
import type { SourceMember } from './source-access.ts';

/** Region of a scope id (`aws:111122223333/us-east-1`); null for a scope that is a whole account or organisation. */
export function regionOf(scope: string): string | null {
  const slash = scope.indexOf('/');
  return slash === -1 ? null : scope.slice(slash + 1);
}

/** Makes resources of a member's items, as they were collected or as the store gives them back. */
export function normaliseEvidence(
  collector: Collector<never>,
  items: readonly (Item | CollectedItem)[],
  member: Pick<SourceMember, 'id' | 'tenant' | 'settings'>,
  scope: string,
): Normalised {
  return normaliseItems(collector, items, { source: member.id, tenant: member.tenant, region: regionOf(scope), settings: member.settings });
}
