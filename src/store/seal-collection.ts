import type { DatabaseSync } from 'node:sqlite';
import type { ItemBlob, RedactionsBlob, VolatileBlob } from '../model/blobs.ts';
import { completenessOf } from '../model/completeness.ts';
import { ProoflineError } from '../model/errors.ts';
import { type CollectedItem, clockOf, type Evidence } from '../model/evidence.ts';
import { canonicalBytes } from '../seal/canonical-json.ts';
import { fromBase64, toBase64 } from '../seal/digest.ts';
import type { Blobs, Committed } from './blobs.ts';
import type { Sealed } from './contract.ts';
import { collectionStream, formerIn, type LogSession } from './log.ts';
import { advance, type NextManifest, nextManifest, presentManifest, streams } from './manifests.ts';
import { type RequestRecords, recordRequests, sampleRecords } from './request-records.ts';

const gapsListed = 20;

/** A collection made ready to be sealed: everything that needs no lock. */
export interface PreparedCollection {
  readonly evidence: Evidence;
  readonly items: NextManifest;
  readonly volatile: NextManifest;
  /** By content commitment (base64), and of each the operation it came from. */
  readonly contents: ReadonlyMap<string, Committed>;
  readonly operations: ReadonlyMap<string, string>;
  readonly requests: RequestRecords;
  readonly redactions: RedactionsBlob | null;
}

/** @throws ProoflineError `not-canonical` for an item that has no canonical form, or whose id comes twice. */
export function prepareCollection(evidence: Evidence, blobs: Blobs): PreparedCollection {
  const { scope } = evidence;
  const contents = new Map<string, Committed>();
  const items = new Map<string, string>();
  const volatile = new Map<string, string>();
  const operations = new Map<string, string>();
  const content = (value: ItemBlob | VolatileBlob, operation: string): string => {
    const committed = blobs.commit(scope, canonicalBytes(value));
    contents.set(committed.name, committed);
    operations.set(committed.name, operation);
    return committed.name;
  };
  for (const item of evidence.items) {
    const id = blobs.commit(scope, canonicalBytes(item.id)).name;
    if (items.has(id)) throw new ProoflineError('not-canonical', `${evidence.collector} gave the item ${item.id} twice`);
    items.set(id, content(itemBlob(item), item.operation));
    if (item.volatile !== null) volatile.set(id, content({ id: item.id, fields: item.volatile as VolatileBlob['fields'] }, item.operation));
  }
  const withheld = evidence.items
    .filter((item) => item.withheld.length > 0)
    .map(({ id, withheld }) => ({ id, withheld: [...withheld].sort() }));
  return {
    evidence,
    items: nextManifest(items),
    volatile: nextManifest(volatile),
    contents,
    operations,
    requests: recordRequests(evidence.requests, (bytes) => blobs.commit(scope, bytes).name),
    redactions: withheld.length === 0 ? null : { items: withheld.sort((left, right) => (left.id < right.id ? -1 : 1)) },
  };
}

function itemBlob({ id, operation, subject, region, body, gap }: CollectedItem): ItemBlob {
  return gap === undefined ? { id, operation, subject, region, body: body as never } : { id, operation, subject, region, gap };
}

