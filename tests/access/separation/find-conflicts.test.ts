import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldAccount, Unseen } from '../../../src/access/separation/access-view.ts';
import { type ConflictInput, findConflicts } from '../../../src/access/separation/find-conflicts.ts';
import { scopes } from '../../../src/access/separation/settings.ts';
import type { PermissionPattern, Reached } from '../../../src/model/access.ts';

const write: PermissionPattern = { system: 'github', permission: 'write' };
const deploy: PermissionPattern = { system: 'application', table: 'deploy.users', roles: ['deployer'] };
const duties = [
  { id: 'develop', title: 'write code', anyOf: [write], acts: [] },
  { id: 'deploy', title: 'deploy', anyOf: [deploy], acts: [] },
];
const account = (id: string, more: Partial<HeldAccount> = {}): HeldAccount => ({
  id,
  system: 'github:1',
  login: id,
  kind: 'person',
  owner: 'hr:E-1',
  sharedWith: [],
  answeredBy: null,
  candidates: [],
  closed: false,
  ...more,
});
interface Right {
  readonly account: string;
  readonly pattern: PermissionPattern;
  readonly system?: string;
  readonly on?: string | null;
}
function input(rights: readonly Right[], more: Partial<ConflictInput> & { readonly scope?: (typeof scopes)[number] } = {}): ConflictInput {
  const { scope = 'any', ...rest } = more;
  return {
    settings: {
      v: 1,
      duties,
      rules: [
        {
          id: 'R-1',
          title: 'Nobody does both',
          allOf: ['develop', 'deploy'],
          scope,
          strength: 'conflict',
          severity: 'high',
          rationale: 'r',
          criteria: [],
          objectives: [],
          canDo: true,
          didDo: null,
          doneAs: null,
          origin: 'shipped',
          because: null,
        },
      ],
      disabled: [],
      processes: [],
      tool: null,
      notes: [],
    },
    accounts: [account('a'), account('b')],
    persons: [{ id: 'hr:E-1', name: 'Ana', emails: [] }],
    view: {
      reaching: (pattern) =>
        Map.groupBy(
          rights
            .filter((right) => right.pattern === pattern)
            .map(
              ({ account: of, system = 'github:1', on = null }): Reached => ({
                account: of,
                system,
                permission: 'p',
                on,
                path: [{ kind: 'account', id: of, name: of, says: 'signs in' }],
                notEvaluated: [],
              }),
            ),
          (reached) => reached.account,
        ),
    },
    sight: () => [],
    registered: { deciders: [], controlOwners: [] },
    ...rest,
  };
}
const outcome = (of: ConflictInput) => findConflicts(of)[0]!;
const conflicts = (of: ConflictInput) => outcome(of).separations.map(({ holder, conflict }) => [holder, conflict]);

