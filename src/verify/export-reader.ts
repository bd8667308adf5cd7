import { z } from 'zod';
import type { CheckpointRecord, LogEntry, LogReader, OpenedBlob } from '../model/log-reader.ts';
import { Hash, Time } from '../model/statement.ts';
import { parseCanonical } from '../seal/canonical-json.ts';
import { equalBytes, fromBase64, sha256, toHex } from '../seal/digest.ts';
import { openNote } from '../seal/signed-note.ts';
import { digestOfFile, type ExportFiles, linesOf, oneCanonicalLine, readAll } from './export-files.ts';
import type { ClaimSheet } from './report.ts';
import type { LogPart, OutsideEntry } from './verify-log.ts';

const Index = z.int().nonnegative();
const Manifest = z.strictObject({
  format: z.literal('proofline/1 export'),
  generatedAt: Time,
  origin: z.string(),
  size: Index,
  root: Hash,
  range: z.strictObject({ from: Index, to: Index }),
  files: z.array(z.strictObject({ path: z.string(), bytes: Index, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});
const CheckpointLine = z.strictObject({ size: Index, root: Hash, note: z.string() });
const Range = z.strictObject({ from: Index, to: Index, size: Index, left: z.array(Hash), right: z.array(Hash) });
const Outside = z.strictObject({ index: Index, entry: z.string(), hashes: z.array(Hash) });
const Start = z.strictObject({ stream: z.array(z.string()).min(2).max(3), pairs: z.array(z.tuple([Hash, Hash])).nullable() });

/** Where a blob's line is: the content, the erasure it names, or the word that it was kept back. */
type BlobPlace =
  | { readonly offset: number; readonly length: number; readonly salt: string }
  | { readonly erasedBy: number }
  | { readonly withheld: true };

/** An export as a log, or a part of one. */
export interface ExportReader extends LogReader {
  readonly part?: LogPart;
  /** Commitments of blobs that nobody asked for so far. */
  unusedBlobs(): string[];
}

const names = ['README.txt', 'blobs.txt', 'checkpoint', 'checkpoints.jsonl', 'entries.jsonl', 'vkeys.txt'];
const partNames = ['outside.jsonl', 'range.json', 'starts.jsonl'];
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

class ExportOpener {
  readonly #files: ExportFiles;
  readonly #sheet: ClaimSheet;
  readonly #mustBeSigned: boolean;

  constructor(files: ExportFiles, sheet: ClaimSheet, mustBeSigned: boolean) {
    this.#files = files;
    this.#sheet = sheet;
    this.#mustBeSigned = mustBeSigned;
  }

  open(): ExportReader | undefined {
    const present = this.#files.list();
    const raw = present.includes('manifest.json') ? readAll(this.#files, 'manifest.json') : new Uint8Array(0);
    const manifest = Manifest.safeParse(oneCanonicalLine(raw)).data;
    if (manifest === undefined) return this.#fail('manifest.json is missing or malformed');
    const { range, size } = manifest;
    const whole = range.from === 0 && range.to === size;
    if (range.from >= range.to || range.to > size) return this.#fail('manifest.json names a part that cannot be');
    this.#compareFiles(manifest, present, whole);
    const vkeys = this.#lines('vkeys.txt').map(({ bytes }) => text(bytes));
    this.#checkBinding(raw, present, vkeys);
    const checkpoints = this.#checkpoints(manifest);
    const blobs = this.#blobs();
    const part = whole ? undefined : this.#part(manifest);
    if (!whole && part === undefined) return undefined;
    this.#sheet.holds('export-files', `${manifest.files.length} files, each as manifest.json says; made ${manifest.generatedAt}`);
    return this.#reader(manifest, vkeys, checkpoints, blobs, part);
  }

  #compareFiles({ files }: z.infer<typeof Manifest>, present: readonly string[], whole: boolean): void {
    const listed = new Set(files.map(({ path }) => path));
    if (files.some(({ path }, index) => index > 0 && path <= files[index - 1]!.path)) this.#fail('manifest.json is not sorted');
    for (const path of present) {
      if (!listed.has(path) && !['manifest.json', 'manifest.note', 'manifest.sha256'].includes(path))
        this.#fail(`${path} is not listed in manifest.json`);
    }
    for (const { path, bytes, sha256: expected } of files) {
      const known = names.includes(path) || (!whole && partNames.includes(path)) || /^anchors\/\d+\.(note|tst)$/.test(path);
      if (!known) this.#fail(`${path} does not belong into an export`);
      if (!present.includes(path)) {
        this.#fail(`${path} is missing`);
        continue;
      }
      const found = digestOfFile(this.#files, path);
      if (found.hex !== expected || found.bytes !== bytes) this.#fail(`${path} is not what manifest.json says`);
    }
    for (const path of names) if (!listed.has(path)) this.#fail(`manifest.json does not list ${path}`);
  }

  #checkBinding(manifest: Uint8Array, present: readonly string[], vkeys: readonly string[]): void {
    const digest = toHex(sha256(manifest));
    const signed = present.includes('manifest.note');
    if (signed === present.includes('manifest.sha256')) {
      this.#sheet.fail('export-signature', null, 'exactly one of manifest.note and manifest.sha256 must be there');
    } else if (signed) {
      const note = text(readAll(this.#files, 'manifest.note'));
      const body = `proofline/1 export\nsha256:${digest}\n`;
      try {
        const opened = openNote(note, vkeys.slice(-1));
        const oneSignature = note.startsWith(`${body}\n`) && note.slice(body.length + 1).indexOf('\n') === note.length - body.length - 2;
        if (opened.text !== body || !oneSignature)
          this.#sheet.fail('export-signature', null, 'manifest.note is about another manifest.json');
      } catch (error) {
        this.#sheet.fail('export-signature', null, `manifest.note: ${error instanceof Error ? error.message : String(error)}`);
      }
    } else if (text(readAll(this.#files, 'manifest.sha256')) !== `${digest}  manifest.json\n`) {
      this.#sheet.fail('export-signature', null, 'manifest.sha256 is about another manifest.json');
    } else if (this.#mustBeSigned) {
      this.#sheet.fail(
        'export-signature',
        null,
        'no key signed the export: the key you gave vouches for nothing but the log in it; ask for a signed one',
      );
    } else {
      this.#sheet.warn(
        'export-signature',
        null,
        'no key signed the export: what is not in the log itself (README.txt, the time it was made) may be the words of anybody; ask for a signed one',
      );
    }
    this.#sheet.holds('export-signature', 'signed by the key of the log');
  }

  #checkpoints(manifest: z.infer<typeof Manifest>): CheckpointRecord[] {
    const checkpoints = this.#jsonLines('checkpoints.jsonl', CheckpointLine);
    const head = checkpoints.at(-1);
    if (head === undefined || head.size !== manifest.size || head.root !== manifest.root)
      this.#fail('the latest checkpoint is not that of manifest.json');
    if (head !== undefined && this.#has('checkpoint') && text(readAll(this.#files, 'checkpoint')) !== head.note) {
      this.#fail('checkpoint is not the latest of checkpoints.jsonl');
    }
    return checkpoints;
  }

  #blobs(): Map<string, BlobPlace> {
    const places = new Map<string, BlobPlace>();
    for (const { offset, bytes } of this.#linesOf('blobs.txt')) {
      const commitment = text(bytes.subarray(0, 44));
      const place = blobPlace(offset, bytes);
      if (place === undefined || !isHash(commitment)) this.#fail(`blobs.txt: the line at byte ${offset} is malformed`);
      else if (places.has(commitment)) this.#fail(`blobs.txt: blob ${commitment} is there twice`);
      else places.set(commitment, place);
    }
    return places;
  }

  #part({ range, size }: z.infer<typeof Manifest>): LogPart | undefined {
    const proof = Range.safeParse(this.#has('range.json') ? oneCanonicalLine(readAll(this.#files, 'range.json')) : undefined).data;
    if (proof === undefined || proof.from !== range.from || proof.to !== range.to || proof.size !== size) {
      return this.#fail('range.json is missing, malformed or about another part');
    }
    const ones = [...range.from.toString(2)].filter((digit) => digit === '1').length;
    if (proof.left.length !== ones) return this.#fail('range.json has another number of hashes than the part needs');
    const outside: OutsideEntry[] = this.#jsonLines('outside.jsonl', Outside, true).map(({ index, entry, hashes }) => ({
      index,
      bytes: new TextEncoder().encode(entry),
      hashes: hashes.map(fromBase64),
    }));
    if (outside.some(({ index }, at) => (at > 0 && index <= outside[at - 1]!.index) || (index >= range.from && index < range.to))) {
      this.#fail('outside.jsonl is not in order, or not outside');
    }
    const starts = this.#jsonLines('starts.jsonl', Start, range.from === 0);
    return { ...range, left: proof.left.map(fromBase64), right: proof.right.map(fromBase64), outside, starts: () => starts };
  }

  #reader(
    { origin, size, range }: z.infer<typeof Manifest>,
    vkeys: readonly string[],
    checkpoints: readonly CheckpointRecord[],
    blobs: ReadonlyMap<string, BlobPlace>,
    part: LogPart | undefined,
  ): ExportReader {
    const files = this.#files;
    const lines = (): Iterable<{ readonly bytes: Uint8Array }> => this.#linesOf('entries.jsonl');
    const unused = new Set(blobs.keys());
    const contents = readAhead(files, 'blobs.txt');
    function* entries(from = range.from, to = range.to): Generator<LogEntry> {
      let index = range.from;
      for (const { bytes } of lines()) {
        if (index >= from && index < to) yield { index, bytes };
        index += 1;
      }
      // One more than stated must not vanish silently.
      if (index > range.to && to === range.to) yield { index: range.to, bytes: new Uint8Array(0) };
    }
    return {
      origin,
      vkeys: () => vkeys,
      size: () => size,
      entries,
      checkpoints: () => checkpoints,
      blob(commitment): OpenedBlob | undefined {
        const place = blobs.get(commitment);
        if (place === undefined) return undefined;
        unused.delete(commitment);
        if ('erasedBy' in place) return { kind: 'erased', index: place.erasedBy };
        if ('withheld' in place) return { kind: 'withheld' };
        return { kind: 'open', salt: fromBase64(place.salt), bytes: contents(place.offset, place.length) };
      },
      unusedBlobs: () => [...unused],
      ...(part === undefined ? {} : { part }),
    };
  }

  #has(path: string): boolean {
    return this.#files.list().includes(path);
  }

  *#linesOf(path: string): Generator<{ offset: number; bytes: Uint8Array }> {
    if (!this.#has(path)) return;
    for (const line of linesOf(this.#files, path)) {
      if (line === undefined) this.#fail(`${path} does not end in a newline`);
      else yield line;
    }
  }

  #lines(path: string): { offset: number; bytes: Uint8Array }[] {
    return [...this.#linesOf(path)];
  }

  #jsonLines<S extends z.ZodType>(path: string, shape: S, optional = false): z.output<S>[] {
    if (!optional && !this.#has(path)) this.#fail(`${path} is missing`);
    return this.#lines(path).flatMap(({ bytes }, index) => {
      let parsed: z.ZodSafeParseResult<z.output<S>> | undefined;
      try {
        parsed = shape.safeParse(parseCanonical(bytes));
      } catch {
        parsed = undefined;
      }
      if (parsed?.success === true) return [parsed.data];
      this.#fail(`${path}: line ${index + 1} is malformed`);
      return [];
    });
  }

  #fail(message: string): undefined {
    this.#sheet.fail('export-files', null, message);
  }
}

