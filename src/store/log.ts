import type { DatabaseSync } from 'node:sqlite';
import { ProoflineError } from '../model/errors.ts';
import type { LogEntry } from '../model/log-reader.ts';
import { formatVersion, maxStatementBytes, Statement, type StatementOf, type Turn } from '../model/statement.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import { toBase64 } from '../seal/digest.ts';
import { CompactRange, hashBytes, leafHash } from '../seal/merkle.ts';
import { pack, unpack } from './codecs.ts';
import type { Sealed } from './contract.ts';
import { query } from './queries.ts';
import { store } from './schema.ts';

type Kind = Statement['kind'];
type None = Record<string, never>;

/** Collections and evaluations; the short kinds are not worth the time. */
const worthPacking = 1024;

const readHead = query((_: None) => store.selectFrom('log_head').select(['size', 'range', 'after']).where('id', '=', 1));
const writeHead = query((a: { size: number; range: Uint8Array; after: Uint8Array | null }) =>
  store
    .insertInto('log_head')
    .values({ id: 1, size: a.size, range: a.range, after: a.after })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ size: a.size, range: a.range, after: a.after })),
);
const insertEntry = query((a: { idx: number; codec: string; body: Uint8Array; base: number | null }) =>
  store.insertInto('log_entry').values({ idx: a.idx, codec: a.codec, body: a.body, base: a.base }),
);
const findStream = query((a: { kind: string; name: string }) =>
  store.selectFrom('stream').select('id').where('kind', '=', a.kind).where('name', '=', a.name),
);
const insertStream = query((a: { kind: string; name: string }) => store.insertInto('stream').values({ kind: a.kind, name: a.name }));
const insertPlace = query((a: { stream: number; idx: number }) => store.insertInto('place').values({ stream: a.stream, idx: a.idx }));
const placesSince = query((a: { stream: number; from: number }) =>
  store
    .selectFrom('place')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('stream', '=', a.stream)
    .where('idx', '>', a.from),
);
const lastInStream = query((a: { stream: number }) =>
  store
    .selectFrom('place')
    .select(({ fn }) => fn.max('idx').as('idx'))
    .where('stream', '=', a.stream),
);
const readEntry = query((a: { idx: number }) => store.selectFrom('log_entry').select(['codec', 'body', 'base']).where('idx', '=', a.idx));
const readEntries = query((a: { from: number; to: number }) =>
  store.selectFrom('log_entry').select(['idx', 'codec', 'body', 'base']).where('idx', '>=', a.from).where('idx', '<', a.to).orderBy('idx'),
);
const lastIndex = query((_: None) => store.selectFrom('log_entry').select(({ fn }) => fn.max('idx').as('idx')));
const ofStream = (a: { kind: string; stream: string }) =>
  store.selectFrom('stream').select('id').where('kind', '=', a.kind).where('name', '=', a.stream);
const lastPlace = query((a: { kind: string; stream: string; before: number }) =>
  store
    .selectFrom('place')
    .select(({ fn }) => fn.max('idx').as('idx'))
    .where('stream', '=', ofStream(a))
    .where('idx', '<', a.before),
);
const lastOfEach = query((a: { kind: string; from: string; to: string }) =>
  store
    .selectFrom('stream')
    .select(({ selectFrom }) => [
      'name',
      selectFrom('place')
        .select(({ fn }) => fn.max('idx').as('idx'))
        .whereRef('place.stream', '=', 'stream.id')
        .as('idx'),
    ])
    .where('kind', '=', a.kind)
    .where('name', '>=', a.from)
    .where('name', '<', a.to)
    .orderBy('name'),
);
const placesOf = query((a: { kind: string; stream: string; from: number; to: number }) =>
  store
    .selectFrom('place')
    .select('idx')
    .where('stream', '=', ofStream(a))
    .where('idx', '>=', a.from)
    .where('idx', '<', a.to)
    .orderBy('idx'),
);

/** Where a statement is looked up. */
export interface StreamName {
  readonly kind: string;
  readonly name: string;
}
/**
 * Statements whose former ones are looked up by what they are about; the others stand in one stream per kind. What a turn of a schedule came
 * to stands in a second one as well, of that turn alone.
 */
