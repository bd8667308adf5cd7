import type { DatabaseSync } from 'node:sqlite';
import type { PopulationBlob } from '../model/blobs.ts';
import { ProoflineError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Keys, SigningKey } from '../model/keys.ts';
import type { CheckpointRecord, LogEntry, OpenedBlob } from '../model/log-reader.ts';
import type { Statement, StatementOf, Turn } from '../model/statement.ts';
import type { TurnRecord } from '../model/turn-record.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import { fromBase64 } from '../seal/digest.ts';
import { signNote, vkeyOf } from '../seal/signed-note.ts';
import { type Blobs, blobs } from './blobs.ts';
import { checkpointsOf, lastCheckpoint, signHead } from './checkpoints.ts';
import type { EvaluationDraft, Sealed, StatementDraft, Store, StoredItem } from './contract.ts';
import { collectionLease, type HeldLeases, heldLeases } from './held-leases.ts';
import { holdBlobs, refuseHeld, releaseBlobs } from './holds.ts';
import * as log from './log.ts';
import { appendRotation, type LogKeys, logKeysOf, matchKeys } from './log-keys.ts';
import { presentManifest, streams } from './manifests.ts';
import { readItems } from './read-items.ts';
import { readJudgedSubjects } from './read-judged-subjects.ts';
import { lastTurnsOf, readTurn } from './read-turns.ts';
import { rebuildDerived } from './rebuild-derived.ts';
import { prepareCollection, sealCollection } from './seal-collection.ts';
import { prepareEvaluation, sealEvaluation } from './seal-evaluation.ts';
import { inSnapshot, inTransaction, translating } from './sqlite.ts';
import type { State } from './state.ts';

type Actor = StatementOf<'erasure'>['actor'];
const commitmentsPerStatement = 500;

export interface EmbeddedParts extends log.Clock {
  readonly database: DatabaseSync;
  /** Path of store.db, for messages. */
  readonly file: string;
  readonly keys: Keys;
  readonly state: State;
  readonly readOnly: boolean;
  readonly warnings: readonly string[];
}

/** The log and its blobs in one SQLite file. Every append is one transaction in which nothing is waited for. */
export class EmbeddedStore implements Store {
  readonly origin: string;
  readonly tenant: string;
  readonly demonstration: boolean;
  /** What was found and is not an error: to be shown. */
  readonly warnings: readonly string[];
  /** Leases, ETags, cached verdicts: what may be lost. */
  readonly state: State;
  readonly file: string;
  readonly #parts: EmbeddedParts;
  readonly #database: DatabaseSync;
  readonly #blobs: Blobs;
  readonly #leases: HeldLeases;
  #logKeys: LogKeys;
  #signer: SigningKey;
  #witnessed = -1;

  /** @throws ProoflineError `demonstration-refused`, `key-refused`, `store-corrupt` */
  constructor(parts: EmbeddedParts) {
    this.#parts = parts;
    this.#database = parts.database;
    this.file = parts.file;
    this.state = parts.state;
    this.warnings = parts.warnings;
    this.#logKeys = this.#read(() => logKeysOf(parts.database, parts.file));
    this.#signer = matchKeys(this.#logKeys, parts.keys, parts.file);
    this.origin = this.#logKeys.origin;
    this.tenant = this.#logKeys.tenant;
    this.demonstration = this.#logKeys.demonstration;
    this.#blobs = blobs(parts.database, parts.file, parts.keys, parts.now);
    this.#leases = heldLeases(parts.state.leases);
  }

