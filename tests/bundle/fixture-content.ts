import type { AnsweredRequest, BundleContent, CheckDescription, DatasetRecord, EvidenceItem } from '../../src/model/bundle-content.ts';
import { Control } from '../../src/model/control.ts';
import type { DecisionActor, RecordedDecision, Waiver } from '../../src/model/decision.ts';
import { Period, type Ruler } from '../../src/model/engagement.ts';
import type {
  Basis,
  ControlHistory,
  ControlStretch,
  Deviation,
  Episode,
  Interval,
  Metrics,
  PeriodHistory,
  PeriodState,
  SeriesHistory,
  SubjectTimeline,
  TopicHistory,
} from '../../src/model/history.ts';
import type { Outcome, Severity } from '../../src/model/outcome.ts';
import { entityOf } from './fixture-entity.ts';
import { operationOf } from './fixture-operation.ts';

/**
 * A year of Northwind Payroll as a bundle's content, with every kind of incident and every awkward shape a document must bear: long
 * names, names with letters beyond Latin-1, sixty episodes, a control nobody evidenced, one that did not operate, one with three
 * versions, cells that a spreadsheet would run. Plain data, the same each time.
 */
const from = '2025-03-31T22:00:00.000Z';
const to = '2026-03-31T22:00:00.000Z';
const source = 'aws:111122223333';
const github = 'github:northwind-payroll';
const hex = (seed: string, length: number): string => {
  let state = 2166136261;
  let text = '';
  for (let i = 0; text.length < length; i += 1) {
    for (const letter of `${seed}${i}`) state = Math.imul(state ^ letter.charCodeAt(0), 16777619) >>> 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, length);
};
const digest = (seed: string): string => `sha256:${hex(seed, 64)}`;
const commitment = (seed: string): string => Buffer.from(hex(seed, 64), 'hex').toString('base64');
const hour = 3_600_000;
const plus = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();
const lasting = (a: string, b: string): number => Date.parse(b) - Date.parse(a);

const ruler: Ruler = {
  thresholds: {
    critical: { lateAfter: 'PT2H', gapAfter: 'PT24H', materialAfter: 'PT72H' },
    standard: { lateAfter: 'PT26H', gapAfter: 'PT72H', materialAfter: 'P7D' },
    roster: { lateAfter: 'PT26H', gapAfter: 'PT72H', materialAfter: 'P7D' },
    events: { lateAfter: 'PT6H', gapAfter: 'PT24H', materialAfter: 'PT72H' },
  },
  flappingWithin: 'PT24H',
  graceForNew: 'PT24H',
  sla: { critical: { hours: 24 }, high: { hours: 72 }, medium: { businessDays: 10 }, low: { businessDays: 30 } },
  calendar: { workingDays: [1, 2, 3, 4, 5], holidays: ['2025-08-01', '2025-12-25'] },
  sampleSizes: [{ frequency: 'many per day', upTo: null, size: 40 }],
};

function period(report: 'soc1' | 'soc2'): Period {
  return Period.parse({
    v: 1,
    id: `${report}-fy25`,
    engagement: {
      id: `${report}-type2`,
      report,
      type: 2,
      firm: 'Harbour & Lindqvist LLP',
      trustServices: ['security', 'availability', 'confidentiality'],
      objectives: report === 'soc1' ? [{ id: 'CO-LA3', risk: 'high', assertions: ['existence'] }, { id: 'CO-CM1' }] : [],
      systems: [
        {
          name: 'Northwind Payroll platform',
          description: 'Gross-to-net calculation, payment files and client reporting for small and medium employers.',
          sources: ['aws', 'github'],
        },
      ],
      commitments: ['Payroll results are available to clients on the day they are due.', 'Client data is disclosed to nobody else.'],
      subserviceOrganisations: [
        {
          name: 'Amazon Web Services',
          services: 'Hosting of the production and staging accounts',
          method: 'carve-out',
          csocs: [
            { id: 'CSOC-1', text: 'Physical access to data centres is restricted and monitored.', supports: ['CC6.4'] },
            { id: 'CSOC-2', text: 'Storage media is destroyed before it leaves the facility.', supports: ['CC6.5', 'C1.2'] },
          ],
          reportThrough: '2025-09-30',
          reviewedOn: '2025-12-11',
        },
        { name: 'GitHub', services: 'Source code hosting and continuous integration', method: 'carve-out' },
      ],
      cuecs: [
        {
          id: 'CUEC-1',
          text: 'User entities tell Northwind Payroll at once when a person with portal access leaves.',
          supports: ['CC6.2'],
        },
        { id: 'CUEC-2', text: 'User entities review the payroll register before they release a run.', supports: ['CC6.3'] },
      ],
    },
    start: '2025-04-01',
    end: '2026-03-31',
    zone: 'Europe/Zurich',
    from,
    to,
    cutOff: '2026-04-15',
    ruler,
    plan: 4,
  });
}

const noBasis: Record<Basis, number> = { corroborated: 0, inferred: 0, event: 0, transition: 0, reconstructed: 0, none: 0 };
const noOutcome: Record<Outcome, number> = { pass: 0, fail: 0, 'not-applicable': 0, empty: 0, 'no-evidence': 0, waived: 0 };

/** What intervals add up to: kept here so that a fixture cannot contradict itself. */
function measure(timelines: readonly SubjectTimeline[]): Metrics {
  const byBasis = { ...noBasis };
  const byOutcome = { ...noOutcome };
  let lifeMs = 0;
  let longestGapMs = 0;
  let worst: { subject: string; display: string; ofPeriod: number } | null = null;
  for (const timeline of timelines) {
    let life = 0;
    let pass = 0;
    for (const interval of timeline.intervals) {
      const length = lasting(interval.from, interval.to);
      byBasis[interval.basis] += length;
      byOutcome[interval.outcome] += length;
      life += length;
      if (interval.outcome === 'pass') pass += length;
      if (interval.outcome === 'no-evidence') longestGapMs = Math.max(longestGapMs, length);
    }
    lifeMs += life;
    const ofPeriod = life === 0 ? 0 : pass / life;
    if (worst === null || ofPeriod < worst.ofPeriod) worst = { subject: timeline.subject, display: timeline.display, ofPeriod };
  }
  const part = (ms: number): number => (lifeMs === 0 ? 0 : ms / lifeMs);
  const known = lifeMs - byBasis.none;
  return {
    lifeMs,
    byBasis,
    byOutcome,
    coverage: {
      corroborated: part(byBasis.corroborated),
      inferred: part(byBasis.inferred),
      other: part(byBasis.event + byBasis.transition + byBasis.reconstructed),
      none: lifeMs === 0 ? 1 : part(byBasis.none),
    },
    longestGapMs,
    gaps: longestGapMs > 24 * hour ? 1 : 0,
    materialGaps: longestGapMs > 72 * hour ? 1 : 0,
    edges: { start: timelines.length > 0, end: timelines.length > 0 },
    passing: { ofPeriod: part(byOutcome.pass), ofKnown: known === 0 ? null : byOutcome.pass / known, worst },
    subjects: timelines.length,
    timeToDetectMs: byOutcome.fail === 0 ? null : { mean: 1.4 * hour, max: 6 * hour },
    timeToRemediateMs: byOutcome.fail === 0 ? null : { mean: 19.5 * hour, max: 71 * hour },
  };
}

