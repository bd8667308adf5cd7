import { z } from 'zod';
import type { Collector } from '../../model/collector.ts';
import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput, SeenType } from '../../model/derived.ts';
import type { JsonObject } from '../../model/json.ts';
import type { PlanDetail } from '../../model/plan.ts';
import type { ReadResource } from '../../model/resource.ts';
import type { Registries } from '../registries.ts';
import { sourceKindOf } from '../registries.ts';
import { eventsSeen } from './events-seen.ts';
import type { LogAsOf, ToldMember } from './log-as-of.ts';
import { regionsKnown } from './regions-known.ts';
import { resultsTold } from './results-told.ts';

/** How far back events are looked at: a month and the days in which it is looked back upon. */
const eventDays = 35;
const dayMs = 86_400_000;

export interface DeriveQuestion {
  /** `entity:northwind-payroll`. */
  readonly entity: string;
  /** ISO-8601 UTC with milliseconds. */
  readonly at: string;
  /** Resource types. */
  readonly types: readonly string[];
}
export interface DeriveAnswer {
  readonly input: DerivedInput;
  /** The collections it is made of, by log index. */
  readonly reads: readonly { readonly collector: string; readonly scope: string; readonly index: number }[];
}

/**
 * What the log holds of the types somebody asks for. It depends on the log, the time and the installed collectors alone, so that whoever has the
 * log asks the same and is answered the same. Lists of resources are the same objects while nothing else was seen.
 * @throws NotReadable when a part of it is not there
 */
export function deriveInput(log: LogAsOf, registries: Pick<Registries, 'collectors'>, question: DeriveQuestion): DeriveAnswer {
  const { entity, at } = question;
  const types = [...new Set(question.types)].sort();
  const asked = new Set(types);
  const { plan } = log;
  const planned = new Set(plan.collectors.map(({ id }) => id));
  const looking = registries.collectors.flatMap((collector) => {
    const yielded = collector.yields.map(({ type }) => type).filter((type) => asked.has(type));
    return planned.has(collector.id) && yielded.length > 0 ? [{ collector, yielded: [...new Set(yielded)].sort() }] : [];
  });
  const found = new Finding(log, question, staleAfterMs(plan));
  const connected = new Set<string>();
  for (const { kind, name, members } of plan.sources) {
    const of = looking.filter(({ collector }) => sourceKindOf(collector) === kind);
    const entered = told(plan, kind, name);
    if (members === null || entered.length === 0) {
      // It has never been entered: whatever its collectors look for may be there.
      for (const { yielded } of of) {
        for (const type of yielded) found.miss(type, `${kind}:${name}`, 'not-collected');
        for (const type of yielded) connected.add(type);
      }
      continue;
    }
    for (const member of entered) {
      const own = of.filter(({ collector }) => collector.member?.(member.settings) ?? true);
      for (const { yielded } of own) for (const type of yielded) connected.add(type);
      if (found.begin(member.id)) for (const { collector, yielded } of own) found.look(collector, yielded, member, registries);
    }
  }
  const { seen, events, missing, reads } = found.sorted();
  return {
    input: {
      entity,
      at,
      through: log.through,
      settings: settingsOf(plan, entity),
      seen,
      missing,
      notConnected: types.filter((type) => !connected.has(type)),
      events,
      decisions: log.decisions,
      results: resultsTold(log, registries, membersTold(plan), log.decisions),
    },
    reads,
  };
}

class Finding {
  readonly #log: LogAsOf;
  readonly #at: string;
  readonly #staleAfterMs: number;
  readonly #members = new Set<string>();
  readonly #seen: SeenType[] = [];
  readonly #events: SeenType[] = [];
  readonly #missing = new Map<string, DerivedInput['missing'][number]>();
  readonly #reads = new Map<number, DeriveAnswer['reads'][number]>();

  constructor(log: LogAsOf, { at }: DeriveQuestion, staleAfter: number) {
    this.#log = log;
    this.#at = at;
    this.#staleAfterMs = staleAfter;
  }

