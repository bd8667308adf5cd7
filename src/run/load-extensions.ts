import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, realpathSync, type Stats } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Check } from '../model/check.ts';
import type { Collector, SourceDefinition } from '../model/collector.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { Severity } from '../model/outcome.ts';
import { importsOf, type LogicDigests, loadDigests, type SourceFile, sourceDigest } from './logic-digests.ts';

export interface ExtensionOptions {
  /** Absolute paths, as the configuration names them. */
  readonly directories: readonly string[];
  /** The sources that exist; a collector speaks to one of them. */
  readonly sources: readonly SourceDefinition[];
  /** Types that shipped collectors yield; an own collector yields its own. */
  readonly shippedTypes: ReadonlySet<string>;
}
export interface Extensions {
  /** Sorted by id. */
  readonly checks: readonly Check[];
  readonly collectors: readonly Collector[];
  /** Logic digest per id of a check or collector. */
  readonly logic: ReadonlyMap<string, string>;
  /** The grade of whatever they collect or conclude. */
  readonly grade: 'entity-built-logic';
}

/** What the ids of users' own units start with, so that none can stand in for a shipped one. */
const prefix = 'own';
const ending = path.extname(import.meta.filename);
/** Two levels above `src/run/`: `src/`, `collectors/` and `checks/` of the running copy, as sources or built. */
const runningCopy = path.join(import.meta.dirname, '../..');

interface Unit {
  readonly kind: 'check' | 'collector';
  readonly id: string;
  readonly file: string;
  /** Where it stands in the graph of sources: `own/checks/github/readme-exists.ts`. */
  readonly place: string;
}

/**
 * Loads users' own collectors and checks: TypeScript, without a build, from the directories the configuration names and nowhere
 * else. It is trusted code, run with everything this process may do; what is refused here keeps others from slipping theirs in.
 *
 * A directory holds `checks/<source>/<check>.ts` and `collectors/<source>/<dataset>/{collector,resource}.ts`; the id is that path
 * behind `own/`. Units import `proofline/authoring`, `proofline/resources/<source>/<dataset>`, `node:crypto` and files of their own
 * directory: everything that their logic digest covers.
 * @throws ProoflineError `extension-refused` with every problem found.
 */
export async function loadExtensions(options: ExtensionOptions): Promise<Extensions> {
  if (options.directories.length === 0) return { checks: [], collectors: [], logic: new Map(), grade: 'entity-built-logic' };
  const problems: Problem[] = [];
  const shipped = await loadDigests();
  const units: Unit[] = [];
  const files: Record<string, SourceFile> = {};
  const directories: string[] = [];
  for (const named of new Set(options.directories)) {
    const directory = openDirectory(named, problems);
    if (directory === undefined) continue;
    directories.push(directory);
    for (const file of sourcesIn(directory, problems)) {
      const place = `${prefix}/${path.relative(directory, file).split(path.sep).join('/')}`;
      const unit = unitAt(file, place, problems);
      if (unit) units.push(unit);
      if (Object.hasOwn(files, place)) problems.push({ file, message: `another configured directory holds ${place} as well` });
      files[place] = await readOwnSource(file, place, directory, shipped, problems);
    }
  }
  for (const [place, source] of Object.entries(files)) {
    for (const target of source.imports.filter((one) => one.startsWith(`${prefix}/`) && !Object.hasOwn(files, one))) {
      problems.push({ path: place, message: `imports ${target}: tests, declarations, hidden folders and node_modules are not loaded` });
    }
  }
  // Nothing is run before everything that could be refused without running it has been looked at.
  refuseIf(problems);

  const loaded = await importAll(units, directories, problems);
  const checks: Check[] = [];
  const collectors: Collector[] = [];
  const logic = new Map<string, string>();
  const digests = shipped.with(files);
  for (const [unit, exported] of loaded) {
    const found = unit.kind === 'check' ? problemsOfCheck(unit, exported) : problemsOfCollector(unit, exported, options);
    problems.push(...found.map((message) => ({ file: unit.file, message })));
    if (found.length > 0) continue;
    if (unit.kind === 'check') checks.push(exported as Check);
    else collectors.push(exported as Collector);
    logic.set(unit.id, digests.of(unit.place));
  }
  problems.push(...typesYieldedTwice(collectors));
  refuseIf(problems);
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
  return { checks: checks.sort(byId), collectors: collectors.sort(byId), logic, grade: 'entity-built-logic' };
}

