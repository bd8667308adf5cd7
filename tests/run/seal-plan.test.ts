import { describe, expect, it } from 'vitest';
import checks from '../../checks/index.generated.ts';
import collectors from '../../collectors/index.generated.ts';
import type { Collector } from '../../src/model/collector.ts';
import { planChecks } from '../../src/run/plan-checks.ts';
import { describePlan } from '../../src/run/seal-plan.ts';

const logic = `sha256:${'0'.repeat(64)}`;
const registries = {
  checks,
  collectors: collectors as readonly Collector<never>[],
  logicOf: () => logic,
  gradeOf: () => 'source-direct' as const,
};
const plan = describePlan({
  version: '0.0.0',
  configuration: {},
  sources: ['aws', 'github'].map((kind) => ({ kind, name: kind, members: null })),
  registries,
  checks: planChecks(registries, []),
  controls: [],
  criteria: [],
  objectives: [],
  absentTypes: [],
  scopeRules: [],
});
const collector = (id: string) => plan.collectors.find((one) => one.id === id);

describe('a plan', () => {
  it('tells per type which events change it, and of which every window has all', () => {
    expect(collector('aws/s3-buckets')?.changedBy?.['aws.s3.bucket']).toContain('s3.amazonaws.com:PutBucketPolicy');
    expect(collector('aws/ec2-vpcs')?.changedBy).toBeUndefined();
    expect(collector('aws/cloudtrail-events')?.carries).toContain('s3.amazonaws.com:PutBucketPolicy');
    // A trail may record less than everything: its files promise nothing.
    expect(collector('aws/cloudtrail-log-files')?.carries).toBeUndefined();
  });

  it.each([
    [
      'github/organisation-requires-two-factor',
      ['github:org.disable_two_factor_requirement'],
      ['github:org.enable_two_factor_requirement'],
    ],
    ['aws/trail-is-logging', ['cloudtrail.amazonaws.com:StopLogging'], ['cloudtrail.amazonaws.com:StartLogging']],
  ])('tells what surely breaks and mends %s', (id, breaks, mends) => {
    const check = checks.find((one) => one.id === id);
    expect(check?.changes).toEqual({ breaks, mends });
    expect(plan.checks.filter((one) => one.id === id).map(({ changes }) => changes)).toEqual([{ breaks, mends }]);
  });
});
