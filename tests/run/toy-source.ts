import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import entityDefinition from '../../collectors/entity/source.ts';
import {
  type ClientContext,
  type Collector,
  defineCheck,
  defineCollector,
  defineResource,
  type Exchange,
  exampleAsOf,
  fail,
  type JsonObject,
  pass,
  type Reply,
  type SourceDefinition,
  z,
} from '../../src/authoring.ts';
import type { Configuration } from '../../src/config/configuration.ts';
import { entitySource, readsEntity } from '../../src/config/configured-sources.ts';
import { libraryDirectory } from '../../src/config/library-directory.ts';
import { loadEntitySettings } from '../../src/config/load-entity-settings.ts';
import { ScheduleSettings } from '../../src/config/schedule-settings.ts';
import { wholeScope } from '../../src/config/scope.ts';
import { createKeys, loadKeys } from '../../src/keys/key-files.ts';
import type { Check } from '../../src/model/check.ts';
import type { Control } from '../../src/model/control.ts';
import type { Engagement } from '../../src/model/engagement.ts';
import type { EntitySettings } from '../../src/model/entity-settings.ts';
import { SourceError } from '../../src/model/errors.ts';
import type { Channel } from '../../src/notify/contract.ts';
import type { Composition } from '../../src/run/composition.ts';
import { sourceKindOf } from '../../src/run/registries.ts';
import type { SourceAccess } from '../../src/run/source-access.ts';
import { embeddedQueue } from '../../src/schedule/embedded-queue.ts';
import { resolveSchedules } from '../../src/schedule/resolve-schedules.ts';
import { createStore, openStore } from '../../src/store/embedded.ts';
import { openOutbox } from '../../src/store/outbox.ts';
import { openState } from '../../src/store/state.ts';

/** A source as small as one can be: doors in an account, and lamps in each of its regions. */
export const Door = defineResource({ type: 'toy.door', title: 'Door', shape: { locked: z.boolean(), archived: z.boolean() } });
export const Lamp = defineResource({ type: 'toy.lamp', title: 'Lamp', shape: { lit: z.boolean() } });
export const Region = defineResource({ type: 'toy.region', title: 'Region', shape: { name: z.string(), enabled: z.boolean() } });

export class ToyClient {
  readonly context: ClientContext;
  constructor(context: ClientContext) {
    this.context = context;
  }
  async *ask(operation: string): AsyncGenerator<Reply> {
    const reply = await this.context.exchange(operation, {}, {});
    if (reply) yield reply;
  }
}
const listOf = (operation: string, list: string, key: string) => ({ [operation]: { keep: ['*'], list, key } });

export const doors = defineCollector<ToyClient>({
  id: 'toy/doors',
  title: 'Doors',
  kind: 'state',
  scope: 'account',
  yields: [Door],
  permissions: ['toy:Doors'],
  items: listOf('toy:Doors', 'Doors', 'Name'),
  collect: (client) => client.ask('toy:Doors'),
  normalise: (view) =>
    view.each('toy:Doors', z.object({ Name: z.string(), Locked: z.boolean(), Archived: z.boolean().default(false) }), (door) =>
      Door.draft({ id: view.id('door', door.Name), display: door.Name }, { locked: door.Locked, archived: door.Archived }),
    ),
});
const lamps = defineCollector<ToyClient>({
  id: 'toy/lamps',
  title: 'Lamps',
  kind: 'state',
  scope: 'region',
  yields: [Lamp],
  permissions: ['toy:Lamps'],
  items: listOf('toy:Lamps', 'Lamps', 'Name'),
  collect: (client) => client.ask('toy:Lamps'),
  normalise: (view) =>
    view.each('toy:Lamps', z.object({ Name: z.string(), Lit: z.boolean() }), (lamp) =>
      Lamp.draft({ id: view.id('lamp', lamp.Name), display: lamp.Name }, { lit: lamp.Lit }),
    ),
});
const regions = defineCollector<ToyClient>({
  id: 'toy/regions',
  title: 'Regions',
  kind: 'state',
  scope: 'account',
  yields: [Region],
  permissions: ['toy:Regions'],
  items: listOf('toy:Regions', 'Regions', 'Name'),
  collect: (client) => client.ask('toy:Regions'),
  normalise: (view) =>
    view.each('toy:Regions', z.object({ Name: z.string() }), ({ Name: name }) =>
      Region.draft({ id: view.id('region', name), display: name }, { name, enabled: true }),
    ),
});

