import { ChangeFields, isChangeRecord, RecordFields } from '../model/change.ts';
import type { Collector } from '../model/collector.ts';
import { ProoflineError } from '../model/errors.ts';
import type { ChangeEvent, ChangeRecord } from '../model/history.ts';
import type { LogEntry, LogReader } from '../model/log-reader.ts';
import { PlanDetail } from '../model/plan.ts';
import { Collection, Plan, type StatementOf } from '../model/statement.ts';
import { parseCanonical } from '../seal/canonical-json.ts';
import { everyRegion, type WindowOf } from './every-region.ts';
import { ItemStream } from './follow-items.ts';
import { normaliseEvidence, regionOf } from './normalise-evidence.ts';
import type { Registries } from './registries.ts';

export interface ReadChanges {
  /** By time, then source and event id; each once. */
  readonly events: readonly ChangeEvent[];
  /** By source, collector, region and the names carried. */
  readonly records: readonly ChangeRecord[];
}

/**
 * What the sources' own records say was changed in a stretch `[from, to)`, and over which of it those records are whole. A window counts when it was
 * read to its end, every item of it can still be read, and the source keeps the record at all; the events of one that does not count are told
 * all the same. Events that two windows hold are one.
 */
export function readChanges(
  reader: LogReader,
  registries: Pick<Registries, 'collectors'>,
  stretch: { readonly from: string; readonly to: string },
): ReadChanges {
  const collectors = new Map(registries.collectors.filter(isChangeRecord).map((collector) => [collector.id, collector]));
  const plans = new Plans(reader);
  const streams = new Map<string, ItemStream>();
  const known = new Map<string, ReadWindow>();
  const events = new Map<string, ChangeEvent>();
  const windows: WindowOf[] = [];
  for (const { index, bytes } of collectionEntries(reader, new Set(collectors.keys()))) {
    const statement = collectionIn(bytes);
    const collector = statement === undefined ? undefined : collectors.get(statement.collector);
    if (statement === undefined || collector === undefined) continue;
    const key = JSON.stringify([statement.collector, statement.scope]);
    const stream = streams.get(key) ?? new ItemStream(reader);
    streams.set(key, stream);
    stream.follow(statement);
    const { window, source, scope } = statement;
    if (window === undefined) continue;
    const region = regionOf(scope);
    const carries = plans.carriedBy(statement.plan, collector.id);
    // A window beside the stretch tells which regions there are, and nothing else.
    const isBeside = window.to <= stretch.from || window.from >= stretch.to;
    const read = isBeside ? noWindow : readWindow(collector, stream, statement, plans, known);
    const isWhole = read.isWhole && statement.completeness.kind === 'complete';
    windows.push({ source, collector: collector.id, region, carries, from: window.from, to: window.to, collection: index, isWhole });
    for (const change of read.changes) {
      if (change.at < stretch.from || change.at >= stretch.to) continue;
      const id = JSON.stringify([source, change.eventId]);
      const former = events.get(id);
      // Read when it happened and again later: it was known then.
      if (former !== undefined && (!former.reconstructed || window.backfill)) continue;
      events.set(id, { ...change, source, collection: index, reconstructed: window.backfill });
    }
  }
  const central = new Map([...collectors.values()].map(({ id, central: regions }) => [id, regions]));
  return {
    events: [...events.values()].sort((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1)),
    records: recordsOf(windows, stretch, central),
  };
}

type Change = Omit<ChangeEvent, 'source' | 'collection' | 'reconstructed'>;
interface ReadWindow {
  readonly changes: readonly Change[];
  readonly isWhole: boolean;
}
const noWindow: ReadWindow = { changes: [], isWhole: false };
const sortKey = ({ at, source, eventId }: ChangeEvent) => `${at} ${source} ${eventId}`;

function readWindow(
  collector: Collector<never>,
  stream: ItemStream,
  statement: StatementOf<'collection'>,
  plans: Plans,
  known: Map<string, ReadWindow>,
): ReadWindow {
  const { source, scope, items, volatile } = statement;
  const told = plans.settingsOf(statement.plan, source);
  // With equal roots there is nothing to read that was not read before: most windows are quiet ones.
  const key = JSON.stringify([collector.id, scope, items.root, volatile.root, told]);
  const former = known.get(key);
  if (former !== undefined) return former;
  const found = stream.items();
  const read = found === null ? noWindow : changesIn(collector, found, { id: source, ...told }, scope);
  known.set(key, read);
  return read;
}

