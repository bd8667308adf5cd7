import { describe, expect, it } from 'vitest';
import { defaultRuler } from '../../src/config/engagements.ts';
import { dueBy } from '../../src/history/due-by.ts';
import { type DeviationInput, findDeviations } from '../../src/history/find-deviations.ts';
import { missedTurns } from '../../src/history/missed-turns.ts';
import { controlPeriodState, countFound, topicState } from '../../src/history/roll-up.ts';
import { Control } from '../../src/model/control.ts';
import type { RecordedDecision } from '../../src/model/decision.ts';
import type { ControlStretch, Episode, Metrics } from '../../src/model/history.ts';

const hour = 3_600_000;
const iso = (time: number) => new Date(time).toISOString();
const begin = Date.parse('2026-03-01T00:00:00.000Z');
const through = Date.parse('2026-04-01T00:00:00.000Z');
const control = (more: object = {}) =>
  Control.parse({
    id: 'AC-03',
    status: 'adopted',
    statement: 'All have a second factor.',
    frequency: 'continuous',
    satisfies: { soc2: ['CC6.1'] },
    ...more,
  });
const version = (more: object = {}, from = begin, number = 1): ControlStretch => ({
  number,
  from: iso(from),
  to: iso(through),
  plan: 0,
  control: control(more),
  checks: [],
  changes: [],
});
const episode = (from: number, hours: number, more: Partial<Episode> = {}): Episode => ({
  id: `E-${from}`,
  series: { source: 'aws:1', check: 'aws/mfa', parametersDigest: 'sha256:0' },
  subject: 'aws:1/user/1',
  display: 'dana',
  severity: 'high',
  observed: null,
  conservative: { from: iso(from), to: iso(from + hours * hour) },
  exact: { from: null, to: null },
  carriedIn: false,
  openAtEnd: false,
  readings: 1,
  flaps: 0,
  unseenMs: 0,
  messages: ['no second factor'],
  detectedAt: iso(from + hour),
  evidence: { first: 1, last: 2, events: [] },
  waivers: [],
  actors: [],
  ...more,
});
const input = (more: Partial<DeviationInput> = {}): DeviationInput => ({
  period: { ruler: defaultRuler, zone: 'Europe/Berlin' },
  through,
  versions: [version({ tolerance: { detectAndFix: 'PT24H' } })],
  episodes: [],
  occurrences: { total: 0, failing: [] },
  gaps: [],
  missed: [],
  decisions: [],
  ...more,
});
const found = (episodes: readonly Episode[], more: Partial<DeviationInput> = {}) =>
  findDeviations(input({ episodes: episodes.map((one) => ({ episode: one, atBirth: false, waivedMs: 0 })), ...more }));

