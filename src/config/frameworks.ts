import { join } from 'node:path';
import { z } from 'zod';
import type { Criterion, Objective } from '../model/control.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { type TrustService, trustServices } from './configuration.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import { readYaml } from './read-yaml.ts';

const CriteriaFile = z.strictObject({
  framework: z.literal('soc2'),
  title: z.string(),
  criteria: z.array(z.strictObject({ id: z.string(), trustService: z.enum(trustServices), area: z.string(), text: z.string() })),
});
export const ObjectivesFile = z
  .strictObject({
    framework: z.literal('soc1'),
    title: z.string(),
    objectives: z.array(z.strictObject({ id: z.string().min(1), area: z.string().min(1), text: z.string().min(1) })),
  })
  .meta({ title: 'Proofline control objectives', description: 'SOC 1 control objectives in the words of the entity' });

export interface ScopedCriterion extends Criterion {
  readonly trustService: TrustService;
}
/** The trust service a criterion belongs to, by the letters of its id: CC criteria are everybody's, under security. */
export function trustServiceOf(id: string): TrustService {
  const letters = /^[A-Z]+/.exec(id)?.[0] ?? '';
  const services: Readonly<Record<string, TrustService>> = {
    A: 'availability',
    C: 'confidentiality',
    PI: 'processing-integrity',
    P: 'privacy',
  };
  return services[letters] ?? 'security';
}
export interface Frameworks {
  readonly criteria: readonly ScopedCriterion[];
  readonly objectives: readonly Objective[];
}

function readFile<S extends z.ZodType>(
  file: string,
  schema: S,
  ids: (value: z.output<S>) => readonly { readonly id: string }[],
  list: string,
) {
  const { source, problems: syntax } = readYaml(file);
  const parsed = schema.safeParse(source.value);
  const problems: Problem[] = [...syntax];
  if (syntax.length === 0 && !parsed.success) problems.push(...explainIssues(schema, source, parsed.error.issues));
  if (parsed.success) {
    const seen = new Set<string>();
    for (const [index, { id }] of ids(parsed.data).entries()) {
      if (seen.has(id))
        problems.push({ file, line: source.lineOf([list, index]), path: `${list}[${index}].id`, message: `the id "${id}" is taken` });
      seen.add(id);
    }
  }
  if (!parsed.success || problems.length > 0) {
    throw new ProoflineError('configuration', `${file}: not a list of ${list}`, { problems: orderProblems(problems) });
  }
  return parsed.data;
}

/**
 * The criteria of SOC 2 and the control objectives of SOC 1: the template's, with the entity's own added or, by id, in its place.
 * @throws ProoflineError `configuration`
 */
export function loadFrameworks(library: string, ownObjectives?: string): Frameworks {
  const soc2 = readFile(join(library, 'frameworks', 'soc2.yaml'), CriteriaFile, (file) => file.criteria, 'criteria');
  const template = readFile(join(library, 'frameworks', 'soc1.yaml'), ObjectivesFile, (file) => file.objectives, 'objectives');
  const objectives = new Map(template.objectives.map((objective) => [objective.id, objective]));
  if (ownObjectives !== undefined) {
    for (const objective of readFile(ownObjectives, ObjectivesFile, (file) => file.objectives, 'objectives').objectives) {
      objectives.set(objective.id, objective);
    }
  }
  return { criteria: soc2.criteria, objectives: [...objectives.values()] };
}