  get vkey(): string {
    return vkeyOf(this.origin, this.#signer.publicKey);
  }
  get signKeyId(): string {
    return this.#signer.id;
  }
  /** Signs a text (it ends in a newline) as a note, with the key that is in force. */
  signNote(text: string): string {
    return signNote(text, this.origin, this.#signer.publicKey, this.#signer.sign);
  }
  vkeys(): readonly string[] {
    return this.#read(() => logKeysOf(this.#database, this.file).vkeys);
  }

  async appendCollection(evidence: Evidence, plan: number | null): Promise<Sealed<'collection'>> {
    const prepared = prepareCollection(evidence, this.#blobs);
    const fence = this.#leases.token(collectionLease(evidence.collector, evidence.scope));
    const sealed = this.#append((session) =>
      sealCollection(this.#database, this.#blobs, session, prepared, plan, this.#parts.now(), fence),
    );
    log.rememberLatest(this.#database, sealed);
    return sealed;
  }

  async appendEvaluation(draft: EvaluationDraft): Promise<Sealed<'evaluation'>> {
    const prepared = prepareEvaluation(draft, this.#blobs);
    return this.#append((session) => sealEvaluation(this.#database, this.#blobs, session, prepared));
  }

  async append<K extends Statement['kind']>(draft: StatementDraft<K>): Promise<Sealed<K>> {
    return this.#append((session) => session.append(draft as unknown as log.Draft<K>));
  }

  async appendAll(drafts: readonly StatementDraft[]): Promise<readonly Sealed[]> {
    return this.#append((session) => drafts.map((draft) => session.append(draft as unknown as log.Draft)));
  }

  async putBlob(scope: string, value: unknown): Promise<string> {
    const committed = this.#blobs.commit(scope, canonicalBytes(value));
    return this.#write(() => this.#blobs.put(scope, committed));
  }

  size(): number {
    return this.#read(() => log.rowsOf(this.#database));
  }
  entry(index: number): LogEntry | undefined {
    return this.#read(() => log.entryAt(this.#database, index));
  }
  entries(from = 0, to = this.size()): Iterable<LogEntry> {
    return log.entriesOf(this.#database, from, Math.min(to, this.size()));
  }
  indexesOf(kind: 'decision' | 'plan' | 'anchor' | 'gap' | 'delivery'): readonly number[] {
    return this.#read(() => log.indexesOf(this.#database, kind, '', 0, Number.MAX_SAFE_INTEGER));
  }
  collectionsOf(collectors: ReadonlySet<string>): readonly number[] {
    return this.#read(() => log.collectionsOf(this.#database, collectors));
  }
  latestCollections(source?: string): readonly Sealed<'collection'>[] {
    return this.#read(() => log.latestCollectionsOf(this.#database, this.file, source));
  }
  latestEvaluation(source: string): Sealed<'evaluation'> | undefined {
    return this.#read(() => log.latestIn(this.#database, this.file, 'evaluation', source));
  }
  latest<K extends Statement['kind']>(kind: K): Sealed<K> | undefined {
    return this.#read(() => log.latestOf(this.#database, this.file, kind));
  }
  turn(turn: Turn): readonly Sealed<'evaluation' | 'anchor' | 'gap'>[] {
    return this.#read(() => readTurn(this.#database, this.file, turn));
  }
  lastTurns(schedules: readonly string[]): readonly TurnRecord[] {
    return this.#read(() => schedules.map((schedule) => lastTurnsOf(this.#database, this.file, schedule)));
  }
  items(collector: string, scope: string, asOfIndex?: number): StoredItem[] {
    return this.#read(() => readItems(this.#database, this.file, this.#blobs, collector, scope, asOfIndex));
  }
  judgedSubjects(source: string): { readonly evaluation: Sealed<'evaluation'>; readonly subjects: readonly PopulationBlob[] } | undefined {
    return this.#read(() => inSnapshot(this.#database, () => readJudgedSubjects(this.#database, this.file, this.#blobs, source)));
  }
  /** @throws ProoflineError `not-canonical` when it is no commitment; `store-corrupt`, `key-refused` when what is stored does not open. */
  blob(commitment: string): OpenedBlob | undefined {
    return this.#read(() => this.#blobs.open(fromBase64(commitment)));
  }
  checkpoints(): readonly CheckpointRecord[] {
    return this.#read(() => checkpointsOf(this.#database));
  }

  async checkpoint(): Promise<CheckpointRecord> {
    this.#refuseReader();
    const last = this.#read(() => lastCheckpoint(this.#database));
    if (last === undefined || last.size !== this.size()) {
      this.#write(() => {
        this.#refreshKeys();
        signHead(this.#database, this.origin, this.#signer);
      });
    }
    this.#remember();
    const signed = this.#read(() => lastCheckpoint(this.#database));
    if (signed === undefined) throw new Error('a checkpoint that was just written is not there');
    return signed;
  }

  /** Another process may have put another key in force: a head that the old one signs would not hold. */
  #refreshKeys(): void {
    this.#logKeys = logKeysOf(this.#database, this.file);
    this.#signer = matchKeys(this.#logKeys, { ...this.#parts.keys, sign: this.#signer }, this.file);
  }

  /** Tells the witness the furthest signed head, in turn with every other process: it must never be told an earlier one. */
  #remember(): void {
    inTransaction(this.#database, this.file, () => {
      const last = lastCheckpoint(this.#database);
      if (last === undefined || last.size === this.#witnessed) return;
      this.#parts.keys.witness(this.origin).write({ origin: this.origin, size: last.size, root: last.root, at: this.#parts.now() });
      this.#witnessed = last.size;
    });
  }

  async erase(
    commitments: readonly string[],
    by: { readonly authority: string; readonly reason: string; readonly actor: Actor },
  ): Promise<Sealed<'erasure'>> {
    const distinct = [...new Set(commitments)];
    if (distinct.length === 0) throw new ProoflineError('usage', 'nothing to erase was named');
    const sealed = this.#append((session) => {
      const decoded = distinct.map(fromBase64);
      refuseHeld(this.#database, decoded);
      const entries: Sealed<'erasure'>[] = [];
      for (let at = 0; at < distinct.length; at += commitmentsPerStatement) {
        const named = distinct.slice(at, at + commitmentsPerStatement);
        const entry = session.append<'erasure'>({ kind: 'erasure', commitments: named, ...by });
        entries.push(entry);
        for (const name of named) {
          if (!this.#blobs.erase(fromBase64(name), entry.index)) {
            throw new ProoflineError('not-found', `there is no blob ${name}; nothing was erased`);
          }
        }
      }
      return entries.at(-1)!;
    });
    // Cached replies hold the same things in another place, and so does the log file of the database.
    this.state.etags.clear();
    this.#read(() => this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    return sealed;
  }

  async hold(commitments: readonly string[], reason: string): Promise<void> {
    this.#held('hold', commitments, reason, (decoded, index) => holdBlobs(this.#database, decoded, reason, index));
  }
  /** Ends a hold. */
  async release(commitments: readonly string[], reason: string): Promise<void> {
    this.#held('release', commitments, reason, (decoded) => releaseBlobs(this.#database, decoded));
  }
  #held(
    event: string,
    commitments: readonly string[],
    reason: string,
    work: (decoded: readonly Uint8Array[], index: number) => void,
  ): void {
    this.#append((session) => {
      for (let at = 0; at < commitments.length; at += commitmentsPerStatement) {
        const named = commitments.slice(at, at + commitmentsPerStatement);
        const decoded = named.map(fromBase64);
        if (decoded.some((commitment) => this.#blobs.open(commitment) === undefined)) {
          throw new ProoflineError('not-found', `one of the blobs to ${event} is not there; nothing was changed`);
        }
        work(decoded, session.append<'lifecycle'>({ kind: 'lifecycle', event, detail: reason, commitments: named }).index);
      }
    });
  }

  async withLease<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#leases.hold(name, this.#fenceOf(name), work);
  }
  /** The greatest token that wrote under this lease: a new one must be greater, even if state.db was lost. */
  #fenceOf(name: string): number {
    const [kind, collector, scope] = parseLease(name);
    if (kind !== 'collection' || collector === undefined || scope === undefined) return 0;
    return this.#read(() => presentManifest(this.#database, streams.items(collector, scope))?.fence ?? 0);
  }

  /** Puts another signing key in force, in a `key` statement signed by both, and signs the head with it. */
  async rotateSignKey(next: SigningKey): Promise<Sealed<'key'>> {
    const sealed = this.#append((session) => appendRotation(session, this.origin, this.#signer, next, this.#parts.now()));
    this.#signer = next;
    this.#logKeys = this.#read(() => logKeysOf(this.#database, this.file));
    await this.checkpoint();
    return sealed;
  }

  /** Opens one blob of every scope and month with the keys at hand; for `doctor`. */
  tryDecryption(): { readonly tried: number; readonly failed: readonly string[] } {
    return this.#read(() => this.#blobs.probe());
  }

  /** Makes what is derived anew; for `doctor`. @returns what was not as the log says. */
  async rebuildDerived(): Promise<readonly string[]> {
    this.#refuseReader();
    return rebuildDerived(this.#database, this.file, this.#parts.keys, this.#parts.now);
  }

  async close(): Promise<void> {
    this.state.close();
    this.#database.close();
  }

  #append<T>(work: (session: log.LogSession) => T): T {
    return this.#write(() => log.appending(this.#database, this.file, this.#parts, work));
  }
  #write<T>(work: () => T): T {
    this.#refuseReader();
    try {
      return inTransaction(this.#database, this.file, work);
    } catch (error) {
      this.#blobs.forget();
      throw error;
    }
  }
  #refuseReader(): void {
    if (this.#parts.readOnly) throw new Error('a store that was opened for reading was written to');
  }
  #read<T>(work: () => T): T {
    return translating(this.file, work);
  }
}

function parseLease(name: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(name);
    return Array.isArray(parts) ? parts.map((part) => (typeof part === 'string' ? part : undefined)) : [];
  } catch {
    return [];
  }
}
