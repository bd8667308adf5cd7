import { expect, test } from 'vitest';
import { decided, seen, type Told } from '../../run/entity/entity-kit.ts';
import { bodyOf, hr, idpUser, member, person, readOneAfterAnother } from './people-kit.ts';

const at = '2026-03-30T06:00:00.000Z';
const ana = person('E-1', 'Ana Example');
const bo = person('E-2', 'Bo Example');
const cy = person('E-3', 'Cy Groß');

interface Given {
  readonly people?: readonly Told[];
  readonly accounts: readonly Parameters<typeof seen>[];
  readonly settings?: Record<string, unknown>;
  readonly decisions?: Parameters<typeof readOneAfterAnother>[0][number]['decisions'];
  readonly notConnected?: readonly string[];
}
function resolve({ people = [ana, bo, cy], accounts, ...more }: Given) {
  const [read] = readOneAfterAnother([{ at, seen: [hr(at, people), ...accounts.map((of) => seen(...of))], ...more }]);
  return {
    account: (id: string) => bodyOf(read!.accounts, `account/${id}`),
    all: bodyOf(read!.accounts, 'accounts/all'),
    items: read!.accounts,
  };
}
const center = (userName: string, more: object = {}): Told => ({
  id: `aws:111122223333/identity-center-user/${userName}`,
  userName,
  emails: [],
  enabled: true,
  external: false,
  ...more,
});

test('each rule in its order: decision, link, verified address, identity, naming rule, and each says why', () => {
  const naming = [{ systems: ['github.*'], login: '{first}-{last}' }];
  const links = [{ account: 'github.member:cy-gross', person: 'hr:E-1', because: 'she took it over' }];
  const accounts: Parameters<typeof seen>[] = [
    ['github.member', 'github:9919', ['cy-gross', 'bo-example', 'nobody-knows'].map((login) => ({ id: `g/${login}`, login }))],
    [
      'idp.user',
      'okta:00o1',
      [idpUser('ana@elsewhere.example', { emails: ['ana.example@example.com'] }), idpUser('x9', { emails: [], employeeNumber: 'E-2' })],
    ],
    [
      'aws.identity-center.user',
      'aws:111122223333',
      [center('ana@elsewhere.example', { external: true }), center('bo.example@example.com')],
    ],
    ['app.user', 'tabular:app.users', [{ id: 'p/1', login: 'pay1', person: 'E-3', emails: [], active: true, lastLogin: null }]],
  ];
  const { account, all } = resolve({ accounts, settings: { naming, links } });
  expect(account('g/cy-gross')).toMatchObject({
    owner: 'hr:E-1',
    linkedBy: 'explicit-link',
    reason:
      'the settings link it to hr:E-1: she took it over; against that, the naming rule {first}-{last} makes its login of the name of hr:E-3',
  });
  expect(account('g/bo-example')).toMatchObject({ owner: 'hr:E-2', linkedBy: 'naming-rule' });
  expect(account('g/nobody-knows')).toMatchObject({ kind: 'unresolved', owner: null, linkedBy: null, candidates: [] });
  expect(account('okta:00o1/user/ana@elsewhere.example')).toMatchObject({ owner: 'hr:E-1', linkedBy: 'verified-email' });
  expect(account('okta:00o1/user/x9')).toMatchObject({
    owner: 'hr:E-2',
    linkedBy: 'explicit-link',
    reason: expect.stringContaining('number E-2'),
  });
  expect(account('aws:111122223333/identity-center-user/ana@elsewhere.example')).toMatchObject({
    owner: 'hr:E-1',
    linkedBy: 'sso-identity',
  });
  expect(account('aws:111122223333/identity-center-user/bo.example@example.com')).toMatchObject({
    owner: 'hr:E-2',
    linkedBy: 'verified-email',
  });
  expect(account('p/1')).toMatchObject({ owner: 'hr:E-3', linkedBy: 'explicit-link', tellsUse: true, live: true });
  expect(all).toMatchObject({
    persons: 7,
    serviceAccounts: 0,
    unresolved: ['nobody-knows (g/nobody-knows)'],
    withoutIdentity: ['Cy Groß (hr:E-3)'],
  });

  const link = (person: string, index: number, more: object = {}) =>
    decided({ type: 'link-account', link: { account: 'g/cy-gross', to: { kind: 'person', person } } }, { index, ...more });
  const decisions = [link('hr:E-3', 5), link('hr:E-2', 9), link('hr:E-1', 12, { ended: 13 })];
  expect(resolve({ accounts, settings: { naming, links }, decisions }).account('g/cy-gross')).toMatchObject({
    owner: 'hr:E-2',
    linkedBy: 'override',
    reason: expect.stringMatching(/^Ada decided .* \(decision 9\); against that, the settings link it to hr:E-1/),
  });
  const unknown = resolve({ accounts, settings: { naming, links }, decisions: [link('hr:E-9', 5)] }).account('g/cy-gross');
  expect(unknown).toMatchObject({ kind: 'unresolved', reason: expect.stringContaining('nobody on a roster is hr:E-9') });
});

