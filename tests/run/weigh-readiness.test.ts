import { describe, expect, it } from 'vitest';
import { Control } from '../../src/model/control.ts';
import type { PlanDetail } from '../../src/model/plan.ts';
import type { Unreadable } from '../../src/model/readiness.ts';
import { type ReadinessInput, weighReadiness } from '../../src/run/weigh-readiness.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const topic = (id: string) => ({ id, area: 'Access', text: `What ${id} asks.`, risk: null });
const control = (id: string, more: object = {}) =>
  Control.parse({ id, statement: `${id} is done.`, frequency: 'continuous', satisfies: {}, ...more });
const check = (id: string, controls: string[], more: Partial<PlanDetail['checks'][number]> = {}): PlanDetail['checks'][number] => ({
  id,
  claim: `${id} holds`,
  severity: 'high',
  subject: 'aws.iam.user',
  parameters: {},
  parametersDigest: digest,
  logic: digest,
  remediation: { console: 'a', cli: 'b', terraform: 'c' },
  controls,
  ...more,
});
const denied = (controls: string[]): Unreadable => ({
  kind: 'not-read',
  about: 'aws/iam-users in aws:1',
  why: 'access-denied at iam:ListUsers',
  reason: 'access-denied',
  permissions: ['iam:ListUsers'],
  controls,
});
function weigh(more: Partial<ReadinessInput>) {
  return weighReadiness({
    report: 'soc2',
    topics: [topic('CC6.1')],
    controls: [],
    plan: { checks: [] },
    shows: new Map(),
    failing: new Map(),
    unreadable: [],
    untouched: false,
    ...more,
  });
}
const shows = (state: 'failures-observed' | 'no-evidence' | 'no-failures-observed' | 'did-not-operate', ...reasons: string[]) => ({
  state,
  reasons,
});

describe('a criterion', () => {
  it('is missing without any control, and somebody has to write one', () => {
    const { topics, steps } = weigh({});
    expect(topics).toMatchObject([{ state: 'missing', shows: null }]);
    expect(steps).toMatchObject([{ effort: 'write-control', topics: ['CC6.1'] }]);
  });
  it('is not covered by a supporting link, an unrelated report or a proposed control', () => {
    const controls = [
      control('A', { status: 'adopted', satisfies: { soc2: [{ id: 'CC6.1', as: 'supporting', because: 'it helps' }] } }),
      control('B', { status: 'adopted', satisfies: { soc1: ['CC6.1'] } }),
      control('C', { satisfies: { soc2: ['CC6.1'] } }),
    ];
    expect(weigh({ controls }).topics).toMatchObject([{ state: 'proposed', adopted: [], proposed: ['C'], supporting: ['A'], shows: null }]);
    expect(weigh({ controls: controls.slice(0, 2) }).topics).toMatchObject([{ state: 'missing' }]);
  });
  it('shows the worst of its adopted controls, and one never judged shows no evidence', () => {
    const controls = ['A', 'B', 'C'].map((id) => control(id, { status: 'adopted', satisfies: { soc2: ['CC6.1'] } }));
    const of = (states: [string, ReturnType<typeof shows>][]) => weigh({ controls, shows: new Map(states) }).topics[0]?.shows;
    const good = shows('no-failures-observed');
    expect(of([['A', good], ['B', good], ['C', good]])).toBe('no-failures-observed'); // biome-ignore format: rows
    expect(of([['A', good], ['B', good]])).toBe('no-evidence'); // biome-ignore format: rows
    expect(of([['A', good], ['B', shows('did-not-operate')], ['C', good]])).toBe('did-not-operate'); // biome-ignore format: rows
    expect(of([['A', good], ['B', shows('failures-observed')]])).toBe('failures-observed'); // biome-ignore format: rows
  });
});

