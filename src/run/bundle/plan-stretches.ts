import type { SurveyedPlan } from './survey-log.ts';

/** How something that plans say changed over the period: one stretch for each value. Before the first plan nothing is known of it. */
export function planStretches(
  plans: readonly Pick<SurveyedPlan, 'at' | 'index' | 'detail'>[],
  period: { readonly from: string; readonly to: string },
  values: (detail: SurveyedPlan['detail']) => readonly (readonly [key: string, value: string])[],
): { key: string; value: string; from: string; to: string; plan: number }[] {
  const found = new Map<string, { key: string; value: string; from: string; to: string; plan: number }[]>();
  for (const [n, { at, index, detail }] of plans.entries()) {
    const from = at < period.from ? period.from : at;
    const next = plans[n + 1]?.at ?? period.to;
    const to = next < period.to ? next : period.to;
    if (from >= to) continue;
    for (const [key, value] of new Map(values(detail).map(([id, digest]) => [`${id}\u0000${digest}`, [id, digest] as const])).values()) {
      const list = found.get(key) ?? [];
      found.set(key, list);
      const last = list.findLast((one) => one.value === value);
      if (last?.to === from) last.to = to;
      else list.push({ key, value, from, to, plan: index });
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, list]) => list);
}
