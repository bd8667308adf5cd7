import { ProoflineError } from '../model/errors.ts';
import { Anchor } from '../model/statement.ts';
import { equalBytes, fromBase64 } from '../seal/digest.ts';
import { type ExportFiles, readAll } from './export-files.ts';
import { type ExportReader, openExport } from './export-reader.ts';
import { ClaimSheet, type Verification } from './report.ts';
import { type VerifyOptions, verifyLog } from './verify-log.ts';

/** Verifies an export directory, read through `files`. Never throws for what is wrong with it: that is in the claims. */
export async function verifyExport(
  files: ExportFiles,
  options: VerifyOptions = {},
  sheet: ClaimSheet = new ClaimSheet(),
): Promise<Verification> {
  let reader: ExportReader | undefined;
  try {
    reader = openExport(files, sheet, options.vkey !== undefined);
    if (reader === undefined) return sheet.verification();
    compareAnchorFiles(files, reader, sheet);
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    sheet.fail('export-files', null, `the directory cannot be read: ${error.message}`);
    return sheet.verification();
  }
  await verifyLog(reader, options, sheet);
  const unused = reader.unusedBlobs();
  if (unused.length > 0) sheet.fail('blobs', null, `${unused.length} blobs are not referred to by any entry, ${unused[0]} for one`);
  return sheet.verification();
}

/** The anchors' files repeat what the entries say, for use without any tool of ours; they must say the same. */
function compareAnchorFiles(files: ExportFiles, reader: ExportReader, sheet: ClaimSheet): void {
  const expected = new Set<string>();
  const compare = (path: string, content: Uint8Array): void => {
    expected.add(path);
    if (!files.list().includes(path)) sheet.fail('export-files', null, `${path} is missing`);
    else if (!equalBytes(readAll(files, path), content)) sheet.fail('export-files', null, `${path} is not what the anchor says`);
  };
  for (const { index, bytes } of reader.entries()) {
    const text = new TextDecoder().decode(bytes);
    const anchor = text.includes('"kind":"anchor"') ? Anchor.safeParse(parse(text)).data : undefined;
    if (anchor?.method !== 'rfc3161') continue;
    compare(`anchors/${index}.note`, new TextEncoder().encode(anchor.note));
    compare(`anchors/${index}.tst`, strictBytes(anchor.receipt));
  }
  for (const path of files.list()) {
    if (path.startsWith('anchors/') && !expected.has(path)) sheet.fail('export-files', null, `${path} belongs to no anchor`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strictBytes(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    return new Uint8Array(0);
  }
}