/** Seals a prepared collection within a write transaction. `fence`: the token of the lease held, when one is. */
export function sealCollection(
  database: DatabaseSync,
  blobs: Blobs,
  session: LogSession,
  prepared: PreparedCollection,
  plan: number | null,
  now: string,
  fence: number | undefined,
): Sealed<'collection'> {
  const { evidence, requests, redactions } = prepared;
  const { collector, scope } = evidence;
  const stream = streams.items(collector, scope);
  const present = presentManifest(database, stream);
  if (fence !== undefined && present !== undefined && fence < present.fence) {
    throw new ProoflineError(
      'store-busy',
      `the lease on ${collector} over ${scope} ran out while it was being collected, and another process has collected it since; nothing was written`,
    );
  }
  const failed = evidence.requests.filter((request) => request.gap !== null).length;
  const today = now.slice(0, 10);
  const isUneventful =
    present !== undefined &&
    present.statements > 0 &&
    Buffer.compare(present.root, prepared.items.root) === 0 &&
    failed === 0 &&
    evidence.gaps.length === 0 &&
    present.kept_on === today;
  const kept = isUneventful ? sampleRecords(requests) : requests.records;
  const keptAll = kept.length === requests.records.length;
  const put = (value: unknown, near?: string | null) =>
    blobs.put(
      scope,
      blobs.commit(scope, canonicalBytes(value)),
      near === null || near === undefined ? undefined : { commitment: fromBase64(near) },
    );
  const former = formerIn(database, 'collection', collectionStream(collector, scope));

  const items = advance(database, blobs, scope, stream, prepared.items, {
    ...(isUneventful ? {} : { keptOn: today }),
    ...(fence === undefined ? {} : { fence }),
  });
  const volatile = advance(database, blobs, scope, streams.volatile(collector, scope), prepared.volatile);
  putContents(blobs, prepared, items.contents);
  putContents(blobs, prepared, volatile.contents);
  // What was erased, and the source still says, is evidence of today.
  for (const name of blobs.erased()) {
    const again = prepared.contents.get(name);
    if (again !== undefined) blobs.put(scope, again);
  }

  return session.append<'collection'>({
    kind: 'collection',
    plan,
    after: session.after,
    collector,
    logic: evidence.logic,
    kindOf: evidence.kind,
    source: evidence.source,
    scope,
    principal: evidence.principal,
    session: evidence.session,
    trigger: evidence.trigger,
    startedAt: evidence.startedAt,
    finishedAt: evidence.finishedAt,
    durationMs: evidence.durationMs,
    sourceAsOf: evidence.sourceAsOf,
    clock: clockOf(evidence.requests),
    hosts: hostsOf(evidence),
    requests: {
      count: requests.records.length,
      failed,
      pages: requests.records.length - failed,
      root: toBase64(requests.root),
      kept: kept.length === 0 ? null : put(kept, former?.requests.kept),
      keptAll,
    },
    items: items.change,
    volatile: volatile.change,
    completeness: completenessOf(evidence.gaps),
    gaps: gapsToList(evidence),
    gapCount: evidence.gaps.length,
    reconciliation: evidence.reconciliation,
    ...(evidence.window === undefined ? {} : { window: evidence.window }),
    redactions: redactions === null ? null : put(redactions),
    withheld: redactions === null ? 0 : redactions.items.reduce((sum, item) => sum + item.withheld.length, 0),
    grade: evidence.grade,
  });
}

/** What changed is packed against what it was, what is new against the first of its operation that is new with it. */
function putContents(
  blobs: Blobs,
  { evidence, contents, operations }: PreparedCollection,
  changed: ReadonlyMap<string, string | null>,
): void {
  const firsts = new Map<string, Uint8Array>();
  for (const [name, before] of changed) {
    const committed = contents.get(name)!;
    const operation = operations.get(name) ?? '';
    const first = firsts.get(operation);
    const near =
      before !== null ? { commitment: fromBase64(before), ofAnyMonth: true } : first === undefined ? undefined : { commitment: first };
    blobs.put(evidence.scope, committed, near);
    if (first === undefined) firsts.set(operation, committed.commitment);
  }
}

/** A whole population that was not seen weighs more than one subject: those come first when not all can be listed. */
function gapsToList({ gaps }: Evidence): Evidence['gaps'] {
  return [...gaps.filter((gap) => gap.subject === undefined), ...gaps.filter((gap) => gap.subject !== undefined)].slice(0, gapsListed);
}

function hostsOf({ requests, officialHosts }: Evidence): { host: string; official: boolean }[] {
  const hosts = new Set(requests.map((request) => request.host).filter((host) => host !== null));
  return [...hosts].sort().map((host) => ({ host, official: officialHosts[host] === true }));
}
