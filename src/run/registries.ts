import type { Check } from '../model/check.ts';
import type { Collector, SourceDefinition } from '../model/collector.ts';
import type { EvidenceGrade } from '../model/grade.ts';

/** Every unit there is, shipped and the user's own. Logic digests are by unit id. */
export interface Registries {
  readonly checks: readonly Check[];
  readonly collectors: readonly Collector<never>[];
  /** What the collectors of the entity as a whole speak to; without it nothing that was worked out of a log can be made again. */
  readonly entity?: SourceDefinition;
  /** `sha256:...` of what a unit's first-party sources and dependency versions are. */
  logicOf(unit: 'check' | 'collector', id: string): string;
  /** Units from the user's own directories make entity-built logic. */
  gradeOf(unit: 'check' | 'collector', id: string): EvidenceGrade;
}

/** The source kind a collector reads: the first part of its id, behind the `own/` of the user's own. */
export function sourceKindOf(collector: { readonly id: string }): string {
  const parts = collector.id.split('/');
  return (parts[0] === 'own' ? parts[1] : parts[0]) ?? '';
}

/**
 * Kinds of source that types are read from, by the collectors that yield them: `idp.user` comes from whichever identity provider there is.
 * A type that none yields counts by the first part of its name.
 */
export function kindsReading(
  types: readonly string[],
  collectors: readonly { readonly id: string; readonly yields: readonly string[] }[],
): ReadonlySet<string> {
  return new Set(
    types.flatMap((type) => {
      const kinds = collectors.filter(({ yields }) => yields.includes(type)).map(sourceKindOf);
      return kinds.length > 0 ? kinds : [type.split('.')[0] ?? ''];
    }),
  );
}

/** Whether a check judges sources of a kind: by what its subject is, or by where it lies. */
export function isOfKind(kind: string, check: string, subjectType: string): boolean {
  return subjectType.split('.')[0] === kind || sourceKindOf({ id: check }) === kind;
}
