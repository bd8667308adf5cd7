import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { CheckResultsBlob, DeltaBlob, KeyframeBlob, PopulationBlob, ReadsBlob, ResultsListBlob } from '../model/blobs.ts';
import type { LogReader } from '../model/log-reader.ts';
import { wholePopulation } from '../model/result.ts';
import type { ManifestChange, StatementOf } from '../model/statement.ts';
import { digestOf } from '../seal/digest.ts';
import { addReading, loadState, type SeriesState, type SourceState, seriesName, writeState } from './history-state.ts';

/** The pairs of a source's population before the first entry, where a part of a log is read; null: lost to an erased change. */
export type PopulationStarts = ReadonlyMap<string, readonly (readonly [string, string])[] | null>;

type Placed<K extends 'plan' | 'collection' | 'evaluation'> = { readonly index: number; readonly statement: StatementOf<K> };

const maxMessages = 10;
/** Only what the history needs: a plan may have been recorded by a release with another shape of the rest. */
const PlannedCollectors = z.looseObject({
  collectors: z.array(z.looseObject({ id: z.string(), yields: z.array(z.string()) })),
});

/**
 * Follows the evaluations of every source in the order of the log. An evaluation that says what the one before said costs as much as
 * there are types and collections, whatever there is to judge and however long the history is.
 */
export class HistoryProjection {
  readonly #reader: LogReader;
  readonly #database: DatabaseSync;
  readonly #contentOf: (commitment: string) => unknown;
  readonly #starts: PopulationStarts;
  readonly #sources = new Map<string, SourceState>();
  /** Reading time of the latest collection of each collector and scope. */
  readonly #collections = new Map<string, { readonly index: number; readonly at: number }>();
  readonly #yields = new Map<number, ReadonlyMap<string, ReadonlySet<string>>>();
  readonly #marks;

  constructor(reader: LogReader, database: DatabaseSync, contentOf: (commitment: string) => unknown, starts: PopulationStarts) {
    this.#reader = reader;
    this.#database = database;
    this.#contentOf = contentOf;
    this.#starts = starts;
    this.#marks = markRows(database);
  }

  plan({ index, statement }: Placed<'plan'>): void {
    this.#database.prepare('INSERT INTO plan_version (idx, at, detail) VALUES (?, ?, ?)').run(index, statement.at, statement.detail);
  }

  collection({ index, statement: of }: Placed<'collection'>): void {
    this.#collections.set(`${of.collector} ${of.scope}`, { index, at: Date.parse(of.sourceAsOf ?? of.finishedAt) });
  }

  evaluation({ index, statement: of }: Placed<'evaluation'>): void {
    const state = this.#stateOf(of.source);
    const { list } = of.results;
    const timeOf = this.#timesOf(of);
    const types = new Set([...state.series.values()].filter((series) => series.logic !== undefined).map(({ type }) => type));
    const unchanged = state.list === list && of.population.delta === null && state.idx !== -1;
    if (unchanged) {
      for (const type of types) addReading(this.#database, state, type, timeOf(type), index);
      this.#advance(state, of, index);
      return;
    }
    const content = this.#contentOf(list);
    // What was said is erased: nobody can tell any more what was read, so it is no reading.
    if (content === undefined) return;
    const step = new EvaluationStep(this.#database, this.#marks, state, {
      index,
      recordedAt: Date.parse(of.at),
      timeOf,
      contentOf: this.#contentOf,
    });
    const settled = step.results(ResultsListBlob.parse(content));
    const isFirst = state.idx === -1;
    if (isFirst && of.population.previous !== null) this.#beginPopulation(step, of.source, of.population);
    else step.population(of.population, of.population.delta ?? (isFirst ? of.population.keyframe : null));
    step.unseenNoMore();
    state.list = settled ? list : null;
    this.#advance(state, of, index);
  }

  /** Writes what was followed. */
  end(): void {
    for (const state of this.#sources.values()) writeState(this.#database, state);
  }

  #stateOf(source: string): SourceState {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    const state = loadState(this.#database, source);
    this.#sources.set(source, state);
    return state;
  }