type Piece = readonly [to: string, outcome: Outcome, basis: Basis, waiver?: string];
/** Intervals that follow one another from `begin`. */
function follow(begin: string, pieces: readonly Piece[]): Interval[] {
  let at = begin;
  return pieces.map(([end, outcome, basis, waiver], position) => {
    const interval: Interval = {
      from: at,
      to: end,
      outcome,
      basis,
      ...(outcome === 'waived' ? { underneath: 'fail' as const } : {}),
      ...(outcome === 'no-evidence' ? { reason: 'not-collected' as const } : {}),
      ...(waiver === undefined ? {} : { waiver }),
      evidence: { first: 100 + position, last: 140 + position },
    };
    at = end;
    return interval;
  });
}
const timelineOf = (
  subject: string,
  display: string,
  type: string,
  intervals: Interval[],
  bornAt: string | null = null,
): SubjectTimeline => ({
  subject,
  display,
  type,
  bornAt,
  diedAt: null,
  intervals,
});

interface SeriesInput {
  readonly check: string;
  readonly source?: string;
  readonly claim: string;
  readonly severity: Severity;
  readonly subjectType: string;
  readonly worst: Interval[];
  readonly timelines: SubjectTimeline[];
  readonly quiet?: number;
  readonly parameters?: Record<string, unknown>;
  readonly logicChangedAt?: string;
  readonly occurrences?: SeriesHistory['occurrences'];
}
function series(input: SeriesInput): SeriesHistory {
  const parameters = input.parameters ?? {};
  return {
    key: { source: input.source ?? source, check: input.check, parametersDigest: digest(`${input.check}${JSON.stringify(parameters)}`) },
    claim: input.claim,
    severity: input.severity,
    subjectType: input.subjectType,
    evidenceClass: input.severity === 'critical' ? 'critical' : 'standard',
    parameters,
    logic: input.logicChangedAt
      ? [
          { digest: digest(`${input.check}1`), from, to: input.logicChangedAt },
          { digest: digest(`${input.check}2`), from: input.logicChangedAt, to },
        ]
      : [{ digest: digest(input.check), from, to }],
    readings: input.worst.every((interval) => interval.outcome === 'no-evidence') ? 0 : 8712,
    firstReading: input.worst.every((interval) => interval.outcome === 'no-evidence') ? null : plus(from, 20 * 60_000),
    lastReading: input.worst.every((interval) => interval.outcome === 'no-evidence') ? null : plus(to, -40 * 60_000),
    worst: input.worst,
    timelines: input.timelines,
    quiet: { subjects: input.quiet ?? 0 },
    metrics: measure(input.timelines.length > 0 ? input.timelines : [timelineOf('*', 'whole population', input.subjectType, input.worst)]),
    gaps: input.worst
      .filter((interval) => interval.outcome === 'no-evidence')
      .map((interval) => ({
        from: interval.from,
        to: interval.to,
        reason: interval.reason ?? 'not-collected',
        material: lasting(interval.from, interval.to) > 72 * hour,
      })),
    occurrences: input.occurrences ?? null,
  };
}

interface EpisodeInput {
  readonly series: SeriesHistory;
  readonly subject: string;
  readonly display: string;
  readonly from: string;
  readonly to: string;
  readonly exact?: boolean;
  readonly message: string;
  readonly waivers?: string[];
  readonly openAtEnd?: boolean;
  readonly carriedIn?: boolean;
  readonly flaps?: number;
  readonly actors?: string[];
}
const episode = (input: EpisodeInput): Episode => ({
  id: `E-${hex(`${input.series.key.check}${input.subject}${input.from}`, 10)}`,
  series: input.series.key,
  subject: input.subject,
  display: input.display,
  severity: input.series.severity,
  observed: { from: plus(input.from, 20 * 60_000), to: plus(input.to, -20 * 60_000) },
  conservative: { from: plus(input.from, -40 * 60_000), to: input.openAtEnd ? to : plus(input.to, 30 * 60_000) },
  exact: { from: input.exact ? input.from : null, to: input.exact && !input.openAtEnd ? input.to : null },
  carriedIn: input.carriedIn ?? false,
  openAtEnd: input.openAtEnd ?? false,
  readings: Math.max(1, Math.round(lasting(input.from, input.to) / hour)),
  flaps: input.flaps ?? 0,
  unseenMs: 0,
  messages: [input.message],
  detectedAt: plus(input.from, 20 * 60_000),
  evidence: {
    first: 2310,
    last: 2382,
    events: input.exact
      ? [{ collection: 2311, eventId: hex(input.from, 32), at: input.from, name: 'DeactivateMFADevice', actor: input.actors?.[0] ?? null }]
      : [],
  },
  waivers: input.waivers ?? [],
  actors: input.actors ?? [],
});
function deviation(control: string, of: Episode, more: Partial<Deviation> & Pick<Deviation, 'because'>): Deviation {
  const start = of.exact.from ?? of.conservative.from;
  const end = of.exact.to ?? of.conservative.to;
  return {
    id: `D-${control}-${hex(of.id, 8)}`,
    control,
    version: 1,
    kind: 'episode',
    of: of.id,
    check: of.series.check,
    subject: of.subject,
    display: of.display,
    severity: of.severity,
    from: start,
    to: end,
    openAtEnd: of.openAtEnd,
    durationMs: lasting(start, end),
    allowedMs: 24 * hour,
    due: plus(start, 24 * hour),
    late: lasting(start, end) > 24 * hour,
    markers: [],
    waiver: null,
    lifeCycle: {
      disposition: 'candidate',
      cause: null,
      owner: null,
      response: null,
      compensatingControl: null,
      remediation: null,
      retest: null,
      decisions: [],
    },
    ...more,
  };
}

interface ControlInput {
  readonly control: unknown;
  readonly state: PeriodState;
  readonly reasons: string[];
  readonly series?: SeriesHistory[];
  readonly episodes?: Episode[];
  readonly deviations?: Deviation[];
  readonly occurrences?: ControlHistory['occurrences'];
  readonly waivers?: Waiver[];
  readonly uncollected?: ControlHistory['uncollected'];
  readonly worst: Interval[];
  readonly changes?: readonly (readonly [at: string, changes: string[]])[];
  readonly grade?: ControlHistory['grade'];
}
function controlHistory(input: ControlInput): ControlHistory {
  const control = Control.parse(input.control);
  const starts = [from, ...(input.changes ?? []).map(([at]) => at)];
  const versions: ControlStretch[] = starts.map((start, position) => ({
    number: position + 1,
    from: start,
    to: starts[position + 1] ?? to,
    plan: 4 + position * 900,
    control,
    checks: (input.series ?? []).map((one) => ({
      id: one.key.check,
      parametersDigest: one.key.parametersDigest,
      logic: one.logic[0]!.digest,
      parameters: one.parameters,
    })),
    changes: position === 0 ? [] : (input.changes?.[position - 1]?.[1] ?? []),
  }));
  const timelines = (input.series ?? []).flatMap((one) => one.timelines);
  return {
    control,
    state: input.state,
    reasons: input.reasons,
    versions,
    series: input.series ?? [],
    episodes: input.episodes ?? [],
    deviations: input.deviations ?? [],
    occurrences: input.occurrences ?? [],
    waivers: input.waivers ?? [],
    uncollected: input.uncollected ?? [],
    worst: input.worst,
    metrics: measure(timelines.length > 0 ? timelines : [timelineOf('*', 'whole population', '', input.worst)]),
    grade: input.grade ?? (input.series?.length ? 'source-direct' : 'none'),
  };
}

