import type { DatabaseSync } from 'node:sqlite';
import { PopulationBlob } from '../model/blobs.ts';
import type { Blobs } from './blobs.ts';
import type { Sealed } from './contract.ts';
import { latestIn } from './log.ts';
import { contentOf, currentPairs, streams } from './manifests.ts';

/** The newest evaluation of a source and its population, in no order. Call inside a snapshot: another process may judge in between. */
export function readJudgedSubjects(
  database: DatabaseSync,
  file: string,
  blobs: Blobs,
  source: string,
): { readonly evaluation: Sealed<'evaluation'>; readonly subjects: readonly PopulationBlob[] } | undefined {
  const evaluation = latestIn(database, file, 'evaluation', source);
  if (evaluation === undefined) return undefined;
  const pairs = currentPairs(database, file, streams.population(source), evaluation.statement.population.root);
  return { evaluation, subjects: [...pairs.values()].map((content) => PopulationBlob.parse(contentOf(blobs, file, content))) };
}
