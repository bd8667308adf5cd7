import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphOf, LogicDigests, SourceGraph } from '../../src/run/logic-digests.ts';
import { loadIn, soundUnits, writeOwn } from '../run/own-units.ts';
import { type InstalledPackage, installPackage } from './built-package.ts';

const root = path.join(import.meta.dirname, '../..');

describe('the package', () => {
  let installed: InstalledPackage;
  beforeAll(() => {
    installed = installPackage();
  }, 900_000);
  afterAll(() => (installed as InstalledPackage | undefined)?.remove());

  it('holds what it needs and nothing else', () => {
    expect(installed.files).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE', 'SECURITY.md', 'CHANGELOG.md'],
        ...['dist/src/cli/main.js', 'dist/src/authoring.js', 'dist/src/authoring.d.ts', 'dist/digests.json'],
        ...['src/verify/verify_export.py', 'src/verify/format-1.md'],
        ...['config/frameworks/soc2.yaml', 'config/frameworks/soc1.yaml', 'config/controls/access.yaml', 'config/proofline.schema.json'],
      ]),
    );
    const foreign = installed.files.filter((file) => /(?<!\.d)\.ts$|^tests\/|\.test\.|\.map$|node_modules/.test(file));
    expect(foreign).toEqual([]);
  });

  it('says what it is, with nothing but what it depends on at run time', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await installed.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const help = await installed.run(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: proofline');
  });

  it('runs the demonstration where it stands', async () => {
    const data = path.join(installed.folder, '../../demonstration');
    const { code, stdout } = await installed.run(['demo', '--one-day', '--data', data]);
    expect(code).toBe(0);
    expect(stdout).toContain('Northwind Payroll');
    const status = await installed.run(['status', '--demonstration', '--data', data, '--json']);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ v: 1, demonstration: true });
  }, 600_000);

  it('gives every unit the digest that the checkout gives it', async () => {
    const carried = new LogicDigests(SourceGraph.parse(JSON.parse(readFileSync(path.join(installed.folder, 'dist/digests.json'), 'utf8'))));
    const checkout = new LogicDigests(await graphOf(installed.checkout));
    const units = Object.keys(checkout.graph.files).filter((file) => /^checks\/|\/collector\.ts$/.test(file));
    expect(units.length).toBeGreaterThan(100);
    for (const unit of units) expect(carried.of(unit), unit).toBe(checkout.of(unit));
  });

  it('loads users’ own TypeScript, under the digests that the checkout gives it', async () => {
    const directory = await writeOwn(soundUnits);
    try {
      const fromPackage = await loadIn(path.join(installed.folder, 'dist'), '.js', [directory]);
      expect(fromPackage).toMatchObject({ checks: ['own/aws/thing-has-long-name'], collectors: ['own/aws/others'], sameSubject: true });
      expect(fromPackage.logic).toEqual((await loadIn(installed.checkout, '.ts', [directory])).logic);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('brings the types that own units are written with', () => {
    const folder = path.join(installed.folder, '../..');
    for (const [file, text] of Object.entries(soundUnits))
      writeFileSync(path.join(folder, path.basename(file)), text.replaceAll('../../shared/', './'));
    const compile = () =>
      execFileSync(
        process.execPath,
        [
          path.join(root, 'node_modules/typescript/bin/tsc'),
          ...['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--allowImportingTsExtensions', '--target', 'es2024'],
          'thing-has-long-name.ts',
        ],
        { cwd: folder, encoding: 'utf8', stdio: 'pipe' },
      );
    expect(compile()).toBe('');
    const text = readFileSync(path.join(folder, 'thing-has-long-name.ts'), 'utf8');
    writeFileSync(path.join(folder, 'thing-has-long-name.ts'), text.replace("severity: 'low'", "severity: 'dreadful'"));
    expect(compile).toThrow();
  }, 240_000);
});
