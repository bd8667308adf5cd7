import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProoflineError } from '../model/errors.ts';
import type { CheckpointRecord, LogReader } from '../model/log-reader.ts';
import type { Statement } from '../model/statement.ts';
import { canonicalText } from '../seal/canonical-json.ts';
import { fromBase64, sha256, toBase64, toHex } from '../seal/digest.ts';
import { sortPairs } from '../seal/manifest.ts';
import { HashTree, inclusionProof, leafHash, rangeProof } from '../seal/merkle.ts';
import { evidenceReadme } from './evidence-readme.ts';
import { ExportFile, type FileEntry } from './export-file.ts';
import { partOfPeriod } from './part-of-period.ts';
import { ManifestFollower, readStatement, referredBlobs, streamsOf } from './scan-part.ts';

export interface EvidenceOptions {
  /** ISO-8601 UTC with milliseconds. */
  readonly generatedAt: string;
  /** First log index of the part; default 0. */
  readonly from?: number;
  /** Log index after the part; default the size of the latest checkpoint. */
  readonly to?: number;
  /** In place of `from` and `to`: the entries recorded in `[from, to)`, ISO-8601 UTC with milliseconds, up to the next time stamp. */
  readonly period?: { readonly from: string; readonly to: string };
  /** Signs a text as a note with the log's key (seal/signed-note signNote). Without it nobody vouches for the directory as a whole. */
  readonly signNote?: (text: string) => string;
  /** Ids of collectors of which only commitments leave the house, not what they collected. */
  readonly withholdItemsOf?: ReadonlySet<string>;
}
export interface WrittenEvidence {
  /** Entries of the log at the checkpoint the export stands on. */
  readonly size: number;
  readonly from: number;
  readonly to: number;
  readonly blobs: number;
  readonly erased: number;
  readonly withheld: number;
  readonly files: number;
  readonly bytes: number;
  readonly signed: boolean;
  /** Entries that no checkpoint covers yet, and that the export therefore does not have. */
  readonly unsigned: number;
}

/** Whoever keeps back what it collects keeps back the files that people handed in. */
const documentsCollector = 'entity/documents';

/** Writes the files of one export; see src/verify/format-1.md, section 9. */
class EvidenceWriter {
  readonly #reader: LogReader;
  readonly #directory: string;
  readonly #head: CheckpointRecord;
  readonly #from: number;
  readonly #to: number;
  readonly #files: FileEntry[] = [];
  readonly #tree = new HashTree();
  readonly #outside = new Set<number>();
  readonly #blobsWritten = new Set<string>();
  readonly #open = new Set<ExportFile>();
  #erased = 0;
  #withheld = 0;
  #withholdItemsOf: ReadonlySet<string> = new Set();

  constructor(reader: LogReader, directory: string, head: CheckpointRecord, from: number, to: number) {
    this.#reader = reader;
    this.#directory = directory;
    this.#head = head;
    this.#from = from;
    this.#to = to;
  }

