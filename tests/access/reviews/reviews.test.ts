import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeReviews, lineState } from '../../../src/access/reviews/describe-reviews.ts';
import { judgeReviews } from '../../../src/access/reviews/judge-reviews.ts';
import { lineId, parseLineId } from '../../../src/access/reviews/line-id.ts';
import { afterBusinessDays, occasionsOf } from '../../../src/access/reviews/occasions-of.ts';
import { readRoster } from '../../../src/access/reviews/read-roster.ts';
import { reviewItems } from '../../../src/access/reviews/to-items.ts';
import { digestOfText, linesText, toLines } from '../../../src/access/reviews/to-lines.ts';
import { barFrom, findReviewer, registeredIn, whoReviews } from '../../../src/access/reviews/who-reviews.ts';
import type { LineDecision, RecordedDecision } from '../../../src/model/decision.ts';
import { account, accounts, decided, entitlements, inputOf, person, persons, recordOf, rosters, seen, settings } from './review-kit.ts';

const roster = readRoster(rosters());
const lines = toLines(roster, () => true);
const lineOf = (login: string) => lines.find((line) => line.login === login)!;
const who = whoReviews(settings, roster.persons, registeredIn([]));
const [definition] = settings.reviews;
const at = '2026-04-02T09:00:00.000Z';

const start = decided(20, '2026-04-01T08:00:00.000Z', 'mia', { type: 'start-review', review: recordOf(lines.length) });
const assign = (index: number, reviewer: string, ids: readonly string[]) =>
  decided(index, at, 'mia', { type: 'assign-review', review: 'quarterly/2026-q1', assignments: [{ reviewer, lines: [...ids] }] });
const decide = (index: number, by: string, said: readonly Partial<LineDecision>[], when = at, authenticated = true): RecordedDecision =>
  decided(
    index,
    when,
    by,
    {
      type: 'decide-review',
      review: 'quarterly/2026-q1',
      lines: said.map((one) => ({ line: '', decision: 'keep', reason: 'needs it for her work', expires: null, ...one })),
      file: null,
      secondsPerLine: 12,
    },
    authenticated,
  );

describe('occasions', () => {
  const quarterly = { frequency: 'quarterly', first: '2026-01-01', dueDays: 15, lateDays: 15 } as const;
  it('are quarters of the calendar, due some days after they end', () => {
    expect(occasionsOf(quarterly, '2026-05-01T00:00:00.000Z', 'UTC')).toEqual([
      { id: '2026-q1', from: '2026-01-01', to: '2026-04-01', due: '2026-04-16T00:00:00.000Z', lateAfter: '2026-05-01T00:00:00.000Z' },
      { id: '2026-q2', from: '2026-04-01', to: '2026-07-01', due: '2026-07-16T00:00:00.000Z', lateAfter: '2026-07-31T00:00:00.000Z' },
    ]);
  });
  it('begin with the first that lies wholly after the first day', () => {
    expect(occasionsOf({ ...quarterly, first: '2026-01-02' }, '2026-05-01T00:00:00.000Z', 'UTC').map(({ id }) => id)).toEqual(['2026-q2']);
  });
  it.each([
    ['monthly', ['2025-11', '2025-12', '2026-01']],
    ['semiannual', ['2026-h1']],
    ['annual', ['2026']],
  ] as const)('are %s', (frequency, ids) => {
    expect(
      occasionsOf({ ...quarterly, frequency, first: '2025-11-01' }, '2026-01-20T00:00:00.000Z', 'Europe/Berlin').map(({ id }) => id),
    ).toEqual(ids);
  });
  it('leave out what was due long ago', () => {
    expect(occasionsOf({ ...quarterly, first: '2020-01-01' }, '2026-05-01T00:00:00.000Z', 'UTC').at(0)?.id).toBe('2025-q1');
  });
  it('count business days without weekends and holidays, to the end of the last', () => {
    const calendar = { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-04-06'] };
    expect(afterBusinessDays('2026-04-02T09:00:00.000Z', 1, calendar, 'UTC')).toBe('2026-04-04T00:00:00.000Z');
    expect(afterBusinessDays('2026-04-03T09:00:00.000Z', 2, calendar, 'UTC')).toBe('2026-04-09T00:00:00.000Z');
  });
});

describe('lines', () => {
  it('leave no account out, and say what a reviewer has to know', () => {
    expect(lines.map(({ login, permission, marks }) => [login, permission, marks])).toEqual([
      ['dan', 'write', []],
      ['ghost', 'account', ['unresolved']],
      ['omar', 'admin', ['privileged']],
      ['petra', 'payments.release', []],
    ]);
    const left = toLines(
      readRoster(
        rosters({
          accounts: [account('github:9919/member/dan', 'hr:E-110', { ownerPerson: { id: 'hr:E-110', name: 'Dan', status: 'left' } })],
        }),
      ),
      () => true,
    );
    expect(left[0]?.marks).toEqual(['leaver']);
  });
  it('have one digest, whatever order they came in', () => {
    const again = toLines(readRoster(rosters({ accounts: accounts.toReversed(), entitlements: entitlements.toReversed() })), () => true);
    expect(digestOfText(linesText(again))).toBe(digestOfText(linesText(lines)));
  });
  it('have ids that say what is needed, whatever characters are in them', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.array(fc.string({ minLength: 1 })),
        fc.string({ minLength: 1 }),
        (one, subjects, grant) => {
          const identity = {
            account: one,
            subjects: subjects.toSorted(),
            marks: ['privileged', 'unresolved'] as const,
            entitlement: grant,
          };
          expect(parseLineId(lineId(identity))).toEqual(identity);
        },
      ),
    );
  });
  it('of what could not be read are missing with a word', () => {
    const odd = readRoster([...rosters().slice(0, 2), seen('entity.entitlement', [...entitlements, { account: 7 }])]);
    expect(odd.gaps).toEqual([{ type: 'entity.entitlement', why: '1 of them could not be read', reason: 'malformed-reply' }]);
  });
});

