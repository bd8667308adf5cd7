import { type ErrorCode, ProoflineError } from '../model/errors.ts';
import type { CheckpointRecord, LogEntry, LogReader } from '../model/log-reader.ts';
import { Anchor as AnchorStatement, type Turn } from '../model/statement.ts';
import { toBase64 } from '../seal/digest.ts';
import { leafHash, rootOf } from '../seal/merkle.ts';
import type { Anchor, AnchoredHistory, Receipt } from './contract.ts';

/** The log as anchoring needs it. */
export interface AnchoredLog extends LogReader {
  checkpoint(): Promise<CheckpointRecord>;
  append(draft: Readonly<Record<string, unknown>> & { readonly kind: 'anchor' | 'gap' }): Promise<{ readonly index: number }>;
}

/** What became of one anchor; `index` is the log entry that records it. */
export type Anchored =
  | {
      readonly anchor: string;
      readonly kind: 'anchored';
      readonly index: number;
      readonly size: number;
      readonly receiptTime: string | null;
    }
  | { readonly anchor: string; readonly kind: 'failed'; readonly index: number; readonly code: ErrorCode; readonly message: string };

/**
 * Signs the head, shows it to every anchor and records each receipt, or that there is none, in the log. One that fails never keeps
 * the others from being asked, and is never silent.
 * @param turn the turn of a schedule that asks for it; what is anchored ends it
 * @throws what the log throws; an anchor's own failures are in the answer.
 */
export async function anchorNow(
  log: AnchoredLog,
  anchors: readonly Anchor[],
  now: () => string,
  turn?: Turn,
): Promise<readonly Anchored[]> {
  if (anchors.length === 0) return [];
  const head = await log.checkpoint();
  const asked = await Promise.all(anchors.map(async (anchor) => ({ anchor, answer: await receiptOf(anchor, head, historyOf(log)) })));
  const outcomes: Anchored[] = [];
  for (const { anchor, answer } of asked) outcomes.push(await record(log, anchor, head, answer, { now: now(), turn }));
  // The receipts are entries themselves: without this nobody would have signed them until the next head.
  await log.checkpoint();
  return outcomes;
}

function historyOf(log: AnchoredLog): AnchoredHistory {
  return {
    origin: log.origin,
    vkeys: log.vkeys(),
    rootAt(size) {
      const signed = log.checkpoints().find((checkpoint) => checkpoint.size === size);
      if (signed !== undefined) return signed.root;
      return size > log.size() ? undefined : toBase64(rootOf(leaves(log, size)));
    },
    hasReceiptOf: (name) => fromTheEnd(log).some((entry) => isReceiptOf(entry, name)),
  };
}
function* leaves(log: LogReader, size: number): Generator<Uint8Array> {
  for (const entry of log.entries(0, size)) yield leafHash(entry.bytes);
}

const stretch = 1000;
function* fromTheEnd(log: LogReader): Generator<LogEntry> {
  for (let to = log.size(); to > 0; to -= stretch) yield* [...log.entries(Math.max(0, to - stretch), to)].reverse();
}
function isReceiptOf({ bytes }: LogEntry, name: string): boolean {
  const text = Buffer.from(bytes).toString('utf8');
  // Most entries are none, and need not be parsed to know it.
  if (!text.includes('"kind":"anchor"')) return false;
  const parsed = AnchorStatement.safeParse(JSON.parse(text));
  return parsed.success && parsed.data.anchor === name;
}

async function receiptOf(anchor: Anchor, head: CheckpointRecord, history: AnchoredHistory): Promise<Receipt | ProoflineError> {
  try {
    return await anchor.obtain(head, history);
  } catch (error) {
    if (error instanceof ProoflineError) return error;
    throw error;
  }
}

async function record(
  log: AnchoredLog,
  anchor: Anchor,
  head: CheckpointRecord,
  answer: Receipt | ProoflineError,
  { now, turn }: { readonly now: string; readonly turn: Turn | undefined },
): Promise<Anchored> {
  if (answer instanceof ProoflineError) {
    const { index } = await log.append({
      kind: 'gap',
      subject: `anchor ${anchor.name}`,
      reason: answer.message,
      from: now,
      to: null,
      of: { kind: 'anchor', name: anchor.name },
    });
    return { anchor: anchor.name, kind: 'failed', index, code: answer.code, message: answer.message };
  }
  const { index } = await log.append({
    kind: 'anchor',
    anchor: anchor.name,
    method: anchor.method,
    checkpoint: { size: head.size, root: head.root },
    receiptTime: answer.receiptTime,
    receipt: answer.receipt,
    receiptHash: answer.receiptHash,
    note: head.note,
    ...(turn === undefined ? {} : { turn }),
  });
  return { anchor: anchor.name, kind: 'anchored', index, size: head.size, receiptTime: answer.receiptTime };
}
