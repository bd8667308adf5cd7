import type { ResultsListBlob } from '../../model/blobs.ts';
import type { PlanDetail } from '../../model/plan.ts';
import { digestOf } from '../../seal/digest.ts';
import type { PlannedCheck } from '../plan-checks.ts';

export type SealedUse = ResultsListBlob[number] & { readonly parametersDigest: string; readonly controls: readonly string[] };
/** One check with its parameters as it was used and as it would be; undefined on the side where it is not used. */
export interface PairedUse {
  readonly sealed: SealedUse | undefined;
  readonly next: PlannedCheck | undefined;
}

/**
 * Puts beside every use of a check the one that takes its place: with the same parameters, else the one that serves one of the same
 * controls, else the only one that is left on both sides.
 */
export function pairUses(sealed: ResultsListBlob, plan: PlanDetail | undefined, next: readonly PlannedCheck[]): PairedUse[] {
  const before = sealed.map((use): SealedUse => {
    const parametersDigest = digestOf(use.parameters);
    const planned = plan?.checks.find((one) => one.id === use.check && one.parametersDigest === parametersDigest);
    return { ...use, parametersDigest, controls: planned?.controls ?? [] };
  });
  const ids = new Set([...before.map(({ check }) => check), ...next.map(({ check }) => check.id)]);
  return [...ids].sort().flatMap((id) =>
    pairOne(
      before.filter(({ check }) => check === id),
      next.filter(({ check }) => check.id === id),
    ),
  );
}

function pairOne(sealed: SealedUse[], next: PlannedCheck[]): PairedUse[] {
  const pairs: PairedUse[] = [];
  const take = (fits: (left: SealedUse, right: PlannedCheck) => boolean): void => {
    for (const left of [...sealed]) {
      const right = next.find((one) => fits(left, one));
      if (right === undefined) continue;
      pairs.push({ sealed: left, next: right });
      sealed.splice(sealed.indexOf(left), 1);
      next.splice(next.indexOf(right), 1);
    }
  };
  take((left, right) => left.parametersDigest === right.parametersDigest);
  take((left, right) => left.controls.some((control) => right.controls.includes(control)));
  if (sealed.length === 1 && next.length === 1) take(() => true);
  return [
    ...pairs,
    ...sealed.map((left) => ({ sealed: left, next: undefined })),
    ...next.map((right) => ({ sealed: undefined, next: right })),
  ];
}
