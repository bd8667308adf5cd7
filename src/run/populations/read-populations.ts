import { CheckResultsBlob, ReadsBlob, ResultsListBlob } from '../../model/blobs.ts';
import type { DecisionActor, PopulationRecord } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Outcome } from '../../model/outcome.ts';
import { Evaluation, type StatementOf } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import { type DecisionSource, readDecisions } from '../decisions/read-decisions.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import type { Registries } from '../registries.ts';
import { type CollectedItems, collectedItems, type ItemSource } from './collected-items.ts';
import { definitionOf, type PopulationDefinition } from './definitions.ts';
import { type PopulationRow, rowsOf } from './population-row.ts';
import { ToldMembers } from './told-members.ts';

/** What one check, with one set of parameters, said of the rows of one source when they were frozen. */
export interface JudgedPopulation {
  readonly check: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly source: string;
  /** Log index of the evaluation. */
  readonly evaluation: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** What is not a pass, by row id; `*` speaks of rows that nobody saw. */
  readonly notPass: ReadonlyMap<string, { readonly outcome: Outcome; readonly message: string }>;
  /** Rows the check says nothing of. */
  readonly excluded: ReadonlySet<string>;
}

/** A population as it was frozen, with its rows. */
export interface FrozenPopulation {
  readonly record: PopulationRecord;
  /** Log index of the decision that froze it. */
  readonly decision: number;
  readonly frozenAt: string;
  readonly frozenBy: DecisionActor;
  readonly reason: string;
  /** Undefined: frozen by a release that knew another kind of population. */
  readonly definition: PopulationDefinition | undefined;
  /** Id of the version that took its place. */
  readonly supersededBy: string | null;
  /** Made again from the sealed items; null: some of them are erased, withheld or not here, or nothing here can read them. */
  readonly rows: readonly PopulationRow[] | null;
  readonly judged: readonly JudgedPopulation[];
}

export type PopulationSource = DecisionSource & ItemSource;

/** Every population that was frozen, in the order of the log. Rows come from the sealed items, by the collectors that are installed. */
export function readPopulations(reader: PopulationSource, registries: Registries): readonly FrozenPopulation[] {
  const frozen = readDecisions(reader).flatMap((decision) =>
    decision.payload.type === 'freeze-population' ? [{ decision, record: decision.payload.population }] : [],
  );
  const collected = collectedItems(
    reader,
    frozen.flatMap(({ record }) => record.collections),
  );
  const members = new ToldMembers(reader);
  return frozen.map(({ decision, record }) => {
    const definition = definitionOf(record);
    return {
      record,
      decision: decision.index,
      frozenAt: decision.at,
      frozenBy: decision.actor,
      reason: decision.reason,
      definition,
      supersededBy: frozen.find(({ record: { supersedes } }) => supersedes === record.id)?.record.id ?? null,
      rows: definition === undefined ? null : rowsIn(registries, record, definition, collected, members),
      judged: definition === undefined ? [] : judgedIn(reader, record, definition),
    };
  });
}

function rowsIn(
  registries: Registries,
  record: PopulationRecord,
  definition: PopulationDefinition,
  collected: ReadonlyMap<number, CollectedItems>,
  members: ToldMembers,
): readonly PopulationRow[] | null {
  const resources = record.collections.map((index) => resourcesIn(registries, collected.get(index), members));
  return resources.some((one) => one === null)
    ? null
    : rowsOf(
        definition,
        resources.flatMap((one) => one ?? []),
      );
}

function resourcesIn(registries: Registries, collected: CollectedItems | undefined, members: ToldMembers) {
  const collector = registries.collectors.find(({ id }) => id === collected?.statement.collector);
  if (collector === undefined || collected === undefined || collected.items === null) return null;
  const { statement, items } = collected;
  const member = members.of(statement);
  return member === undefined ? null : normaliseEvidence(collector, items, member, statement.scope).resources;
}

const mark = Buffer.from('"kind":"evaluation"');

/** What the first evaluation that read each collection of a population says of its rows. */
function judgedIn(reader: PopulationSource, record: PopulationRecord, definition: PopulationDefinition): JudgedPopulation[] {
  const waiting = new Set(record.collections);
  const judged: JudgedPopulation[] = [];
  if (waiting.size === 0) return judged;
  for (const { index, bytes } of reader.entries(Math.min(...waiting))) {
    if (waiting.size === 0) break;
    const evaluation = evaluationIn(bytes);
    const reads = evaluation === undefined ? undefined : open(reader, evaluation.reads.list);
    if (evaluation === undefined || reads === undefined) continue;
    const read = ReadsBlob.parse(reads).filter((one) => waiting.has(one.index));
    if (read.length === 0) continue;
    for (const one of read) waiting.delete(one.index);
    judged.push(...resultsOf(reader, index, evaluation, definition));
  }
  return judged;
}
function evaluationIn(bytes: Uint8Array): StatementOf<'evaluation'> | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark)) return undefined;
  try {
    return Evaluation.safeParse(parseCanonical(bytes)).data;
  } catch (error) {
    if (error instanceof ProoflineError) return undefined;
    throw error;
  }
}
function resultsOf(
  reader: PopulationSource,
  index: number,
  { source, results }: StatementOf<'evaluation'>,
  definition: PopulationDefinition,
): JudgedPopulation[] {
  const list = open(reader, results.list);
  if (list === undefined) return [];
  return ResultsListBlob.parse(list).flatMap(({ results: commitment, counts }) => {
    const blob = open(reader, commitment);
    const of = blob === undefined ? undefined : CheckResultsBlob.parse(blob);
    if (of?.subjectType !== definition.type) return [];
    return [
      {
        check: of.check,
        parameters: of.parameters,
        source,
        evaluation: index,
        counts,
        notPass: new Map(of.notPass.map(({ subject, outcome, message }) => [subject, { outcome, message }])),
        excluded: new Set(of.excluded),
      },
    ];
  });
}

function open(reader: PopulationSource, commitment: string): unknown {
  const blob = reader.blob(commitment);
  return blob?.kind === 'open' ? parseCanonical(blob.bytes) : undefined;
}
