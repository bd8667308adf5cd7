import { z } from 'zod';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import { findLiteralSecrets } from './load-configuration.ts';
import { didYouMean } from './nearest-name.ts';
import { pathText, readYaml, type YamlPath } from './read-yaml.ts';

const Text = z.string().trim().min(1, 'must not be empty');
const Names = z.array(Text).min(1, 'expected at least one');
const Tags = z
  .record(Text, z.union([z.string(), z.array(z.string()).min(1)]))
  .refine((tags) => Object.keys(tags).length > 0, { error: 'expected at least one tag' })
  .meta({ description: 'Tag key: value, list of values, or "*" for any value' });
const Decision = {
  because: Text.meta({ description: 'Why: it is listed with what is out' }),
  by: Text.meta({ description: 'Who decided' }),
  from: z.iso.date({ error: 'expected a date: the day from which this applies (2026-01-31)' }),
  until: z.iso.date({ error: 'expected a date: the first day on which this no longer applies' }).optional(),
};
const Place = {
  sources: Names.optional().meta({ description: 'Source ids, e.g. aws:111122223333 or github:9919' }),
  accounts: Names.optional().meta({ description: 'AWS account ids' }),
  organisationalUnits: Names.optional().meta({ description: 'Organisational units of AWS Organizations, by id' }),
  tags: Tags.optional(),
};

/** A rule that puts resources out of scope, or keeps them in before a later rule would put them out. Conditions all hold together. */
const ScopeRule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected small letters, digits and hyphens'),
    decision: z.enum(['out', 'in']).default('out'),
    types: Names.optional().meta({ description: 'Resource types; aws.ec2.* for all of a service' }),
    ...Place,
    environments: Names.optional().meta({ description: 'Names defined under `environments`' }),
    archived: z.boolean().optional().meta({ description: 'Archived repositories, or those that are not' }),
    ...Decision,
  })
  .meta({ description: 'One rule: what it speaks of, why, who decided, from when' });
/** What people call an environment, by where things are or how they are tagged. Places of one environment are alternatives. */
const Environment = z.strictObject({ name: Text, ...Place });
/** Management says that there is none of a resource type that nobody collects. */
const AbsenceDeclaration = z
  .strictObject({
    type: z.union([Text, Names]).meta({ description: 'Resource type, or a list of them; github.* for all of a source nobody here uses' }),
    reason: Text.meta({ description: 'How that is known' }),
    by: Text.meta({ description: 'Who declares it' }),
    from: z.iso.date({ error: 'expected a date: the day from which this is declared (2026-01-31)' }),
    until: z.iso.date().optional(),
  })
  .meta({ description: 'A dated declaration that there is none of a resource type' });

export const ScopeFile = z
  .strictObject({
    version: z.literal(1),
    environments: z.array(Environment).default([]),
    rules: z
      .array(ScopeRule)
      .default([])
      .meta({ description: 'In order; the first that speaks of a resource decides; what no rule names is in' }),
    absent: z.array(AbsenceDeclaration).default([]),
  })
  .meta({ title: 'Proofline scope', description: 'What is out of scope and why, and what does not exist here' });
export type ScopeRule = z.infer<typeof ScopeRule>;
export type AbsenceDeclaration = z.infer<typeof AbsenceDeclaration>;
export type Environment = z.infer<typeof Environment>;
export interface Scope {
  readonly environments: readonly Environment[];
  readonly rules: readonly ScopeRule[];
  readonly absent: readonly AbsenceDeclaration[];
}
export const wholeScope: Scope = { environments: [], rules: [], absent: [] };

const conditions = ['types', 'sources', 'accounts', 'organisationalUnits', 'environments', 'tags', 'archived'] as const;
const typeMatches = (pattern: string, type: string) => (pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type);
export function declaredTypes(declaration: AbsenceDeclaration): readonly string[] {
  return typeof declaration.type === 'string' ? [declaration.type] : declaration.type;
}

