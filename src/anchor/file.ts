import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, realpathSync, writeSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { ProoflineError } from '../model/errors.ts';
import { sha256, toBase64 } from '../seal/digest.ts';
import { type Checkpoint, openNote, parseCheckpoint } from '../seal/signed-note.ts';
import type { Anchor, AnchoredHistory } from './contract.ts';

export interface FileAnchorOptions {
  readonly name: string;
  /** On a disk, share or synchronised folder that the writer of the log does not rule over. */
  readonly path: string;
  readonly dataDir: string;
}

/**
 * Appends each signed head to a file elsewhere, and refuses to when the last head in there is not a beginning of this log.
 * @throws ProoflineError `configuration` when the file lies in the data directory.
 */
export function fileAnchor({ name, path, dataDir }: FileAnchorOptions): Anchor {
  refuseInside(name, path, dataDir);
  return {
    name,
    method: 'file',
    async obtain({ note, size }, history) {
      try {
        const last = lastNote(name, path);
        if (last !== undefined) refuseFork(name, path, last, size, history);
        else begin(name, path, history);
        // What was not there when this was configured may have become a link since.
        refuseInside(name, path, dataDir);
        if (last !== note) appendNote(path, note);
      } catch (cause) {
        if (cause instanceof ProoflineError) throw cause;
        if (cause instanceof Error && 'code' in cause && cause.code === 'EISDIR') {
          throw new ProoflineError('anchor-failed', `anchor ${name}: ${path} is a directory: name a file in it`, { cause });
        }
        if (cause instanceof Error && 'code' in cause) {
          throw new ProoflineError('anchor-failed', `anchor ${name}: ${path} cannot be written (${String(cause.code)})`, { cause });
        }
        throw cause;
      }
      return { receiptTime: null, receipt: basename(path), receiptHash: toBase64(sha256(new TextEncoder().encode(note))) };
    },
  };
}

function refuseInside(name: string, path: string, dataDir: string): void {
  const inside = `${real(path)}${sep}`.startsWith(`${real(dataDir)}${sep}`);
  if (inside) {
    throw new ProoflineError(
      'configuration',
      `anchor ${name}: ${path} lies in the data directory: whoever changes the log could change it too`,
    );
  }
}
/** A share that is not mounted looks like one that was never written to; only the log knows better. */
function begin(name: string, path: string, history: AnchoredHistory): void {
  if (history.hasReceiptOf(name)) {
    throw new ProoflineError(
      'anchor-failed',
      `anchor ${name}: ${path} is gone, and held heads of this log before: bring it back, or mount what it lay on`,
    );
  }
  mkdirSync(dirname(path), { recursive: true });
}
/** The path with its links resolved as far as it exists. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(real(above), basename(path));
  }
}

/** Notes stand one after another, each followed by an empty line. A note has one empty line of its own, before its signatures. */
function lastNote(name: string, path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
  if (text === '') return undefined;
  const parts = text.split('\n\n');
  const signatures = parts.at(-2);
  const head = parts.at(-3);
  if (parts.at(-1) !== '' || signatures === undefined || head === undefined) {
    throw new ProoflineError(
      'anchor-failed',
      `anchor ${name}: the end of ${path} is damaged; keep it for the auditor and configure a new file`,
    );
  }
  return `${head}\n\n${signatures}\n`;
}

function refuseFork(name: string, path: string, note: string, size: number, history: AnchoredHistory): void {
  let last: Checkpoint;
  try {
    last = parseCheckpoint(openNote(note, history.vkeys).text);
  } catch (cause) {
    throw new ProoflineError('anchor-failed', `anchor ${name}: the last head in ${path} is not signed by this log`, { cause });
  }
  const what =
    last.origin !== history.origin
      ? `belongs to another log (${last.origin})`
      : last.size > size
        ? `shows ${last.size} entries, this log has ${size}: it is an older copy or a fork`
        : history.rootAt(last.size) !== last.root
          ? `shows other entries up to ${last.size}: one of the two logs is a fork`
          : undefined;
  if (what !== undefined) {
    throw new ProoflineError(
      'anchor-failed',
      `anchor ${name}: the last head in ${path} ${what}. Keep the file for the auditor; nothing was written to it`,
    );
  }
}

function appendNote(path: string, note: string): void {
  const handle = openSync(path, 'a', 0o644);
  try {
    writeSync(handle, `${note}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
