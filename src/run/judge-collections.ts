import type { Scope } from '../config/scope.ts';
import {
  type CheckUse,
  evaluateSource,
  type JudgedCollection,
  type SourceEvaluation,
  type VerdictCache,
} from '../evaluate/evaluate-source.ts';
import type { EvaluationContext } from '../model/blobs.ts';
import type { CheckResults } from '../model/result.ts';
import { outOfScope } from './out-of-scope.ts';

export interface JudgeOptions {
  /** `aws:111122223333`. */
  readonly source: string;
  readonly checks: readonly CheckUse[];
  readonly collections: readonly JudgedCollection[];
  readonly missing: Readonly<EvaluationContext['missing']>;
  readonly scope: Pick<Scope, 'rules' | 'environments'>;
  /** ISO-8601 UTC. */
  readonly now: string;
  readonly staleAfterMs: number | null;
  readonly cache: VerdictCache;
}

/** What is sealed of one source, made of nothing but what is in the log: so it is made here, and so it is made again. */
export function judgeCollections(options: JudgeOptions): {
  readonly evaluation: SourceEvaluation;
  readonly checks: readonly CheckResults[];
} {
  const { source, collections, now, staleAfterMs } = options;
  const evaluation = evaluateSource({
    source,
    checks: options.checks,
    collections,
    missing: options.missing,
    now,
    ...(staleAfterMs === null ? {} : { staleAfterMs }),
    cache: options.cache,
  });
  const outside = outOfScope(
    collections.flatMap(({ resources }) => resources),
    source,
    options.scope,
    now,
  );
  if (outside.size === 0) return { evaluation, checks: evaluation.checks };
  const checks = evaluation.checks.map((one) => ({
    ...one,
    results: one.results.map((result) => outside.get(result.subject)?.(result) ?? result),
  }));
  return { evaluation, checks };
}
