import type { RememberedUse } from '../evaluate/evaluate-source.ts';
import type { EmbeddedStore } from '../store/embedded.ts';
import type { State } from '../store/state.ts';
import type { CachedVerdict, VerdictCache } from '../store/verdict-cache.ts';
import type { Composition } from './composition.ts';
import { type StoredLog, storedLog } from './entity/stored-log.ts';
import { type ReadCollections, readCollections } from './read-collections.ts';

type RememberedVerdicts = VerdictCache & { readonly uses: Map<string, RememberedUse> };

/** A log that stays open over several runs of one process, and what need not be worked out again while its evidence is the same. */
export interface OpenedLog {
  readonly store: EmbeddedStore;
  readonly state: State;
  readonly verdicts: RememberedVerdicts;
  readonly collections: ReadCollections;
  /** For what is worked out of the log itself. */
  readonly stored: StoredLog;
  close(): Promise<void>;
}

/**
 * Opens the log for writing, and begins one where there is none. `relaxed` gives up one thing, and in a demonstration's log alone: what was
 * written last may be lost with the power. It stays in order, so that what is judged is always sealed before.
 * @throws ProoflineError like `app.openStore`
 */
export async function openLog(app: Composition, options: { readonly relaxed?: boolean } = {}): Promise<OpenedLog> {
  const store = await app.openStore({ create: true, relaxed: options.relaxed === true });
  const state = app.openState();
  const collections = readCollections();
  return {
    store,
    state,
    verdicts: rememberedVerdicts(state.verdicts),
    collections,
    stored: storedLog(store, collections),
    async close() {
      state.close();
      await store.close();
    },
  };
}

/** The same cache, read once: reading eight thousand verdicts back takes longer than giving them. Writes go through. */
function rememberedVerdicts(kept: VerdictCache): RememberedVerdicts {
  const known = new Map<string, Map<string, CachedVerdict>>();
  const of = (checkKey: string) => {
    const found = known.get(checkKey) ?? kept.load(checkKey);
    known.set(checkKey, found);
    return found;
  };
  const uses: RememberedVerdicts['uses'] = new Map();
  return {
    uses,
    load: of,
    replace(checkKey, verdicts) {
      const list = [...verdicts];
      kept.replace(checkKey, list);
      known.set(checkKey, new Map(list.map((verdict) => [verdict.subject, verdict])));
    },
    update(checkKey, changed, gone) {
      const [newer, lost] = [[...changed], [...gone]];
      kept.update(checkKey, newer, lost);
      // Another map: whoever loaded the former one may still be looking at it.
      const next = new Map(of(checkKey));
      for (const subject of lost) next.delete(subject);
      for (const verdict of newer) next.set(verdict.subject, verdict);
      known.set(checkKey, next);
    },
    keepOnly(checkKeys) {
      kept.keepOnly(checkKeys);
      for (const checkKey of [...known.keys(), ...uses.keys()]) {
        if (checkKeys.has(checkKey)) continue;
        known.delete(checkKey);
        uses.delete(checkKey);
      }
    },
  };
}