function refuseIf(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new ProoflineError('extension-refused', 'own collectors and checks were not loaded', { problems });
}

function openDirectory(named: string, problems: Problem[]): string | undefined {
  if (!path.isAbsolute(named)) throw new TypeError(`${named} is not an absolute path`);
  let directory: string;
  try {
    directory = realpathSync(named);
  } catch {
    problems.push({ file: named, message: 'there is no such directory' });
    return undefined;
  }
  const stats = lstatSync(directory);
  if (!stats.isDirectory()) {
    problems.push({ file: named, message: 'is not a directory' });
    return undefined;
  }
  if (directory.split(path.sep).includes('node_modules')) {
    problems.push({
      file: named,
      message: 'lies under node_modules, where Node runs no TypeScript: copy the directory out of it and name that',
    });
    return undefined;
  }
  // Whoever may write here, or replace a directory on the way here, decides what runs.
  for (let at = directory; ; at = path.dirname(at)) {
    const writers = at === directory ? writersOf(lstatSync(at)) : strangersIn(lstatSync(at));
    if (writers !== undefined) problems.push({ file: at, message: writers });
    if (at === path.dirname(at)) return directory;
  }
}

/** Every .ts file below, refusing whatever somebody else could change. */
function sourcesIn(directory: string, problems: Problem[]): string[] {
  const found: string[] = [];
  const entries: Dirent[] = readdirSync(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(directory, entry.name);
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    if (entry.isSymbolicLink()) {
      problems.push({ file, message: 'is a symbolic link; own code lies in the directory the configuration names' });
      continue;
    }
    if (!entry.isDirectory() && !(entry.isFile() && entry.name.endsWith('.ts'))) continue;
    const writers = writersOf(lstatSync(file));
    if (writers !== undefined) problems.push({ file, message: writers });
    if (entry.isDirectory()) found.push(...sourcesIn(file, problems));
    else if (!/\.(?:test|d)\.ts$/.test(entry.name)) found.push(file);
  }
  return found;
}

const groupMayWrite = 0o020;
const othersMayWrite = 0o002;
const sticky = 0o1000;

function writersOf(stats: Stats): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (stats.uid !== user && stats.uid !== 0) return 'belongs to another user, who could change what runs';
  if ((stats.mode & othersMayWrite) !== 0) return 'can be written by every user of this machine: chmod o-w';
  if ((stats.mode & groupMayWrite) !== 0) return 'can be written by its group: chmod g-w';
  return undefined;
}
function strangersIn(stats: Stats): string | undefined {
  if (process.getuid === undefined || (stats.mode & sticky) !== 0) return undefined;
  return (stats.mode & othersMayWrite) === 0
    ? undefined
    : 'can be written by every user of this machine, who could replace what lies below: chmod o-w';
}

function unitAt(file: string, place: string, problems: Problem[]): Unit | undefined {
  const [, folder, source, ...rest] = place.split('/');
  const name = rest.join('/');
  if (folder === 'checks' && source !== undefined && rest.length === 1 && name.endsWith('.ts')) {
    return { kind: 'check', id: `${prefix}/${source}/${name.slice(0, -'.ts'.length)}`, file, place };
  }
  if (folder === 'collectors' && rest.length === 2 && rest[1] === 'collector.ts') {
    return { kind: 'collector', id: `${prefix}/${source}/${rest[0]}`, file, place };
  }
  if (folder === 'checks') {
    problems.push({ file, message: 'is no check: a check is one file, checks/<source>/<check>.ts' });
  } else if (path.basename(file) === 'collector.ts') {
    problems.push({ file, message: 'is no collector: a collector is collectors/<source>/<dataset>/collector.ts' });
  }
  return undefined;
}

