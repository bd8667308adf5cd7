import { EntitySettings } from '../model/entity-settings.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import type { Configuration } from './configuration.ts';
import { readYaml } from './read-yaml.ts';
import type { Scope } from './scope.ts';

type Configured = Pick<Configuration, 'people' | 'separation' | 'reviews' | 'records' | 'documents'>;

/**
 * What the configuration says of the entity as a whole: its files read in, each by the room it is of, so that whoever has the log has all of it.
 * A part that is not configured is null.
 * @throws ProoflineError `configuration` with every problem of the files.
 */
export function loadEntitySettings(configuration: Configured, scope: Pick<Scope, 'environments'>): EntitySettings {
  const { people, separation, reviews, records, documents } = configuration;
  const filesOf = (files: readonly string[]) => ({ files: files.map(readFile) });
  return EntitySettings.parse({
    people: people ?? null,
    separation: separation === undefined ? null : filesOf(separation),
    reviews: reviews === undefined ? null : readFile(reviews),
    records: records === undefined ? null : filesOf(records),
    documents: documents === undefined ? null : readFile(documents),
    environments: scope.environments.map(({ name, accounts = [], sources = [] }) => ({
      name,
      accounts: [...new Set([...accounts, ...sources.flatMap((id) => (id.startsWith('aws:') ? [id.slice('aws:'.length)] : []))])].sort(),
    })),
  });
}

function readFile(file: string): unknown {
  const { source, problems } = readYaml(file);
  const all: Problem[] = [...problems];
  if (all.length === 0 && (typeof source.value !== 'object' || source.value === null || Array.isArray(source.value))) {
    all.push({ file, line: 1, message: 'expected keys with values' });
  }
  if (all.length > 0) {
    throw new ProoflineError('configuration', `${file}: ${all.length === 1 ? '1 problem' : `${all.length} problems`}`, { problems: all });
  }
  return source.value;
}