const zieliński = { name: 'zofia.zielinski', authentication: 'personal-key' } as const;
const inès = { name: 'ines.aubert', authentication: 'personal-key' } as const;
const someone = { name: 'deploy', authentication: 'none' } as const;

function mfa(): ControlHistory {
  const mfaOff = ['2025-06-10T08:12:00.000Z', '2025-06-13T09:47:00.000Z'] as const;
  const outage = ['2025-10-03T04:00:00.000Z', '2025-10-08T06:30:00.000Z'] as const;
  const worst = follow(from, [
    [mfaOff[0], 'pass', 'corroborated'],
    [mfaOff[1], 'fail', 'event'],
    [outage[0], 'pass', 'corroborated'],
    [outage[1], 'no-evidence', 'none'],
    ['2025-12-20T00:00:00.000Z', 'pass', 'inferred'],
    ['2025-12-22T00:00:00.000Z', 'fail', 'transition'],
    [to, 'pass', 'corroborated'],
  ]);
  const root = series({
    check: 'aws/root-user-has-mfa',
    claim: 'The root user signs in with a second factor',
    severity: 'critical',
    subjectType: 'aws.iam.credential',
    worst,
    timelines: [timelineOf(`${source}/iam-credential/root`, 'root user of production', 'aws.iam.credential', worst)],
    quiet: 1,
  });
  const userWorst = follow(from, [
    ['2025-11-02T10:00:00.000Z', 'pass', 'inferred'],
    ['2025-11-02T15:00:00.000Z', 'fail', 'inferred'],
    [to, 'pass', 'inferred'],
  ]);
  const users = series({
    check: 'aws/console-user-has-mfa',
    claim: 'Every user with a console password signs in with a second factor',
    severity: 'high',
    subjectType: 'aws.iam.credential',
    worst: userWorst,
    timelines: [
      timelineOf(`${source}/iam-credential/AIDAZ1`, 'zofia.zieliński', 'aws.iam.credential', userWorst),
      timelineOf(
        `${source}/iam-credential/AIDAZ2`,
        'svc-quarter-end-reconciliation-of-client-fund-accounts-eu-central-1-and-eu-west-1-production',
        'aws.iam.credential',
        follow('2025-09-01T00:00:00.000Z', [
          ['2026-02-11T07:00:00.000Z', 'pass', 'reconstructed'],
          ['2026-02-12T09:00:00.000Z', 'waived', 'inferred', 'W-0a11c0de'],
          [to, 'pass', 'inferred'],
        ]),
        '2025-09-01T00:00:00.000Z',
      ),
    ],
    quiet: 31,
    logicChangedAt: '2025-11-15T12:00:00.000Z',
  });
  const first = episode({
    series: root,
    subject: `${source}/iam-credential/root`,
    display: 'root user of production',
    from: mfaOff[0],
    to: mfaOff[1],
    exact: true,
    message: 'the root user can sign in with its password alone',
    actors: ['arn:aws:iam::111122223333:root'],
  });
  const second = episode({
    series: root,
    subject: `${source}/iam-credential/root`,
    display: 'root user of production',
    from: '2025-12-20T00:00:00.000Z',
    to: '2025-12-22T00:00:00.000Z',
    message: 'the root user can sign in with its password alone',
    flaps: 2,
  });
  const short = episode({
    series: users,
    subject: `${source}/iam-credential/AIDAZ1`,
    display: 'zofia.zieliński',
    from: '2025-11-02T10:00:00.000Z',
    to: '2025-11-02T15:00:00.000Z',
    message: 'zofia.zieliński has a console password and no second factor',
  });
  const waived = episode({
    series: users,
    subject: `${source}/iam-credential/AIDAZ2`,
    display: 'svc-quarter-end-reconciliation-of-client-fund-accounts-eu-central-1-and-eu-west-1-production',
    from: '2026-02-11T07:00:00.000Z',
    to: '2026-02-12T09:00:00.000Z',
    message: 'has a console password and no second factor',
    waivers: ['W-0a11c0de'],
  });
  return controlHistory({
    control: {
      id: 'AC-02',
      status: 'adopted',
      statement: 'Everyone who signs in to the cloud, the code host or the identity provider uses a second factor.',
      narrative:
        'The platform team enforces a second factor through an organisation policy in AWS and through the organisation setting in GitHub. New joiners enrol on their first day; the root user of each account has a hardware key in the safe of the Zürich office.',
      owner: 'platform',
      frequency: 'continuous',
      tolerance: { detectAndFix: 'PT24H' },
      satisfies: {
        soc2: ['CC6.1', { id: 'CC6.6', as: 'supporting', because: 'a second factor keeps outsiders with a leaked password out' }],
        soc1: ['CO-LA3'],
      },
      automation: 'full',
      covers: ['aws.iam.credential', 'github.member', 'idp.user'],
      checks: ['aws/root-user-has-mfa', 'aws/console-user-has-mfa'],
      evidence: [{ what: 'Enrolment list of the identity provider', from: 'identity team', frequency: 'quarterly' }],
      testProcedure: 'Inspect the enforcing setting of each system once and the enrolment of every user; observe one refused sign-in.',
    },
    state: 'failures-observed',
    reasons: [
      'The root user of production had no second factor for 3 d 1 h 35 min (10 to 13 June 2025); the control allows 24 h.',
      'Nothing was collected from 3 to 8 October 2025.',
    ],
    series: [root, users],
    episodes: [first, short, second, waived],
    deviations: [
      deviation('AC-02', first, {
        because: 'The statement allows 24 h to detect and fix; the root user had no second factor for 3 d 1 h 35 min.',
        markers: ['recurs'],
        lifeCycle: {
          disposition: 'confirmed',
          cause: 'process',
          owner: 'platform',
          response:
            'The hardware key was replaced after the safe was moved; the old one had been deactivated before the new one arrived. The procedure now requires the new key to be enrolled first.',
          compensatingControl: 'Root sign-ins raise an alarm that two people receive; there was none in the stretch.',
          remediation: { what: 'A new hardware key was enrolled.', evidence: [2383] },
          retest: { result: 'no-failures-observed', evidence: [2383, 4100] },
          decisions: [
            { index: 2401, at: '2025-06-16T08:00:00.000Z', actor: 'zofia.zielinski', authenticated: true },
            { index: 2409, at: '2025-06-18T08:00:00.000Z', actor: 'deploy', authenticated: false },
          ],
        },
      }),
      deviation('AC-02', second, {
        version: 2,
        because: 'The statement allows 24 h to detect and fix; the bounds of the readings are 49 h 10 min apart.',
        markers: ['recurs'],
      }),
    ],
    waivers: [waiver],
    uncollected: [{ type: 'idp.user', state: 'not-collected' }],
    worst,
    changes: [
      [
        '2025-08-01T08:00:00.000Z',
        ['The tolerance “detect and fix” went from PT72H to PT24H.', 'CC6.6 was added as a supporting criterion.'],
      ],
      ['2025-11-15T12:00:00.000Z', ['The logic of aws/console-user-has-mfa changed (sha256:9f1c… to sha256:77ab…).']],
    ],
  });
}

