import type { CheckpointRecord } from '../model/log-reader.ts';

/** What somebody else, or another place, gave for a checkpoint. */
export interface Receipt {
  /** The third party's own time, ISO-8601 UTC with milliseconds; null for a place that gives none. */
  readonly receiptTime: string | null;
  readonly receipt: string;
  /** SHA-256 over what format/1, section 8, says, base64. */
  readonly receiptHash: string;
}

/** What an anchor may ask of the log it is shown. */
export interface AnchoredHistory {
  readonly origin: string;
  readonly vkeys: readonly string[];
  /** Root (base64) of the first `size` entries; undefined when the log is shorter. */
  rootAt(size: number): string | undefined;
  /** Whether the log records an earlier receipt of the anchor of this name. Reads the log from its end. */
  hasReceiptOf(name: string): boolean;
}

/** Shows a signed head of the log to somebody out of the writer's reach. */
export interface Anchor {
  /** As the configuration names it. */
  readonly name: string;
  readonly method: 'rfc3161' | 'file';
  /** @throws ProoflineError `anchor-failed`, with a message that carries no secret; anything else is a bug. */
  obtain(checkpoint: CheckpointRecord, history: AnchoredHistory): Promise<Receipt>;
}
