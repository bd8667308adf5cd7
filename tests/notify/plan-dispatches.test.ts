import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NotifySettings } from '../../src/config/notify-settings.ts';
import type { Notice } from '../../src/model/notification.ts';
import { type DispatchPlan, planDispatches } from '../../src/notify/plan-dispatches.ts';
import { takeRoutes, type Waiting } from '../../src/notify/take-routes.ts';
import { at, notice, settingsOf } from './fixture.ts';

const minutes = (count: number): string => at(count / 60);
function plan(waiting: readonly Waiting[], now: string, settings: NotifySettings, waived: readonly string[] = []): DispatchPlan {
  const waiverOver = (condition: string) => (waived.includes(condition) ? 'W-1' : null);
  return planDispatches({ waiting, settings, now, entity: 'Toy', demonstration: false, waiverOver });
}
const found = (notices: readonly Notice[], settings: NotifySettings, when: string) => takeRoutes(notices, settings, when).waiting;
const kindsOf = ({ messages }: DispatchPlan) =>
  messages.map(({ channel, because, notices }) => `${channel} ${because} ${notices.map(({ kind }) => kind).join('+')}`);

describe('a batch', () => {
  const settings = settingsOf();

  it('waits ten minutes from what was found first, and takes along what was found since', () => {
    const rows = [...found([notice()], settings, minutes(0)), ...found([notice(), notice()], settings, minutes(9))];
    expect(plan(rows, minutes(9), settings)).toMatchObject({ messages: [], settled: [], next: minutes(10) });
    const due = plan(rows, minutes(10), settings);
    expect(due.messages).toMatchObject([{ channel: 'team', route: 'default', kind: 'notices', because: null }]);
    expect(due.messages[0]?.notices).toHaveLength(3);
    expect(due.settled.map(({ messages, reason }) => [messages, reason])).toEqual(Array(3).fill([[due.messages[0]?.id], null]));
    expect(due.next).toBeNull();
  });

  it('is not waited for by what is critical', () => {
    const rows = found([notice({ severity: 'critical' }), notice()], settings, minutes(0));
    const now = plan(rows, minutes(0), settings);
    expect(now.messages.map(({ notices }) => notices.map(({ severity }) => severity))).toEqual([['critical']]);
    expect(now.next).toBe(minutes(10));
    const patient = settingsOf({ criticalAtOnce: false });
    expect(plan(found([notice({ severity: 'critical' })], patient, minutes(0)), minutes(0), patient).messages).toEqual([]);
  });

  it('says worst first, and what is no longer untrue last', () => {
    const of = [
      notice({ kind: 'check-recovered', severity: 'critical' }),
      notice({ severity: 'low' }),
      notice({ severity: 'medium', since: at(2) }),
      notice({ severity: 'medium', since: at(1) }),
    ];
    const calm = settingsOf({ criticalAtOnce: false });
    const [message] = plan(found(of, calm, minutes(0)), minutes(10), calm).messages;
    expect(message?.notices.map(({ kind, severity, since }) => `${kind} ${severity} ${since}`)).toEqual([
      `check-failing medium ${at(1)}`,
      `check-failing medium ${at(2)}`,
      `check-failing low ${at(0)}`,
      `check-recovered critical ${at(0)}`,
    ]);
  });

  it('of a condition that began and ended says the end alone, when the beginning was due, and keeps the reason', () => {
    const begun = notice({ condition: 'C', at: minutes(0) });
    const ended = notice({ condition: 'C', kind: 'check-recovered', at: minutes(8), since: minutes(0) });
    const rows = [...found([begun], settings, minutes(0)), ...found([ended], settings, minutes(8))];
    const told = plan(rows, minutes(10), settings);
    expect(kindsOf(told)).toEqual(['team null check-recovered']);
    expect(told.settled.find((row) => row.notice === begun.id)).toMatchObject({
      messages: [],
      reason: expect.stringContaining('it ended'),
    });
  });

  it('of a condition that went on coming and going is not put off', () => {
    const kinds = ['check-failing', 'check-recovered', 'check-failing'] as const;
    const rows = kinds.flatMap((kind, n) => found([notice({ kind, condition: 'C', at: minutes(4 * n) })], settings, minutes(4 * n)));
    expect(kindsOf(plan(rows, minutes(10), settings))).toEqual(['team null check-failing']);
    expect(plan(rows, minutes(10), settings).settled).toHaveLength(3);
  });

  it('leaves out what is waived by now, but not that the waiver ends', () => {
    const rows = found([notice({ condition: 'C' }), notice({ condition: 'C', kind: 'waiver-expiring' })], settings, minutes(0));
    const told = plan(rows, minutes(10), settings, ['C']);
    expect(kindsOf(told)).toEqual(['team null waiver-expiring']);
    expect(told.settled[0]).toMatchObject({ reason: 'waiver W-1 lies over it' });
  });

  it('planned twice is the same message', () => {
    const rows = found([notice(), notice()], settings, minutes(0));
    expect(plan(rows, minutes(10), settings).messages[0]?.id).toBe(plan(rows.toReversed(), minutes(11), settings).messages[0]?.id);
  });
});

