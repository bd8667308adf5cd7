import type { BundleContent, CheckDescription } from '../../src/model/bundle-content.ts';
import { Control } from '../../src/model/control.ts';
import { Engagement, type Period } from '../../src/model/engagement.ts';
import type {
  ControlHistory,
  Deviation,
  Episode,
  Metrics,
  PeriodHistory,
  PeriodState,
  SeriesHistory,
  TopicHistory,
} from '../../src/model/history.ts';

/** A small period with every state in it, for the rooms that write about periods. */
const at = (day: number, time = '00:00') => `2026-01-${String(day).padStart(2, '0')}T${time}:00.000Z`;
const digest = `sha256:${'0'.repeat(64)}`;
const hours = 3_600_000;

const threshold = { lateAfter: 'PT24H', gapAfter: 'PT72H', materialAfter: 'P7D' };
export const toyPeriod: Period = {
  v: 1,
  id: 'january',
  engagement: Engagement.parse({ id: 'soc2', report: 'soc2', type: 2, firm: 'Example & Partners LLP' }),
  start: '2026-01-01',
  end: '2026-01-31',
  zone: 'Europe/Berlin',
  from: '2025-12-31T23:00:00.000Z',
  to: '2026-01-31T23:00:00.000Z',
  cutOff: null,
  ruler: {
    thresholds: { critical: threshold, standard: threshold, roster: threshold, events: threshold },
    flappingWithin: 'PT24H',
    graceForNew: null,
    sla: { critical: { hours: 24 }, high: { hours: 72 }, medium: { businessDays: 10 }, low: { businessDays: 30 } },
    calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [] },
    sampleSizes: [],
  },
  plan: 1,
};

const metrics: Metrics = {
  lifeMs: 1000 * hours,
  byBasis: { corroborated: 0, inferred: 990 * hours, event: 0, transition: 10 * hours, reconstructed: 0, none: 0 },
  byOutcome: { pass: 980 * hours, fail: 20 * hours, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 },
  coverage: { corroborated: 0, inferred: 0.99, other: 0.01, none: 0 },
  longestGapMs: 5_400_500,
  gaps: 0,
  materialGaps: 0,
  edges: { start: true, end: true },
  passing: { ofPeriod: 0.98, ofKnown: 0.98, worst: { subject: 'aws:1/s3-bucket/ledger', display: 'ledger', ofPeriod: 0.9 } },
  subjects: 3,
  timeToDetectMs: null,
  timeToRemediateMs: null,
};
const series: SeriesHistory = {
  key: { source: 'aws:111122223333', check: 'aws/bucket-is-private', parametersDigest: digest },
  claim: 'The bucket is *private*\nto the account',
  severity: 'critical',
  subjectType: 'aws.s3.bucket',
  evidenceClass: 'critical',
  parameters: {},
  logic: [{ digest, from: toyPeriod.from, to: toyPeriod.to }],
  readings: 700,
  firstReading: at(1, '01:00'),
  lastReading: at(31, '22:00'),
  worst: [{ from: toyPeriod.from, to: toyPeriod.to, outcome: 'pass', basis: 'inferred', evidence: { first: 3, last: 900 } }],
  timelines: [],
  quiet: { subjects: 2 },
  metrics,
  gaps: [],
  occurrences: null,
};
const unread: SeriesHistory = {
  ...series,
  key: { ...series.key, check: 'aws/trail-is-on' },
  claim: 'The trail is on',
  readings: 0,
  firstReading: null,
  lastReading: null,
  worst: [
    {
      from: toyPeriod.from,
      to: toyPeriod.to,
      outcome: 'no-evidence',
      basis: 'none',
      reason: 'access-denied',
      evidence: { first: null, last: null },
    },
  ],
};
const episode: Episode = {
  id: 'E-0123456789',
  series: series.key,
  subject: 'aws:111122223333/s3-bucket/ledger',
  display: 'ledger <b>public</b>',
  severity: 'critical',
  observed: { from: at(5, '03:00'), to: at(5, '22:00') },
  conservative: { from: at(5, '02:00'), to: at(5, '23:00') },
  exact: { from: at(5, '02:30'), to: null },
  carriedIn: false,
  openAtEnd: false,
  readings: 20,
  flaps: 1,
  unseenMs: 0,
  messages: ['anyone can read it', 'anyone can list it'],
  detectedAt: at(5, '03:00'),
  evidence: {
    first: 100,
    last: 120,
    events: [{ collection: 101, eventId: 'e', at: at(5, '02:30'), name: 's3:PutBucketPolicy', actor: 'mallory' }],
  },
  waivers: [],
  actors: ['mallory'],
};
const deviation: Deviation = {
  id: 'D-DP-01-01234567',
  control: 'DP-01',
  version: 1,
  kind: 'episode',
  of: episode.id,
  check: series.key.check,
  subject: episode.subject,
  display: episode.display,
  severity: 'critical',
  from: at(5, '02:30'),
  to: at(5, '23:00'),
  openAtEnd: false,
  durationMs: 20.5 * hours,
  allowedMs: 2 * hours,
  due: at(5, '05:00'),
  late: true,
  because: 'It was to be found and fixed within 2 hours.',
  markers: ['persists'],
  waiver: null,
  lifeCycle: {
    disposition: 'confirmed',
    cause: 'person',
    owner: 'platform',
    response: 'The policy was put back.',
    compensatingControl: 'Access logs were read.',
    remediation: { what: 'Public access is blocked for the account.', evidence: [120] },
    retest: null,
    decisions: [{ index: 130, at: at(6), actor: 'alice', authenticated: false }],
  },
};
const waiver: PeriodHistory['waivers'][number] = {
  id: 'W-01234567',
  kind: 'waiver',
  control: 'AC 02',
  scope: [{ check: 'aws/console-user-has-mfa' }],
  reason: 'The vendor’s break-glass user',
  from: at(1),
  expires: at(20),
  compensatingControl: 'The password is in the safe.',
  decision: 40,
  approved: true,
  authenticated: true,
  requestedBy: 'alice',
  approvedBy: 'bob',
};

