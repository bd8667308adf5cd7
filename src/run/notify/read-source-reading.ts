import { entitySource } from '../../config/configured-sources.ts';
import { CheckResultsBlob, ReadsBlob, ResultsListBlob } from '../../model/blobs.ts';
import type { GapReason } from '../../model/completeness.ts';
import { Statement, type StatementOf } from '../../model/statement.ts';
import type { CheckReading, SourceReading } from '../../notify/source-reading.ts';
import { digestOf } from '../../seal/digest.ts';
import type { Sealed } from '../../store/contract.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import { type PlanInForce, planReader } from './plan-in-force.ts';
import { typesReadOtherwise } from './types-read-otherwise.ts';
import { withoutSecrets } from './without-secrets.ts';

type Row = ResultsListBlob[number];
interface KnownCheck {
  readonly results: string;
  readonly plan: number | null;
  readonly logic: string;
  readonly reading: CheckReading;
}

/** Makes readings of evaluations. */
export interface ReadingMaker {
  /** @param former log index of the evaluation of the same source before this one; undefined: there is none. */
  read(evaluation: Sealed<'evaluation'>, former: number | undefined, plan: PlanInForce | undefined): SourceReading;
}

/**
 * A blob of results is shared while nothing in it changes: one that was read before is not read again, so that an evaluation costs what
 * changed in it. Remembers one evaluation per source.
 */
export function readingMaker(store: Pick<EmbeddedStore, 'entry' | 'blob' | 'judgedSubjects' | 'latestCollections'>): ReadingMaker {
  const known = new Map<string, { readonly index: number; readonly checks: ReadonlyMap<string, KnownCheck> }>();
  const digests = new Map<string, string>();
  const digestOfParameters = (parameters: Row['parameters']): string => {
    const text = JSON.stringify(parameters);
    const digest = digests.get(text) ?? digestOf(parameters);
    digests.set(text, digest);
    return digest;
  };
  const listOf = (commitment: string): readonly (Row & { readonly key: string; readonly parametersDigest: string })[] =>
    ResultsListBlob.parse(open(store, commitment)).map((row) => {
      const parametersDigest = digestOfParameters(row.parameters);
      return { ...row, parametersDigest, key: `${row.check} ${parametersDigest}` };
    });
  /** Logic by check and parameters, of the evaluation before. */
  const logicBefore = (source: string, former: number | undefined): ReadonlyMap<string, string> | undefined => {
    if (former === undefined) return undefined;
    const remembered = known.get(source);
    if (remembered?.index === former) return new Map([...remembered.checks].map(([key, { logic }]) => [key, logic]));
    const statement = statementAt(store, former);
    if (statement?.kind !== 'evaluation') return undefined;
    return new Map(listOf(statement.results.list).map(({ key, logic }) => [key, logic]));
  };
  const planAt = planReader(store);
  /** Checks with their parameters, as keys, over what another logic of its collector makes of the items since the evaluation before. */
  const readOtherwise = (former: number | undefined, plan: PlanInForce | undefined): ReadonlySet<string> => {
    const statement = former === undefined ? undefined : statementAt(store, former);
    if (plan === undefined || statement?.kind !== 'evaluation' || statement.plan === plan.index) return new Set();
    const before = planAt(statement.plan);
    const types = before === undefined ? new Set() : typesReadOtherwise(before.detail, plan.detail);
    const checks = plan.detail.checks.filter(({ subject }) => types.has(subject));
    return new Set(checks.map(({ id, parametersDigest }) => `${id} ${parametersDigest}`));
  };

  return {
    read({ index, statement }, former, plan) {
      const { source } = statement;
      const before = logicBefore(source, former);
      const remembered = known.get(source)?.checks;
      const otherwise = readOtherwise(former, plan);
      const checks = new Map<string, KnownCheck>();
      for (const row of listOf(statement.results.list)) {
        const same = remembered?.get(row.key);
        const changed = before !== undefined && (before.get(row.key) !== row.logic || otherwise.has(row.key));
        if (same !== undefined && same.results === row.results && same.plan === statement.plan && same.logic === row.logic) {
          checks.set(row.key, same.reading.changed === changed ? same : { ...same, reading: { ...same.reading, changed } });
          continue;
        }
        const reading = readCheck(store, row, plan, changed, same?.results === row.results ? same.reading : undefined);
        checks.set(row.key, { results: row.results, plan: statement.plan, logic: row.logic, reading });
      }
      known.set(source, { index, checks });
      let subjects: ReadonlySet<string> | undefined;
      return {
        source: { id: source, name: plan?.nameOf(source) ?? source },
        at: statement.at,
        evidence: { index, id: statement.id },
        first: former === undefined,
        schedule: statement.turn?.schedule ?? null,
        collected: collectedSince(store, statement, former ?? -1),
        checks: [...checks.values()].map(({ reading }) => reading),
        denied: (collector) => deniedTo(store, statement, collector),
        behind: (reason) => (source.startsWith(`${entitySource}:`) ? notSeenFor(store, source, reason) : []),
        has(subject) {
          // Of the newest evaluation: whoever is behind catches up before the next one, and nobody reads a population that nothing left.
          subjects ??= new Set(store.judgedSubjects(source)?.subjects.map(({ id }) => id));
          return subjects.has(subject);
        },
      };
    },
  };
}