const waiver: Waiver = {
  id: 'W-0a11c0de',
  kind: 'waiver',
  control: 'AC-02',
  scope: [{ check: 'aws/console-user-has-mfa', source, subjects: [`${source}/iam-credential/AIDAZ2`] }],
  reason: 'Quarter-end reconciliation runs through a vendor console that cannot prompt for a second factor; replaced by a role in March.',
  from: '2026-02-10T00:00:00.000Z',
  expires: '2026-02-20T00:00:00.000Z',
  compensatingControl: 'Sign-in is limited to the office network and watched.',
};

function branchProtection(): ControlHistory {
  const lifted = ['2025-08-19T14:05:10.000Z', '2025-08-19T15:15:32.000Z'] as const;
  const worst = follow(from, [
    [lifted[0], 'pass', 'corroborated'],
    [lifted[1], 'fail', 'event'],
    [to, 'pass', 'corroborated'],
  ]);
  const approval = series({
    check: 'github/default-branch-requires-approval',
    source: github,
    claim: 'The default branch requires another person’s approval',
    severity: 'high',
    subjectType: 'github.repository',
    parameters: { minimumApprovals: 1 },
    worst,
    timelines: [timelineOf(`${github}/repository/R_1`, 'northwind-payroll/payroll-engine', 'github.repository', worst)],
    quiet: 22,
  });
  const only = episode({
    series: approval,
    subject: `${github}/repository/R_1`,
    display: 'northwind-payroll/payroll-engine',
    from: lifted[0],
    to: lifted[1],
    exact: true,
    message: 'no rule asks for an approval before merge',
    actors: ['lukas-meier'],
  });
  return controlHistory({
    control: {
      id: 'CM-01',
      status: 'adopted',
      statement:
        'Production branches require another person’s approval and the required checks, refuse force pushes and deletion, and let nobody bypass that.',
      owner: 'engineering',
      frequency: 'continuous',
      satisfies: { soc2: ['CC8.1'], soc1: ['CO-CM1'] },
      covers: ['github.repository'],
      checks: [{ check: 'github/default-branch-requires-approval', parameters: { minimumApprovals: 1 } }],
      testProcedure: 'Inspect the rules of each production branch and their change record over the period.',
    },
    state: 'failures-observed',
    reasons: ['Protection of northwind-payroll/payroll-engine was lifted for 70 min on 19 August 2025; the control allows nothing.'],
    series: [approval],
    episodes: [only],
    deviations: [
      deviation('CM-01', only, {
        because: 'The statement allows no stretch without the rule; one change was merged within it (PR 1184).',
        allowedMs: null,
        markers: ['concentrated'],
      }),
    ],
    worst,
  });
}

function changeApproval(): ControlHistory {
  const worst = follow(from, [[to, 'empty', 'inferred']]);
  const checked = series({
    check: 'github/change-approved-by-another',
    source: github,
    claim: 'Every change was approved by someone other than its authors before it was merged',
    severity: 'high',
    subjectType: 'github.change',
    worst,
    timelines: [],
    occurrences: { total: 1284, pass: 1281, fail: 2, other: 1 },
  });
  const occurrences = [
    { at: '2025-08-19T14:40:00.000Z', display: 'payroll-engine 4f1d9c2 (PR 1184)', message: 'merged by its author without an approval' },
    {
      at: '2025-12-02T17:22:41.000Z',
      display: 'payroll-engine b7703aa (PR 1402)',
      message: 'approved by lukas-meier-alt, an account of its own author',
    },
  ].map((one, position) => ({
    series: checked.key,
    subject: `${github}/change/${hex(one.display, 12)}`,
    display: one.display,
    at: one.at,
    outcome: 'fail' as const,
    message: one.message,
    index: 6200 + position,
  }));
  return controlHistory({
    control: {
      id: 'CM-02',
      status: 'adopted',
      statement: 'Every change was approved by someone other than its authors before it was merged into a production branch.',
      owner: 'engineering',
      frequency: 'many per day',
      satisfies: { soc2: ['CC8.1'], soc1: ['CO-CM1'] },
      covers: ['github.change'],
      checks: ['github/change-approved-by-another'],
    },
    state: 'failures-observed',
    reasons: ['2 of 1,284 changes reached a production branch without the approval of another person.'],
    series: [checked],
    occurrences,
    deviations: occurrences.map((one) => ({
      id: `D-CM-02-${hex(one.subject, 8)}`,
      control: 'CM-02',
      version: 1,
      kind: 'occurrence' as const,
      of: one.subject,
      check: checked.key.check,
      subject: one.subject,
      display: one.display,
      severity: 'high' as const,
      from: one.at,
      to: one.at,
      openAtEnd: false,
      durationMs: 0,
      allowedMs: null,
      due: plus(one.at, 72 * hour),
      late: false,
      because: `The statement asks for another person’s approval of every change: ${one.message}.`,
      markers: [],
      waiver: null,
      lifeCycle: {
        disposition: one.at < '2025-09' ? ('confirmed' as const) : ('false-positive' as const),
        cause: 'person',
        owner: 'engineering',
        response: 'The change was reviewed afterwards and kept.',
        compensatingControl: null,
        remediation: null,
        retest: null,
        decisions: [{ index: 6300, at: '2025-12-05T09:00:00.000Z', actor: 'ines.aubert', authenticated: true }],
      },
    })),
    worst,
  });
}

/** Sixty episodes of one control, so that a table has to break over pages. */
function keys(): ControlHistory {
  const worst = follow(from, [[to, 'fail', 'inferred']]);
  const bare = series({
    check: 'aws/access-key-rotated',
    claim: 'Access keys are younger than ninety days',
    severity: 'medium',
    subjectType: 'aws.iam.access-key',
    parameters: { maxKeyAgeDays: 90 },
    worst,
    timelines: [],
    quiet: 214,
  });
  const episodes = Array.from({ length: 60 }, (_, position) => {
    const start = plus(from, position * 6 * 24 * hour + hour * 3);
    return episode({
      series: bare,
      subject: `${source}/access-key/AKIA${hex(String(position), 12).toUpperCase()}`,
      display: `key ${position + 1} of svc-batch-${String(position % 9)}`,
      from: start,
      to: plus(start, (30 + position * 7) * hour),
      message: `the key is ${90 + (position % 12)} days old`,
      openAtEnd: position === 59,
      carriedIn: position === 0,
    });
  });
  const timelines = episodes.map((one) =>
    timelineOf(
      one.subject,
      one.display,
      'aws.iam.access-key',
      follow(from, [
        ...(one.conservative.from > from ? [[one.conservative.from, 'pass', 'inferred'] as Piece] : []),
        [one.conservative.to, 'fail', 'inferred'],
        ...(one.conservative.to < to ? [[to, 'pass', 'inferred'] as Piece] : []),
      ]),
    ),
  );
  const keyed: SeriesHistory = { ...bare, timelines, metrics: measure(timelines) };
  return controlHistory({
    control: {
      id: 'AC-06',
      status: 'adopted',
      statement: 'Credentials nobody uses are disabled, and access keys are replaced before they grow old.',
      owner: 'platform',
      frequency: 'continuous',
      tolerance: { detectAndFix: 'P14D' },
      satisfies: { soc2: ['CC6.1'], soc1: ['CO-LA3'] },
      covers: ['aws.iam.access-key'],
      checks: [{ check: 'aws/access-key-rotated', parameters: { maxKeyAgeDays: 90 } }],
    },
    state: 'failures-observed',
    reasons: ['60 access keys grew older than ninety days; 17 of them stayed so for longer than fourteen days.'],
    series: [keyed],
    episodes,
    deviations: episodes
      .filter((one) => lasting(one.conservative.from, one.conservative.to) > 14 * 24 * hour)
      .map((one) =>
        deviation('AC-06', one, {
          because: 'The key stayed older than ninety days for longer than fourteen days.',
          markers: ['recurs', 'persists'],
        }),
      ),
    worst,
  });
}

