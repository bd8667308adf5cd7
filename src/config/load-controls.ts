import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Check } from '../model/check.ts';
import { Control } from '../model/control.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { LibraryFile, OwnControlsFile } from './control-file.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import type { Frameworks } from './frameworks.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath, type YamlSource } from './read-yaml.ts';
import type { UncollectedType } from './resource-types.ts';

/** What controls may refer to: everything that is shipped or loaded from the user's own directories. */
export interface ControlCatalog {
  readonly checks: readonly Pick<Check, 'id' | 'parameters'>[];
  /** Resource types that some collector yields. */
  readonly collectedTypes: readonly string[];
  readonly uncollectedTypes: readonly UncollectedType[];
  readonly frameworks: Frameworks;
}

/** One wording of a control, and when it was in force. */
export interface ControlVersion {
  readonly control: Control;
  /** Date from which it applies; null for a library control that nobody has dated. */
  readonly from: string | null;
  /** Date from which the next one applies; null while it is the last. */
  readonly to: string | null;
  readonly because: string | null;
  readonly file: string;
  readonly line: number;
}
export interface LoadedControl {
  /** The version in force on the day asked for. */
  readonly control: Control;
  /** `library`: in our words; `changed`: a library control the entity's file speaks about; `own`: added by the entity. */
  readonly origin: 'library' | 'changed' | 'own';
  readonly versions: readonly ControlVersion[];
}

interface Entry {
  readonly source: YamlSource;
  readonly path: YamlPath;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The links of a control to one framework, each with what kind of link it is. */
export function linksOf(control: Control, framework: 'soc2' | 'soc1'): { id: string; as: 'primary' | 'supporting'; because?: string }[] {
  return control.satisfies[framework].map((link) =>
    typeof link === 'string'
      ? { id: link, as: 'primary' }
      : { id: link.id, as: link.as, ...(link.because === undefined ? {} : { because: link.because }) },
  );
}
/** The checks of a control with the parameters it sets. */
export function checksOf(control: Control): { check: string; parameters: Readonly<Record<string, unknown>> }[] {
  return control.checks.map((use) =>
    typeof use === 'string' ? { check: use, parameters: {} } : { check: use.check, parameters: use.parameters },
  );
}

class ReferenceCheck {
  readonly problems: Problem[] = [];
  readonly #checks: ReadonlyMap<string, Pick<Check, 'id' | 'parameters'>>;
  readonly #types: ReadonlySet<string>;
  readonly #known: Readonly<Record<'soc2' | 'soc1', ReadonlySet<string>>>;
  constructor(catalog: ControlCatalog) {
    this.#checks = new Map(catalog.checks.map((check) => [check.id, check]));
    this.#types = new Set([...catalog.collectedTypes, ...catalog.uncollectedTypes.map(({ type }) => type)]);
    this.#known = {
      soc2: new Set(catalog.frameworks.criteria.map(({ id }) => id)),
      soc1: new Set(catalog.frameworks.objectives.map(({ id }) => id)),
    };
  }
  #say(entry: Entry, path: YamlPath, message: string): void {
    const whole = [...entry.path, ...path];
    this.problems.push({ file: entry.source.file, line: entry.source.lineOf(whole), path: pathText(whole), message });
  }
  /** Looks up every id an entry names; `control` is the entry in its checked shape. */
  check(entry: Entry, control: Partial<Pick<Control, 'satisfies' | 'checks' | 'covers' | 'tolerance'>>): void {
    for (const framework of ['soc2', 'soc1'] as const) {
      const seen = new Set<string>();
      for (const [index, link] of (control.satisfies?.[framework] ?? []).entries()) {
        const at = ['satisfies', framework, index];
        const id = typeof link === 'string' ? link : link.id;
        if (!this.#known[framework].has(id)) {
          const what = framework === 'soc2' ? 'SOC 2 criterion' : 'control objective';
          this.#say(entry, at, `there is no ${what} "${id}"${didYouMean(id, this.#known[framework])}`);
        }
        if (seen.has(id)) this.#say(entry, at, `"${id}" is named twice`);
        seen.add(id);
        if (typeof link !== 'string' && link.as === 'supporting' && link.because === undefined) {
          this.#say(entry, at, `a supporting link says why: add \`because\` to "${id}"`);
        }
      }
    }
    for (const [index, use] of (control.checks ?? []).entries()) this.#checkUse(entry, index, use);
    for (const [index, type] of (control.covers ?? []).entries()) {
      if (!this.#types.has(type))
        this.#say(entry, ['covers', index], `there is no resource type "${type}"${didYouMean(type, this.#types)}`);
    }
    const limit = control.tolerance?.detectAndFix;
    if (limit !== undefined && !z.iso.duration().safeParse(limit).success) {
      this.#say(entry, ['tolerance', 'detectAndFix'], 'expected a duration such as PT24H or P2D');
    }
  }
  #checkUse(entry: Entry, index: number, use: Control['checks'][number]): void {
    const id = typeof use === 'string' ? use : use.check;
    const check = this.#checks.get(id);
    if (check === undefined) {
      const ids = [...this.#checks.keys()];
      this.#say(
        entry,
        typeof use === 'string' ? ['checks', index] : ['checks', index, 'check'],
        `there is no check "${id}"${didYouMean(id, ids)}`,
      );
      return;
    }
    if (typeof use === 'string') return;
    const parameters = z.strictObject(check.parameters.shape);
    const parsed = parameters.safeParse(use.parameters);
    if (parsed.success) return;
    this.problems.push(...explainIssues(parameters, entry.source, parsed.error.issues, [...entry.path, 'checks', index, 'parameters']));
  }
}

