import type { EntityClient } from '../../../collectors/entity/client.ts';
import entityDefinition from '../../../collectors/entity/source.ts';
import {
  type ClientContext,
  type Collector,
  type DerivedInput,
  defineCollector,
  type Exchange,
  exampleAsOf,
  type GapReason,
  type Json,
  type JsonObject,
  type Reply,
  type ResourceType,
  type SeenType,
  type SourceDefinition,
  SourceError,
  Unread,
  unread,
  z,
} from '../../../src/authoring.ts';
import { unlimited } from '../../../src/collect/limiter.ts';
import { type Normalised, normaliseItems } from '../../../src/collect/normalise-items.ts';
import { runCollector } from '../../../src/collect/run-collector.ts';
import { PeopleSettings } from '../../../src/config/people-settings.ts';
import { openCurrentIndex } from '../../../src/index/project.ts';
import { readResults } from '../../../src/index/read-results.ts';
import type { Check } from '../../../src/model/check.ts';
import type { RecordedDecision } from '../../../src/model/decision.ts';
import type { EntitySettings } from '../../../src/model/entity-settings.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { ReadResource } from '../../../src/model/resource.ts';
import { type CollectionRun, runCollection } from '../../../src/run/run-collection.ts';
import type { SourceAccess } from '../../../src/run/source-access.ts';
import { Toys } from '../toy-source.ts';

/** Id of the entity in every test, as the toy composition has it. */
export const toyEntity = 'entity:toys';
export const noSettings: EntitySettings = {
  people: null,
  separation: null,
  reviews: null,
  records: null,
  documents: null,
  environments: [],
};

/** A resource in a line: its id, what it is called (default: the id), and its fields; a field may be `unread(reason)`. */
export type Told = { readonly id: string; readonly display?: string } & Readonly<Record<string, unknown>>;

/** `seen('okta.user', 'okta:acme', [{ id: 'okta:acme/user/u1', login: 'ada' }])`: what one collection saw of one type. */
export function seen(type: string, member: string, told: readonly Told[], more: Partial<SeenType> = {}): SeenType {
  return {
    type,
    member,
    scope: member,
    collector: `${member.slice(0, member.indexOf(':'))}/seeded`,
    index: 1,
    asOf: exampleAsOf,
    incomplete: null,
    ...more,
    resources: told.map((one) => resource(type, one)),
  };
}

/** One resource as `normalise` leaves it. */
export function resource(type: string, { id, display = id, ...values }: Told): ReadResource {
  const entries = Object.entries(values);
  return {
    type,
    id,
    display,
    fields: Object.fromEntries(entries.filter(([, value]) => !(value instanceof Unread))),
    unread: Object.fromEntries(entries.flatMap(([field, value]) => (value instanceof Unread ? [[field, value.reason] as const] : []))),
  };
}

/** `derivedInput({ seen: [seen(...)], settings: { people: {...} }, decisions })`; what is left out is nothing. */
export function derivedInput(
  parts: Partial<Omit<DerivedInput, 'settings'>> & { readonly settings?: Partial<EntitySettings> } = {},
): DerivedInput {
  const { settings, ...rest } = parts;
  return {
    entity: toyEntity,
    at: exampleAsOf,
    through: 10,
    seen: [],
    missing: [],
    notConnected: [],
    events: [],
    decisions: [],
    ...rest,
    settings: { ...noSettings, ...settings } as unknown as JsonObject,
  };
}

export interface RanCollector extends Normalised {
  readonly evidence: Evidence;
  /** `read('entity.person', 'entity:toys/person/hr:E-1')`: the resource, or undefined. */
  read(type: string, id: string): ReadResource | undefined;
}

