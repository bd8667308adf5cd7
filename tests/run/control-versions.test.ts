import { describe, expect, it } from 'vitest';
import { Control } from '../../src/model/control.ts';
import type { PlanDetail } from '../../src/model/plan.ts';
import { controlVersions, type PlanVersion } from '../../src/run/control-versions.ts';

const period = { from: '2026-01-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
function plan(index: number, at: string, control: object, check: Partial<PlanDetail['checks'][number]> = {}): PlanVersion {
  return {
    index,
    at,
    detail: {
      v: 1,
      version: '0.0.0',
      configuration: {},
      sources: [],
      collectors: [],
      checks: [
        {
          id: 'aws/mfa',
          claim: 'it holds',
          severity: 'high',
          subject: 'aws.user',
          parameters: {},
          parametersDigest: digest('0'),
          logic: digest('a'),
          remediation: { console: '', cli: '', terraform: '' },
          controls: ['AC-03'],
          ...check,
        },
      ],
      controls: [
        Control.parse({
          id: 'AC-03',
          status: 'adopted',
          statement: 'All have a second factor.',
          frequency: 'continuous',
          satisfies: { soc2: ['CC6.1'] },
          ...control,
        }),
      ],
      criteria: [],
      objectives: [],
      absentTypes: [],
      scopeRules: [],
    },
  };
}
const tolerance = (detectAndFix: string) => ({ tolerance: { detectAndFix } });
const versionsOf = (...plans: PlanVersion[]) => controlVersions(plans, period).get('AC-03') ?? [];

describe('versions of a control', () => {
  it('are one stretch while nothing about it changes, whatever else a plan says', () => {
    const same = [plan(3, '2025-12-01T00:00:00.000Z', {}), plan(9, '2026-02-01T00:00:00.000Z', {})];
    expect(versionsOf(...same)).toMatchObject([{ number: 1, from: period.from, to: period.to, plan: 3, changes: [] }]);
  });

  it('say in sentences what is different', () => {
    const changed = versionsOf(
      plan(3, '2025-12-01T00:00:00.000Z', tolerance('PT24H')),
      plan(
        9,
        '2026-02-01T00:00:00.000Z',
        { ...tolerance('PT72H'), satisfies: { soc2: ['CC6.3'] }, owner: 'platform' },
        { logic: digest('b'), parameters: { days: 60 }, parametersDigest: digest('1') },
      ),
    );
    expect(changed.map(({ number, from, to, plan: entry }) => [number, from, to, entry])).toEqual([
      [1, period.from, '2026-02-01T00:00:00.000Z', 3],
      [2, '2026-02-01T00:00:00.000Z', period.to, 9],
    ]);
    expect(changed[1]?.changes).toEqual([
      'Tolerance changed from 24 h to 72 h.',
      'Owner changed from nobody to platform.',
      'Mapping to criterion CC6.1 removed.',
      'Mapping to criterion CC6.3 added.',
      'Parameters of aws/mfa changed from {} to {"days":60}.',
      'Logic of aws/mfa changed.',
    ]);
  });

  it('count only while it is adopted', () => {
    const proposed = plan(3, '2025-12-01T00:00:00.000Z', { status: 'proposed' });
    const adopted = plan(9, '2026-02-01T00:00:00.000Z', {});
    expect(versionsOf(proposed, adopted)).toMatchObject([{ from: '2026-02-01T00:00:00.000Z', to: period.to }]);
    const again = versionsOf(plan(2, '2025-12-01T00:00:00.000Z', {}), plan(5, '2026-01-15T00:00:00.000Z', { status: 'retired' }), adopted);
    expect(again).toHaveLength(2);
    expect(again[1]?.changes).toEqual(['Not in force from 2026-01-15T00:00:00.000Z to 2026-02-01T00:00:00.000Z.']);
  });

  it('begin with the first plan of a log for the time before it, too', () => {
    expect(versionsOf(plan(3, '2026-02-01T00:00:00.000Z', {}))).toMatchObject([{ from: period.from, to: period.to }]);
  });
});