function readLibrary(library: string): { entries: Map<string, { entry: Entry; control: Control }>; problems: Problem[] } {
  const entries = new Map<string, { entry: Entry; control: Control }>();
  const problems: Problem[] = [];
  const directory = join(library, 'controls');
  for (const name of readdirSync(directory)
    .filter((file) => file.endsWith('.yaml'))
    .sort()) {
    const { source, problems: syntax } = readYaml(join(directory, name));
    const parsed = LibraryFile.safeParse(source.value);
    problems.push(...syntax, ...(parsed.success ? [] : explainIssues(LibraryFile, source, parsed.error.issues)));
    if (!parsed.success) continue;
    for (const [index, control] of parsed.data.controls.entries()) {
      const entry = { source, path: ['controls', index], fields: control };
      if (entries.has(control.id)) {
        problems.push({
          file: source.file,
          line: source.lineOf(entry.path),
          path: pathText(entry.path),
          message: `the id "${control.id}" is taken`,
        });
      }
      entries.set(control.id, { entry, control });
    }
  }
  return { entries, problems };
}

function readOwn(files: readonly string[]): { entries: Entry[]; problems: Problem[] } {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    let read: ReturnType<typeof readYaml>;
    try {
      read = readYaml(file);
    } catch (error) {
      if (!(error instanceof ProoflineError)) throw error;
      problems.push(...error.problems);
      continue;
    }
    problems.push(...read.problems);
    if (read.problems.length > 0) continue;
    const parsed = OwnControlsFile.safeParse(read.source.value);
    if (!parsed.success) {
      problems.push(...explainIssues(OwnControlsFile, read.source, parsed.error.issues));
      continue;
    }
    for (const [index, fields] of parsed.data.controls.entries()) entries.push({ source: read.source, path: ['controls', index], fields });
  }
  return { entries, problems };
}

/**
 * The shipped library with the entity's own files on top: adoptions, changes and additions, each dated and with a reason.
 * @param options.on the day asked about (ISO date): later versions are known and not yet in force.
 * @throws ProoflineError `configuration` like `readControls`
 */
export function loadControls(options: ControlFiles & { readonly on: string }): readonly LoadedControl[] {
  return readControls(options)(options.on);
}

export interface ControlFiles {
  readonly library: string;
  readonly files: readonly string[];
  readonly catalog: ControlCatalog;
}

/**
 * Reads the control files once and answers for any day (ISO date): with the same list while the same versions are in force.
 * @throws ProoflineError `configuration` with every problem of every file, with line: unknown ids of checks, criteria, objectives
 * and resource types, unknown or unfit parameters, a supporting link without a reason, two versions of one control on one day.
 */