function others(): ControlHistory[] {
  const nothing = follow(from, [[to, 'no-evidence', 'none']]);
  const publicBucket = follow(from, [
    ['2026-01-14T06:00:00.000Z', 'pass', 'inferred'],
    ['2026-01-14T08:10:00.000Z', 'fail', 'event'],
    [to, 'pass', 'corroborated'],
  ]);
  const bucket = series({
    check: 'aws/s3-bucket-is-not-public',
    claim: 'No bucket is open to the public',
    severity: 'critical',
    subjectType: 'aws.s3.bucket',
    worst: publicBucket,
    timelines: [timelineOf(`${source}/bucket/=cmd`, '=HYPERLINK("x";"nw-payslips-export")', 'aws.s3.bucket', publicBucket)],
    quiet: 118,
  });
  const vpn = series({
    check: 'aws/guardduty-enabled',
    claim: 'Threat detection is on in every region',
    severity: 'high',
    subjectType: 'aws.guardduty.region',
    worst: nothing,
    timelines: [],
  });
  const quiet = follow(from, [[to, 'pass', 'corroborated']]);
  const backup = series({
    check: 'aws/rds-instance-backed-up',
    claim: 'Every database keeps backups for at least fourteen days',
    severity: 'high',
    subjectType: 'aws.rds.instance',
    worst: quiet,
    timelines: [],
    quiet: 14,
  });
  return [
    controlHistory({
      control: {
        id: 'DP-05',
        status: 'adopted',
        statement: 'Storage, snapshots, images and databases are not open to the public.',
        owner: 'platform',
        frequency: 'continuous',
        tolerance: { detectAndFix: 'PT24H' },
        satisfies: { soc2: ['CC6.1', 'C1.1'], soc1: ['CO-LA3'] },
        covers: ['aws.s3.bucket'],
        checks: ['aws/s3-bucket-is-not-public'],
      },
      state: 'no-failures-observed',
      reasons: ['One bucket was public for 2 h 10 min on 14 January 2026; the control allows 24 h to detect and fix.'],
      series: [bucket],
      episodes: [
        episode({
          series: bucket,
          subject: `${source}/bucket/=cmd`,
          display: '=HYPERLINK("x";"nw-payslips-export")',
          from: '2026-01-14T06:00:00.000Z',
          to: '2026-01-14T08:10:00.000Z',
          exact: true,
          message: 'the bucket policy lets anyone read objects',
          actors: ['arn:aws:iam::111122223333:user/inès.aubert'],
        }),
      ],
      worst: publicBucket,
    }),
    controlHistory({
      control: {
        id: 'MO-04',
        status: 'adopted',
        statement: 'Threats in the cloud accounts are detected and looked at by a person on duty.',
        owner: 'security',
        frequency: 'continuous',
        satisfies: { soc2: ['CC7.2'], soc1: ['CO-OP3'] },
        covers: ['aws.guardduty.region'],
        checks: ['aws/guardduty-enabled'],
      },
      state: 'no-evidence',
      reasons: ['The principal may not read GuardDuty in any region (access-denied, all year).'],
      series: [vpn],
      worst: nothing,
      grade: 'none',
    }),
    controlHistory({
      control: {
        id: 'BC-02',
        status: 'adopted',
        statement: 'Databases are backed up every day and backups are kept for fourteen days.',
        owner: 'platform',
        frequency: 'daily',
        satisfies: { soc2: ['A1.2'], soc1: ['CO-OP2'] },
        covers: ['aws.rds.instance'],
        checks: ['aws/rds-instance-backed-up'],
      },
      state: 'no-failures-observed',
      reasons: [],
      series: [backup],
      worst: quiet,
    }),
    controlHistory({
      control: {
        id: 'CM-06',
        status: 'adopted',
        statement: 'Emergency changes are approved afterwards within two business days.',
        owner: 'engineering',
        frequency: 'ad hoc',
        satisfies: { soc2: ['CC8.1'], soc1: ['CO-CM2'] },
      },
      state: 'did-not-operate',
      reasons: ['The population of emergency changes was pulled after the end of the period and has no rows.'],
      worst: follow(from, [[to, 'empty', 'inferred']]),
      grade: 'source-direct',
    }),
    controlHistory({
      control: {
        id: 'GV-12',
        status: 'adopted',
        statement: 'Reports of subservice organisations are read within sixty days and their exceptions are assessed.',
        frequency: 'annual',
        satisfies: { soc2: ['CC9.2'], soc1: [] },
        evidence: [{ what: 'Reviewed SOC 2 report of the hosting provider with notes', from: 'vendor management', frequency: 'annual' }],
      },
      state: 'no-evidence',
      reasons: ['Nothing was uploaded for it.'],
      worst: nothing,
    }),
  ];
}

function topic(id: string, area: string, text: string, controls: readonly ControlHistory[], report: 'soc1' | 'soc2'): TopicHistory {
  const linked = controls.flatMap((one) =>
    one.control.satisfies[report]
      .map((link) => (typeof link === 'string' ? { id: link, as: 'primary' as const, because: undefined } : link))
      .filter((link) => link.id === id)
      .map((link) => ({ id: one.control.id, as: link.as, because: link.because ?? null, state: one.state })),
  );
  const order: PeriodState[] = ['failures-observed', 'no-evidence', 'no-failures-observed', 'did-not-operate'];
  return {
    id,
    area,
    text,
    state: order.find((state) => linked.some((link) => link.state === state)) ?? 'no-evidence',
    controls: linked,
    uncovered: !linked.some((link) => link.as === 'primary'),
    worst: controls.find((one) => linked.some((link) => link.id === one.control.id))?.worst ?? [],
  };
}