async function readOwnSource(
  file: string,
  place: string,
  directory: string,
  shipped: LogicDigests,
  problems: Problem[],
): Promise<SourceFile> {
  const text = readFileSync(file, 'utf8');
  const imports = new Set<string>();
  for (const specifier of await importsInOwn(text, file, problems)) {
    if (specifier === 'node:crypto') continue;
    if (specifier === undefined) {
      problems.push({ file, message: 'imports something whose name only running it tells; the logic digest could not cover it' });
      continue;
    }
    if (specifier.startsWith('.')) {
      const target = path.resolve(path.dirname(file), specifier);
      const inside = path.relative(directory, target);
      if (inside.startsWith('..') || path.isAbsolute(inside)) {
        problems.push({ file, message: `imports '${specifier}' from outside the directory the configuration names` });
      } else if (!specifier.endsWith('.ts')) {
        problems.push({ file, message: `imports '${specifier}': own code is TypeScript, and its imports end in .ts` });
      } else if (!existsSync(target)) {
        problems.push({ file, message: `imports '${specifier}', which is not there` });
      } else {
        imports.add(path.posix.join(path.posix.dirname(place), specifier));
      }
      continue;
    }
    const source = shippedPlaceOf(specifier);
    if (source !== undefined && Object.hasOwn(shipped.graph.files, source)) {
      imports.add(source);
    } else if (source !== undefined) {
      problems.push({ file, message: `imports '${specifier}', which proofline does not have; proofline catalog collectors lists them` });
    } else {
      problems.push({
        file,
        message: `imports '${specifier}'; own units import proofline/authoring, proofline/resources/<source>/<dataset>, node:crypto and files of their directory, which is what their logic digest covers`,
      });
    }
  }
  return { sha256: sourceDigest(text), imports: [...imports].sort(), packages: [] };
}

async function importsInOwn(text: string, file: string, problems: Problem[]): Promise<(string | undefined)[]> {
  try {
    return await importsOf(text, file);
  } catch (error) {
    const line = Number(/:(\d+):\d+$/.exec(error instanceof Error ? error.message : '')?.[1]);
    problems.push({ file, ...(line > 0 ? { line } : {}), message: 'is not TypeScript that can be read' });
    return [];
  }
}

/** `proofline/resources/aws/s3-buckets` -> `collectors/aws/s3-buckets/resource.ts`. */
function shippedPlaceOf(specifier: string): string | undefined {
  if (specifier === 'proofline/authoring') return 'src/authoring.ts';
  const dataset = /^proofline\/resources\/([a-z0-9-]+\/[a-z0-9-]+)$/.exec(specifier)?.[1];
  return dataset === undefined ? undefined : `collectors/${dataset}/resource.ts`;
}

async function importAll(units: readonly Unit[], directories: readonly string[], problems: Problem[]): Promise<[Unit, unknown][]> {
  const within = (url: string) =>
    url.startsWith('file:') && directories.some((directory) => fileURLToPath(url).startsWith(directory + path.sep));
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const place = context.parentURL !== undefined && within(context.parentURL) ? shippedPlaceOf(specifier) : undefined;
      if (place !== undefined) {
        const file = path.join(runningCopy, place.slice(0, -'.ts'.length) + ending);
        return { url: pathToFileURL(file).href, shortCircuit: true };
      }
      const resolved = next(specifier, context);
      // Said here, so that no package.json beside own code decides how it is read.
      return within(resolved.url) && resolved.url.endsWith('.ts') ? { ...resolved, format: 'module-typescript' } : resolved;
    },
  });
  try {
    const loaded: [Unit, unknown][] = [];
    for (const unit of units) {
      try {
        const exported: unknown = await import(pathToFileURL(unit.file).href);
        loaded.push([unit, Namespace.parse(exported).default]);
      } catch (error) {
        problems.push(problemOfImport(unit.file, error));
      }
    }
    return loaded;
  } finally {
    hooks.deregister();
  }
}
const Namespace = z.looseObject({ default: z.unknown().optional() });

