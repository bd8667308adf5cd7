import type {
  Collector,
  EventWindow,
  Exchange,
  FormerCollection,
  ItemRule,
  Reconciled,
  Reply,
  SourceDefinition,
} from '../model/collector.ts';
import { type Gap, gapReasons } from '../model/completeness.ts';
import { SourceError } from '../model/errors.ts';
import type { CollectedItem, Evidence } from '../model/evidence.ts';
import type { JsonObject } from '../model/json.ts';
import type { Actor } from '../model/statement.ts';
import { mergeVolatile, separateVolatile } from '../model/volatile.ts';
import { hasSecret, redactedText, redactSecrets, secretTag, type Tag } from './find-secrets.ts';
import { createItemView } from './item-view.ts';
import type { Limiter } from './limiter.ts';
import { createRecorder } from './recorder.ts';
import { redactReply } from './redact-reply.ts';
import type { Retry } from './retry.ts';
import { splitItems } from './split-items.ts';

export interface CollectionProgress {
  /** Attempts so far, and how many of them failed. */
  readonly calls: number;
  readonly failed: number;
  readonly items: number;
  readonly operation: string;
}

export interface RunCollectorOptions<Client> {
  readonly collector: Collector<Client>;
  readonly source: SourceDefinition<Client>;
  readonly exchange: Exchange;
  /** `aws:111122223333`. */
  readonly sourceId: string;
  /** The source's current name for itself, for paths. */
  readonly tenant: string;
  /** For a region-scoped collector. */
  readonly region?: string | undefined;
  readonly settings: JsonObject;
  /** Of a collector of kind `events`: the stretch of the source's record to read. */
  readonly window?: (EventWindow & { readonly backfill: boolean }) | undefined;
  /** Digest of the collector's logic. */
  readonly logic: string;
  readonly session: string;
  readonly principal: string | null;
  readonly trigger: Actor;
  readonly concurrency: number;
  /** ISO-8601 UTC with milliseconds. */
  readonly now: () => string;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  readonly limiter: Limiter;
  readonly onProgress?: ((progress: CollectionProgress) => void) | undefined;
  /** Ends the collection honestly: what was seen is kept, the rest is `not-collected`. */
  readonly signal?: AbortSignal | undefined;
  /** Key of the tags by which a withheld secret is seen to change; without it secrets are withheld without a tag. */
  readonly redactKey?: Uint8Array | undefined;
  /** Default `source-direct`. */
  readonly grade?: Evidence['grade'] | undefined;
  readonly retry?: Retry | undefined;
  /** What another collector of the same source counted (`reconcile`); null when it is not known. */
  readonly expectedCount?: ((collector: string, field: string) => number | null) | undefined;
  /** The latest complete collection of the same; undefined: there is none, or nobody looked. */
  readonly former?: (() => FormerCollection | undefined) | undefined;
}

/**
 * Runs one collector over one scope and hands back what it saw, ready to be sealed. Nothing the source does makes it throw.
 * @throws whatever a collector throws that is not a SourceError, and TypeError for a call that was not declared: bugs.
 */
export async function runCollector<Client>(options: RunCollectorOptions<Client>): Promise<Evidence> {
  const { collector, source, sourceId, region, now, monotonic, window } = options;
  if ((collector.kind === 'events') !== (window !== undefined)) {
    throw new TypeError(`${collector.id} is of kind ${collector.kind} and was run ${window === undefined ? 'without' : 'with'} a window`);
  }
  const startedAt = now();
  const before = monotonic();
  const tag = secretTag(options.redactKey);
  const gathering = new Gathering(collector.items, region, tag);
  let calls = 0;
  let failed = 0;
  const recorder = createRecorder({
    collector,
    source,
    exchange: options.exchange,
    region,
    limiter: options.limiter,
    concurrency: options.concurrency,
    now,
    monotonic,
    tag,
    retry: options.retry,
    signal: options.signal,
    onCall(call) {
      calls += 1;
      if (call.failed) failed += 1;
      options.onProgress?.({ calls, failed, items: gathering.size, operation: call.operation });
    },
  });
  const told: Reconciled[] = [];
  const client = source.client({
    exchange: recorder.exchange,
    miss: recorder.miss,
    reconcile: (count) => void told.push(count),
    ...(options.former === undefined ? {} : { former: options.former }),
    source: sourceId,
    tenant: options.tenant,
    ...(region === undefined ? {} : { region }),
    concurrency: options.concurrency,
    settings: options.settings,
    ...(window === undefined ? {} : { window: { from: window.from, to: window.to } }),
  });
  try {
    for await (const reply of collector.collect(client)) gathering.add(reply, recorder.miss);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    recorder.miss({
      reason: error.reason,
      operation: error.operation,
      ...(region === undefined ? {} : { region }),
      ...(error.sourceCode === undefined ? {} : { code: error.sourceCode }),
    });
  }
  recorder.close();
  const reconciliation = (collector.reconcile ?? []).map((by) => {
    const expected = options.expectedCount?.(by.with, by.field) ?? null;
    const seen = gathering.count(by.operation, by.subjects, by.except);
    if (expected !== null && seen < expected) {
      recorder.miss({
        reason: by.shortfall ?? 'truncated',
        operation: by.operation,
        ...(region === undefined ? {} : { region }),
        code: 'reconciliation',
      });
    }
    return { with: by.with, field: by.field, expected, seen };
  });
  const gaps = recorder.gaps();
  const items = gathering.finish(gaps);
  // Whole again, as `normalise` will see them: the source's own time is often one of the volatile fields.
  const whole = items.map((item) => (item.volatile === null ? item : { ...item, body: mergeVolatile(item.body, item.volatile) }));
  const view = createItemView({
    items: whole,
    source: sourceId,
    tenant: options.tenant,
    region: region ?? null,
    settings: options.settings,
  });
  return {
    collector: collector.id,
    kind: collector.kind,
    logic: options.logic,
    source: sourceId,
    scope: region === undefined ? sourceId : `${sourceId}/${region}`,
    session: options.session,
    principal: options.principal,
    trigger: options.trigger,
    startedAt,
    finishedAt: now(),
    durationMs: Math.max(0, monotonic() - before),
    sourceAsOf: instantOf(collector.asOf?.(view)),
    requests: recorder.requests(),
    officialHosts: recorder.officialHosts,
    items,
    gaps,
    reconciliation: [...reconciliation, ...told],
    grade: options.grade ?? 'source-direct',
    ...(window === undefined ? {} : { window: { from: window.from, to: window.to, backfill: window.backfill } }),
  };
}

