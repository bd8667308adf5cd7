import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DerivedItem } from '../../../src/access/people/derived-item.ts';
import { seen, type Told } from '../../run/entity/entity-kit.ts';
import { hr, idpUser, person, readOneAfterAnother } from './people-kit.ts';

const at = '2026-03-30T06:00:00.000Z';
const numbers = ['E-1', 'E-2', 'E-3', 'E-4'];
const names = ['Ana Ash', 'Bo Birch', 'Ana Birch', 'Cy Ash'];
const addresses = ['ana@example.com', 'bo@example.com', 'admin@example.com', 'ana@private.example'];
const logins = ['ana.ash', 'ana', 'a.birch', 'bo.birch', 'admin', 'cy.ash', 'svc-x'];
const some = <T>(list: readonly T[], maxLength: number) => fc.array(fc.constantFrom(...list), { maxLength });

const people = fc.uniqueArray(
  fc.record({
    number: fc.constantFrom(...numbers),
    name: fc.constantFrom(...names),
    emails: some(addresses, 2),
    endsOn: fc.constantFrom(null, '2026-01-31', '2026-12-31'),
    manager: fc.constantFrom(null, ...numbers),
  }),
  { selector: ({ number }) => number },
);
const accounts = fc.record({
  github: fc.uniqueArray(fc.constantFrom(...logins)),
  idp: fc.uniqueArray(
    fc.record({ login: fc.constantFrom(...logins, ...addresses), emails: some(addresses, 1), number: fc.constantFrom(null, ...numbers) }),
    {
      selector: ({ login }) => login,
    },
  ),
  center: fc.uniqueArray(fc.constantFrom(...logins, ...addresses)),
});
const rules = fc.subarray([
  { systems: ['github.*'], login: '{first}.{last}' },
  { systems: ['github:9919'], login: '{initial}.{last}' },
  { systems: ['*'], login: '{email-name}' },
]);
const links = fc.subarray([
  { account: 'github.member:ana', person: 'hr:E-2', because: 'x' },
  { account: 'idp.user:ana', person: 'hr:E-4', because: 'y' },
]);
type People = typeof people extends fc.Arbitrary<infer T> ? T : never;
type Accounts = typeof accounts extends fc.Arbitrary<infer T> ? T : never;

function read(
  roster: People,
  { github, idp, center }: Accounts,
  settings: Record<string, unknown>,
  turn: <T>(list: readonly T[]) => T[] = (list) => [...list],
) {
  const rows = roster.map(({ number, name, ...more }) => person(number, name, more));
  const lists: [string, string, Told[]][] = [
    ['github.member', 'github:9919', github.map((login) => ({ id: `github:9919/member/${login}`, login }))],
    ['idp.user', 'okta:00o1', idp.map(({ login, emails, number }) => idpUser(login, { emails, employeeNumber: number }))],
    [
      'aws.identity-center.user',
      'aws:1',
      center.map((userName) => ({ id: `aws:1/identity-center-user/${userName}`, userName, emails: [], enabled: true, external: true })),
    ],
  ];
  const all = [hr(at, turn(rows)), ...lists.map(([type, from, told]) => seen(type, from, turn(told), { asOf: at }))];
  const [made] = readOneAfterAnother([{ at, seen: turn(all), settings }]);
  return made!;
}
const accountsOf = (items: readonly DerivedItem[]) => items.filter(({ body }) => body['of'] === 'account');

test('the order of rosters, rows and lists changes nothing, and as many accounts come out as went in', () => {
  fc.assert(
    fc.property(people, accounts, rules, links, (roster, lists, naming, linked) => {
      const settings = { naming, links: linked };
      const one = read(roster, lists, settings);
      const other = read(roster, lists, settings, (list) => list.toReversed());
      const text = (items: readonly DerivedItem[]) => items.map((item) => JSON.stringify(item)).sort();
      expect(text(other.people)).toEqual(text(one.people));
      expect(text(other.accounts).filter((item) => !item.includes('"of":"accounts"'))).toEqual(
        text(one.accounts).filter((item) => !item.includes('"of":"accounts"')),
      );
      expect(accountsOf(one.accounts)).toHaveLength(lists.github.length + lists.idp.length + lists.center.length);
      for (const { body } of accountsOf(one.accounts)) {
        expect(body['kind'] === 'unresolved' ? body['owner'] : 'somebody').toBe(body['kind'] === 'unresolved' ? null : 'somebody');
        expect(body['reason']).not.toBe('');
      }
    }),
    { numRuns: 100 },
  );
});

test('one more row on a roster never makes an account another person’s without a word on the former', () => {
  fc.assert(
    fc.property(people, accounts, rules, links, (roster, lists, naming, linked) => {
      fc.pre(roster.length > 0);
      const settings = { naming, links: linked };
      const fewer = accountsOf(read(roster.slice(1), lists, settings).accounts);
      const more = new Map(accountsOf(read(roster, lists, settings).accounts).map(({ subject, body }) => [subject, body]));
      for (const { subject, body } of fewer) {
        const now = more.get(subject);
        const [before, after] = [body['owner'], now?.['owner']];
        if (before === null || before === undefined || after === before) continue;
        if (after === null) expect(now?.['kind']).toBe('unresolved');
        else expect(String(now?.['reason'])).toContain(String(before));
      }
    }),
    { numRuns: 200 },
  );
});

test('a generic name is never a person’s, and of a roster that was not seen whole nobody is a stranger', () => {
  fc.assert(
    fc.property(people, accounts, rules, links, (roster, lists, naming, linked) => {
      for (const { body } of accountsOf(read(roster, lists, { naming, links: linked }).accounts)) {
        if (/^(?:admin|svc-)/.test(String(body['login']))) expect(body['kind']).not.toBe('person');
      }
    }),
    { numRuns: 60 },
  );
});
