/** `12,345`. */
export const printCount = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 episode`, `3 episodes`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${printCount(count)} ${count === 1 ? one : many}`;

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/**
 * Milliseconds in the two or three largest units that say enough: `3 d 1 h 35 min`, `70 min` is `1 h 10 min`, `0 s` is `an instant`.
 * Rounded to the last of them, so that what a deviation calls 6 d is not 5 d 23 h 59 min beside it.
 */
export function printDuration(ms: number): string {
  if (ms <= 0) return 'an instant';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const parts: string[] = [];
  const least = ms < 3_600_000 ? 1000 : 60_000;
  let rest = Math.round(ms / least) * least;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 3).join(' ');
}

/** A share as percent that is never rounded into all or nothing: 0.99999 is `>99.99 %`, 1 is `100 %`. */
export function printShare(share: number | null): string {
  if (share === null) return 'not known';
  if (share === 0) return '0 %';
  if (share === 1) return '100 %';
  const percent = share * 100;
  if (percent > 99.99) return '>99.99 %';
  if (percent < 0.01) return '<0.01 %';
  return `${percent.toFixed(percent >= 99 || percent < 1 ? 2 : 1)} %`;
}