function history(report: 'soc1' | 'soc2'): PeriodHistory {
  const controls = [mfa(), keys(), branchProtection(), changeApproval(), ...others()].sort((a, b) =>
    a.control.id < b.control.id ? -1 : 1,
  );
  const topics =
    report === 'soc2'
      ? [
          topic(
            'CC6.1',
            'Logical & physical access',
            'Protects information assets with logical access security and architecture.',
            controls,
            report,
          ),
          topic(
            'CC6.4',
            'Logical & physical access',
            'Only authorised people can physically reach facilities and sensitive equipment.',
            controls,
            report,
          ),
          topic('CC6.6', 'Logical & physical access', 'Guards against threats from outside system boundaries.', controls, report),
          topic(
            'CC7.2',
            'System operations',
            'Monitors components for anomalies; analyses whether they are security events.',
            controls,
            report,
          ),
          topic('CC8.1', 'Change management', 'Authorises, designs, builds, tests, approves and implements changes.', controls, report),
          topic('CC9.2', 'Risk mitigation', 'Assesses and manages vendor and partner risk.', controls, report),
          topic('A1.2', 'Availability', 'Runs environmental protection, backup processes and recovery infrastructure.', controls, report),
          topic('C1.1', 'Confidentiality', 'Identifies and maintains confidential information.', controls, report),
        ]
      : [
          topic(
            'CO-LA3',
            'Logical access',
            'Controls provide reasonable assurance that users are uniquely identified and authenticated.',
            controls,
            report,
          ),
          topic(
            'CO-CM1',
            'Change management',
            'Controls provide reasonable assurance that changes are authorised, tested and approved.',
            controls,
            report,
          ),
        ];
  return {
    period: period(report),
    logSize: 18_402,
    through: '2026-04-02T08:00:00.000Z',
    controls,
    topics,
    episodes: controls.flatMap((one) => one.episodes),
    deviations: controls.flatMap((one) => one.deviations),
    waivers: [{ ...waiver, decision: 9120, approved: true, authenticated: false, requestedBy: 'deploy', approvedBy: 'zofia.zielinski' }],
    changeRecords: [
      {
        source,
        collector: 'aws/cloudtrail-events',
        region: null,
        carries: ['DeactivateMFADevice'],
        windows: [{ from, to: '2025-10-03T04:00:00.000Z', collection: 4400 }],
      },
    ],
    outages: [
      {
        source,
        from: '2025-10-03T04:00:00.000Z',
        to: '2025-10-08T06:30:00.000Z',
        reason: 'The log records no collection; the collector’s host was being moved.',
        turns: { missed: 30, failed: 0, because: ['production/critical: no daemon was running'], entries: [4_412] },
      },
    ],
  };
}

const dataset = (collector: string, title: string, more: Partial<DatasetRecord> = {}): DatasetRecord => ({
  id: `${collector}@${source}`,
  collector,
  title,
  kind: 'state',
  source,
  scope: source,
  system: 'Northwind Payroll platform (production)',
  tenant: 'AWS account 111122223333',
  identityProof: 18_350,
  yields: ['aws.iam.credential'],
  hosts: [{ host: 'iam.amazonaws.com', official: true }],
  requests: [
    { operation: 'iam:GenerateCredentialReport', input: {}, pages: 1, command: 'aws iam generate-credential-report' },
    {
      operation: 'iam:GetCredentialReport',
      input: {},
      pages: 1,
      command: 'aws iam get-credential-report --query Content --output text | base64 -d',
    },
  ],
  principal: 'arn:aws:sts::111122223333:assumed-role/ProoflineReader/proofline-01JC8Q',
  permissions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'],
  triggers: [
    { actor: { name: 'schedule', authentication: 'schedule' }, collections: 8_598 },
    { actor: someone, collections: 3 },
  ],
  first: { index: 12, startedAt: '2025-03-31T22:20:00.000Z' },
  last: {
    index: 18_351,
    session: 'proofline-01JC8Q',
    startedAt: '2026-03-31T21:20:00.000Z',
    finishedAt: '2026-03-31T21:20:04.210Z',
    sourceAsOf: '2026-03-31T20:04:00.000Z',
    items: 34,
  },
  window: null,
  collections: { total: 8_601, complete: 8_590, incomplete: 11 },
  clock: { offsetMs: { min: -412, max: 391 }, suspect: 0 },
  counts: { requests: 17_202, failedRequests: 14, pages: 17_190, items: { min: 33, max: 36 }, versions: 71 },
  requestIds: { sample: ['4f0b6a4e-7a6c-4d4f-9b63-0f4d2a0c51aa', '6e3f8a7b-15b3-45b0-8a51-95e8f3f9d2c1'], recorded: 17_188 },
  attempted: [source],
  succeeded: [source],
  denied: [],
  reconciliation: [{ with: 'aws/iam-account-summary', field: 'Users', expected: 33, seen: 33, differed: 0 }],
  redactions: [{ field: 'user_creation_time', count: 0 }],
  logic: [{ digest: digest(collector), from, to }],
  grade: 'source-direct',
  schedules: ['production/critical'],
  ...more,
});

const entityDatasets: readonly DatasetRecord[] = ['people', 'accounts', 'separations', 'acts', 'reviews', 'records', 'documents'].map(
  (name) =>
    dataset(`entity/${name}`, `Of the entity: ${name}`, {
      source: 'entity:northwind-payroll',
      scope: 'entity:northwind-payroll',
      collections: { total: 365, complete: 363, incomplete: 2 },
    }),
);

const checks: CheckDescription[] = [
  ['aws/root-user-has-mfa', 'The root user signs in with a second factor', 'critical', 'aws.iam.credential'],
  ['aws/console-user-has-mfa', 'Every user with a console password signs in with a second factor', 'high', 'aws.iam.credential'],
  ['github/default-branch-requires-approval', 'The default branch requires another person’s approval', 'high', 'github.repository'],
  [
    'github/change-approved-by-another',
    'Every change was approved by someone other than its authors before it was merged',
    'high',
    'github.change',
  ],
  ['aws/access-key-rotated', 'Access keys are younger than ninety days', 'medium', 'aws.iam.access-key'],
  ['aws/s3-bucket-is-not-public', 'No bucket is open to the public', 'critical', 'aws.s3.bucket'],
  ['aws/guardduty-enabled', 'Threat detection is on in every region', 'high', 'aws.guardduty.region'],
  ['aws/rds-instance-backed-up', 'Every database keeps backups for at least fourteen days', 'high', 'aws.rds.instance'],
].map(([id, claim, severity, subjectType]) => ({
  id: id!,
  claim: claim!,
  severity: severity as Severity,
  subjectType: subjectType!,
  rationale: 'With a password alone, one leaked password or one mailbox that can reset it is the whole account.',
  remediation: { console: 'Open Security credentials and assign a device.', cli: 'aws iam enable-mfa-device', terraform: 'none' },
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html'],
  examples: { pass: ['a second factor'], fail: ['a password alone'] },
}));

/** Items of which there may be many: made as they are asked for. */
export function fixtureItems(count: number): Iterable<EvidenceItem> {
  return {
    *[Symbol.iterator]() {
      for (let position = 0; position < count; position += 1) {
        const name = position === 0 ? '<root_account>' : `user-${String(position).padStart(6, '0')}`;
        yield {
          collector: 'aws/iam-credential-report',
          scope: source,
          id: `iam:GetCredentialReport|global|${name}`,
          title: position === 1 ? 'IAM credential of Inès Aubert & Zofia Zieliński <script>alert(1)</script>' : `IAM credential of ${name}`,
          fields: [
            { name: 'mfa_active', value: position % 7 === 3 ? 'false' : 'true' },
            { name: 'password_enabled', value: 'true' },
            { name: 'arn', value: `arn:aws:iam::111122223333:user/northwind/payroll/operations/${name}` },
          ],
          from: { at: '2025-04-01T00:20:00.000Z', index: 12 },
          to: position % 7 === 3 ? { at: '2025-06-13T09:20:00.000Z', index: 2383 } : null,
          commitment: commitment(name),
          json: position === 5 ? null : `evidence/aws/iam-credential-report/${hex(name, 12)}.json`,
          withheld: position % 5 === 0 ? ['user_creation_time'] : [],
        };
      }
    },
  };
}