/** Runs one collector of the entity over an input: collects, splits, redacts and normalises as a run does. A bug in its `split` is thrown. */
export async function runEntityCollector(collector: Collector<EntityClient>, input: DerivedInput): Promise<RanCollector> {
  const settings = input.settings;
  const tenant = input.entity.slice(input.entity.indexOf(':') + 1);
  for (const [operation, { split }] of Object.entries(collector.items)) {
    split?.(input as unknown as JsonObject, { operation, input: {}, page: 1, output: input as unknown as JsonObject });
  }
  const exchange: Exchange = async () => ({ output: input, status: 200, headers: {}, bytes: new Uint8Array(0), host: 'log', plain: true });
  const evidence = await runCollector({
    collector,
    source: entityDefinition,
    exchange,
    sourceId: input.entity,
    tenant,
    settings,
    logic: `sha256:${'0'.repeat(64)}`,
    session: 'test',
    principal: null,
    trigger: { name: 'test', authentication: 'none' },
    concurrency: 1,
    now: () => input.at,
    monotonic: () => 0,
    limiter: unlimited,
  });
  const normalised = normaliseItems(collector, evidence.items, { source: input.entity, tenant, region: null, settings });
  return { ...normalised, evidence, read: (type, id) => normalised.resources.find((one) => one.type === type && one.id === id) };
}

/** What a member of a source is seeded with: per type its resources, or why they cannot be read. */
export type Seeds = Readonly<Record<string, readonly Told[] | GapReason>>;

/**
 * A whole composition in which sources are what they are seeded with, by member (`github:9919`, `tabular:hr.people`), and the collectors and checks
 * of the entity run over it. Seeds, settings, decisions and the clock may be changed between runs.
 * What has `events` in its type list (`events: ['github.change']`) is read window by window, by the field `at` of its resources.
 */
export class EntityToys extends Toys {
  seeds: Record<string, Seeds>;
  readonly events: readonly string[];

