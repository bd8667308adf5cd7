import type { EvaluationContext, PopulationBlob } from '../model/blobs.ts';
import type { Item } from '../model/collector.ts';
import type { Evidence } from '../model/evidence.ts';
import type { LogEntry, LogReader } from '../model/log-reader.ts';
import type { CheckResults } from '../model/result.ts';
import type { Statement, StatementOf, Turn } from '../model/statement.ts';
import type { TurnRecord } from '../model/turn-record.ts';

export type { CheckpointRecord, LogEntry, LogReader, OpenedBlob } from '../model/log-reader.ts';

/** Where an appended statement stands: its place in the log and what was written. */
export interface Sealed<K extends Statement['kind'] = Statement['kind']> {
  readonly index: number;
  readonly statement: StatementOf<K>;
}
/** An item as stored, with its volatile fields merged back in. */
export interface StoredItem extends Item {
  readonly id: string;
}

/** What run/ hands over after judging one source. */
export interface EvaluationDraft {
  readonly source: string;
  readonly asOf: string;
  readonly plan: number | null;
  readonly reads: readonly { readonly collector: string; readonly scope: string; readonly index: number }[];
  readonly population: readonly { readonly type: string; readonly id: string; readonly display: string }[];
  readonly checks: readonly CheckResults[];
  readonly malformed: number;
  /** What else the verdicts depend on, so that they can be recomputed from the log alone. */
  readonly context?: EvaluationContext;
  /** ISO-8601 UTC with milliseconds: the time that was held against evidence that may be stale. */
  readonly judgedAt?: string;
  /** The turn of the schedule that it ends. */
  readonly turn?: Turn;
}
/** A statement without what the store adds (v, id, at, after). */
export type StatementDraft<K extends Statement['kind'] = Statement['kind']> = Omit<StatementOf<K>, 'v' | 'id' | 'at' | 'after'>;

/**
 * The log and its blobs. Append-only; every append is durable (fsynced) before it resolves, or has not happened.
 * Several processes may append. Errors: `store-*`, `disk-full`, `key-*`, `demonstration-refused`, `statement-too-large`.
 */
export interface Store extends LogReader {
  readonly tenant: string;
  readonly demonstration: boolean;
  /** vkey (C2SP signed-note) of the key that signs checkpoints now. */
  readonly vkey: string;
  /** Seals a collection: items, volatile side-records, request records and the delta against the former one, in one transaction. */
  appendCollection(evidence: Evidence, plan: number | null): Promise<Sealed<'collection'>>;
  appendEvaluation(draft: EvaluationDraft): Promise<Sealed<'evaluation'>>;
  append<K extends Statement['kind']>(draft: StatementDraft<K>): Promise<Sealed<K>>;
  /** Many statements in one transaction, in order. */
  appendAll(drafts: readonly StatementDraft[]): Promise<readonly Sealed[]>;
  /** Stores canonical JSON under its commitment (base64) so that a following statement can refer to it. */
  putBlob(scope: string, value: unknown): Promise<string>;
  entry(index: number): LogEntry | undefined;
  /** Latest collection statement of each (collector, scope) of a source, or of all. */
  latestCollections(source?: string): readonly Sealed<'collection'>[];
  latestEvaluation(source: string): Sealed<'evaluation'> | undefined;
  latest<K extends Statement['kind']>(kind: K): Sealed<K> | undefined;
  /**
   * What is sealed for one turn of a schedule, in the order of the log: an evaluation per member of the source, anchors, the gap when it
   * finally failed. Empty: nothing yet. It is looked up where it stands, and seen as soon as any process sealed it.
   */
  turn(turn: Turn): readonly Sealed<'evaluation' | 'anchor' | 'gap'>[];
  /** What is known of the turns of these schedules, in their order: looked up likewise, however long the log is. */
  lastTurns(schedules: readonly string[]): readonly TurnRecord[];
  /** The newest evaluation of a source with every subject it judged, both of one moment; undefined when it was never judged. */
  judgedSubjects(source: string): { readonly evaluation: Sealed<'evaluation'>; readonly subjects: readonly PopulationBlob[] } | undefined;
  /** The items of a collector and scope as of a log index (default: now). */
  items(collector: string, scope: string, asOfIndex?: number): StoredItem[];
  /** Signs the present head, stores and returns the signed note. No-op when the head is already signed. */
  checkpoint(): Promise<{ readonly size: number; readonly root: string; readonly note: string }>;
  /** Destroys ciphertext and salt of blobs and appends the `erasure` entry. */
  erase(
    commitments: readonly string[],
    by: { readonly authority: string; readonly reason: string; readonly actor: StatementOf<'erasure'>['actor'] },
  ): Promise<Sealed<'erasure'>>;
  /** Forbids erasing until released. */
  hold(commitments: readonly string[], reason: string): Promise<void>;
  /** Runs `work` while holding the lease on a collector and scope; another process waiting for it is told `store-busy`. */
  withLease<T>(name: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
