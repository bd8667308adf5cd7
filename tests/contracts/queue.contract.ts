import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Schedule, TurnJob } from '../../src/model/schedule.ts';
import { type JobContext, JobDeferred, type JobQueue, JobRefused, type QueueEvent, QueueUnavailable } from '../../src/schedule/contract.ts';

/** What a backend of the queue hands to its contract. Each test has a line of its own. */
export interface QueueHarness {
  /** Three attempts, 60 ms before the second, four waiting jobs per source; it answers when this resolves. */
  open(): Promise<JobQueue>;
  end(): Promise<void>;
}

export function jobOf(id: string, more: Partial<TurnJob> = {}): TurnJob {
  return {
    id,
    kind: 'collect',
    turn: null,
    source: 'alpha',
    collectors: null,
    trigger: { name: 'test', authentication: 'none' },
    priority: 'scheduled',
    ...more,
  };
}
export function turnOf(schedule: string, due: string): TurnJob {
  return jobOf(`${schedule}@${due}`, { turn: { schedule, due } });
}
export function scheduleOf(id: string, cron: string, more: Partial<Schedule> = {}): Schedule {
  return { id, kind: 'collect', source: 'alpha', collectors: ['toy/doors'], cron, zone: 'UTC', jitterMs: 0, from: 'default', ...more };
}
/** Waits for something that comes from elsewhere; the bound is against hanging. */
export const until = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 10 });
/** A handler that waits to be let go, and what it was given. */
export function gate() {
  const begun: string[] = [];
  const open = Promise.withResolvers<void>();
  const handler = async (job: TurnJob, { signal }: JobContext) => {
    begun.push(job.id);
    await Promise.race([open.promise, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))]);
  };
  return { begun, handler, letGo: () => open.resolve() };
}

const bound = { withinMs: 5000 };

