import { createLimiter, unlimited } from '../collect/limiter.ts';
import type { Collector, EventWindow } from '../model/collector.ts';
import type { GapReason } from '../model/completeness.ts';
import { ProoflineError } from '../model/errors.ts';
import type { Actor } from '../model/statement.ts';
import type { Store } from '../store/contract.ts';
import { type CollectClock, type CollectedMember, collectMember } from './collect-member.ts';
import { normaliseEvidence } from './normalise-evidence.ts';
import type { CollectProgress } from './progress.ts';
import type { ReadCollections } from './read-collections.ts';
import { type Registries, sourceKindOf } from './registries.ts';
import { type SourceAccess, type SourceMember, whyNotEntered } from './source-access.ts';

export interface CollectOptions extends CollectClock {
  readonly store: Store;
  readonly plan: number;
  readonly registries: Registries;
  /** Ids of collectors; undefined: all of the source's. */
  readonly only: ReadonlySet<string> | undefined;
  readonly concurrency: number;
  readonly redactKey: Uint8Array | undefined;
  readonly trigger: Actor;
  /** Collectors of kind `events` read their record from here on (ISO-8601 UTC), as far as the source remembers. */
  readonly backfillFrom?: string | undefined;
  /** Collectors of kind `events` read exactly this of their record: a population of a period. */
  readonly exactWindow?: EventWindow | undefined;
  readonly onProgress: (progress: CollectProgress) => void;
  readonly signal: AbortSignal;
  /** Accounts and organisations that are left out. */
  readonly without: ReadonlySet<string> | undefined;
  /** How long another process that collects the same is waited for. */
  readonly waitMs: number;
  readonly readCollections: ReadCollections;
  /** Answers from memory need no token buckets. */
  readonly unlimited: boolean;
}
export interface EnteredSource {
  readonly source: SourceAccess;
  readonly members: readonly SourceMember[];
}
export interface EnteredSources {
  readonly entered: readonly EnteredSource[];
  readonly unreachable: readonly { readonly source: string; readonly kind: string; readonly reason: GapReason; readonly message: string }[];
}

/** Asks every source for its accounts or organisations. One that cannot be entered is recorded as a gap and the others go on. */
export async function enterSources(
  sources: readonly SourceAccess[],
  options: Pick<CollectOptions, 'store' | 'onProgress' | 'now'>,
): Promise<EnteredSources> {
  const entered: EnteredSource[] = [];
  const unreachable: EnteredSources['unreachable'][number][] = [];
  for (const source of sources) {
    try {
      entered.push({ source, members: await source.members() });
    } catch (error) {
      const why = whyNotEntered(error);
      if (why === undefined) throw error;
      const { reason, message } = why;
      unreachable.push({ source: source.name, kind: source.kind, reason, message });
      const subject = `source ${source.kind} "${source.name}"`;
      const of = { kind: 'source', name: source.name } as const;
      await options.store.append<'gap'>({ kind: 'gap', subject, reason: message, from: options.now(), to: null, of });
      options.onProgress({ kind: 'unreachable', source: source.name, reason, message });
    }
  }
  return { entered, unreachable };
}

/**
 * Collects from every source that was entered, one account or organisation after the other, sealing each collection before it is read
 * for meaning.
 * @throws ProoflineError of the store; a bug of a collector.
 */
export async function collectSources(entered: readonly EnteredSource[], options: CollectOptions): Promise<readonly CollectedMember[]> {
  const collected: CollectedMember[] = [];
  for (const { source, members } of entered) {
    const limiter = options.unlimited ? unlimited : createLimiter(source.definition);
    for (const member of members) {
      if (options.signal.aborted) break;
      if (options.without?.has(member.id) === true) continue;
      collected.push(
        await collectMember({
          ...options,
          definition: source.definition,
          member,
          collectors: collectorsOf(source, member, options),
          limiter,
          normalise: (collector, evidence) => normaliseEvidence(collector, evidence.items, member, evidence.scope).resources,
          readSealed: (collector, collection) => options.readCollections.read(options.store, collector, collection, member).resources,
        }),
      );
    }
  }
  return collected;
}

/** @throws ProoflineError `not-found` for an id that is no collector. */
export function checkCollectorIds(ids: readonly string[], collectors: readonly Collector<never>[]): void {
  const unknown = ids.filter((id) => !collectors.some((collector) => collector.id === id));
  if (unknown.length > 0) {
    throw new ProoflineError('usage', `there is no collector ${unknown.join(', ')}: \`proofline catalog collectors\` lists them`);
  }
}

function collectorsOf(source: SourceAccess, member: SourceMember, options: CollectOptions): readonly Collector<never>[] {
  const own = options.registries.collectors.filter(
    (collector) => sourceKindOf(collector) === source.kind && (collector.member?.(member.settings) ?? true),
  );
  return options.only === undefined ? own : own.filter(({ id }) => options.only?.has(id));
}
