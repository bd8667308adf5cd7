import { expect, test } from 'vitest';
import { bodyOf, hr, member, person, type Reading, readOneAfterAnother } from './people-kit.ts';

const first = '2026-03-30T06:00:00.000Z';
const second = '2026-04-01T06:00:00.000Z';
const third = '2026-04-03T06:00:00.000Z';
const ana = person('E-1', 'Ana Example');
const bo = person('E-2', 'Bo Example');
const others = ['Cy', 'Di', 'Ed', 'Flo', 'Gus'].map((name, position) => person(`E-1${position}`, `${name} Example`));
const links = [{ account: 'github.member:bo-private', person: 'hr:E-2', because: 'his own account' }];
const reading = (at: string, people: Reading['seen'][number], logins: readonly string[], more: Partial<Reading> = {}): Reading => ({
  at,
  seen: [people, member(at, logins)],
  settings: { links, zone: 'Europe/Berlin' },
  ...more,
});

test('a leaver has the end of his last day in the zone of the company, and what became of each of his accounts', () => {
  const gone = { ...bo, endsOn: '2026-03-31' };
  const [before, after, later, last] = readOneAfterAnother([
    reading(first, hr(first, [ana, gone]), ['bo-private']),
    reading(second, hr(second, [ana, gone]), ['bo-private']),
    reading(third, hr(third, [ana, gone]), []),
    reading('2026-04-04T06:00:00.000Z', hr('2026-04-04T06:00:00.000Z', [ana, gone]), []),
  ]);
  expect(bodyOf(before!.people, 'person/hr:E-2')).toMatchObject({ status: 'active', endsOn: '2026-03-31' });
  expect(bodyOf(before!.accounts, 'leaver/hr:E-2/2026-03-31')).toBeUndefined();
  expect(bodyOf(after!.people, 'person/hr:E-2')).toMatchObject({ status: 'left' });
  expect(bodyOf(after!.people, 'move/leaver/hr:E-2/2026-03-31')).toMatchObject({
    day: '2026-03-31',
    at: '2026-03-31T22:00:00.000Z',
    between: { from: first, to: second },
  });
  const leaver = 'leaver/hr:E-2/2026-03-31';
  expect(bodyOf(after!.accounts, leaver)).toMatchObject({
    leftAt: '2026-03-31T22:00:00.000Z',
    accounts: [{ login: 'bo-private', state: 'live', lastLive: second, shutBy: null }],
    uses: [{ used: 'not-told' }],
  });
  const shut = { accounts: [{ login: 'bo-private', state: 'shut', lastLive: second, shutBy: third }] };
  expect(bodyOf(later!.accounts, leaver)).toMatchObject(shut);
  expect(bodyOf(last!.accounts, leaver)).toMatchObject(shut);
});

test('who vanishes from a roster that was seen whole left between the two readings, and stays the one his accounts are of', () => {
  const all = [ana, bo, ...others];
  const [, after, later] = readOneAfterAnother([
    reading(first, hr(first, all), ['bo-private']),
    reading(second, hr(second, [ana, ...others]), ['bo-private']),
    reading(third, hr(third, [ana, ...others]), ['bo-private']),
  ]);
  for (const read of [after!, later!]) {
    expect(bodyOf(read.people, 'person/hr:E-2')).toMatchObject({ status: 'left', vanished: { from: first, to: second } });
    expect(bodyOf(read.people, `move/leaver/hr:E-2/${second}`)).toMatchObject({
      day: null,
      at: second,
      between: { from: first, to: second },
    });
    expect(bodyOf(read.accounts, 'account/github:9919/member/bo-private')).toMatchObject({
      owner: 'hr:E-2',
      ownerPerson: { status: 'left' },
    });
  }
});

