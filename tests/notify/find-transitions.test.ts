import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTransitions } from '../../src/notify/find-transitions.ts';
import { at, check, fail, Remembered, reading, unseen } from './fixture.ts';

const door = 'toy:1/door/1';

describe('a subject of a check', () => {
  it('is told once when it begins to fail and once when it passes again', () => {
    const log = new Remembered();
    expect(log.read(reading(0, [check([])]))).toEqual([]);
    expect(log.read(reading(1, [check([fail(door)])]))).toEqual(['check-failing']);
    expect(log.read(reading(2, [check([fail(door)])]))).toEqual([]);
    expect(log.read(reading(3, [check([])]))).toEqual(['check-recovered']);
    expect(log.last()).toMatchObject({ since: at(1), at: at(3), message: 'it passes again; before: the door is open' });
    expect(log.read(reading(4, [check([])]))).toEqual([]);
  });

  it('gives the same ids to whoever reads the log again', () => {
    const [first, again] = [new Remembered(), new Remembered()].map((log) => {
      log.read(reading(1, [check([fail(door)])]));
      log.read(reading(2, [check([])]));
      return log.told.map(({ id, condition }) => `${id} ${condition}`);
    });
    expect(first).toEqual(again);
    expect(new Set(first).size).toBe(2);
  });

  it('keeps what is said of it up to date without telling', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail(door)])]));
    expect(log.read(reading(2, [check([fail(door, 'the door and the window are open')])]))).toEqual([]);
    expect(log.open[0]?.notice).toMatchObject({ message: 'the door and the window are open', evidence: { index: 102 } });
    expect(
      findTransitions(reading(3, [check([fail(door, 'the door and the window are open')])]), { ...contextOf(log) }).conditions,
    ).toEqual([]);
  });

  it('that is not seen any more has not recovered', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail(door)])]));
    expect(log.read(reading(2, [check([unseen(door)])]))).toEqual(['permission-lost']);
    const failing = log.open.find(({ kind }) => kind === 'failing');
    expect(failing?.unseen).toBe('access-denied');
    expect(failing?.notice.message).toContain('not seen any more');
    expect(log.read(reading(3, [check([fail(door)])]))).toEqual(['permission-back']);
    expect(log.open).toMatchObject([{ kind: 'failing', unseen: null, since: at(1), notice: { message: 'the door is open' } }]);
  });

  it('that is gone has ended, in its own words, only when its whole population was seen', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail('toy:1/eu-west-1/door/1'), fail('toy:1/us-east-1/door/2')])]));
    const gone = { has: () => false };
    expect(log.read(reading(2, [check([unseen('*eu-west-1')])], gone))).toEqual(['check-recovered', 'permission-lost']);
    expect(log.told.find(({ kind }) => kind === 'check-recovered')).toMatchObject({ subject: { id: 'toy:1/us-east-1/door/2' } });
    expect(log.told.find(({ kind }) => kind === 'check-recovered')?.message).toContain('not there any more');
    expect(log.open.filter(({ kind }) => kind === 'failing')).toMatchObject([{ unseen: 'access-denied' }]);
  });

  it('that the check does not apply to any more has not passed', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail(door)])]));
    log.read(reading(2, [check([], { excluded: [door] })]));
    expect(log.last().message).toContain('does not apply');
  });
});

const contextOf = (log: Remembered) => ({
  known: log.known,
  damping: { withinMs: 1, times: 3 },
  waiverOf: () => null,
  ownerOf: () => ({ name: 'platform', by: 'default' as const }),
  dueOf: () => null,
});