const base = {
  severity: 'high' as const,
  rationale: 'because',
  remediation: { console: 'turn it', cli: 'turn it', terraform: 'turn it' },
  references: [],
};
export const doorIsLocked = defineCheck({
  ...base,
  id: 'toy/door-is-locked',
  claim: 'The door is locked',
  subject: Door,
  parameters: z.object({}),
  test: (door) => (door.locked ? pass('locked') : fail('open')),
  examples: {
    pass: { locked: { id: 'toy:1/door/a', display: 'a', locked: true, archived: false } },
    fail: { open: { id: 'toy:1/door/a', display: 'a', locked: false, archived: false } },
  },
});
const lampIsLit = defineCheck({
  ...base,
  id: 'toy/lamp-is-lit',
  claim: 'The lamp is lit',
  subject: Lamp,
  parameters: z.object({}),
  test: (lamp) => (lamp.lit ? pass('lit') : fail('dark')),
  examples: {
    pass: { lit: { id: 'toy:1/lamp/a', display: 'a', lit: true } },
    fail: { dark: { id: 'toy:1/lamp/a', display: 'a', lit: false } },
  },
});

const definition: SourceDefinition<ToyClient> = {
  kind: 'toy',
  title: 'Toys',
  client: (context) => new ToyClient(context),
  permissionFor: (operation) => operation,
  limitFor: () => ({ perSecond: 1000, burst: 1000 }),
  regions: { collector: 'toy/regions', type: 'toy.region' },
  isOfficialHost: () => true,
  equivalentCommand: (operation) => operation,
};

export type Answers = Record<string, (region: string | undefined) => JsonObject>;
export const goodAnswers: Answers = {
  'toy:Regions': () => ({ Regions: [{ Name: 'north' }, { Name: 'south' }] }),
  'toy:Doors': () => ({
    Doors: [
      { Name: 'front', Locked: true },
      { Name: 'back', Locked: false },
    ],
  }),
  'toy:Lamps': (region) => ({ Lamps: [{ Name: `lamp-${region}`, Lit: true }] }),
};

/** A whole composition over a temporary directory; `answers` may be changed between runs, and so may the clock. */
export class Toys {
  readonly directory = mkdtempSync(join(tmpdir(), 'proofline-run-'));
  answers: Answers = { ...goodAnswers };
  headers: Record<string, string> = {};
  /** Thrown when the source is asked for its members. */
  closed: Error | undefined;
  time = Date.parse(exampleAsOf);
  scope = wholeScope;
  controls: Control[] = [];
  criteria: ReturnType<Composition['frameworks']>['criteria'] = [];
  engagements: Engagement[] = [];
  settings: Partial<Configuration['declared']> = {};
  /** Beside the doors, the lamps and the regions. */
  moreCollectors: Collector<never>[] = [];
  moreChecks: Check[] = [];
  /** In place of the one source of toys. */
  sources: (() => readonly SourceAccess[]) | undefined;
  /** What the configuration says of the entity as a whole; without it, its own files do. */
  entity: EntitySettings | undefined;
  /** Where people are told. */
  channels: Channel[] = [];
  #id = 0;