  constructor(options: {
    readonly seeds: Record<string, Seeds>;
    readonly collectors: readonly Collector<EntityClient>[];
    readonly checks?: readonly unknown[];
    readonly settings?: Partial<EntitySettings>;
    readonly events?: readonly string[];
  }) {
    super();
    this.seeds = options.seeds;
    this.events = options.events ?? [];
    this.entity = { ...noSettings, ...options.settings };
    const kinds = [...new Set(Object.keys(this.seeds).map(kindOf))];
    const named = (kind: string) => (kinds.includes(kind) ? [{ name: kind }] : []);
    this.settings = {
      sources: { aws: named('aws'), github: named('github'), okta: named('okta'), tabular: named('tabular') } as never,
      people: PeopleSettings.parse({ rosters: ['hr'] }),
    };
    this.moreCollectors = [
      ...kinds.flatMap((kind) => typesOf(this.seeds, kind).map((type) => this.#seededCollector(kind, type))),
      ...options.collectors,
    ] as readonly Collector<never>[] as Collector<never>[];
    this.moreChecks = [...((options.checks ?? []) as readonly Check[])];
    this.sources = () => kinds.map((kind) => this.#seededSource(kind));
  }

  /** Collects everything and judges it. */
  async run(more: { readonly sources?: readonly string[]; readonly collectors?: readonly string[] } = {}): Promise<CollectionRun> {
    return await runCollection(this.composition(), {
      trigger: { name: 'test', authentication: 'none' },
      onProgress: () => {},
      signal: new AbortController().signal,
      ...more,
    });
  }

  #seededSource(kind: string): SourceAccess {
    return {
      name: kind,
      kind,
      definition: seededDefinition(kind) as SourceDefinition,
      members: async () => {
        if (this.closed) throw this.closed;
        return Object.entries(this.seeds).flatMap(([id, seeds]) =>
          kindOf(id) !== kind
            ? []
            : [
                {
                  id,
                  tenant: id.slice(kind.length + 1),
                  display: id,
                  settings: { types: Object.keys(seeds) },
                  regions: undefined,
                  open: () => ({ exchange: this.#answer(id), principal: async () => 'tester', close: () => {} }),
                },
              ],
        );
      },
      close: () => {},
    };
  }

  #answer(member: string): Exchange {
    return async (operation, input) => {
      const seeds = this.seeds[member]?.[operation] ?? [];
      if (!Array.isArray(seeds)) throw new SourceError(seeds as GapReason, operation, { sourceCode: 'Refused' });
      const { from, to } = input;
      const within = (seeds as readonly Told[]).filter(
        ({ at }) => typeof from !== 'string' || typeof to !== 'string' || (typeof at === 'string' && at >= from && at < to),
      );
      const output = { list: within.map(encoded) };
      return { output, status: 200, headers: {}, bytes: new TextEncoder().encode(JSON.stringify(output)), host: `${member}.example` };
    };
  }

  #seededCollector(kind: string, type: string): Collector<ClientContext> {
    const seeded = seededType(type, () => Object.values(this.seeds).flatMap((seeds) => listed(seeds[type])));
    const isEvents = this.events.includes(type);
    return defineCollector<ClientContext>({
      id: `${kind}/seeded-${type.replaceAll('.', '-')}`,
      title: `Seeded ${type}`,
      kind: isEvents ? 'events' : 'roster',
      scope: 'account',
      yields: [seeded],
      permissions: [type],
      member: ({ types }) => Array.isArray(types) && types.includes(type),
      items: { [type]: { keep: ['*'], list: 'list', key: 'id' } },
      ...(isEvents ? { remembersDays: 90 } : {}),
      async *collect({ exchange, window }): AsyncGenerator<Reply> {
        const reply = await exchange(type, window === undefined ? {} : { ...window }, {});
        if (reply) yield reply;
      },
      normalise: (view) =>
        view.each(type, z.looseObject({ id: z.string(), display: z.string() }), ({ id, display, ...fields }) =>
          seeded.draft({ id, display }, decoded(fields)),
        ),
    });
  }
}

/** What is said now, by check and subject: `(await toyResults(toys))['entity/person-has-manager entity:toys/person/hr:E-1']`. */
export async function toyResults(toys: Toys): Promise<Readonly<Record<string, string>>> {
  const app = toys.composition();
  const store = await app.openStore({ readOnly: true });
  try {
    const index = await openCurrentIndex(store, app.configuration.store.data);
    try {
      const { results } = await readResults(index);
      return Object.fromEntries(results.map(({ check, subject, outcome, message }) => [`${check} ${subject}`, `${outcome}: ${message}`]));
    } finally {
      await index.close();
    }
  } finally {
    await store.close();
  }
}

function listed(seeds: readonly Told[] | GapReason | undefined): readonly Told[] {
  return typeof seeds === 'object' ? seeds : [];
}
function kindOf(member: string): string {
  return member.slice(0, member.indexOf(':'));
}
function typesOf(seeds: Record<string, Seeds>, kind: string): string[] {
  return [...new Set(Object.entries(seeds).flatMap(([member, types]) => (kindOf(member) === kind ? Object.keys(types) : [])))].sort();
}
function encoded({ id, display = id, ...fields }: Told): JsonObject {
  const of = Object.entries(fields).map(([field, value]) => [field, value instanceof Unread ? { $unread: value.reason } : (value as Json)]);
  return { id, display, ...Object.fromEntries(of) };
}
function decoded(fields: Readonly<Record<string, unknown>>): Record<string, never> {
  const read = Object.entries(fields).map(([field, value]) => {
    const marked = z.strictObject({ $unread: z.string() }).safeParse(value).data;
    return [field, marked === undefined ? value : unread(marked.$unread as GapReason)];
  });
  return Object.fromEntries(read) as Record<string, never>;
}

/** A type with whatever fields its seeds have, or ever had. */
function seededType(type: string, seeds: () => readonly Told[]): ResourceType {
  const shape: Record<string, z.ZodType> = {};
  const learn = () => {
    for (const name of seeds().flatMap((seed) => Object.keys(seed)))
      if (name !== 'id' && name !== 'display') shape[name] ??= z.json().optional();
    return shape;
  };
  learn();
  return {
    type,
    title: type,
    aggregate: false,
    get shape() {
      return learn();
    },
    draft: ({ id, display }, fields) => ({ type, id, display, fields }),
  };
}

function seededDefinition(kind: string): SourceDefinition<ClientContext> {
  return {
    kind,
    title: kind,
    client: (context) => context,
    permissionFor: (operation) => operation,
    limitFor: () => ({ perSecond: 1000, burst: 1000 }),
    isOfficialHost: () => true,
    equivalentCommand: (operation) => operation,
  };
}

/** A decision that counts, for inputs that are made by hand. */
export function decided(payload: RecordedDecision['payload'], more: Partial<RecordedDecision> = {}): RecordedDecision {
  return {
    index: 5,
    at: exampleAsOf,
    actor: { name: 'Ada', authentication: 'personal-key', person: 'ada' },
    subjects: [],
    reason: 'because',
    payload,
    signature: null,
    needsApproval: false,
    approval: null,
    ended: null,
    ...more,
  };
}