/** The items of a collection as they come in. */
class Gathering {
  readonly #rules: Readonly<Record<string, ItemRule>>;
  readonly #region: string | undefined;
  readonly #tag: Tag;
  readonly #items = new Map<string, CollectedItem>();

  constructor(rules: Readonly<Record<string, ItemRule>>, region: string | undefined, tag: Tag) {
    this.#rules = rules;
    this.#region = region;
    this.#tag = tag;
  }

  get size(): number {
    return this.#items.size;
  }

  add(reply: Reply, miss: (gap: Gap) => void): void {
    const rule = this.#rules[reply.operation];
    if (!rule) throw new TypeError(`a reply of ${reply.operation} was yielded, for which there is no rule`);
    const { operation } = reply;
    const region = reply.region ?? this.#region ?? null;
    const at = region === null ? {} : { region };
    const { parts, problem } = splitItems(reply, rule);
    if (problem !== undefined) {
      miss({
        reason: 'malformed-reply',
        operation,
        ...(reply.subject === undefined ? {} : { subject: reply.subject }),
        ...at,
        code: problem,
      });
    }
    for (const part of parts) {
      const subject = part.subject === null ? null : this.#safe(part.subject);
      const id = itemId(operation, region, subject);
      if (this.#items.has(id)) {
        miss({ reason: 'malformed-reply', operation, ...(subject === null ? {} : { subject }), ...at, code: 'duplicate' });
        continue;
      }
      const allowed = redactReply(part.body, rule);
      const scanned = redactSecrets(allowed.body, this.#tag);
      const { stable, volatile } = separateVolatile(scanned.value, rule.volatile ?? []);
      const withheld = [...new Set([...allowed.withheld, ...scanned.withheld].map((path) => this.#safe(path)))].sort();
      this.#items.set(id, { id, operation, subject, region, body: stable, volatile, withheld });
    }
  }

  /** How many items of an operation have a body, of those whose subject begins so and is not one of the excepted. */
  count(operation: string, subjects = '', except: readonly string[] = []): number {
    return [...this.#items.values()].filter(
      (item) =>
        item.operation === operation &&
        item.body !== null &&
        (item.subject ?? '').startsWith(subjects) &&
        (item.subject === null || !except.includes(item.subject)),
    ).length;
  }

  /** All items by id; what a gap speaks of is an item without a body, so that whoever reads the items alone knows of it. */
  finish(gaps: readonly Gap[]): readonly CollectedItem[] {
    for (const gap of [...gaps].sort((left, right) => gapReasons.indexOf(right.reason) - gapReasons.indexOf(left.reason))) {
      const region = gap.region ?? null;
      const subject = gap.subject ?? null;
      const id = itemId(gap.operation, region, subject);
      const withheld = this.#items.get(id)?.withheld ?? [];
      this.#items.set(id, { id, operation: gap.operation, subject, region, body: null, gap: gap.reason, volatile: null, withheld });
    }
    return [...this.#items.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  #safe(text: string): string {
    return hasSecret(text) ? redactedText(text, this.#tag) : text;
  }
}

/** Stable name of an item within its stream. */
export function itemId(operation: string, region: string | null, subject: string | null): string {
  return `${operation}|${region ?? ''}|${subject ?? ''}`;
}

function instantOf(text: string | undefined): string | null {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
