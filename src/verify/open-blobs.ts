import type { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import type { LogReader, OpenedBlob } from '../model/log-reader.ts';
import { parseCanonical } from '../seal/canonical-json.ts';
import { opens } from '../seal/commit.ts';
import { fromBase64 } from '../seal/digest.ts';
import type { ClaimSheet } from './report.ts';

/** Opens blobs and holds each against its commitment, its canonical form and its shape. */
export class BlobOpener {
  opened = 0;
  readonly #reader: LogReader;
  readonly #sheet: ClaimSheet;
  /** Erased blobs that were met: which erasure statement is said to have done it, and where they were referred to. */
  readonly erased = new Map<string, { readonly by: number; readonly entry: number }>();
  /** Content that who handed the evidence out kept back: of what was collected only, never of what was said of it. */
  readonly withheld = new Set<string>();

  constructor(reader: LogReader, sheet: ClaimSheet) {
    this.#reader = reader;
    this.#sheet = sheet;
  }

  /**
   * Its content, `'erased'` when nobody can read it any more, or undefined when anything is wrong with it (which is then recorded).
   * `mayBeWithheld`: it is part of what was collected; where it was kept back, that is `'erased'` too.
   */
  open<S extends z.ZodType>(commitment: string, shape: S, entry: number, mayBeWithheld = false): z.output<S> | 'erased' | undefined {
    const bad = (message: string): undefined => void this.#sheet.fail('blobs', entry, `blob ${commitment} ${message}`);
    let blob: OpenedBlob | undefined;
    try {
      blob = this.#reader.blob(commitment);
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
      return bad(`cannot be read: ${error.message}`);
    }
    if (blob === undefined) return bad('is missing');
    if (blob.kind === 'erased') {
      this.erased.set(commitment, { by: blob.index, entry });
      return 'erased';
    }
    if (blob.kind === 'withheld') {
      if (!mayBeWithheld) return bad('is withheld, and only what was collected may be');
      this.withheld.add(commitment);
      return 'erased';
    }
    let value: unknown;
    try {
      if (!opens(fromBase64(commitment), blob.salt, blob.bytes)) return bad('does not open: it is not what was committed to');
      value = parseCanonical(blob.bytes);
    } catch {
      return bad('is not canonical JSON');
    }
    this.opened += 1;
    const parsed = shape.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    return bad(`is not of its shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
}
