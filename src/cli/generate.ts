import { glob, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { jsonSchemas } from '../config/json-schemas.ts';
import { ProoflineError } from '../model/errors.ts';
import { jsonShapes } from './shapes.ts';

/** A file that is made from the sources and lies beside what it lists. */
export interface GeneratedFile {
  /** Relative to the root of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}
export interface GenerateOptions {
  /** Root of a checkout. */
  readonly root: string;
  /** Write nothing; refuse when a generated file is not what the sources say. */
  readonly check?: boolean;
}

const header = '// Made by `proofline generate` from the files beside it; not written by hand.\n';

/**
 * Makes the registries of checks and collectors and the schemas of the user's files from the sources. Resolves to the paths that
 * were not up to date.
 * @throws ProoflineError `configuration` with `check`, naming every file that is stale.
 */
export async function generate(options: GenerateOptions): Promise<readonly string[]> {
  const files = [await checksIndex(options.root), await collectorsIndex(options.root), ...configurationSchemas(), outputSchema()];
  const stale: GeneratedFile[] = [];
  for (const file of files) {
    if ((await textOf(path.join(options.root, file.path))) !== file.text) stale.push(file);
  }
  if (options.check === true && stale.length > 0) {
    throw new ProoflineError('configuration', 'generated files are not what their sources say; run `proofline generate`', {
      problems: stale.map((file) => ({ file: file.path, message: 'is stale' })),
    });
  }
  for (const file of stale) await writeFile(path.join(options.root, file.path), file.text);
  return stale.map((file) => file.path);
}

function configurationSchemas(): GeneratedFile[] {
  return Object.entries(jsonSchemas()).map(([name, text]) => ({ path: `config/${name}`, text }));
}

/** What `--json` prints, verb by verb: the documentation of every reading verb's output. */
function outputSchema(): GeneratedFile {
  const verbs = Object.entries(jsonShapes).map(([verb, shape]) => [verb, z.toJSONSchema(shape)] as const);
  return { path: 'config/json-output.schema.json', text: `${JSON.stringify(Object.fromEntries(verbs), null, 2)}\n` };
}

async function checksIndex(root: string): Promise<GeneratedFile> {
  const units = await unitsIn(root, 'checks/*/*.ts');
  return { path: 'checks/index.generated.ts', text: registry(units, 'Check', 'checks') };
}

async function collectorsIndex(root: string): Promise<GeneratedFile> {
  const collectors = await unitsIn(root, 'collectors/*/*/collector.ts');
  const sources = await unitsIn(root, 'collectors/*/source.ts');
  const text = [
    header,
    "import type { Collector, SourceDefinition } from '../src/authoring.ts';\n",
    imports([...collectors, ...sources], 'collectors'),
    '\n/** Every shipped collector, by id. */\n',
    `const collectors: readonly Collector[] = ${list(collectors)};\n`,
    'export default collectors;\n',
    '\n/** Every source that is shipped, by kind. */\n',
    `export const sources: readonly SourceDefinition[] = ${list(sources)};\n`,
  ];
  return { path: 'collectors/index.generated.ts', text: text.join('') };
}

function registry(units: readonly string[], type: string, folder: string): string {
  return [
    header,
    `import type { ${type} } from '../src/authoring.ts';\n`,
    imports(units, folder),
    `\n/** Every shipped ${type.toLowerCase()}, by id. */\n`,
    `const ${folder}: readonly ${type}[] = ${list(units)};\n`,
    `export default ${folder};\n`,
  ].join('');
}

/** Paths below `root`, sorted as ids are: by UTF-16 code units, the same everywhere. */
async function unitsIn(root: string, pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) found.push(file.split(path.sep).join('/'));
  return found.filter((file) => !file.endsWith('.generated.ts')).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

function idOf(file: string): string {
  return file.replace(/^(?:checks|collectors)\//, '').replace(/(?:\/collector)?\.ts$/, '');
}

function nameOf(file: string): string {
  return idOf(file).replace(/[^a-zA-Z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function imports(files: readonly string[], folder: string): string {
  return files.map((file) => `import ${nameOf(file)} from './${path.posix.relative(folder, file)}';\n`).join('');
}

function list(files: readonly string[]): string {
  return files.length === 0 ? '[]' : `[\n${files.map((file) => `  ${nameOf(file)},\n`).join('')}]`;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '../..');
  const built = process.argv.indexOf('--finish');
  if (built === -1) console.log((await generate({ root, check: process.argv.includes('--check') })).join('\n'));
  else await (await import('./finish-build.ts')).finishBuild(root, path.resolve(process.argv[built + 1] ?? ''));
}
