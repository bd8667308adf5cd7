import { decideScope, type Scope, scopeFactsOf } from '../config/scope.ts';
import type { ReadResource } from '../model/resource.ts';
import type { Result } from '../model/result.ts';

type ScopeRules = Pick<Scope, 'rules' | 'environments'>;

/** Subjects that a scope rule puts out: still judged against nothing, still listed, with the rule and its reason. */
export function outOfScope(
  resources: readonly ReadResource[],
  source: string,
  scope: ScopeRules,
  now: string,
): ReadonlyMap<string, (result: Result) => Result> {
  const outside = new Map<string, (result: Result) => Result>();
  if (scope.rules.length === 0) return outside;
  for (const resource of resources) {
    const rule = ruleAgainst(resource, source, scope, now);
    if (rule === undefined) continue;
    outside.set(resource.id, ({ subject, display }) => ({
      subject,
      display,
      outcome: 'not-applicable',
      message: `out of scope by rule "${rule.id}" (${rule.by}, from ${rule.from}): ${rule.because}`,
    }));
  }
  return outside;
}

/** The rule by which a resource is out of scope on the day of `now`; undefined when it is in. */
function ruleAgainst(resource: ReadResource, source: string, scope: ScopeRules, now: string): Scope['rules'][number] | undefined {
  const decision = decideScope({ ...scope, absent: [] }, scopeFactsOf(resource, source), now.slice(0, 10));
  return decision.inScope ? undefined : decision.rule;
}
