import { z } from 'zod';
import { blobReferences, EvaluationContext, PopulationBlob, ReadsBlob, RedactionsBlob, RequestsBlob } from '../model/blobs.ts';
import { GapReason } from '../model/completeness.ts';
import { ProoflineError } from '../model/errors.ts';
import type { LogReader } from '../model/log-reader.ts';
import { futureKinds, type ManifestChange, maxStatementBytes, Statement, type StatementOf } from '../model/statement.ts';
import { canonicalBytes, parseCanonical } from '../seal/canonical-json.ts';
import { fromBase64, toBase64 } from '../seal/digest.ts';
import type { ManifestPair } from '../seal/manifest.ts';
import { CompactRange, emptyRoot, leafHash, rootOf, rootWithRest, verifyInclusion } from '../seal/merkle.ts';
import { AnchorChecker } from './check-anchors.ts';
import { DecisionsChecker } from './check-decisions.ts';
import { HandedOver } from './check-handed-over.ts';
import { KeyChain } from './check-keys.ts';
import { ManifestStream } from './check-manifests.ts';
import { ResultsChecker } from './check-results.ts';
import { ScheduleChecker } from './check-schedule.ts';
import { checkUpload } from './check-upload.ts';
import { BlobOpener } from './open-blobs.ts';
import { ClaimSheet, type Verification } from './report.ts';

/** A statement from outside a part, with the proof that it is in the log. */
export interface OutsideEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly hashes: readonly Uint8Array[];
}
/** What a part of a log brings with it so that it can be verified without the rest. */
export interface LogPart {
  readonly from: number;
  readonly to: number;
  readonly left: readonly Uint8Array[];
  readonly right: readonly Uint8Array[];
  readonly outside: readonly OutsideEntry[];
  /** Manifests as they were before `from`, of the streams that go on in the part; null: lost to an erased delta. */
  starts(): Iterable<{ readonly stream: readonly string[]; readonly pairs: readonly ManifestPair[] | null }>;
}
export interface VerifyOptions {
  /** The key to trust, as handed over at the start: any key of the log's chain. Without it the log vouches for itself, which is said. */
  readonly vkey?: string;
  /** Certificates (DER) of time-stamping authorities to trust; without them stamps are checked but not by whom. */
  readonly tsaRoots?: readonly Uint8Array[];
  /** Signed notes of checkpoints that were handed over earlier: each must be a prefix of the log. */
  readonly handedOver?: readonly string[];
}

const Any = z.unknown();
/** How many request records are kept where not all are. */
const sampledRequests = 16;
/** What was parsed is JSON already: looking at all of it once more would take longer than hashing it. */
const itemHead = { id: z.string(), operation: z.string(), subject: z.string().nullable(), region: z.string().nullable() };
const Item = z.union([
  z.strictObject({ ...itemHead, body: z.custom<unknown>((body) => body !== undefined) }),
  z.strictObject({ ...itemHead, gap: GapReason }),
]);
const SideRecord = z.strictObject({ id: z.string(), fields: z.record(z.string(), z.unknown()) });
const streamShapes = { items: Item, volatile: SideRecord, population: PopulationBlob };

/** One pass over a log, statement by statement; what must wait for later statements waits in the checkers. */
class LogVerifier {
  readonly sheet: ClaimSheet;
  readonly #reader: LogReader;
  readonly #part: LogPart | undefined;
  readonly #from: number;
  readonly #range: CompactRange;
  readonly #keys: KeyChain;
  readonly #blobs: BlobOpener;
  readonly #results: ResultsChecker;
  readonly #decisions: DecisionsChecker;
  readonly #anchors: AnchorChecker;
  readonly #schedule: ScheduleChecker;
  readonly #handedOver: HandedOver;
  readonly #streams = new Map<string, ManifestStream>();
  /** Streams that a part brought along and no statement has continued yet. */
  readonly #waiting = new Set<string>();
  readonly #plans = new Set<number>();
  readonly #uploads = new Set<number>();
  readonly #collections = new Map<number, string>();
  readonly #erasures = new Map<number, ReadonlySet<string>>();
  readonly #rootAt = new Map<number, string>();
  /** Hash of the latest receipt; a part brings the one before it along. */
  #after: string | null = null;
  #lastAt = '';
  #unknownKinds = new Map<string, number>();
  #counts = { entries: 0, collections: 0, incomplete: 0, gaps: 0, requests: 0 };
  #checkpoint = 0;
  #isRead = false;