const decided = (actor: Omit<DecisionActor, 'person'>): DecisionActor => ({
  ...actor,
  person: actor.authentication === 'personal-key' ? actor.name : null,
});
const decisions: RecordedDecision[] = [
  {
    index: 4,
    at: '2025-03-28T09:00:00.000Z',
    actor: decided(zieliński),
    subjects: ['soc2-fy25'],
    needsApproval: false,
    reason: 'Opened with Harbour & Lindqvist.',
    payload: { type: 'open-period', period: period('soc2') },
    signature: null,
    approval: null,
    ended: null,
  },
  {
    index: 9118,
    at: '2026-02-09T14:00:00.000Z',
    actor: decided(someone),
    subjects: [waiver.id],
    needsApproval: true,
    reason: waiver.reason,
    payload: { type: 'waive', waiver },
    signature: null,
    approval: { index: 9120, at: '2026-02-09T16:30:00.000Z', actor: decided(zieliński) },
    ended: null,
  },
];

const requests: AnsweredRequest[] = [
  {
    id: 'PBC-017',
    description: 'Evidence that a second factor is enforced for all users',
    control: 'AC-02',
    evidence: null,
    folder: 'controls/AC-02',
    files: ['controls/AC-02/workpaper.pdf', 'controls/AC-02/timeline.csv'],
    state: 'submitted',
    note: '',
  },
  {
    id: 'PBC-031',
    description: 'Board minutes',
    control: null,
    evidence: 'board-minutes',
    folder: 'requests/PBC-031',
    files: [],
    state: 'unknown-reference',
    note: 'No control or evidence of this bundle has this name.',
  },
];