  #advance(state: SourceState, of: StatementOf<'evaluation'>, index: number): void {
    state.idx = index;
    state.plan = of.plan;
  }

  /** A part of a log begins with populations that were there before. */
  #beginPopulation(step: EvaluationStep, source: string, change: ManifestChange): void {
    const start = this.#starts.get(source);
    if (start !== undefined && start !== null) {
      step.begin(start);
      step.population(change, change.delta);
      return;
    }
    const keyframe = change.keyframe === null ? undefined : this.#contentOf(change.keyframe);
    if (keyframe !== undefined) step.begin(KeyframeBlob.parse(keyframe).pairs);
  }

  /** When each type was read, in milliseconds: as of the oldest collection that yields it. */
  #timesOf(of: StatementOf<'evaluation'>): (type: string) => number {
    const asOf = Date.parse(of.asOf);
    const yields = this.#yieldsOf(of.plan);
    if (yields === undefined) return () => asOf;
    const oldest = new Map<string, number>();
    const reads = this.#contentOf(of.reads.list);
    if (reads === undefined) return () => asOf;
    for (const { collector, scope, index } of ReadsBlob.parse(reads)) {
      const at = this.#collectedAt(collector, scope, index);
      // Of a collection before the part that is read nothing is known but that it is older than all of it.
      const time = at ?? asOf;
      for (const type of yields.get(collector) ?? []) oldest.set(type, Math.min(oldest.get(type) ?? time, time));
    }
    return (type) => oldest.get(type) ?? asOf;
  }

  #collectedAt(collector: string, scope: string, index: number): number | undefined {
    const latest = this.#collections.get(`${collector} ${scope}`);
    if (latest?.index === index) return latest.at;
    const row = this.#database.prepare('SELECT source_as_of, finished_at FROM collection WHERE idx = ?').get(index);
    return row === undefined ? undefined : Date.parse(String(row['source_as_of'] ?? row['finished_at']));
  }

  /** Types by collector of a plan; undefined when it is not known. */
  #yieldsOf(plan: number | null): ReadonlyMap<string, ReadonlySet<string>> | undefined {
    if (plan === null) return undefined;
    const known = this.#yields.get(plan);
    if (known !== undefined) return known;
    const commitment = this.#database.prepare('SELECT detail FROM plan_version WHERE idx = ?').get(plan)?.['detail'];
    const content = commitment === undefined ? undefined : this.#reader.blob(String(commitment));
    if (content?.kind !== 'open') return undefined;
    const { collectors } = PlannedCollectors.parse(JSON.parse(new TextDecoder().decode(content.bytes)));
    const yields = new Map(collectors.map((collector) => [collector.id, new Set(collector.yields)]));
    this.#yields.set(plan, yields);
    return yields;
  }
}

interface StepContext {
  readonly index: number;
  /** Milliseconds. */
  readonly recordedAt: number;
  timeOf(type: string): number;
  contentOf(commitment: string): unknown;
}
interface TypeStep {
  readonly at: number;
  readonly n: number;
  /** A reading that is new. */
  readonly moved: boolean;
  /** The reading before; undefined when there was none. */
  readonly before: { readonly at: number; readonly n: number; readonly idx: number } | undefined;
}

/**
 * Who is there now, by his committed id. The index is named because SQLite, which has no figures of the table, takes the primary key instead and
 * looks at every subject of the source for each of them: minutes for the first ten thousand.
 */
const lifeOf = 'SELECT type, subject, born_at FROM life INDEXED BY life_open WHERE source = ? AND c_id = ? AND died_at IS NULL';

/** One evaluation that says something else than the one before. */
class EvaluationStep {
  readonly #database: DatabaseSync;
  readonly #marks: ReturnType<typeof markRows>;
  readonly #state: SourceState;
  readonly #context: StepContext;
  readonly #types = new Map<string, TypeStep>();
  readonly #seen = new Set<string>();

  constructor(database: DatabaseSync, marks: ReturnType<typeof markRows>, state: SourceState, context: StepContext) {
    this.#database = database;
    this.#marks = marks;
    this.#state = state;
    this.#context = context;
  }

  #type(type: string): TypeStep {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const before = this.#state.types.get(type)?.last;
    const at = this.#context.timeOf(type);
    const moved = addReading(this.#database, this.#state, type, at, this.#context.index);
    const last = this.#state.types.get(type)?.last;
    const step = { at: last?.at ?? at, n: last?.n ?? 1, moved, before };
    this.#types.set(type, step);
    return step;
  }