export function queueContract(name: string, make: () => Promise<QueueHarness>): void {
  describe(`the queue over ${name}`, () => {
    let harness: QueueHarness;
    let queue: JobQueue;
    let told: QueueEvent[];
    beforeEach(async () => {
      harness = await make();
      queue = await harness.open();
      told = [];
      queue.listen((event) => told.push(event));
    });
    afterEach(async () => {
      await queue.close(bound);
      await harness.end();
    });
    const kindsOf = (id: string) => told.flatMap((event) => ('job' in event && event.job.id === id ? [event.kind] : []));

    it('does a job once, however often it is put in line', async () => {
      const done: TurnJob[] = [];
      const turn = turnOf('alpha/critical', '2026-03-01T04:00:00.000Z');
      expect(await queue.add(turn)).toBe('added');
      expect(await queue.add(turn)).toBe('known');
      await queue.work(async (job) => void done.push(job), { atOnce: 2 });
      await until(() => expect(kindsOf(turn.id)).toEqual(['started', 'done']));
      expect(await queue.add(turn)).toBe('known');
      await queue.add(jobOf('after'));
      await until(() => expect(kindsOf('after')).toEqual(['started', 'done']));
      expect(done).toEqual([turn, jobOf('after')]);
    });

    it('does one job of a source at a time, sources beside each other, and no more at once than it may', async () => {
      const now = new Map<string, number>();
      const worst = { ofOne: 0, ofAll: 0, beside: new Set<number>() };
      const handler = async ({ source }: TurnJob) => {
        const key = source ?? '';
        now.set(key, (now.get(key) ?? 0) + 1);
        const all = [...now.values()].reduce((sum, count) => sum + count, 0);
        worst.ofOne = Math.max(worst.ofOne, now.get(key) ?? 0);
        worst.ofAll = Math.max(worst.ofAll, all);
        worst.beside.add(all);
        await sleep(15);
        now.set(key, (now.get(key) ?? 0) - 1);
      };
      for (let n = 0; n < 4; n += 1) for (const source of ['alpha', 'beta', 'gamma']) await queue.add(jobOf(`${source}-${n}`, { source }));
      await queue.work(handler, { atOnce: 2 });
      await until(() => expect(told.filter(({ kind }) => kind === 'done')).toHaveLength(12));
      expect(worst.ofOne).toBe(1);
      expect(worst.ofAll).toBe(2);
    });

    it('takes what somebody asked for now first, and the rest by age', async () => {
      const { begun, handler, letGo } = gate();
      await queue.work(handler, { atOnce: 1 });
      await queue.add(jobOf('under-way'));
      await until(() => expect(begun).toEqual(['under-way']));
      await queue.add(jobOf('first'));
      await queue.add(jobOf('second'));
      await queue.add(jobOf('now-1', { priority: 'now' }));
      await queue.add(jobOf('now-2', { priority: 'now' }));
      letGo();
      await until(() => expect(begun).toEqual(['under-way', 'now-1', 'now-2', 'first', 'second']));
    });

    it('puts off a job whose time has not come, as often as it is asked to, and does the others meanwhile', async () => {
      const begun: string[] = [];
      const handler = async ({ id }: TurnJob, { attempt }: JobContext) => {
        begun.push(`${id} ${attempt}`);
        if (id === 'later' && begun.length < 6) throw new JobDeferred('others come first', 30);
      };
      await queue.work(handler, { atOnce: 1 });
      await queue.add(jobOf('later'));
      await queue.add(jobOf('other'));
      await until(() => expect(kindsOf('later')).toContain('done'));
      expect(begun.filter((one) => one.startsWith('later'))).toEqual(Array.from({ length: 5 }, () => 'later 1'));
      expect(begun).toContain('other 1');
      expect(kindsOf('later').filter((kind) => kind !== 'started')).toEqual(['done']);
    });

    it('tries again after a while, longer each time, and goes on with the source meanwhile', async () => {
      const attempts: number[] = [];
      const order: string[] = [];
      await queue.add(jobOf('shaky'));
      await queue.add(jobOf('sound'));
      await queue.work(
        async (job, { attempt }) => {
          order.push(job.id);
          if (job.id === 'sound') return;
          attempts.push(attempt);
          if (attempt < 3) throw new Error(`the source is away\n(${attempt})`);
        },
        { atOnce: 1 },
      );
      await until(() => expect(kindsOf('shaky')).toEqual(['started', 'retrying', 'started', 'retrying', 'started', 'done']));
      expect(attempts).toEqual([1, 2, 3]);
      expect(order.slice(0, 2)).toEqual(['shaky', 'sound']);
      const waits = told.flatMap((event) => (event.kind === 'retrying' ? [event] : []));
      expect(waits.map(({ reason, attempt }) => [reason, attempt])).toEqual([
        ['the source is away (1)', 1],
        ['the source is away (2)', 2],
      ]);
      const [first = 0, second = 0] = waits.map(({ inMs }) => inMs);
      expect(first).toBeGreaterThanOrEqual(45);
      expect(first).toBeLessThanOrEqual(75);
      expect(second).toBeGreaterThanOrEqual(90);
      expect(second).toBeLessThanOrEqual(150);
      expect(await queue.failures()).toEqual([]);
    });

    it('says what finally failed, and knows it afterwards', async () => {
      await queue.add(jobOf('hopeless'));
      await queue.add(jobOf('refused'));
      await queue.work(
        async ({ id }) => {
          if (id === 'refused') throw new JobRefused('there is no source "gone"');
          throw new Error('the source is away');
        },
        { atOnce: 1 },
      );
      await until(() => expect(told.filter(({ kind }) => kind === 'failed')).toHaveLength(2));
      expect(told.filter(({ kind }) => kind === 'failed')).toEqual([
        { kind: 'failed', job: jobOf('refused'), attempts: 1, reason: 'there is no source "gone"' },
        { kind: 'failed', job: jobOf('hopeless'), attempts: 3, reason: 'the source is away' },
      ]);
      const failures = [...(await queue.failures())].sort((a, b) => (a.job.id < b.job.id ? -1 : 1));
      expect(failures).toEqual([
        { job: jobOf('hopeless'), attempts: 3, reason: 'the source is away' },
        { job: jobOf('refused'), attempts: 1, reason: 'there is no source "gone"' },
      ]);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 2 });
      expect(await queue.add(jobOf('refused'))).toBe('known');
    });

    it('puts no second turn of a schedule behind one that waits, and lets the line grow no longer than it may', async () => {
      const { begun, handler, letGo } = gate();
      await queue.work(handler, { atOnce: 1 });
      await queue.add(turnOf('alpha/critical', '2026-03-01T00:00:00.000Z'));
      await until(() => expect(begun).toHaveLength(1));
      expect(await queue.add(turnOf('alpha/critical', '2026-03-01T04:00:00.000Z'))).toBe('added');
      expect(await queue.add(turnOf('alpha/critical', '2026-03-01T08:00:00.000Z'))).toBe('overlap');
      expect(await queue.add(turnOf('alpha/events', '2026-03-01T08:00:00.000Z'))).toBe('added');
      for (const n of [1, 2]) expect(await queue.add(jobOf(`more-${n}`))).toBe('added');
      expect(await queue.add(jobOf('more-3'))).toBe('full');
      expect(await queue.add(jobOf('elsewhere', { source: 'beta' }))).toBe('added');
      // Where all hands are full, a worker may hold a job for a moment until it has given it back.
      await until(async () => expect(await queue.counts()).toEqual({ waiting: 5, active: 1, delayed: 0, failed: 0 }));
      letGo();
      await until(() => expect(told.filter(({ kind }) => kind === 'done')).toHaveLength(6));
    });

    it('puts a turn in line when it is due, after its jitter, and no more of a schedule that is gone', async () => {
      const done: { readonly job: TurnJob; readonly at: number }[] = [];
      const late = scheduleOf('alpha/late', '* * * * * *', { jitterMs: 900 });
      const anchors = scheduleOf('anchors', '* * * * * *', { kind: 'anchor', source: null, collectors: [] });
      await queue.tick([anchors, late, scheduleOf('alpha/yearly', '0 0 1 1 *')]);
      await queue.work(async (job) => void done.push({ job, at: Date.now() }), { atOnce: 2 });
      const of = (id: string) => done.filter(({ job }) => job.turn?.schedule === id);
      await until(() => expect(of('anchors').length > 1 && of('alpha/late').length > 0).toBe(true));
      for (const { job, at } of done) {
        const due = job.turn?.due ?? '';
        expect(due).toMatch(/T\d\d:\d\d:\d\d\.000Z$/);
        expect(job.id).toBe(`${job.turn?.schedule}@${due}`);
        expect(at).toBeGreaterThanOrEqual(Date.parse(due));
        expect(job.trigger).toEqual({ name: job.turn?.schedule, authentication: 'schedule' });
      }
      expect(of('anchors')[0]?.job).toMatchObject({ kind: 'anchor', source: null, collectors: null });
      expect(of('alpha/late')[0]?.job).toMatchObject({ kind: 'collect', source: 'alpha', collectors: ['toy/doors'] });
      expect(new Set(done.map(({ job }) => job.id)).size).toBe(done.length);
      await queue.tick([late]);
      await sleep(50);
      const before = of('anchors').length;
      const others = of('alpha/late').length;
      await until(() => expect(of('alpha/late').length).toBeGreaterThan(others + 1));
      expect(of('anchors').length - before).toBeLessThanOrEqual(1);
      expect(of('alpha/yearly')).toEqual([]);
    });

    it('waits at its end for what is under way, and takes nothing more', async () => {
      const { begun, handler, letGo } = gate();
      await queue.work(handler, { atOnce: 1 });
      await queue.add(jobOf('under-way'));
      await queue.add(jobOf('waiting'));
      await until(() => expect(begun).toEqual(['under-way']));
      const closed = queue.close({ withinMs: 10_000 });
      await expect(queue.add(jobOf('too-late'))).rejects.toBeInstanceOf(QueueUnavailable);
      letGo();
      const unfinished = await closed;
      expect(unfinished.map(({ id }) => id)).not.toContain('under-way');
      expect(begun).toEqual(['under-way']);
      expect(kindsOf('under-way')).toEqual(['started', 'done']);
      expect(await queue.close(bound)).toEqual(unfinished);
    });

    it('stops what does not end in time, also what does not listen, and says so', async () => {
      const stubborn = Promise.withResolvers<void>();
      const { handler } = gate();
      await queue.work((job, context) => (job.id === 'deaf' ? stubborn.promise : handler(job, context)), { atOnce: 2 });
      await queue.add(jobOf('deaf'));
      await queue.add(jobOf('polite', { source: 'beta' }));
      await until(() => expect(told.filter(({ kind }) => kind === 'started')).toHaveLength(2));
      const unfinished = await queue.close({ withinMs: 50 });
      expect(unfinished.map(({ id }) => id).sort()).toEqual(['deaf', 'polite']);
      expect(told.filter(({ kind }) => kind === 'failed' || kind === 'retrying')).toEqual([]);
      stubborn.resolve();
    });
  });
}