function control(id: string, state: PeriodState, more: Partial<ControlHistory> = {}, fields: object = {}): ControlHistory {
  const wording = Control.parse({
    id,
    status: 'adopted',
    statement: `What ${id} says.`,
    frequency: 'continuous',
    satisfies: { soc2: ['CC6.1'] },
    ...fields,
  });
  return {
    control: wording,
    state,
    reasons: [],
    versions: [],
    series: [],
    episodes: [],
    deviations: [],
    occurrences: [],
    waivers: [],
    uncollected: [],
    worst: [],
    metrics,
    grade: 'source-direct',
    ...more,
  };
}
function topic(id: string, state: PeriodState, controls: TopicHistory['controls'], more: Partial<TopicHistory> = {}): TopicHistory {
  return {
    id,
    area: 'Logical & physical access',
    text: `What ${id} asks.`,
    state,
    controls,
    uncovered: controls.every(({ as }) => as !== 'primary'),
    worst: [],
    ...more,
  };
}
const link = (id: string, state: PeriodState, as: 'primary' | 'supporting' = 'primary') => ({
  id,
  as,
  because: as === 'primary' ? null : 'it helps',
  state,
});

export const toyHistory: PeriodHistory = {
  period: toyPeriod,
  logSize: 1000,
  through: '2026-02-01T00:00:00.000Z',
  controls: [
    control(
      'DP-01',
      'failures-observed',
      { series: [series], episodes: [episode], deviations: [deviation], reasons: ['1 deviation'] },
      { narrative: 'How.\n\nWhat.', owner: 'platform', tolerance: { detectAndFix: 'PT2H' } },
    ),
    control('AC 02', 'no-failures-observed', { series: [series] }),
    control('OP-01', 'no-evidence', {
      series: [unread],
      uncollected: [{ type: 'aws.logs.log-group', state: 'not-collected' }],
      grade: 'none',
    }),
    control('PR-01', 'did-not-operate'),
  ],
  topics: [
    topic('CC6.1', 'failures-observed', [link('DP-01', 'failures-observed'), link('AC 02', 'no-failures-observed')]),
    topic('CC6.2', 'no-failures-observed', [link('AC 02', 'no-failures-observed')]),
    topic('CC6.3', 'no-failures-observed', [link('AC 02', 'no-failures-observed', 'supporting')]),
    topic('CC7.2', 'no-evidence', [link('OP-01', 'no-evidence')], { area: 'Operations' }),
    topic('CC8.1', 'did-not-operate', [link('PR-01', 'did-not-operate')], { area: 'Operations' }),
  ],
  episodes: [episode],
  deviations: [deviation],
  waivers: [waiver],
  changeRecords: [],
  outages: [{ source: 'aws:111122223333', from: at(10), to: at(15), reason: 'source-unavailable' }],
};
export const toyChecks: readonly CheckDescription[] = [
  {
    id: series.key.check,
    claim: series.claim,
    severity: 'critical',
    subjectType: 'aws.s3.bucket',
    rationale: 'Whoever finds it can read it.',
    remediation: { console: 'a', cli: 'b', terraform: 'c' },
    references: [],
    examples: { pass: ['a private bucket'], fail: ['a public bucket'] },
  },
];
export const toyCover: BundleContent['cover'] = {
  entity: 'Northwind Payroll Ltd',
  bundle: 'bundle-northwind-january',
  generatedAt: '2026-02-03T10:00:00.000Z',
  version: '0.2.0',
  demonstration: true,
  log: {
    origin: 'proofline.log/demonstration/northwind',
    tenant: 'northwind',
    size: 1000,
    root: 'A'.repeat(43).concat('='),
    vkey: 'v',
    beganAt: at(1),
  },
  anchors: [],
  unwitnessed: null,
  longestWithoutAnchor: null,
  amendments: [],
  rulesChanged: [],
  supplements: null,
  closing: null,
  redactions: [],
  limits: [],
  verify: [],
};