export function fixtureContent(
  options: { readonly report?: 'soc1' | 'soc2'; readonly items?: number; readonly demonstration?: boolean; readonly entity?: boolean } = {},
): BundleContent {
  const report = options.report ?? 'soc2';
  const past = history(report);
  return {
    cover: {
      entity: 'Northwind Payroll AG',
      bundle: `northwind-payroll-${report}-fy25`,
      generatedAt: '2026-04-16T10:30:00.000Z',
      version: '0.1.0',
      demonstration: options.demonstration ?? true,
      log: {
        origin: 'log.northwind.example/proofline',
        tenant: 'northwind-payroll',
        size: past.logSize,
        root: commitment('root'),
        vkey: `log.northwind.example/proofline+1a2b3c4d+${commitment('vkey')}`,
        beganAt: '2025-03-27T12:00:00.000Z',
      },
      anchors: [
        { name: 'freetsa', method: 'rfc3161', at: '2025-04-02T00:00:03.000Z', recordedAt: '2025-04-02T00:00:04.112Z', index: 40, size: 39 },
        {
          name: 'freetsa',
          method: 'rfc3161',
          at: '2026-03-31T22:00:05.000Z',
          recordedAt: '2026-03-31T22:00:06.009Z',
          index: 18_399,
          size: 18_398,
        },
        { name: 'archive', method: 'file', at: null, recordedAt: '2026-03-31T22:00:07.000Z', index: 18_400, size: 18_398 },
      ],
      unwitnessed: null,
      longestWithoutAnchor: { from: '2025-10-03T00:00:00.000Z', to: '2025-10-09T00:00:00.000Z' },
      amendments: [
        {
          decision: 7_020,
          at: '2025-11-20T10:00:00.000Z',
          reason: 'The identity provider allows one call a day.',
          loosens: ['Thresholds of rosters: no evidence after PT72H instead of PT26H.'],
          tightens: [],
          requestedBy: inès,
          approvedBy: zieliński,
          inForce: true,
        },
      ],
      rulesChanged: [{ at: '2025-09-01T08:00:00.000Z', what: ['tolerance of DP-05', 'scope rules'] }],
      supplements: null,
      closing: { decision: 18_401, cutOff: '2026-04-15T22:00:00.000Z', reportDate: '2026-05-08' },
      redactions: ['Items of aws/identity-center-users are here as commitments only; 214 items are withheld.'],
      limits: [
        'Nothing outside the sources listed under “What was not collected” can be shown.',
        'Evidence that people provide, such as minutes and tickets, was not collected by Proofline.',
        'Before 31 March 2025 nothing was collected; what is said of earlier times is reconstructed from the sources’ own change records.',
      ],
      verify: [
        { shows: 'Digests, proofs, checkpoints and time stamps of this folder, offline', command: 'npx proofline verify .' },
        { shows: 'The same with the independent verifier', command: 'python3 verify/verify_export.py .' },
        { shows: 'Every verdict made again from the sealed items', command: 'npx proofline recompute .' },
      ],
    },
    history: past,
    papers: past.controls.map((one) => ({
      control: one.control.id,
      datasets:
        one.control.id === 'AC-02'
          ? [`aws/iam-credential-report@${source}`]
          : one.control.id === 'MO-04'
            ? [`aws/guardduty@${source}`]
            : [],
      populations: one.control.id === 'CM-02' ? ['production-changes'] : one.control.id === 'CM-06' ? ['emergency-changes'] : [],
      samples: one.control.id === 'CM-02' ? ['S-18390'] : [],
      commands:
        one.control.id === 'AC-02'
          ? [
              {
                shows: 'Whether the root user has a second factor now: AccountMFAEnabled is 1',
                command: 'aws iam get-account-summary --query SummaryMap.AccountMFAEnabled',
              },
            ]
          : [],
      requests: one.control.id === 'AC-02' ? ['PBC-017'] : [],
    })),
    checks,
    datasets: [
      dataset('aws/iam-credential-report', 'IAM credential report'),
      dataset('aws/guardduty', 'GuardDuty detectors', {
        collections: { total: 8_601, complete: 0, incomplete: 8_601 },
        attempted: ['us-east-1', 'eu-central-1', 'eu-west-1'],
        succeeded: [],
        denied: [
          {
            what: 'guardduty:ListDetectors in eu-central-1',
            reason: 'access-denied',
            code: 'AccessDeniedException',
            collections: 8_601,
            lastAt: to,
          },
        ],
        reconciliation: [],
        requests: [
          {
            operation: 'guardduty:ListDetectors',
            input: { MaxResults: 50 },
            pages: 0,
            command: 'aws guardduty list-detectors --region eu-central-1',
          },
        ],
      }),
      ...(options.entity === false ? [] : entityDatasets),
    ],
    populations: [
      {
        record: {
          id: 'production-changes',
          period: past.period.id,
          title: 'Changes that reached a production branch',
          collector: 'github/production-changes',
          collections: [18_360, 18_361],
          scopes: [github],
          from,
          to,
          final: true,
          complete: true,
          count: 1_284,
          digest: digest('production-changes'),
          reconciliation: [{ with: 'merged pull requests', count: 1_283, difference: 1, explanation: 'One direct push (4f1d9c2).' }],
        },
        decision: 18_370,
        frozenAt: '2026-04-01T09:00:00.000Z',
        frozenBy: zieliński,
        definition: 'Every commit of the first-parent history of every production branch whose committer date lies within the period.',
        controls: ['CM-02'],
        outcome: { pass: 1_281, fail: 2, other: 1 },
        files: [{ path: 'populations/production-changes.csv', title: 'Rows' }],
      },
      {
        record: {
          id: 'emergency-changes',
          period: past.period.id,
          title: 'Emergency changes',
          collector: 'github/production-changes',
          collections: [18_362],
          scopes: [github],
          from,
          to,
          final: true,
          complete: true,
          count: 0,
          digest: digest('empty'),
          reconciliation: [],
        },
        decision: 18_371,
        frozenAt: '2026-04-01T09:05:00.000Z',
        frozenBy: zieliński,
        definition: 'Every change that carries the label “emergency”.',
        controls: ['CM-06'],
        outcome: null,
        files: [],
      },
    ],
    samples: [
      {
        id: 'S-18390',
        population: 'production-changes',
        digest: digest('production-changes'),
        seed: 'harbour-lindqvist 2026-04-02 7d1f',
        size: 3,
        decision: 18_390,
        drawnAt: '2026-04-02T07:30:00.000Z',
        drawnBy: { name: 'auditor.lindqvist', authentication: 'personal-key' },
        selection: ['1184', '0977', '1402'].map((id) => ({ id: `change/${id}`, rank: hex(id, 64), display: `PR ${id}` })),
        file: 'samples/production-changes-selection.json',
      },
    ],
    persons: [
      {
        person: { id: 'zofia.zielinski', name: 'Zofia Zieliński', roles: ['management'], keys: ['ssh-ed25519 AAAAC3Nz'] },
        decision: 3,
        registeredAt: '2025-03-28T08:55:00.000Z',
        fingerprints: ['SHA256:2b0Qm1kT'],
        revoked: [],
      },
      {
        person: { id: 'ines.aubert', name: 'Inès Aubert', roles: ['control-owner', 'reviewer'], keys: ['ssh-ed25519 AAAAC3NzB'] },
        decision: 5,
        registeredAt: '2025-03-28T09:05:00.000Z',
        fingerprints: ['SHA256:9vPz77aa'],
        revoked: [{ key: null, at: '2026-03-01T00:00:00.000Z', decision: 9_900 }],
      },
    ],
    decisions,
    refusedDecisions: [
      {
        index: 9_950,
        at: '2026-03-12T10:00:00.000Z',
        actor: { name: 'ines.aubert', authentication: 'personal-key' },
        decision: 'dispose',
        problems: ['The key was revoked on 1 March 2026.'],
      },
    ],
    scope: [
      {
        decision: 6,
        rule: 'Account staging (444455556666) is out',
        effect: 'out',
        reason: 'Holds no client data.',
        from: '2025-03-28T09:10:00.000Z',
        by: zieliński,
        subjects: [{ id: 'aws:444455556666', display: 'staging', type: 'aws.account' }],
      },
    ],
    notCollected: [
      {
        what: 'idp.user',
        source: null,
        state: 'not-collected',
        reason: 'No collector reads the identity provider.',
        controls: ['AC-02'],
        from,
        to,
      },
      {
        what: 'Enrolment list of the identity provider',
        source: null,
        state: 'manual',
        reason: 'Provided by the identity team, quarterly.',
        controls: ['AC-02'],
        from: null,
        to: null,
      },
    ],
    items: fixtureItems(options.items ?? 12),
    tool: {
      operation: operationOf(from, to),
      versions: [{ version: '0.1.0', from, to, plan: 4 }],
      logic: [
        { kind: 'collector', id: 'aws/iam-credential-report', digest: digest('c'), from, to },
        { kind: 'check', id: 'aws/console-user-has-mfa', digest: digest('k1'), from, to: '2025-11-15T12:00:00.000Z' },
        { kind: 'check', id: 'aws/console-user-has-mfa', digest: digest('k2'), from: '2025-11-15T12:00:00.000Z', to },
      ],
      administrators: [
        { name: 'zofia.zielinski', can: 'Decide as management', known: 'registered key SHA256:2b0Qm1kT' },
        {
          name: 'whoever can write the data directory',
          can: 'Change configuration, keys and code',
          known: 'the log cannot name them: ask for the access list of the host',
        },
      ],
      configurationChanges: [{ index: 5_900, at: '2025-11-15T12:00:00.000Z', actor: someone, from: digest('conf1'), to: digest('conf2') }],
      keys: [
        { index: 3_100, at: '2025-07-01T00:00:00.000Z', purpose: 'sign', retired: 'proofline+11112222', introduced: 'proofline+1a2b3c4d' },
      ],
      runs: Array.from({ length: 12 }, (_, month) => ({
        month: new Date(Date.UTC(2025, 3 + month, 1)).toISOString().slice(0, 7),
        collections: 717,
        complete: month === 6 ? 590 : 716,
        incomplete: month === 6 ? 7 : 1,
        evaluations: 717,
      })),
      lifecycle: [{ index: 0, at: '2025-03-27T12:00:00.000Z', event: 'created', detail: 'embedded store' }],
      failures: [
        { index: 4_411, at: '2025-10-08T06:31:00.000Z', collector: 'aws/guardduty', scope: source, reasons: ['access-denied'], gaps: 3 },
      ],
      erasures: [],
    },
    management: {
      inventory: [
        {
          type: 'aws.s3.bucket',
          id: `${source}/bucket/=cmd`,
          display: '=HYPERLINK("x";"nw-payslips-export")',
          source,
          region: 'eu-central-1',
          firstSeen: from,
          lastSeen: null,
        },
        {
          type: 'github.repository',
          id: `${github}/repository/R_1`,
          display: 'northwind-payroll/payroll-engine',
          source: github,
          region: null,
          firstSeen: from,
          lastSeen: null,
        },
      ],
      inventorySummary: [
        { type: 'aws.s3.bucket', atStart: 112, atEnd: 119, ever: 124 },
        { type: 'github.repository', atStart: 21, atEnd: 23, ever: 23 },
      ],
      incidents: [],
      zeroRowPulls: [
        {
          what: 'Security incidents',
          collector: 'github/issues',
          scope: github,
          query: 'label:incident created:2025-04-01..2026-03-31',
          from,
          to,
          at: '2026-04-01T09:10:00.000Z',
          index: 18_372,
        },
      ],
      controlChanges: [
        {
          control: 'AC-02',
          at: '2025-08-01T08:00:00.000Z',
          change: 'The tolerance went from PT72H to PT24H.',
          decision: 3_800,
          kind: 'adopt-control',
          by: inès,
        },
        {
          control: 'AC-02',
          at: '2025-11-15T12:00:00.000Z',
          change: 'The logic of aws/console-user-has-mfa changed.',
          decision: null,
          kind: null,
          by: null,
        },
      ],
      sinceEnd: {
        through: '2026-04-02T08:00:00.000Z',
        changes: ['No control was changed.', 'One access key was still older than ninety days.'],
      },
    },
    entity: options.entity === false ? null : entityOf(),
    requests,
    otherFiles: [
      { path: 'oscal/assessment-results.json', title: 'Assessment results (OSCAL)' },
      { path: 'manifest.json', title: 'Digest of every file' },
    ],
  };
}
