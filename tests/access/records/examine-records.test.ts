import { describe, expect, it } from 'vitest';
import { examineRecords } from '../../../src/access/records/examine-records.ts';
import { listItems } from '../../../src/access/records/list-records.ts';
import type { RecordedDecision } from '../../../src/model/decision.ts';
import type { DerivedInput, SeenType } from '../../../src/model/derived.ts';
import type { JsonObject } from '../../../src/model/json.ts';

const examples = { holds: { a: { rows: {} } }, fails: { a: { rows: {} } } };
const once = { id: 'ONCE', title: 'once', kind: 'unique', severity: 'high', rationale: 'r', over: 'pay.payments', key: 'ref', examples };
const settings = {
  records: {
    tables: [{ name: 'pay.payments', of: 'table', columns: { ref: { type: 'text', optional: false } } }],
    examinations: [
      { examination: once, origin: 'own', blocked: null },
      { examination: { ...once, id: 'BLOCKED' }, origin: 'library', blocked: 'no table is declared' },
    ],
    leftOut: [],
  },
} as unknown as JsonObject;
const seen = (rows: readonly (string | null)[], incomplete: SeenType['incomplete'] = null): SeenType => ({
  type: 'tabular.record',
  member: 'tabular:pay.payments',
  scope: 'tabular:pay.payments',
  collector: 'tabular/tabular-record',
  index: 1,
  asOf: '2026-01-15T00:00:00.000Z',
  incomplete,
  resources: rows.map((ref, index) => ({
    type: 'tabular.record',
    id: `row-${index}`,
    display: `P-${index}`,
    fields: { table: 'pay.payments', key: `P-${index}`, ...(ref === null ? {} : { values: { ref } }) },
    unread: ref === null ? { values: 'malformed-reply' as const } : {},
  })),
});
const base: DerivedInput = {
  entity: 'entity:acme',
  at: '2026-01-15T12:00:00.000Z',
  through: 9,
  settings,
  seen: [],
  missing: [],
  notConnected: [],
  events: [],
  decisions: [],
  results: [],
};
const listed = (input: Partial<DerivedInput>) => {
  const { examinations, records } = listItems(examineRecords({ ...base, ...input }));
  return { whole: examinations.find(({ examination }) => examination === 'ONCE'), blocked: examinations[0], records };
};
const actor = (person: string) => ({ name: person, authentication: 'personal-key' as const, person });
const explanation = (over: { approved: boolean; expires: string | null }): RecordedDecision => ({
  index: 5,
  at: '2026-01-10T00:00:00.000Z',
  actor: actor('fiona'),
  subjects: [],
  reason: 'r',
  payload: { type: 'explain-record', examination: 'ONCE', record: 'P-1', explanation: 'two contracts', expires: over.expires },
  signature: null,
  needsApproval: true,
  approval: over.approved ? { index: 6, at: '2026-01-11T00:00:00.000Z', actor: actor('tariq') } : null,
  ended: null,
});

describe('examinations over a log', () => {
  it('say how many were examined, and name each that fails', () => {
    const { whole, records } = listed({ seen: [seen(['a', 'a', 'b'])] });
    expect(whole?.population).toMatchObject({ examined: 3, failing: 1, explained: 0 });
    expect(records).toMatchObject([{ name: 'P-1', why: 'ref as in P-0: a', state: 'fails' }]);
  });
  it('leave unread what was not seen whole, and find what fails in it all the same', () => {
    const { whole, records } = listed({ seen: [seen(['a', 'a'], 'truncated')] });
    expect(whole).toMatchObject({ population: null, unread: 'truncated' });
    expect(records.map(({ name }) => name)).toEqual(['P-1']);
  });
  it('name a row that could not be read, and leave the whole unread', () => {
    const { whole, records } = listed({ seen: [seen(['a', null])] });
    expect(whole).toMatchObject({ population: null, unread: 'malformed-reply' });
    expect(records).toMatchObject([{ name: 'P-1', state: 'unknown' }]);
  });
  it('never pass over a table that nobody read, or that is not there', () => {
    expect(listed({}).whole).toMatchObject({ population: null, unread: 'not-collected' });
    expect(listed({}).blocked).toMatchObject({ examination: 'BLOCKED', population: null, blocked: 'no table is declared' });
    const missing = [{ type: 'tabular.record', member: 'tabular:pay.payments', reason: 'access-denied' as const }];
    expect(listed({ missing }).whole?.unread).toBe('access-denied');
  });
  it('take an explanation that a second person approved, for as long as it holds', () => {
    const state = (over: { approved: boolean; expires: string | null }) =>
      listed({ seen: [seen(['a', 'a'])], decisions: [explanation(over)] }).records[0]?.state;
    expect(state({ approved: true, expires: null })).toBe('explained');
    expect(state({ approved: true, expires: '2026-01-15' })).toBe('explained');
    expect(state({ approved: true, expires: '2026-01-14' })).toBe('fails');
    expect(state({ approved: false, expires: null })).toBe('fails');
  });
});