test('a roster that was not seen whole, or shrank by 40 %, makes no leaver: who is missing is unknown', () => {
  const all = [ana, bo, ...others];
  for (const [roster, reason] of [
    [hr(second, [ana], 'source-unavailable'), 'source-unavailable'],
    [hr(second, all.slice(0, 4)), 'truncated'],
  ] as const) {
    const [, after] = readOneAfterAnother([reading(first, hr(first, all), []), reading(second, roster, ['bo-private'])]);
    const missing = all.filter(({ id }) => !roster.resources.some((one) => one.id === id));
    expect(missing.length).toBeGreaterThan(2);
    for (const { personId } of missing as unknown as { personId: string }[]) {
      expect(bodyOf(after!.people, `person/hr:${personId}`)).toMatchObject({ unread: { status: reason }, vanished: null });
    }
    expect(after!.people.filter(({ subject }) => subject.startsWith('move/leaver'))).toEqual([]);
    expect(bodyOf(after!.people, 'roster/all')).toMatchObject({ unread: { active: reason } });
  }
});

test('a mover is who has another department or title than at the reading before; a last day that is taken back is marked', () => {
  const leaving = { ...bo, endsOn: '2026-03-31' };
  const [, after, later] = readOneAfterAnother([
    reading(first, hr(first, [ana, leaving]), []),
    reading(second, hr(second, [{ ...ana, department: 'Finance', manager: 'E-2' }, leaving]), []),
    reading(third, hr(third, [{ ...ana, department: 'Finance', manager: 'E-2' }, bo]), []),
  ]);
  expect(bodyOf(after!.people, `move/mover/hr:E-1/${second}`)).toMatchObject({
    between: { from: first, to: second },
    changed: [
      { field: 'department', before: 'Platform', after: 'Finance' },
      { field: 'manager', before: null, after: 'hr:E-2' },
    ],
  });
  expect(later!.people.filter(({ subject }) => subject.startsWith('move/mover'))).toHaveLength(1);
  expect(bodyOf(after!.people, 'move/leaver/hr:E-2/2026-03-31')).toMatchObject({ takenBack: false });
  expect(bodyOf(later!.people, 'move/leaver/hr:E-2/2026-03-31')).toMatchObject({ takenBack: true });
  expect(bodyOf(later!.people, 'person/hr:E-2')).toMatchObject({ status: 'active' });
});

test('what a roster has no columns for is said, since nobody would be seen to leave or to move', () => {
  const without = (...fields: string[]) => {
    const unread = Object.fromEntries(fields.map((field) => [field, 'not-collected' as const]));
    const list = hr(first, [ana, bo]);
    const [read] = readOneAfterAnother([
      reading(first, { ...list, resources: list.resources.map((row) => ({ ...row, unread: { ...row.unread, ...unread } })) }, []),
    ]);
    return bodyOf(read!.people, 'roster/all')?.['problems'];
  };
  expect(without()).toEqual([]);
  expect(without('status')).toEqual([]);
  expect(without('status', 'endsOn', 'title', 'department')).toEqual([
    'hr.people has neither a status nor a last day: who left is seen only once he is gone from it',
    'hr.people has neither a department nor a title: nobody is seen to change his role',
  ]);
});

