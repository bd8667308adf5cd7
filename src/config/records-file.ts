import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { columnServes, columnUses, missingPart } from '../access/records/column-uses.ts';
import { expressionProblem } from '../access/records/compile-expression.ts';
import { cronProblem } from '../access/records/due-times.ts';
import { type Examination, type ExaminedTable, RecordSettings, RecordsFile } from '../access/records/examination.ts';
import { tablesOf } from '../access/records/run-examination.ts';
import type { Control } from '../model/control.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { type RecordTypeName, recordTypes } from '../model/record-types.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import type { Frameworks } from './frameworks.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath, type YamlSource } from './read-yaml.ts';
import type { TabularSource } from './tabular-settings.ts';

/** What examinations may name. */
export interface RecordsCatalog {
  readonly tabular: readonly TabularSource[];
  readonly frameworks: Pick<Frameworks, 'criteria' | 'objectives'>;
  readonly controls: readonly Pick<Control, 'id'>[];
}

interface Entry {
  readonly examination: Examination;
  readonly source: YamlSource;
  readonly path: YamlPath;
}

/**
 * The shipped examinations with the entity's own beside them or, by id, in their place. A shipped one whose tables are not there, or do not
 * give what it asks, is blocked and says why; in the entity's own file that is an error.
 * @throws ProoflineError `configuration` with every problem of every file: unknown tables, columns, controls, criteria and objectives, columns
 * of another type, expressions that do not fit, ids given twice.
 */
export function loadRecords(files: readonly string[], library: string, catalog: RecordsCatalog): RecordSettings {
  const tables = tablesKnown(catalog.tabular);
  const directory = join(library, 'records');
  const shippedFiles = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(directory, name));
  const shipped = readFiles(shippedFiles);
  const own = readFiles(files);
  const problems = [...shipped.problems, ...own.problems];
  for (const entries of [shipped.entries, own.entries]) problems.push(...takenTwice(entries));
  for (const entry of shipped.entries) problems.push(...problemsOf(entry, catalog, tables, new Set()));
  const ids = new Set(shipped.entries.map(({ examination }) => examination.id));
  const declared = new Set([...tables.keys()]);
  for (const entry of own.entries) problems.push(...problemsOf(entry, catalog, tables, declared));
  for (const { source, path, id } of own.leftOut) {
    if (!ids.has(id)) problems.push(problem(source, path, `there is no shipped examination "${id}"${didYouMean(id, ids)}`));
  }
  if (problems.length > 0) {
    const ordered = orderProblems(problems);
    throw new ProoflineError(
      'configuration',
      `the examinations of records have ${ordered.length === 1 ? '1 problem' : `${ordered.length} problems`}`,
      { problems: ordered },
    );
  }
  const without = new Set([...own.leftOut.map(({ id }) => id), ...own.entries.map(({ examination }) => examination.id)]);
  const examinations = [
    ...shipped.entries
      .filter(({ examination }) => !without.has(examination.id))
      .map(({ examination }) => ({ examination, origin: 'library' as const, blocked: blockedBy(examination, catalog.tabular, tables) })),
    ...own.entries.map(({ examination }) => ({
      examination,
      origin: 'own' as const,
      blocked: blockedBy(examination, catalog.tabular, tables),
    })),
  ].sort((left, right) => (left.examination.id < right.examination.id ? -1 : 1));
  const used = [...new Set(examinations.flatMap(({ examination }) => tablesOf(examination)))].sort();
  return RecordSettings.parse({
    tables: used.flatMap((name) => tables.get(name) ?? []),
    examinations,
    leftOut: own.leftOut.map(({ id, because }) => ({ id, because })),
  });
}

function problem(source: YamlSource, path: YamlPath, message: string): Problem {
  return { file: source.file, line: source.lineOf(path), path: pathText(path), message };
}

function readFiles(files: readonly string[]) {
  const entries: Entry[] = [];
  const leftOut: { id: string; because: string; source: YamlSource; path: YamlPath }[] = [];
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
    const { source } = read;
    problems.push(...read.problems);
    if (read.problems.length > 0) continue;
    const parsed = RecordsFile.safeParse(source.value);
    if (!parsed.success) {
      problems.push(...explainIssues(RecordsFile, source, parsed.error.issues));
      continue;
    }
    for (const [index, examination] of parsed.data.examinations.entries())
      entries.push({ examination, source, path: ['examinations', index] });
    for (const [index, one] of parsed.data.leaveOut.entries()) leftOut.push({ ...one, source, path: ['leaveOut', index, 'id'] });
  }
  return { entries, leftOut, problems };
}

function takenTwice(entries: readonly Entry[]): Problem[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const { source, path, examination } = entry;
    const before = seen.get(examination.id);
    seen.set(examination.id, before ?? entry);
    if (before === undefined) return [];
    const place = `${before.source.file}:${before.source.lineOf(before.path)}`;
    return [problem(source, [...path, 'id'], `the id "${examination.id}" is taken (${place})`)];
  });
}

