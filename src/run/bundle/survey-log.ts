import { DeltaBlob, RedactionsBlob, RequestsBlob } from '../../model/blobs.ts';
import type { OperationPack } from '../../model/bundle-content.ts';
import type { GapReason } from '../../model/completeness.ts';
import { type EvidenceGrade, weakerGrade } from '../../model/grade.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { PlanDetail } from '../../model/plan.ts';
import { type Actor, Statement, type StatementOf, type Turn } from '../../model/statement.ts';

/** A change of the items of a collector and scope: enough to find every version of every item again. */
export interface ItemChange {
  readonly index: number;
  readonly at: string;
  readonly delta: string;
}
/** What the collections of one collector over one scope came to; of the period, but for changes, which begin with the log. */
export interface SurveyedDataset {
  readonly collector: string;
  readonly scope: string;
  readonly source: string;
  readonly kind: 'state' | 'roster' | 'events';
  readonly changes: ItemChange[];
  /** The same of the fields that lie beside the items. */
  readonly volatileChanges: ItemChange[];
  first: StatementOf<'collection'> | undefined;
  firstIndex: number;
  last: StatementOf<'collection'> | undefined;
  lastIndex: number;
  total: number;
  complete: number;
  requests: number;
  failedRequests: number;
  pages: number;
  minItems: number;
  maxItems: number;
  versions: number;
  offset: { min: number; max: number } | null;
  suspect: number;
  recordedIds: number;
  readonly idSample: string[];
  readonly hosts: Map<string, boolean>;
  readonly triggers: Map<string, { readonly actor: Actor; collections: number }>;
  readonly gaps: Map<
    string,
    { readonly what: string; readonly reason: GapReason; readonly code: string | null; collections: number; lastAt: string }
  >;
  readonly differed: Map<string, number>;
  readonly logic: { readonly digest: string; readonly from: string; to: string }[];
  window: { from: string; to: string; backfilled: boolean } | null;
  grade: EvidenceGrade;
}
export interface SurveyedPlan {
  readonly index: number;
  readonly at: string;
  readonly detail: PlanDetail;
}
type Placed<K extends Statement['kind']> = { readonly index: number; readonly statement: StatementOf<K> };
export interface SurveyedTurn {
  /** When the last thing was sealed for it; null: nothing was. */
  takenAt: string | null;
  /** It finally failed, and nothing was sealed for it after that. */
  failed: { readonly index: number; readonly at: string; readonly attempts: number; readonly reason: string } | null;
}
/** One pass over a log for everything a bundle says of it that is not history. */
export interface LogSurvey {
  readonly beganAt: string;
  readonly tenant: string;
  readonly demonstration: boolean;
  readonly datasets: readonly SurveyedDataset[];
  readonly plans: readonly SurveyedPlan[];
  readonly anchors: readonly Placed<'anchor'>[];
  readonly keys: readonly Placed<'key'>[];
  readonly lifecycle: readonly Placed<'lifecycle'>[];
  readonly configurationChanges: readonly Placed<'config-change'>[];
  readonly erasures: readonly Placed<'erasure'>[];
  readonly gaps: readonly Placed<'gap'>[];
  readonly misses: readonly Placed<'schedule-miss'>[];
  /** Schedule -> due time -> what became of that turn, as far as the whole log says. */
  readonly turns: ReadonlyMap<string, ReadonlyMap<string, SurveyedTurn>>;
  /** Log indexes of deliveries of the period, and what they come to per channel. */
  readonly deliveries: readonly number[];
  readonly channels: OperationPack['channels'];
  /** Latest evaluation of each source whose as-of time is in the period. */
  readonly evaluations: readonly Placed<'evaluation'>[];
  readonly runs: readonly {
    readonly month: string;
    readonly collections: number;
    readonly complete: number;
    readonly incomplete: number;
    readonly evaluations: number;
  }[];
  /** Log indexes of collections of the period that were not complete. */
  readonly failures: readonly number[];
}