export function streamsOf(statement: Statement): readonly [own: StreamName, ...others: StreamName[]] {
  const own = { kind: statement.kind, name: nameOf(statement) };
  if (!('turn' in statement) || statement.turn === undefined) return [own];
  const { schedule, due } = statement.turn as Turn;
  return [own, { kind: statement.kind === 'gap' ? failedTurns : doneTurns, name: `${turnPrefix(schedule)}${due}"]` }];
}
function nameOf(statement: Statement): string {
  if (statement.kind === 'collection') return collectionStream(statement.collector, statement.scope);
  if (statement.kind === 'schedule-miss') return statement.schedule;
  return statement.kind === 'evaluation' ? statement.source : '';
}
export const doneTurns = 'turn';
export const failedTurns = 'failed-turn';
/** Schedule and due time as JSON, so that the last stream that begins so is that of the turn that was due last. */
export function turnPrefix(schedule: string): string {
  return `["${JSON.stringify(schedule).slice(1, -1)}","`;
}
/** Starts with the scope, and a scope with its source, so that all of a source's streams are one range. */
export function collectionStream(collector: string, scope: string): string {
  return JSON.stringify([scope, collector]);
}

export function packHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(hashes));
}
export function unpackHashes(packed: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.floor(packed.length / hashBytes) }, (_, at) => packed.slice(at * hashBytes, (at + 1) * hashBytes));
}

export interface Head {
  readonly range: CompactRange;
  /** Hash of the latest anchor receipt. */
  readonly after: Uint8Array | null;
}
export function headOf(database: DatabaseSync): Head {
  const row = readHead.get(database, {});
  return { range: CompactRange.from(row?.size ?? 0, unpackHashes(row?.range ?? new Uint8Array())), after: row?.after ?? null };
}
/** @throws ProoflineError `store-corrupt` when the head does not stand for any log. */
export function soundHeadOf(database: DatabaseSync, file: string): Head {
  try {
    return headOf(database);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ProoflineError('store-corrupt', `${file}: the head of the log is damaged; restore a backup (proofline restore)`, { cause });
  }
}

/** What the store adds to a draft of its own kinds. */
export interface Clock {
  readonly now: () => string;
  readonly newId: () => string;
}
/** What a statement says, without what the store adds. */
export type Draft<K extends Kind = Kind> = { readonly kind: K } & Readonly<Record<string, unknown>>;

/** Kinds whose statements repeat the former one of their stream but for a few members. */
const basesOf: ReadonlySet<Kind> = new Set(['collection', 'evaluation']);
/** After so many statements a stream begins again with one that stands alone, so that damage to one entry reaches no further. */
const shareBase = 64;

/** @param known ids that were found within the same transaction, by kind and name */
function streamIdOf(database: DatabaseSync, of: StreamName, known: Map<string, number>): number {
  const key = `${of.kind} ${of.name}`;
  const id = known.get(key) ?? (findStream.get(database, { ...of }) ?? made(database, of)).id;
  known.set(key, id);
  return id;
}
function made(database: DatabaseSync, of: StreamName): { id: number } {
  insertStream.run(database, { ...of });
  const row = findStream.get(database, { ...of });
  if (row === undefined) throw new Error('a stream that was just written is not there');
  return row;
}
/** The entry that the next of a stream is packed against: the last one that stands alone, unless many have been already. */
function baseIn(database: DatabaseSync, stream: number): LogEntry | undefined {
  const last = lastInStream.get(database, { stream })?.idx;
  if (typeof last !== 'number') return undefined;
  const index = readEntry.get(database, { idx: last })?.base ?? last;
  if ((placesSince.get(database, { stream, from: index })?.count ?? 0) >= shareBase) return undefined;
  return entryAt(database, index);
}

/** Appending within one write transaction; `finish` writes the new head and must be called before the transaction ends. */
export interface LogSession {
  /** @throws ProoflineError `statement-too-large`, `not-canonical` */
  append<K extends Kind>(draft: Draft<K>): Sealed<K>;
  readonly size: number;
  readonly after: string | null;
  finish(): void;
}

