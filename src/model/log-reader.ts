export interface LogEntry {
  readonly index: number;
  /** Canonical bytes: the leaf. */
  readonly bytes: Uint8Array;
}
/** A blob as its commitment opens: salt and canonical bytes; that it was erased, and by which log entry; or that who handed it out kept it back. */
export type OpenedBlob =
  | { readonly kind: 'open'; readonly salt: Uint8Array; readonly bytes: Uint8Array }
  | { readonly kind: 'erased'; readonly index: number }
  | { readonly kind: 'withheld' };

/** A signed head of the log: the first `size` entries have this root (base64). `note` is the C2SP signed note, as signed. */
export interface CheckpointRecord {
  readonly size: number;
  readonly root: string;
  readonly note: string;
}

/** What can be read of a log, whatever keeps it: a store, or an export directory. */
export interface LogReader {
  readonly origin: string;
  /** C2SP vkeys of every key that ever signed checkpoints: the first one first, then in the order in which they were introduced. */
  vkeys(): readonly string[];
  /** Number of entries of the log (of an export of a part: of the whole log at the checkpoint it was made from). */
  size(): number;
  /** Entries `from` (default: the first there is) to before `to` (default: the end), in order. */
  entries(from?: number, to?: number): Iterable<LogEntry>;
  /** Indexes of every entry of a kind that is not one of many streams, ascending, where the reader knows them without reading the log. */
  indexesOf?(kind: 'decision' | 'plan' | 'anchor' | 'gap'): readonly number[];
  /** Indexes of every collection of these collectors, ascending, where the reader knows them without reading the log. */
  collectionsOf?(collectors: ReadonlySet<string>): readonly number[];
  /** In ascending size. */
  checkpoints(): readonly CheckpointRecord[];
  /** undefined: not there, and no erasure is known. */
  blob(commitment: string): OpenedBlob | undefined;
}
