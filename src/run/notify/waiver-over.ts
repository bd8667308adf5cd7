import type { WaivableResult, WaiverOver } from '../../notify/source-reading.ts';
import { type WaiverRecord, waiverCovers } from '../decisions/waivers-of.ts';

/**
 * The waiver that lies over a result: one that is about no control, or, where there is one for every control that the check serves, the
 * first of them that ends.
 */
export function waiverOver(result: WaivableResult, inForce: readonly WaiverRecord[]): WaiverOver | null {
  const covering = inForce.filter(({ waiver }) => waiverCovers(waiver, result));
  const whole = covering.filter(({ waiver }) => waiver.control === null || result.controls.length === 0);
  if (whole.length > 0) return overOf(whole.reduce((longest, one) => (untilOf(one) > untilOf(longest) ? one : longest)));
  const perControl = result.controls.map((control) => covering.filter(({ waiver }) => waiver.control === control));
  if (perControl.length === 0 || perControl.some((waivers) => waivers.length === 0)) return null;
  const longest = perControl.map((waivers) => waivers.reduce((best, one) => (untilOf(one) > untilOf(best) ? one : best)));
  return overOf(longest.reduce((first, one) => (untilOf(one) < untilOf(first) ? one : first)));
}

const untilOf = ({ waiver, inForce }: WaiverRecord): string => inForce?.to ?? waiver.expires;
const overOf = (record: WaiverRecord): WaiverOver => ({ id: record.waiver.id, until: untilOf(record) });
