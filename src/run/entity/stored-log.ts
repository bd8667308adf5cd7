import type { RecordedDecision } from '../../model/decision.ts';
import type { PlanDetail } from '../../model/plan.ts';
import { Collection } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import type { Sealed, Store } from '../../store/contract.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import type { ReadCollections } from '../read-collections.ts';
import type { Registries } from '../registries.ts';
import { EventWindows } from './event-windows.ts';
import { type LogAsOf, NotReadable } from './log-as-of.ts';
import { PlansRead } from './plans-read.ts';

/** A store that stays open over several runs, and what of it was read for what is worked out of it. */
export interface StoredLog {
  /** As the log stands now. @throws NotReadable when there is no plan of a form that is known here */
  now(registries: Pick<Registries, 'collectors'>): LogAsOf;
}

/** Nothing is read twice while it stays as it was: decisions by how many they are, collections by their roots, windows by their index. */
export function storedLog(store: Store, collections: ReadCollections): StoredLog {
  const plans = new PlansRead(store);
  let windows: { readonly collectors: string; readonly of: EventWindows } | undefined;
  let decided: { readonly entries: number; readonly decisions: readonly RecordedDecision[] } | undefined;

  const decisionsNow = (): readonly RecordedDecision[] => {
    const entries = (store.indexesOf?.('decision') ?? []).length;
    if (decided?.entries !== entries) decided = { entries, decisions: readDecisions(store) };
    return decided.decisions;
  };
  /** All collections of records of events that are there by now are told, in the order of the log. */
  const windowsNow = (registries: Pick<Registries, 'collectors'>): EventWindows => {
    const ids = registries.collectors.filter(({ kind }) => kind === 'events').map(({ id }) => id);
    const key = ids.join(' ');
    if (windows?.collectors !== key) windows = { collectors: key, of: new EventWindows(store, plans.toldUnder) };
    for (const index of store.collectionsOf?.(new Set(ids)) ?? []) {
      const entry = index > windows.of.told ? store.entry(index) : undefined;
      if (entry !== undefined) windows.of.tell(Collection.parse(parseCanonical(entry.bytes)), index);
    }
    return windows.of;
  };

  return {
    now(registries) {
      for (;;) {
        const through = store.size();
        const plan = planNow(store, plans);
        const decisions = decisionsNow();
        const latest = Map.groupBy(store.latestCollections(), ({ statement }) => statement.source);
        // Another process may append meanwhile: then what was read is of no single moment, and is read again.
        if (store.size() !== through) continue;
        return {
          through,
          plan,
          decisions,
          latest: (member) => latest.get(member) ?? [],
          evaluation: (member) => {
            const latest = store.latestEvaluation(member);
            return latest !== undefined && latest.index < through ? latest : undefined;
          },
          blob: (commitment) => store.blob(commitment),
          read: (collector, collection: Sealed<'collection'>, member) => collections.read(store, collector, collection, member),
          windows: (collector, member, since) => windowsNow(registries).of(collector, member, since, through),
        };
      }
    },
  };
}

function planNow(store: Store, plans: PlansRead): PlanDetail {
  const plan = plans.at(store.latest('plan')?.index ?? null);
  if (plan === undefined) throw new NotReadable('the plan in force is not there, or of a form that is not known here');
  return plan;
}
