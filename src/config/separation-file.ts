import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { matchesWildcard } from '../access/policy/wildcard.ts';
import { runExample } from '../access/separation/run-example.ts';
import {
  Duty,
  RuleExamples,
  SeparationRule,
  type SeparationSettings,
  type SettledDuty,
  type SettledRule,
} from '../access/separation/settings.ts';
import type { PermissionPattern } from '../model/access.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import type { Frameworks } from './frameworks.ts';
import { findLiteralSecrets } from './load-configuration.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath, type YamlSource } from './read-yaml.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const dated = {
  from: z.iso.date({ error: 'expected a date: the day from which this applies (2026-01-31)' }),
  because: Text.meta({ description: 'Why: an auditor reads it' }),
};

/** Fields of which each may be left out, without what they would be then: what is left out stays as it is. */
function open(shape: z.ZodRawShape, kept: readonly string[]): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => {
      const bare = schema instanceof z.ZodDefault ? schema.def.innerType : schema;
      return [key, bare instanceof z.ZodType && !kept.includes(key) ? bare.optional() : schema];
    }),
  );
}
const OwnDuty = z.strictObject({ ...open(Duty.shape, ['id']), id: Duty.shape.id, ...dated });
const OwnRule = z.strictObject({
  ...open(SeparationRule.shape, ['id']),
  id: SeparationRule.shape.id,
  ...dated,
  examples: RuleExamples.optional(),
});
const ShippedRule = SeparationRule.extend({ examples: RuleExamples });
type ShippedRule = z.infer<typeof ShippedRule>;

const ShippedFile = z.strictObject({
  version: z.literal(1),
  duties: z.array(Duty).default([]),
  rules: z.array(ShippedRule).default([]),
});

/** The entity's own duties and rules. With the id of a shipped one it changes it field by field; a list replaces the list. */
export const SeparationFile = z
  .strictObject({
    version: z.literal(1),
    duties: z.array(OwnDuty).default([]).meta({
      description: 'Duties of your own, and shipped ones as they are in your systems: what stands here takes the place of what is shipped',
    }),
    rules: z.array(OwnRule).default([]).meta({ description: 'Rules of your own, and changes of shipped ones by id' }),
    disable: z
      .array(z.strictObject({ rule: Text, ...dated }))
      .default([])
      .meta({ description: 'Rules that do not apply here, and why; * for any characters (PAY-*)' }),
    processes: z
      .array(z.strictObject({ name: Text, systems: z.array(Text).min(1) }))
      .default([])
      .meta({ description: 'Systems that one process runs over (tabular:payroll, aws:111122223333); none: all are one' }),
    tool: z
      .strictObject({
        operators: z.array(Text).default([]).meta({ description: 'Persons of the roster who run this tool or hold its keys' }),
        deciders: z.array(Text).default([]).meta({ description: 'Persons who decide in it beside those who are registered' }),
        controlOwners: z.array(z.strictObject({ control: Text, persons: z.array(Text).min(1) })).default([]),
      })
      .optional()
      .meta({ description: 'Who runs this tool, and who owns what it looks at' }),
  })
  .meta({ title: 'Proofline separation of duties', description: 'Duties and rules of the entity, beside the shipped ones' });

/** What duties and rules may refer to. */
export interface SeparationCatalog {
  readonly frameworks: Pick<Frameworks, 'criteria' | 'objectives'>;
  /** Names of environments of the scope file. */
  readonly environments: readonly string[];
  /** Tables that are configured, as `<source>.<table>`. */
  readonly tables: readonly string[];
  /** Ids of controls. */
  readonly controls: readonly string[];
  /** Day (2026-01-31) on which it has to hold: what applies from a later day is left out. */
  readonly on: string;
}

interface Entry<T> {
  readonly value: T;
  readonly source: YamlSource;
  readonly path: YamlPath;
}