  /** Whether all of it is in the marks now: what says something else about what was read before waits for the next reading. */
  results(list: ResultsListBlob): boolean {
    const gone = new Map(this.#state.series);
    let settled = true;
    for (const one of list) {
      const digest = digestOf(one.parameters);
      const name = seriesName(one.check, digest);
      gone.delete(name);
      const known = this.#state.series.get(name);
      if (known?.logic !== undefined && known.results === one.results) {
        this.#type(known.type);
        continue;
      }
      const content = this.#context.contentOf(one.results);
      const blob = content === undefined ? undefined : CheckResultsBlob.parse(content);
      if (blob === undefined && known === undefined) continue;
      const series = known ?? this.#begin(one, digest, blob?.subjectType ?? '');
      const type = this.#type(series.type);
      const isNew = series.logic === undefined;
      if (!isNew && !type.moved) {
        settled = false;
        if (blob !== undefined) this.#worsen(series, blob, type);
        continue;
      }
      this.#judgedBy(series, one.logic, type);
      this.#compare(series, blob, type, isNew);
      series.results = one.results;
      this.#database.prepare('UPDATE series SET results = ? WHERE id = ?').run(one.results, series.id);
    }
    for (const series of gone.values()) this.#end(series);
    return settled;
  }

  #begin(one: ResultsListBlob[number], digest: string, type: string): SeriesState {
    const { lastInsertRowid } = this.#database
      .prepare(
        'INSERT INTO series (source, check_id, parameters_digest, parameters, subject_type, results, logic) VALUES (?, ?, ?, ?, ?, NULL, NULL)',
      )
      .run(this.#state.source, one.check, digest, JSON.stringify(one.parameters), type);
    const series: SeriesState = { id: Number(lastInsertRowid), type, results: null, logic: undefined };
    this.#state.series.set(seriesName(one.check, digest), series);
    return series;
  }

  #judgedBy(series: SeriesState, logic: string, { at }: TypeStep): void {
    if (series.logic?.digest === logic) return;
    if (series.logic !== undefined) this.#database.prepare('UPDATE series_logic SET to_at = ? WHERE id = ?').run(at, series.logic.id);
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO series_logic (series, logic, from_at, from_idx, to_at) VALUES (?, ?, ?, ?, NULL)')
      .run(series.id, logic, at, this.#context.index);
    series.logic = { id: Number(lastInsertRowid), digest: logic };
    this.#database.prepare('UPDATE series SET logic = ? WHERE id = ?').run(series.logic.id, series.id);
  }

  /** The check is not run any more. */
  #end(series: SeriesState): void {
    if (series.logic === undefined) return;
    const type = this.#type(series.type);
    this.#database.prepare('UPDATE series_logic SET to_at = ? WHERE id = ?').run(type.at, series.logic.id);
    for (const open of this.#marks.open(series.id)) this.#marks.close(open, type, this.#context.index);
    this.#database.prepare('UPDATE series SET logic = NULL, results = NULL WHERE id = ?').run(series.id);
    series.logic = undefined;
    series.results = null;
  }

  #compare(series: SeriesState, blob: CheckResultsBlob | undefined, type: TypeStep, isNew: boolean): void {
    const now = new Map<string, Said>();
    if (blob === undefined) now.set(wholePopulation, erased);
    for (const subject of blob?.excluded ?? []) now.set(subject, notForIt);
    for (const { subject, display, outcome, message, reason } of blob?.notPass ?? []) {
      if (outcome !== 'pass') now.set(subject, { display, outcome, message, reason: reason ?? null, excluded: 0, blanket: 0 });
    }
    for (const open of this.#marks.open(series.id)) {
      const said = now.get(open.subject);
      if (said !== undefined && isSame(open, said)) {
        this.#marks.say(open, said.message);
        now.delete(open.subject);
      } else this.#marks.close(open, type, this.#context.index);
    }
    const before = isNew ? null : (type.before?.at ?? null);
    for (const [subject, said] of now) this.#open(series, subject, said, type, before);
  }

  /** The same evidence, judged again: a failure counts from then on, anything else from the next reading. */
  #worsen(series: SeriesState, blob: CheckResultsBlob, type: TypeStep): void {
    const failing = blob.notPass.filter(({ outcome }) => outcome === 'fail');
    if (failing.length === 0) return;
    const open = new Map(this.#marks.open(series.id).map((row) => [row.subject, row]));
    for (const { subject, display, message } of failing) {
      const known = open.get(subject);
      if (known?.outcome === 'fail') continue;
      if (known !== undefined) this.#marks.close(known, type, this.#context.index);
      this.#open(series, subject, { display, outcome: 'fail', message, reason: null, excluded: 0, blanket: 0 }, type, type.at);
    }
  }

