import type { Outcome } from '../model/outcome.ts';
import type { Colours } from './cli.ts';

/** `12,345`. Not through Intl, which takes 50 ms to begin: that is a tenth of what `status` may take. */
const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 collection`, `3 collections`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** How long ago, in the largest unit that says enough: `12 min`, `3 h`, `5 days`. Times are ISO-8601. */
export function ageOf(time: string, now: string): string {
  const minutes = Math.round((Date.parse(now) - Date.parse(time)) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

const order: readonly Outcome[] = ['fail', 'no-evidence', 'pass', 'waived', 'empty', 'not-applicable'];
const words: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  fail: 'fail',
  'not-applicable': 'not applicable',
  empty: 'empty',
  'no-evidence': 'no evidence',
  waived: 'waived',
};
const shades: Readonly<Record<Outcome, keyof Colours>> = {
  pass: 'green',
  fail: 'red',
  'not-applicable': 'dim',
  empty: 'dim',
  'no-evidence': 'yellow',
  waived: 'yellow',
};

/** `2 fail, 1 no evidence, 40 pass`; nothing that is zero. */
export function outcomeCounts(counts: Readonly<Record<Outcome, number>>, colours: Colours): string {
  return order
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => colours[shades[outcome]](`${grouped(counts[outcome])} ${words[outcome]}`))
    .join(', ');
}
export function outcomeWord(outcome: Outcome, colours: Colours): string {
  return colours[shades[outcome]](words[outcome]);
}

/** `1 critical, 2 high`; nothing that is zero. */
export function severityCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${grouped(count)} ${severity}`)
    .join(', ');
}

/** Text broken at words to lines of at most `width`. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
