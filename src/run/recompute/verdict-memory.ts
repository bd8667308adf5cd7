import type { CachedVerdict, VerdictCache } from '../../evaluate/evaluate-source.ts';

/** Verdicts carried on from one evaluation to the next, as the store's own cache does while it collects. */
export function verdictMemory(): VerdictCache {
  const known = new Map<string, Map<string, CachedVerdict>>();
  return {
    uses: new Map(),
    load: (checkKey) => known.get(checkKey) ?? new Map(),
    update(checkKey, changed, gone) {
      const verdicts = known.get(checkKey) ?? new Map<string, CachedVerdict>();
      for (const subject of gone) verdicts.delete(subject);
      for (const verdict of changed) verdicts.set(verdict.subject, verdict);
      known.set(checkKey, verdicts);
    },
  };
}