/** Declared tables by `source.table`, and every kind of record by its fields: those that a table of that kind gives, optional where it may be empty. */
function tablesKnown(tabular: readonly TabularSource[]): ReadonlyMap<string, ExaminedTable> {
  const known = new Map<string, ExaminedTable>();
  for (const [name, { fields }] of Object.entries(recordTypes)) {
    const declared = tablesOfType(tabular, name);
    const columns = Object.entries<string | readonly string[]>(fields).flatMap(([field, kind]) => {
      const type = typeof kind === 'string' ? kind : 'text';
      if (type === 'list') return [];
      const optional = declared.length === 0 || declared.some(({ map, columns }) => columns[map[field] ?? field]?.optional !== false);
      return [[field, { type, optional }]];
    });
    known.set(name, { name, of: 'record-type', columns: Object.fromEntries(columns) });
  }
  for (const source of tabular) {
    for (const table of source.tables) {
      const name = `${source.name}.${table.name}`;
      const columns = Object.entries(table.columns).flatMap(([column, { type, optional }]) =>
        type === 'list' ? [] : [[column, { type, optional }]],
      );
      known.set(name, { name, of: 'table', columns: Object.fromEntries(columns) });
    }
  }
  return known;
}
function tablesOfType(tabular: readonly TabularSource[], type: string) {
  return tabular.flatMap(({ name, tables }) =>
    tables.filter((table) => table.as === type).map((table) => ({ ...table, name: `${name}.${table.name}` })),
  );
}

function problemsOf(
  { examination, source, path }: Entry,
  { frameworks, controls }: RecordsCatalog,
  tables: ReadonlyMap<string, ExaminedTable>,
  suggested: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  const say = (at: YamlPath, message: string) => problems.push(problem(source, [...path, ...at], message));
  const names = [
    ['criteria', 'SOC 2 criterion', examination.criteria, frameworks.criteria],
    ['objectives', 'control objective', examination.objectives, frameworks.objectives],
  ] as const;
  for (const [key, what, given, known] of names) {
    const ids = new Set(known.map(({ id }) => id));
    for (const [index, id] of given.entries()) if (!ids.has(id)) say([key, index], `there is no ${what} "${id}"${didYouMean(id, ids)}`);
  }
  const controlIds = new Set(controls.map(({ id }) => id));
  if (examination.control !== undefined && !controlIds.has(examination.control)) {
    say(['control'], `there is no control "${examination.control}"${didYouMean(examination.control, controlIds)}`);
  }
  const missing = missingPart(examination);
  if (missing !== undefined) say(missing.path, missing.message);
  if (!isZone(examination.zone)) say(['zone'], `"${examination.zone}" is no time zone`);
  if (examination.kind === 'calendar' && 'cron' in examination.due) {
    const wrong = cronProblem(examination.due.cron);
    if (wrong !== undefined) say(['due', 'cron'], wrong);
  }
  const unknown = new Set<string>();
  for (const name of tablesOf(examination)) {
    if (tables.has(name)) continue;
    unknown.add(name);
    const hint = didYouMean(name, suggested.size > 0 ? suggested : tables.keys());
    say([keyOf(examination, name)], `there is no table and no kind of record "${name}"${hint}`);
  }
  const { columns, expressions } = columnUses(examination);
  for (const { path: at, table, column, as } of columns) {
    const known = tables.get(table);
    if (known === undefined) continue;
    const declared = known.columns[column];
    if (declared === undefined) say(at, `${table} has no column "${column}"${didYouMean(column, Object.keys(known.columns))}`);
    else if (!columnServes(declared.type, as)) {
      say(at, `${table}.${column} is declared ${declared.type}, expected ${as === 'time' ? 'date or time' : 'decimal or integer'}`);
    }
  }
  for (const { path: at, table, text, gives } of expressions) {
    const known = tables.get(table);
    if (known === undefined) continue;
    const wrong = expressionProblem(text, new Map(Object.entries(known.columns)), gives);
    if (wrong !== undefined) say(at, `cannot be read over ${table}: ${wrong}`);
  }
  return problems;
}
/** The key under which an examination names a table. */
function keyOf(examination: Examination, table: string): string {
  if (examination.over === table) return 'over';
  return Object.entries(examination).find(([, value]) => value === table)?.[0] ?? 'due';
}
function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Why an examination cannot be carried out over what is configured; null: it can. */
function blockedBy(examination: Examination, tabular: readonly TabularSource[], tables: ReadonlyMap<string, ExaminedTable>): string | null {
  const { columns, expressions } = columnUses(examination);
  for (const name of tablesOf(examination)) {
    const known = tables.get(name);
    if (known?.of !== 'record-type') continue;
    const declared = tablesOfType(tabular, name);
    const title = recordTypes[name as RecordTypeName].title;
    if (declared.length === 0) return `no table is declared whose rows are ${name} (${title})`;
    const named = columns.filter(({ table }) => table === name).map(({ column }) => column);
    const inText = expressions.filter(({ table }) => table === name).flatMap(({ text }) => text.match(/[A-Za-z_]\w*/g) ?? []);
    const used = [...new Set([...named, ...inText.filter((word) => Object.hasOwn(known.columns, word))])].sort();
    for (const table of declared) {
      const lacking = used.filter((field) => table.columns[table.map[field] ?? field] === undefined);
      if (lacking.length > 0) return `${table.name} gives no ${lacking.join(', ')}: declare the column, or map it`;
    }
  }
  return null;
}