test('what a roster contradicts itself in is named, and nobody is merged', () => {
  const [read] = readOneAfterAnother([
    reading(
      first,
      hr(first, [
        { ...ana, manager: 'E-2' },
        { ...bo, manager: 'E-1', emails: ['ANA.Example@example.com '] },
        person('E-3', 'Cy Example', { startsOn: '2026-03-01', endsOn: '2026-02-01', manager: 'E-99' }),
        person('E-4', 'Di Example', { status: 'left' }),
        person('E-5', 'Ed Example', { endsOn: '2026-03-01' }),
        person('E-6', 'Flo Example'),
        { ...person('E-6', 'Flo Example', { department: 'Finance', title: null }), id: 'tabular:hr.people/person/E-6b' },
        person('E-7', 'Gus Example', { emails: ['аna.example@example.com'] }),
      ]),
      [],
    ),
  ]);
  const kinds = (id: string) =>
    ((bodyOf(read!.people, `person/hr:${id}`)?.['problems'] ?? []) as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds('E-1')).toEqual(['same-email', 'managers-in-a-circle']);
  expect(kinds('E-2')).toEqual(['same-email', 'managers-in-a-circle']);
  expect(kinds('E-3')).toEqual(['dates-contradict', 'no-such-manager']);
  expect(bodyOf(read!.people, 'person/hr:E-3')).toMatchObject({ unread: { status: 'malformed-reply' } });
  expect(kinds('E-4')).toEqual(['left-without-last-day']);
  expect(kinds('E-5')).toEqual(['status-contradicts-dates']);
  expect(bodyOf(read!.people, 'person/hr:E-5')).toMatchObject({ status: 'left' });
  expect(kinds('E-6')).toEqual(['two-rows']);
  expect(bodyOf(read!.people, 'person/hr:E-6')).toMatchObject({ unread: { department: 'malformed-reply', title: 'malformed-reply' } });
  // A Cyrillic letter makes it another address, and that it looks like one is said.
  expect(kinds('E-7')).toEqual(['same-email']);
});

test('the first roster that has a person counts; whom only the identity provider has is one of its own, and its machines are nobody', () => {
  const okta = (users: readonly { id: string }[]) => ({ ...hr(first, users as never), type: 'idp.user', member: 'okta:00o1' });
  const user = (id: string, more: object) => ({
    id: `okta:00o1/user/${id}`,
    name: id,
    emails: [],
    status: 'active',
    employeeNumber: null,
    ...more,
  });
  const [read] = readOneAfterAnother([
    {
      at: first,
      seen: [
        hr(first, [{ ...ana, status: 'left', endsOn: '2026-01-31' }]),
        okta([
          user('00u1', { emails: ['ana.example@example.com'] }),
          user('00u2', { emails: ['zoe@agency.example'], name: 'Zoe' }),
          user('00u3', { emails: ['svc-deploy@example.com'] }),
        ]),
      ],
      settings: { rosters: ['hr.people', 'workforce'] },
    },
  ]);
  expect(read!.people.filter(({ subject }) => subject.startsWith('person/')).map(({ subject }) => subject)).toEqual([
    'person/hr:E-1',
    'person/okta:00u2',
  ]);
  expect(bodyOf(read!.people, 'person/hr:E-1')).toMatchObject({ status: 'left', roster: 'hr.people' });
  expect(bodyOf(read!.people, 'roster/all')).toMatchObject({ repeated: 1, notPersons: 1, left: 1, active: 1 });
});

test('a reading that could not say loses nothing: who moved across it moved, and whose account was shut is followed on', () => {
  const gone = { ...bo, endsOn: '2026-03-31' };
  const fourth = '2026-04-05T06:00:00.000Z';
  const read = readOneAfterAnother([
    reading(first, hr(first, [ana, gone]), ['bo-private']),
    reading(second, hr(second, [ana, gone]), ['bo-private']),
    {
      ...reading(third, hr(third, [], 'source-unavailable'), []),
      seen: [hr(third, [], 'source-unavailable'), member(third, [], 'access-denied')],
    },
    reading(fourth, hr(fourth, [{ ...ana, department: 'Finance' }, gone]), []),
  ]);
  const leaver = 'leaver/hr:E-2/2026-03-31';
  expect(bodyOf(read[2]!.people, 'person/hr:E-1')).toMatchObject({ unread: { department: 'source-unavailable' } });
  expect(bodyOf(read[2]!.accounts, leaver)).toMatchObject({ unread: { accounts: 'not-collected' } });
  expect(bodyOf(read[3]!.people, `move/mover/hr:E-1/${fourth}`)).toMatchObject({
    between: { from: first < second ? second : first, to: fourth },
  });
  expect(bodyOf(read[3]!.accounts, leaver)).toMatchObject({
    accounts: [{ login: 'bo-private', state: 'shut', lastLive: second, shutBy: fourth }],
  });
});