/**
 * Duties and rules as they are sealed in the plan: the shipped ones, with the entity's own among them.
 * @param files the entity's own files, in order; a later one takes the place of an earlier one
 * @param library the shipped `config/` directory
 * @throws ProoflineError `configuration` with every problem at once: unknown duties, criteria, objectives, environments, tables and controls, ids
 * given twice, and examples in which a rule does not find what it should
 */
export function loadSeparation(files: readonly string[], library: string, catalog: SeparationCatalog): SeparationSettings {
  const problems: Problem[] = [];
  const shipped = readShipped(library, problems);
  const own = files.flatMap((file) => readFile(file, SeparationFile, problems) ?? []);
  const duties = new Map(shipped.duties.map((entry) => [entry.value.id, entry]));
  const rules = new Map(shipped.rules.map((entry) => [entry.value.id, entry]));
  const origins = new Map<string, Pick<SettledRule, 'origin' | 'because'>>();
  const ownDuties = new Set<string>();
  const ownExamples = new Set<string>();
  const shippedDuties = shipped.duties.map(({ value }) => value);
  const disabled: SeparationSettings['disabled'] = [];
  const say = ({ source, path }: Pick<Entry<unknown>, 'source' | 'path'>, message: string, ...inner: YamlPath) => {
    const whole = [...path, ...inner];
    problems.push({ file: source.file, line: source.lineOf(whole), path: pathText(whole), message });
  };

  for (const { data, source } of own) {
    const taken = new Set<string>();
    const takenTwice = (entry: Entry<unknown>, id: string) => {
      if (taken.has(id)) say(entry, `the id "${id}" is taken`, 'id');
      taken.add(id);
    };
    for (const entry of entriesOf(data.duties, source, 'duties')) {
      const { from, because: _, ...given } = entry.value;
      takenTwice(entry, given.id);
      const duty = whole(Duty, duties.get(given.id)?.value, given, entry, problems);
      if (duty === undefined) continue;
      if (Object.hasOwn(given, 'anyOf') || !duties.has(duty.id)) nameNothing(entry, duty, catalog, say);
      if (from > catalog.on) continue;
      duties.set(duty.id, { ...entry, value: duty });
      ownDuties.add(duty.id);
    }
    for (const entry of entriesOf(data.rules, source, 'rules')) {
      const { from, because, examples, ...given } = entry.value;
      takenTwice(entry, given.id);
      const former = rules.get(given.id)?.value;
      if (examples === undefined && former === undefined)
        say(entry, 'a rule of your own needs examples: one in which it finds a conflict, and one in which it finds none', 'examples');
      const rule = whole(SeparationRule, former === undefined ? undefined : SeparationRule.strip().parse(former), given, entry, problems);
      if (rule === undefined || from > catalog.on) continue;
      const isOwn = former === undefined || origins.get(rule.id)?.origin === 'own';
      origins.set(rule.id, { origin: isOwn ? 'own' : 'changed', because });
      if (examples !== undefined) ownExamples.add(rule.id);
      rules.set(rule.id, { ...entry, value: { ...rule, examples: examples ?? former?.examples ?? { conflict: {}, separate: {} } } });
    }
  }
  for (const { data, source } of own) {
    for (const entry of entriesOf(data.disable, source, 'disable')) {
      const { rule: named, from, because } = entry.value;
      const meant = [...rules.values()].filter(({ value }) => matchesWildcard(named, value.id));
      if (meant.length === 0) say(entry, `there is no rule "${named}"${didYouMean(named, rules.keys())}`, 'rule');
      for (const { value } of meant) {
        if (disabled.some(({ id }) => id === value.id)) say(entry, `"${value.id}" is disabled twice`, 'rule');
        else if (from <= catalog.on) disabled.push({ id: value.id, title: value.title, from, because });
      }
    }
    for (const [index, { control }] of (data.tool?.controlOwners ?? []).entries()) {
      if (!catalog.controls.includes(control))
        say(
          { source, path: ['tool', 'controlOwners', index] },
          `there is no control "${control}"${didYouMean(control, catalog.controls)}`,
          'control',
        );
    }
  }
  const off = new Set(disabled.map(({ id }) => id));
  const used = [...rules.values()].filter(({ value }) => !off.has(value.id));
  const known = new Map([...duties].map(([id, { value }]) => [id, value]));
  for (const entry of used) {
    checkRule(entry, known, catalog, say);
    // Shipped examples speak of shipped names: they show that the rule finds what it should, whatever a duty is called here.
    runExamples(entry, ownExamples.has(entry.value.id) ? [...known.values()] : shippedDuties, say);
  }
  if (problems.length > 0) {
    const ordered = orderProblems(problems);
    const count = ordered.length === 1 ? '1 problem' : `${ordered.length} problems`;
    throw new ProoflineError('configuration', `the separation of duties has ${count}`, { problems: ordered });
  }
  const notes: string[] = [];
  const needed = new Set(used.flatMap(({ value: { allOf, doneAs } }) => [...allOf, ...(doneAs ?? [])]));
  const tools = own.flatMap(({ data }) => data.tool ?? []);
  return {
    v: 1,
    duties: [...known.values()]
      .filter(({ id }) => needed.has(id))
      .map((duty) => (ownDuties.has(duty.id) ? duty : widened(duty, catalog, notes)))
      .sort(byId),
    rules: used
      .map(({ value: { examples: _, ...rule } }) => ({
        ...rule,
        ...(origins.get(rule.id) ?? { origin: 'shipped' as const, because: null }),
      }))
      .sort(byId),
    disabled: disabled.sort(byId),
    processes: own.flatMap(({ data }) => data.processes),
    tool:
      tools.length === 0
        ? null
        : {
            operators: [...new Set(tools.flatMap(({ operators }) => operators))].sort(),
            deciders: [...new Set(tools.flatMap(({ deciders }) => deciders))].sort(),
            controlOwners: tools.flatMap(({ controlOwners }) => controlOwners),
          },
    notes: [...new Set(notes)].sort(),
  };
}

