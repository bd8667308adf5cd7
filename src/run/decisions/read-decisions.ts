import { DecisionDetail, type RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { LogEntry, LogReader } from '../../model/log-reader.ts';
import { Statement } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import { opens } from '../../seal/commit.ts';
import { fromBase64 } from '../../seal/digest.ts';
import { type DecisionEntry, type DecisionLog, type JudgedDecisions, judgeDecisions } from '../../verify/decision-register.ts';

/** A log, or a part of one that brings along what it rests on. */
export type DecisionSource = LogReader & {
  readonly part?: {
    readonly from: number;
    readonly to: number;
    readonly outside: readonly { readonly index: number; readonly bytes: Uint8Array }[];
  };
};

/**
 * Every decision that counts, in the order of the log: each signature checked, its key held against the register as it was at that time,
 * and two people told apart where two are needed. What does not hold is left out; `readRegister` has it.
 */
export function readDecisions(reader: DecisionSource): readonly RecordedDecision[] {
  return readRegister(reader).decisions;
}

/** The decisions that count, those that do not and why, the persons, and what somebody should know. */
export function readRegister(reader: DecisionSource): JudgedDecisions {
  return judgeDecisions([...decisionEntries(reader)], decisionLogOf(reader));
}

/** What decisions of this log are held against. */
export function decisionLogOf(reader: DecisionSource): DecisionLog {
  const roots = new Map(reader.checkpoints().map(({ size, root }) => [size, root]));
  const { part } = reader;
  const reached = (size: number): boolean => part === undefined || (size > part.from && size <= part.to) || size === reader.size();
  return {
    origin: reader.origin,
    rootAt: (size) => roots.get(size) ?? (reached(size) ? undefined : null),
    isUpload(index) {
      if (part !== undefined && (index < part.from || index >= part.to)) return null;
      const [entry] = index < reader.size() ? reader.entries(index, index + 1) : [];
      return entry !== undefined && Buffer.from(entry.bytes).includes('"kind":"upload"');
    },
  };
}

/** The decision statements of a log with their details, unjudged. */
export function* decisionEntries(reader: DecisionSource): Generator<DecisionEntry> {
  for (const { index, bytes } of entriesOf(reader)) {
    const statement = statementIn(bytes);
    if (statement?.kind === 'decision') yield { index, statement, detail: detailOf(reader, statement.detail) };
  }
}
function* entriesOf(reader: DecisionSource): Generator<LogEntry> {
  const { part } = reader;
  if (part !== undefined) for (const entry of part.outside) if (entry.index < part.from) yield entry;
  if (reader.indexesOf === undefined) yield* reader.entries();
  else for (const index of reader.indexesOf('decision')) yield* reader.entries(index, index + 1);
  if (part !== undefined) for (const entry of part.outside) if (entry.index >= part.to) yield entry;
}

const mark = Buffer.from('"kind":"decision"');
/** Told from the bytes whether it can be one, as a log has a hundred collections to each decision. */
function statementIn(bytes: Uint8Array): Statement | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark)) return undefined;
  try {
    return Statement.safeParse(parseCanonical(bytes)).data;
  } catch (error) {
    if (error instanceof ProoflineError) return undefined;
    throw error;
  }
}
function detailOf(reader: LogReader, commitment: string | null): DecisionEntry['detail'] {
  if (commitment === null) return null;
  const blob = reader.blob(commitment);
  if (blob === undefined) return 'unreadable';
  if (blob.kind !== 'open') return blob.kind;
  if (!opens(fromBase64(commitment), blob.salt, blob.bytes)) return 'unreadable';
  try {
    return DecisionDetail.safeParse(parseCanonical(blob.bytes)).data ?? 'unreadable';
  } catch (error) {
    if (error instanceof ProoflineError) return 'unreadable';
    throw error;
  }
}
