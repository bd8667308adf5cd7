import type { UncollectedType } from './resource-types.ts';
import { declaredTypes, type Scope } from './scope.ts';

/** What AWS Config says of one enabled region of one account. */
export interface DiscoveredRegion {
  readonly source: string;
  readonly region: string;
  /** The recorder is on and records every type it supports, and the counts came whole. */
  readonly recordsEverything: boolean;
  /** Resources discovered, by AWS Config's type name. */
  readonly counts: Readonly<Record<string, number>>;
}
/** A covered resource type of which there is none, and who says so. */
export interface AbsentType {
  readonly type: string;
  readonly reason: string;
  readonly by: string;
  /** Date the declaration applies from, or the first day on which AWS Config showed it. */
  readonly from: string;
}

/**
 * Of the types nobody collects, those that are shown or declared not to exist on a day. AWS Config shows it only when it records
 * every type in every region, and only for types it knows; a type it counted is there, whatever was declared.
 */
export function absentTypes(options: {
  readonly uncollected: readonly UncollectedType[];
  readonly scope: Pick<Scope, 'absent'>;
  /** Every enabled region of every AWS account read; undefined when that is not known. */
  readonly regions: readonly DiscoveredRegion[] | undefined;
  readonly on: string;
}): readonly AbsentType[] {
  const { regions, on } = options;
  const everywhere = regions !== undefined && regions.length > 0 && regions.every(({ recordsEverything }) => recordsEverything);
  const inForce = options.scope.absent.filter((entry) => entry.from <= on && (entry.until === undefined || on < entry.until));
  const shown = options.uncollected.flatMap(({ type, awsConfig }) => {
    const counted =
      awsConfig !== undefined && (regions ?? []).some(({ counts }) => Object.hasOwn(counts, awsConfig) && counts[awsConfig] !== 0);
    if (counted) return [];
    if (awsConfig !== undefined && everywhere) {
      const places = `${regions.length} region${regions.length === 1 ? '' : 's'}`;
      return [{ type, reason: `AWS Config records every type in ${places} and discovered no ${awsConfig}`, by: 'AWS Config', from: on }];
    }
    const declaration = inForce.find((entry) => declaredTypes(entry).includes(type));
    return declaration === undefined ? [] : [{ type, reason: declaration.reason, by: declaration.by, from: declaration.from }];
  });
  // Types that could be collected, of a source nobody here uses. Where one is configured after all, what is seen counts.
  const uncollected = new Set(options.uncollected.map(({ type }) => type));
  const others = inForce.flatMap((entry) =>
    declaredTypes(entry)
      .filter((type) => !uncollected.has(type))
      .map((type) => ({ type, reason: entry.reason, by: entry.by, from: entry.from })),
  );
  return [...shown, ...others.filter(({ type }, index) => others.findIndex((other) => other.type === type) === index)];
}