  constructor(reader: LogReader, part: LogPart | undefined, options: VerifyOptions, sheet: ClaimSheet) {
    this.sheet = sheet;
    this.#reader = reader;
    this.#part = part;
    this.#from = part?.from ?? 0;
    this.#range = part === undefined ? new CompactRange() : CompactRange.from(part.from, part.left);
    this.#keys = new KeyChain(sheet, reader.origin, reader.vkeys()[0]);
    this.#blobs = new BlobOpener(reader, sheet);
    this.#results = new ResultsChecker(sheet, this.#blobs);
    this.#decisions = new DecisionsChecker(sheet, this.#blobs);
    this.#handedOver = new HandedOver(sheet, this.#keys, options.handedOver ?? []);
    this.#anchors = new AnchorChecker(sheet, this.#keys, options.tsaRoots ?? null, this.#rootAt, this.#from);
    this.#schedule = new ScheduleChecker(sheet, this.#from === 0);
  }

  async run(vkey: string | undefined): Promise<void> {
    const part = this.#part;
    if (part !== undefined) await this.#startPart(part);
    for (const { index, bytes } of this.#reader.entries(this.#from, part?.to)) {
      if (index !== this.#from + this.#counts.entries) this.sheet.fail('entries-canonical', index, 'entries are missing or out of order');
      this.#counts.entries += 1;
      this.#range.append(leafHash(bytes));
      const statement = this.#read(bytes, index);
      if (statement !== undefined) await this.#check(statement, index);
      this.#handedOver.pass(this.#range);
      this.#passCheckpoints();
    }
    for (const { index, bytes } of part?.outside ?? []) {
      if (index < (part?.to ?? 0)) continue;
      const statement = this.#read(bytes, index);
      if (statement?.kind === 'key') this.#keys.rotate(statement, index);
      if (statement?.kind === 'decision') this.#decisions.take(statement, index);
    }
    this.#isRead = true;
    this.#passCheckpoints();
    this.#finish(vkey);
  }

  #read(bytes: Uint8Array, index: number): Statement | undefined {
    let value: unknown;
    try {
      value = parseCanonical(bytes);
    } catch {
      this.sheet.fail('entries-canonical', index, 'it is not canonical JSON');
      return undefined;
    }
    if (bytes.length > maxStatementBytes) this.sheet.fail('entries-canonical', index, `it is longer than ${maxStatementBytes} bytes`);
    const parsed = Statement.safeParse(value);
    if (parsed.success) return parsed.data;
    const kind = z.looseObject({ v: z.literal(1), kind: z.string() }).safeParse(value).data?.kind;
    const known = Statement.options.some((option) => option.shape.kind.value === kind);
    if (kind !== undefined && !known) {
      this.#unknownKinds.set(kind, (this.#unknownKinds.get(kind) ?? 0) + 1);
      const later = futureKinds.some((future) => future === kind);
      this.sheet.warn(
        'statement-shapes',
        index,
        `kind "${kind}" ${later ? 'is for later versions' : 'is not known here'}; it is kept and not read`,
      );
    } else {
      const issue = parsed.error.issues[0];
      this.sheet.fail('statement-shapes', index, `${kind ?? 'no kind'}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
    }
    return undefined;
  }

  async #startPart(part: LogPart): Promise<void> {
    const head = this.#reader.checkpoints().at(-1);
    for (const { index, bytes, hashes } of part.outside) {
      const proof = { index, size: this.#reader.size(), hashes };
      if (head === undefined || !verifyInclusion(leafHash(bytes), proof, fromBase64(head.root))) {
        this.sheet.fail('log-root', index, 'it is said to be in the log, and is not');
        continue;
      }
      const statement = this.#read(bytes, index);
      if (statement === undefined) continue;
      if (statement.kind === 'genesis') this.#genesis(statement, index);
      if (statement.kind === 'key' && index < part.from) this.#keys.rotate(statement, index);
      if (statement.kind === 'anchor' && index < part.from) {
        this.#after = statement.receiptHash;
        await this.#anchors.anchor(statement, index);
      }
      if (statement.kind === 'plan') this.#plans.add(index);
      if (statement.kind === 'decision' && index < part.from) this.#decisions.take(statement, index);
      if (statement.kind === 'collection') this.#collections.set(index, collectionKey(statement));
      if (statement.kind === 'upload') this.#uploads.add(index);
      if (statement.kind === 'erasure') this.#erasures.set(index, new Set(statement.commitments));
    }
    if (part.from > 0 && part.outside[0]?.index !== 0) this.sheet.fail('genesis', null, 'the part does not bring the genesis along');
    for (const { stream, pairs } of part.starts()) {
      const [kind] = stream;
      const key = JSON.stringify(stream);
      if ((kind !== 'items' && kind !== 'volatile' && kind !== 'population') || this.#streams.has(key)) {
        this.sheet.fail('export-files', null, `starts.jsonl: ${key} is no stream, or comes twice`);
        continue;
      }
      const started = new ManifestStream(kind, streamShapes[kind], this.sheet, this.#blobs);
      if (pairs === null)
        this.sheet.warn(
          kind,
          part.from,
          'the manifest before the part is lost to an erased delta; it is followed from the next keyframe on',
        );
      started.startFrom(pairs, part.from);
      this.#streams.set(key, started);
      this.#waiting.add(key);
    }
  }

  async #check(statement: Statement, index: number): Promise<void> {
    if (statement.at < this.#lastAt) this.sheet.warn('clocks', index, 'it is older than the entry before it: the clock was set back');
    this.#lastAt = statement.at;
    this.#anchors.entry(index, statement.at, statement.kind === 'collection' && statement.clock.suspect);
    if (index === 0 && statement.kind !== 'genesis') this.sheet.fail('genesis', 0, 'it is not a genesis');
    this.#schedule.take(statement, index);
    switch (statement.kind) {
      case 'genesis':
        return this.#genesis(statement, index);
      case 'collection':
        return this.#collection(statement, index);
      case 'evaluation':
        return this.#evaluation(statement, index);
      case 'anchor':
        await this.#anchors.anchor(statement, index);
        this.#after = statement.receiptHash;
        return;
      case 'key':
        this.#keys.rotate(statement, index);
        return;
      case 'erasure':
        this.#erasures.set(index, new Set(statement.commitments));
        return;
      case 'plan':
        this.#plans.add(index);
        return this.#openAll(statement, index);
      case 'decision':
        this.#decisions.take(statement, index);
        return;
      case 'gap':
        this.#counts.gaps += 1;
        this.sheet.warn('completeness', index, `a gap is recorded: ${statement.subject}, ${statement.reason}`);
        return;
      case 'delivery':
        return this.#delivery(statement, index);
      case 'upload':
        this.#uploads.add(index);
        checkUpload(statement, index, this.#blobs, this.sheet);
        return;
      default:
    }
  }

  /** What was told is in the log already when somebody is told. */
  #delivery({ about }: StatementOf<'delivery'>, index: number): void {
    if (about === null || (about.first <= about.last && about.last < index)) return;
    this.sheet.fail('references', index, `it is said to tell of entries ${about.first} to ${about.last}`);
  }

  #genesis(statement: StatementOf<'genesis'>, index: number): void {
    const fail = (message: string): void => this.sheet.fail('genesis', index, message);
    if (index !== 0) fail('a second genesis');
    if (statement.origin !== this.#reader.origin) fail(`it is of the log ${statement.origin}`);
    if (statement.keys.sign !== this.#keys.firstId || statement['vkey'] !== this.#keys.vkeys[0])
      fail('it names another signing key than the first of the log');
    this.sheet.holds('demonstration', 'it is not a demonstration log');
    if (statement.demonstration) this.sheet.warn('demonstration', index, 'DEMONSTRATION LOG: made-up data, evidence of nothing');
  }

  #openAll(statement: Statement, index: number): void {
    for (const { commitment } of blobReferences(statement)) this.#blobs.open(commitment, Any, index);
  }

  #references(statement: StatementOf<'collection' | 'evaluation'>, index: number): void {
    if (statement.after !== this.#after) this.sheet.fail('references', index, '`after` is not the hash of the latest receipt before it');
    if (statement.plan !== null && !(statement.plan < index && this.#plans.has(statement.plan))) {
      this.sheet.fail('references', index, `entry ${statement.plan} is not an earlier plan`);
    }
  }

  #stream(kind: keyof typeof streamShapes, name: readonly string[], change: ManifestChange, index: number): ManifestStream {
    const key = JSON.stringify([kind, ...name]);
    const known = this.#streams.get(key);
    const stream = known ?? new ManifestStream(kind, streamShapes[kind], this.sheet, this.#blobs);
    this.#streams.set(key, stream);
    this.#waiting.delete(key);
    stream.follow(change, index);
    return stream;
  }

  #collection(statement: StatementOf<'collection'>, index: number): void {
    const { sheet } = this;
    this.#counts.collections += 1;
    this.#collections.set(index, collectionKey(statement));
    this.#references(statement, index);
    this.#requests(statement, index);
    this.#stream('items', [statement.collector, statement.scope], statement.items, index);
    this.#stream('volatile', [statement.collector, statement.scope], statement.volatile, index);
    this.#redactions(statement, index);
    if (statement.completeness.kind === 'incomplete') {
      this.#counts.incomplete += 1;
      sheet.warn(
        'completeness',
        index,
        `${statement.collector} on ${statement.scope} is incomplete: ${statement.completeness.reasons.join(', ')}`,
      );
    } else if (statement.gapCount > 0) {
      sheet.fail('completeness', index, 'it is called complete and has gaps');
    }
    if (statement.gapCount < statement.gaps.length) sheet.fail('completeness', index, 'it lists more gaps than it counts');
    for (const { host, official } of statement.hosts) {
      if (!official) sheet.warn('hosts', index, `${statement.collector} asked ${host}, which is not a host of the source itself`);
    }
    if (statement.clock.suspect) sheet.warn('clocks', index, 'the clock was far from that of the source');
    if (statement.finishedAt < statement.startedAt) sheet.warn('clocks', index, 'it ended before it began');
  }

  #requests({ requests }: StatementOf<'collection'>, index: number): void {
    const fail = (message: string): void => this.sheet.fail('requests', index, message);
    this.#counts.requests += requests.count;
    const kept = requests.kept === null ? [] : this.#blobs.open(requests.kept, RequestsBlob, index, true);
    if (requests.count === 0 && requests.root !== toBase64(emptyRoot)) fail('the root over no requests is another');
    if (kept === undefined || kept === 'erased') return;
    if (kept.length > requests.count) fail('more requests are kept than were made');
    if (!requests.keptAll) {
      if (requests.count <= sampledRequests || kept.length !== sampledRequests)
        fail(`not the ${sampledRequests} requests that a sample has`);
      return;
    }
    const root = toBase64(rootOf(kept.map((record) => leafHash(canonicalBytes(record)))));
    if (kept.length !== requests.count || root !== requests.root) fail('the requests do not give the root over them');
  }

  #redactions(statement: StatementOf<'collection'>, index: number): void {
    const list = statement.redactions === null ? { items: [] } : this.#blobs.open(statement.redactions, RedactionsBlob, index, true);
    if (list === undefined || list === 'erased') return;
    const paths = list.items.reduce((sum, item) => sum + item.withheld.length, 0);
    if (paths !== statement.withheld)
      this.sheet.fail('redactions', index, `${paths} paths are listed where ${statement.withheld} are stated`);
  }

  #evaluation(statement: StatementOf<'evaluation'>, index: number): void {
    this.#references(statement, index);
    const reads = this.#blobs.open(statement.reads.list, ReadsBlob, index);
    if (reads !== undefined && reads !== 'erased') {
      const wrong = reads.find((read) => {
        const known = this.#collections.get(read.index);
        return read.index >= index || known !== collectionKey({ ...read, source: statement.source });
      });
      if (wrong !== undefined) this.sheet.fail('references', index, `entry ${wrong.index} is not the collection it is said to have read`);
      if (reads.length !== statement.reads.count) this.sheet.fail('references', index, 'it states another number of reads');
    }
    const population = this.#stream('population', [statement.source], statement.population, index);
    this.#results.check(statement, population, index);
    if (statement.context !== undefined) this.#blobs.open(statement.context, EvaluationContext, index);
  }

  /** Holds every checkpoint whose size has been reached against the tree as it is. */
  #passCheckpoints(): void {
    const all = this.#reader.checkpoints();
    for (let next = all[this.#checkpoint]; next !== undefined; next = all[this.#checkpoint]) {
      const beyond = next.size > this.#range.size;
      const last = this.#isRead && this.#part !== undefined && this.#range.size === this.#part.to && next.size === this.#reader.size();
      if (beyond && !last) return;
      this.#checkpoint += 1;
      if (next.size <= this.#from && !last) continue;
      this.#checkpointAt(next, last && beyond ? this.#wholeRoot() : this.#range.size === next.size ? this.#range.root() : undefined);
    }
  }

  #wholeRoot(): Uint8Array | undefined {
    return this.#part === undefined ? this.#range.root() : rootWithRest(this.#range, this.#part.right, this.#reader.size());
  }

  #checkpointAt(checkpoint: { size: number; root: string; note: string }, root: Uint8Array | undefined): void {
    const { size, note } = checkpoint;
    const fail = (message: string): void => this.sheet.fail('checkpoints', size - 1, `checkpoint of size ${size}: ${message}`);
    const opened = this.#keys.openCheckpoint(note);
    if (typeof opened === 'string') fail(opened);
    else if (opened.size !== size || opened.root !== checkpoint.root) fail('its note says another size or root');
    if (root === undefined || toBase64(root) !== checkpoint.root) fail('it is not a prefix of the log');
    else this.#rootAt.set(size, checkpoint.root);
  }

  #finish(pinned: string | undefined): void {
    const { sheet } = this;
    this.#finishLog();
    this.#finishKeys(pinned);
    this.#finishErasures();
    this.#anchors.finish();
    this.#schedule.finish();
    this.#finishDecisions();
    this.#handedOver.finish(this.#reader.size(), this.#wholeRoot());
    const { entries, collections, incomplete, requests } = this.#counts;
    sheet.holds('entries-canonical', `${entries} entries, each in canonical form`);
    sheet.holds('statement-shapes', 'every statement has the shape of its kind');
    sheet.holds('genesis', `log ${this.#reader.origin}`);
    sheet.holds('references', 'plans, receipts, collections and entries referred to are there');
    sheet.holds('blobs', `${this.#blobs.opened} openings of content, each as committed to`);
    for (const kind of ['items', 'volatile', 'population'] as const) {
      const streams = [...this.#streams.keys()].filter((key) => key.startsWith(`["${kind}"`)).length;
      sheet.holds(kind, `${streams} streams of manifests, every root as stated`);
    }
    sheet.holds('requests', `${requests} requests in ${collections} collections, every root as stated`);
    sheet.holds('redactions', 'what was withheld is listed');
    sheet.holds('results', `${this.#results.checked} sets of results, every count as stated`);
    sheet.holds('completeness', `${collections - incomplete} of ${collections} collections are complete`);
    sheet.holds('hosts', 'every request went to a host of its source');
    sheet.holds('clocks', 'no clock was suspect');
  }

  #finishDecisions(): void {
    const size = this.#reader.size();
    const reach = (at: number): boolean => this.#part === undefined || (at > this.#part.from && at <= this.#part.to) || at === size;
    const rootAt = (at: number): string | null | undefined => this.#rootAt.get(at) ?? (reach(at) ? undefined : null);
    const part = this.#part;
    const inside = (index: number): boolean => part === undefined || (index >= part.from && index < part.to);
    const isUpload = (index: number): boolean | null => this.#uploads.has(index) || (inside(index) ? false : null);
    this.#decisions.finish({ origin: this.#reader.origin, rootAt, isUpload }, part !== undefined);
  }

  #finishLog(): void {
    const { sheet } = this;
    const size = this.#reader.size();
    const head = this.#reader.checkpoints().at(-1);
    const reached = this.#part?.to ?? size;
    if (this.#range.size !== reached) sheet.fail('entries-canonical', null, `${this.#range.size} entries where ${reached} are stated`);
    if (this.#part === undefined && size === 0) sheet.fail('genesis', null, 'the log is empty');
    if (head === undefined) {
      sheet.fail('log-root', null, 'no checkpoint is signed: nothing fixes these entries');
      return;
    }
    const root = this.#rootOfHead(head.size);
    if (root !== head.root) {
      sheet.fail('log-root', head.size - 1, 'the entries do not give the root of the latest checkpoint');
    }
    if (head.size < size) sheet.warn('log-root', head.size, `${size - head.size} entries after the latest checkpoint are not signed yet`);
    const checkpoints = this.#reader.checkpoints();
    if (checkpoints.some(({ size: here }, index) => index > 0 && here <= checkpoints[index - 1]!.size)) {
      sheet.fail('checkpoints', null, 'the checkpoints are not in order');
    }
    if (this.#checkpoint < checkpoints.length) sheet.fail('checkpoints', null, 'a checkpoint is of more entries than there are');
    sheet.holds('log-root', `size ${head.size}, root ${head.root}`);
    sheet.holds('checkpoints', `${checkpoints.length} signed checkpoints, each a prefix of the log`);
  }

  #rootOfHead(size: number): string | undefined {
    const root = this.#part === undefined ? undefined : this.#wholeRoot();
    return this.#part === undefined ? this.#rootAt.get(size) : root && toBase64(root);
  }

  #finishKeys(pinned: string | undefined): void {
    const { sheet } = this;
    const stated = this.#reader.vkeys();
    const followed = this.#keys.vkeys;
    if (stated.length !== followed.length || stated.some((vkey, index) => vkey !== followed[index])) {
      sheet.fail('keys', null, 'the keys given are not those that the log introduces');
    }
    if (pinned === undefined) sheet.warn('keys', null, 'the key was taken from the log itself; give the one you were handed (--vkey)');
    else if (!followed.includes(pinned)) sheet.fail('keys', null, 'the key you gave is not a key of this log');
    sheet.holds('keys', `${followed.length} signing keys, the one you gave among them`);
  }

  #finishErasures(): void {
    const { sheet } = this;
    for (const key of this.#waiting) sheet.fail('export-files', null, `starts.jsonl: no statement of the part goes on with ${key}`);
    for (const [commitment, { by, entry }] of this.#blobs.erased) {
      if (!this.#erasures.get(by)?.has(commitment)) {
        sheet.fail('blobs', entry, `blob ${commitment} is said to be erased, and entry ${by} does not say so`);
      }
    }
    const erased = this.#blobs.erased.size;
    if (erased > 0) sheet.warn('erasures', null, `${erased} blobs are erased, as entries ${[...this.#erasures.keys()].join(', ')} record`);
    for (const [index, commitments] of this.#erasures) {
      for (const commitment of commitments) {
        if (this.#reader.blob(commitment)?.kind === 'open')
          sheet.warn('erasures', index, `blob ${commitment} opens: it was seen again later, or never erased`);
      }
    }
    sheet.holds('erasures', 'nothing is erased');
    sheet.holds('withheld', 'nothing of what was collected is withheld');
    const withheld = this.#blobs.withheld.size;
    if (withheld > 0) {
      sheet.warn(
        'withheld',
        null,
        `${withheld} pieces of what was collected are withheld: their commitments are here, their content is not`,
      );
    }
  }
}

function collectionKey(collection: { readonly collector: string; readonly scope: string; readonly source: string }): string {
  return JSON.stringify([collection.source, collection.collector, collection.scope]);
}

/**
 * The log as it is at this moment: another process may go on appending to it while it is verified. The checkpoints are taken first, as a log
 * only grows: one of more entries than there are is not of the future then, but of entries that are gone.
 */
function asOfNow(reader: LogReader): LogReader {
  const checkpoints = reader.checkpoints();
  const size = reader.size();
  const vkeys = reader.vkeys();
  return {
    origin: reader.origin,
    vkeys: () => vkeys,
    size: () => size,
    entries: (from = 0, to = size) => reader.entries(from, Math.min(to, size)),
    checkpoints: () => checkpoints,
    blob: (commitment) => reader.blob(commitment),
  };
}

/**
 * Verifies a log, or a part of one, through a reader. Never throws for what is wrong with the log: that is in the claims.
 * `sheet`: claims already made about where the log was read from.
 */
export async function verifyLog(
  reader: LogReader & { readonly part?: LogPart },
  options: VerifyOptions = {},
  sheet: ClaimSheet = new ClaimSheet(),
): Promise<Verification> {
  try {
    await new LogVerifier(reader.part === undefined ? asOfNow(reader) : reader, reader.part, options, sheet).run(options.vkey);
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    sheet.fail('entries-canonical', null, `the log cannot be read to its end: ${error.message}`);
  }
  return sheet.verification();
}
