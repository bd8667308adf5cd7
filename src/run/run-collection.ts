import { createHmac } from 'node:crypto';
import { type Anchored, anchorNow } from '../anchor/anchor-now.ts';
import { entitySource, readsEntity } from '../config/configured-sources.ts';
import type { EventWindow } from '../model/collector.ts';
import type { GapReason } from '../model/completeness.ts';
import { ProoflineError } from '../model/errors.ts';
import { type Severity, severities } from '../model/outcome.ts';
import type { Actor, OutcomeCounts, Turn } from '../model/statement.ts';
import type { EmbeddedStore } from '../store/embedded.ts';
import { absentNow } from './absent-now.ts';
import { checkCollectorIds, collectSources, enterSources } from './collect-sources.ts';
import type { Composition } from './composition.ts';
import { turnStanding } from './daemon/turn-standing.ts';
import { entityAccess } from './entity/entity-access.ts';
import { evaluateMember, readMember } from './evaluate-members.ts';
import { leaseNames } from './lease-names.ts';
import { type OpenedLog, openLog } from './opened-log.ts';
import type { PlannedCheck } from './plan-checks.ts';
import { type KnownNow, preparePlan } from './prepare-plan.ts';
import type { CollectProgress } from './progress.ts';
import { readOtherAccounts } from './read-other-accounts.ts';
import { withinLease } from './within-lease.ts';

export interface RunCollectionOptions {
  /** Names of configured sources; undefined: all. */
  readonly sources?: readonly string[] | undefined;
  /** Ids of collectors; undefined: all. */
  readonly collectors?: readonly string[] | undefined;
  readonly trigger: Actor;
  /** Collectors of kind `events` read their record from here on (ISO-8601 UTC), as far as the source remembers. */
  readonly backfillFrom?: string | undefined;
  /** Collectors of kind `events` read exactly this of their record: a population of a period. */
  readonly exactWindow?: EventWindow | undefined;
  readonly onProgress: (progress: CollectProgress) => void;
  readonly signal: AbortSignal;
  /** A log that stays open over many runs; without it the log is opened for this one and closed after it. */
  readonly log?: OpenedLog | undefined;
  /** The turn of a schedule that it is: what is judged says so. Broken off, nothing is judged: the turn is still to be taken. */
  readonly turn?: Turn | undefined;
  /** Accounts and organisations that are left out: the turn has been judged for them already. */
  readonly without?: ReadonlySet<string> | undefined;
  /** How long another process that collects the same is waited for; without it not at all. */
  readonly waitMs?: number | undefined;
}

/** Judging is short, and whoever comes second reads more than the first: it is always waited for. */
const judgingWaitMs = 75_000;

/** What one run came to, for whoever started it. The log has all of it. */
export interface CollectionRun {
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Everything was seen: no collection incomplete, no source unreachable, not interrupted. */
  readonly complete: boolean;
  readonly interrupted: boolean;
  readonly members: readonly {
    readonly source: string;
    readonly display: string;
    readonly collections: number;
    readonly changed: number;
    readonly calls: number;
    readonly incomplete: readonly { readonly collector: string; readonly scope: string; readonly reasons: readonly GapReason[] }[];
    readonly results: OutcomeCounts;
    readonly judged: number;
  }[];
  readonly unreachable: readonly { readonly source: string; readonly kind: string; readonly reason: GapReason; readonly message: string }[];
  /** Failing results by severity of their check. */
  readonly failures: Readonly<Record<Severity, number>>;
  readonly anchors: readonly Anchored[];
  readonly head: { readonly size: number; readonly root: string };
}

/**
 * Collects, seals, judges, seals again, signs and anchors. What was sealed before a failure stays sealed.
 * @throws ProoflineError `usage`, `configuration`, `store-*`, `key-*`, `disk-full`
 */
export async function runCollection(app: Composition, options: RunCollectionOptions): Promise<CollectionRun> {
  return await collectAndJudge(app, options, async (store) => {
    const anchors = await signAndAnchor(app, store);
    for (const anchored of anchors) {
      options.onProgress(
        anchored.kind === 'anchored'
          ? { kind: 'anchored', anchor: anchored.anchor, at: anchored.receiptTime }
          : { kind: 'anchor-failed', anchor: anchored.anchor, message: anchored.message },
      );
    }
    const { size, root } = await store.checkpoint();
    return { anchors, head: { size, root } };
  });
}

/**
 * The same, and leaves signing and anchoring to whoever keeps the log open and runs many (`signAndAnchor`).
 * @throws ProoflineError like `runCollection`
 */
export async function runUnsigned(
  app: Composition,
  options: RunCollectionOptions & { readonly log: OpenedLog },
): Promise<Omit<CollectionRun, 'anchors' | 'head'>> {
  return await collectAndJudge(app, options, async () => ({}));
}