describe('a first collection', () => {
  it('of five thousand failing results is one message per route and channel, critical ones among them', () => {
    const settings = settingsOf({
      routes: [
        { name: 'all', channels: ['team'] },
        { name: 'worst', channels: ['mail'], severities: ['critical'] },
      ],
    });
    const severity = (n: number) => (n % 2 === 0 ? ('critical' as const) : ('low' as const));
    const all = Array.from({ length: 5000 }, (_, n) => notice({ cause: 'first-collection', severity: severity(n) }));
    const rows = found(all, settings, minutes(0));
    expect(plan(rows, minutes(0), settings).messages).toEqual([]);
    const told = plan(rows, minutes(10), settings);
    expect(told.messages.map(({ channel, because, kind, notices }) => [channel, because, kind, notices.length])).toEqual([
      ['team', 'first-collection', 'digest', 5000],
      ['mail', 'first-collection', 'digest', 2500],
    ]);
  });

  it('and another logic are digests of their own', () => {
    const settings = settingsOf();
    const rows = found(
      [notice({ cause: 'logic-changed', severity: 'critical' }), notice({ cause: 'first-collection' }), notice()],
      settings,
      at(0),
    );
    expect(kindsOf(plan(rows, minutes(10), settings)).sort()).toEqual([
      'team first-collection check-failing',
      'team logic-changed check-failing',
      'team null check-failing',
    ]);
  });
});

describe('quiet hours', () => {
  const settings = settingsOf({ zone: 'Europe/Berlin', quiet: { from: '22:00', to: '07:00' } });

  it('are passed by what is critical, and end with one message of the rest', () => {
    const night = '2026-03-10T21:30:00.000Z';
    const later = '2026-03-11T02:00:00.000Z';
    const rows = [...found([notice(), notice({ severity: 'critical' })], settings, night), ...found([notice()], settings, later)];
    expect(plan(rows, night, settings).messages.map(({ notices }) => notices.length)).toEqual([1]);
    const rest = rows.filter(({ notice: { severity } }) => severity !== 'critical');
    expect(plan(rest, later, settings)).toMatchObject({ messages: [], next: '2026-03-11T06:00:00.000Z' });
    expect(plan(rest, '2026-03-11T06:00:00.000Z', settings).messages.map(({ notices }) => notices.length)).toEqual([2]);
  });
});

describe('a digest', () => {
  it('is told at its time; what is critical does not wait for it', () => {
    const settings = settingsOf({ routes: [{ name: 'calm', channels: ['mail'], digest: 'daily' }] });
    const rows = found([notice(), notice({ severity: 'critical' })], settings, at(9));
    expect(kindsOf(plan(rows, at(9), settings))).toEqual(['mail null check-failing']);
    expect(plan(rows.slice(0, 1), at(9), settings).next).toBe(at(32));
    expect(kindsOf(plan(rows.slice(0, 1), at(32), settings))).toEqual(['mail daily check-failing']);
  });
});

