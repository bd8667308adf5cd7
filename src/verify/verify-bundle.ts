import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import { Digest, Hash, Time } from '../model/statement.ts';
import { sha256, toHex } from '../seal/digest.ts';
import { openNote } from '../seal/signed-note.ts';
import { digestOfFile, type ExportFiles, type FileDigest, filesBelow, linesOf, oneCanonicalLine, readAll } from './export-files.ts';
import { ClaimSheet, type Verification } from './report.ts';
import { verifyExport } from './verify-export.ts';
import type { VerifyOptions } from './verify-log.ts';

const Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Size = z.int().nonnegative();
/** `manifest.json` of a bundle; format-1.md, section 11. */
export const BundleManifest = z.strictObject({
  format: z.literal('proofline/1 bundle'),
  generatedAt: Time,
  origin: z.string(),
  size: Size,
  root: Hash,
  /** Id of the observation period. */
  period: z.string(),
  /** Of Proofline. */
  version: z.string(),
  /** Digest of the manifest of the bundle before this one of the same period; null for the first. */
  supplements: Digest.nullable(),
  /** The specification and the independent verifier as published when it was made. */
  published: z.array(z.strictObject({ path: z.string(), sha256: Hex })),
  files: z.array(z.strictObject({ path: z.string(), bytes: Size, sha256: Hex })),
});
export type BundleManifest = z.infer<typeof BundleManifest>;
/** What a `lifecycle` statement says of a bundle that was made. */
const BundleRecord = z.looseObject({ kind: z.literal('lifecycle'), event: z.literal('bundle'), period: z.string(), manifest: Digest });

const evidenceFolder = 'evidence';
const ownFiles = ['manifest.json', 'manifest.note'];
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Whether the files are those of a bundle, rather than of an export of the log alone. */
export function isBundle(files: ExportFiles): boolean {
  const paths = files.list();
  if (paths.some((path) => path.startsWith(`${evidenceFolder}/`))) return true;
  return paths.includes('manifest.json') && text(readAll(files, 'manifest.json')).includes('"proofline/1 bundle"');
}

/** Verifies a bundle: its own files, its place among the bundles of its period, and everything the log in it says. Never throws for what is wrong with it. */
export async function verifyBundle(files: ExportFiles, options: VerifyOptions = {}): Promise<Verification> {
  const sheet = new ClaimSheet();
  const seen = new Map<string, FileDigest>();
  const known: ExportFiles = {
    list: () => files.list(),
    size: (path) => files.size(path),
    read: (path, offset, length) => files.read(path, offset, length),
    digest: (path) => seen.get(path),
  };
  try {
    const raw = files.list().includes('manifest.json') ? readAll(files, 'manifest.json') : new Uint8Array(0);
    const manifest = BundleManifest.safeParse(oneCanonicalLine(raw)).data;
    if (manifest === undefined) sheet.fail('bundle-files', null, 'manifest.json is missing or malformed');
    else {
      compareFiles(known, manifest, seen, sheet);
      checkSignature(known, raw, sheet);
      checkChain(known, manifest, sheet);
    }
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    sheet.fail('bundle-files', null, `the bundle cannot be read: ${error.message}`);
  }
  return await verifyExport(filesBelow(known, evidenceFolder), options, sheet);
}

function compareFiles(files: ExportFiles, manifest: BundleManifest, seen: Map<string, FileDigest>, sheet: ClaimSheet): void {
  const fail = (message: string): void => sheet.fail('bundle-files', null, message);
  const listed = new Set(manifest.files.map(({ path }) => path));
  if (manifest.files.some(({ path }, index) => index > 0 && path <= manifest.files[index - 1]!.path)) fail('manifest.json is not sorted');
  const present = new Set(files.list());
  for (const path of present) if (!listed.has(path) && !ownFiles.includes(path)) fail(`${path} is not listed in manifest.json`);
  for (const { path, bytes, sha256: expected } of manifest.files) {
    if (!present.has(path)) {
      fail(`${path} is missing`);
      continue;
    }
    try {
      const found = digestOfFile(files, path);
      seen.set(path, found);
      if (found.hex !== expected || found.bytes !== bytes) fail(`${path} is not what manifest.json says`);
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
      fail(`${path} cannot be read: ${error.message}`);
    }
  }
  sheet.holds('bundle-files', `${manifest.files.length} files, each as manifest.json says; made ${manifest.generatedAt}`);
}

/** The note is by the key that the log in the bundle puts in force last; that the log may do so is for its own claims. */
function checkSignature(files: ExportFiles, manifest: Uint8Array, sheet: ClaimSheet): undefined {
  const fail = (message: string): undefined => void sheet.fail('bundle-signature', null, message);
  const vkeys = `${evidenceFolder}/vkeys.txt`;
  if (!files.list().includes('manifest.note')) return fail('manifest.note is missing: nobody vouches for the bundle as a whole');
  if (!files.list().includes(vkeys)) return fail(`${vkeys} is missing: there is no key to hold manifest.note against`);
  const lines = [...linesOf(files, vkeys)].flatMap((line) => (line === undefined ? [] : [text(line.bytes)]));
  const note = text(readAll(files, 'manifest.note'));
  const body = `proofline/1 bundle\nsha256:${toHex(sha256(manifest))}\n`;
  try {
    const opened = openNote(note, lines.slice(-1));
    const oneSignature = note.startsWith(`${body}\n`) && note.slice(body.length + 1).indexOf('\n') === note.length - body.length - 2;
    if (opened.text !== body || !oneSignature) fail('manifest.note is about another manifest.json');
  } catch (error) {
    fail(`manifest.note: ${error instanceof Error ? error.message : String(error)}`);
  }
  sheet.holds('bundle-signature', 'signed by the key of the log');
}

/** The log records every bundle that was made of it: the last one of the same period is the one that this bundle must name. */
function checkChain(files: ExportFiles, manifest: BundleManifest, sheet: ClaimSheet): void {
  const fail = (message: string): void => sheet.fail('bundle-chain', null, message);
  const here = oneCanonicalLine(
    files.list().includes('evidence/manifest.json') ? readAll(files, 'evidence/manifest.json') : new Uint8Array(0),
  );
  const evidence = z.looseObject({ origin: z.string(), size: Size, root: Hash, generatedAt: Time }).safeParse(here).data;
  if (evidence === undefined) fail('evidence/manifest.json is missing or malformed');
  else if ((['origin', 'size', 'root', 'generatedAt'] as const).some((member) => evidence[member] !== manifest[member]))
    fail('the log in it is another one, or of another size, than manifest.json says');
  let former: string | null = null;
  let count = 0;
  for (const line of files.list().includes('evidence/entries.jsonl') ? linesOf(files, 'evidence/entries.jsonl') : []) {
    if (line === undefined || Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.bytes.length).indexOf('"event":"bundle"') < 0)
      continue;
    const record = BundleRecord.safeParse(oneCanonicalLine(Buffer.concat([line.bytes, Buffer.from('\n')]))).data;
    if (record?.period !== manifest.period) continue;
    former = record.manifest;
    count += 1;
  }
  if (manifest.supplements !== former) {
    fail(
      former === null
        ? `it says that it supplements ${manifest.supplements}, and the log records no bundle of ${manifest.period} before it`
        : `the log records a bundle of ${manifest.period} before it, ${former}, and it names ${manifest.supplements ?? 'none'}`,
    );
  }
  sheet.holds(
    'bundle-chain',
    former === null
      ? `the first bundle of ${manifest.period}`
      : `supplements ${former}, after ${count} ${count === 1 ? 'bundle' : 'bundles'} of ${manifest.period}`,
  );
}