interface SurveyedChannel {
  readonly channel: string;
  readonly kind: string;
  readonly messages: Set<string>;
  delivered: number;
  failed: number;
  givenUp: number;
  readonly notices: Record<string, number>;
  readonly first: string;
  last: string;
}

const idsSampled = 8;

class Surveyor {
  readonly datasets = new Map<string, SurveyedDataset>();
  readonly plans: SurveyedPlan[] = [];
  readonly anchors: Placed<'anchor'>[] = [];
  readonly keys: Placed<'key'>[] = [];
  readonly lifecycle: Placed<'lifecycle'>[] = [];
  readonly configurationChanges: Placed<'config-change'>[] = [];
  readonly erasures: Placed<'erasure'>[] = [];
  readonly gaps: Placed<'gap'>[] = [];
  readonly misses: Placed<'schedule-miss'>[] = [];
  readonly turns = new Map<string, Map<string, SurveyedTurn>>();
  readonly deliveries: number[] = [];
  readonly channels = new Map<string, SurveyedChannel>();
  readonly evaluations = new Map<string, Placed<'evaluation'>>();
  readonly runs = new Map<string, { collections: number; complete: number; incomplete: number; evaluations: number }>();
  readonly failures: number[] = [];
  readonly #reader: LogReader;
  readonly #period: { readonly from: string; readonly to: string };
  readonly #monthOf: (instant: string) => string;
  genesis: StatementOf<'genesis'> | undefined;

  constructor(reader: LogReader, period: { readonly from: string; readonly to: string }, monthOf: (instant: string) => string) {
    this.#reader = reader;
    this.#period = period;
    this.#monthOf = monthOf;
  }

  look(index: number, statement: Statement): void {
    switch (statement.kind) {
      case 'genesis':
        this.genesis = statement;
        return;
      case 'plan': {
        const detail = PlanDetail.safeParse(contentOf(this.#reader, statement.detail)).data;
        if (detail !== undefined) this.plans.push({ index, at: statement.at, detail });
        return;
      }
      case 'collection':
        this.#collection(index, statement);
        return;
      case 'evaluation':
        this.#taken(statement);
        if (!this.#within(statement.asOf)) return;
        this.evaluations.set(statement.source, { index, statement });
        this.#run(statement.at).evaluations += 1;
        return;
      case 'anchor':
        this.#taken(statement);
        this.anchors.push({ index, statement });
        return;
      case 'key':
        this.keys.push({ index, statement });
        return;
      case 'lifecycle':
        this.lifecycle.push({ index, statement });
        return;
      case 'config-change':
        this.configurationChanges.push({ index, statement });
        return;
      case 'erasure':
        this.erasures.push({ index, statement });
        return;
      case 'gap':
        this.gaps.push({ index, statement });
        if (statement.turn !== undefined) {
          const { at, attempts = 1, reason } = statement;
          this.#turn(statement.turn).failed = { index, at, attempts, reason };
        }
        return;
      case 'schedule-miss':
        this.misses.push({ index, statement });
        return;
      case 'delivery':
        if (this.#within(statement.at)) this.#told(index, statement);
        return;
      default:
    }
  }

  #turn({ schedule, due }: Turn): SurveyedTurn {
    const of = this.turns.get(schedule) ?? new Map<string, SurveyedTurn>();
    this.turns.set(schedule, of);
    const turn = of.get(due) ?? { takenAt: null, failed: null };
    of.set(due, turn);
    return turn;
  }
  #taken({ at, turn }: Pick<StatementOf<'evaluation' | 'anchor'>, 'at' | 'turn'>): void {
    if (turn !== undefined) Object.assign(this.#turn(turn), { takenAt: at, failed: null } satisfies SurveyedTurn);
  }

  #told(index: number, { at, channel, channelKind, message, outcome, notices }: StatementOf<'delivery'>): void {
    this.deliveries.push(index);
    const known = this.channels.get(channel) ?? {
      ...{ channel, kind: channelKind, delivered: 0, failed: 0, givenUp: 0, first: at, last: at },
      ...{ notices: {}, messages: new Set<string>() },
    };
    this.channels.set(channel, known);
    known[outcome === 'given-up' ? 'givenUp' : outcome] += 1;
    known.messages.add(message);
    known.last = at;
    if (outcome !== 'delivered') return;
    for (const [kind, count] of Object.entries(notices)) known.notices[kind] = (known.notices[kind] ?? 0) + count;
  }

  #within(at: string): boolean {
    return at >= this.#period.from && at < this.#period.to;
  }

  #run(at: string): { collections: number; complete: number; incomplete: number; evaluations: number } {
    const month = this.#monthOf(at);
    const run = this.runs.get(month) ?? { collections: 0, complete: 0, incomplete: 0, evaluations: 0 };
    this.runs.set(month, run);
    return run;
  }