describe('a first collection and another logic', () => {
  it('say what they are', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail(door)])], { first: true }));
    expect(log.last().cause).toBe('first-collection');
    log.read(reading(2, [check([fail(door), fail('toy:1/door/2')], { changed: true })]));
    expect(log.told).toHaveLength(2);
    expect(log.last()).toMatchObject({ cause: 'logic-changed', subject: { id: 'toy:1/door/2' } });
    log.read(reading(3, [check([fail(door)], { changed: true })]));
    expect(log.last()).toMatchObject({ kind: 'check-recovered', cause: 'logic-changed' });
  });

  it('of a part that was not collected with the rest is a first collection too', () => {
    const log = new Remembered();
    const shut = check([unseen('*', 'not-collected')]);
    const lit = check([unseen('*', 'not-collected')], { id: 'toy/light-is-on', collector: { id: 'toy/lights', title: 'Lights' } });
    expect(log.read(reading(1, [shut, lit], { first: true }))).toEqual(['evidence-stale']);
    expect(log.read(reading(2, [check([fail(door)]), lit]))).toEqual(['check-failing']);
    expect(log.last().cause).toBe('first-collection');
    expect(log.read(reading(3, [check([fail(door)]), check([], { id: 'toy/light-is-on' })]))).toEqual(['evidence-back']);
    expect(log.read(reading(4, [check([fail(door), fail('toy:1/door/2')]), check([], { id: 'toy/light-is-on' })]))).toEqual([
      'check-failing',
    ]);
    expect(log.last().cause).toBe('reading');
  });

  it('carry a failure over to other parameters without telling it again', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail(door), fail('toy:1/door/2'), fail('toy:1/door/3')])]));
    const next = reading(2, [check([fail(door), unseen('toy:1/door/3')], { parametersDigest: 'sha256:2', changed: true })]);
    expect(log.read(next)).toEqual(['check-recovered', 'permission-lost']);
    expect(log.told.find(({ kind }) => kind === 'check-recovered')).toMatchObject({
      cause: 'logic-changed',
      subject: { id: 'toy:1/door/2' },
    });
    const failing = log.open.filter(({ kind }) => kind === 'failing');
    expect(failing.map(({ since, notice, unseen: reason }) => [since, notice.check?.parametersDigest, notice.subject.id, reason])).toEqual([
      [at(1), 'sha256:2', door, null],
      [at(1), 'sha256:2', 'toy:1/door/3', 'access-denied'],
    ]);
  });

  it('claim nothing of a check that left the configuration', () => {
    const log = new Remembered();
    log.read(reading(1, [check([fail(door)]), check([], { id: 'toy/light-is-on' })]));
    expect(log.read(reading(2, [check([], { id: 'toy/light-is-on' })]))).toEqual(['withdrawn']);
    expect(log.last().message).not.toMatch(/passes|recover/);
    expect(log.open).toEqual([]);
  });
});

describe('what cannot be seen', () => {
  it('is one condition per collector, however many subjects and checks it makes blind', () => {
    const log = new Remembered();
    const doors = Array.from({ length: 50 }, (_, n) => unseen(`toy:1/door/${n}`, 'rate-limited'));
    expect(log.read(reading(1, [check(doors), check(doors, { id: 'toy/door-is-locked', severity: 'critical' })]))).toEqual([
      'evidence-stale',
    ]);
    expect(log.last()).toMatchObject({ severity: 'high', subject: { id: 'toy/doors' } });
    expect(log.last().message).toContain('2 checks');
    expect(log.last().message).toContain('50 known subjects');
    expect(log.read(reading(2, [check(doors.slice(1)), check(doors, { id: 'toy/door-is-locked' })]))).toEqual([]);
    const third = check(doors, { id: 'toy/door-is-painted' });
    expect(log.read(reading(3, [check(doors), third]))).toEqual(['evidence-stale']);
    expect(log.last().message).toContain('new: toy/door-is-painted');
    expect(log.read(reading(4, [check([]), check([], { id: 'toy/door-is-painted' })]))).toEqual(['evidence-back']);
  });

  it('for another reason than before is not seen again', () => {
    const log = new Remembered();
    expect(log.read(reading(1, [check([unseen('*')])]))).toEqual(['permission-lost']);
    expect(log.read(reading(2, [check([unseen('*', 'rate-limited')])]))).toEqual(['evidence-stale']);
    expect(log.open.map(({ kind, unseen: reason }) => `${kind} ${reason}`).sort()).toEqual(['permission rate-limited', 'stale null']);
    expect(log.read(reading(3, [check([])]))).toEqual(['evidence-back', 'permission-back']);
  });

  const blind = (reason: 'access-denied' | 'source-unavailable' | 'stale') =>
    Array.from({ length: 100 }, (_, n) =>
      check([unseen('*', reason)], { id: `toy/check-${n}`, collector: { id: `toy/collector-${n % 20}`, title: 'Some' } }),
    );
  const refused = (reason: 'access-denied' | null) => ['toy/a', 'toy/b'].map((collector) => ({ collector, reason }));

  it('because the whole source fails is one notice, and one when it is back', () => {
    const log = new Remembered();
    log.read(reading(0, [check([fail(door)])]));
    expect(log.read(reading(1, [...blind('access-denied'), check([unseen(door)])], { collected: refused('access-denied') }))).toEqual([
      'source-failed',
    ]);
    expect(log.read(reading(2, blind('stale').concat(check([unseen(door, 'stale')])), { collected: refused('access-denied') }))).toEqual(
      [],
    );
    expect(log.read(reading(3, [check([fail(door)])], { collected: refused(null) }))).toEqual(['source-back']);
    expect(log.open.map(({ kind }) => kind)).toEqual(['failing']);
  });

  it('names the operations that were denied: whoever grants them again wants to know which', () => {
    const log = new Remembered();
    log.read(reading(0, [check([])]));
    const denied = (collector: string) => (collector === 'toy/doors' ? ['toy:Doors', 'toy:Locks'] : []);
    expect(log.read(reading(1, [check([unseen('*')])], { denied }))).toEqual(['permission-lost']);
    expect(log.told.at(-1)?.message).toContain('is not seen: access was denied (toy:Doors, toy:Locks). 1 check says nothing');
  });
  it('names the sources that were not seen, of what is worked out of several', () => {
    const log = new Remembered();
    log.read(reading(0, [check([])]));
    const behind = (reason: string) => (reason === 'source-unavailable' ? ['tabular:hr.people'] : []);
    expect(log.read(reading(1, [check([unseen('*', 'source-unavailable')])], { behind }))).toEqual(['evidence-stale']);
    expect(log.told.at(-1)?.message).toContain('is not seen: the source was not available (tabular:hr.people). 1 check says nothing');
  });
  it('says nothing of a permission while the source is down', () => {
    const log = new Remembered();
    expect(log.read(reading(1, [check([unseen('*')]), check([], { id: 'toy/light-is-on' })]))).toEqual(['permission-lost']);
    const down = ['toy/a', 'toy/b'].map((collector) => ({ collector, reason: 'source-unavailable' as const }));
    const all = ['toy/door-is-shut', 'toy/light-is-on'].map((id) => check([unseen('*', 'source-unavailable')], { id }));
    expect(log.read(reading(2, all, { collected: down }))).toEqual(['source-failed']);
    expect(log.open.map(({ kind }) => kind).sort()).toEqual(['permission', 'source']);
    expect(log.read(reading(3, [check([]), check([], { id: 'toy/light-is-on' })]))).toEqual(['permission-back', 'source-back']);
  });
});

