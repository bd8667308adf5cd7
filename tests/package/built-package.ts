import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '../..');

/** A host that has the package and what it depends on at run time, and nothing of the checkout. */
export interface InstalledPackage {
  /** `<host>/node_modules/proofline`. */
  readonly folder: string;
  /** The checkout's copy it was built from. */
  readonly checkout: string;
  /** Paths in the tarball, without its leading folder. */
  readonly files: readonly string[];
  /** Runs its `proofline` by Node alone. Resolves whatever the exit code is. */
  run(
    args: readonly string[],
    options?: { cwd?: string; env?: Record<string, string> },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  remove(): void;
}

/** Builds, packs and installs a copy of the checkout. Takes some ten seconds. */
export function installPackage(): InstalledPackage {
  const folder = mkdtempSync(path.join(tmpdir(), 'proofline-package-'));
  const checkout = path.join(folder, 'checkout');
  for (const file of tracked()) cpSync(path.join(root, file), path.join(checkout, file), { preserveTimestamps: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'));
  const env = { ...process.env, PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}` };
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: checkout, env, stdio: ['ignore', 'ignore', 'pipe'] });

  const host = path.join(folder, 'host');
  const installed = path.join(host, 'node_modules/proofline');
  mkdirSync(installed, { recursive: true });
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const tarball = path.join(folder, `proofline-${version}.tgz`);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  linkDependencies(path.join(host, 'node_modules'));
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^package\//, ''));

  return {
    folder: installed,
    checkout,
    files,
    run: (args, options = {}) =>
      promisify(execFile)(process.execPath, [path.join(installed, 'dist/src/cli/main.js'), ...args], {
        cwd: options.cwd ?? host,
        env: { PATH: process.env['PATH'], HOME: host, ...options.env },
        maxBuffer: 64 * 1024 * 1024,
      }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: { code?: unknown; stdout?: string; stderr?: string }) => {
          if (typeof error.code !== 'number') throw error;
          return { code: error.code, stdout: error.stdout ?? '', stderr: error.stderr ?? '' };
        },
      ),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function tracked(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return list.split('\n').filter((file) => file !== '' && !file.startsWith('tests/'));
}

/** What the lock file says is needed at run time, linked; what only development needs is not there. */
function linkDependencies(target: string): void {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>;
  };
  for (const [place, facts] of Object.entries(lock.packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1];
    if (name === undefined || facts.dev === true || facts.devOptional === true) continue;
    mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    symlinkSync(path.join(root, place), path.join(target, name));
  }
}
