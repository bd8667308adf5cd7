import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ProoflineError } from '../model/errors.ts';
import { type ExportFiles, filesBelow } from '../verify/export-files.ts';
import { type ExportReader, openExport } from '../verify/export-reader.ts';
import { ClaimSheet, type Verification } from '../verify/report.ts';
import { isBundle, verifyBundle } from '../verify/verify-bundle.ts';
import { verifyExport } from '../verify/verify-export.ts';
import { type VerifyOptions, verifyLog } from '../verify/verify-log.ts';
import type { Composition } from './composition.ts';

export interface VerifyDataOptions {
  /** C2SP vkey to trust, as handed over at the start of the period. */
  readonly vkey?: string | undefined;
  /** PEM file with the root certificates of time-stamping authorities. Default for a store: those the configuration names. */
  readonly tsaRoots?: string | undefined;
  /** File with the signed note of a checkpoint that was handed over before. */
  readonly against?: string | undefined;
}

/** Verifies the store itself: every entry, blob, manifest, checkpoint and receipt. Writes nothing. */
export async function verifyStore(app: Composition, options: VerifyDataOptions): Promise<Verification> {
  const store = await app.openStore({ readOnly: true });
  try {
    const files = options.tsaRoots === undefined ? configuredRoots(app) : [options.tsaRoots];
    return await verifyLog(store, verifyOptions(options, files));
  } finally {
    await store.close();
  }
}

/** Verifies a bundle or an export, in a directory, a ZIP or an age file; needs neither configuration nor keys of a log. */
export async function verifyFiles(files: ExportFiles, options: VerifyDataOptions): Promise<Verification> {
  const trust = verifyOptions(options, options.tsaRoots === undefined ? [] : [options.tsaRoots]);
  return isBundle(files) ? await verifyBundle(files, trust) : await verifyExport(files, trust);
}

/** The log in a bundle or an export. @throws ProoflineError `verification-failed` when it cannot be read */
export function logIn(files: ExportFiles, place: string): ExportReader {
  const log = openExport(isBundle(files) ? filesBelow(files, 'evidence') : files, new ClaimSheet());
  if (log === undefined) throw new ProoflineError('verification-failed', `${place}: holds no log that can be read`);
  return log;
}

function configuredRoots(app: Composition): string[] {
  return app.configuration.anchors.flatMap((anchor) => (anchor.kind === 'rfc3161' && anchor.caFile !== undefined ? [anchor.caFile] : []));
}

function verifyOptions({ vkey, against }: VerifyDataOptions, files: readonly string[]): VerifyOptions {
  return {
    ...(against === undefined ? {} : { handedOver: [readNote(against)] }),
    ...(vkey === undefined ? {} : { vkey }),
    ...(files.length === 0 ? {} : { tsaRoots: files.flatMap(readCertificates) }),
  };
}

function readNote(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProoflineError('usage', `${file}: cannot be read as a checkpoint`, { cause });
  }
}

/** @throws ProoflineError `usage` when the file is not PEM certificates. */
function readCertificates(file: string): Uint8Array[] {
  try {
    const blocks = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new ProoflineError('usage', `${file}: expected certificates in PEM form`);
    return blocks.map((block) => new Uint8Array(new X509Certificate(block).raw));
  } catch (cause) {
    if (cause instanceof ProoflineError) throw cause;
    throw new ProoflineError('usage', `${file}: cannot be read as PEM certificates`, { cause });
  }
}