/** The head is read inside the transaction and never kept between two: another process may have appended. */
export function openSession(database: DatabaseSync, file: string, clock: Clock): LogSession {
  const head = soundHeadOf(database, file);
  const { range } = head;
  let after = head.after;
  const streams = new Map<string, number>();
  const append = (draft: Draft): Sealed => {
    const statement = Statement.parse({ v: formatVersion, id: clock.newId(), at: clock.now(), ...draft });
    const body = canonicalBytes(statement);
    if (body.length > maxStatementBytes) {
      throw new ProoflineError(
        'statement-too-large',
        `a ${statement.kind} statement of ${body.length} bytes is over the limit of ${maxStatementBytes}; what is long belongs in a blob`,
      );
    }
    const index = range.size;
    const leaf = leafHash(body);
    const [stream, ...others] = streamsOf(statement).map((of) => streamIdOf(database, of, streams)) as [number, ...number[]];
    const base = basesOf.has(statement.kind) ? baseIn(database, stream) : undefined;
    const { codec, packed } = pack(body, base === undefined ? worthPacking : 0, base?.bytes);
    insertEntry.run(database, { idx: index, codec, body: packed, base: codec === 'text' && base !== undefined ? base.index : null });
    for (const one of [stream, ...others]) insertPlace.run(database, { stream: one, idx: index });
    range.append(leaf);
    if (statement.kind === 'anchor') after = Buffer.from(statement.receiptHash, 'base64');
    return { index, statement };
  };
  return {
    append: <K extends Kind>(draft: Draft<K>) => append(draft) as unknown as Sealed<K>,
    get size() {
      return range.size;
    },
    get after() {
      return after === null ? null : toBase64(after);
    },
    finish() {
      writeHead.run(database, { size: range.size, range: packHashes(range.hashes), after });
    },
  };
}

/** Appends within the transaction that is open, and writes the head. */
export function appending<T>(database: DatabaseSync, file: string, clock: Clock, work: (session: LogSession) => T): T {
  const session = openSession(database, file, clock);
  const result = work(session);
  session.finish();
  return result;
}

const batch = 500;
/** Reads in batches, so that no reader keeps the log from being tidied while it works. */
export function* entriesOf(database: DatabaseSync, from: number, to: number): Generator<LogEntry> {
  const bases = new Map<number, Uint8Array | undefined>();
  for (let at = from; at < to; at += batch) {
    for (const row of readEntries.all(database, { from: at, to: Math.min(at + batch, to) })) {
      const entry = entryOf(row, (base) => {
        if (!bases.has(base)) {
          // As many as there may be streams that go on; an older one is read again.
          if (bases.size >= keptBases) bases.delete(bases.keys().next().value ?? -1);
          bases.set(base, standingAlone(database, base));
        }
        return bases.get(base);
      });
      yield entry;
    }
  }
}
const keptBases = 4096;
export function entryAt(database: DatabaseSync, index: number): LogEntry | undefined {
  const row = readEntry.get(database, { idx: index });
  return row === undefined ? undefined : entryOf({ ...row, idx: index }, (base) => standingAlone(database, base));
}
/** The bytes of an entry that others lean on; undefined when it is not there or leans on another itself. */
function standingAlone(database: DatabaseSync, index: number): Uint8Array | undefined {
  const row = readEntry.get(database, { idx: index });
  return row === undefined || row.base !== null ? undefined : entryOf({ ...row, idx: index }, () => undefined).bytes;
}
/** What does not unpack is handed on as it is: no leaf has those bytes, and whoever verifies says so. */
function entryOf(
  row: { idx: number; codec: string; body: Uint8Array; base: number | null },
  baseOf: (index: number) => Uint8Array | undefined,
): LogEntry {
  const asItIs = { index: row.idx, bytes: row.body };
  const base = row.base === null ? undefined : baseOf(row.base);
  if (row.base !== null && base === undefined) return asItIs;
  try {
    return { index: row.idx, bytes: unpack(row.codec, row.body, base) ?? row.body };
  } catch {
    return asItIs;
  }
}
/** Number of rows there are, by their last index; equals the head's size in a sound store. */
export function rowsOf(database: DatabaseSync): number {
  const last = lastIndex.get(database, {})?.idx;
  return typeof last === 'number' ? last + 1 : 0;
}

/**
 * Statements of the latest collections, by index, so that a log that stays open does not parse the same entries with every run: an entry
 * never changes. What is no longer the latest is forgotten.
 */
const latestStatements = new WeakMap<DatabaseSync, Map<number, Sealed<'collection'>>>();

