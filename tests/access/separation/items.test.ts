import { describe, expect, it } from 'vitest';
import acts from '../../../collectors/entity/acts/collector.ts';
import separations from '../../../collectors/entity/separations/collector.ts';
import { exampleChange } from '../../../collectors/github/production-changes/resource.ts';
import { loadFrameworks } from '../../../src/config/frameworks.ts';
import { libraryDirectory } from '../../../src/config/library-directory.ts';
import { loadSeparation } from '../../../src/config/separation-file.ts';
import type { DerivedInput } from '../../../src/model/derived.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { decided, derivedInput, runEntityCollector, seen, type Told, toyEntity } from '../../run/entity/entity-kit.ts';

const library = libraryDirectory();
const separation = loadSeparation([], library, {
  frameworks: loadFrameworks(library),
  environments: [],
  tables: [],
  controls: [],
  on: '2026-01-15',
});
const settings = { separation } as unknown as { readonly separation: Record<string, never> };
const github = 'github:9919';
const payroll = 'tabular:payroll.users';

function account(id: string, system: string, login: string, owner: string | null, more: Partial<Told> = {}): Told {
  const kind = owner === null ? 'unresolved' : 'person';
  return {
    ...{ id: `${toyEntity}/account/${id}`, account: id, system, type: 'x', login, emails: [], kind, owner, linkedBy: null, reason: '' },
    ...{
      candidates: [],
      live: true,
      lastUsed: null,
      tellsUse: false,
      nature: 'ordinary',
      sharedWith: [],
      ownerPerson: null,
      service: null,
    },
    ...more,
  };
}
const people = seen('entity.person', toyEntity, [
  { id: `${toyEntity}/person/hr:E-1`, person: 'hr:E-1', name: 'Ana', emails: ['ana@example.com'] },
  { id: `${toyEntity}/person/hr:E-2`, person: 'hr:E-2', name: 'Bo', emails: ['bo@example.com'] },
]);
const accounts = (...list: Told[]) => seen('entity.account', toyEntity, list);
const user = (login: string, roles: string[]): Told => ({
  id: `${payroll}/row/${login}`,
  table: 'payroll.users',
  key: login,
  login,
  roles,
  values: {},
});

async function run(collector: typeof separations, parts: Partial<Omit<DerivedInput, 'settings'>>) {
  const ran = await runEntityCollector(collector, derivedInput({ settings, ...parts }));
  expect(ran.malformed).toEqual([]);
  expect(
    ran.resources.flatMap(({ id, unread }) =>
      Object.entries(unread)
        .filter(([, reason]) => reason === 'malformed-reply')
        .map(([field]) => `${id} ${field}`),
    ),
  ).toEqual([]);
  return ran;
}
type Facts = Readonly<Record<string, unknown>>;

describe('separations', () => {
  const parts = {
    seen: [
      people,
      accounts(account(`${payroll}/row/ana`, payroll, 'ana', 'hr:E-1'), account(`${payroll}/row/bo`, payroll, 'bo', 'hr:E-2')),
      seen('app.user', payroll, [user('ana', ['payroll-clerk', 'payroll-approver']), user('bo', ['payroll-approver'])]),
    ],
  };
  it('are told for each whom a rule concerns, and of each rule as a whole', async () => {
    const ran = await run(separations, parts);
    const of = (rule: string, holder: string) => ran.resources.find(({ fields }) => fields['rule'] === rule && fields['holder'] === holder);
    expect(of('PAY-4', 'hr:E-1')?.fields).toMatchObject({
      conflict: true,
      name: 'Ana',
      holds: [{ duty: 'run-payroll' }, { duty: 'approve-register' }],
    });
    expect(of('PAY-4', 'hr:E-2')?.fields).toMatchObject({ conflict: false });
    const total = ran.resources.find(({ type, fields }) => type === 'entity.separation-rule' && fields['rule'] === 'PAY-4');
    expect(total?.fields).toMatchObject({ examined: 2, conflicts: 1, unmitigated: 1, undecided: 0, notConnected: [] });
    const rules = ran.resources.filter(({ type }) => type === 'entity.separation-rule').map(({ fields }) => fields['rule']);
    expect(rules).toEqual(separation.rules.filter(({ canDo }) => canDo).map(({ id }) => id));
    expect(
      ran.resources.filter(({ type, fields }) => type === 'entity.separation-rule' && (fields as Facts)['rule'] === 'PAY-7')[0]?.fields,
    ).toMatchObject({
      notConnected: ['table bank.users', 'table ledger.users'],
    });
  });
  it('are the same whatever order things were seen in', async () => {
    const [, all, users] = parts.seen;
    const turned = [{ ...users!, resources: users!.resources.toReversed() }, people, { ...all!, resources: all!.resources.toReversed() }];
    expect((await run(separations, { seen: turned })).resources).toEqual((await run(separations, parts)).resources);
  });
  it('stay open where an account that may be his could hold the other duty', async () => {
    const list = [
      account(`${payroll}/row/ana`, payroll, 'ana', 'hr:E-1'),
      account(`${payroll}/row/x`, payroll, 'x', null, { candidates: ['hr:E-1'] }),
    ];
    const users = seen('app.user', payroll, [user('ana', ['payroll-clerk']), user('x', ['payroll-approver'])]);
    const ran = await run(separations, { seen: [people, accounts(...list), users] });
    const ana = ran.resources.find(({ fields }) => fields['rule'] === 'PAY-4' && fields['holder'] === 'hr:E-1');
    expect(ana?.unread).toEqual({ conflict: 'not-collected' });
  });
});

