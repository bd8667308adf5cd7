import { type CheckSummary, type StatusSummary, sumCounts } from '../index/read-status.ts';
import { type Severity, severities } from '../model/outcome.ts';
import type { PlanDetail } from '../model/plan.ts';

/** The index holds what was said then; this is what of it still speaks for now. */
export interface HeldToNow {
  readonly summary: StatusSummary;
  /** Configured sources of which there is no evidence at all. */
  readonly unentered: PlanDetail['sources'];
  /** Sources last judged before the limit. */
  readonly stale: ReadonlySet<string>;
  /** Identities (`source check parametersDigest`) with passes whose verdict has ended. */
  readonly ended: ReadonlySet<string>;
}

export const identityOf = ({ source, check, parametersDigest }: Pick<CheckSummary, 'source' | 'check' | 'parametersDigest'>): string =>
  `${source} ${check} ${parametersDigest}`;

/**
 * Leaves out what is no longer configured, and makes no evidence of what is too old or whose verdict has ended, whatever it said. A
 * failure stays one until it is seen to be gone.
 * @param options.expired passes whose verdict has ended, by identity (index/count-expired.ts)
 */
export function holdToNow(
  summary: StatusSummary,
  options: { readonly now: string; readonly staleAfterMs: number; readonly expired: ReadonlyMap<string, number> },
): HeldToNow {
  const plan = summary.plan?.detail;
  const members = plan === undefined ? undefined : new Set(plan.sources.flatMap((source) => source.members ?? []));
  const isConfigured = ({ source }: { readonly source: string }) => members?.has(source) ?? true;
  const limit = new Date(Date.parse(options.now) - options.staleAfterMs).toISOString();
  const current = summary.sources.filter(isConfigured);
  const stale = new Set(current.filter(({ evaluation }) => evaluation === null || evaluation.at < limit).map(({ source }) => source));
  const checks = summary.checks.filter(isConfigured).map((check) => heldToNow(check, stale, options.expired));
  return {
    summary: {
      ...summary,
      checks,
      sources: current.map((source) => ({
        ...source,
        results: sumCounts(checks.filter((check) => check.source === source.source).map(({ counts }) => counts)),
      })),
      collections: summary.collections.filter(isConfigured),
      counts: sumCounts(checks.map(({ counts }) => counts)),
      failures: failuresOf(checks),
    },
    unentered: plan?.sources.filter((source) => source.members === null) ?? [],
    stale,
    ended: new Set(checks.map(identityOf).filter((identity) => (options.expired.get(identity) ?? 0) > 0)),
  };
}

function heldToNow(check: CheckSummary, stale: ReadonlySet<string>, expired: ReadonlyMap<string, number>): CheckSummary {
  const { counts } = check;
  const unknown = counts['no-evidence'];
  if (stale.has(check.source)) {
    const gone = counts.pass + counts.empty + counts['not-applicable'];
    return { ...check, counts: { ...counts, pass: 0, empty: 0, 'not-applicable': 0, 'no-evidence': unknown + gone } };
  }
  const ended = Math.min(counts.pass, expired.get(identityOf(check)) ?? 0);
  return { ...check, counts: { ...counts, pass: counts.pass - ended, 'no-evidence': unknown + ended } };
}

/** Failing results by severity of their check. */
export function failuresOf(checks: readonly Pick<CheckSummary, 'severity' | 'counts'>[]): Record<Severity, number> {
  const count = (severity: Severity) =>
    checks.filter((check) => check.severity === severity).reduce((sum, { counts }) => sum + counts.fail, 0);
  return Object.fromEntries(severities.map((severity) => [severity, count(severity)])) as Record<Severity, number>;
}
