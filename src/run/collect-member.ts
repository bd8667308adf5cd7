import { setImmediate } from 'node:timers/promises';
import limitConcurrency from 'p-limit';
import type { Limiter } from '../collect/limiter.ts';
import { runCollector } from '../collect/run-collector.ts';
import type { Collector, EventWindow, SourceDefinition } from '../model/collector.ts';
import type { GapReason } from '../model/completeness.ts';
import { SourceError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { ReadResource } from '../model/resource.ts';
import type { Actor, StatementOf } from '../model/statement.ts';
import type { Sealed, Store } from '../store/contract.ts';
import { collectionLease } from '../store/held-leases.ts';
import { lastComplete } from './last-complete.ts';
import { nextWindow } from './next-window.ts';
import { orderCollectors } from './order-collectors.ts';
import type { CollectProgress } from './progress.ts';
import type { Registries } from './registries.ts';
import type { SourceMember } from './source-access.ts';
import { withinLease } from './within-lease.ts';

export interface CollectClock {
  readonly now: () => string;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  readonly newId: () => string;
}

export interface CollectMemberOptions extends CollectClock {
  readonly store: Store;
  readonly plan: number;
  readonly definition: SourceDefinition;
  readonly member: SourceMember;
  readonly registries: Registries;
  readonly collectors: readonly Collector<never>[];
  readonly limiter: Limiter;
  readonly concurrency: number;
  /** Key of the tags by which a withheld secret is seen to change. */
  readonly redactKey: Uint8Array | undefined;
  readonly trigger: Actor;
  /** Collectors of kind `events` read their record from here on (ISO-8601 UTC), as far as the source remembers. */
  readonly backfillFrom?: string | undefined;
  /** In place of the next window: exactly this of the record. */
  readonly exactWindow?: EventWindow | undefined;
  readonly onProgress: (progress: CollectProgress) => void;
  readonly signal: AbortSignal;
  readonly normalise: (collector: Collector<never>, evidence: Evidence) => readonly ReadResource[];
  /** What a collection that is sealed already came to. */
  readonly readSealed: (collector: Collector<never>, collection: Sealed<'collection'>) => readonly ReadResource[];
  /** How long another process that collects the same is waited for. */
  readonly waitMs: number;
}

/** What a member's collections came to: sealed statements, and populations whose scopes could not even be listed. */
export interface CollectedMember {
  readonly member: SourceMember;
  readonly sealed: readonly Sealed<'collection'>[];
  readonly unlisted: readonly { readonly collector: string; readonly scope: string; readonly reason: GapReason }[];
  /** Regions that region-scoped collectors are to be run in; undefined when the source did not list them. */
  readonly regions: readonly string[] | undefined;
  readonly calls: number;
}

/** Collections of one member under way at once; each bounds its own requests. */
const collectionsAtOnce = 4;

/** Collects one account or organisation: account-level collectors first (others need their counts and regions), then the regions. */
export async function collectMember(options: CollectMemberOptions): Promise<CollectedMember> {
  const { member, store, signal } = options;
  const regionDataset = options.definition.regions;
  const sealed: Sealed<'collection'>[] = [];
  const read = new Map<string, readonly ReadResource[]>();
  const [regional, central] = partition(orderCollectors(options.collectors), ({ scope }) => scope === 'region');
  let calls = 0;
  let done = 0;
  let of = central.length;

  const collect = async (collector: Collector<never>, region?: string) => {
    // Ctrl-C gets its turn also where nothing waits for a network.
    await setImmediate();
    const scope = region === undefined ? member.id : `${member.id}/${region}`;
    options.onProgress({ kind: 'collecting', collector: collector.id, scope });
    const collection = await withinLease(store, collectionLease(collector.id, scope), { waitMs: options.waitMs, signal }, async () => {
      const evidence = await collectOnce(collector, region, await windowOf(collector, scope));
      return { evidence, entry: await store.appendCollection(evidence, options.plan) };
    });
    sealed.push(collection.entry);
    calls += collection.evidence.requests.length;
    done += 1;
    const { statement } = collection.entry;
    options.onProgress({ kind: 'calls', source: member.id, calls });
    options.onProgress({
      kind: 'collected',
      collector: collector.id,
      scope,
      items: statement.items.size,
      changed: statement.items.delta !== null,
      completeness: statement.completeness,
      done,
      of,
    });
    return collection.evidence;
  };

  let latest: readonly StatementOf<'collection'>[] | undefined;
  const formerly = () => {
    latest ??= store.latestCollections(member.id).map(({ statement }) => statement);
    return latest;
  };
  const formerOf = (collector: string, scope: string) => {
    const last = formerly().find((statement) => statement.collector === collector && statement.scope === scope);
    return last === undefined ? undefined : lastComplete(store, last);
  };
  /** What of the source's record is to be read now. What it has forgotten meanwhile is recorded before anything is read. */
  const windowOf = async (collector: Collector<never>, scope: string) => {
    if (collector.kind !== 'events') return undefined;
    if (options.exactWindow !== undefined) return { ...options.exactWindow, backfill: false };
    const { window, lost } = nextWindow({
      former: formerly().find((statement) => statement.collector === collector.id && statement.scope === scope),
      remembersDays: collector.remembersDays,
      now: options.now(),
      backfillFrom: options.backfillFrom,
    });
    if (lost !== null) {
      const reason = `not-collected: the source remembers ${collector.remembersDays} days, and this is gone`;
      const name = `${collector.id} ${scope}`;
      await store.append<'gap'>({ kind: 'gap', subject: `record ${name}`, reason, ...lost, of: { kind: 'record', name } });
      options.onProgress({ kind: 'forgotten', collector: collector.id, scope, ...lost });
    }
    return window;
  };

  const collectOnce = async (
    collector: Collector<never>,
    region: string | undefined,
    window: Awaited<ReturnType<typeof windowOf>>,
  ): Promise<Evidence> => {
    const session = `proofline-${options.newId()}`.slice(0, 64);
    const opened = member.open(session);
    try {
      const principal = await opened.principal().catch((error: unknown) => {
        // Not knowing who we are is recorded as such; whether the source answers at all is for the collection to find out.
        if (error instanceof SourceError) return null;
        throw error;
      });
      return await runCollector({
        collector,
        former: () => formerOf(collector.id, region === undefined ? member.id : `${member.id}/${region}`),
        source: options.definition as SourceDefinition<never>,
        exchange: opened.exchange,
        sourceId: member.id,
        tenant: member.tenant,
        ...(region === undefined ? {} : { region }),
        settings: member.settings,
        window,
        logic: options.registries.logicOf('collector', collector.id),
        grade: options.registries.gradeOf('collector', collector.id),
        session,
        principal,
        trigger: options.trigger,
        concurrency: options.concurrency,
        now: options.now,
        monotonic: options.monotonic,
        limiter: options.limiter,
        signal,
        redactKey: options.redactKey,
        onProgress: (progress) => options.onProgress({ kind: 'calls', source: member.id, calls: calls + progress.calls }),
        expectedCount(other, field) {
          const value = read.get(other)?.find((resource) => Object.hasOwn(resource.fields, field))?.fields[field];
          return typeof value === 'number' ? value : null;
        },
      });
    } finally {
      opened.close();
    }
  };

  const needed = new Set(central.flatMap((collector) => (collector.reconcile ?? []).map((rule) => rule.with)));
  for (const collector of central) {
    if (signal.aborted) break;
    if (!needed.has(collector.id) && collector.id !== regionDataset?.collector) continue;
    read.set(collector.id, options.normalise(collector, await collect(collector)));
  }
  const limit = limitConcurrency(collectionsAtOnce);
  const [inTurn, rest] = partition(
    central.filter((collector) => !read.has(collector.id)),
    ({ after }) => after !== undefined,
  );
  const regions = regional.length === 0 ? [] : listRegions();
  of += regional.length * regions.length;
  options.onProgress({ kind: 'source', source: member.id, display: member.display, collections: of });
  const jobs = [
    ...rest.map((collector) => () => collect(collector)),
    ...regions.flatMap((region) => regional.map((collector) => () => collect(collector, region))),
  ];
  await allOrFirstError(
    jobs.map((job) => limit(async () => (signal.aborted ? undefined : await job()))),
    () => limit.clearQueue(),
  );
  for (const collector of inTurn) {
    if (signal.aborted) break;
    await collect(collector);
  }

  const unlisted =
    regions.length > 0 || regional.length === 0
      ? []
      : regional.map(({ id }) => ({ collector: id, scope: `${member.id}/*`, reason: whyNoRegions() }));
  return { member, sealed, unlisted, regions: enabledRegions()?.filter(isWanted), calls };

  function listRegions(): readonly string[] {
    return (enabledRegions() ?? knownRegions()).filter(isWanted);
  }
  function isWanted(region: string): boolean {
    return member.regions?.includes(region) ?? true;
  }
  function enabledRegions(): readonly string[] | undefined {
    if (regionDataset === undefined) return undefined;
    const found = (read.get(regionDataset.collector) ?? sealedRegions(regionDataset.collector)).filter(
      ({ type }) => type === regionDataset.type,
    );
    const enabled = found.filter(({ fields }) => fields['enabled'] === true).map(({ fields }) => String(fields['name']));
    return enabled.length > 0 ? enabled : undefined;
  }
  /** A run that does not ask for the regions judges the whole member all the same: by those that were listed last. */
  function sealedRegions(id: string): readonly ReadResource[] {
    if (options.collectors.some((collector) => collector.id === id)) return [];
    const collector = options.registries.collectors.find((one) => one.id === id);
    const latest = store.latestCollections(member.id).find(({ statement }) => statement.collector === id);
    return collector === undefined || latest === undefined ? [] : options.readSealed(collector, latest);
  }
  /** When the source does not list its regions now, those collected before are asked, so that their state is at least tried. */
  function knownRegions(): readonly string[] {
    const scopes = store.latestCollections(member.id).map(({ statement }) => statement.scope);
    return [...new Set(scopes.flatMap((scope) => (scope.startsWith(`${member.id}/`) ? [scope.slice(member.id.length + 1)] : [])))].sort();
  }
  function whyNoRegions(): GapReason {
    const statement = sealed.find((entry) => entry.statement.collector === regionDataset?.collector)?.statement;
    return statement?.completeness.kind === 'incomplete' ? (statement.completeness.reasons[0] ?? 'not-collected') : 'not-collected';
  }
}

function partition<T>(list: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((item) => !test(item))];
}

/** Waits for all, so that nothing is sealed after the caller has gone on; then throws the first error. */
async function allOrFirstError(jobs: readonly Promise<unknown>[], onError: () => void): Promise<void> {
  for (const job of jobs) job.catch(onError);
  const failed = (await Promise.allSettled(jobs)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
