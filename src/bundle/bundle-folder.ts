import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RenderedDocument } from '../model/bundle-content.ts';
import type { LogReader } from '../model/log-reader.ts';
import { canonicalText } from '../seal/canonical-json.ts';
import { sha256, toHex } from '../seal/digest.ts';
import { openDirectory } from './directory-files.ts';
import { digestFile, ExportFile, type FileEntry } from './export-file.ts';
import { type WrittenEvidence, writeEvidence } from './write-evidence.ts';

export interface BundleFolderInput {
  /** The log as the bundle shows it: its end is its latest checkpoint. */
  readonly reader: LogReader;
  /** Id of the observation period. */
  readonly period: string;
  /** ISO-8601 UTC with milliseconds. */
  readonly generatedAt: string;
  /** Of Proofline. */
  readonly version: string;
  /** Digest of the manifest of the former bundle of the period; null for the first. */
  readonly supplements: string | null;
  /** The specification and the independent verifier as published with this version. */
  readonly published: readonly { readonly path: string; readonly sha256: string }[];
  /** Everything but the evidence itself, handed over one by one. */
  readonly documents: AsyncIterable<RenderedDocument> | Iterable<RenderedDocument>;
  readonly withholdItemsOf: ReadonlySet<string>;
  /** Signs a text as a note with the log's key. */
  readonly signNote: (text: string) => string;
}
export interface WrittenFolder {
  /** `sha256:` and hex: what the log records, and what a supplement names. */
  readonly manifest: string;
  readonly evidence: WrittenEvidence;
  readonly files: number;
  readonly bytes: number;
}

const reserved = /^(?:evidence(?:\/|$)|manifest\.(?:json|note)$)/;

/**
 * Writes the files of a bundle into an empty folder: the documents, the evidence they were made of, and the signed manifest over all of it
 * (format-1.md, section 11). The same log, period and time of generation give the same bytes.
 * @throws ProoflineError as `writeEvidence` does
 */
export async function writeBundleFolder(folder: string, input: BundleFolderInput): Promise<WrittenFolder> {
  const files: FileEntry[] = [];
  for await (const { path, bytes } of input.documents) {
    checkPath(path);
    files.push(writeDocument(folder, path, bytes instanceof Uint8Array ? [bytes] : bytes));
  }
  const evidence = writeEvidence(input.reader, join(folder, 'evidence'), {
    generatedAt: input.generatedAt,
    signNote: input.signNote,
    withholdItemsOf: input.withholdItemsOf,
  });
  const written = openDirectory(folder);
  try {
    for (const path of written.list()) if (path.startsWith('evidence/')) files.push(digestFile(folder, path));
  } finally {
    written.close();
  }
  files.sort((left, right) => (left.path < right.path ? -1 : 1));
  const head = input.reader.checkpoints().at(-1);
  const manifest = Buffer.from(
    `${canonicalText({
      format: 'proofline/1 bundle',
      generatedAt: input.generatedAt,
      origin: input.reader.origin,
      size: head?.size ?? 0,
      root: head?.root ?? '',
      period: input.period,
      version: input.version,
      supplements: input.supplements,
      published: input.published.map(({ path, sha256: digest }) => ({ path, sha256: digest })),
      files,
    })}\n`,
  );
  const digest = toHex(sha256(manifest));
  writeFileSync(join(folder, 'manifest.json'), manifest, { flag: 'wx' });
  writeFileSync(join(folder, 'manifest.note'), input.signNote(`proofline/1 bundle\nsha256:${digest}\n`), { flag: 'wx' });
  const bytes = files.reduce((sum, file) => sum + file.bytes, manifest.length);
  return { manifest: `sha256:${digest}`, evidence, files: files.length + 2, bytes };
}

/** A renderer that names a file outside the bundle, or one that is the writer's own, has a bug. */
function checkPath(path: string): void {
  const climbs = path.split('/').some((part) => part === '' || part === '.' || part === '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  if (climbs || reserved.test(path) || /[\\:\u0000-\u001f]/.test(path))
    throw new TypeError(`a bundle has no place for a document "${path}"`);
}

function writeDocument(folder: string, path: string, pieces: Iterable<Uint8Array>): FileEntry {
  const file = new ExportFile(folder, path);
  try {
    for (const piece of pieces) file.write(piece);
  } catch (error) {
    file.abandon();
    throw error;
  }
  return file.close();
}