/** What was just appended need not be parsed to be read. */
export function rememberLatest(database: DatabaseSync, sealed: Sealed<'collection'>): void {
  const known = latestStatements.get(database);
  if (known !== undefined) known.set(sealed.index, sealed);
}

/** @throws ProoflineError `store-corrupt` when the entry is no statement of that kind. */
export function statementAt<K extends Kind>(database: DatabaseSync, file: string, kind: K, index: number): Sealed<K> {
  const entry = entryAt(database, index);
  const statement = entry === undefined ? undefined : parseStatement(entry);
  if (statement?.kind !== kind) {
    throw new ProoflineError('store-corrupt', `${file}: entry ${index} is no ${kind} statement; run proofline verify`);
  }
  return { index, statement: statement as StatementOf<K> };
}
/** @returns undefined for what is no statement of a kind this release knows. */
export function parseStatement(entry: LogEntry): Statement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(entry.bytes).toString('utf8'));
  } catch {
    // Damaged bytes and a future kind are the same answer here: nothing that can be read.
    return undefined;
  }
  const parsed = Statement.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

export function latestIn<K extends Kind>(
  database: DatabaseSync,
  file: string,
  kind: K,
  stream: string,
  before = Number.MAX_SAFE_INTEGER,
): Sealed<K> | undefined {
  const idx = lastPlace.get(database, { kind, stream, before })?.idx;
  return typeof idx === 'number' ? statementAt(database, file, kind, idx) : undefined;
}
/** Like `latestIn`, for what only makes the store smaller: a damaged statement is no reason to refuse the next one. */
export function formerIn<K extends Kind>(database: DatabaseSync, kind: K, stream: string): StatementOf<K> | undefined {
  const idx = lastPlace.get(database, { kind, stream, before: Number.MAX_SAFE_INTEGER })?.idx;
  const entry = typeof idx === 'number' ? entryAt(database, idx) : undefined;
  const statement = entry === undefined ? undefined : parseStatement(entry);
  return statement?.kind === kind ? (statement as StatementOf<K>) : undefined;
}
export function latestOf<K extends Kind>(database: DatabaseSync, file: string, kind: K): Sealed<K> | undefined {
  const found = lastOfEach.all(database, { kind, from: '', to: '\u{10ffff}' }).flatMap(({ idx }) => (typeof idx === 'number' ? [idx] : []));
  return found.length === 0 ? undefined : statementAt(database, file, kind, Math.max(...found));
}
/** Latest collection of each collector and scope of a source, or of all. */
export function latestCollectionsOf(database: DatabaseSync, file: string, source: string | undefined): Sealed<'collection'>[] {
  const from = source === undefined ? '[' : JSON.stringify([source]).slice(0, -2);
  const before = latestStatements.get(database) ?? new Map<number, Sealed<'collection'>>();
  const found = lastOfEach
    .all(database, { kind: 'collection', from, to: `${from}\u{10ffff}` })
    .filter(({ idx }) => idx !== null)
    .map((row) => before.get(Number(row.idx)) ?? statementAt(database, file, 'collection', Number(row.idx)));
  const others = [...before].filter(([, { statement }]) => source !== undefined && statement.source !== source);
  latestStatements.set(database, new Map([...others, ...found.map((sealed): [number, Sealed<'collection'>] => [sealed.index, sealed])]));
  return found.filter(({ statement }) => source === undefined || statement.source === source);
}
/** Indexes of every collection of some collectors, in whatever scope, ascending. */
export function collectionsOf(database: DatabaseSync, collectors: ReadonlySet<string>): number[] {
  const streams = lastOfEach.all(database, { kind: 'collection', from: '[', to: '[\u{10ffff}' }).map(({ name }) => name);
  return streams
    .filter((stream) => collectors.has((JSON.parse(stream) as readonly string[])[1] ?? ''))
    .flatMap((stream) => indexesOf(database, 'collection', stream, 0, Number.MAX_SAFE_INTEGER))
    .sort((left, right) => left - right);
}
/** Indexes of a stream's statements, ascending. */
export function indexesOf(database: DatabaseSync, kind: string, stream: string, from: number, to: number): number[] {
  return placesOf.all(database, { kind, stream, from, to }).map((row) => row.idx);
}
