import type { BundleContent } from '../../model/bundle-content.ts';
import type { Problem } from '../../model/errors.ts';
import type { Basis } from '../../model/history.ts';
import type { BundleParts } from './assemble-bundle.ts';

/** A state on these rests on readings; on the others, on the sources' own change records. */
const readAtBothEnds: ReadonlySet<Basis> = new Set(['corroborated', 'inferred']);

/**
 * What keeps a bundle from being handed out: a pass that no evaluation of its log stands behind, and whatever a document would name and the log
 * cannot give. Content that was erased or is withheld is not missing: that is said where it would stand.
 */
export function findMissing(parts: BundleParts, content: BundleContent): Problem[] {
  const size = parts.reader.size();
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  const inLog = (index: number | null): boolean => index !== null && index >= 0 && index < size;
  for (const { control, series } of content.history.controls) {
    for (const { key, timelines } of series) {
      for (const { display, intervals } of timelines) {
        const bare = intervals.find(
          ({ outcome, basis, evidence: { first, last } }) =>
            outcome === 'pass' && readAtBothEnds.has(basis) && !inLog(first) && !inLog(last),
        );
        if (bare !== undefined)
          say(`${control.id} ${key.check}`, `passes for ${display} from ${bare.from} to ${bare.to}, and no evaluation of the log says so`);
      }
    }
  }
  for (const { record, rows, definition } of parts.populations) {
    if (rows !== null) continue;
    const erased = parts.survey.erasures.length > 0;
    if (definition === undefined) say(`population ${record.id}`, 'this release does not know its kind, and cannot make its rows again');
    else if (!erased) say(`population ${record.id}`, 'its rows cannot be made again from what is sealed');
  }
  return problems;
}