describe('deviations', () => {
  it('are the episodes that last longer than the control of that time allows', () => {
    expect(found([episode(begin, 24)])).toEqual([]);
    expect(found([episode(begin, 25)])).toMatchObject([
      { kind: 'episode', allowedMs: 24 * hour, durationMs: 25 * hour, due: iso(begin + 24 * hour), late: true, version: 1 },
    ]);
    const looser = [
      version({ tolerance: { detectAndFix: 'PT24H' } }),
      version({ tolerance: { detectAndFix: 'PT72H' } }, begin + 100 * hour, 2),
    ];
    expect(found([episode(begin + 50 * hour, 48), episode(begin + 200 * hour, 48)], { versions: looser })).toMatchObject([{ version: 1 }]);
  });

  it('take the instants of events where there are some', () => {
    const exact = { exact: { from: iso(begin + hour), to: iso(begin + 2 * hour) } };
    expect(found([episode(begin, 48, exact)])).toEqual([]);
  });

  it('are every episode of a control that allows none; the SLA of the ruler says by when it is due', () => {
    const [one] = found([episode(begin, 1)], { versions: [version()] });
    expect(one).toMatchObject({ allowedMs: null, due: iso(begin + hour + 72 * hour), late: false });
    expect(one?.because).toContain('allows no failure');
  });

  it('are not due before the control came into force, however long ago the failure was found', () => {
    const known = { ...episode(begin, 1), detectedAt: iso(begin - 30 * 24 * hour) };
    expect(found([known], { versions: [version()] })[0]).toMatchObject({ due: iso(begin + 72 * hour) });
  });

  it('give a new subject the grace of the ruler, and no more', () => {
    const period = { ruler: { ...defaultRuler, graceForNew: 'PT4H' }, zone: 'UTC' };
    const born = (hours: number) =>
      findDeviations(input({ period, versions: [version()], episodes: [{ episode: episode(begin, hours), atBirth: true, waivedMs: 0 }] }));
    expect(born(4)).toEqual([]);
    expect(born(5)).toHaveLength(1);
    expect(found([episode(begin, 4)], { period, versions: [version()] })).toHaveLength(1);
  });

  it('keep their ids, and stay listed when management calls them false positives', () => {
    const [one] = found([episode(begin, 30)]);
    expect(one?.id).toMatch(/^D-AC-03-[0-9a-f]{8}$/);
    const dispose = (approved: boolean): RecordedDecision => ({
      index: 40,
      at: iso(through),
      actor: { name: 'dana', authentication: 'personal-key', person: 'dana' },
      subjects: [],
      reason: 'a test account',
      payload: { type: 'dispose', deviation: one?.id ?? '', disposition: 'false-positive', cause: 'system' },
      signature: null,
      needsApproval: true,
      approval: approved ? { index: 41, at: iso(through), actor: { name: 'erik', authentication: 'none', person: null } } : null,
      ended: null,
    });
    const [open] = found([episode(begin, 30)], { decisions: [dispose(false)] });
    expect(open).toMatchObject({ id: one?.id, lifeCycle: { disposition: 'candidate', decisions: [{ index: 40, authenticated: true }] } });
    const dismissed = found([episode(begin, 30)], { decisions: [dispose(true)] });
    expect(dismissed).toMatchObject([{ id: one?.id, lifeCycle: { disposition: 'false-positive', cause: 'system' } }]);
    expect(countFound([episode(begin, 30)], [], dismissed)).toMatchObject({ episodes: 0, deviations: 0, dismissed: 1 });
  });

  it('hint at what comes back, gathers or lasts', () => {
    const many = [0, 100, 200, 300].map((hours) => episode(begin + hours * hour, 30));
    expect(found(many).every(({ markers }) => markers.includes('recurs') && markers.includes('concentrated'))).toBe(true);
    expect(found([episode(begin, 24 * 20)])[0]?.markers).toEqual(['persists']);
  });
});

describe('what is due', () => {
  const due = (at: string, businessDays: number, zone: string, holidays: string[] = []) =>
    iso(dueBy(Date.parse(at), { businessDays }, { workingDays: [1, 2, 3, 4, 5], holidays }, zone));

  it('in business days ends with the last of them, where the period is', () => {
    // A Friday evening in Berlin is a Friday there and a Friday in UTC; the second business day is Tuesday.
    expect(due('2026-03-06T21:00:00.000Z', 2, 'Europe/Berlin')).toBe('2026-03-10T23:00:00.000Z');
    // Half past midnight in Berlin is the next day already.
    expect(due('2026-03-05T23:30:00.000Z', 1, 'Europe/Berlin')).toBe('2026-03-09T23:00:00.000Z');
    expect(due('2026-03-06T12:00:00.000Z', 1, 'Europe/Berlin', ['2026-03-09'])).toBe('2026-03-10T23:00:00.000Z');
  });

  it('keeps its day when the clocks change', () => {
    // 29 March 2026: Berlin goes from UTC+1 to UTC+2; the day has 23 hours, and the due day ends at its own midnight.
    expect(due('2026-03-27T10:00:00.000Z', 1, 'Europe/Berlin')).toBe('2026-03-30T22:00:00.000Z');
    expect(due('2026-10-23T10:00:00.000Z', 1, 'Europe/Berlin')).toBe('2026-10-26T23:00:00.000Z');
    expect(due('2026-03-06T10:00:00.000Z', 1, 'America/New_York')).toBe('2026-03-10T04:00:00.000Z');
  });

  it('in hours is hours', () => {
    expect(iso(dueBy(Date.parse('2026-03-28T12:00:00.000Z'), { hours: 24 }, defaultRuler.calendar, 'Europe/Berlin'))).toBe(
      '2026-03-29T12:00:00.000Z',
    );
  });
});

