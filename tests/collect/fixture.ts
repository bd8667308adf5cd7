import {
  type Collector,
  defineCollector,
  defineResource,
  type Exchange,
  type JsonObject,
  type SourceDefinition,
  z,
} from '../../src/authoring.ts';
import { unlimited } from '../../src/collect/limiter.ts';
import { defaultRetry } from '../../src/collect/retry.ts';
import { type RunCollectorOptions, runCollector } from '../../src/collect/run-collector.ts';
import type { ClientContext, Reply } from '../../src/model/collector.ts';

/** A small source with paging, per-subject operations, and an operation without a subject: what every real one is made of. */
export class HouseClient {
  readonly context: ClientContext;
  constructor(context: ClientContext) {
    this.context = context;
  }
  async *pages(operation: string, input: JsonObject = {}): AsyncGenerator<Reply> {
    let next: JsonObject = input;
    for (let page = 1; ; page += 1) {
      const reply = await this.context.exchange(operation, next, { page });
      if (!reply) return;
      yield reply;
      const token = reply.output?.['NextToken'];
      if (typeof token !== 'string') return;
      next = { ...input, NextToken: token };
    }
  }
  call(operation: string, input: JsonObject, subject?: string): Promise<Reply | undefined> {
    return this.context.exchange(operation, input, subject === undefined ? {} : { subject });
  }
}

export const Door = defineResource({
  type: 'house.door',
  title: 'Door',
  shape: {
    name: z.string(),
    colour: z.string().nullable(),
    lock: z.object({ kind: z.string(), bolts: z.int() }).nullable(),
    tags: z.record(z.string(), z.string()),
  },
});
export const HouseRules = defineResource({
  type: 'house.rules',
  title: 'House rules',
  aggregate: true,
  shape: { doors: z.int(), curfew: z.string() },
});

export const doors = defineCollector<HouseClient>({
  id: 'house/doors',
  title: 'Doors',
  kind: 'state',
  scope: 'account',
  yields: [Door, HouseRules],
  permissions: ['house:ListDoors', 'house:GetLock', 'house:GetRules'],
  items: {
    'house:ListDoors': { list: 'Doors', key: 'Id', keep: ['Id', 'Name', 'Colour', 'Tags', 'Used.At'], volatile: ['Used.At'] },
    'house:GetLock': { keep: ['Lock.Kind', 'Lock.Bolts'], absent: ['NoSuchLock'] },
    'house:GetRules': { keep: ['Curfew', 'Doors'] },
  },
  async *collect(client) {
    const rules = await client.call('house:GetRules', {});
    if (rules) yield rules;
    for await (const page of client.pages('house:ListDoors')) {
      yield page;
      const list = page.output?.['Doors'];
      for (const door of Array.isArray(list) ? (list as readonly JsonObject[]) : []) {
        const id = door?.['Id'];
        if (typeof id !== 'string') continue;
        const lock = await client.call('house:GetLock', { Id: id }, id);
        if (lock) yield lock;
      }
    }
  },
  normalise(view) {
    const shape = z.object({ Id: z.string(), Name: z.string(), Colour: z.string().nullish(), Tags: z.record(z.string(), z.string()) });
    const lockShape = z.object({ Lock: z.object({ Kind: z.string(), Bolts: z.int() }) });
    const found = view.each('house:ListDoors', shape, (door) => {
      const lock = view.part('house:GetLock', door.Id, lockShape);
      return Door.draft(
        { id: view.id('door', door.Id), display: door.Name },
        {
          name: door.Name,
          colour: door.Colour ?? null,
          lock: lock === null || 'reason' in lock ? lock : { kind: lock.Lock.Kind, bolts: lock.Lock.Bolts },
          tags: door.Tags,
        },
      );
    });
    const rules = view.part('house:GetRules', null, z.object({ Curfew: z.string() }));
    const curfew = rules === null ? 'none' : 'reason' in rules ? rules : rules.Curfew;
    return [...found, HouseRules.draft({ id: view.id('rules'), display: 'rules' }, { doors: found.length, curfew })];
  },
  reconcile: [{ operation: 'house:ListDoors', with: 'house/rules', field: 'Doors' }],
});

export const house: SourceDefinition<HouseClient> = {
  kind: 'house',
  title: 'House',
  client: (context) => new HouseClient(context),
  permissionFor: (operation) => (operation.startsWith('house:') ? operation : undefined),
  limitFor: () => ({ perSecond: 1000, burst: 1000 }),
  isOfficialHost: (host) => host === 'house.example',
  equivalentCommand: (operation) => operation,
};

export const run = (exchange: Exchange, more: Partial<RunCollectorOptions<HouseClient>> & { collector?: Collector<HouseClient> } = {}) => {
  let clock = 0;
  return runCollector<HouseClient>({
    collector: doors,
    source: house,
    exchange,
    sourceId: 'house:1',
    tenant: '1',
    settings: {},
    logic: `sha256:${'0'.repeat(64)}`,
    session: 'session-1',
    principal: 'reader',
    trigger: { name: 'test', authentication: 'none' },
    concurrency: 4,
    now: () => '2026-01-15T12:00:00.000Z',
    monotonic: () => {
      clock += 5;
      return clock;
    },
    limiter: unlimited,
    retry: { ...defaultRetry, attempts: 3, firstWaitMs: 1, longestWaitMs: 2, patienceMs: 5, timeoutMs: 200 },
    ...more,
  });
};

/** Good answers for two pages of doors: three doors, one of them without a lock. */
export const doorPages: readonly JsonObject[] = [
  {
    Doors: [
      { Id: 'd1', Name: 'front', Colour: 'red', Tags: { floor: '0' }, Used: { At: '2026-01-15T11:00:00.000Z' }, Owner: 'someone' },
      { Id: 'd2', Name: 'back', Tags: {} },
    ],
    NextToken: 'page-two-token',
  },
  { Doors: [{ Id: 'd3', Name: 'cellar', Colour: null, Tags: {} }] },
];
export const context = { source: 'house:1', tenant: '1', region: null, settings: {} };
