import { CheckResultsBlob, ReadsBlob, ResultsListBlob } from '../../model/blobs.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import type { LatestResult } from '../../model/derived.ts';
import type { StatementOf } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import type { Registries } from '../registries.ts';
import { type LogAsOf, NotReadable, type ToldMember } from './log-as-of.ts';

type Evaluated = { readonly index: number; readonly statement: StatementOf<'evaluation'> };

/**
 * What the checks that mitigations name said last, for the subjects they name. A pass is told where the subject was among what was judged; where a
 * mitigation means every subject of its check, one result that is a pass speaks for all that passed (`*`).
 * @throws NotReadable when what an evaluation said is not there
 */
export function resultsTold(
  log: LogAsOf,
  registries: Pick<Registries, 'collectors'>,
  members: readonly ToldMember[],
  decisions: readonly RecordedDecision[],
): readonly LatestResult[] {
  const named = decisions.flatMap(({ payload }) => (payload.type === 'mitigate' ? [payload.mitigation.check] : []));
  const checks = new Set(named.map(({ id }) => id));
  if (checks.size === 0) return [];
  const found = new Map<string, LatestResult>();
  for (const member of members) {
    const evaluated = log.evaluation(member.id);
    if (evaluated === undefined) continue;
    for (const { check, results } of ResultsListBlob.parse(opened(log, evaluated.statement.results.list))) {
      if (!checks.has(check)) continue;
      const said = CheckResultsBlob.parse(opened(log, results));
      const subjects = named.filter(({ id, source, subject }) => id === check && subject !== null && (source ?? member.id) === member.id);
      const told = toResults(said, evaluated, member.id, new Set(subjects.flatMap(({ subject }) => subject ?? [])), (subject) =>
        isJudged(log, registries, member, evaluated, said.subjectType, subject),
      );
      // Of one check with several sets of parameters the one that does not pass is told.
      for (const result of told) {
        const key = JSON.stringify([check, member.id, result.subject]);
        const known = found.get(key);
        if (known === undefined || known.outcome === 'pass') found.set(key, result);
      }
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, result]) => result);
}

function toResults(
  said: CheckResultsBlob,
  { index, statement }: Evaluated,
  source: string,
  subjects: ReadonlySet<string>,
  isThere: (subject: string) => boolean,
): LatestResult[] {
  const head = { check: said.check, source, asOf: statement.asOf, index };
  const others = said.notPass.map(({ subject, outcome }): LatestResult => ({ ...head, subject, outcome, until: null }));
  const silent = new Set([...said.notPass.map(({ subject }) => subject), ...said.excluded]);
  const untilOf = new Map(said.exceptions);
  const passing = [...subjects]
    .filter((subject) => !silent.has(subject) && said.counts.pass > 0 && isThere(subject))
    .map(
      (subject): LatestResult => ({
        ...head,
        subject,
        outcome: 'pass',
        until: untilOf.has(subject) ? (untilOf.get(subject) ?? null) : said.until,
      }),
    );
  const all: LatestResult[] = said.counts.pass > 0 ? [{ ...head, subject: '*', outcome: 'pass', until: said.until }] : [];
  return [...others, ...passing, ...all];
}

/** Whether a subject was seen in a collection that the evaluation read and that is still the latest. */
function isJudged(
  log: LogAsOf,
  { collectors }: Pick<Registries, 'collectors'>,
  member: ToldMember,
  { statement }: Evaluated,
  subjectType: string,
  subject: string,
): boolean {
  const reads = new Set(ReadsBlob.parse(opened(log, statement.reads.list)).map(({ index }) => index));
  return log.latest(member.id).some((collection) => {
    const collector = collectors.find(({ id }) => id === collection.statement.collector);
    if (collector === undefined || !reads.has(collection.index) || !collector.yields.some(({ type }) => type === subjectType)) return false;
    return log.read(collector, collection, member).resources.some(({ id, type }) => id === subject && type === subjectType);
  });
}

function opened(log: LogAsOf, commitment: string): unknown {
  const blob = log.blob(commitment);
  if (blob?.kind !== 'open') throw new NotReadable('what an evaluation said is erased or kept back');
  return parseCanonical(blob.bytes);
}