describe('reviewers', () => {
  const found = (login: string) => {
    const line = lineOf(login);
    const { subjects } = parseLineId(line.id)!;
    return findReviewer(who, definition!, { account: line.account, subjects, person: line.person?.id ?? null }, at);
  };
  it('are the manager, then the owner', () => {
    expect(found('dan')).toMatchObject({ reviewer: 'omar', rerouted: false });
    expect(found('omar')).toMatchObject({ reviewer: 'mia' });
  });
  it('are somebody above where it would be himself', () => {
    // Petra owns the bank; her own account there goes to Mia.
    const ownerFirst = { ...definition!, route: ['owner' as const] };
    const line = lineOf('petra');
    expect(findReviewer(who, ownerFirst, { account: line.account, subjects: ['hr:E-107'], person: 'hr:E-107' }, at)).toMatchObject({
      reviewer: 'mia',
      rerouted: true,
    });
  });
  it('are never one whose the account may be', () => {
    expect(barFrom(who, 'mia', { account: lineOf('ghost').account, subjects: ['hr:E-100'] }, at)?.bar).toBe('self-review');
    expect(found('ghost').reviewer).toBe('omar');
  });
  it('are on the list on the day, grant nothing there, and are known in the roster', () => {
    const line = { account: 'tabular:bank.users/x', subjects: [] };
    expect(barFrom(who, 'petra', line, at)).toBeNull();
    expect(barFrom(who, 'petra', line, '2026-07-01T00:00:00.000Z')?.bar).toBe('not-approved');
    expect(barFrom(who, 'nobody', line, at)?.bar).toBe('not-approved');
    expect(barFrom(who, 'petra', { account: 'github:9919/member/x', subjects: [] }, at)?.bar).toBe('provisioner');
    const unnamed = { ...settings, reviewers: [{ id: 'zoe', person: null, outside: null, from: '2026-01-01', until: null }] };
    expect(barFrom(whoReviews(unnamed, roster.persons, registeredIn([])), 'zoe', line, at)?.bar).toBe('unknown-reviewer');
  });
  it('are told by the address they registered with, also where the settings name another person', () => {
    const key = { id: 'rita', name: 'Rita', email: 'Dan@example.com', roles: ['reviewer' as const], keys: ['ssh-ed25519 x'] };
    const registered = registeredIn([decided(1, at, 'mia', { type: 'register-person', person: key })]);
    expect(
      barFrom(whoReviews(settings, roster.persons, registered), 'rita', { account: 'github:9919/member/dan', subjects: ['hr:E-110'] }, at)
        ?.bar,
    ).toBe('self-review');
    const twins = new Map([...roster.persons, ['hr:E-111', { ...person('hr:E-111', 'Dan', null), status: 'active' as const }]]);
    const bare = { ...settings, reviewers: [{ id: 'rita', person: null, outside: null, from: '2026-01-01', until: null }] };
    expect(barFrom(whoReviews(bare, twins, registered), 'rita', { account: 'github:9919/member/x', subjects: [] }, at)?.says).toMatch(
      /more than one/,
    );
  });
});