  write(options: EvidenceOptions): WrittenEvidence {
    try {
      return this.#write(options);
    } finally {
      for (const file of this.#open) file.abandon();
    }
  }

  #write(options: EvidenceOptions): WrittenEvidence {
    this.#withholdItemsOf = options.withholdItemsOf ?? this.#withholdItemsOf;
    const whole = this.#from === 0 && this.#to === this.#head.size;
    const entries = this.#create('entries.jsonl');
    const blobs = this.#create('blobs.txt');
    const before = new ManifestFollower(this.#reader);
    let started = false;
    let demonstration = false;
    let lastAnchorBefore: number | undefined;
    const decisionsOutside: { statement: Statement; index: number }[] = [];
    for (const { index, bytes } of this.#reader.entries(0, this.#head.size)) {
      this.#tree.append(leafHash(bytes));
      const statement = readStatement(bytes);
      if (statement?.kind === 'genesis') demonstration = statement.demonstration;
      if (index < this.#from || index >= this.#to) {
        if (statement?.kind === 'genesis' || statement?.kind === 'key') this.#outside.add(index);
        if (statement?.kind === 'decision') decisionsOutside.push({ statement, index });
        if (statement?.kind === 'anchor' && index < this.#from) lastAnchorBefore = index;
        if (statement !== undefined && index < this.#from) before.follow(statement, index);
        continue;
      }
      if (!started) this.#writeStarts(before, blobs);
      started = true;
      entries.line(bytes);
      if (statement === undefined) continue;
      this.#relyOn(statement);
      const keepBack =
        (statement.kind === 'collection' && this.#withholdItemsOf.has(statement.collector)) ||
        (statement.kind === 'upload' && this.#withholdItemsOf.has(documentsCollector));
      for (const { commitment, collected } of referredBlobs(this.#reader, statement, index)) {
        this.#writeBlob(blobs, commitment, index, keepBack && collected);
      }
      for (const read of this.#readsOf(statement)) this.#noteOutside(read);
      if (statement.kind === 'anchor') this.#writeAnchor(statement, index);
    }
    if (this.#tree.size !== this.#head.size || toBase64(this.#tree.root()) !== this.#head.root) {
      throw new ProoflineError('store-corrupt', 'the entries of the log do not give the root of its latest checkpoint; run verify');
    }
    if (lastAnchorBefore !== undefined) this.#outside.add(lastAnchorBefore);
    // Who may decide, what was waived and which period was opened: what counts in the part was decided at any time.
    for (const { statement, index } of decisionsOutside) {
      this.#outside.add(index);
      for (const { commitment } of referredBlobs(this.#reader, statement, index)) this.#writeBlob(blobs, commitment, index, false);
    }
    this.#close(entries);
    this.#close(blobs);
    this.#writeCheckpoints();
    if (!whole) this.#writeProofs();
    this.#text(
      'vkeys.txt',
      this.#reader
        .vkeys()
        .map((vkey) => `${vkey}\n`)
        .join(''),
    );
    const facts = {
      origin: this.#reader.origin,
      size: this.#head.size,
      root: this.#head.root,
      from: this.#from,
      to: this.#to,
      blobs: this.#blobsWritten.size,
      erased: this.#erased,
      withheld: this.#withheld,
      generatedAt: options.generatedAt,
      demonstration,
      signed: options.signNote !== undefined,
      stamped: this.#files.some(({ path }) => path.startsWith('anchors/')),
    };
    this.#text('README.txt', evidenceReadme(facts));
    this.#bind(options);
    const bytes = this.#files.reduce((sum, file) => sum + file.bytes, 0);
    const { size, from, to, erased, withheld, signed } = facts;
    return {
      size,
      from,
      to,
      blobs: facts.blobs,
      erased,
      withheld,
      files: this.#files.length,
      bytes,
      signed,
      unsigned: this.#reader.size() - size,
    };
  }

  #create(path: string): ExportFile {
    const file = new ExportFile(this.#directory, path);
    this.#open.add(file);
    return file;
  }

  #close(file: ExportFile): void {
    this.#open.delete(file);
    this.#files.push(file.close());
  }

  #text(path: string, text: string | Uint8Array): void {
    const file = this.#create(path);
    file.write(text);
    this.#close(file);
  }

  #noteOutside(index: number): void {
    if (index < this.#from || index >= this.#to) this.#outside.add(index);
  }

  #relyOn(statement: Statement): void {
    if ((statement.kind === 'collection' || statement.kind === 'evaluation') && statement.plan !== null) this.#noteOutside(statement.plan);
  }

  #readsOf(statement: Statement): number[] {
    if (statement.kind !== 'evaluation') return [];
    const blob = this.#reader.blob(statement.reads.list);
    return blob?.kind === 'open' ? readIndexes(blob.bytes) : [];
  }

  #writeStarts(before: ManifestFollower, blobs: ExportFile): void {
    if (this.#from === 0) return;
    const continued = new Set<string>();
    for (const { bytes } of this.#reader.entries(this.#from, this.#to)) {
      const statement = readStatement(bytes);
      for (const { name } of statement === undefined ? [] : streamsOf(statement)) continued.add(JSON.stringify(name));
    }
    const starts = this.#create('starts.jsonl');
    for (const { name, pairs } of before.starts(continued)) {
      const sorted = pairs && sortPairs(pairs);
      starts.line(canonicalText({ stream: name, pairs: sorted }));
      const keepBack = name[0] !== 'population' && this.#withholdItemsOf.has(name[1]);
      for (const [, content] of sorted ?? []) this.#writeBlob(blobs, content, this.#from, keepBack);
    }
    this.#close(starts);
  }

  #writeBlob(file: ExportFile, commitment: string, index: number, keepBack: boolean): void {
    if (this.#blobsWritten.has(commitment)) return;
    const blob = this.#reader.blob(commitment);
    if (blob === undefined) throw new ProoflineError('store-corrupt', `entry ${index} refers to a blob that the store does not have`);
    this.#blobsWritten.add(commitment);
    if (blob.kind === 'erased') {
      this.#erased += 1;
      this.#noteOutside(blob.index);
      if (blob.index >= this.#head.size)
        throw new ProoflineError(
          'usage',
          `content that entry ${index} refers to was erased after the ${this.#head.size} entries that are to be written`,
        );
      file.line(`${commitment} erased ${blob.index}`);
      return;
    }
    if (keepBack || blob.kind === 'withheld') {
      this.#withheld += 1;
      file.line(`${commitment} withheld`);
      return;
    }
    file.write(`${commitment} ${toBase64(blob.salt)} `);
    file.line(blob.bytes);
  }

  #writeAnchor(statement: Extract<Statement, { kind: 'anchor' }>, index: number): void {
    if (statement.method !== 'rfc3161') return;
    this.#text(`anchors/${index}.note`, statement.note);
    this.#text(`anchors/${index}.tst`, fromBase64(statement.receipt));
  }

  #writeCheckpoints(): void {
    const file = this.#create('checkpoints.jsonl');
    for (const { size, root, note } of this.#reader.checkpoints()) {
      if ((size > this.#from && size <= this.#to) || size === this.#head.size) file.line(canonicalText({ size, root, note }));
    }
    this.#close(file);
    this.#text('checkpoint', this.#head.note);
  }

  #writeProofs(): void {
    const { from, to, size, left, right } = rangeProof(this.#tree, this.#from, this.#to);
    this.#text('range.json', `${canonicalText({ from, to, size, left: left.map(toBase64), right: right.map(toBase64) })}\n`);
    if (this.#outside.size === 0) return;
    const file = this.#create('outside.jsonl');
    for (const index of [...this.#outside].sort((left, right) => left - right)) {
      for (const entry of this.#reader.entries(index, index + 1)) {
        const hashes = inclusionProof(this.#tree, index).hashes.map(toBase64);
        file.line(canonicalText({ index, entry: new TextDecoder().decode(entry.bytes), hashes }));
      }
    }
    this.#close(file);
  }

  /** The manifest names every file by digest, and one more file binds the manifest: no byte of the directory is free. */
  #bind({ generatedAt, signNote }: EvidenceOptions): void {
    this.#files.sort((left, right) => (left.path < right.path ? -1 : 1));
    const { origin } = this.#reader;
    const { size, root } = this.#head;
    const range = { from: this.#from, to: this.#to };
    const manifest = Buffer.from(
      `${canonicalText({ format: 'proofline/1 export', generatedAt, origin, size, root, range, files: this.#files })}\n`,
    );
    const digest = toHex(sha256(manifest));
    writeFileSync(join(this.#directory, 'manifest.json'), manifest, { flag: 'wx' });
    if (signNote !== undefined) {
      writeFileSync(join(this.#directory, 'manifest.note'), signNote(`proofline/1 export\nsha256:${digest}\n`), { flag: 'wx' });
    } else {
      writeFileSync(join(this.#directory, 'manifest.sha256'), `${digest}  manifest.json\n`, { flag: 'wx' });
    }
  }
}

function readIndexes(bytes: Uint8Array): number[] {
  const list: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(list) ? list.flatMap((read: { index?: unknown }) => (typeof read.index === 'number' ? [read.index] : [])) : [];
}

/**
 * Writes the evidence in plain: what verifiers read, and what an auditor receives. The directory appears whole or not at all; the same log
 * size, part and generation time give the same bytes.
 * @throws ProoflineError `usage` for a target that is not empty or a part that is not there, `not-found` when nothing is signed or recorded,
 * `store-corrupt`, `disk-full`.
 */
export function writeEvidence(reader: LogReader, outDir: string, options: EvidenceOptions): WrittenEvidence {
  const head = reader.checkpoints().at(-1);
  if (head === undefined || head.size === 0)
    throw new ProoflineError('not-found', 'the log has no signed checkpoint yet: nothing to export');
  const part = options.period === undefined ? options : partOfPeriod(reader, options.period);
  const from = part.from ?? 0;
  const to = part.to ?? head.size;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from >= to || to > head.size) {
    throw new ProoflineError('usage', `no entries ${from} to ${to} in a log of ${head.size} signed entries`);
  }
  const target = resolve(outDir);
  if (existsSync(target) && readdirSync(target).length > 0) throw new ProoflineError('usage', `${outDir} is not empty`);
  const partial = `${target}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    rmSync(partial, { recursive: true, force: true });
    // In plain, out of a store that is encrypted: whom to show it to is for its owner to say.
    mkdirSync(partial, { mode: 0o700 });
    const written = new EvidenceWriter(reader, partial, head, from, to).write(options);
    renameSync(partial, target);
    return written;
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) {
      throw new ProoflineError('disk-full', `no space left for the export in ${dirname(target)}`, { cause });
    }
    throw cause;
  }
}