async function collectAndJudge<Ended>(
  app: Composition,
  options: RunCollectionOptions,
  end: (store: EmbeddedStore) => Promise<Ended>,
): Promise<Omit<CollectionRun, 'anchors' | 'head'> & Ended> {
  const startedAt = app.now();
  const day = startedAt.slice(0, 10);
  const isEntityRead = readsEntity(app.configuration) && (options.sources?.includes(entitySource) ?? true);
  const [registries, scope, { checks, sealWith }] = await Promise.all([
    app.registries(),
    app.scope(),
    preparePlan(app),
    isEntityRead ? app.entitySettings() : undefined,
  ]);
  checkCollectorIds(options.collectors ?? [], registries.collectors);
  // Everything that configuration can get wrong is found before anything is written.
  const log = options.log ?? (await openLog(app));
  const { store, state } = log;
  const others = (await app.sources(state)).filter(({ name }) => options.sources?.includes(name) ?? true);
  // Last: it is made of what the others saw.
  const sources = isEntityRead ? [...others, await entityAccess(app, log.stored, registries)] : others;
  try {
    const { entered, unreachable } = await enterSources(sources, { store, onProgress: options.onProgress, now: app.now });
    const members = new Map(entered.map(({ source, members: found }) => [source.name, found]));
    const wait = { waitMs: judgingWaitMs, signal: options.signal };
    // Two at once would each carry on what the other is about to change.
    const sealPlan = async (known: KnownNow) =>
      await withinLease(store, leaseNames.plan, wait, () => sealWith(store, known, options.trigger));
    const collected = await collectSources(entered, {
      store,
      plan: await sealPlan({ members }),
      registries,
      only: options.collectors === undefined ? undefined : new Set(options.collectors),
      concurrency: app.configuration.collect.concurrency,
      redactKey: createHmac('sha256', app.keys().commit.bytes).update('proofline/1 redact').digest(),
      trigger: options.trigger,
      backfillFrom: options.backfillFrom,
      exactWindow: options.exactWindow,
      without: options.without,
      waitMs: options.waitMs ?? 0,
      readCollections: log.collections,
      onProgress: options.onProgress,
      signal: options.signal,
      unlimited: app.demonstration,
      now: app.now,
      monotonic: app.monotonic,
      newId: app.newId,
    });
    // Nobody may take what was broken off for a turn that was taken.
    const toJudge = options.turn !== undefined && options.signal.aborted ? [] : collected;
    const read = toJudge.map((member) => readMember(store, registries, member, log.collections));
    // What AWS Config counted is known only now; the plan that the evaluation refers to says so.
    const elsewhere = await readOtherAccounts(
      app,
      store,
      registries,
      log.collections,
      new Set(read.map(({ collected: own }) => own.member.id)),
    );
    const known = { absent: absentNow([...read, ...elsewhere], app.uncollectedTypes(), scope, day), members };
    const plan = await sealPlan(known);
    const failures = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
    const checkKeys = new Set<string>();
    const reports: CollectionRun['members'][number][] = [];
    for (const { collected: own } of read) {
      const evaluated = await withinLease(store, leaseNames.judging(own.member.id), wait, async () => {
        refuseEnded(store, own.member.id, options.turn, app.now());
        // Read again: whoever judged meanwhile did so because something new was there.
        return await evaluateMember(readMember(store, registries, own, log.collections), {
          store,
          registries,
          checks,
          scope,
          plan,
          now: app.now(),
          staleAfterMs: app.configuration.collect.staleAfterHours * 3_600_000,
          cache: log.verdicts,
          turn: options.turn,
        });
      });
      for (const key of evaluated.checkKeys) checkKeys.add(key);
      countFailures(failures, evaluated.checks, checks);
      const { counts } = evaluated.sealed.statement.results;
      options.onProgress({
        kind: 'evaluated',
        source: own.member.id,
        results: Object.values(counts).reduce((sum, count) => sum + count, 0),
        judged: evaluated.judged,
      });
      reports.push({
        source: own.member.id,
        display: own.member.display,
        collections: own.sealed.length,
        changed: own.sealed.filter(({ statement }) => statement.items.delta !== null).length,
        calls: own.calls,
        incomplete: [
          ...own.sealed.flatMap(({ statement: { collector, scope: place, completeness } }) =>
            completeness.kind === 'complete' ? [] : [{ collector, scope: place, reasons: completeness.reasons }],
          ),
          ...own.unlisted.map(({ collector, scope: place, reason }) => ({ collector, scope: place, reasons: [reason] })),
        ],
        results: counts,
        judged: evaluated.judged,
      });
    }
    if (options.sources === undefined && unreachable.length === 0 && !options.signal.aborted) log.verdicts.keepOnly(checkKeys);
    const ended = await end(store);
    return {
      startedAt,
      finishedAt: app.now(),
      complete: unreachable.length === 0 && !options.signal.aborted && reports.every(({ incomplete }) => incomplete.length === 0),
      interrupted: options.signal.aborted,
      members: reports,
      unreachable,
      failures,
      ...ended,
    };
  } finally {
    for (const source of sources) source.close();
    if (options.log === undefined) await log.close();
  }
}

/** A lease does not outlast a clock that was put forward or a process that was stopped for long: somebody else may have ended the turn. */
function refuseEnded(store: EmbeddedStore, member: string, turn: Turn | undefined, now: string): void {
  const standing = turn === undefined ? undefined : turnStanding(store, turn, now);
  if (standing === undefined || standing.kind === 'open') return;
  if (standing.kind === 'partial' && !standing.judged.has(member)) return;
  throw new ProoflineError('store-busy', `the turn of ${turn?.schedule} due at ${turn?.due} was ended by another process meanwhile`);
}

/** Signs the head of the log and shows it to every anchor, for a turn of a schedule or without one; their receipts are signed as well. */
export async function signAndAnchor(app: Composition, store: EmbeddedStore, turn?: Turn): Promise<readonly Anchored[]> {
  await store.checkpoint();
  return await anchorNow(store, await app.anchors(), app.now, turn);
}

function countFailures(
  failures: Record<Severity, number>,
  evaluated: readonly { readonly check: string; readonly results: readonly { readonly outcome: string }[] }[],
  checks: readonly PlannedCheck[],
): void {
  const severity = new Map(checks.map(({ check }) => [check.id, check.severity]));
  for (const { check, results } of evaluated) {
    const of = severity.get(check);
    if (of !== undefined) failures[of] += results.filter(({ outcome }) => outcome === 'fail').length;
  }
}