function problemOfImport(file: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return { file, message: `holds TypeScript that is more than types (enum, namespace, parameter property): ${message}` };
  }
  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX' || error instanceof SyntaxError)
    return { file, message: `is not valid TypeScript: ${message}` };
  return { file, message: `failed while it was loaded: ${message}` };
}

const isFunction = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'must be a function');
const isShape = z.record(
  z.string(),
  z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'must be a zod type'),
);
const ResourceTypeLike = z.looseObject({ type: z.string(), title: z.string(), shape: isShape, aggregate: z.boolean(), draft: isFunction });
const Example = z.record(z.string(), z.looseObject({ id: z.string(), display: z.string() }));
const CheckLike = z.looseObject({
  id: z.string(),
  claim: z.string().min(1),
  subject: ResourceTypeLike,
  appliesTo: isFunction.optional(),
  severity: Severity,
  rationale: z.string().min(1),
  remediation: z.looseObject({ console: z.string(), cli: z.string(), terraform: z.string() }),
  references: z.array(z.string()),
  parameters: z
    .custom<z.ZodObject>((value) => value instanceof z.ZodObject, 'must be a z.object of proofline/authoring')
    .refine((value) => value.safeParse({}).success, 'must give every parameter a default'),
  test: isFunction,
  examples: z.looseObject({
    pass: Example.refine((value) => Object.keys(value).length > 0, 'must hold an example that passes'),
    fail: Example.refine(
      (value) => Object.keys(value).length > 0,
      'must hold an example that fails; a check that cannot fail says nothing',
    ),
  }),
});
const CollectorLike = z.looseObject({
  id: z.string(),
  title: z.string().min(1),
  kind: z.enum(['state', 'roster', 'events']),
  scope: z.enum(['account', 'region', 'organisation']),
  yields: z.array(ResourceTypeLike).min(1),
  permissions: z.array(z.string()).min(1),
  items: z.record(z.string(), z.looseObject({ keep: z.array(z.string()).min(1) })),
  collect: isFunction,
  normalise: isFunction,
});

function issuesOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.length === 0 ? 'the default export' : issue.path.join('.')}: ${issue.message}`);
}

function problemsOfCheck(unit: Unit, exported: unknown): string[] {
  const parsed = CheckLike.safeParse(exported);
  if (!parsed.success) return issuesOf(parsed.error);
  return parsed.data.id === unit.id ? [] : [`id: is '${parsed.data.id}', and its place says '${unit.id}'`];
}

function problemsOfCollector(unit: Unit, exported: unknown, options: ExtensionOptions): string[] {
  const parsed = CollectorLike.safeParse(exported);
  if (!parsed.success) return issuesOf(parsed.error);
  const { id, yields, permissions, items } = parsed.data;
  const kind = unit.id.split('/')[1];
  const source = options.sources.find((candidate) => candidate.kind === kind);
  const kinds = options.sources.map((candidate) => candidate.kind).join(', ');
  return [
    ...(id === unit.id ? [] : [`id: is '${id}', and its place says '${unit.id}'`]),
    ...(source ? [] : [`there is no source '${kind}'; there are ${kinds}`]),
    ...yields.flatMap(({ type }) =>
      source && (options.shippedTypes.has(type) || !type.startsWith(`${kind}.${prefix}.`))
        ? [`yields: '${type}' must start with '${kind}.${prefix}.', so that it is never taken for what a shipped collector saw`]
        : [],
    ),
    ...(source ? Object.keys(items) : []).flatMap((operation) => {
      const permission = source?.permissionFor(operation);
      if (permission === undefined) return [`items: the client of ${kind} has no operation '${operation}'`];
      return permissions.includes(permission) ? [] : [`permissions: '${operation}' needs '${permission}'`];
    }),
  ];
}

function typesYieldedTwice(collectors: readonly Collector[]): Problem[] {
  const first = new Map<string, string>();
  return collectors.flatMap((collector) =>
    collector.yields.flatMap(({ type }) => {
      const other = first.get(type);
      first.set(type, other ?? collector.id);
      return other === undefined ? [] : [{ path: collector.id, message: `yields '${type}', and so does ${other}` }];
    }),
  );
}
