import { readFileSync } from 'node:fs';
import type { Control } from '../model/control.ts';
import { EntitySettings } from '../model/entity-settings.ts';
import type { Configuration } from './configuration.ts';
import { loadDocuments } from './documents-file.ts';
import type { Frameworks } from './frameworks.ts';
import { loadRecords } from './records-file.ts';
import { loadReviews } from './reviews-file.ts';
import type { Scope } from './scope.ts';
import { loadSeparation } from './separation-file.ts';

type Configured = Pick<Configuration, 'people' | 'separation' | 'reviews' | 'records' | 'documents' | 'sources'>;

/** What the files may refer to. */
export interface EntityCatalog {
  /** The shipped `config/` directory. */
  readonly library: string;
  readonly frameworks: Pick<Frameworks, 'criteria' | 'objectives'>;
  readonly controls: readonly Control[];
  readonly scope: Pick<Scope, 'environments'>;
  /** Day (2026-01-31) on which it has to hold. */
  readonly on: string;
}

/**
 * What the configuration says of the entity as a whole: its files read in, each by the room it is of, so that whoever has the log has all of it.
 * A part that is not configured is null.
 * @throws ProoflineError `configuration` with every problem of a file.
 */
export function loadEntitySettings(configuration: Configured, catalog: EntityCatalog): EntitySettings {
  const { people, separation, reviews, records, documents } = configuration;
  const { library, frameworks, controls, scope, on } = catalog;
  const tables = (configuration.sources.tabular ?? []).flatMap((source) => source.tables.map((table) => `${source.name}.${table.name}`));
  const environments = scope.environments.map(({ name }) => name);
  const ids = controls.map(({ id }) => id);
  return EntitySettings.parse({
    people: people ?? null,
    separation:
      separation === undefined ? null : loadSeparation(separation, library, { frameworks, environments, tables, controls: ids, on }),
    reviews: reviews === undefined ? null : loadReviews(reviews),
    records:
      records === undefined ? null : loadRecords(records, library, { tabular: configuration.sources.tabular ?? [], frameworks, controls }),
    documents: documents === undefined ? null : loadDocuments(documents, controls),
    environments: scope.environments.map(({ name, accounts = [], sources = [] }) => ({
      name,
      accounts: [...new Set([...accounts, ...sources.flatMap((id) => (id.startsWith('aws:') ? [id.slice('aws:'.length)] : []))])].sort(),
    })),
  });
}

/**
 * The latest day that the files name and that has come: what they say does not change between two of these. A described year goes through its days
 * without reading them again on each. Null: none has.
 */
export function latestDayNamed(
  configuration: Pick<Configured, 'separation' | 'reviews' | 'records' | 'documents'>,
  on: string,
): string | null {
  const { separation = [], reviews, records = [], documents } = configuration;
  const files = [...separation, ...records, ...[reviews, documents].filter((file) => file !== undefined)];
  const days = files.flatMap((file) => textOf(file).match(/\b\d{4}-\d\d-\d\d\b/g) ?? []).filter((day) => day <= on);
  return days.sort().at(-1) ?? null;
}

/** A file that cannot be read is for whoever reads it to tell. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