  composition(): Composition {
    const keysDir = join(this.directory, 'keys');
    const dataDir = join(this.directory, 'data');
    const owner = { tenant: 'toys', demonstration: false };
    const now = () => {
      this.time += 10;
      return new Date(this.time).toISOString();
    };
    const newId = () => {
      this.#id += 1;
      return `id-${this.#id}`;
    };
    const keys = () => {
      try {
        return loadKeys(keysDir, owner);
      } catch {
        return createKeys(keysDir, owner);
      }
    };
    const declared = {
      version: 1,
      entity: { name: 'Toys', tenant: 'toys' },
      reports: ['soc2'],
      trustServices: ['security'],
      store: { data: dataDir, keys: keysDir },
      sources: { aws: [{ name: 'toys' }], github: [] },
      anchors: [],
      controls: [],
      extensions: [],
      collect: { concurrency: 2, staleAfterHours: 72 },
      log: { level: 'silent' },
      ...this.settings,
    } as Configuration['declared'];
    const collectors = [doors, lamps, regions, ...this.moreCollectors] as readonly Collector<never>[];
    const registries = {
      checks: [...([doorIsLocked, lampIsLit] as unknown as readonly Check[]), ...this.moreChecks],
      collectors,
      entity: entityDefinition as SourceDefinition,
      logicOf: () => `sha256:${'0'.repeat(64)}`,
      gradeOf: () => 'source-direct' as const,
    };
    return {
      version: '0.0.0',
      configuration: { ...declared, file: 'proofline.yaml', directory: this.directory, notices: [], declared },
      demonstration: false,
      now,
      monotonic: () => this.time,
      newId,
      registries: async () => registries,
      frameworks: () => ({ criteria: this.criteria, objectives: [] }),
      uncollectedTypes: () => [],
      controls: async () => this.controls.map((control) => ({ control, origin: 'own' as const, versions: [] })),
      scope: async () => this.scope,
      entitySettings: async () =>
        this.entity ??
        loadEntitySettings(declared, {
          library: libraryDirectory(),
          frameworks: { criteria: [], objectives: [] },
          controls: this.controls,
          scope: this.scope,
          on: now().slice(0, 10),
        }),
      engagements: async () => this.engagements,
      definition: async (kind) =>
        kind === entitySource
          ? (entityDefinition as SourceDefinition)
          : (this.sources?.().find((source) => source.kind === kind)?.definition ?? (definition as unknown as SourceDefinition)),
      sources: async () => this.sources?.() ?? [this.#access()],
      keys,
      anchors: async () => [],
      schedules: async () =>
        resolveSchedules({
          settings: declared.schedules ?? ScheduleSettings.parse({}),
          sources: [
            ...(this.sources?.() ?? [{ name: 'toys', kind: 'toy', definition }]).map((source) => ({
              name: source.name,
              kind: source.kind,
              regions: source.definition.regions?.collector,
            })),
            ...(readsEntity(declared) ? [{ name: entitySource, kind: entitySource }] : []),
          ],
          collectors,
          checks: registries.checks,
          sourceKindOf,
          problemAt: (path, message) => ({ path: path.join('.'), message }),
        }),
      openQueue: async () => embeddedQueue({ now: () => new Date(this.time).toISOString(), attempts: 3, backoffMs: 20 }),
      channels: async () => this.channels,
      hasStore: () => true,
      openStore: async ({ readOnly = false, create = false } = {}) => {
        const options = { dataDir, keys: keys(), now, newId };
        try {
          return await openStore({ ...options, readOnly });
        } catch (error) {
          if (!create) throw error;
          return await createStore({ ...options, tenant: 'toys', origin: 'proofline.log/toys', demonstration: false });
        }
      },
      openState: () => openState(dataDir, { now, wrap: keys().wrap }),
      openOutbox: ({ readOnly = false } = {}) => openOutbox(dataDir, { now, readOnly }),
    };
  }

  #access(): SourceAccess {
    const exchange: Exchange = async (operation, _input, { region }) => {
      const answer = this.answers[operation];
      if (answer === undefined) throw new SourceError('access-denied', operation, { sourceCode: 'AccessDenied', status: 403 });
      const output = answer(region);
      return { output, status: 200, headers: this.headers, bytes: new TextEncoder().encode(JSON.stringify(output)), host: 'toys.example' };
    };
    return {
      name: 'toys',
      kind: 'toy',
      definition: definition as unknown as SourceDefinition,
      members: async () => {
        if (this.closed) throw this.closed;
        return [
          {
            id: 'toy:1',
            tenant: '1',
            display: 'box 1',
            settings: {},
            regions: undefined,
            open: () => ({ exchange, principal: async () => 'child', close: () => {} }),
          },
        ];
      },
      close: () => {},
    };
  }
}