describe('turns', () => {
  const quarterly = (occurred: readonly string[]) =>
    missedTurns(
      'quarterly',
      { from: Date.parse('2025-12-31T23:00:00.000Z'), to: Date.parse('2026-12-31T23:00:00.000Z') },
      'Europe/Berlin',
      occurred.map(Date.parse),
    ).map(({ from }) => iso(from));

  it('are those of the calendar where the period is, whatever the clocks do', () => {
    expect(quarterly(['2026-02-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'])).toEqual([
      '2026-06-30T22:00:00.000Z',
    ]);
    // The last hour of June in Berlin.
    expect(
      quarterly(['2026-02-01T00:00:00.000Z', '2026-06-30T21:30:00.000Z', '2026-09-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z']),
    ).toEqual([]);
  });

  it('do not exist for what runs all the time', () => {
    expect(missedTurns('continuous', { from: begin, to: through }, 'UTC', [])).toEqual([]);
  });
});

describe('roll-up', () => {
  const metrics: Metrics = {
    lifeMs: 10,
    byBasis: { corroborated: 0, inferred: 10, event: 0, transition: 0, reconstructed: 0, none: 0 },
    byOutcome: { pass: 10, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 },
    coverage: { corroborated: 0, inferred: 1, other: 0, none: 0 },
    longestGapMs: 0,
    gaps: 0,
    materialGaps: 0,
    edges: { start: true, end: true },
    passing: { ofPeriod: 1, ofKnown: 1, worst: null },
    subjects: 1,
    timeToDetectMs: null,
    timeToRemediateMs: null,
  };
  const facts = {
    episodes: 0,
    occurrences: { total: 0, failing: 0 },
    deviations: 0,
    missed: 0,
    dismissed: 0,
    checks: [{ id: 'aws/mfa', read: true }],
    metrics,
    uncollected: [],
    unknown: [],
    gapAfter: 72 * hour,
  };

  it('shows every failure, also one that is no deviation', () => {
    expect(controlPeriodState(facts).state).toBe('no-failures-observed');
    const { state, reasons } = controlPeriodState({ ...facts, episodes: 2, deviations: 0 });
    expect(state).toBe('failures-observed');
    expect(reasons.join('; ')).toContain('none of 2 are deviations');
  });

  it('shows nothing as good that was not seen', () => {
    const unseen = [
      { ...facts, checks: [] },
      { ...facts, checks: [{ id: 'aws/mfa', read: false }] },
      { ...facts, metrics: { ...metrics, edges: { start: false, end: true } } },
      { ...facts, metrics: { ...metrics, edges: { start: true, end: false } } },
      { ...facts, metrics: { ...metrics, gaps: 1, longestGapMs: 80 * hour } },
      { ...facts, uncollected: [{ type: 'aws.thing', state: 'not-collected' as const }] },
      { ...facts, unknown: ['source aws "other" has never been entered'] },
    ];
    for (const one of unseen) expect(controlPeriodState(one).state).toBe('no-evidence');
  });

  it('says of an empty population that the control did not operate', () => {
    const empty = { ...metrics, byOutcome: { ...metrics.byOutcome, pass: 0, empty: 10 } };
    expect(controlPeriodState({ ...facts, metrics: empty }).state).toBe('did-not-operate');
  });

  it('covers no topic by a supporting link alone', () => {
    const supporting = control({ satisfies: { soc2: [{ id: 'CC6.1', as: 'supporting', because: 'it helps' }] } });
    expect(topicState('CC6.1', 'soc2', [{ control: supporting, state: 'no-failures-observed' }])).toEqual({
      state: 'no-evidence',
      uncovered: true,
    });
    expect(topicState('CC6.1', 'soc2', [{ control: control(), state: 'no-failures-observed' }])).toEqual({
      state: 'no-failures-observed',
      uncovered: false,
    });
    expect(
      topicState('CC6.1', 'soc2', [
        { control: control(), state: 'no-failures-observed' },
        { control: supporting, state: 'failures-observed' },
      ]).state,
    ).toBe('failures-observed');
  });
});