  #collection(index: number, statement: StatementOf<'collection'>): void {
    const dataset = this.#dataset(statement);
    const { items, volatile, finishedAt } = statement;
    if (items.delta !== null) dataset.changes.push({ index, at: finishedAt, delta: items.delta });
    if (volatile.delta !== null) dataset.volatileChanges.push({ index, at: finishedAt, delta: volatile.delta });
    if (!this.#within(statement.sourceAsOf ?? finishedAt)) return;
    const complete = statement.completeness.kind === 'complete';
    const run = this.#run(finishedAt);
    run.collections += 1;
    run[complete ? 'complete' : 'incomplete'] += 1;
    if (!complete) this.failures.push(index);
    if (dataset.first === undefined) {
      dataset.first = statement;
      dataset.firstIndex = index;
    }
    dataset.last = statement;
    dataset.lastIndex = index;
    dataset.total += 1;
    if (complete) dataset.complete += 1;
    dataset.requests += statement.requests.count;
    dataset.failedRequests += statement.requests.failed;
    dataset.pages += statement.requests.pages;
    dataset.minItems = Math.min(dataset.minItems, items.size);
    dataset.maxItems = Math.max(dataset.maxItems, items.size);
    if (items.delta !== null) {
      const delta = DeltaBlob.safeParse(contentOf(this.#reader, items.delta)).data;
      dataset.versions += (delta?.added.length ?? 0) + (delta?.changed.length ?? 0);
    }
    const { offsetMs, suspect } = statement.clock;
    if (offsetMs !== null) {
      const { min, max } = dataset.offset ?? offsetMs;
      dataset.offset = { min: Math.min(min, offsetMs.min), max: Math.max(max, offsetMs.max) };
    }
    if (suspect) dataset.suspect += 1;
    this.#details(dataset, statement);
  }

  #details(dataset: SurveyedDataset, statement: StatementOf<'collection'>): void {
    for (const { host, official } of statement.hosts) dataset.hosts.set(host, official);
    const who = JSON.stringify(statement.trigger);
    const trigger = dataset.triggers.get(who) ?? { actor: statement.trigger, collections: 0 };
    trigger.collections += 1;
    dataset.triggers.set(who, trigger);
    for (const { reason, operation, region, subject, code } of statement.gaps) {
      const what = `${operation}${region === undefined ? '' : ` in ${region}`}${subject === undefined ? '' : ` of ${subject}`}`;
      const key = JSON.stringify([what, reason, code ?? null]);
      const gap = dataset.gaps.get(key) ?? { what, reason, code: code ?? null, collections: 0, lastAt: statement.finishedAt };
      gap.collections += 1;
      gap.lastAt = statement.finishedAt;
      dataset.gaps.set(key, gap);
    }
    for (const { with: other, field, expected, seen } of statement.reconciliation) {
      const key = JSON.stringify([other, field]);
      dataset.differed.set(key, (dataset.differed.get(key) ?? 0) + (expected !== null && expected !== seen ? 1 : 0));
    }
    const logic = dataset.logic.at(-1);
    if (logic?.digest === statement.logic) logic.to = statement.finishedAt;
    else dataset.logic.push({ digest: statement.logic, from: statement.startedAt, to: statement.finishedAt });
    if (statement.window !== undefined) {
      const { from, to, backfill } = statement.window;
      const former = dataset.window ?? { from, to, backfilled: false };
      dataset.window = {
        from: from < former.from ? from : former.from,
        to: to > former.to ? to : former.to,
        backfilled: former.backfilled || backfill,
      };
    }
    dataset.grade = weakerGrade(dataset.grade, statement.grade);
    const kept =
      statement.requests.kept === null ? [] : (RequestsBlob.safeParse(contentOf(this.#reader, statement.requests.kept)).data ?? []);
    for (const { requestId } of kept) {
      if (requestId === null) continue;
      dataset.recordedIds += 1;
      if (dataset.idSample.length < idsSampled) dataset.idSample.push(requestId);
    }
  }

  #dataset(statement: StatementOf<'collection'>): SurveyedDataset {
    const key = `${statement.collector}@${statement.scope}`;
    const known = this.datasets.get(key);
    if (known !== undefined) return known;
    const fresh: SurveyedDataset = {
      collector: statement.collector,
      scope: statement.scope,
      source: statement.source,
      kind: statement.kindOf,
      changes: [],
      volatileChanges: [],
      first: undefined,
      firstIndex: -1,
      last: undefined,
      lastIndex: -1,
      total: 0,
      complete: 0,
      requests: 0,
      failedRequests: 0,
      pages: 0,
      minItems: Number.MAX_SAFE_INTEGER,
      maxItems: 0,
      versions: 0,
      offset: null,
      suspect: 0,
      recordedIds: 0,
      idSample: [],
      hosts: new Map(),
      triggers: new Map(),
      gaps: new Map(),
      differed: new Map(),
      logic: [],
      window: null,
      grade: 'source-direct',
    };
    this.datasets.set(key, fresh);
    return fresh;
  }
}

/** @param monthOf calendar month (`2026-03`) of an instant, in the period's zone */
export function surveyLog(
  reader: LogReader,
  period: { readonly from: string; readonly to: string },
  monthOf: (instant: string) => string,
): LogSurvey {
  const surveyor = new Surveyor(reader, period, monthOf);
  for (const { index, bytes } of reader.entries()) {
    const statement = Statement.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
    if (statement !== undefined) surveyor.look(index, statement);
  }
  const byKey = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1);
  return {
    beganAt: surveyor.genesis?.at ?? '',
    tenant: surveyor.genesis?.tenant ?? '',
    demonstration: surveyor.genesis?.demonstration ?? false,
    datasets: [...surveyor.datasets].sort(byKey).map(([, dataset]) => dataset),
    plans: surveyor.plans,
    anchors: surveyor.anchors,
    keys: surveyor.keys,
    lifecycle: surveyor.lifecycle,
    configurationChanges: surveyor.configurationChanges,
    erasures: surveyor.erasures,
    gaps: surveyor.gaps,
    misses: surveyor.misses,
    turns: surveyor.turns,
    deliveries: surveyor.deliveries,
    channels: [...surveyor.channels].sort(byKey).map(([, { messages, ...channel }]) => ({ ...channel, messages: messages.size })),
    evaluations: [...surveyor.evaluations].sort(byKey).map(([, evaluation]) => evaluation),
    runs: [...surveyor.runs].sort(byKey).map(([month, run]) => ({ month, ...run })),
    failures: surveyor.failures,
  };
}

/** Content of a blob as JSON; undefined when it is erased, withheld or not there. */
export function contentOf(reader: LogReader, commitment: string): unknown {
  const blob = reader.blob(commitment);
  return blob?.kind === 'open' ? (JSON.parse(Buffer.from(blob.bytes).toString('utf8')) as unknown) : undefined;
}

/** What the latest collection of a dataset withheld, by field. */
export function redactionsOf(reader: LogReader, statement: StatementOf<'collection'>): { field: string; count: number }[] {
  const list = statement.redactions === null ? undefined : RedactionsBlob.safeParse(contentOf(reader, statement.redactions)).data;
  const counts = new Map<string, number>();
  for (const { withheld } of list?.items ?? []) for (const field of withheld) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([field, count]) => ({ field, count }));
}