  #open(series: SeriesState, subject: string, said: Said, type: TypeStep, before: number | null): void {
    this.#marks.insert(series.id, subject, said, {
      before,
      at: type.at,
      n: type.n,
      index: this.#context.index,
      recordedAt: this.#context.recordedAt,
    });
  }

  /** The population as it was before the part of the log that is read. */
  begin(pairs: readonly (readonly [string, string])[]): void {
    for (const [id, content] of pairs) this.#appear(id, content, null);
  }

  /** Moves the lives of subjects on; `commitment` is the delta, or the keyframe of a first population. */
  population(change: ManifestChange, commitment: string | null): void {
    if (commitment === null) return;
    const content = this.#context.contentOf(commitment);
    if (content === undefined) {
      this.#loseSight();
      return;
    }
    if (commitment === change.keyframe && change.delta === null) {
      for (const [id, subject] of KeyframeBlob.parse(content).pairs) this.#appear(id, subject, null);
      return;
    }
    const { added, changed, removed } = DeltaBlob.parse(content);
    for (const [id, subject] of [...added, ...changed]) this.#appear(id, subject, undefined);
    for (const id of removed) this.#vanish(id);
  }

  #appear(id: string, commitment: string, bornBefore: null | undefined): void {
    const { source } = this.#state;
    const open = this.#database.prepare(lifeOf).get(source, id);
    const content = this.#context.contentOf(commitment);
    if (content === undefined) return;
    const subject = PopulationBlob.parse(content);
    const type = this.#type(subject.type);
    this.#seen.add(subject.id);
    if (open !== undefined) {
      const [formerType, born] = [String(open['type']), Number(open['born_at'])];
      this.#database
        .prepare('UPDATE life SET display = ? WHERE source = ? AND type = ? AND subject = ? AND born_at = ?')
        .run(subject.display, source, formerType, subject.id, born);
      this.#database
        .prepare('UPDATE unseen SET after_at = ? WHERE source = ? AND type = ? AND subject = ? AND after_at IS NULL')
        .run(type.at, source, formerType, subject.id);
      return;
    }
    const before = bornBefore === null ? null : (type.before?.at ?? null);
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO life (source, type, subject, display, c_id, born_before, born_at, last_at, died_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)',
      )
      .run(source, subject.type, subject.id, subject.display, id, before, type.at);
  }

  #vanish(id: string): void {
    const { source } = this.#state;
    const open = this.#database.prepare(lifeOf).get(source, id);
    if (open === undefined) return;
    const [type, subject, born] = [String(open['type']), String(open['subject']), Number(open['born_at'])];
    const step = this.#type(type);
    const reason = this.#unseenBecause(type, subject);
    if (reason === undefined) this.#die(type, subject, born, step.before?.at ?? step.at, step.at);
    else this.#miss(type, subject, reason, step);
  }

  /** A change of the population is erased: who was there until now may be gone, and nobody can tell. */
  #loseSight(): void {
    const rows = this.#database.prepare('SELECT type, subject FROM life WHERE source = ? AND died_at IS NULL').all(this.#state.source);
    for (const row of rows) this.#miss(String(row['type']), String(row['subject']), 'not-collected', this.#type(String(row['type'])));
  }

  #miss(type: string, subject: string, reason: string, step: TypeStep): void {
    this.#database
      .prepare(
        'INSERT OR IGNORE INTO unseen (source, type, subject, reason, before_at, first_at, after_at) VALUES (?, ?, ?, ?, ?, ?, NULL)',
      )
      .run(this.#state.source, type, subject, reason, step.before?.at ?? step.at, step.at);
  }

  #die(type: string, subject: string, born: number, last: number, died: number): void {
    this.#database
      .prepare('UPDATE life SET last_at = ?, died_at = ? WHERE source = ? AND type = ? AND subject = ? AND born_at = ?')
      .run(last, died, this.#state.source, type, subject, born);
  }

  /** Who was not among those seen, and all are seen now: gone since he was seen last. */
  unseenNoMore(): void {
    const { source } = this.#state;
    const rows = this.#database.prepare('SELECT type, subject, before_at FROM unseen WHERE source = ? AND after_at IS NULL').all(source);
    for (const row of rows) {
      const [type, subject] = [String(row['type']), String(row['subject'])];
      if (this.#seen.has(subject) || this.#unseenBecause(type, subject) !== undefined) continue;
      const { at, moved } = this.#type(type);
      if (!moved) continue;
      this.#database
        .prepare('UPDATE unseen SET after_at = ? WHERE source = ? AND type = ? AND subject = ? AND after_at IS NULL')
        .run(at, source, type, subject);
      this.#database
        .prepare('UPDATE life SET last_at = ?, died_at = ? WHERE source = ? AND type = ? AND subject = ? AND died_at IS NULL')
        .run(Number(row['before_at']), at, source, type, subject);
    }
  }

  /** Why not every subject of a type, where this one would be, was seen; undefined when all were. */
  #unseenBecause(type: string, subject: string): string | undefined {
    const rows = this.#database
      .prepare(
        `SELECT m.subject, m.reason FROM series s JOIN mark m ON m.series = s.id AND m.last_at IS NULL
         WHERE s.source = ? AND s.subject_type = ? AND s.logic IS NOT NULL AND m.outcome = 'no-evidence' AND substr(m.subject, 1, 1) = '*'`,
      )
      .all(this.#state.source, type);
    for (const row of rows) {
      const scope = String(row['subject']).slice(1);
      if (scope === '' || subject.startsWith(`${this.#state.source}/${scope}/`)) return String(row['reason'] ?? 'not-collected');
    }
    return undefined;
  }
}

