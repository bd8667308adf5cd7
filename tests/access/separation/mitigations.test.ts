import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mitigationsOf, type StandingInput, standingOf } from '../../../src/access/separation/mitigations.ts';
import type { DecisionActor, RecordedDecision } from '../../../src/model/decision.ts';
import type { LatestResult } from '../../../src/model/derived.ts';
import { decided } from '../../run/entity/entity-kit.ts';

const at = '2026-01-15T12:00:00.000Z';
const signed = (person: string): DecisionActor => ({ name: person, authentication: 'personal-key', person });
const register = (id: string, email?: string): RecordedDecision =>
  decided({
    type: 'register-person',
    person: { id, name: id, roles: ['management'], keys: ['k'], ...(email === undefined ? {} : { email }) },
  });
const persons = [
  { id: 'hr:E-1', name: 'Ana', emails: ['ana@example.com'] },
  { id: 'hr:E-2', name: 'Bo', emails: ['bo@example.com'] },
  { id: 'hr:cara', name: 'Cara', emails: [] },
];
const registered = [
  register('ana', 'ana@example.com'),
  register('bo', 'Bo@example.com'),
  register('cara'),
  register('dan', 'dan@example.org'),
];
const mitigation = {
  id: 'M-00000001',
  rule: 'SOD-04',
  persons: ['hr:E-1'],
  control: 'AC-15',
  check: { id: 'aws/trail-is-logging', source: null, subject: 'aws:1/trail/main' },
  owner: 'bo',
  reason: 'small team',
  from: '2026-01-01T00:00:00.000Z',
  expires: '2026-02-01T00:00:00.000Z',
};
const asked = (approver: DecisionActor | null = signed('cara'), more: Partial<typeof mitigation> = {}): RecordedDecision =>
  decided(
    { type: 'mitigate', mitigation: { ...mitigation, ...more } },
    {
      at: '2026-01-02T00:00:00.000Z',
      actor: signed('bo'),
      needsApproval: true,
      approval: approver === null ? null : { index: 8, at: '2026-01-03T00:00:00.000Z', actor: approver },
    },
  );
const passing: LatestResult = {
  check: 'aws/trail-is-logging',
  source: 'aws:1',
  subject: 'aws:1/trail/main',
  outcome: 'pass',
  asOf: '2026-01-15T06:00:00.000Z',
  index: 3,
  until: null,
};
function standing(decisions: readonly RecordedDecision[], more: Partial<StandingInput> = {}, holder = 'hr:E-1') {
  const all = [...registered, ...decisions];
  return standingOf({ rule: 'SOD-04', holder }, mitigationsOf(all), { at, decisions: all, persons, results: [passing], ...more });
}

describe('a mitigation', () => {
  it('is in force while another approved it and its own check passes', () => {
    expect(standing([asked()])).toMatchObject({ id: 'M-00000001', standing: 'in-force', approvedBy: 'cara', expires: mitigation.expires });
  });
  it.each([
    ['nobody approved it', [asked(null)], {}, 'unproven', /no second person/],
    ['who approved it is whom it is for', [asked(signed('ana'))], {}, 'unproven', /the one it is for/],
    ['who approved it had asked for it', [asked(signed('bo'))], {}, 'unproven', /had asked for it/],
    ['who approved it is nobody of the roster', [asked(signed('dan'))], {}, 'unproven', /cannot be told/],
    ['who approved it did not sign', [asked({ name: 'Cara', authentication: 'none', person: null })], {}, 'unproven', /not authenticated/],
    ['it expired', [asked()], { at: '2026-02-01T00:00:00.000Z' }, 'expired', /expired/],
    [
      'somebody ended it',
      [asked(), decided({ type: 'end-mitigation', mitigation: mitigation.id }, { at: '2026-01-10T00:00:00.000Z' })],
      {},
      'expired',
      /ended/,
    ],
    ['its check fails', [asked()], { results: [{ ...passing, outcome: 'fail' as const }] }, 'failing', /fails/],
    ['its check has no evidence', [asked()], { results: [{ ...passing, outcome: 'no-evidence' as const }] }, 'unproven', /no-evidence/],
    ['its check says nothing', [asked()], { results: [] }, 'unproven', /no result/],
    ['nobody looked at its check', [asked()], { results: undefined }, 'unproven', /no result/],
    ['its check said so a week ago', [asked()], { results: [{ ...passing, asOf: '2026-01-08T00:00:00.000Z' }] }, 'unproven', /too old/],
    ['the verdict has ended', [asked()], { results: [{ ...passing, until: '2026-01-15T11:00:00.000Z' }] }, 'unproven', /too old/],
    ['its check passes for another', [asked()], { results: [{ ...passing, subject: 'aws:1/trail/other' }] }, 'unproven', /no result/],
  ] as const)('does not count where %s', (_, decisions, more, wanted, words) => {
    const found = standing(decisions, more as Partial<StandingInput>);
    expect(found.standing).toBe(wanted);
    expect(found.reason).toMatch(words);
  });
  it('is for those it names, or for everybody', () => {
    expect(standing([asked()], {}, 'hr:E-9').standing).toBe('none');
    expect(standing([decided({ type: 'mitigate', mitigation: { ...mitigation, persons: null } })], {}, 'hr:E-9').standing).toBe('unproven');
  });
  it('counts as the best there is', () => {
    expect(standing([asked(null, { id: 'M-00000002' }), asked()]).id).toBe('M-00000001');
  });
  it('taken away leaves no better standing than there was', () => {
    const order = ['in-force', 'failing', 'unproven', 'expired', 'none'];
    const Asked = fc.record({
      approver: fc.constantFrom('ana', 'bo', 'cara', null),
      expires: fc.constantFrom('2026-01-10T00:00:00.000Z', mitigation.expires),
    });
    fc.assert(
      fc.property(fc.array(Asked, { minLength: 1, maxLength: 4 }), fc.nat(), (list, which) => {
        const decisions = list.map(({ approver, expires }, index) =>
          asked(approver === null ? null : signed(approver), { id: `M-0000000${index}`, expires }),
        );
        const rest = decisions.filter((_, index) => index !== which % decisions.length);
        return order.indexOf(standing(rest).standing) >= order.indexOf(standing(decisions).standing);
      }),
    );
  });
});
