import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceError } from '../../../src/model/errors.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { dueAfter } from '../../../src/schedule/cron.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { goodAnswers, Toys } from '../toy-source.ts';
import { expectSound, ofKind, startToyDaemon, statementsOf, type ToyDaemon } from './toy-daemon.ts';

const minute = 60_000;

type Step =
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'stop' | 'kill' | 'source' }
  /** It ends without a word while it asks the source for the n-th time from now on. */
  | { readonly kind: 'kill-at'; readonly call: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'kill' as const, 'source' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill-at' as const), call: fc.integer({ min: 1, max: 8 }) }) },
);

/** Two boxes of toys that are collected every hour, by a daemon that ends and begins again as it is told. */
class Ordeal {
  readonly toys = new Toys();
  #current: (ToyDaemon & { readonly stores: EmbeddedStore[] }) | undefined;
  #killAt: number | undefined;
  #gone = Promise.withResolvers<void>();

  constructor() {
    this.toys.settings = {
      schedules: {
        zone: 'UTC',
        jitter: 'PT1M',
        defaults: false,
        entries: [{ name: 'hourly', cron: '0 * * * *' }],
        anchors: { cron: '17 * * * *' },
      },
    };
    for (const [operation, answer] of Object.entries(goodAnswers)) {
      this.toys.answers[operation] = (region) => {
        if (this.#killAt !== undefined) {
          this.#killAt -= 1;
          if (this.#killAt === 0) {
            this.#killAt = undefined;
            this.#cut();
          }
        }
        return answer(region);
      };
    }
  }

  async run(step: Step): Promise<void> {
    if (step.kind === 'source')
      this.toys.closed = this.toys.closed === undefined ? new SourceError('rate-limited', 'toy:Members') : undefined;
    if (step.kind === 'wait') this.toys.time += step.minutes * minute;
    if (step.kind === 'kill-at') this.#killAt = step.call;
    if (step.kind === 'kill') this.#cut();
    if (step.kind === 'stop') await this.stop();
    else await this.look();
  }

  async look(): Promise<void> {
    const current = this.#current ?? (await this.#start());
    if (this.#current === undefined) return;
    await Promise.race([current.daemon.look(), this.#gone.promise]);
    await this.#idle();
  }

  async stop(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.daemon.stop('told to');
  }

  /** The source answers, nobody is killed any more, and there is time for everything. */
  async settle(): Promise<void> {
    this.#killAt = undefined;
    this.toys.closed = undefined;
    this.toys.time += 2 * minute;
    for (let n = 0; n < 3; n += 1) await this.look();
    await this.stop();
  }

  async #idle(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    await Promise.race([current.idle(), this.#gone.promise]);
  }

  async #start(): Promise<ToyDaemon> {
    const stores: EmbeddedStore[] = [];
    const { openStore, sources } = this.toys.composition();
    const app: Partial<Composition> = {
      openStore: async (options) => {
        const store = await openStore(options);
        stores.push(store);
        return store;
      },
      sources: async (state) =>
        (await sources(state)).map((source) => ({
          ...source,
          members: async () =>
            (await source.members()).flatMap((member) => [member, { ...member, id: 'toy:2', tenant: '2', display: 'box 2' }]),
        })),
    };
    const begun = await startToyDaemon(this.toys, { app });
    this.#current = { ...begun, stores };
    this.#gone = Promise.withResolvers();
    await this.#idle();
    return begun;
  }

  /** As `kill -9` does: from here on it writes nothing, and whatever it held is held until that runs out. */
  #cut(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    this.#gone.resolve();
    for (const store of current.stores) void store.close();
    void current.queue().close({ withinMs: 0 });
    this.toys.time += 2 * minute;
  }
}

test('whatever the order of kills and restarts, every turn that was due is done, failed or missed, and one of these only', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async (steps) => {
      const ordeal = new Ordeal();
      const { toys } = ordeal;
      await ordeal.look();
      for (const one of steps) await ordeal.run(one);
      await ordeal.settle();

      const statements = await statementsOf(toys);
      const [schedule] = (await toys.composition().schedules()) as [Schedule];
      const judged = Map.groupBy(
        ofKind(statements, 'evaluation').filter(({ turn }) => turn !== undefined),
        ({ turn }) => turn?.due ?? '',
      );
      const failed = ofKind(statements, 'gap').flatMap(({ turn }) => (turn === undefined ? [] : [turn.due]));
      const misses = ofKind(statements, 'schedule-miss');
      const first = [...judged.keys(), ...failed].sort()[0] ?? '';
      for (const time of dueAfter(schedule, Date.parse(first) - 1)) {
        if (time > toys.time - 2 * minute) break;
        const due = new Date(time).toISOString();
        const members = (judged.get(due) ?? []).map(({ source }) => source).sort();
        // Nothing is judged twice.
        expect(members).toEqual([...new Set(members)]);
        const isDone = members.length === 2;
        const hasFailed = failed.filter((one) => one === due).length;
        const missed = misses.filter(({ from, to }) => from <= due && due <= to);
        const takenLate = missed.some(({ to, late }) => late && to === due);
        expect({ due, ends: Number(isDone) + hasFailed + missed.filter(() => !(takenLate && (isDone || hasFailed > 0))).length }).toEqual({
          due,
          ends: 1,
        });
      }
      await expectSound(toys);
    }),
    { numRuns: 8, interruptAfterTimeLimit: 40_000 },
  );
}, 120_000);
