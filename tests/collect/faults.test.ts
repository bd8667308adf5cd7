import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Exchange, type GapReason, type JsonObject, SourceError } from '../../src/authoring.ts';
import { createLimiter } from '../../src/collect/limiter.ts';
import { normaliseItems } from '../../src/collect/normalise-items.ts';
import { defaultRetry, waitBeforeRetry } from '../../src/collect/retry.ts';
import { completenessOf } from '../../src/model/completeness.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { type Answer, denied, paged, replay } from '../collectors/replay.ts';
import { context, Door, doorPages, doors, HouseRules, run } from './fixture.ts';

const lock = { Lock: { Kind: 'bolt', Bolts: 2 } };
const good: Record<string, Answer | object> = {
  'house:GetRules': { Curfew: '22:00', Doors: 3 },
  'house:ListDoors': (input: JsonObject) => doorPages[input['NextToken'] === undefined ? 0 : 1],
  'house:GetLock': lock,
};
const normalised = (evidence: Evidence) => normaliseItems(doors, evidence.items, context);
const reasonsOf = (evidence: Evidence) => {
  const { completeness } = normalised(evidence);
  return completeness.kind === 'complete' ? [] : completeness.reasons;
};
const failing = (operation: string, error: SourceError, times = Number.POSITIVE_INFINITY) => {
  let left = times;
  const { exchange, calls } = replay(good);
  const wrapped: Exchange = async (asked, input, scope) => {
    if (asked === operation && left > 0) {
      left -= 1;
      throw error;
    }
    return exchange(asked, input, scope);
  };
  return { exchange: wrapped, calls };
};

describe('a source that refuses', () => {
  it.each(Object.keys(doors.items))(
    '%s denied: the gap is recorded in evidence and items, and everything else is kept',
    async (operation) => {
      const evidence = await run(failing(operation, denied(operation)).exchange);
      expect(evidence.gaps.length).toBeGreaterThan(0);
      expect(
        evidence.gaps.every((gap) => gap.reason === 'access-denied' && gap.operation === operation && gap.code === 'AccessDenied'),
      ).toBe(true);
      expect(evidence.items.filter((item) => item.gap === 'access-denied').map((item) => item.operation)).toContain(operation);
      expect(evidence.items.some((item) => item.operation !== operation && item.body !== null)).toBe(true);
      expect(reasonsOf(evidence)).toEqual(['access-denied']);
      expect(evidence.requests.some((request) => request.gap === 'access-denied')).toBe(true);
    },
  );

  it('a denied list leaves the population unseen, and the sum over it unread', async () => {
    const { incomplete, resources } = normalised(await run(failing('house:ListDoors', denied('house:ListDoors')).exchange));
    expect(incomplete).toEqual([{ type: Door.type, reason: 'access-denied' }]);
    expect(resources.map((resource) => [resource.type, resource.fields, resource.unread])).toEqual([
      [HouseRules.type, {}, { doors: 'access-denied', curfew: 'access-denied' }],
    ]);
  });

  it('a denied second page keeps the first, and the population is not whole', async () => {
    const evidence = await run(
      replay({
        ...good,
        'house:ListDoors': paged(
          ['a', 'b', 'c'].map((Id) => ({ Id, Name: Id, Tags: {} })),
          { size: 2, into: 'Doors', request: 'NextToken', reply: 'NextToken', deniedFrom: 2, operation: 'house:ListDoors' },
        ),
      }).exchange,
    );
    const { incomplete, resources } = normalised(evidence);
    expect(resources.filter((resource) => resource.type === Door.type).map((door) => door.display)).toEqual(['a', 'b']);
    expect(incomplete).toEqual([{ type: Door.type, reason: 'access-denied' }]);
  });

  it('a denied part of one subject leaves that subject’s field unread, and the population whole', async () => {
    const { incomplete, resources } = normalised(await run(failing('house:GetLock', denied('house:GetLock'), 1).exchange));
    expect(incomplete).toEqual([]);
    expect(resources.map((resource) => resource.unread)).toEqual([{ lock: 'access-denied' }, {}, {}, {}]);
  });

  it('ends when the session has expired: nothing more is asked, and what was not asked is not collected', async () => {
    const expired = failing(
      'house:ListDoors',
      new SourceError('access-denied', 'house:ListDoors', { sourceCode: 'ExpiredToken', status: 403 }),
    );
    const evidence = await run(expired.exchange);
    expect(expired.calls.map((call) => call.operation)).toEqual(['house:GetRules']);
    expect(evidence.gaps.map((gap) => [gap.operation, gap.reason])).toEqual([
      ['house:GetLock', 'not-collected'],
      ['house:ListDoors', 'access-denied'],
    ]);
  });

  it('a type of which nothing was found is not empty when anything at all was refused', async () => {
    const early = {
      ...doors,
      async *collect(client: Parameters<typeof doors.collect>[0]) {
        const rules = await client.call('house:GetRules', {});
        if (!rules) return;
        yield rules;
        yield* client.pages('house:ListDoors');
      },
    };
    const evidence = await run(failing('house:GetRules', denied('house:GetRules')).exchange, { collector: early });
    expect(normaliseItems(early, evidence.items, context).incomplete).toEqual([{ type: Door.type, reason: 'access-denied' }]);
  });
});

