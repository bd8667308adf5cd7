import { expect, test } from 'vitest';
import type { EntityClient } from '../../../collectors/entity/client.ts';
import {
  type Collector,
  type DerivedInput,
  defineCollector,
  defineResource,
  type SeenType,
  SourceError,
  z,
} from '../../../src/authoring.ts';
import { EntityToys, type Seeds, toyEntity } from './entity-kit.ts';

const Probe = defineResource({ type: 'entity.probe', title: 'Probe', shape: {} });
const inputs: DerivedInput[] = [];
/** Asks for types, and keeps what it is answered. */
const probe = (types: readonly string[]): Collector<EntityClient> =>
  defineCollector<EntityClient>({
    id: 'entity/probe',
    title: 'Probe',
    kind: 'state',
    scope: 'organisation',
    yields: [Probe],
    permissions: ['log:read'],
    items: {
      ask: {
        keep: ['*'],
        split: (output) => {
          inputs.push(output as unknown as DerivedInput);
          return [];
        },
      },
    },
    collect: (client) => client.derive('ask', types),
    normalise: (view) => view.each('ask', z.object({}), () => []),
  });
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const house = (types: readonly string[], seeds: Record<string, Seeds>, events: readonly string[] = []) =>
  new EntityToys({ seeds, collectors: [probe(types)], events });
async function ask(
  toys: EntityToys,
  more: Parameters<EntityToys['run']>[0] = {},
): Promise<DerivedInput & { readonly gaps: readonly string[] }> {
  const run = await toys.run(more);
  const gaps = run.members.find(({ source }) => source === toyEntity)?.incomplete.flatMap(({ reasons }) => reasons) ?? [];
  return { ...inputs.at(-1)!, gaps };
}
const short = (list: readonly SeenType[]) =>
  list.map(({ type, member, resources, incomplete }) => [type, member, resources.map(({ id }) => id), incomplete]);

test('every member that was found is looked at, the latest collection of each, by its age as well', async () => {
  const toys = house(['okta.user', 'hr.person'], {
    'okta:acme': { 'okta.user': [{ id: 'u1' }] },
    'okta:beta': { 'okta.user': [] },
    'tabular:hr.people': { 'hr.person': [{ id: 'p1' }] },
  });
  const first = await ask(toys);
  expect(short(first.seen)).toEqual([
    ['hr.person', 'tabular:hr.people', ['p1'], null],
    ['okta.user', 'okta:acme', ['u1'], null],
    ['okta.user', 'okta:beta', [], null],
  ]);
  expect(first).toMatchObject({ entity: toyEntity, missing: [], notConnected: [], events: [], decisions: [], gaps: [] });
  toys.seeds['okta:acme'] = { 'okta.user': [{ id: 'u2' }] };
  expect(short((await ask(toys)).seen)[1]).toEqual(['okta.user', 'okta:acme', ['u2'], null]);
  toys.time += 73 * hourMs;
  await toys.run({ sources: ['okta'] });
  const late = await ask(toys, { sources: ['entity'] });
  expect(short(late.seen).map(([, , , incomplete]) => incomplete)).toEqual(['stale', null, null]);
  expect(late.gaps).toEqual(['stale']);
});

test('the same resources are the same list while nothing else was seen', async () => {
  const toys = house(['okta.user'], { 'okta:acme': { 'okta.user': [{ id: 'u1' }] } });
  const app = toys.composition();
  const { openLog } = await import('../../../src/run/opened-log.ts');
  const { runUnsigned } = await import('../../../src/run/run-collection.ts');
  const log = await openLog(app);
  const options = {
    log,
    trigger: { name: 'test', authentication: 'none' as const },
    onProgress: () => {},
    signal: new AbortController().signal,
  };
  await runUnsigned(app, options);
  const first = inputs.at(-1);
  await runUnsigned(app, options);
  await log.close();
  expect(inputs.at(-1)?.seen[0]?.index).toBeGreaterThan(first?.seen[0]?.index ?? 0);
  expect(inputs.at(-1)?.seen[0]?.resources).toBe(first?.seen[0]?.resources);
  expect(inputs.at(-1)?.decisions).toBe(first?.decisions);
});

