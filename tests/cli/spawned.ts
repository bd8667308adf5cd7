import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

export const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});
/** An empty directory, gone after the test. */
export function emptyDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-cli-'));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

/** An empty directory that stays until `remove` is called. */
export function keptDirectory(): { directory: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-cli-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with everything written so far, each time something is; may signal the process. */
  readonly onOutput?: (text: string, signal: (name: NodeJS.Signals) => void) => void;
}

/** Runs the command line as a user does, in a process of its own, without a terminal. */
export function proofline(args: readonly string[], { cwd, env = {}, onOutput }: RunOptions): Promise<Ended> {
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: path, HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    onOutput?.(out + err, signal);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    onOutput?.(out + err, signal);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
