import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { init, parse } from 'es-module-lexer';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
/** Everything the repository holds: what is tracked, and what is about to be. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const ours = files.filter((file) => /^(?:src|collectors|checks|config|tests)\//.test(file));
const texts = files.filter((file) => /\.(?:ts|cjs|mjs|json|ya?ml|md|py|sh)$|^(?:\.ci\/run|Dockerfile|LICENSE)$/.test(file));

const allowedAtTop = [
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src', 'collectors', 'checks', 'config', 'tests'],
  ...['Dockerfile', 'README.md', 'LICENSE', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'compose.yaml'],
  // What the tools of the toolchain look for under these names.
  ...['biome.json', 'knip.json', 'vitest.config.ts'],
];
const rooms = [
  ...['model', 'seal', 'verify', 'store', 'index', 'keys', 'anchor', 'collect', 'evaluate', 'history', 'access', 'notify', 'bundle'],
  ...['schedule', 'config', 'run', 'http', 'web', 'demo', 'cli'],
];

describe('the house', () => {
  it('has at its top only what was agreed', () => {
    const top = [...new Set(files.map((file) => file.split('/')[0] ?? ''))];
    expect(top.filter((name) => !name.startsWith('.') && !allowedAtTop.includes(name))).toEqual([]);
  });

  it('has the rooms of the design and no others', () => {
    const found = new Set(files.filter((file) => /^src\/[^/]+\//.test(file)).map((file) => file.split('/')[1] ?? ''));
    expect([...found].filter((room) => !rooms.includes(room))).toEqual([]);
  });

  it('writes file names in kebab-case', () => {
    const odd = ours.filter((file) => !file.split('/').every((part) => /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(part)));
    // Python has no hyphens in the names of what it can import.
    expect(odd.filter((file) => !file.endsWith('.py'))).toEqual([]);
  });

  it('has no file whose name says nothing', () => {
    const empty = /^(?:.*-)?(?:utils?|helpers?|common|manager|service|base|misc|lib)\.[a-z]+$/;
    expect(ours.filter((file) => empty.test(path.basename(file)) || /\/(?:utils|helpers|common|lib)\//.test(file))).toEqual([]);
  });

  it('names no path of a machine, no registry and no secret', () => {
    const foreign = /(?:^|[\s'"`(=])(?:\/(?:home|Users|root|work)\/[a-z]|[A-Z]:\\Users\\)|registry\.npmjs\.org|npm\.pkg\.github\.com/m;
    expect(texts.filter((file) => file !== 'tests/structure/house.test.ts' && foreign.test(read(file)))).toEqual([]);
  });

  it('never claims what only an auditor may say', () => {
    const claims = /\b(?:compliant|certified|passed soc)\b/i;
    const judged = files.filter((file) => /^(?:src|collectors|checks|config)\/.*\.(?:ts|ya?ml|md|py)$/.test(file));
    expect(judged.filter((file) => claims.test(read(file)))).toEqual([]);
  });

  it('keeps no unfinished work', () => {
    const unfinished = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', '@ts-' + 'ignore', '@ts-' + 'expect-error', '\\bas ' + 'any\\b'].join('|'),
    );
    const code = (file: string) => read(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/ .*/g, (comment) => comment.replaceAll(/\bany\b/g, ''));
    expect(files.filter((file) => /\.ts$/.test(file) && unfinished.test(code(file)))).toEqual([]);
  });

  it('imports its own files by the names they have', async () => {
    await init();
    const bad = files
      .filter((file) => /\.ts$/.test(file))
      .flatMap((file) =>
        parse(read(file), file)[0].flatMap((found) => {
          const specifier = found.type === 'static' ? found.specifier : undefined;
          return specifier?.startsWith('.') && !/\.(?:ts|json)$/.test(specifier) ? [`${file}: ${specifier}`] : [];
        }),
      );
    expect(bad).toEqual([]);
  });
});

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly allowScripts: Record<string, boolean>;
  readonly scripts: Record<string, string>;
  readonly engines: { readonly node: string };
  readonly files: readonly string[];
}
const manifest = JSON.parse(read('package.json')) as Manifest;

describe('package.json', () => {
  it('pins every dependency: logic digests name these versions', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it('lets no package but the pinned Node run a script when it is installed', () => {
    expect(manifest.allowScripts).toEqual({ node: true });
  });

  it('runs nothing of its own when it is installed', () => {
    const running = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare', 'prepublish'];
    expect(Object.keys(manifest.scripts).filter((name) => running.includes(name))).toEqual([]);
  });

  it('asks for the Node that main.ts asks for', () => {
    const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(manifest.engines.node) ?? [];
    expect(read('src/cli/main.ts')).toContain(`major < ${major} || (major === ${major} && minor < ${minor})`);
  });

  it('lists what is shipped as files that are there', () => {
    const missing = manifest.files.filter((name) => name !== 'dist' && !files.some((file) => file === name || file.startsWith(`${name}/`)));
    expect(missing).toEqual([]);
  });
});