test('several candidates stay several, and nobody vouching is no link', () => {
  const shared = { ...bo, emails: ['ana.example@example.com'] };
  const { account } = resolve({
    people: [ana, shared],
    accounts: [
      ['idp.user', 'okta:00o1', [idpUser('ana.example@example.com')]],
      ['app.user', 'tabular:app.users', [{ id: 'p/1', login: 'ann', emails: ['ana.example@example.com'], active: true }]],
    ],
    settings: { emailDomains: [] },
  });
  expect(account('okta:00o1/user/ana.example@example.com')).toMatchObject({ kind: 'unresolved', candidates: ['hr:E-1', 'hr:E-2'] });
  expect(account('p/1')).toMatchObject({
    kind: 'unresolved',
    candidates: ['hr:E-1', 'hr:E-2'],
    reason: expect.stringContaining('nobody vouches for it'),
  });
});

test('a name nobody has to himself is no person by any rule; plus addresses and look-alikes are others', () => {
  const people = [person('E-1', 'Ana Example', { emails: ['admin@example.com', 'test@example.com'] }), bo];
  const users = [
    'admin@example.com',
    'TEST@example.com',
    'svc-pay',
    'bo.example+aws@example.com',
    'bо.example@example.com',
    'BO.Example@EXAMPLE.com',
  ];
  const { account, items } = resolve({
    people,
    accounts: [['idp.user', 'okta:00o1', users.map((login) => idpUser(login))]],
    settings: { links: [{ account: 'idp.user:admin@example.com', person: 'hr:E-1', because: 'hers' }] },
  });
  const of = (login: string) => account(`okta:00o1/user/${login}`);
  expect(of('admin@example.com')).toMatchObject({ kind: 'unresolved', nature: 'generic', reason: expect.stringContaining('is no person') });
  expect(of('TEST@example.com')).toMatchObject({ kind: 'unresolved', nature: 'generic' });
  expect(of('svc-pay')).toMatchObject({ kind: 'unresolved', nature: 'generic' });
  expect(of('bo.example+aws@example.com')).toMatchObject({ kind: 'unresolved' });
  expect(of('bо.example@example.com')).toMatchObject({ kind: 'unresolved', reason: expect.stringContaining('several scripts') });
  expect(of('BO.Example@EXAMPLE.com')).toMatchObject({ owner: 'hr:E-2', linkedBy: 'verified-email' });
  expect(items.filter(({ subject }) => subject.startsWith('account/'))).toHaveLength(users.length);
});

