import type { DatabaseSync } from 'node:sqlite';

/** The readings of one type in one source, as far as they are known to the projection. */
export interface TypeReadings {
  /** Milliseconds, ordinal and log index of the latest; undefined before the first. */
  last: { at: number; n: number; idx: number } | undefined;
  month: MonthReadings | undefined;
}
/** The month (UTC) that is being written. */
export interface MonthReadings {
  readonly month: string;
  readonly start: number;
  readonly firstN: number;
  readonly firstAt: number;
  count: number;
  lastAt: number;
  maxGap: number;
  /** What is new since the month was written last. */
  fresh: { readonly offset: number; readonly idx: number }[];
  written: boolean;
}
export interface SeriesState {
  readonly id: number;
  readonly type: string;
  results: string | null;
  /** undefined: the check is not run any more. */
  logic: { readonly id: number; readonly digest: string } | undefined;
}
/** What the projection knows of one source between two evaluations. */
export interface SourceState {
  readonly source: string;
  idx: number;
  plan: number | null;
  /** Commitment of the results as they are in the marks; null: they have to be gone through again. */
  list: string | null;
  readonly types: Map<string, TypeReadings>;
  /** By check and digest of the parameters. */
  readonly series: Map<string, SeriesState>;
}

export const seriesName = (check: string, parametersDigest: string): string => `${check} ${parametersDigest}`;
/** `2026-01` of a time in milliseconds. */
const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

/** Loads what is there of a source: as much for a young history as for an old one. */
export function loadState(database: DatabaseSync, source: string): SourceState {
  const head = database.prepare('SELECT idx, plan, list FROM history_source WHERE source = ?').get(source);
  const state: SourceState = {
    source,
    idx: head === undefined ? -1 : Number(head['idx']),
    plan: head?.['plan'] === null || head === undefined ? null : Number(head['plan']),
    list: head === undefined || head['list'] === null ? null : String(head['list']),
    types: new Map(),
    series: new Map(),
  };
  if (head === undefined) return state;
  const readings = database
    .prepare(
      `SELECT h.type, h.month, h.last_at, h.last_n, h.last_idx, m.first_n, m.count, m.first_at, m.max_gap FROM reading_head h
       JOIN reading_month m ON m.source = h.source AND m.type = h.type AND m.month = h.month WHERE h.source = ?`,
    )
    .all(source);
  for (const row of readings) {
    const month = String(row['month']);
    state.types.set(String(row['type']), {
      last: { at: Number(row['last_at']), n: Number(row['last_n']), idx: Number(row['last_idx']) },
      month: {
        month,
        start: Date.parse(`${month}-01T00:00:00.000Z`),
        firstN: Number(row['first_n']),
        firstAt: Number(row['first_at']),
        count: Number(row['count']),
        lastAt: Number(row['last_at']),
        maxGap: Number(row['max_gap']),
        fresh: [],
        written: true,
      },
    });
  }
  const series = database
    .prepare(
      `SELECT s.id, s.check_id, s.parameters_digest, s.subject_type, s.results, s.logic, l.logic AS digest FROM series s
       LEFT JOIN series_logic l ON l.id = s.logic WHERE s.source = ?`,
    )
    .all(source);
  for (const row of series) {
    state.series.set(seriesName(String(row['check_id']), String(row['parameters_digest'])), {
      id: Number(row['id']),
      type: String(row['subject_type']),
      results: row['results'] === null ? null : String(row['results']),
      logic: row['logic'] === null ? undefined : { id: Number(row['logic']), digest: String(row['digest']) },
    });
  }
  return state;
}

/** Notes a reading and returns whether it is one: a time that has not moved on was seen before. */
export function addReading(database: DatabaseSync, state: SourceState, type: string, at: number, idx: number): boolean {
  const readings = state.types.get(type) ?? { last: undefined, month: undefined };
  state.types.set(type, readings);
  const { last } = readings;
  if (last !== undefined && at <= last.at) return false;
  const name = monthOf(at);
  if (readings.month?.month !== name) {
    writeReadings(database, state.source, type, readings);
    readings.month = {
      month: name,
      start: Date.parse(`${name}-01T00:00:00.000Z`),
      firstN: (last?.n ?? 0) + 1,
      firstAt: at,
      count: 0,
      lastAt: at,
      maxGap: 0,
      fresh: [],
      written: false,
    };
  }
  const { month } = readings;
  if (month.count > 0) month.maxGap = Math.max(month.maxGap, at - month.lastAt);
  month.count += 1;
  month.lastAt = at;
  month.fresh.push({ offset: at - month.start, idx });
  readings.last = { at, n: (last?.n ?? 0) + 1, idx };
  return true;
}

/** Writes what is new of every type, and where the source stands. */
export function writeState(database: DatabaseSync, state: SourceState): void {
  for (const [type, readings] of state.types) writeReadings(database, state.source, type, readings);
  database
    .prepare('INSERT OR REPLACE INTO history_source (source, idx, plan, list) VALUES (?, ?, ?, ?)')
    .run(state.source, state.idx, state.plan, state.list);
}

function writeReadings(database: DatabaseSync, source: string, type: string, { last, month }: TypeReadings): void {
  if (month === undefined || last === undefined || month.fresh.length === 0) return;
  const times = new Uint8Array(month.fresh.length * 8);
  const view = new DataView(times.buffer);
  for (const [n, { offset, idx }] of month.fresh.entries()) {
    view.setUint32(n * 8, offset, true);
    view.setUint32(n * 8 + 4, idx, true);
  }
  if (month.written) {
    database
      .prepare(
        `UPDATE reading_month SET count = ?, last_at = ?, max_gap = ?, times = CAST(times || ? AS BLOB) WHERE source = ? AND type = ? AND month = ?`,
      )
      .run(month.count, month.lastAt, month.maxGap, times, source, type, month.month);
  } else {
    database
      .prepare(
        'INSERT INTO reading_month (source, type, month, first_n, count, first_at, last_at, max_gap, times) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(source, type, month.month, month.firstN, month.count, month.firstAt, month.lastAt, month.maxGap, times);
  }
  database
    .prepare('INSERT OR REPLACE INTO reading_head (source, type, month, last_at, last_n, last_idx) VALUES (?, ?, ?, ?, ?, ?)')
    .run(source, type, month.month, last.at, last.n, last.idx);
  month.fresh = [];
  month.written = true;
}
