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
  /** Date the declaration applies from, or the day AWS Config was asked. */
  readonly from: string;
}

/**
 * Of the types nobody collects, those that are shown or declared not to exist on a day. AWS Config shows it only when it records
 * every type in every region, and only for types it knows; it never overrules itself: a type it counted is there, whatever was declared.
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
  return options.uncollected.flatMap(({ type, awsConfig }) => {
    const counted =
      awsConfig !== undefined && (regions ?? []).some(({ counts }) => Object.hasOwn(counts, awsConfig) && counts[awsConfig] !== 0);
    if (counted) return [];
    if (awsConfig !== undefined && everywhere) {
      const places = `${regions.length} region${regions.length === 1 ? '' : 's'}`;
      return [{ type, reason: `AWS Config records every type in ${places} and discovered no ${awsConfig}`, by: 'AWS Config', from: on }];
    }
    const declaration = options.scope.absent.find(
      (entry) => declaredTypes(entry).includes(type) && entry.from <= on && (entry.until === undefined || on < entry.until),
    );
    return declaration === undefined ? [] : [{ type, reason: declaration.reason, by: declaration.by, from: declaration.from }];
  });
}
