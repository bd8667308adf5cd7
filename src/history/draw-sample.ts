import { createHmac } from 'node:crypto';

/** A row of a population, as far as drawing looks at it. */
export interface Drawable {
  readonly id: string;
  /** Rows of one stratum are drawn from together, such as a month (`2026-01`); all the same: no strata. */
  readonly stratum: string;
}
export interface DrawnRow extends Drawable {
  /** HMAC-SHA-256 of the id under the seed, 64 hex digits. */
  readonly rank: string;
}

/** The method in words by which anyone can draw again; printed wherever a selection is. */
export const drawMethod = [
  'The rank of a row is HMAC-SHA-256 with the seed (UTF-8) as key over the id of the row (UTF-8), in hex.',
  'Without strata the rows with the lowest ranks are drawn, lowest first.',
  'With strata one row after the other is drawn: from the stratum for which rows / (2 x drawn + 1) is highest, of equal ones the first by name, its row with the lowest rank.',
  'A larger sample begins with the rows of a smaller one.',
] as const;

/** Rank of a row: nobody who does not know the seed can choose it, and nobody who does can change it. */
export function rankOf(seed: string, id: string): string {
  return createHmac('sha256', seed).update(id, 'utf8').digest('hex');
}

/**
 * Draws `size` rows by `drawMethod`; all of them when there are no more. In the order drawn, whatever order the rows came in.
 * @throws RangeError for a size below one or an empty seed; TypeError for an id that is there twice: a population has each row once
 */
export function drawSample(rows: readonly Drawable[], options: { readonly seed: string; readonly size: number }): DrawnRow[] {
  const { seed, size } = options;
  if (seed === '') throw new RangeError('an empty seed');
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`a sample of ${size}`);
  if (new Set(rows.map(({ id }) => id)).size !== rows.length) throw new TypeError('an id is there twice');
  const ranked = rows
    .map(({ id, stratum }): DrawnRow => ({ id, stratum, rank: rankOf(seed, id) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  const strata = [...Map.groupBy(ranked, ({ stratum }) => stratum)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, of]) => ({ of, drawn: 0 }));
  const drawn: DrawnRow[] = [];
  while (drawn.length < Math.min(size, ranked.length)) {
    const open = strata.filter(({ of, drawn: taken }) => taken < of.length);
    // Compared crosswise, in whole numbers: a rounded quotient would decide ties differently elsewhere.
    const next = open.reduce((best, one) => (one.of.length * (2 * best.drawn + 1) > best.of.length * (2 * one.drawn + 1) ? one : best));
    drawn.push(next.of[next.drawn]!);
    next.drawn += 1;
  }
  return drawn;
}

/** How many rows a table asks for. `frequency`: the control's own words, or the table's. */
export function sampleSize(
  table: readonly { readonly frequency: string; readonly upTo: number | null; readonly size: number | 'all' }[],
  frequency: string,
  occurrences: number,
): { readonly size: number; readonly row: string } | undefined {
  const row = table
    .filter((one) => plainFrequency(one.frequency) === plainFrequency(frequency))
    .sort((one, other) => (one.upTo ?? Number.POSITIVE_INFINITY) - (other.upTo ?? Number.POSITIVE_INFINITY))
    .find(({ upTo }) => upTo === null || occurrences <= upTo);
  if (row === undefined) return undefined;
  const size = row.size === 'all' ? occurrences : Math.min(row.size, occurrences);
  const bound = row.upTo === null ? '' : `, up to ${row.upTo}`;
  return { size, row: `${row.frequency}${bound}: ${row.size}` };
}

/** `many a day` and `many per day` are one; what happens per leaver, per run or per notice happens as there is cause: ad hoc. */
function plainFrequency(frequency: string): string {
  const plain = frequency
    .toLowerCase()
    .trim()
    .replace(/^many (?:a|per) day$/, 'many per day');
  return /^per /.test(plain) ? 'ad hoc' : plain;
}