describe('who can do both', () => {
  it('is one person over all of his accounts', () => {
    expect(
      conflicts(
        input([
          { account: 'a', pattern: write },
          { account: 'b', pattern: deploy, system: 'tabular:deploy.users' },
        ]),
      ),
    ).toEqual([['hr:E-1', true]]);
  });
  it('is not somebody else, and nobody whom the rule does not concern is told of', () => {
    const accounts = [account('a'), account('b', { owner: 'hr:E-2' }), account('c', { owner: 'hr:E-3' })];
    const rights = [
      { account: 'a', pattern: write },
      { account: 'b', pattern: deploy },
    ];
    expect(conflicts(input(rights, { accounts }))).toEqual([
      ['hr:E-1', false],
      ['hr:E-2', false],
    ]);
  });
  it('is an account of nobody by itself, and each of those who share one', () => {
    const rights = [
      { account: 'a', pattern: write },
      { account: 'a', pattern: deploy },
    ];
    expect(conflicts(input(rights, { accounts: [account('a', { kind: 'unresolved', owner: null })] }))).toEqual([['a', true]]);
    expect(conflicts(input(rights, { accounts: [account('a', { sharedWith: ['hr:E-2'] })] }))).toEqual([
      ['hr:E-1', true],
      ['hr:E-2', true],
    ]);
  });
  it('is nobody by an account that lets nobody in', () => {
    const rights = [
      { account: 'a', pattern: write },
      { account: 'b', pattern: deploy },
    ];
    expect(conflicts(input(rights, { accounts: [account('a'), account('b', { closed: true })] }))).toEqual([['hr:E-1', false]]);
  });
  it('lies in one system or one client where the rule says so; what is of no client may be of any', () => {
    const apart = [
      { account: 'a', pattern: write, system: 'x', on: 'acme' },
      { account: 'a', pattern: deploy, system: 'y', on: 'initech' },
    ];
    expect(scopes.map((scope) => [scope, conflicts(input(apart, { scope }))[0]?.[1]])).toEqual([
      ['sameSystem', false],
      ['sameProcess', true],
      ['sameClient', false],
      ['any', true],
    ]);
    const ofNoClient = [apart[0]!, { ...apart[1]!, on: null }];
    expect(conflicts(input(ofNoClient, { scope: 'sameClient' }))[0]?.[1]).toBe(true);
    const ofATable = [apart[0]!, { ...apart[1]!, on: 'deploy.users' }];
    expect(conflicts(input(ofATable, { scope: 'sameClient' }))[0]?.[1]).toBe(true);
  });
  it('cannot be told where the missing duty was not seen whole, or lies in an account that may be his', () => {
    const rights = [
      { account: 'a', pattern: write },
      { account: 'u', pattern: deploy },
    ];
    const stale = (pattern: PermissionPattern): Unseen[] => (pattern === deploy ? [{ what: 'tabular:deploy.users', reason: 'stale' }] : []);
    expect(conflicts(input([rights[0]!], { sight: stale }))).toEqual([['hr:E-1', { unknown: 'stale' }]]);
    const accounts = [account('a'), account('u', { kind: 'unresolved', owner: null, candidates: ['hr:E-1'] })];
    expect(conflicts(input(rights, { accounts }))).toEqual([
      ['hr:E-1', { unknown: 'not-collected' }],
      ['u', { unknown: 'not-collected' }],
    ]);
  });
  it('cannot be told where nothing reads what the duty is about', () => {
    const blind = (pattern: PermissionPattern): Unseen[] => (pattern === deploy ? [{ what: 'table deploy.users', reason: null }] : []);
    const found = outcome(input([{ account: 'a', pattern: write }], { sight: blind }));
    expect(found.notConnected).toEqual(['table deploy.users']);
    expect(found.separations[0]?.conflict).toEqual({ unknown: 'not-collected' });
  });
  it('cannot be told where a shipped duty guesses at roles that its table does not have', () => {
    const rights = [{ account: 'a', pattern: write }];
    const settings = (assumed: boolean) => {
      const made = input(rights).settings;
      return { ...made, duties: made.duties.map((duty) => (assumed && duty.id === 'deploy' ? { ...duty, assumed: true as const } : duty)) };
    };
    const found = outcome(input(rights, { settings: settings(true), rolesIn: () => ['Reader', 'Deployer'] }));
    expect(found.notConnected).toEqual(['table deploy.users with deployer as a role (it has Deployer, Reader)']);
    expect(found.separations[0]?.conflict).toEqual({ unknown: 'not-collected' });
    const known = outcome(input(rights, { settings: settings(true), rolesIn: () => ['deployer'] }));
    expect([known.notConnected, known.separations[0]?.conflict]).toEqual([[], false]);
    // Whoever named the roles himself knows that nobody has them.
    expect(outcome(input(rights, { settings: settings(false), rolesIn: () => [] })).notConnected).toEqual([]);
  });
});