/** What an evaluation says of a subject that does not pass. */
interface Said {
  readonly display: string;
  readonly outcome: string;
  readonly message: string;
  readonly reason: string | null;
  readonly excluded: 0 | 1;
  readonly blanket: 0 | 1;
}
const notForIt: Said = { display: '', outcome: 'not-applicable', message: '', reason: null, excluded: 1, blanket: 0 };
const erased: Said = {
  display: 'whole population',
  outcome: 'no-evidence',
  message: 'the results were erased',
  reason: 'not-collected',
  excluded: 0,
  blanket: 1,
};
interface OpenMark {
  readonly id: number;
  readonly subject: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly excluded: number;
  readonly blanket: number;
  readonly messages: string;
  readonly firstAt: number;
  readonly firstN: number;
  readonly firstIdx: number;
}
function isSame(open: OpenMark, said: Said): boolean {
  return open.outcome === said.outcome && open.reason === said.reason && open.excluded === said.excluded && open.blanket === said.blanket;
}

function markRows(database: DatabaseSync) {
  const openOf = database.prepare(
    'SELECT id, subject, outcome, reason, excluded, blanket, messages, first_at, first_n, first_idx FROM mark WHERE series = ? AND last_at IS NULL',
  );
  const insert = database.prepare(
    `INSERT INTO mark (series, subject, display, outcome, reason, excluded, blanket, messages, before_at, first_at, first_n, first_idx, detected_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const close = database.prepare('UPDATE mark SET last_at = ?, last_n = ?, last_idx = ?, after_at = ?, after_idx = ? WHERE id = ?');
  const say = database.prepare('UPDATE mark SET messages = ? WHERE id = ?');
  return {
    open: (series: number): OpenMark[] =>
      openOf.all(series).map((row) => ({
        id: Number(row['id']),
        subject: String(row['subject']),
        outcome: String(row['outcome']),
        reason: row['reason'] === null ? null : String(row['reason']),
        excluded: Number(row['excluded']),
        blanket: Number(row['blanket']),
        messages: String(row['messages']),
        firstAt: Number(row['first_at']),
        firstN: Number(row['first_n']),
        firstIdx: Number(row['first_idx']),
      })),
    insert(
      series: number,
      subject: string,
      said: Said,
      at: { before: number | null; at: number; n: number; index: number; recordedAt: number },
    ): void {
      insert.run(
        ...[series, subject, said.display, said.outcome, said.reason, said.excluded, said.blanket],
        ...[JSON.stringify(said.message === '' ? [] : [said.message]), at.before, at.at, at.n, at.index, at.recordedAt],
      );
    },
    /** The last reading that said so is the one before this one; of what was read only once, that one. */
    close(open: OpenMark, { at, before }: TypeStep, index: number): void {
      const last = before !== undefined && before.at > open.firstAt ? before : { at: open.firstAt, n: open.firstN, idx: open.firstIdx };
      close.run(last.at, last.n, last.idx, at, index, open.id);
    },
    say(open: OpenMark, message: string): void {
      const messages = JSON.parse(open.messages) as string[];
      if (message === '' || messages.includes(message) || messages.length >= maxMessages) return;
      say.run(JSON.stringify([...messages, message]), open.id);
    },
  };
}