describe('a source that fails', () => {
  const errors: readonly (readonly [string, GapReason, SourceError])[] = [
    ['throttling', 'rate-limited', new SourceError('rate-limited', 'house:ListDoors', { sourceCode: 'Throttling', status: 400 })],
    ['a 503', 'source-unavailable', new SourceError('source-unavailable', 'house:ListDoors', { sourceCode: 'SlowDown', status: 503 })],
    ['a broken connection', 'source-unavailable', new SourceError('source-unavailable', 'house:ListDoors', { sourceCode: 'ECONNRESET' })],
  ];
  it.each(errors)('%s once: asked again, both attempts recorded, nothing missing', async (_, reason, error) => {
    const evidence = await run(failing('house:ListDoors', error, 1).exchange);
    expect(evidence.gaps).toEqual([]);
    const attempts = evidence.requests.filter((request) => request.operation === 'house:ListDoors' && request.page === 1);
    expect(attempts.map((request) => request.gap)).toEqual([reason, null]);
  });
  it.each(errors)('%s for good: given up after the last attempt', async (_, reason, error) => {
    const evidence = await run(failing('house:ListDoors', error).exchange);
    expect(evidence.requests.filter((request) => request.operation === 'house:ListDoors')).toHaveLength(3);
    expect(reasonsOf(evidence)).toEqual([reason]);
  });
  it('does not ask again where it has been refused or there is nothing', async () => {
    const refused = failing('house:ListDoors', denied('house:ListDoors'));
    expect((await run(refused.exchange)).requests.filter((request) => request.operation === 'house:ListDoors')).toHaveLength(1);
    const gone = failing(
      'house:ListDoors',
      new SourceError('source-unavailable', 'house:ListDoors', { status: 404, sourceCode: 'NotFound' }),
    );
    expect((await run(gone.exchange)).requests.filter((request) => request.operation === 'house:ListDoors')).toHaveLength(1);
  });
  it('an answer that never comes is a time-out', async () => {
    const inner = replay(good).exchange;
    const exchange: Exchange = (operation, input, scope) =>
      operation === 'house:GetRules' ? new Promise(() => {}) : inner(operation, input, scope);
    const evidence = await run(exchange, { retry: { ...defaultRetry, attempts: 2, firstWaitMs: 1, timeoutMs: 20 } });
    expect(evidence.gaps).toEqual([{ reason: 'source-unavailable', operation: 'house:GetRules', code: 'ProoflineTimeout' }]);
    expect(normalised(evidence).resources).toHaveLength(4);
  });

  const now = '2026-01-15T12:00:00.000Z';
  const limited = (headers: Record<string, string>) => new SourceError('rate-limited', 'x', { headers });
  it('waits as long as the source asks, and gives up when that is beyond patience', () => {
    expect(waitBeforeRetry(limited({ 'retry-after': '7' }), 1, defaultRetry, now)).toBe(7000);
    expect(waitBeforeRetry(limited({ 'retry-after': 'Thu, 15 Jan 2026 12:00:09 GMT' }), 1, defaultRetry, now)).toBe(9000);
    expect(waitBeforeRetry(limited({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1768478430' }), 1, defaultRetry, now)).toBe(
      30_000,
    );
    expect(
      waitBeforeRetry(
        limited({ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '1768478430' }),
        1,
        { ...defaultRetry, random: () => 1 },
        now,
      ),
    ).toBe(500);
    expect(waitBeforeRetry(limited({ 'retry-after': '3600' }), 1, defaultRetry, now)).toBeUndefined();
  });
  it('backs off exponentially, with jitter, up to a bound', () => {
    const waits = (random: number) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((tries) => waitBeforeRetry(limited({}), tries, { ...defaultRetry, random: () => random }, now));
    expect(waits(1)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
    expect(waits(0)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });
});

describe('a source that answers wrongly', () => {
  const wrongLists: readonly (readonly [string, unknown])[] = [
    ['no list', {}],
    ['null for a list', { Doors: null }],
    ['an object for a list', { Doors: { Id: 'd1' } }],
    ['an entry without its key', { Doors: [{ Name: 'front' }] }],
    ['an entry that is null', { Doors: [null] }],
    ['an empty key', { Doors: [{ Id: '', Name: 'x', Tags: {} }] }],
    [
      'the same door twice',
      {
        Doors: [
          { Id: 'd1', Name: 'a', Tags: {} },
          { Id: 'd1', Name: 'b', Tags: {} },
        ],
      },
    ],
    ['text', 'hello'],
    ['nothing', null],
    ['a value JSON has no word for', { Doors: [{ Id: 'd1', Name: 'a', Size: Number.NaN }] }],
    ['a name that is a number', { Doors: [{ Id: 'd1', Name: 7, Tags: {} }] }],
    ['tags as a list', { Doors: [{ Id: 'd1', Name: 'a', Tags: [] }] }],
  ];
  it.each(wrongLists)('%s: the population is not whole, and the sum over it unread', async (_, output) => {
    const evidence = await run(replay({ ...good, 'house:ListDoors': () => output }).exchange);
    const { completeness, incomplete, resources } = normalised(evidence);
    expect(completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
    expect(incomplete).toEqual([{ type: Door.type, reason: 'malformed-reply' }]);
    expect(resources.find((resource) => resource.type === HouseRules.type)?.unread).toEqual({
      doors: 'malformed-reply',
      curfew: 'malformed-reply',
    });
  });
  it('the same door on two pages is not merged', async () => {
    const twice = (input: JsonObject) => ({
      Doors: [{ Id: 'd1', Name: 'front', Tags: {} }],
      ...(input['NextToken'] === undefined ? { NextToken: 'n' } : {}),
    });
    const evidence = await run(replay({ ...good, 'house:ListDoors': twice }).exchange);
    expect(evidence.items.find((item) => item.id === 'house:ListDoors||d1')).toMatchObject({ body: null, gap: 'malformed-reply' });
  });
  it('one malformed part makes one field unread and is counted', async () => {
    const evidence = await run(replay({ ...good, 'house:GetLock': { Lock: { Kind: 'bolt', Bolts: 'two' } } }).exchange);
    const { resources, malformedCount, completeness, incomplete } = normalised(evidence);
    expect(resources[0]?.unread).toEqual({ lock: 'malformed-reply' });
    expect(malformedCount).toBe(3);
    expect(incomplete).toEqual([]);
    expect(completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
  });
  it('whatever comes, it ends in a record: complete evidence is only ever made of replies with the expected shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withBigInt: true, withDate: true, withMap: true }),
        fc.constantFrom(...Object.keys(doors.items)),
        async (output, operation) => {
          const evidence = await run(replay({ ...good, [operation]: () => output }).exchange);
          const { completeness } = normalised(evidence);
          const whole = evidence.items
            .filter((item) => item.operation === operation)
            .every((item) => item.gap === undefined && item.body !== null);
          if (completeness.kind === 'complete') expect(whole).toBe(true);
          expect(completenessOf(evidence.gaps).kind === 'incomplete' && completeness.kind === 'complete').toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('an end from outside', () => {
  it('keeps what was seen and says of the rest that it was not collected', async () => {
    const controller = new AbortController();
    const inner = replay(good);
    const exchange: Exchange = async (operation, input, scope) => {
      const reply = await inner.exchange(operation, input, scope);
      if (inner.count('house:GetLock') === 2) controller.abort();
      return reply;
    };
    const evidence = await run(exchange, { signal: controller.signal });
    expect(evidence.items.filter((item) => item.body !== null).map((item) => item.id)).toEqual([
      'house:GetLock||d1',
      'house:GetRules||',
      'house:ListDoors||d1',
      'house:ListDoors||d2',
    ]);
    expect(evidence.gaps.map((gap) => [gap.operation, gap.subject, gap.reason])).toEqual([
      ['house:GetLock', 'd2', 'not-collected'],
      ['house:ListDoors', undefined, 'not-collected'],
    ]);
    expect(evidence.requests.at(-1)).toMatchObject({ gap: 'not-collected', code: 'Aborted' });
    expect(inner.calls).toHaveLength(4);
    expect(normalised(evidence).incomplete).toEqual([{ type: Door.type, reason: 'not-collected' }]);
  });
  it('interrupts a request that hangs and a wait before the next attempt', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const hanging = await run(() => new Promise(() => {}), { signal: controller.signal, retry: { ...defaultRetry } });
    expect(hanging.gaps.every((gap) => gap.reason === 'not-collected')).toBe(true);
    const again = new AbortController();
    setTimeout(() => again.abort(), 20);
    const error = new SourceError('rate-limited', 'house:GetRules', { headers: { 'retry-after': '60' } });
    const waiting = await run(failing('house:GetRules', error).exchange, { signal: again.signal, retry: defaultRetry });
    expect(waiting.gaps.map((gap) => [gap.operation, gap.reason])).toContainEqual(['house:GetRules', 'not-collected']);
  });
  it('ended before it began, names every operation', async () => {
    const inner = replay(good);
    const evidence = await run(inner.exchange, { signal: AbortSignal.abort() });
    expect(inner.calls).toEqual([]);
    expect(new Set(evidence.gaps.map((gap) => gap.operation))).toEqual(new Set(Object.keys(doors.items)));
  });
});

describe('the limiter', () => {
  it('lets a burst through and spaces what follows, per bucket', async () => {
    vi.useFakeTimers();
    try {
      const limiter = createLimiter({
        limitFor: (operation) => ({ perSecond: 10, burst: 5, ...(operation.startsWith('shared') ? { bucket: 'one' } : {}) }),
      });
      const sent: string[] = [];
      const ask = (operation: string) => limiter.acquire(operation, undefined).then(() => sent.push(operation));
      for (let n = 0; n < 10; n += 1) void ask('a');
      for (let n = 0; n < 3; n += 1) {
        void ask('shared-1');
        void ask('shared-2');
      }
      await vi.advanceTimersByTimeAsync(1);
      expect(sent.filter((operation) => operation === 'a')).toHaveLength(5);
      expect(sent.filter((operation) => operation.startsWith('shared'))).toHaveLength(5);
      await vi.advanceTimersByTimeAsync(1000);
      expect(sent).toHaveLength(16);
    } finally {
      vi.useRealTimers();
    }
  });
  it('sends nothing of a bucket while the source has asked for a pause', async () => {
    const limiter = createLimiter({ limitFor: () => ({ perSecond: 1000, burst: 1000 }) });
    limiter.pause('a', undefined, 60);
    const before = performance.now();
    await Promise.all([limiter.acquire('a', undefined), limiter.acquire('b', undefined)]);
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
    const controller = new AbortController();
    limiter.pause('a', undefined, 60_000);
    setTimeout(() => controller.abort(new Error('stop')), 10);
    await expect(limiter.acquire('a', undefined, controller.signal)).rejects.toThrow('stop');
  });
});