test('what was refused, what never was looked for and what nobody connected are told apart, and the first two are gaps', async () => {
  const toys = house(['okta.user', 'hr.person', 'bank.user'], {
    'okta:acme': { 'okta.user': 'access-denied' },
    'tabular:hr.people': { 'hr.person': [{ id: 'p1' }] },
  });
  const first = await ask(toys, { collectors: ['okta/seeded-okta-user', 'entity/probe'] });
  expect(short(first.seen)).toEqual([['okta.user', 'okta:acme', [], 'access-denied']]);
  expect(first.missing).toEqual([{ type: 'hr.person', member: 'tabular:hr.people', reason: 'not-collected' }]);
  expect(first.notConnected).toEqual(['bank.user']);
  expect(first.gaps).toEqual(['access-denied', 'not-collected']);
});

test('a source that was never entered may hold anything its collectors look for; one that was entered before stays known', async () => {
  const toys = house(['okta.user'], { 'okta:acme': { 'okta.user': [{ id: 'u1' }] } });
  toys.closed = new SourceError('access-denied', 'members', {});
  const closed = await ask(toys);
  expect(closed).toMatchObject({
    seen: [],
    missing: [{ type: 'okta.user', member: 'okta:okta' }],
    notConnected: [],
    gaps: ['not-collected'],
  });
  toys.closed = undefined;
  await toys.run();
  toys.closed = new SourceError('access-denied', 'members', {});
  expect(short((await ask(toys)).seen)).toEqual([['okta.user', 'okta:acme', ['u1'], null]]);
});

test('events of the last days come window by window, each once; what was not read to its end counts until it is read again', async () => {
  const at = (time: number) => new Date(time).toISOString();
  const toys = house(['github.change'], { 'github:9919': { 'github.change': [] } }, ['github.change']);
  const change = (id: string, time: number) => ({ id, at: at(time) });
  const start = toys.time;
  const all = [change('c1', start - hourMs), change('c2', start + 60_000), change('c3', start + 26 * hourMs)];
  toys.seeds['github:9919'] = { 'github.change': all };
  expect(short((await ask(toys)).events)).toEqual([['github.change', 'github:9919', ['c1'], null]]);

  toys.time = start + hourMs;
  toys.seeds['github:9919'] = { 'github.change': 'access-denied' };
  const refused = await ask(toys);
  expect(short(refused.events)).toEqual([
    ['github.change', 'github:9919', ['c1'], null],
    ['github.change', 'github:9919', [], 'access-denied'],
  ]);
  expect(refused.gaps).toEqual(['access-denied']);

  toys.time = start + 27 * hourMs;
  toys.seeds['github:9919'] = { 'github.change': all };
  const again = await ask(toys);
  expect(short(again.events)).toEqual([
    ['github.change', 'github:9919', ['c1'], null],
    ['github.change', 'github:9919', ['c2', 'c3'], null],
  ]);
  expect(again.gaps).toEqual([]);

  toys.time = start + 36 * dayMs;
  const later = await ask(toys);
  expect(short(later.events).flatMap(([, , ids]) => ids)).toEqual(['c2', 'c3']);
  toys.time = start + 40 * dayMs;
  const stale = await ask(toys, { sources: ['entity'] });
  expect(short(stale.events).at(-1)?.[3]).toBe('stale');
});

test('a collector without a record of its own begins anew in every process, and reads the windows of before', async () => {
  const toys = house(['github.change'], { 'github:9919': { 'github.change': [] } }, ['github.change']);
  const start = toys.time;
  for (let hour = 0; hour < 4; hour += 1) {
    toys.seeds['github:9919'] = {
      'github.change': [0, 1, 2, 3].map((n) => ({ id: `c${n}`, at: new Date(start + n * hourMs - 60_000).toISOString() })),
    };
    toys.time = start + hour * hourMs;
    await toys.run();
  }
  expect(inputs.at(-1)?.events.flatMap(({ resources }) => resources.map(({ id }) => id))).toEqual(['c0', 'c1', 'c2', 'c3']);
});
