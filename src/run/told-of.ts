import type { PlanDetail } from '../model/plan.ts';
import type { SourceMember } from './source-access.ts';

/** What `normalise` was told of an account or organisation under a plan; undefined when the plan is of a release that did not keep it. */
export function toldOf(plan: Pick<PlanDetail, 'sources'>, source: string): Pick<SourceMember, 'id' | 'tenant' | 'settings'> | undefined {
  for (const { settings } of plan.sources) {
    const member = settings === undefined || !Object.hasOwn(settings, source) ? undefined : settings[source];
    if (member !== undefined) return { id: source, tenant: member.tenant, settings: member.settings };
  }
  return undefined;
}