function readCheck(
  store: Pick<EmbeddedStore, 'blob'>,
  row: Row & { readonly parametersDigest: string },
  plan: PlanInForce | undefined,
  changed: boolean,
  same: CheckReading | undefined,
): CheckReading {
  const { excluded, notPass } = same ?? shown(CheckResultsBlob.parse(open(store, row.results)));
  const described = plan?.describe(row.check, row.parametersDigest);
  return {
    check: described?.check ?? {
      id: row.check,
      parametersDigest: row.parametersDigest,
      claim: row.check,
      remediation: { console: '', cli: '', terraform: '' },
    },
    severity: described?.severity ?? 'medium',
    controls: (described?.controls ?? []).map(({ id, statement }) => ({ id, statement })),
    criteria: [...(described?.criteria ?? [])],
    objectives: [...(described?.objectives ?? [])],
    collector: described?.collector ?? { id: row.check, title: row.check },
    changed,
    excluded,
    notPass,
  };
}

function shown({ excluded, notPass }: CheckResultsBlob): Pick<CheckReading, 'excluded' | 'notPass'> {
  return {
    excluded,
    notPass: notPass.map((result) => ({ ...result, display: withoutSecrets(result.display), message: withoutSecrets(result.message) })),
  };
}

function deniedTo(store: Pick<EmbeddedStore, 'entry' | 'blob'>, { reads }: StatementOf<'evaluation'>, collector: string): string[] {
  const found = ReadsBlob.parse(open(store, reads.list)).flatMap((read) => {
    const statement = read.collector === collector ? statementAt(store, read.index) : undefined;
    return statement?.kind === 'collection' ? statement.gaps.filter(({ reason }) => reason === 'access-denied') : [];
  });
  return [...new Set(found.map(({ operation }) => operation))].sort();
}

/** Sources other than the entity itself with a latest collection that has this reason. */
function notSeenFor(store: Pick<EmbeddedStore, 'latestCollections'>, entity: string, reason: GapReason): string[] {
  const found = store
    .latestCollections()
    .flatMap(({ statement: { source, completeness } }) =>
      source !== entity && completeness.kind === 'incomplete' && completeness.reasons.includes(reason) ? [source] : [],
    );
  return [...new Set(found)].sort();
}

/** What was collected after the former evaluation, by collector: with the first reason where something of it was not seen. */
function collectedSince(
  store: Pick<EmbeddedStore, 'entry' | 'blob'>,
  { reads }: StatementOf<'evaluation'>,
  former: number,
): SourceReading['collected'] {
  const found = new Map<string, GapReason | null>();
  for (const { collector, index } of ReadsBlob.parse(open(store, reads.list))) {
    if (index <= former) continue;
    const statement = statementAt(store, index);
    if (statement?.kind !== 'collection') continue;
    const reason = statement.completeness.kind === 'complete' ? null : (statement.completeness.reasons[0] ?? null);
    found.set(collector, found.get(collector) ?? reason);
  }
  return [...found].map(([collector, reason]) => ({ collector, reason }));
}

function statementAt(store: Pick<EmbeddedStore, 'entry'>, index: number): Statement | undefined {
  const entry = store.entry(index);
  return entry === undefined ? undefined : Statement.safeParse(JSON.parse(new TextDecoder().decode(entry.bytes))).data;
}

/** What was erased says nothing any more. */
function open(store: Pick<EmbeddedStore, 'blob'>, commitment: string): unknown {
  const blob = store.blob(commitment);
  if (blob?.kind !== 'open') return undefined;
  return JSON.parse(new TextDecoder().decode(blob.bytes));
}