it('what waited on a route or for a channel that left the configuration is told or says why not', () => {
  const before = settingsOf({ routes: [{ name: 'calm', channels: ['mail'], digest: 'weekly' }] });
  const rows = found([notice()], before, at(0));
  expect(kindsOf(plan(rows, at(0), settingsOf()))).toEqual(['mail null check-failing']);
  const { messages, settled } = plan([{ ...rows[0]!, channels: ['gone'] }], at(0), settingsOf());
  expect(messages).toEqual([]);
  expect(settled).toMatchObject([{ reason: 'its channels left the configuration' }]);
});

describe('whatever comes', () => {
  const kinds = ['check-failing', 'check-recovered', 'sla-near', 'sla-passed', 'source-failed', 'waiver-expiring'] as const;
  const arriving = fc.record({
    minute: fc.integer({ min: 0, max: 3000 }),
    condition: fc.integer({ min: 0, max: 4 }),
    kind: fc.constantFrom(...kinds),
    severity: fc.constantFrom('critical', 'high', 'low'),
    cause: fc.constantFrom('reading', 'first-collection', 'logic-changed', 'time'),
  } as const);
  const route = fc.record(
    {
      channels: fc.constantFrom(['team'], ['mail'], ['team', 'mail']),
      severities: fc.constantFrom(undefined, ['critical'], ['low', 'high']),
      digest: fc.constantFrom(undefined, 'daily', 'weekly'),
      last: fc.boolean(),
    },
    { requiredKeys: ['channels'] },
  );
  const settingsFor = (routes: readonly Record<string, unknown>[], quiet: boolean, batch: string) =>
    settingsOf({
      routes: routes.map((one, n) => ({ name: `r${n}`, ...one })),
      ...(quiet ? { quiet: { from: '20:00', to: '06:00' } } : {}),
      batch,
      escalate: ['mail'],
    });

  it('every notice is told on every route that takes it or says why not, in a bounded number of messages', () => {
    fc.assert(
      fc.property(
        fc.array(arriving, { maxLength: 40 }),
        fc.array(route, { maxLength: 3 }),
        fc.boolean(),
        fc.constantFrom('PT0M', 'PT10M', 'PT1H'),
        (arrivals, routes, quiet, batch) => {
          const settings = settingsFor(routes, quiet, batch);
          const outcome = new Map<string, string>();
          const messages = new Map<string, number>();
          let waiting: Waiting[] = [];
          let taken: string[] = [];
          let moments = 0;
          let minute = 0;
          const look = (now: string): string | null => {
            moments += 1;
            const planned = plan(waiting, now, settings);
            const settled = new Set(planned.settled.map((row) => `${row.notice} ${row.route}`));
            for (const { notice: id, route: name, messages: told, reason } of planned.settled) {
              expect(outcome.has(`${id} ${name}`)).toBe(false);
              expect(told.length > 0).toBe(reason === null);
              outcome.set(`${id} ${name}`, reason ?? 'told');
            }
            for (const { route: name, channel, because, notices } of planned.messages) {
              expect(notices.length).toBeGreaterThan(0);
              const line = `${name} ${channel} ${because}`;
              messages.set(`${moments} ${line}`, (messages.get(`${moments} ${line}`) ?? 0) + 1);
            }
            waiting = waiting.filter((row) => !settled.has(`${row.notice.id} ${row.route}`));
            if (planned.next !== null) expect(planned.next > now).toBe(true);
            expect(planned.next === null).toBe(waiting.length === 0);
            return planned.next;
          };
          const inOrder = arrivals.toSorted((left, right) => left.minute - right.minute);
          for (const { minute: when, condition, ...of } of inOrder) {
            minute = when;
            const one = notice({ ...of, condition: `C-${condition}`, at: minutes(when) });
            const { waiting: rows, untold } = takeRoutes([one], settings, minutes(when));
            expect(rows.length + untold.length).toBeGreaterThan(0);
            taken = [...taken, ...rows.map((row) => `${one.id} ${row.route}`)];
            waiting = [...waiting, ...rows];
            look(minutes(when));
          }
          let next = look(minutes(minute));
          for (let turns = 0; next !== null; turns += 1) {
            expect(turns).toBeLessThan(20);
            next = look(next);
          }
          expect([...outcome.keys()].sort()).toEqual(taken.sort());
          expect([...messages.values()].every((count) => count === 1)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