/** @throws ProoflineError `configuration` with every problem of the file at once. */
export function loadScope(
  file: string,
  catalog: { readonly collectedTypes: readonly string[]; readonly uncollectedTypes: readonly { readonly type: string }[] },
): Scope {
  const { source, problems: syntax } = readYaml(file);
  const parsed = ScopeFile.safeParse(source.value);
  const problems: Problem[] = [...syntax];
  const say = (path: YamlPath, message: string) => problems.push({ file, line: source.lineOf(path), path: pathText(path), message });
  if (syntax.length === 0) problems.push(...findLiteralSecrets(source));
  if (syntax.length === 0 && !parsed.success) problems.push(...explainIssues(ScopeFile, source, parsed.error.issues));
  if (parsed.success) {
    const uncollected = catalog.uncollectedTypes.map(({ type }) => type);
    const known = [...catalog.collectedTypes, ...uncollected];
    const environments = parsed.data.environments.map(({ name }) => name);
    const ids = new Set<string>();
    for (const [index, rule] of parsed.data.rules.entries()) {
      const at = ['rules', index];
      if (ids.has(rule.id)) say([...at, 'id'], `the id "${rule.id}" is taken`);
      ids.add(rule.id);
      if (!conditions.some((key) => rule[key] !== undefined)) {
        say(at, `names nothing: give at least one of ${conditions.join(', ')}`);
      }
      if (rule.until !== undefined && rule.until <= rule.from) say([...at, 'until'], 'ends before it begins');
      for (const [place, type] of (rule.types ?? []).entries()) {
        if (!known.some((candidate) => typeMatches(type, candidate))) {
          say([...at, 'types', place], `there is no resource type "${type}"${didYouMean(type, known)}`);
        }
      }
      for (const [place, name] of (rule.environments ?? []).entries()) {
        if (!environments.includes(name))
          say(
            [...at, 'environments', place],
            `there is no environment "${name}"${didYouMean(name, environments)}: define it under \`environments\``,
          );
      }
    }
    for (const [index, declaration] of parsed.data.absent.entries()) {
      for (const [place, type] of declaredTypes(declaration).entries()) {
        const at = ['absent', index, 'type', ...(typeof declaration.type === 'string' ? [] : [place])];
        if (!known.some((candidate) => typeMatches(type, candidate)))
          say(at, `there is no resource type "${type}"${didYouMean(type, known)}`);
      }
    }
  }
  if (!parsed.success || problems.length > 0) {
    const ordered = orderProblems(problems);
    throw new ProoflineError('configuration', `${file}: ${ordered.length === 1 ? '1 problem' : `${ordered.length} problems`}`, {
      problems: ordered,
    });
  }
  const known = [...catalog.collectedTypes, ...catalog.uncollectedTypes.map(({ type }) => type)];
  return {
    ...parsed.data,
    // Written out, so that nothing later on has to know what types there are.
    absent: parsed.data.absent.map((declaration) => ({
      ...declaration,
      type: [...new Set(declaredTypes(declaration).flatMap((pattern) => known.filter((type) => typeMatches(pattern, type))))].sort(),
    })),
  };
}

/** What rules look at. Undefined: not known, and what is not known never matches, so that it stays in. */
export interface ScopeFacts {
  readonly type: string;
  /** `aws:111122223333`. */
  readonly source: string;
  readonly account?: string | undefined;
  readonly organisationalUnits?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly archived?: boolean | undefined;
}
export interface ScopeDecision {
  readonly inScope: boolean;
  /** The rule that decided; undefined when none speaks of it. */
  readonly rule: ScopeRule | undefined;
}

function tagsMatch(wanted: NonNullable<ScopeRule['tags']>, tags: ScopeFacts['tags']): boolean {
  if (tags === undefined) return false;
  return Object.entries(wanted).every(([key, value]) => {
    const found = Object.hasOwn(tags, key) ? tags[key] : undefined;
    return found !== undefined && (value === '*' || (typeof value === 'string' ? found === value : value.includes(found)));
  });
}
function overlaps(wanted: readonly string[], found: readonly string[] | undefined): boolean {
  return found?.some((name) => wanted.includes(name)) ?? false;
}
/** The environment a resource belongs to: the first whose places hold it; undefined when none does. */
export function environmentOf(environments: readonly Environment[], facts: ScopeFacts): string | undefined {
  return environments.find(
    (environment) =>
      (environment.sources?.includes(facts.source) ?? false) ||
      (facts.account !== undefined && (environment.accounts?.includes(facts.account) ?? false)) ||
      (environment.organisationalUnits !== undefined && overlaps(environment.organisationalUnits, facts.organisationalUnits)) ||
      (environment.tags !== undefined && tagsMatch(environment.tags, facts.tags)),
  )?.name;
}

/** Whether a resource is in scope on a day (ISO date), and by which rule. The first rule in force that speaks of it decides. */
export function decideScope(scope: Scope, facts: ScopeFacts, on: string): ScopeDecision {
  const environment = environmentOf(scope.environments, facts);
  const rule = scope.rules.find(
    (candidate) =>
      candidate.from <= on &&
      (candidate.until === undefined || on < candidate.until) &&
      (candidate.types === undefined || candidate.types.some((type) => typeMatches(type, facts.type))) &&
      (candidate.sources === undefined || candidate.sources.includes(facts.source)) &&
      (candidate.accounts === undefined || (facts.account !== undefined && candidate.accounts.includes(facts.account))) &&
      (candidate.organisationalUnits === undefined || overlaps(candidate.organisationalUnits, facts.organisationalUnits)) &&
      (candidate.environments === undefined || (environment !== undefined && candidate.environments.includes(environment))) &&
      (candidate.tags === undefined || tagsMatch(candidate.tags, facts.tags)) &&
      (candidate.archived === undefined || candidate.archived === facts.archived),
  );
  return { inScope: rule?.decision !== 'out', rule };
}

/**
 * What rules look at, of a resource as it was read: its tags (a map, or a list of Key and Value), whether it is archived, and its
 * account. A field that was not read is left out.
 */
export function scopeFactsOf(
  resource: { readonly type: string; readonly fields: Readonly<Record<string, unknown>> },
  source: string,
  organisationalUnits?: readonly string[],
): ScopeFacts {
  const archived = resource.fields['archived'] ?? resource.fields['isArchived'];
  const account = /^aws:(\d{12})/.exec(source)?.[1];
  return {
    type: resource.type,
    source,
    account,
    organisationalUnits,
    tags: tagsOf(resource.fields['tags']),
    archived: typeof archived === 'boolean' ? archived : undefined,
  };
}
const TagMap = z.record(z.string(), z.string());
const TagList = z.array(z.object({ Key: z.string(), Value: z.string() }));
function tagsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const map = TagMap.safeParse(value);
  if (map.success) return map.data;
  const list = TagList.safeParse(value);
  return list.success ? Object.fromEntries(list.data.map(({ Key, Value }) => [Key, Value])) : undefined;
}
