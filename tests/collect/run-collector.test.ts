import { describe, expect, it } from 'vitest';
import { type Exchange, type ItemView, type JsonObject, SourceError, z } from '../../src/authoring.ts';
import { normaliseItems } from '../../src/collect/normalise-items.ts';
import { clockOf } from '../../src/model/evidence.ts';
import { mergeVolatile } from '../../src/model/volatile.ts';
import { replay } from '../collectors/replay.ts';
import { context, doorPages, doors, HouseRules, house, run } from './fixture.ts';

const absentLock = () => new SourceError('not-collected', 'house:GetLock', { sourceCode: 'NoSuchLock', status: 404 });
const good = {
  'house:GetRules': { Curfew: '22:00', Doors: 3 },
  'house:ListDoors': (input: JsonObject) => doorPages[input['NextToken'] === undefined ? 0 : 1],
  'house:GetLock': (input: JsonObject) => (input['Id'] === 'd2' ? absentLock() : { Lock: { Kind: 'bolt', Bolts: 2, Serial: 'x' } }),
};

describe('runCollector', () => {
  it('keeps what was allowed of every reply, item by item, and says what it withheld', async () => {
    const evidence = await run(replay(good).exchange);
    expect(evidence.items.map((item) => [item.id, item.body, item.volatile, item.withheld])).toEqual([
      ['house:GetLock||d1', { Lock: { Kind: 'bolt', Bolts: 2 } }, null, ['Lock.Serial']],
      ['house:GetLock||d2', null, null, []],
      ['house:GetLock||d3', { Lock: { Kind: 'bolt', Bolts: 2 } }, null, ['Lock.Serial']],
      ['house:GetRules||', { Curfew: '22:00', Doors: 3 }, null, []],
      [
        'house:ListDoors||d1',
        { Id: 'd1', Name: 'front', Colour: 'red', Tags: { floor: '0' }, Used: {} },
        { 'Used.At': '2026-01-15T11:00:00.000Z' },
        ['Owner'],
      ],
      ['house:ListDoors||d2', { Id: 'd2', Name: 'back', Tags: {} }, null, []],
      ['house:ListDoors||d3', { Id: 'd3', Name: 'cellar', Colour: null, Tags: {} }, null, []],
    ]);
    expect(evidence.items.every((item) => item.gap === undefined)).toBe(true);
    expect(evidence.gaps).toEqual([]);
    const front = evidence.items.find((item) => item.id.endsWith('ListDoors||d1'));
    expect(mergeVolatile(front?.body ?? null, front?.volatile ?? null)).toMatchObject({ Used: { At: '2026-01-15T11:00:00.000Z' } });
  });

  it('records every request with its page, host, times and request id, and no page token', async () => {
    const evidence = await run(replay(good, { host: 'house.example' }).exchange);
    expect(evidence.requests).toHaveLength(6);
    const second = evidence.requests.find((request) => request.page === 2);
    expect(second).toMatchObject({
      operation: 'house:ListDoors',
      input: { NextToken: '$token' },
      host: 'house.example',
      status: 200,
      gap: null,
      notModified: false,
    });
    expect(second?.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(evidence.requests)).not.toContain('page-two-token');
    expect(evidence.officialHosts).toEqual({ 'house.example': true });
    expect(evidence.requests.find((request) => request.code === 'NoSuchLock')).toMatchObject({ gap: null, status: 404 });
  });

  it('measures how far the server clock is ahead, and calls thirty seconds suspect', async () => {
    const evidence = await run(replay(good).exchange, { now: () => '2026-01-15T11:50:00.000Z' });
    const offsets = evidence.requests.flatMap((request) => request.offsetMs ?? []);
    expect(offsets.every((offset) => offset > 599_000 && offset <= 600_000)).toBe(true);
    expect(clockOf(evidence.requests).suspect).toBe(true);
    expect(clockOf((await run(replay(good).exchange)).requests).suspect).toBe(false);
    expect(clockOf([{ offsetMs: -30_001 }]).suspect).toBe(true);
    expect(clockOf([{ offsetMs: 30_000 }, { offsetMs: null }])).toEqual({ offsetMs: { min: 30_000, max: 30_000 }, suspect: false });
    expect(clockOf([])).toEqual({ offsetMs: null, suspect: false });
  });

  it('makes resources whose unread fields say why', async () => {
    const { items } = await run(replay(good).exchange);
    const { resources, completeness, incomplete, malformedCount } = normaliseItems(doors, items, context);
    expect(resources.map((resource) => [resource.id, resource.fields, resource.unread])).toEqual([
      ['house:1/door/d1', { name: 'front', colour: 'red', lock: { kind: 'bolt', bolts: 2 }, tags: { floor: '0' } }, {}],
      ['house:1/door/d2', { name: 'back', colour: null, lock: null, tags: {} }, {}],
      ['house:1/door/d3', { name: 'cellar', colour: null, lock: { kind: 'bolt', bolts: 2 }, tags: {} }, {}],
      ['house:1/rules/', { doors: 3, curfew: '22:00' }, {}].map((part) => (part === 'house:1/rules/' ? 'house:1/rules' : part)),
    ]);
    expect([completeness, incomplete, malformedCount]).toEqual([{ kind: 'complete' }, [], 0]);
  });

  it('shows normalise and asOf the volatile fields too, wherever the items come from', async () => {
    const shape = z.object({ Used: z.object({ At: z.string() }) });
    const collector = {
      ...doors,
      asOf: (view: ItemView) => view.list('house:ListDoors', shape)[0]?.body.Used.At,
      normalise: (view: ItemView) =>
        view.each('house:ListDoors', shape, (door) => HouseRules.draft({ id: door.Used.At, display: '' }, { doors: 1, curfew: '' })),
    };
    const { sourceAsOf, items } = await run(replay(good).exchange, { collector });
    expect(sourceAsOf).toBe('2026-01-15T11:00:00.000Z');
    const merged = items.map(({ volatile, ...item }) => ({ ...item, body: mergeVolatile(item.body, volatile) }));
    for (const of of [items, merged])
      expect(normaliseItems(collector, of, context).malformed).toEqual([
        { operation: 'house:ListDoors', subject: 'd2' },
        { operation: 'house:ListDoors', subject: 'd3' },
      ]);
  });

  it('keeps a 304 with what the client remembered as an observation of its own', async () => {
    const inner = replay(good).exchange;
    const exchange: Exchange = async (operation, input, scope) => ({
      ...(await inner(operation, input, scope)),
      status: 304,
      bytes: new Uint8Array(),
    });
    const evidence = await run(exchange);
    expect(
      evidence.requests.filter((request) => request.status === 304).every((request) => request.notModified && request.bytes === 0),
    ).toBe(true);
    expect(evidence.items.filter((item) => item.operation === 'house:ListDoors')).toHaveLength(3);
  });

  it('records a count that another collector knows, and a smaller population as truncated', async () => {
    const whole = await run(replay(good).exchange, { expectedCount: () => 3 });
    expect(whole.reconciliation).toEqual([{ with: 'house/rules', field: 'Doors', expected: 3, seen: 3 }]);
    expect(whole.gaps).toEqual([]);
    const short = await run(replay(good).exchange, { expectedCount: () => 4 });
    expect(short.gaps).toEqual([{ reason: 'truncated', operation: 'house:ListDoors', code: 'reconciliation' }]);
    expect((await run(replay(good).exchange)).reconciliation[0]?.expected).toBeNull();
  });

  it('refuses what was not declared, as the bug that it is', async () => {
    const { exchange } = replay(good);
    const calling = (operation: string) => ({
      ...doors,
      async *collect(client: Parameters<typeof doors.collect>[0]) {
        const reply = await client.call(operation, {});
        if (reply) yield reply;
      },
    });
    await expect(run(exchange, { collector: calling('house:OpenDoor') })).rejects.toThrow('without a rule');
    await expect(run(exchange, { collector: { ...calling('house:GetRules'), permissions: [] } })).rejects.toThrow('without declaring');
    await expect(run(exchange, { source: { ...house, permissionFor: () => undefined } })).rejects.toThrow('does not know');
  });

  it('throws on what is not the source’s doing', async () => {
    const bug = new RangeError('a bug');
    await expect(run(async () => Promise.reject(bug))).rejects.toBe(bug);
  });

  it('turns a bare list into items and takes a named instant as the source’s own time', async () => {
    const exchange: Exchange = replay({ 'house:ListDoors': [{ Id: 'd9', Name: 'n', Tags: {} }] }).exchange;
    const evidence = await run(exchange, {
      collector: {
        ...doors,
        items: { 'house:ListDoors': { list: 'items', key: 'Id', keep: ['*'] } },
        asOf: () => '2026-01-15T08:00:00+00:00',
        async *collect(client) {
          yield* client.pages('house:ListDoors');
        },
      },
    });
    expect(evidence.items.map((item) => item.id)).toEqual(['house:ListDoors||d9']);
    expect(evidence.sourceAsOf).toBe('2026-01-15T08:00:00.000Z');
  });
});