describe('steps', () => {
  const evidence = [{ what: 'Roster', from: 'people operations', frequency: 'monthly' }];
  const controls = [
    control('ADOPTED', { status: 'adopted', owner: 'platform', satisfies: { soc2: ['CC6.1'] }, checks: ['aws/a', 'aws/b'], evidence }),
    control('SHOWS', { satisfies: { soc2: ['CC6.2'] }, checks: ['aws/c'] }),
    control('HIDES', { satisfies: { soc2: ['CC6.3'] }, checks: ['aws/d'] }),
    control('SPARE', { satisfies: { soc2: ['CC6.1'] }, checks: ['aws/e'], evidence }),
  ];
  const input: Partial<ReadinessInput> = {
    topics: ['CC6.1', 'CC6.2', 'CC6.3', 'CC6.4'].map(topic),
    controls,
    plan: {
      checks: [
        check('aws/a', ['ADOPTED'], { severity: 'low' }),
        check('aws/b', ['ADOPTED'], { severity: 'critical' }),
        check('aws/c', ['SHOWS']),
        check('aws/d', ['HIDES']),
        check('aws/e', ['SPARE']),
      ],
    },
    shows: new Map([
      ['ADOPTED', shows('failures-observed')],
      ['SHOWS', shows('no-failures-observed')],
      ['HIDES', shows('failures-observed', 'aws/d: 2 subjects fail')],
    ]),
    failing: new Map(['aws/a', 'aws/b', 'aws/d', 'aws/e'].map((id) => [`${id} ${digest}`, { subjects: 2, sources: ['aws:1'] }])),
    unreadable: [
      denied(['ADOPTED']),
      { ...denied(['ADOPTED']), why: 'rate-limited', reason: 'rate-limited', permissions: [] },
      { ...denied(['HIDES']), kind: 'type-not-collected', about: 'queue (aws.sqs.queue)', reason: 'not-collected' },
      denied(['SPARE']),
    ],
  };
  it('stand in order of effort, failures by severity within theirs', () => {
    expect(weigh(input).steps.map(({ effort, severity, controls: of }) => [effort, severity, ...of])).toEqual([
      ['collect', null, 'ADOPTED'],
      ['mend-setting', 'critical', 'ADOPTED'],
      ['mend-setting', 'high', 'HIDES'],
      ['mend-setting', 'low', 'ADOPTED'],
      ['adopt-showing', null, 'SHOWS'],
      ['grant-access', null, 'ADOPTED'],
      ['settle-type', null, 'HIDES'],
      ['adopt-not-showing', null, 'HIDES'],
      ['gather-by-hand', null, 'ADOPTED'],
      ['write-control', null],
    ]);
  });
  it('leave out a proposed control whose criterion an adopted one speaks to, and everything of it', () => {
    const weighed = weigh(input);
    expect(JSON.stringify(weighed.steps)).not.toContain('SPARE');
    expect(weighed.controls.map(({ id }) => id)).toEqual(['ADOPTED', 'SHOWS', 'HIDES']);
    expect(weighed.failures.map(({ check: id }) => id)).not.toContain('aws/e');
    expect(weighed.unreadable).toHaveLength(3);
    expect(weighed.manual).toEqual([{ control: 'ADOPTED', status: 'adopted', owner: 'platform', ...evidence[0] }]);
  });
  it('name what to grant, who gathers, and why a proposed control does not show', () => {
    const text = weigh(input).steps.map((step) => step.text);
    expect(text).toContain('aws/iam-users in aws:1: access-denied at iam:ListUsers. Grant iam:ListUsers.');
    expect(text).toContain('ADOPTED: Roster, from people operations, monthly.');
    expect(text).toContain('HIDES: HIDES is done. Today: aws/d: 2 subjects fail.');
  });
  it('begin with collecting while nothing was collected or what was is too old', () => {
    expect(weigh({ ...input, untouched: true }).steps[0]).toMatchObject({ effort: 'collect', command: 'collect' });
    const old: Unreadable = { ...denied(['ADOPTED']), kind: 'too-old', about: 'aws:1', reason: 'stale', permissions: [] };
    expect(weigh({ ...input, unreadable: [old] }).steps[0]?.text).toContain('aws:1 is too old');
    expect(weigh({ ...input, unreadable: [] }).steps[0]?.effort).toBe('mend-setting');
  });
  it('say so where nothing evidences an adopted control', () => {
    const { steps } = weigh({ controls: [control('BARE', { status: 'adopted', satisfies: { soc2: ['CC6.1'] } })] });
    expect(steps).toMatchObject([{ effort: 'gather-by-hand', text: expect.stringContaining('no check serves it') }]);
  });
});