function changesIn(
  collector: Collector<never>,
  items: Parameters<typeof normaliseEvidence>[1],
  member: Parameters<typeof normaliseEvidence>[2],
  scope: string,
): ReadWindow {
  const { resources, completeness } = normaliseEvidence(collector, items, member, scope);
  const kept = new Set(collector.yields.filter(({ shape }) => Object.hasOwn(shape, 'recorded')).map(({ type }) => type));
  const isRecorded = resources
    .filter(({ type }) => kept.has(type))
    .every(({ fields }) => RecordFields.safeParse(fields).data?.recorded === true);
  return {
    changes: resources.flatMap(({ fields }) => ChangeFields.safeParse(fields).data ?? []),
    isWhole: completeness.kind === 'complete' && isRecorded,
  };
}

function recordsOf(
  windows: readonly WindowOf[],
  stretch: { readonly from: string; readonly to: string },
  central: ReadonlyMap<string, readonly string[] | undefined>,
): ChangeRecord[] {
  const records: ChangeRecord[] = [];
  const byRecord = Map.groupBy(windows, ({ source, collector, carries }) => JSON.stringify([source, collector, carries]));
  for (const key of [...byRecord.keys()].sort()) {
    const of = byRecord.get(key) ?? [];
    const [first] = of;
    // A record that promises nothing tells events, and shows of nothing that it did not happen.
    if (first === undefined || first.carries.length === 0) continue;
    const { source, collector, carries } = first;
    const byRegion = Map.groupBy(of, ({ region }) => region);
    const within = (list: readonly WindowOf[]) =>
      list
        .filter(({ isWhole, from, to }) => isWhole && to > stretch.from && from < stretch.to)
        .map(({ from, to, collection }) => ({
          from: from < stretch.from ? stretch.from : from,
          to: to > stretch.to ? stretch.to : to,
          collection,
        }));
    const add = (region: string | null, list: readonly WindowOf[]) => {
      const whole = within(list);
      if (whole.length > 0) records.push({ source, collector, region, carries, windows: whole });
    };
    if (byRegion.has(null)) add(null, byRegion.get(null) ?? []);
    else add(null, everyRegion(of, central.get(collector)));
    for (const region of [...byRegion.keys()].filter((name) => name !== null).sort()) add(region, byRegion.get(region) ?? []);
  }
  return records;
}

/** What the plans say of how a window was read, each plan opened once. */
class Plans {
  readonly #reader: LogReader;
  readonly #known = new Map<number, PlanDetail | undefined>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  /** The names that a collector carried then, sorted; what it carries today says nothing about what it looked for. */
  carriedBy(plan: number | null, collector: string): readonly string[] {
    return this.#at(plan)?.collectors.find(({ id }) => id === collector)?.carries ?? [];
  }

  settingsOf(plan: number | null, source: string): Pick<Parameters<typeof normaliseEvidence>[2], 'tenant' | 'settings'> {
    const told = this.#at(plan)?.sources.flatMap(({ settings }) => settings?.[source] ?? [])[0];
    return { tenant: told?.tenant ?? source.slice(source.indexOf(':') + 1), settings: told?.settings ?? {} };
  }

  #at(index: number | null): PlanDetail | undefined {
    if (index === null) return undefined;
    if (!this.#known.has(index)) this.#known.set(index, this.#read(index));
    return this.#known.get(index);
  }

  #read(index: number): PlanDetail | undefined {
    const [entry] = this.#reader.entries(index, index + 1);
    const plan = entry?.index === index ? Plan.safeParse(parseCanonical(entry.bytes)).data : undefined;
    const blob = plan === undefined ? undefined : this.#reader.blob(plan.detail);
    return blob?.kind === 'open' ? PlanDetail.safeParse(parseCanonical(blob.bytes)).data : undefined;
  }
}

/** Entries of the collectors' collections, in order: found by the store, or among all entries. */
function* collectionEntries(reader: LogReader, collectors: ReadonlySet<string>): Generator<LogEntry> {
  if (reader.collectionsOf === undefined) yield* reader.entries();
  else for (const index of reader.collectionsOf(collectors)) yield* reader.entries(index, index + 1);
}

const mark = Buffer.from('"kindOf":"events"');
function collectionIn(bytes: Uint8Array): StatementOf<'collection'> | undefined {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark)) return undefined;
  try {
    return Collection.safeParse(parseCanonical(bytes)).data;
  } catch (error) {
    if (error instanceof ProoflineError) return undefined;
    throw error;
  }
}
