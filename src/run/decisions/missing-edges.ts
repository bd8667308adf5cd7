import type { PeriodHistory, SeriesHistory } from '../../model/history.ts';

const named = 5;

/** Which checks have no reading near enough to an edge of the period: a setting seen outside of it never speaks for it. */
export function missingEdges(history: PeriodHistory): readonly string[] {
  const all = new Map<string, SeriesHistory>();
  for (const { series } of history.controls) for (const one of series) all.set(JSON.stringify(one.key), one);
  const sentence = (edge: 'start' | 'end', words: string): string[] => {
    const without = [...all.values()].filter(({ metrics }) => !metrics.edges[edge]).map(({ key }) => `${key.check} (${key.source})`);
    if (without.length === 0) return [];
    const more = without.length > named ? ` and ${without.length - named} more` : '';
    return [
      `${without.length} of ${all.size} series have no reading of their own near ${words}: ${without.slice(0, named).join(', ')}${more}`,
    ];
  };
  return [...sentence('start', 'its beginning'), ...sentence('end', 'its end')];
}
