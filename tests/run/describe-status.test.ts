import { describe, expect, it } from 'vitest';
import type { CheckSummary, LatestCollection, StatusSummary } from '../../src/index/read-status.ts';
import { Control } from '../../src/model/control.ts';
import type { PlanDetail } from '../../src/model/plan.ts';
import { controlStatus } from '../../src/run/describe-status.ts';
import type { HeldToNow } from '../../src/run/hold-to-now.ts';

const none = { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 };
const control = Control.parse({
  id: 'AC-06',
  statement: 'Keys are young.',
  frequency: 'continuous',
  satisfies: {},
  covers: ['aws.iam.credential', 'github.deploy-key'],
  checks: ['aws/key-is-young', 'github/key-is-young'],
});
const digest = `sha256:${'0'.repeat(64)}`;
const check = (id: string, subject: string): PlanDetail['checks'][number] => ({
  id,
  claim: 'Young.',
  severity: 'high',
  subject,
  parameters: {},
  parametersDigest: digest,
  logic: digest,
  remediation: { console: '', cli: '', terraform: '' },
  controls: ['AC-06'],
});
const plan: PlanDetail = {
  v: 1,
  version: '0',
  configuration: {},
  sources: [{ kind: 'aws', name: 'aws', members: ['aws:1'] }],
  collectors: [
    {
      id: 'aws/credentials',
      title: '',
      kind: 'state',
      scope: 'account',
      yields: ['aws.iam.credential'],
      permissions: [],
      logic: digest,
      grade: 'source-direct',
    },
  ],
  checks: [check('aws/key-is-young', 'aws.iam.credential'), check('github/key-is-young', 'github.deploy-key')],
  controls: [control],
  criteria: [],
  objectives: [],
  absentTypes: [{ type: 'github.deploy-key', reason: 'we use another code host', by: 'A. Iyer', from: '2026-01-01' }],
  scopeRules: [],
};
const row = (counts: Partial<typeof none>, more: Partial<CheckSummary> = {}): CheckSummary => ({
  source: 'aws:1',
  check: 'aws/key-is-young',
  parametersDigest: digest,
  parameters: '{}',
  logic: digest,
  subjectType: 'aws.iam.credential',
  severity: 'high',
  counts: { ...none, ...counts },
  until: null,
  asOf: '2026-01-01T00:00:00.000Z',
  ...more,
});
const collection = (scope: string, sourceAsOf: string): LatestCollection => ({
  index: 1,
  collector: 'aws/credentials',
  scope,
  source: 'aws:1',
  at: sourceAsOf,
  finishedAt: '2026-01-09T00:00:00.000Z',
  sourceAsOf,
  items: 1,
  reasons: [],
  clockSuspect: false,
  unofficialHosts: [],
  differences: [],
});
function status(checks: CheckSummary[], more: Partial<HeldToNow> = {}, of: PlanDetail = plan) {
  const collections = [collection('aws:1', '2026-01-05T00:00:00.000Z'), collection('aws:1/x', '2026-01-03T00:00:00.000Z')];
  const summary = { checks, collections } as unknown as StatusSummary;
  return controlStatus(control, of, { summary, unentered: [], stale: new Set(), ended: new Set(), ...more });
}

describe('where a control stands', () => {
  it('sums its checks over all sources, and is as old as its oldest evidence', () => {
    const found = status([
      row({ pass: 2 }),
      row({ pass: 1, empty: 1 }, { source: 'aws:2' }),
      row({ fail: 9 }, { parametersDigest: 'other' }),
    ]);
    expect(found).toMatchObject({ state: 'no-failures-observed', counts: { pass: 3, fail: 0 }, evidenceAsOf: '2026-01-03T00:00:00.000Z' });
  });
  it('tells failures by severity', () => {
    expect(status([row({ pass: 2, fail: 2 })])).toMatchObject({ state: 'failures-observed', failures: { critical: 0, high: 2 } });
  });
  it('asks nothing of a check over what is declared absent, and says that it is declared', () => {
    expect(status([row({ pass: 1 })]).reasons).toEqual(['github.deploy-key: declared absent by management']);
    const undeclared = status([row({ pass: 1 })], {}, { ...plan, absentTypes: [] });
    expect(undeclared.state).toBe('no-evidence');
    expect(undeclared.reasons).toEqual(['github/key-is-young has not been evaluated', 'github.deploy-key is not collected']);
  });
  it('has no evidence while a source it speaks for was never entered, unless a failure was seen', () => {
    const unentered = [{ kind: 'aws', name: 'second', members: null }];
    const found = status([row({ pass: 1 })], { unentered });
    expect(found.state).toBe('no-evidence');
    expect(found.reasons.join()).toContain('source aws "second" has never been entered');
    expect(status([row({ fail: 1 })], { unentered }).state).toBe('failures-observed');
    expect(status([row({ pass: 1 })], { unentered: [{ kind: 'gitlab', name: 'x', members: null }] }).state).toBe('no-failures-observed');
  });
  it('says what is too old and what has ended', () => {
    const reasons = status([row({ pass: 1 })], {
      stale: new Set(['aws:1', 'aws:9']),
      ended: new Set([`aws:1 aws/key-is-young ${digest}`]),
    }).reasons;
    expect(reasons).toContain('aws:1 was last judged too long ago');
    expect(reasons).toContain('aws/key-is-young: verdicts of aws:1 have ended');
    expect(reasons.join()).not.toContain('aws:9');
  });
  it('has no evidence where nothing was evaluated', () => {
    expect(status([]).state).toBe('no-evidence');
  });
});
