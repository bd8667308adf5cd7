import { ProoflineError } from '../model/errors.ts';
import { toBase64 } from '../seal/digest.ts';
import type { CompactRange } from '../seal/merkle.ts';
import { type Checkpoint, parseCheckpoint } from '../seal/signed-note.ts';
import type { KeyChain } from './check-keys.ts';
import type { ClaimSheet } from './report.ts';

/**
 * Checkpoints that somebody was handed before: the log may have grown since, and nothing else. A shorter log was rolled back; another root at
 * the same size means that two logs were shown under one name.
 */
export class HandedOver {
  readonly #sheet: ClaimSheet;
  readonly #keys: KeyChain;
  readonly #notes: { readonly note: string; readonly stated: Checkpoint; root: string | undefined }[] = [];

  constructor(sheet: ClaimSheet, keys: KeyChain, notes: readonly string[]) {
    this.#sheet = sheet;
    this.#keys = keys;
    for (const note of notes) {
      try {
        this.#notes.push({ note, stated: parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)), root: undefined });
      } catch (error) {
        if (!(error instanceof ProoflineError)) throw error;
        sheet.fail('handed-over', null, `what you were handed is no checkpoint: ${error.message}`);
      }
    }
  }

  /** Remembers the root where the tree has the size of one of them. */
  pass(range: CompactRange): void {
    for (const one of this.#notes) if (one.stated.size === range.size) one.root = toBase64(range.root());
  }

  finish(size: number, root: Uint8Array | undefined): void {
    for (const { note, stated, root: found } of this.#notes) {
      const opened = this.#keys.openCheckpoint(note);
      const fail = (message: string): void =>
        this.#sheet.fail('handed-over', null, `the checkpoint of size ${stated.size} that you were handed: ${message}`);
      if (typeof opened === 'string') {
        fail(opened);
        continue;
      }
      const here = found ?? (stated.size === size && root !== undefined ? toBase64(root) : undefined);
      if (stated.size > size) fail(`the log has ${size} entries only: it was rolled back, or this is another one`);
      else if (here === undefined)
        this.#sheet.warn(
          'handed-over',
          null,
          `the checkpoint of size ${stated.size} that you were handed lies outside this part: it cannot be recomputed from it`,
        );
      else if (here !== stated.root) fail('two checkpoints of one log disagree: its root at that size is another');
      else
        this.#sheet.holds(
          'handed-over',
          `the ${this.#notes.length === 1 ? 'checkpoint' : `${this.#notes.length} checkpoints`} you were handed: the log has only grown since`,
        );
    }
  }
}