function isHash(text: string): boolean {
  try {
    return fromBase64(text).length === 32;
  } catch {
    return false;
  }
}

const ahead = 1 << 18;
/** Contents lie in the order in which they are asked for, or nearly so: a system call for each would take longer than hashing it. */
function readAhead(files: ExportFiles, path: string): (offset: number, length: number) => Uint8Array {
  let start = 0;
  let bytes: Uint8Array = new Uint8Array(0);
  return (offset, length) => {
    if (offset < start || offset + length > start + bytes.length) {
      start = offset;
      bytes = files.read(path, offset, Math.max(length, ahead));
    }
    return bytes.subarray(offset - start, offset - start + length);
  };
}

const withheldWord = new TextEncoder().encode('withheld');

/** `commitment salt content`, `commitment erased index`, or `commitment withheld`. */
function blobPlace(offset: number, bytes: Uint8Array): BlobPlace | undefined {
  if (bytes[44] !== 32) return undefined;
  if (equalBytes(bytes.subarray(45), withheldWord)) return { withheld: true };
  const second = bytes.indexOf(32, 45);
  if (second < 0) return undefined;
  const word = text(bytes.subarray(45, second));
  if (word === 'erased') {
    const index = text(bytes.subarray(second + 1));
    return /^(0|[1-9]\d*)$/.test(index) ? { erasedBy: Number(index) } : undefined;
  }
  try {
    return fromBase64(word).length === 16 ? { offset: offset + second + 1, length: bytes.length - second - 1, salt: word } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens an export; what is wrong with its files is said on the sheet. undefined: too broken to read any further. `mustBeSigned`: whoever reads
 * it holds a key it should be signed by.
 */
export function openExport(files: ExportFiles, sheet: ClaimSheet, mustBeSigned = false): ExportReader | undefined {
  return new ExportOpener(files, sheet, mustBeSigned).open();
}