describe('what was accepted', () => {
  it('is known and silent', () => {
    const log = new Remembered({ waiverOf: ({ subject }) => (subject === door ? { id: 'W-1', until: at(100) } : null) });
    expect(log.read(reading(1, [check([fail(door)])]))).toEqual([]);
    expect(log.open).toMatchObject([{ waiver: 'W-1', kind: 'failing' }]);
    expect(log.read(reading(2, [check([])]))).toEqual([]);
  });
});

it('five thousand that fail at once, and stay so, are found in a moment', () => {
  const log = new Remembered();
  const all = Array.from({ length: 5000 }, (_, n) => fail(`toy:1/door/${n}`));
  expect(log.read(reading(1, [check(all)], { first: true }))).toHaveLength(5000);
  expect(log.read(reading(2, [check(all)]))).toEqual([]);
  expect(log.read(reading(3, [check(all.slice(0, 10), { parametersDigest: 'sha256:2', changed: true })]))).toHaveLength(4990);
});

it('whatever comes: what is untrue is what failed when it was last seen, and an end is told only of what was seen to have ended', () => {
  const state = fc.constantFrom('pass', 'fail', 'unseen', 'gone');
  const turn = fc.record({ states: fc.tuple(state, state, state), whole: fc.boolean(), changed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 12 }), (turns) => {
      const log = new Remembered();
      const failing = new Set<string>();
      for (const [n, { states, whole, changed }] of turns.entries()) {
        const of = states.map((state, one) => ({ state, subject: `toy:1/door/${one}` }));
        const results = of.flatMap(({ state, subject }) =>
          state === 'fail' ? [fail(subject)] : state === 'unseen' ? [unseen(subject)] : [],
        );
        const told = log.told.length;
        // A day apart, so that nothing flaps.
        log.read(
          reading(24 * n, [check([...results, ...(whole ? [] : [unseen('*')])], { changed: changed && n > 0 })], {
            has: (subject) => of.some((one) => one.subject === subject && one.state !== 'gone'),
          }),
        );
        const ended = new Set(of.flatMap(({ state, subject }) => (state === 'pass' || (state === 'gone' && whole) ? [subject] : [])));
        const news = log.told.slice(told);
        const begun = of.filter(({ state, subject }) => state === 'fail' && !failing.has(subject)).map(({ subject }) => subject);
        const over = [...failing].filter((subject) => ended.has(subject));
        expect(news.flatMap(({ kind, subject }) => (kind === 'check-failing' ? [subject.id] : []))).toEqual(begun);
        expect(news.flatMap(({ kind, subject }) => (kind === 'check-recovered' ? [subject.id] : [])).sort()).toEqual(over.sort());
        for (const subject of begun) failing.add(subject);
        for (const subject of over) failing.delete(subject);
        const open = log.open.filter(({ kind }) => kind === 'failing').map(({ notice }) => notice.subject.id);
        expect(open.sort()).toEqual([...failing].sort());
        const isBlind = !whole || of.some(({ state }) => state === 'unseen');
        expect(log.open.filter(({ kind }) => kind === 'permission')).toHaveLength(isBlind ? 1 : 0);
      }
    }),
    { numRuns: 150 },
  );
});