  /** False: it has been looked at already, as two configured sources have the same account. */
  begin(member: string): boolean {
    if (this.#members.has(member)) return false;
    this.#members.add(member);
    return true;
  }

  miss(type: string, member: string, reason: GapReason): void {
    this.#missing.set(`${type} ${member}`, { type, member, reason });
  }

  look(collector: Collector<never>, types: readonly string[], member: ToldMember, registries: Pick<Registries, 'collectors'>): void {
    if (collector.kind === 'events') this.#lookAtEvents(collector, types, member);
    else this.#lookAtState(collector, types, member, registries);
  }

  #lookAtState(
    collector: Collector<never>,
    types: readonly string[],
    member: ToldMember,
    registries: Pick<Registries, 'collectors'>,
  ): void {
    const own = this.#log.latest(member.id).filter(({ statement }) => statement.collector === collector.id);
    const regions = collector.scope === 'region' ? regionsKnown(this.#log, registries, member) : undefined;
    const scopes = regions?.map((region) => `${member.id}/${region}`);
    // A region that was switched off says nothing about today.
    const current = scopes === undefined ? own : own.filter(({ statement }) => scopes.includes(statement.scope));
    const looked = new Set(current.map(({ statement }) => statement.scope));
    const isWhole = scopes === undefined ? looked.size > 0 : scopes.every((scope) => looked.has(scope));
    if (!isWhole) for (const type of types) this.miss(type, member.id, 'not-collected');
    for (const collection of current) {
      const { index, statement } = collection;
      const normalised = this.#log.read(collector, collection, member);
      const asOf = statement.sourceAsOf ?? statement.finishedAt;
      const stale = this.#isStale(asOf) ? ('stale' as const) : null;
      this.#reads.set(index, { collector: collector.id, scope: statement.scope, index });
      for (const type of types) {
        const gap = normalised.incomplete.find((one) => one.type === type)?.reason;
        this.#seen.push({
          type,
          member: member.id,
          scope: statement.scope,
          collector: collector.id,
          index,
          asOf,
          resources: ofType(normalised.resources, type),
          incomplete: gap ?? stale,
        });
      }
    }
  }

  #lookAtEvents(collector: Collector<never>, types: readonly string[], member: ToldMember): void {
    const since = new Date(Date.parse(this.#at) - eventDays * dayMs).toISOString();
    const windows = this.#log.windows(collector, member.id, since);
    if (windows.length === 0) for (const type of types) this.miss(type, member.id, 'not-collected');
    for (const { index, scope } of windows) this.#reads.set(index, { collector: collector.id, scope, index });
    const told = new Map(types.map((type) => [type, new Set<string>()]));
    const byScope = [...Map.groupBy(windows, ({ scope }) => scope)].sort(([left], [right]) => (left < right ? -1 : 1));
    for (const [scope, of] of byScope) {
      const isStale = this.#isStale(of.at(-1)?.to ?? since);
      for (const [type, names] of told) {
        for (const seen of eventsSeen(of, type, names, isStale)) {
          this.#events.push({ ...seen, type, member: member.id, scope, collector: collector.id });
        }
      }
    }
  }

  #isStale(asOf: string): boolean {
    return Date.parse(this.#at) - Date.parse(asOf) > this.#staleAfterMs;
  }

  sorted(): Pick<DerivedInput, 'seen' | 'events' | 'missing'> & Pick<DeriveAnswer, 'reads'> {
    const place = ({ type, member, scope, collector, index }: SeenType) =>
      JSON.stringify([type, member, scope, collector, String(index).padStart(12, '0')]);
    const order = (list: readonly SeenType[]) => list.toSorted((left, right) => (place(left) < place(right) ? -1 : 1));
    return {
      seen: order(this.#seen),
      events: order(this.#events),
      missing: [...this.#missing].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, missing]) => missing),
      reads: [...this.#reads.values()].sort((left, right) => left.index - right.index),
    };
  }
}

/** Per list of resources those of one type: the same list again for as long as the collection comes to the same. */
const byType = new WeakMap<readonly ReadResource[], Map<string, readonly ReadResource[]>>();
function ofType(resources: readonly ReadResource[], type: string): readonly ReadResource[] {
  const known = byType.get(resources) ?? new Map<string, readonly ReadResource[]>();
  byType.set(resources, known);
  const list = known.get(type) ?? resources.filter((resource) => resource.type === type);
  known.set(type, list);
  return list;
}

function told(plan: PlanDetail, kind: string, name: string): readonly ToldMember[] {
  const source = plan.sources.find((one) => one.kind === kind && one.name === name);
  return (source?.members ?? []).flatMap((id) => {
    const member = source?.settings?.[id];
    return member === undefined ? [] : [{ id, tenant: member.tenant, settings: member.settings as JsonObject }];
  });
}

/** Every account and organisation of the plan, the entity as a whole among them. */
function membersTold(plan: PlanDetail): readonly ToldMember[] {
  const members = plan.sources.flatMap(({ kind, name }) => told(plan, kind, name));
  return [...new Map(members.map((member) => [member.id, member])).values()];
}

function settingsOf(plan: PlanDetail, entity: string): JsonObject {
  for (const { settings } of plan.sources) {
    const own = settings?.[entity];
    if (own !== undefined) return own.settings as JsonObject;
  }
  return {};
}

const Collect = z.looseObject({ collect: z.looseObject({ staleAfterHours: z.number() }) });
function staleAfterMs({ configuration }: PlanDetail): number {
  const read = Collect.safeParse(configuration).data;
  return read === undefined ? Number.POSITIVE_INFINITY : read.collect.staleAfterHours * 3_600_000;
}