function readShipped(library: string, problems: Problem[]) {
  const directory = join(library, 'sod');
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => readFile(join(directory, name), ShippedFile, problems) ?? []);
  return {
    duties: files.flatMap(({ data, source }) => entriesOf(data.duties, source, 'duties')),
    rules: files.flatMap(({ data, source }) => entriesOf(data.rules, source, 'rules')),
  };
}

function readFile<S extends z.ZodType>(file: string, shape: S, problems: Problem[]): { data: z.output<S>; source: YamlSource } | undefined {
  const { source, problems: syntax } = readYaml(file);
  problems.push(...syntax);
  if (syntax.length > 0) return undefined;
  problems.push(...findLiteralSecrets(source));
  const parsed = shape.safeParse(source.value);
  if (parsed.success) return { data: parsed.data, source };
  problems.push(...explainIssues(shape, source, parsed.error.issues));
  return undefined;
}

function entriesOf<T>(list: readonly T[], source: YamlSource, key: string): Entry<T>[] {
  return list.map((value, index) => ({ value, source, path: [key, index] }));
}

type Say = (entry: Pick<Entry<unknown>, 'source' | 'path'>, message: string, ...inner: YamlPath) => void;

/** A pattern of the entity's own that can never find anything, since what it names is not there. */
function nameNothing(entry: Entry<unknown>, duty: Duty, { environments, tables }: SeparationCatalog, say: Say): void {
  if (duty.anyOf.length === 0 && duty.acts.length === 0)
    say(entry, 'a duty is held by a right (anyOf) or is a part in what happens (acts): neither is given');
  for (const [index, pattern] of duty.anyOf.entries()) {
    if (pattern.system === 'application' && !tables.includes(pattern.table))
      say(entry, `there is no table "${pattern.table}"${didYouMean(pattern.table, tables)}`, 'anyOf', index, 'table');
    if (pattern.system !== 'aws') continue;
    for (const [place, name] of (pattern.environments ?? []).entries()) {
      if (!environments.includes(name))
        say(entry, `the scope file has no environment "${name}"${didYouMean(name, environments)}`, 'anyOf', index, 'environments', place);
    }
  }
}

