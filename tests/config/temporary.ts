import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { ProoflineError } from '../../src/model/errors.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory with these files, gone after the test. */
export function directoryWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-config-'));
  directories.push(directory);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

/** The ProoflineError that the work ends in; anything else fails the test. */
export async function refusalOf(work: () => unknown): Promise<ProoflineError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProoflineError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** `line path: message` of every problem. */
export function problemLines(error: ProoflineError): string[] {
  return error.problems.map(({ line, path, message }) => `${line ?? '-'} ${path ?? '-'}: ${message}`);
}
