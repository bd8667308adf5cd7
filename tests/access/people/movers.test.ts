import { expect, test } from 'vitest';
import { moverItems } from '../../../src/access/people/mover-items.ts';
import { lineId } from '../../../src/access/reviews/line-id.ts';
import type { RecordedDecision } from '../../../src/model/decision.ts';
import { decided, derivedInput, seen, type Told } from '../../run/entity/entity-kit.ts';
import { asSeen, hr, person, readOneAfterAnother } from './people-kit.ts';

const [first, second, third] = ['2026-03-30T06:00:00.000Z', '2026-04-01T06:00:00.000Z', '2026-04-10T06:00:00.000Z'] as const;
const ana = person('E-1', 'Ana Example', { department: 'Payroll' });
const moved = { ...ana, department: 'Platform' };
const user: Told = { id: 'tabular:app.users/user/ana', login: 'ana', person: 'E-1', emails: [], active: true };
const grant = (id: string, permission: string): Told => ({
  id: `entity:toys/entitlement/${id}`,
  account: user.id,
  system: 'tabular:app.users',
  permission,
  on: null,
});
const all = [grant('r', 'payments.release'), grant('v', 'payments.view'), grant('c', 'changes.read'), grant('t', 'tickets.close')];

interface Given {
  readonly grants?: readonly Told[];
  readonly incomplete?: 'access-denied';
  readonly decisions?: readonly RecordedDecision[];
  readonly tickets?: readonly Told[];
}
/** What is said of her at the second reading, which shows the move, and at the third. */
function follow(now: Given, before: Given = {}): [unknown, unknown] {
  const settings = { departments: [{ name: 'Platform', may: [{ system: 'tabular:app.*', permission: 'changes.*' }] }] };
  const app = seen('app.user', 'tabular:app.users', [user]);
  const readings = readOneAfterAnother([
    { at: first, seen: [hr(first, [ana]), app], settings },
    { at: second, seen: [hr(second, [moved]), app], settings },
    { at: third, seen: [hr(third, [moved]), app], settings },
  ]);
  const at = (position: 1 | 2, time: string, given: Given, former: ReturnType<typeof asSeen>) =>
    moverItems(
      derivedInput({
        at: time,
        seen: [
          ...readings[position]!.seen,
          seen('entity.entitlement', 'entity:toys', given.grants ?? all, { asOf: time, incomplete: given.incomplete ?? null }),
          seen('ticket.access-request', 'tabular:tickets.access', given.tickets ?? []),
          ...former,
        ],
        decisions: given.decisions ?? [],
        settings: { people: { rosters: ['hr.people'], ...settings } as never },
      }),
    );
  const earlier = at(1, second, before, []);
  const later = at(2, third, now, asSeen(earlier, second));
  expect([earlier.length, later.length]).toEqual([1, 1]);
  return [earlier[0]?.body, later[0]?.body];
}

test('what she held at the move goes, is confirmed by whoever may, or stays to be asked about', () => {
  const line = (permission: string) => lineId({ account: user.id, subjects: ['hr:E-1'], marks: [], entitlement: permission });
  const keep = decided(
    {
      type: 'decide-review',
      review: 'quarterly/2026-q2',
      lines: [{ line: line('v'), decision: 'keep', reason: 'she still helps out', expires: null }],
      file: null,
      secondsPerLine: null,
    },
    { at: '2026-04-05T10:00:00.000Z', index: 9 },
  );
  const [earlier, later] = follow({ grants: all.slice(0, 3).concat(grant('n', 'new.right')), decisions: [keep] });
  expect(earlier).toMatchObject({
    person: 'hr:E-1',
    changed: ['department: Payroll -> Platform'],
    movedAt: second,
    between: { from: first, to: second },
  });
  expect(later).toMatchObject({
    held: [
      { entitlement: 'c', state: 'confirmed', because: 'Platform may hold it by the settings' },
      { entitlement: 'r', state: 'kept', because: null, by: null },
      { entitlement: 't', state: 'gone', by: third },
      {
        entitlement: 'v',
        state: 'confirmed',
        because: 'the review quarterly/2026-q2 kept it (decision 9)',
        by: '2026-04-05T10:00:00.000Z',
      },
    ],
  });
});

test('a request counts when another approved it since, for this permission of hers', () => {
  const ticket = (more: object): Told => ({
    id: 't/1',
    ticket: 'REQ-1',
    kind: 'grant',
    grantee: 'E-1',
    approver: 'E-9',
    approvedAt: '2026-03-31T09:00:00.000Z',
    system: 'app.users',
    permission: 'payments.release',
    ...more,
  });
  const stateWith = (more: object) => {
    const [, later] = follow({ tickets: [ticket(more)] });
    return (later as { held: { entitlement: string; state: string }[] }).held.find(({ entitlement }) => entitlement === 'r')?.state;
  };
  expect(stateWith({})).toBe('confirmed');
  for (const wrong of [
    { approver: 'ana.example@example.com' },
    { approver: null },
    { grantee: 'E-2' },
    { permission: 'payments.view' },
    { approvedAt: '2026-03-01T09:00:00.000Z' },
    { system: 'bank.users' },
    { kind: 'revoke' },
  ]) {
    expect(stateWith(wrong)).toBe('kept');
  }
});

test('while not everything was seen nothing is gone, and what she held at the move is unknown until it was', () => {
  const [earlier, later] = follow({}, { incomplete: 'access-denied', grants: [] });
  expect(earlier).toMatchObject({ unread: { held: 'access-denied' } });
  expect(later).toMatchObject({ held: [{ state: 'confirmed' }, { state: 'kept' }, { state: 'kept' }, { state: 'kept' }] });
  const [, missing] = follow({ incomplete: 'access-denied', grants: [] });
  expect(missing).toMatchObject({ unread: { held: 'access-denied' } });
  // What is still there is known for what it is.
  const [, there] = follow({ incomplete: 'access-denied' });
  expect(there).toMatchObject({ unread: {}, held: [{ state: 'confirmed' }, { state: 'kept' }, { state: 'kept' }, { state: 'kept' }] });
});
