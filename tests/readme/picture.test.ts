import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terminalPicture } from './terminal-picture.ts';

const root = path.join(import.meta.dirname, '../..');
const columns = 120;

describe('the picture in the README', () => {
  let folder: string;
  let output: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'proofline-picture-'));
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'src/cli/main.ts'), 'demo', '--one-day'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], FORCE_COLOR: '1', npm_lifecycle_event: 'demo' },
      maxBuffer: 16 * 1024 * 1024,
    });
    // Only what differs from one run to the next is set: the folder it ran in, minutes and seconds, and how long ago that was on a slow machine.
    output = stdout
      .replaceAll(`${folder}${path.sep}`, '')
      .replaceAll(/(\d\d):\d\d:\d\d\.\d{3}Z/g, '$1:00:00.000Z')
      .replaceAll(/oldest \d+ min old/g, 'oldest just now');
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a terminal keeps in view: progress rewrites its line there, and the middle of the table is left out. */
  function inView(): string[] {
    const lines = output.trimEnd().split('\n');
    const from = lines.findIndex((line) => line.includes('(demonstration)'));
    const end = lines.slice(from);
    const tail = end.findIndex((line) => /adopted controls, \d+ proposed/.test(line));
    expect(from).toBeGreaterThan(0);
    expect(tail).toBeGreaterThan(0);
    return [...end.slice(0, 34), '\u001b[2m⋮\u001b[22m', '', ...end.slice(tail)];
  }

  it('is what the demonstration prints', async () => {
    await expect(terminalPicture('npm run demo -- --one-day', inView(), columns)).toMatchFileSnapshot(path.join(root, '.github/demo.svg'));
  });

  it('shows the words of the field and no others', () => {
    expect(output).toContain('failures observed');
    expect(output).toContain('no evidence');
    expect(output).not.toMatch(/compliant|certified/i);
  });
});
