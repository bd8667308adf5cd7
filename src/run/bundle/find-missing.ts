import type { BundleContent } from '../../model/bundle-content.ts';
import type { Problem } from '../../model/errors.ts';
import type { SeriesHistory } from '../../model/history.ts';
import type { BundleParts } from './assemble-bundle.ts';

/**
 * What keeps a bundle from being handed out: a pass that no reading of its log, or nothing that was collected, stands behind, and whatever a
 * document would name and the log cannot give. Content that was erased or is withheld is not missing: that is said where it would stand.
 */
export function findMissing(
  parts: Pick<BundleParts, 'survey' | 'populations'>,
  content: Pick<BundleContent, 'history' | 'datasets' | 'papers'>,
): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  const collected = new Set(content.datasets.flatMap(({ yields, source }) => yields.map((type) => `${source} ${type}`)));
  for (const { control, series, state } of content.history.controls) {
    for (const one of series) {
      if (!passes(one)) continue;
      const { key, subjectType, readings } = one;
      const place = `${control.id} ${key.check}`;
      if (readings === 0) say(place, `passes over ${key.source}, and no evaluation in the period says so`);
      else if (!collected.has(`${key.source} ${subjectType}`)) {
        say(place, `passes over ${key.source}, and no collection in the period looked for ${subjectType}`);
      }
    }
    if (state === 'no-failures-observed' && !series.some(({ readings }) => readings > 0))
      say(control.id, 'is called without failures, and nothing was read');
    if (!content.papers.some((paper) => paper.control === control.id)) say(control.id, 'has no workpaper');
  }
  const withheld = new Set(content.history.period.engagement.redaction.withholdItemsOf);
  for (const { record, rows, definition } of parts.populations) {
    if (rows !== null || withheld.has(record.collector)) continue;
    if (definition === undefined) say(`population ${record.id}`, 'this release does not know its kind, and cannot make its rows again');
    else if (parts.survey.erasures.length === 0) say(`population ${record.id}`, 'its rows cannot be made again from what is sealed');
  }
  return problems;
}

/** Subjects that nobody could see are quiet too: what counts is whether any of its time is called a pass. */
function passes({ metrics, timelines }: SeriesHistory): boolean {
  return metrics.byOutcome.pass > 0 || timelines.some(({ intervals }) => intervals.some(({ outcome }) => outcome === 'pass'));
}
