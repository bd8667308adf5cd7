import { createLimiter, unlimited } from '../collect/limiter.ts';
import type { Collector } from '../model/collector.ts';
import type { GapReason } from '../model/completeness.ts';
import { ProoflineError, SourceError } from '../model/errors.ts';
import type { Actor } from '../model/statement.ts';
import type { Store } from '../store/contract.ts';
import { type CollectClock, type CollectedMember, collectMember } from './collect-member.ts';
import { normaliseEvidence } from './normalise-evidence.ts';
import type { CollectProgress } from './progress.ts';
import { type Registries, sourceKindOf } from './registries.ts';
import type { SourceAccess, SourceMember } from './source-access.ts';

export interface CollectOptions extends CollectClock {
  readonly store: Store;
  readonly plan: number;
  readonly sources: readonly SourceAccess[];
  readonly registries: Registries;
  /** Ids of collectors; undefined: all of the source's. */
  readonly only: ReadonlySet<string> | undefined;
  readonly concurrency: number;
  readonly redactKey: Uint8Array | undefined;
  readonly trigger: Actor;
  readonly onProgress: (progress: CollectProgress) => void;
  readonly signal: AbortSignal;
  /** Answers from memory need no token buckets. */
  readonly unlimited: boolean;
}
export interface CollectedSources {
  readonly members: readonly CollectedMember[];
  readonly unreachable: readonly { readonly source: string; readonly kind: string; readonly reason: GapReason; readonly message: string }[];
}

/**
 * Collects from every source, one account or organisation after the other, sealing each collection before it is read for meaning.
 * A source that cannot be entered is recorded as a gap and the others go on.
 * @throws ProoflineError of the store; a bug of a collector.
 */
export async function collectSources(options: CollectOptions): Promise<CollectedSources> {
  const members: CollectedMember[] = [];
  const unreachable: CollectedSources['unreachable'][number][] = [];
  for (const source of options.sources) {
    if (options.signal.aborted) break;
    const limiter = options.unlimited ? unlimited : createLimiter(source.definition);
    const found = await membersOf(source);
    for (const member of found) {
      if (options.signal.aborted) break;
      members.push(
        await collectMember({
          ...options,
          definition: source.definition,
          member,
          collectors: collectorsOf(source, options),
          limiter,
          normalise: (collector, evidence) => normaliseEvidence(collector, evidence.items, member, evidence.scope).resources,
        }),
      );
    }
  }
  return { members, unreachable };

  async function membersOf(source: SourceAccess): Promise<readonly SourceMember[]> {
    try {
      return await source.members();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      const message = `${error.reason}${error.sourceCode === undefined ? '' : ` (${error.sourceCode})`} at ${error.operation}`;
      unreachable.push({ source: source.name, kind: source.kind, reason: error.reason, message });
      await options.store.append<'gap'>({
        kind: 'gap',
        subject: `source ${source.kind} "${source.name}"`,
        reason: message,
        from: options.now(),
        to: null,
      });
      options.onProgress({ kind: 'unreachable', source: source.name, reason: error.reason, message });
      return [];
    }
  }
}

/** @throws ProoflineError `not-found` for an id that is no collector. */
export function checkCollectorIds(ids: readonly string[], collectors: readonly Collector<never>[]): void {
  const unknown = ids.filter((id) => !collectors.some((collector) => collector.id === id));
  if (unknown.length > 0) {
    throw new ProoflineError('usage', `there is no collector ${unknown.join(', ')}: \`proofline catalog collectors\` lists them`);
  }
}

function collectorsOf(source: SourceAccess, options: CollectOptions): readonly Collector<never>[] {
  const own = options.registries.collectors.filter((collector) => sourceKindOf(collector) === source.kind);
  return options.only === undefined ? own : own.filter(({ id }) => options.only?.has(id));
}