describe('a review', () => {
  const all = lines.map(({ id }) => id);
  const others = [lineOf('dan').id, lineOf('ghost').id];
  const assigned = [start, assign(21, 'omar', others), assign(22, 'mia', [lineOf('omar').id, lineOf('petra').id])];

  it('goes from frozen to verified as its decisions and the rosters say', () => {
    const states = (decisions: readonly RecordedDecision[], given = rosters()) =>
      describeReviews(inputOf(decisions, '2026-04-20T00:00:00.000Z', given)).map(({ id, state }) => [id, state])[0];
    expect(states([])).toEqual(['quarterly/2026-q1', 'planned']);
    expect(states([start])).toEqual(['quarterly/2026-q1', 'frozen']);
    expect(states(assigned)).toEqual(['quarterly/2026-q1', 'assigned']);
    const begun = [...assigned, decide(23, 'omar', [{ line: others[0]!, decision: 'revoke' }])];
    expect(states(begun)).toEqual(['quarterly/2026-q1', 'in-review']);
    const done = [
      ...begun,
      decide(24, 'omar', [{ line: others[1]! }]),
      decide(25, 'mia', [{ line: lineOf('omar').id }, { line: lineOf('petra').id }]),
    ];
    expect(states(done)).toEqual(['quarterly/2026-q1', 'remediating']);
    const gone = rosters({ accounts: accounts.slice(1), entitlements: entitlements.slice(1) });
    expect(states(done, gone)).toEqual(['quarterly/2026-q1', 'verified']);
    const closed = decided(26, '2026-04-14T00:00:00.000Z', 'mia', { type: 'close-review', review: 'quarterly/2026-q1' });
    expect(states([...done, closed], gone)).toEqual(['quarterly/2026-q1', 'closed']);
    expect(judgeReviews([...begun, closed], who)[0]?.voids).toMatchObject([{ what: 'close', rule: 'undecided' }]);
  });

  it('says of a revocation that it is gone only when the whole roster says so', () => {
    const done = [...assigned, decide(23, 'omar', [{ line: others[0]!, decision: 'revoke' }])];
    const follow = (given: ReturnType<typeof rosters>, when: string) => {
      const [review] = describeReviews(inputOf(done, when, given));
      return lineState(review!.followed[0]!, when);
    };
    expect(follow(rosters(), '2026-04-03T00:00:00.000Z')).toBe('open');
    expect(follow(rosters(), '2026-04-20T00:00:00.000Z')).toBe('overdue');
    const gone = rosters({ entitlements: entitlements.slice(1) });
    expect(follow(gone, '2026-04-03T00:00:00.000Z')).toBe('shown');
    expect(
      follow(
        [...gone.slice(0, 2), seen('entity.entitlement', entitlements.slice(1), { incomplete: 'access-denied' })],
        '2026-04-20T00:00:00.000Z',
      ),
    ).toBe('unknown');
    expect(follow(gone.slice(0, 2), '2026-04-20T00:00:00.000Z')).toBe('unknown');
  });

  it('looks back whether what was revoked was used', () => {
    const done = [...assigned, decide(23, 'omar', [{ line: others[0]!, decision: 'revoke' }])];
    const used = rosters({
      accounts: [account('github:9919/member/dan', 'hr:E-110', { lastUsed: '2026-04-05T00:00:00.000Z', tellsUse: true })],
    });
    expect(describeReviews(inputOf(done, '2026-04-06T00:00:00.000Z', used))[0]?.followed).toMatchObject([
      { usedSince: '2026-04-05T00:00:00.000Z' },
    ]);
  });

  it('names a system that nobody reviews, and no quarter that was missed as anything but that', () => {
    const more = rosters({
      accounts: [...accounts, account('okta:acme/user/x', 'hr:E-110'), account('tabular:survey.users/x', 'hr:E-110')],
    });
    const [missed, running] = describeReviews(inputOf([], '2026-05-20T00:00:00.000Z', more));
    expect(missed).toMatchObject({ id: 'quarterly/2026-q1', state: 'planned', notReviewed: [] });
    expect(running?.notReviewed).toEqual(['okta:acme']);
  });

  it('keeps what a later decision took the place of', () => {
    const [review] = judgeReviews(
      [...assigned, decide(23, 'omar', [{ line: others[0]! }]), decide(24, 'omar', [{ line: others[0]!, decision: 'revoke' }])],
      who,
    );
    expect(review?.decided.get(others[0]!)?.decision).toBe('revoke');
    expect(review?.replaced).toMatchObject([{ line: others[0], decision: 'keep', entry: 23 }]);
  });

  it.each([
    [
      'of a line that there is not',
      'omar',
      { line: lineId({ account: 'github:9919/member/no', subjects: [], marks: [], entitlement: 'x' }) },
      'not-assigned',
    ],
    ['of what is no line', 'omar', { line: 'x' }, 'unknown-line'],
    ['of somebody else’s line', 'mia', { line: lineOf('dan').id }, 'not-assigned'],
    ['without a reason where one is needed', 'mia', { line: lineOf('omar').id, reason: 'ok' }, 'no-reason'],
    ['to revoke without a reason', 'omar', { line: lineOf('dan').id, decision: 'revoke', reason: '' }, 'no-reason'],
    ['for an exception without an end', 'omar', { line: lineOf('dan').id, decision: 'exception' }, 'no-expiry'],
    ['for an exception that has ended', 'omar', { line: lineOf('dan').id, decision: 'exception', expires: '2026-04-02' }, 'no-expiry'],
  ] as const)('does not count a decision %s', (_what, by, said, rule) => {
    const [review] = judgeReviews([...assigned, decide(23, by, [said])], who);
    expect(review?.decided.size).toBe(0);
    expect(review?.voids).toMatchObject([{ entry: 23, what: 'decision', rule }]);
  });
  it('counts a short word on an ordinary line that is kept', () => {
    const [review] = judgeReviews([...assigned, decide(23, 'omar', [{ line: lineOf('dan').id, reason: 'ok' }])], who);
    expect(review?.decided.size).toBe(1);
  });

  it('blocks who is assigned to himself, and counts it', () => {
    const own = lineOf('omar').id;
    const items = reviewItems(inputOf([start, assign(21, 'omar', all), decide(22, 'omar', [{ line: own }])], '2026-04-20T00:00:00.000Z'));
    expect(items[0]?.body).toMatchObject({
      metrics: { selfReviewsBlocked: 2, decided: 0 },
      notCounted: [
        { entry: 21, what: 'assignment', rule: 'self-review', lines: 1, mended: 0 },
        { entry: 22, what: 'decision', rule: 'self-review', lines: 1, mended: 0 },
      ],
    });
  });

  it('never counts a decision by its own subject, whatever was recorded in whatever order', () => {
    const reviewers = ['mia', 'omar', 'petra', 'rita', 'Omar'];
    const step = fc.record({
      kind: fc.constantFrom('assign', 'decide'),
      reviewer: fc.constantFrom(...reviewers),
      line: fc.constantFrom(...all),
      signed: fc.boolean(),
    });
    const registered = registeredIn(
      persons.map(({ name }, index) =>
        decided(index, at, 'mia', {
          type: 'register-person',
          person: { id: name.toLowerCase(), name, email: `${name.toLowerCase()}@example.com`, roles: ['reviewer'], keys: ['k'] },
        }),
      ),
    );
    const knowing = whoReviews(settings, roster.persons, registered);
    let counted = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const decisions = steps.map(({ kind, reviewer, line, signed }, index) =>
          kind === 'assign' ? assign(30 + index, reviewer, [line]) : decide(30 + index, reviewer, [{ line }], at, signed),
        );
        const [review] = judgeReviews([start, ...decisions], knowing);
        for (const [line, { by }] of review!.decided) {
          counted += 1;
          const subjects = parseLineId(line)!.subjects;
          expect(subjects).not.toContain(knowing.known.get(by.toLowerCase())?.persons[0]);
        }
      }),
      { numRuns: 300 },
    );
    expect(counted).toBeGreaterThan(0);
  });
});
