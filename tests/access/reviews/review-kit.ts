import type { DecisionPayload, RecordedDecision, ReviewRecord } from '../../../src/model/decision.ts';
import type { DerivedInput, SeenType } from '../../../src/model/derived.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { ReviewSettings } from '../../../src/model/review-settings.ts';

/** A small company: Mia leads Omar and Petra; Omar owns the code, Petra grants access in it. */
export const settings = ReviewSettings.parse({
  reviewers: [
    { id: 'mia', person: 'hr:E-100', from: '2026-01-01' },
    { id: 'omar', person: 'hr:E-104', from: '2026-01-01' },
    { id: 'petra', person: 'hr:E-107', from: '2026-01-01', until: '2026-06-30' },
    { id: 'rita', outside: 'an external reviewer', from: '2026-01-01' },
  ],
  systems: [
    { name: 'code', match: ['github:*'], owner: 'omar', provisioners: ['petra'] },
    { name: 'bank', match: ['tabular:bank.*'], owner: 'petra' },
  ],
  out: [{ match: ['tabular:survey.*'], because: 'anonymous' }],
  reviews: [
    { id: 'quarterly', title: 'Quarterly review', controls: ['AC-12'], frequency: 'quarterly', first: '2026-01-01', otherwise: ['rita'] },
  ],
});

type Fields = Record<string, unknown>;
export const person = (id: string, name: string, manager: string | null, more: Fields = {}) => ({
  person: id,
  name,
  emails: [`${name.toLowerCase()}@example.com`],
  status: 'active',
  manager,
  ...more,
});
export const persons = [
  person('hr:E-100', 'Mia', null),
  person('hr:E-104', 'Omar', 'hr:E-100'),
  person('hr:E-107', 'Petra', 'hr:E-100'),
  person('hr:E-110', 'Dan', 'hr:E-104'),
];
export const account = (id: string, owner: string | null, more: Fields = {}): Fields => ({
  account: id,
  system: id.slice(0, id.indexOf('/')),
  type: 'github.member',
  login: id.slice(id.lastIndexOf('/') + 1),
  kind: owner === null ? 'unresolved' : 'person',
  owner,
  candidates: [],
  sharedWith: [],
  live: true,
  lastUsed: null,
  tellsUse: false,
  ownerPerson: owner === null ? null : { id: owner, name: owner, status: 'active', endsOn: null },
  service: null,
  ...more,
});
export const entitlement = (id: string, of: string, more: Fields = {}): Fields => ({
  entitlement: id,
  account: of,
  system: of.slice(0, of.indexOf('/')),
  permission: 'write',
  on: 'acme/payroll',
  path: [{ kind: 'account', id: of, name: of, says: 'is a member of the organisation' }],
  privileged: false,
  means: 'can change the code',
  notEvaluated: [],
  ...more,
});
export const accounts = [
  account('github:9919/member/dan', 'hr:E-110'),
  account('github:9919/member/omar', 'hr:E-104'),
  account('github:9919/member/ghost', null, { candidates: ['hr:E-100'] }),
  account('tabular:bank.users/petra', 'hr:E-107'),
];
export const entitlements = [
  entitlement('e1', 'github:9919/member/dan'),
  entitlement('e2', 'github:9919/member/omar', { privileged: true, permission: 'admin', means: 'can lift the protection' }),
  entitlement('e3', 'tabular:bank.users/petra', { permission: 'payments.release', on: null }),
];

export function seen(type: string, list: readonly Fields[], more: Partial<SeenType> = {}): SeenType {
  const noun = type.slice('entity.'.length);
  return {
    type,
    member: 'entity:acme',
    scope: 'entity:acme',
    collector: `entity/${noun}`,
    index: 10,
    asOf: '2026-01-05T00:00:00.000Z',
    resources: list.map((fields) => ({
      type,
      id: `entity:acme/${noun}/${String(fields[noun] ?? fields['person'] ?? fields['account'])}`,
      display: 'x',
      fields,
      unread: {},
    })),
    incomplete: null,
    ...more,
  };
}
export const rosters = (
  given: { persons?: readonly Fields[]; accounts?: readonly Fields[]; entitlements?: readonly Fields[] } = {},
): SeenType[] => [
  seen('entity.person', given.persons ?? persons),
  seen('entity.account', given.accounts ?? accounts),
  seen('entity.entitlement', given.entitlements ?? entitlements),
];

export function decided(index: number, at: string, by: string, payload: DecisionPayload, authenticated = true): RecordedDecision {
  return {
    index,
    at,
    actor: { name: by, authentication: authenticated ? 'personal-key' : 'none', person: authenticated ? by : null },
    subjects: [],
    reason: 'for the test',
    payload,
    signature: null,
    needsApproval: false,
    approval: null,
    ended: null,
  };
}
export function recordOf(count: number, more: Partial<ReviewRecord> = {}): ReviewRecord {
  const system = (name: string) => ({
    system: name,
    collections: [1],
    accounts: 1,
    lines: 1,
    complete: true,
    reconciliation: [],
    since: null,
  });
  return {
    id: 'quarterly/2026-q1',
    definition: 'quarterly',
    occasion: '2026-q1',
    systems: [system('github:9919'), system('tabular:bank.users')],
    count,
    digest: `sha256:${'0'.repeat(64)}`,
    opened: '2026-04-01T08:00:00.000Z',
    due: '2026-04-16T00:00:00.000Z',
    ...more,
  };
}
export function inputOf(
  decisions: readonly RecordedDecision[],
  at: string,
  given: SeenType[] = rosters(),
  missing: DerivedInput['missing'] = [],
): DerivedInput {
  return {
    entity: 'entity:acme',
    at,
    through: 100,
    settings: { reviews: JSON.parse(JSON.stringify(settings)) } as JsonObject,
    seen: given,
    missing,
    notConnected: [],
    events: [],
    decisions,
  };
}