export function readControls(options: ControlFiles): (on: string) => readonly LoadedControl[] {
  const library = readLibrary(options.library);
  const own = readOwn(options.files);
  const problems = [...library.problems, ...own.problems];
  const references = new ReferenceCheck(options.catalog);
  for (const { entry, control } of library.entries.values()) references.check(entry, control);

  const histories = new Map<string, ControlVersion[]>();
  for (const { entry, control } of library.entries.values()) {
    const line = entry.source.lineOf(entry.path);
    histories.set(control.id, [{ control, from: null, to: null, because: null, file: entry.source.file, line }]);
  }
  const dayOf = (entry: Entry) => String(entry.fields['from']);
  for (const entry of [...own.entries].sort((a, b) => dayOf(a).localeCompare(dayOf(b)))) {
    const id = String(entry.fields['id']);
    const line = entry.source.lineOf(entry.path);
    const { own: standsAlone, ...fields } = entry.fields;
    const known = histories.get(id) ?? [];
    const history = standsAlone === true && known.at(-1)?.from === null ? [] : known;
    const before = history.at(-1);
    const merged = Control.safeParse({ ...before?.control, ...fields });
    if (!merged.success) {
      const whole = { ...entry.source, lineOf: () => line, value: { ...before?.control, ...fields } };
      const hint =
        before === undefined
          ? ` ("${id}" is not in the library${didYouMean(id, library.entries.keys())}: a control of your own is given whole)`
          : '';
      for (const problem of explainIssues(Control, whole, merged.error.issues)) {
        problems.push({ ...problem, path: `${pathText(entry.path)}.${problem.path ?? ''}`, message: `${problem.message}${hint}` });
      }
      continue;
    }
    references.check(entry, { ...entry.fields, ...pick(merged.data, entry.fields) });
    const from = dayOf(entry);
    if (before?.from === from) {
      problems.push({
        file: entry.source.file,
        line,
        path: pathText(entry.path),
        message: `"${id}" has two versions from ${from} on (the other: ${before.file}:${before.line})`,
      });
      continue;
    }
    if (before !== undefined) history[history.length - 1] = { ...before, to: from };
    history.push({ control: merged.data, from, to: null, because: String(entry.fields['because']), file: entry.source.file, line });
    histories.set(id, history);
  }
  problems.push(...references.problems);
  if (problems.length > 0) {
    const ordered = orderProblems(problems);
    const files = new Set(ordered.map(({ file }) => file)).size;
    throw new ProoflineError(
      'configuration',
      `the controls have ${ordered.length === 1 ? '1 problem' : `${ordered.length} problems`} in ${files === 1 ? '1 file' : `${files} files`}`,
      {
        problems: ordered,
      },
    );
  }
  const known = new Map<string, readonly LoadedControl[]>();
  return (on) => {
    const numbers: number[] = [];
    const inForce = [...histories.values()].flatMap((versions) => {
      const number = versions.findLastIndex(({ from }) => from === null || from <= on);
      numbers.push(number);
      const current = versions[number];
      if (current === undefined) return [];
      const origin = versions[0]?.from !== null ? 'own' : versions.length > 1 ? 'changed' : 'library';
      return [{ control: current.control, origin, versions }] satisfies LoadedControl[];
    });
    const same = known.get(numbers.join()) ?? inForce;
    known.set(numbers.join(), same);
    return same;
  };
}

/** Of a checked control the fields an entry itself gives: only those can be wrong in that entry. */
function pick(
  control: Control,
  fields: Readonly<Record<string, unknown>>,
): Partial<Pick<Control, 'satisfies' | 'checks' | 'covers' | 'tolerance'>> {
  return {
    ...(fields['satisfies'] === undefined ? {} : { satisfies: control.satisfies }),
    ...(fields['checks'] === undefined ? {} : { checks: control.checks }),
    ...(fields['covers'] === undefined ? {} : { covers: control.covers }),
    ...(fields['tolerance'] === undefined ? {} : { tolerance: control.tolerance }),
  };
}