test('service accounts are what settings and decisions register; the root user is one of its own kind', () => {
  const credential = (userName: string, isRoot = false): Told => ({
    id: isRoot ? 'aws:1/iam-credential/root' : `aws:1/iam-credential/${userName}/2024`,
    userName: isRoot ? '<root_account>' : userName,
    isRoot,
    passwordEnabled: isRoot,
    passwordLastUsed: null,
    accessKeys: [{ slot: 1, active: true, lastRotated: null, lastUsed: '2026-03-29T02:00:00Z' }],
  });
  const user = (userName: string): Told => ({ id: `aws:1/iam-user/${userName}`, userName, passwordEnabled: false, activeAccessKeys: 1 });
  const accounts: Parameters<typeof seen>[] = [
    ['aws.iam.user', 'aws:1', [user('svc-backup'), user('svc-stray')]],
    ['aws.iam.credential', 'aws:1', [credential('svc-backup'), credential('left-alone'), credential('', true)]],
  ];
  const serviceAccounts = [
    { id: 'backup', accounts: ['aws.iam.user:svc-b*'], owner: 'hr:E-1', purpose: 'copies', expires: '2026-06-30' },
    { id: 'gone', accounts: ['aws.iam.user:svc-gone'], owner: 'hr:E-99', purpose: 'nothing' },
    // Bots are in no list of accounts: what they did names them.
    { id: 'merging', accounts: ['github.bot:merge-queue'], owner: 'hr:E-1', purpose: 'merges' },
  ];
  const root = decided(
    {
      type: 'register-service-account',
      serviceAccount: { id: 'root-1', accounts: ['aws:1/iam-credential/root'], owner: 'hr:E-2', purpose: 'break glass', expires: null },
    },
    { index: 7 },
  );
  const { account, all } = resolve({ accounts, settings: { serviceAccounts }, decisions: [root], notConnected: ['idp.user'] });
  expect(account('aws:1/iam-user/svc-backup')).toMatchObject({
    kind: 'service-account',
    owner: 'backup',
    ownerPerson: { id: 'hr:E-1', status: 'active' },
    service: { id: 'backup', expires: '2026-06-30', registered: 'settings' },
    live: true,
    lastUsed: '2026-03-29T02:00:00.000Z',
  });
  expect(account('aws:1/iam-user/svc-stray')).toMatchObject({
    kind: 'unresolved',
    nature: 'generic',
    unread: { lastUsed: 'not-collected' },
  });
  expect(account('aws:1/iam-credential/left-alone/2024')).toMatchObject({ kind: 'unresolved' });
  expect(account('aws:1/iam-credential/root')).toMatchObject({ kind: 'service-account', nature: 'root', owner: 'root-1', login: 'root' });
  expect(all).toMatchObject({
    systems: [
      { system: 'aws:1', type: 'aws.iam.user', read: 2, accounts: 2, joined: 0 },
      { system: 'aws:1', type: 'aws.iam.credential', read: 3, accounts: 2, joined: 1 },
    ],
    withoutIdentity: null,
    problems: [
      'the service account gone (settings) names aws.iam.user:svc-gone, and there is no such account',
      'the service account gone (settings) is owned by hr:E-99, who is on no roster',
    ],
  });
});

test('what was not seen whole leaves nobody a stranger: unresolved is unknown then, and nothing is summed', () => {
  const reading = { at, seen: [hr(at, [ana], 'truncated'), member(at, ['who'])] };
  const [first] = readOneAfterAnother([reading]);
  const incomplete = first!.people.map((item) => item);
  expect(bodyOf(incomplete, 'roster/all')).toMatchObject({ unread: { active: 'truncated' } });
  const known = readOneAfterAnother([{ at, seen: [hr(at, [ana]), member(at, ['who'], 'access-denied')] }])[0]!;
  expect(bodyOf(known.accounts, 'account/github:9919/member/who')).toMatchObject({ kind: 'unresolved' });
  expect(bodyOf(known.accounts, 'accounts/all')).toMatchObject({ unread: { unresolved: 'access-denied', persons: 'access-denied' } });
});

test('an account that is another person’s than at the reading before says so', () => {
  const later = '2026-03-31T06:00:00.000Z';
  const links = (who: string) => ({ links: [{ account: 'github.member:ana-x', person: who, because: 'hers' }] });
  const [, after] = readOneAfterAnother([
    { at, seen: [hr(at, [ana, bo]), member(at, ['ana-x'])], settings: links('hr:E-1') },
    { at: later, seen: [hr(later, [ana, bo]), member(later, ['ana-x'])], settings: links('hr:E-2') },
  ]);
  expect(bodyOf(after!.accounts, 'account/github:9919/member/ana-x')).toMatchObject({
    owner: 'hr:E-2',
    reason: expect.stringContaining('at the reading before it was known as hr:E-1’s'.replace('’', "'")),
  });
});
