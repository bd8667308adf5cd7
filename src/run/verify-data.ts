import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openDirectory } from '../bundle/directory-files.ts';
import { ProoflineError } from '../model/errors.ts';
import type { LogReader } from '../model/log-reader.ts';
import { openExport } from '../verify/export-reader.ts';
import { ClaimSheet, type Verification } from '../verify/report.ts';
import { verifyExport } from '../verify/verify-export.ts';
import { verifyLog } from '../verify/verify-log.ts';
import type { Composition } from './composition.ts';

export interface VerifyDataOptions {
  /** C2SP vkey to trust, as handed over at the start of the period. */
  readonly vkey?: string | undefined;
  /** PEM file with the root certificates of time-stamping authorities. Default for a store: those the configuration names. */
  readonly tsaRoots?: string | undefined;
}

/** Verifies the store itself: every entry, blob, manifest, checkpoint and receipt. Writes nothing. */
export async function verifyStore(app: Composition, options: VerifyDataOptions): Promise<Verification> {
  const store = await app.openStore({ readOnly: true });
  try {
    const files = options.tsaRoots === undefined ? configuredRoots(app) : [options.tsaRoots];
    return await verifyLog(store, verifyOptions(options.vkey, files));
  } finally {
    await store.close();
  }
}

/** Verifies an export directory; needs neither configuration nor keys. @throws ProoflineError `not-found` */
export async function verifyDirectory(directory: string, options: VerifyDataOptions): Promise<Verification> {
  const files = openDirectory(directory);
  try {
    return await verifyExport(files, verifyOptions(options.vkey, options.tsaRoots === undefined ? [] : [options.tsaRoots]));
  } finally {
    files.close();
  }
}

/** Reads an export that has been verified. @throws ProoflineError `not-found`, or `verification-failed` when it cannot be read */
export function withExport<T>(directory: string, read: (log: LogReader) => T): T {
  const files = openDirectory(directory);
  try {
    const log = openExport(files, new ClaimSheet());
    if (log === undefined) throw new ProoflineError('verification-failed', `${directory}: is no export that can be read`);
    return read(log);
  } finally {
    files.close();
  }
}

function configuredRoots(app: Composition): string[] {
  return app.configuration.anchors.flatMap((anchor) => (anchor.kind === 'rfc3161' && anchor.caFile !== undefined ? [anchor.caFile] : []));
}

function verifyOptions(vkey: string | undefined, files: readonly string[]): { vkey?: string; tsaRoots?: readonly Uint8Array[] } {
  return {
    ...(vkey === undefined ? {} : { vkey }),
    ...(files.length === 0 ? {} : { tsaRoots: files.flatMap(readCertificates) }),
  };
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
