import { join } from 'node:path';
import { z } from 'zod';
import { ProoflineError } from '../model/errors.ts';
import { explainIssues } from './explain-issues.ts';
import { readYaml } from './read-yaml.ts';

const ResourceTypesFile = z.strictObject({
  types: z.array(
    z.strictObject({
      type: z.string().regex(/^[a-z]+(\.[a-z0-9-]+)+$/, 'expected a resource type such as aws.sqs.queue'),
      title: z.string().min(1),
      awsConfig: z
        .string()
        .regex(/^AWS::\w+::\w+$/, 'expected a type of AWS Config such as AWS::SQS::Queue')
        .optional(),
    }),
  ),
});
/** A resource type that controls speak for and nobody collects. */
export interface UncollectedType {
  readonly type: string;
  readonly title: string;
  /** The name AWS Config counts it under; without one, only a declaration can say that there is none. */
  readonly awsConfig?: string | undefined;
}

/** @throws ProoflineError `configuration` */
export function loadUncollectedTypes(library: string): readonly UncollectedType[] {
  const { source, problems } = readYaml(join(library, 'resource-types.yaml'));
  const parsed = ResourceTypesFile.safeParse(source.value);
  if (!parsed.success || problems.length > 0) {
    const all = [...problems, ...(parsed.success ? [] : explainIssues(ResourceTypesFile, source, parsed.error.issues))];
    throw new ProoflineError('configuration', `${source.file}: not a list of resource types`, { problems: all });
  }
  return parsed.data.types;
}
