import type { Normalised } from '../../collect/normalise-items.ts';
import type { JudgedCollection } from '../../evaluate/evaluate-source.ts';
import type { ReadsBlob } from '../../model/blobs.ts';
import type { Collector } from '../../model/collector.ts';
import type { GapReason } from '../../model/completeness.ts';
import { ProoflineError } from '../../model/errors.ts';
import { Collection } from '../../model/statement.ts';
import type { Store } from '../../store/contract.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import type { Registries } from '../registries.ts';
import type { toldOf } from '../told-of.ts';

export interface ReadAgain {
  readonly collector: string;
  readonly sealed: string;
  readonly installed: string | null;
  readonly types: readonly string[];
  /** undefined: nothing of it can be judged, as no collector of this id is installed. */
  readonly collection: JudgedCollection | undefined;
  readonly note: string | undefined;
}

/** One collection as the installed collector normalises it. What it cannot read is no evidence of any of its types. */
export function readAgain(
  store: Store,
  registries: Registries,
  { collector: id, scope, index }: ReadsBlob[number],
  told: NonNullable<ReturnType<typeof toldOf>>,
): ReadAgain {
  const statement = Collection.parse(JSON.parse(new TextDecoder().decode(store.entry(index)?.bytes)));
  const collector = registries.collectors.find((one) => one.id === id);
  const base = { collector: id, sealed: statement.logic };
  if (collector === undefined) {
    const note = `the collector ${id} is not installed: of what it read there is no evidence any more`;
    return { ...base, installed: null, types: [], collection: undefined, note };
  }
  const installed = registries.logicOf('collector', id);
  const types = collector.yields.map(({ type }) => type);
  const { normalised, note } = normaliseAgain(store, collector, scope, index, told);
  const asOf = statement.sourceAsOf ?? statement.finishedAt;
  const { resources, incomplete } = normalised;
  return { ...base, installed, types, collection: { scope, asOf, types, resources, incomplete }, note };
}

type Readable = Pick<Normalised, 'resources' | 'incomplete'>;
function normaliseAgain(
  store: Store,
  collector: Collector<never>,
  scope: string,
  index: number,
  told: NonNullable<ReturnType<typeof toldOf>>,
): { readonly normalised: Readable; readonly note: string | undefined } {
  const unread = (reason: GapReason): Readable => ({
    resources: [],
    incomplete: collector.yields.map(({ type }) => ({ type, reason })),
  });
  const where = `${collector.id} in ${scope} (entry ${index})`;
  let items: ReturnType<Store['items']>;
  try {
    items = store.items(collector.id, scope, index);
  } catch (error) {
    // An erased item is no fault of the store; a damaged store is.
    if (!(error instanceof ProoflineError) || error.code !== 'not-found') throw error;
    return { normalised: unread('not-collected'), note: `${where}: items of it were erased, so it cannot be normalised again` };
  }
  try {
    const normalised = normaliseEvidence(collector, items, told, scope);
    const { malformedCount } = normalised;
    const note = malformedCount === 0 ? undefined : `${where}: ${malformedCount} items or resources do not fit and are no evidence`;
    return { normalised, note };
  } catch (error) {
    // The only place where a collector's bug is not rethrown: finding it before anything is judged is what a preview is for.
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    return { normalised: unread('malformed-reply'), note: `${where}: the installed collector cannot normalise it: ${cause}` };
  }
}
