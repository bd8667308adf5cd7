import { decideScope, type ScopeRule, scopeFactsOf } from '../config/scope.ts';
import { PlanDetail } from '../model/plan.ts';
import type { ReadResource } from '../model/resource.ts';
import { absentNow } from './absent-now.ts';
import type { Composition } from './composition.ts';
import { formerPlan } from './former-plan.ts';
import { normaliseEvidence } from './normalise-evidence.ts';
import { toldOf } from './told-of.ts';

export interface ScopePreview {
  /** The day the rules were looked at for (ISO date). */
  readonly on: string;
  readonly resources: number;
  readonly inScope: number;
  readonly rules: {
    id: string;
    decision: 'in' | 'out';
    because: string;
    by: string;
    from: string;
    until: string | null;
    resources: { type: string; id: string; display: string }[];
  }[];
  readonly absent: { type: string; reason: string; by: string; from: string }[];
  readonly notCollected: { type: string; title: string; controls: string[] }[];
}

/** What the scope rules do to what was collected last. Reads the log; asks no source and records nothing. */
export async function previewScope(app: Composition): Promise<ScopePreview> {
  const on = app.now().slice(0, 10);
  const [scope, controls, registries] = await Promise.all([app.scope(), app.controls(), app.registries()]);
  const inForce = scope.rules.filter((rule) => rule.from <= on && (rule.until === undefined || on < rule.until));
  const byRule = new Map<ScopeRule, ReadResource[]>(inForce.map((rule) => [rule, []]));
  const collectors = new Map(registries.collectors.map((collector) => [collector.id, collector]));
  let resources = 0;
  let inScope = 0;
  let absent = absentNow([], app.uncollectedTypes(), scope, on);
  if (app.hasStore()) {
    const store = await app.openStore({ readOnly: true });
    try {
      const former = formerPlan(store);
      for (const { statement } of store.latestCollections()) {
        const collector = collectors.get(statement.collector);
        if (collector === undefined) continue;
        const tenant = statement.source.slice(statement.source.indexOf(':') + 1);
        const told = former === undefined ? undefined : toldOf(former, statement.source);
        const member = told ?? { id: statement.source, tenant, settings: {} };
        const read = normaliseEvidence(collector, store.items(statement.collector, statement.scope), member, statement.scope);
        for (const resource of read.resources) {
          resources += 1;
          const decision = decideScope(scope, scopeFactsOf(resource, statement.source), on);
          if (decision.inScope) inScope += 1;
          if (decision.rule !== undefined) byRule.get(decision.rule)?.push(resource);
        }
      }
      // What AWS Config showed at the last collection stands in the plan that followed it.
      const plan = store.latest('plan');
      const blob = plan === undefined ? undefined : store.blob(plan.statement.detail);
      if (blob?.kind === 'open') {
        // A plan of an older release may lack what this one adds; then nothing of it is carried on.
        const shown = PlanDetail.safeParse(JSON.parse(Buffer.from(blob.bytes).toString('utf8'))).data?.absentTypes ?? [];
        const known = new Set(absent.map(({ type }) => type));
        absent = [...absent, ...shown.filter(({ type, by }) => by === 'AWS Config' && !known.has(type))];
      }
    } finally {
      await store.close();
    }
  }
  const gone = new Set(absent.map(({ type }) => type));
  const live = controls.map(({ control }) => control).filter(({ status }) => status !== 'retired');
  return {
    on,
    resources,
    inScope,
    rules: inForce.map((rule) => ({
      id: rule.id,
      decision: rule.decision,
      because: rule.because,
      by: rule.by,
      from: rule.from,
      until: rule.until ?? null,
      resources: (byRule.get(rule) ?? []).map(({ type, id, display }) => ({ type, id, display })),
    })),
    absent: absent.map(({ type, reason, by, from }) => ({ type, reason, by, from })),
    notCollected: app
      .uncollectedTypes()
      .filter(({ type }) => !gone.has(type))
      .map(({ type, title }) => ({ type, title, controls: live.filter(({ covers }) => covers.includes(type)).map(({ id }) => id) }))
      .filter(({ controls: ids }) => ids.length > 0),
  };
}
