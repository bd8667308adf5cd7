import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePlanted } from '../demo/planted.ts';

const root = path.join(import.meta.dirname, '../..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** Blocks that a reader can run as they stand, one after the other, in one fresh copy. */
const runnable = [...readme.matchAll(/^```sh run\n(.*?)^```$/gms)].map((match) => match[1]?.trim() ?? '');
/** What every verb is called like, in blocks that need a real account too. */
const mentioned = [...readme.matchAll(/^```sh(?: run)?\n(.*?)^```$/gms)]
  .flatMap((match) => (match[1] ?? '').split('\n'))
  .map((line) => line.replace(/^npm run -s proofline -- /, 'proofline '))
  .filter((line) => line.startsWith('proofline '));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** Runs a block as a shell does, with nothing of this process but where programs are. */
function run(block: string, cwd: string): Promise<Ran> {
  const home = path.join(cwd, '..', 'home');
  const environment = {
    // Not the Node of this checkout: npm scripts have to find the pinned one by themselves.
    PATH: (process.env['PATH'] ?? '')
      .split(path.delimiter)
      .filter((entry) => !entry.includes('node_modules'))
      .join(path.delimiter),
    HOME: process.env['HOME'] ?? home,
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
    CI: 'true',
  };
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', block], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('the README', () => {
  it('says on its first screen what it is, how it looks, how to begin and what it never does', () => {
    const first = readme.split('## ')[0] ?? '';
    expect(first.split('\n').length).toBeLessThan(30);
    expect(first).toMatch(/^# Proofline\n\n[^#]+/);
    expect(first).toContain('](.github/demo.svg)');
    expect(runnable[0]).toBe('npm ci\nnpm run demo');
    expect(first).toContain('**What it never does**');
  });

  it('links to what is there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !/^https?:/.test(link));
    expect(links.filter((link) => !existsSync(path.join(root, link)))).toEqual([]);
  });

  describe('in a fresh copy', () => {
    let folder: string;
    let copy: string;
    const ran: Ran[] = [];
    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'proofline-readme-'));
      copy = path.join(folder, 'proofline');
      const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
      for (const file of files.split('\n').filter((line) => line !== '' && existsSync(path.join(root, line)))) {
        cpSync(path.join(root, file), path.join(copy, file));
      }
      for (const block of runnable) ran.push(await run(block, copy));
      // The first of them lives through a year.
    }, 1_800_000);
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each(runnable.map((block, index) => [block.split('\n').at(-1) ?? '', index] as const))('%s', (_, index) => {
      const result = ran[index];
      expect(result?.code, result?.stderr.slice(-2000)).toBe(0);
    });

    it('shows the company, and its log verifies twice', () => {
      expect(ran[0]?.stdout).toContain('Northwind Payroll');
      const verified = ran[runnable.findIndex((block) => block.includes('verify_export.py'))];
      expect(verified?.stdout.match(/^PASS/gm)?.length).toBeGreaterThan(10);
      expect(verified?.stdout).not.toMatch(/^FAIL/m);
    });

    describe('the bundles of the described year', () => {
      describePlanted(() => ({ out: path.join(copy, '.proofline-demo/bundles'), data: path.join(copy, '.proofline-demo/data') }));

      it('hold their verdicts made again', () => {
        expect(ran[runnable.findIndex((block) => block.includes('recompute'))]?.stdout).toContain('came out the same');
      });

      it('are not made twice: the demonstration goes on without repeating', async () => {
        const size = () => statSync(path.join(copy, '.proofline-demo/data/store.db')).size;
        const before = size();
        const again = await run('npm run -s demo', copy);
        expect(again.code, again.stderr.slice(-2000)).toBe(0);
        expect(size() - before).toBeLessThan(100_000);
        expect(readdirSync(path.join(copy, '.proofline-demo/bundles')).sort()).toEqual(['soc1-2026', 'soc2-2026']);
      }, 600_000);
    });

    it.each([
      ...new Set(
        mentioned.map((line) =>
          line.replace(
            /^(proofline [a-z]+(?: (?:now|list|show|export|adopt|import|preview|checks|collectors|controls|check|collector))?).*/,
            '$1',
          ),
        ),
      ),
    ])(
      'knows %s',
      async (verb) => {
        const help = await run(`npm run -s ${verb.replace('proofline ', 'proofline -- ')} --help`, copy);
        expect(help.code, help.stderr).toBe(0);
        expect(help.stdout).toContain('Usage: proofline');
      },
      600_000,
    );

    it('names every verb there is', async () => {
      const help = await run('npm run -s proofline -- --help', copy);
      const verbs = [...help.stdout.matchAll(/^ {2}([a-z]+)(?: \[options\]| <| {2})/gm)]
        .map((match) => match[1] ?? '')
        .filter((verb) => verb !== 'help');
      expect(verbs.length).toBeGreaterThan(10);
      const table = readme.slice(readme.indexOf('## Verbs'), readme.indexOf('## Limits'));
      expect(verbs.filter((verb) => !new RegExp(`[\`| ]${verb}[\` ]`).test(table))).toEqual([]);
    }, 600_000);
  });
});
