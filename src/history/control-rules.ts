import { durationMs } from '../model/compare-rulers.ts';
import type { Control } from '../model/control.ts';
import { FixedDuration } from '../model/engagement.ts';

/** Milliseconds a control allows from failing to mended; null: nothing, or nothing that can be measured. */
export function allowedOf(control: Control): number | null {
  const allowed = control.tolerance?.detectAndFix;
  return allowed === undefined || !FixedDuration.safeParse(allowed).success ? null : durationMs(allowed);
}

/** `3 d 4 h`, `70 min`, `30 s`: the two largest units that say something. */
export function lengthText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const rest = hours % 24;
  return rest === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${rest} h`;
}