function checkRule(entry: Entry<ShippedRule>, duties: ReadonlyMap<string, Duty>, catalog: SeparationCatalog, say: Say): void {
  const { value: rule } = entry;
  for (const field of ['allOf', 'doneAs'] as const) {
    for (const [index, id] of (rule[field] ?? []).entries()) {
      const duty = duties.get(id);
      if (duty === undefined) say(entry, `there is no duty "${id}"${didYouMean(id, duties.keys())}`, field, index);
      else if (field === 'allOf' && rule.canDo && duty.anyOf.length === 0)
        say(entry, `nobody holds the duty "${id}" by a right (it has no anyOf): set canDo: false`, field, index);
    }
  }
  if (rule.allOf[0] === rule.allOf[1]) say(entry, 'a rule is between two duties: both are the same', 'allOf');
  for (const [field, known, what] of [
    ['criteria', catalog.frameworks.criteria, 'SOC 2 criterion'],
    ['objectives', catalog.frameworks.objectives, 'control objective'],
  ] as const) {
    const ids = known.map(({ id }) => id);
    for (const [index, id] of rule[field].entries())
      if (!ids.includes(id)) say(entry, `there is no ${what} "${id}"${didYouMean(id, ids)}`, field, index);
  }
  if (!rule.canDo && rule.didDo === null)
    say(entry, 'a rule looks at what can be done (canDo), at what was done (didDo), or at both: this one at neither', 'canDo');
}

/** Examples are run like those of checks: a rule that does not find what it should is not loaded. */
function runExamples(entry: Entry<ShippedRule>, duties: readonly Duty[], say: Say): void {
  const { examples, ...rule } = entry.value;
  const names = new Set(duties.map(({ id }) => id));
  if (![...rule.allOf, ...(rule.doneAs ?? [])].every((id) => names.has(id))) return;
  for (const kind of ['conflict', 'separate'] as const) {
    for (const [name, example] of Object.entries(examples[kind])) {
      const found = runExample(rule, duties, example);
      if (found && kind === 'separate') say(entry, 'the rule finds a conflict in this example', 'examples', kind, name);
      if (!found && kind === 'conflict') say(entry, 'the rule finds no conflict in this example', 'examples', kind, name);
    }
  }
}

/** What stands in an entry over what it changes, as a whole; undefined when something of it is missing or wrong. */
function whole<S extends z.ZodType>(
  shape: S,
  former: object | undefined,
  given: object,
  entry: Entry<unknown>,
  problems: Problem[],
): z.output<S> | undefined {
  const merged = shape.safeParse({ ...former, ...given });
  if (merged.success) return merged.data;
  for (const problem of explainIssues(shape, entry.source, merged.error.issues, entry.path)) problems.push(problem);
  return undefined;
}

/** A shipped pattern within an environment that nobody has named here lies over every account: it may be anywhere. Names of roles are a guess. */
function widened(duty: Duty, { environments }: SeparationCatalog, notes: string[]): SettledDuty {
  const anyOf = duty.anyOf.map((pattern): PermissionPattern => {
    if (pattern.system !== 'aws' || pattern.environments === undefined) return pattern;
    const known = pattern.environments.filter((name) => environments.includes(name));
    const { environments: wanted, ...everywhere } = pattern;
    if (known.length > 0) return { ...pattern, environments: known };
    notes.push(`${duty.id}: the scope file names no environment ${wanted.join(', ')}, so rights in every AWS account count`);
    return everywhere;
  });
  return anyOf.some(({ system }) => system === 'application') ? { ...duty, anyOf, assumed: true } : { ...duty, anyOf };
}
const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
