/** One window of a record, as it was read in one place. */
export interface WindowOf {
  readonly source: string;
  readonly collector: string;
  /** null: the record has no regions. */
  readonly region: string | null;
  readonly carries: readonly string[];
  /** ISO-8601 UTC with milliseconds, half-open. */
  readonly from: string;
  readonly to: string;
  readonly collection: number;
  /** Read to its end. */
  readonly isWhole: boolean;
}

/** A region that was read in none of the rounds of so many milliseconds is taken for switched off; until then, for one that was missed. */
const goneAfterMs = 48 * 3_600_000;

interface Stretch {
  readonly from: string;
  readonly to: string;
}

/**
 * The windows over which the record was read in all of the source's regions: those of a region in which what has no region is recorded (`central`), as
 * far as every other region's cover them. A region counts from its first window on, and to its last one when that is long past.
 */
export function everyRegion(windows: readonly WindowOf[], central: readonly string[] | undefined): readonly WindowOf[] {
  const byRegion = Map.groupBy(windows, ({ region }) => region ?? '');
  const base = central?.find((region) => byRegion.has(region)) ?? (central === undefined ? [...byRegion.keys()].sort()[0] : undefined);
  if (base === undefined) return [];
  const latest = windows.reduce((last, { to }) => (to > last ? to : last), '');
  const others = [...byRegion].filter(([region]) => region !== base).map(([, of]) => coverOf(of, latest));
  return (byRegion.get(base) ?? [])
    .filter(({ isWhole }) => isWhole)
    .flatMap((window) =>
      others
        .reduce<readonly Stretch[]>((left, cover) => left.flatMap((part) => within(part, cover)), [window])
        .map(({ from, to }) => ({ ...window, region: null, from, to })),
    );
}

/** What a region has nothing against: what its whole windows cover, and the time before it was there and after it was gone. */
function coverOf(windows: readonly WindowOf[], latest: string): readonly Stretch[] {
  const first = windows.reduce((least, { from }) => (from < least ? from : least), '9');
  const last = windows.reduce((most, { to }) => (to > most ? to : most), '');
  const isGone = Date.parse(latest) - Date.parse(last) > goneAfterMs;
  return merged([{ from: '', to: first }, ...windows.filter(({ isWhole }) => isWhole), ...(isGone ? [{ from: last, to: '9' }] : [])]);
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const { from, to } of stretches.toSorted((left, right) => (left.from < right.from ? -1 : 1))) {
    const former = found.at(-1);
    if (former === undefined || from > former.to) found.push({ from, to });
    else if (to > former.to) found[found.length - 1] = { from: former.from, to };
  }
  return found;
}

/** The parts of a stretch that a sorted cover has. */
function within({ from, to }: Stretch, cover: readonly Stretch[]): Stretch[] {
  return cover
    .map((part) => ({ from: part.from > from ? part.from : from, to: part.to < to ? part.to : to }))
    .filter((part) => part.from < part.to);
}