describe('acts', () => {
  const head = exampleChange.head;
  const ana = { id: 'U_ana', kind: 'user', name: 'ana' };
  const anaTwo = { id: 'U_ana2', kind: 'user', name: 'ana-private' };
  const bo = { id: 'U_bo', kind: 'user', name: 'bo' };
  const bot = { id: 'BOT_1', kind: 'bot', name: 'merge-bot' };
  const mine = accounts(
    account(`${github}/member/U_ana`, github, 'ana', 'hr:E-1'),
    account(`${github}/member/U_ana2`, github, 'ana-private', 'hr:E-1'),
    account(`${github}/member/U_bo`, github, 'bo', 'hr:E-2'),
    account(`${github}/member/BOT_1`, github, 'merge-bot', 'merge', {
      kind: 'service-account',
      ownerPerson: { id: 'hr:E-1', name: 'Ana', status: 'active', endsOn: null },
    }),
    account('tabular:payroll.users/row/ana', 'tabular:payroll.users', 'ana', 'hr:E-1'),
  );
  const approval = (reviewer: object) => ({ reviewer, state: 'approved', at: '2026-01-14T10:00:00Z', commit: head, dismissed: null });
  const change = (id: string, more: object): Told => ({ ...(exampleChange as unknown as Told), id, ...more });
  const actOf = async (parts: Partial<Omit<DerivedInput, 'settings'>>, rule: string, object: string) => {
    const ran = await run(acts, parts);
    const found = ran.resources.find(({ fields }) => fields['rule'] === rule && fields['object'] === object);
    return found === undefined ? 'none' : (found.fields['conflict'] ?? found.unread['conflict']);
  };

  it.each([
    ['approved by another', { authors: [ana], reviews: [approval(bo)] }, false],
    ['approved by his own second account', { authors: [ana], reviews: [approval(anaTwo)] }, true],
    ['approved by nobody', { authors: [ana], reviews: [] }, true],
    ['approved by the bot he answers for', { authors: [ana], reviews: [approval(bot)] }, true],
    ['written by his bot and approved by himself', { authors: [bot], reviews: [approval(ana)] }, true],
    ['written by his bot and approved by another', { authors: [bot], reviews: [approval(bo)] }, false],
    ['approved before its last commit', { authors: [ana], reviews: [{ ...approval(bo), commit: 'older' }] }, true],
    ['approved by an account of nobody', { authors: [ana], reviews: [approval({ id: 'U_x', kind: 'user', name: 'x' })] }, 'not-collected'],
    [
      'written by somebody of no account',
      { authors: [{ id: null, kind: 'unknown', name: 'root <root@host>' }], reviews: [approval(bo)] },
      'not-collected',
    ],
  ])('of a change %s', async (_, more, wanted) => {
    const events = [seen('github.change', github, [change('c1', more)])];
    expect(await actOf({ seen: [people, mine], events }, 'SOD-01', 'c1')).toBe(wanted);
  });
  it('says by name whose the accounts are that did both', async () => {
    const events = [seen('github.change', github, [change('c1', { authors: [ana], reviews: [approval(anaTwo)] })])];
    const { resources } = await run(acts, { seen: [people, mine], events });
    const said = resources.find(({ fields }) => fields['rule'] === 'SOD-01' && fields['object'] === 'c1')?.fields['says'];
    expect(said).toMatch(
      /^only ana-private took part beside ana: no second person \(ana and ana-private, both of [^,]+ \(hr:E-1\), are one\)$/,
    );
  });
  it('of rights that somebody gave himself, and of protection that he lifted and merged through', async () => {
    const event = (id: string, name: string, about: string[], at = '2026-01-14T10:00:00.000Z'): Told => ({
      ...{ id, eventId: id, at, name: `github:${name}`, actor: 'ana', about, region: null, refused: false },
    });
    const told = [
      event('self', 'team.add_member', ['acme', 'ana', 'deployers']),
      event('other', 'team.add_member', ['acme', 'bo', 'deployers']),
      event('lift', 'protected_branch.destroy', ['acme', 'acme/payroll', 'main']),
      event('early', 'protected_branch.destroy', ['acme', 'acme/payroll', 'main'], '2026-01-10T10:00:00.000Z'),
    ];
    const events = [seen('github.change-event', github, told), seen('github.change', github, [change('c1', { mergedBy: anaTwo })])];
    const of = (rule: string, object: string) => actOf({ seen: [people, mine], events }, rule, object);
    expect(await of('SOD-03', 'self')).toBe(true);
    expect(await of('SOD-03', 'other')).toBe(false);
    expect(await of('SOD-05', 'lift')).toBe(true);
    expect(await of('SOD-05', 'early')).toBe(false);
  });
  it('of runs, changes of pay and files as their applications recorded them', async () => {
    const rows = (type: string, list: Told[]) => seen(type, `tabular:payroll.${type.slice(4)}`, list);
    const change = { maker: 'bo@example.com', madeAt: '2026-01-02T00:00:00.000Z', checkedAt: null, values: {} };
    const all = [
      people,
      mine,
      rows('app.payroll-run', [
        { id: 'r1', preparer: 'ana', approver: 'ana', preparedAt: null, approvedAt: null, committedAt: null, values: {} },
        { id: 'r2', preparer: 'ana', approver: 'bo@example.com', preparedAt: null, approvedAt: null, committedAt: null, values: {} },
        { id: 'r3', preparer: 'ana', approver: 'stranger', preparedAt: null, approvedAt: null, committedAt: null, values: {} },
      ]),
      rows('app.data-change', [
        { id: 'd1', ...change, checker: 'ana', objectId: 'E-1' },
        { id: 'd2', ...change, checker: 'ana', objectId: 'E-9' },
      ]),
      rows('app.file-transfer', [
        {
          id: 'f1',
          preparer: 'bo@example.com',
          releaser1: 'ana',
          releaser2: 'ana@example.com',
          releasedAt: null,
          preparedAt: null,
          values: {},
        },
      ]),
    ];
    const of = (rule: string, object: string) => actOf({ seen: all }, rule, object);
    expect([await of('PAY-4', 'r1'), await of('PAY-4', 'r2'), await of('PAY-4', 'r3')]).toEqual([true, false, 'not-collected']);
    expect([await of('PAY-1', 'd1'), await of('PAY-1', 'd2')]).toEqual([true, false]);
    expect([await of('PAY-5', 'f1'), await of('PAY-6', 'f1')]).toEqual([false, true]);
  });
  it('of an exception that the owner of its control approved', async () => {
    const signed = (person: string) => ({ name: person, authentication: 'personal-key' as const, person });
    const register = (id: string) =>
      decided({ type: 'register-person', person: { id, name: id, email: `${id}@example.com`, roles: ['management'], keys: ['k'] } });
    const mitigation = {
      ...{ id: 'M-1', rule: 'SOD-04', persons: null, control: 'AC-15', check: { id: 'c', source: null, subject: null }, reason: 'r' },
      ...{ from: '2026-01-01T00:00:00.000Z', expires: '2026-02-01T00:00:00.000Z' },
    };
    const asked = (owner: string) =>
      decided(
        { type: 'mitigate', mitigation: { ...mitigation, owner } },
        { approval: { index: 9, at: '2026-01-03T00:00:00.000Z', actor: signed('ana') } },
      );
    const of = (owner: string) =>
      actOf({ seen: [people, mine], decisions: [register('ana'), register('bo'), asked(owner)] }, 'SOD-09', 'mitigation/M-1');
    expect([await of('hr:E-1'), await of('hr:E-2')]).toEqual([true, false]);
  });
  it('are counted per rule, with what nothing reads', async () => {
    const ran = await run(acts, { seen: [people, mine], notConnected: ['app.payroll-run'] });
    const rule = ran.resources.find(({ type, fields }) => type === 'entity.act-rule' && fields['rule'] === 'PAY-4');
    expect(rule?.fields as unknown as JsonObject).toMatchObject({ kinds: ['payroll-run'], examined: 0, notConnected: ['app.payroll-run'] });
  });
});
