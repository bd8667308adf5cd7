import { hash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { init, parse } from 'es-module-lexer';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import { digestOf } from '../seal/digest.ts';

/** One first-party source file: its LF-normalised text, and what it imports at run time. */
const SourceFile = z.strictObject({
  /** 64 hex digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** First-party files, relative to the root, sorted. */
  imports: z.array(z.string()),
  /** Packages, sorted. */
  packages: z.array(z.string()),
});
/** What digests are computed from: made from the sources of a checkout, and carried by a built package in place of them. */
export const SourceGraph = z.strictObject({
  files: z.record(z.string(), SourceFile),
  /** The pinned version of every run-time dependency that is imported. */
  versions: z.record(z.string(), z.string()),
});
export type SourceFile = z.infer<typeof SourceFile>;
export type SourceGraph = z.infer<typeof SourceGraph>;

/** The canonical list behind a digest, for whoever wants to compare file by file. */
export interface LogicParts {
  readonly files: readonly (readonly [path: string, sha256: string])[];
  readonly packages: readonly (readonly [name: string, version: string])[];
}

/** Says of a unit which logic it runs: changes when, and only when, a file or a package it imports at run time changes. */
export class LogicDigests {
  readonly graph: SourceGraph;
  readonly #known = new Map<string, string>();

  constructor(graph: SourceGraph) {
    this.graph = graph;
  }

  /** `sha256:...` of the parts of a unit (`checks/aws/root-user-has-mfa.ts`). Throws TypeError for a file that is not there. */
  of(unit: string): string {
    const digest = this.#known.get(unit) ?? digestOf(this.partsOf(unit));
    this.#known.set(unit, digest);
    return digest;
  }

  /** Everything a unit imports at run time, sorted by path and by name. */
  partsOf(unit: string): LogicParts {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const open = rootsOf(unit);
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const known = Object.hasOwn(this.graph.files, file) ? this.graph.files[file] : undefined;
      if (!known) throw new TypeError(`${file} is not among the sources of ${unit}`);
      open.push(...known.imports);
      for (const name of known.packages) packages.add(name);
    }
    return {
      files: [...seen].sort().map((file) => [file, this.graph.files[file]?.sha256 ?? '']),
      packages: [...packages].sort().map((name) => {
        const version = this.graph.versions[name];
        if (version === undefined) throw new TypeError(`${unit} imports ${name}, which is not a run-time dependency`);
        return [name, version];
      }),
    };
  }

  /** The same digests with more files known, for units that are not shipped. */
  with(files: Readonly<Record<string, SourceFile>>): LogicDigests {
    return new LogicDigests({ files: { ...this.graph.files, ...files }, versions: this.graph.versions });
  }
}

/**
 * A collector imports its client as a type only, and yet it is the client that turns pages: what a collector runs is itself and
 * everything its source's definition builds.
 */
function rootsOf(unit: string): string[] {
  const source = /^((?:.*\/)?collectors\/[^/]+)\/[^/]+\/collector\.ts$/.exec(unit)?.[1];
  return source === undefined ? [unit] : [unit, `${source.replace(/^.*\/collectors\//, 'collectors/')}/source.ts`];
}

/** `src/run/x.ts` in a checkout, `dist/src/run/x.js` in a package: two levels up lie src, collectors and checks, as sources or built. */
const runningCopy = path.join(import.meta.dirname, '../..');
const built = import.meta.filename.endsWith('.js');

let running: Promise<LogicDigests> | undefined;

/**
 * The digests of the running copy: from its sources, or, where it was built, from the list that was made from them.
 * @throws ProoflineError `configuration` when a built package lacks that list.
 */
export function loadDigests(): Promise<LogicDigests> {
  running ??= (built ? readGraph(path.join(runningCopy, 'digests.json')) : graphOf(runningCopy)).then((graph) => new LogicDigests(graph));
  return running;
}

async function readGraph(file: string): Promise<SourceGraph> {
  try {
    return SourceGraph.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ProoflineError('configuration', 'the installed package is damaged: its list of logic digests cannot be read', { cause });
  }
}

/** Reads what checks, collectors and sources of a checkout consist of. */
export async function graphOf(root: string): Promise<SourceGraph> {
  const open: string[] = ['src/authoring.ts'];
  for await (const file of glob(['checks/*/*.ts', 'collectors/*/*/{collector,resource}.ts', 'collectors/*/source.ts'], { cwd: root })) {
    open.push(file.split(path.sep).join('/'));
  }
  const files: Record<string, SourceFile> = {};
  while (open.length > 0) {
    const level = [...new Set(open.splice(0))].filter((file) => !Object.hasOwn(files, file));
    await Promise.all(
      level.map(async (file) => {
        const source = await readSource(path.join(root, file), (specifier) => path.posix.join(path.posix.dirname(file), specifier));
        files[file] = source;
        open.push(...source.imports);
      }),
    );
  }
  const { dependencies } = Manifest.parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
  const imported = new Set(Object.values(files).flatMap((file) => file.packages));
  return {
    files: Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))),
    versions: Object.fromEntries(Object.entries(dependencies).filter(([name]) => imported.has(name))),
  };
}
const Manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()) });

/**
 * Digests one file and finds what it imports at run time. `locate` turns a specifier that names a first-party file into its place
 * in the graph.
 */
async function readSource(file: string, locate: (specifier: string) => string): Promise<SourceFile> {
  const text = normalise(await readFile(file, 'utf8'));
  const imports = new Set<string>();
  const packages = new Set<string>();
  for (const specifier of await importsOf(text, file)) {
    if (specifier === undefined || specifier.startsWith('node:')) continue;
    if (specifier.startsWith('.')) imports.add(locate(specifier));
    else packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  }
  return { sha256: sourceDigest(text), imports: [...imports].sort(), packages: [...packages].sort() };
}

/** What a source file imports at run time, types left out; undefined stands for an import whose name only running tells. */
export async function importsOf(text: string, file: string): Promise<(string | undefined)[]> {
  await init();
  return parse(text, file)[0].flatMap((found) => {
    if (found.type === 'import-meta') return [];
    if (found.type === 'dynamic' ? found.probablyTypeOnly : found.typeOnly) return [];
    return [found.specifier ?? undefined];
  });
}

/** SHA-256 of the text with LF line ends, 64 hex digits. */
export function sourceDigest(text: string): string {
  return hash('sha256', normalise(text), 'hex');
}

function normalise(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
