import type { Collector } from '../model/collector.ts';

/** Those that others are reconciled with, or begin after, come first. Otherwise by id; a cycle is a bug. */
export function orderCollectors<Client>(collectors: readonly Collector<Client>[]): readonly Collector<Client>[] {
  const byId = new Map(collectors.map((collector) => [collector.id, collector]));
  const ordered: Collector<Client>[] = [];
  const visiting = new Set<string>();
  const visit = (collector: Collector<Client>) => {
    if (ordered.includes(collector)) return;
    if (visiting.has(collector.id)) throw new TypeError(`collectors wait for each other in a circle at ${collector.id}`);
    visiting.add(collector.id);
    for (const other of [...(collector.reconcile ?? []).map((rule) => rule.with), ...(collector.after ?? [])]) {
      const found = byId.get(other);
      if (found !== undefined) visit(found);
    }
    ordered.push(collector);
  };
  for (const collector of [...collectors].sort((a, b) => (a.id < b.id ? -1 : 1))) visit(collector);
  return ordered;
}