describe('what is not evaluated', () => {
  const keys: PermissionPattern = { system: 'aws', actions: ['kms:Decrypt', 's3:GetObject', 'iam:PassRole'] };
  const withKeys = (rights: readonly Right[], more: Partial<ConflictInput> = {}) => {
    const made = input(rights, more);
    const changed = made.settings.duties.map((duty) => (duty.id === 'develop' ? { ...duty, anyOf: [keys] } : duty));
    return outcome({ ...made, settings: { ...made.settings, duties: changed } }).separations[0]?.notEvaluated;
  };
  it('are policies of buckets and keys, for whom holds such a duty and for whom was not found to', () => {
    const policies = ['bucket policies and access points (S3)', 'key policies and grants (KMS)'];
    expect(withKeys([{ account: 'a', pattern: keys }])).toEqual(policies);
    expect(withKeys([{ account: 'a', pattern: deploy }])).toEqual(policies);
    expect(withKeys([{ account: 'a', pattern: deploy }], { sight: () => [{ what: 'aws', reason: null }] })).toEqual([
      'aws: nothing reads it',
    ]);
  });
  it('is where else somebody who resets factors can sign in as others', () => {
    const reset: PermissionPattern = { system: 'idp', permission: 'reset-factor' };
    const made = input([{ account: 'a', pattern: write }]);
    const resets = [...made.view.reaching(write).values()][0]!.map((way) => ({ ...way, account: 'b' }));
    const view: ConflictInput['view'] = {
      reaching: (pattern) => (JSON.stringify(pattern) === JSON.stringify(reset) ? new Map([['b', resets]]) : made.view.reaching(pattern)),
    };
    expect(outcome({ ...made, view }).separations[0]?.notEvaluated).toEqual([
      'as whom else he can sign in to table deploy.users, by the identity provider whose factors he can reset',
    ]);
    expect(outcome(made).separations[0]?.notEvaluated).toEqual([]);
  });
});

const Rights = fc.array(
  fc.record({
    account: fc.constantFrom('a', 'b', 'c'),
    pattern: fc.constantFrom(write, deploy),
    system: fc.constantFrom('x', 'y'),
    on: fc.constantFrom(null, 'acme', 'initech'),
  }),
  { maxLength: 6 },
);
const Accounts = fc.tuple(
  ...['a', 'b', 'c'].map((id) =>
    fc
      .record({
        owner: fc.constantFrom('hr:E-1', 'hr:E-2'),
        unresolved: fc.boolean(),
      })
      .map(({ owner, unresolved }) => account(id, unresolved ? { kind: 'unresolved', owner: null, candidates: [owner] } : { owner })),
  ),
);
const conflicted = (of: ConflictInput) =>
  new Set(
    outcome(of)
      .separations.filter(({ conflict }) => conflict === true)
      .map(({ holder }) => holder),
  );

describe('a conflict', () => {
  it('is never removed by one more permission', () => {
    fc.assert(
      fc.property(Rights, Rights, Accounts, fc.constantFrom(...scopes), (rights, more, accounts, scope) => {
        const before = conflicted(input(rights, { accounts, scope }));
        const after = conflicted(input([...rights, ...more], { accounts, scope }));
        return before.isSubsetOf(after);
      }),
    );
  });
  it('never vanishes since something is unknown, and unknown is never none', () => {
    fc.assert(
      fc.property(
        Rights,
        Accounts,
        fc.constantFrom(...scopes),
        fc.constantFrom('stale', 'access-denied', null),
        (rights, accounts, scope, reason) => {
          const known = outcome(input(rights, { accounts, scope }));
          const blurred = outcome(input(rights, { accounts, scope, sight: () => [{ what: 'x', reason }] }));
          expect(blurred.separations.map(({ holder }) => holder)).toEqual(known.separations.map(({ holder }) => holder));
          for (const [index, { conflict }] of blurred.separations.entries())
            expect(conflict === true).toBe(known.separations[index]?.conflict === true);
          expect(blurred.separations.filter(({ conflict }) => conflict === false)).toEqual([]);
        },
      ),
    );
  });
});
