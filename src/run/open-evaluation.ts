import { CheckResultsBlob, ReadsBlob, ResultsListBlob } from '../model/blobs.ts';
import type { Result } from '../model/result.ts';
import type { StatementOf } from '../model/statement.ts';
import type { Store } from '../store/contract.ts';
import { planReader } from './notify/plan-in-force.ts';

export interface OpenedEvaluation {
  /** Every result that is not a pass, in the order of the checks; null: what was said is erased. */
  readonly results: readonly (Result & { readonly check: string; readonly entries: number[] })[] | null;
  /** The collections it read. */
  readonly reads: ReadsBlob;
}

/**
 * What one evaluation of the log said, and for each result the entries of the collections in which its subject was seen: there is the
 * evidence itself.
 */
export function openEvaluation(store: Pick<Store, 'entry' | 'blob'>, statement: StatementOf<'evaluation'>): OpenedEvaluation {
  const open = (commitment: string): unknown => {
    const blob = store.blob(commitment);
    return blob?.kind === 'open' ? JSON.parse(new TextDecoder().decode(blob.bytes)) : undefined;
  };
  const reads = ReadsBlob.safeParse(open(statement.reads.list)).data ?? [];
  const checks = ResultsListBlob.safeParse(open(statement.results.list)).data;
  const plan = planReader(store)(statement.plan);
  const results = checks?.map(({ check, results: list }) => {
    const said = CheckResultsBlob.safeParse(open(list)).data;
    if (said === undefined) return undefined;
    const yielding = plan?.detail.collectors.filter(({ yields }) => yields.includes(said.subjectType)).map(({ id }) => id) ?? [];
    // Where the plan does not say who yields it, it may be in any of them.
    const read = yielding.length === 0 ? reads : reads.filter(({ collector }) => yielding.includes(collector));
    const entriesOf = (subject: string): number[] => {
      const seenIn = read.filter(({ scope }) => subject.startsWith(`${scope}/`));
      return (seenIn.length === 0 ? read : seenIn).map(({ index }) => index);
    };
    return said.notPass.map((result) => ({ check, ...result, entries: entriesOf(result.subject) }));
  });
  return { results: results?.every((found) => found !== undefined) ? results.flat() : null, reads };
}
