import { z } from 'zod';
import { ReadsBlob } from '../model/blobs.ts';
import { GapReason } from '../model/completeness.ts';
import { controlStates } from '../model/control.ts';
import { DocumentRecord, PopulationRecord, personRoles } from '../model/decision.ts';
import { Ruler, SampleTable } from '../model/engagement.ts';
import { evidenceGrades } from '../model/grade.ts';
import { conditionKinds } from '../model/notification.ts';
import { Outcome, outcomes, Severity, severities } from '../model/outcome.ts';
import { Readiness } from '../model/readiness.ts';
import { Result } from '../model/result.ts';
import { decisionKinds, missReasons } from '../model/statement.ts';
import { upgradeCauses } from '../model/upgrade-causes.ts';
import { DeviationsOutput, EpisodesOutput, HistoryOutput } from './history-shapes.ts';
import { PeopleListOutput, PeopleShowOutput, PeopleUnresolvedOutput } from './people-shapes.ts';
import { RecordsListOutput, RecordsOutput, RecordsTestOutput } from './record-shapes.ts';
import { ReviewPlanOutput, ReviewRemindOutput, ReviewStatusOutput } from './review-shapes.ts';
import { SodConflictsOutput, SodExplainOutput, SodMatrixOutput, SodRulesOutput } from './sod-shapes.ts';

/**
 * What `--json` prints, verb by verb. Times are ISO-8601 UTC; a null is something that is not there, never something not known.
 * Members may be added; none is renamed or removed within one `v`.
 */
const Time = z.iso.datetime({ precision: 3 });
const Counts = z.strictObject(
  Object.fromEntries(outcomes.map((outcome) => [outcome, z.int()])) as Record<(typeof outcomes)[number], z.ZodInt>,
);
const SeverityCounts = z.strictObject(
  Object.fromEntries(severities.map((severity) => [severity, z.int()])) as Record<(typeof severities)[number], z.ZodInt>,
);
const v = z.literal(1);
const Incomplete = z.array(z.strictObject({ collector: z.string(), scope: z.string(), reasons: z.array(GapReason) }));

export const ControlRow = z.strictObject({
  id: z.string(),
  statement: z.string(),
  status: z.enum(['proposed', 'adopted', 'retired']),
  owner: z.string().nullable(),
  automation: z.enum(['full', 'partial', 'manual']),
  state: z.enum(controlStates),
  counts: Counts.meta({ description: 'Results of its checks by outcome' }),
  failures: SeverityCounts.meta({ description: 'Failing results by severity of the check' }),
  checks: z.array(z.string()),
  evidenceAsOf: Time.nullable().meta({ description: 'The oldest evidence its results rest on' }),
  reasons: z.array(z.string()).meta({ description: 'Why it stands as it stands, worst first' }),
});
export const SourceRow = z.strictObject({
  source: z.string(),
  display: z.string(),
  collections: z.int(),
  incomplete: Incomplete,
  oldest: Time.nullable(),
  newest: Time.nullable(),
  results: Counts,
});
export const CoverageRow = z.strictObject({
  report: z.enum(['soc1', 'soc2']),
  total: z.int(),
  covered: z.int().meta({ description: 'By an adopted control with a primary link' }),
  proposed: z.int().meta({ description: 'Not covered, and a proposed control would cover it' }),
  open: z.array(z.string()).meta({ description: 'Ids that no control covers or would cover' }),
});
export const StatusOutput = z.strictObject({
  v,
  at: Time,
  entity: z.string(),
  demonstration: z.boolean(),
  log: z.strictObject({ origin: z.string(), entries: z.int(), signedTo: z.int(), dataDirectory: z.string() }),
  anchors: z.strictObject({
    configured: z.array(z.string()),
    latest: z.strictObject({ anchor: z.string(), method: z.string(), at: Time, time: Time.nullable(), size: z.int() }).nullable(),
    sentence: z.string().nullable().meta({ description: 'What must be said when nobody else saw the log' }),
  }),
  sources: z.array(SourceRow),
  counts: Counts,
  failures: SeverityCounts,
  controls: z.array(ControlRow),
  coverage: z.array(CoverageRow),
  operation: z
    .strictObject({
      turns: z.strictObject({ done: z.int(), failed: z.int(), missed: z.int(), late: z.int() }),
      lastMissed: z
        .strictObject({ schedule: z.string(), from: Time, to: Time, count: z.int(), reason: z.enum(missReasons), late: z.boolean() })
        .nullable(),
      lastFailed: z.strictObject({ schedule: z.string(), due: Time, attempts: z.int(), reason: z.string() }).nullable(),
      daemon: z
        .strictObject({
          state: z.enum(['running', 'stopped', 'ended-unseen']),
          run: z.string(),
          host: z.string(),
          version: z.string(),
          startedAt: Time.nullable(),
          heardAt: Time.meta({ description: 'When it was last known to live, or stopped' }),
        })
        .nullable()
        .meta({ description: 'The one that was heard of last; null: none ever ran' }),
    })
    .meta({ description: 'What became of the turns of schedules, as far as the log shows' }),
  warnings: z.array(z.string()),
  nextSteps: z.array(z.strictObject({ text: z.string(), command: z.string().nullable() })),
});
export type StatusOutput = z.infer<typeof StatusOutput>;
export type ControlRow = z.infer<typeof ControlRow>;
export type SourceRow = z.infer<typeof SourceRow>;

export const ReadinessOutput = z.strictObject({ v, ...Readiness.shape });
export type ReadinessOutput = z.infer<typeof ReadinessOutput>;

export const ResultRow = z.strictObject({
  check: z.string(),
  parameters: z.record(z.string(), z.json()),
  severity: Severity.nullable().meta({ description: 'null: the check is not in the plan any more' }),
  claim: z.string(),
  controls: z.array(z.string()),
  source: z.string(),
  subject: z.string(),
  display: z.string(),
  outcome: Outcome,
  message: z.string(),
  reason: GapReason.nullable(),
  until: Time.nullable().meta({ description: 'From when on it must be judged again even if nothing changes' }),
  asOf: Time,
  remediation: z.strictObject({ console: z.string(), cli: z.string(), terraform: z.string() }).nullable(),
});
export const ResultsOutput = z.strictObject({
  v,
  total: z.int().meta({ description: 'Results that match, also those left out by --limit' }),
  results: z.array(ResultRow),
});
export type ResultRow = z.infer<typeof ResultRow>;
export type ResultsOutput = z.infer<typeof ResultsOutput>;

export const CollectOutput = z.strictObject({
  v,
  startedAt: Time,
  finishedAt: Time,
  complete: z.boolean().meta({ description: 'Everything was seen' }),
  interrupted: z.boolean(),
  sources: z.array(
    z.strictObject({
      source: z.string(),
      display: z.string(),
      collections: z.int(),
      changed: z.int().meta({ description: 'Collections in which something differed from the one before' }),
      calls: z.int(),
      incomplete: Incomplete,
      results: Counts,
      judged: z.int().meta({ description: 'Subjects judged anew; the others kept their verdict' }),
    }),
  ),
  unreachable: z.array(z.strictObject({ source: z.string(), kind: z.string(), reason: GapReason, message: z.string() })),
  failures: SeverityCounts,
  anchors: z.array(z.strictObject({ anchor: z.string(), time: Time.nullable(), error: z.string().nullable() })),
  head: z.strictObject({ size: z.int(), root: z.string() }),
});
export type CollectOutput = z.infer<typeof CollectOutput>;

export const DoctorOutput = z.strictObject({
  v,
  at: Time,
  findings: z.array(
    z.strictObject({
      area: z.enum(['configuration', 'source', 'store', 'keys', 'anchors', 'extensions', 'notify']),
      about: z.string(),
      level: z.enum(['ok', 'note', 'warning', 'problem']),
      message: z.string(),
      advice: z.string().nullable(),
    }),
  ),
});
export type DoctorOutput = z.infer<typeof DoctorOutput>;

export const EvidenceRow = z.strictObject({
  index: z.int(),
  collector: z.string(),
  scope: z.string(),
  at: Time,
  sourceAsOf: Time.nullable(),
  items: z.int(),
  requests: z.int(),
  failed: z.int(),
  complete: z.boolean(),
  reasons: z.array(GapReason),
  changed: z.boolean(),
  grade: z.enum(evidenceGrades),
  session: z.string(),
  principal: z.string().nullable(),
});
export const EvidenceListOutput = z.strictObject({ v, total: z.int(), evidence: z.array(EvidenceRow) });
export const EvidenceShowOutput = z.strictObject({
  v,
  statement: z.record(z.string(), z.json()),
  requests: z.array(z.record(z.string(), z.json())),
  items: z.array(
    z.strictObject({
      operation: z.string(),
      subject: z.string().nullable(),
      region: z.string().nullable(),
      body: z.json(),
      gap: GapReason.nullable(),
    }),
  ),
  results: z
    .array(
      Result.extend({ check: z.string(), entries: z.array(z.int()).meta({ description: 'Collections in which the subject was seen' }) }),
    )
    .nullable()
    .optional()
    .meta({ description: 'Of an evaluation: everything that is not a pass; null: erased' }),
  reads: ReadsBlob.optional().meta({ description: 'Of an evaluation: the collections it read' }),
});
export const EvidenceExportOutput = z.strictObject({
  v,
  directory: z.string(),
  size: z.int(),
  notCovered: z.int().meta({ description: 'Entries that no signed head covers yet' }),
});
export type EvidenceRow = z.infer<typeof EvidenceRow>;
export type EvidenceListOutput = z.infer<typeof EvidenceListOutput>;
export type EvidenceShowOutput = z.infer<typeof EvidenceShowOutput>;

export const VerifyOutput = z.strictObject({
  v,
  what: z.string(),
  ok: z.boolean(),
  claims: z.array(
    z.strictObject({
      claim: z.string(),
      result: z.enum(['PASS', 'WARN', 'FAIL']),
      detail: z.string(),
      findings: z.array(z.strictObject({ entry: z.int().nullable(), message: z.string() })),
    }),
  ),
  notes: z.array(z.string()),
});
export type VerifyOutput = z.infer<typeof VerifyOutput>;

const SaidOutput = z.strictObject({ outcome: Outcome, reason: z.string().nullable(), until: z.string().nullable() });
export const RecomputeOutput = z.strictObject({
  v,
  what: z.string(),
  same: z.boolean().meta({ description: 'Everything that could be made again came out the same' }),
  evaluations: z.int(),
  recomputed: z.int(),
  results: z.int().meta({ description: 'Sets of results that were held against each other' }),
  subjects: z.int(),
  differences: z.array(
    z.strictObject({
      source: z.string(),
      check: z.string().nullable().meta({ description: 'null: about the population itself' }),
      parametersDigest: z.string().nullable(),
      subject: z.string(),
      display: z.string(),
      sealed: SaidOutput.nullable(),
      recomputed: SaidOutput.nullable(),
      from: Time,
      to: Time,
      first: z.int(),
      last: z.int(),
      evaluations: z.int(),
      otherLogic: z.boolean().meta({ description: 'By other logic than the log names' }),
    }),
  ),
  logic: z.array(
    z.strictObject({
      kind: z.enum(['collector', 'check']),
      id: z.string(),
      sealed: z.string(),
      installed: z.string().nullable(),
      evaluations: z.int(),
    }),
  ),
  skipped: z.array(z.strictObject({ reason: z.string(), evaluations: z.int(), first: z.int() })),
  messages: z.strictObject({
    count: z.int(),
    examples: z.array(z.strictObject({ check: z.string(), subject: z.string(), sealed: z.string(), recomputed: z.string() })),
  }),
  derived: z
    .strictObject({
      collections: z.int(),
      recomputed: z.int(),
      items: z.int().meta({ description: 'Items that were held against each other' }),
      differences: z.array(
        z.strictObject({
          collector: z.string(),
          subject: z.string().nullable(),
          sealed: z.string().nullable().meta({ description: 'As canonical JSON, its beginning; null: there is none' }),
          recomputed: z.string().nullable(),
          from: Time,
          to: Time,
          first: z.int(),
          last: z.int(),
          collections: z.int(),
          otherLogic: z.boolean().meta({ description: 'By other logic than the log names' }),
        }),
      ),
      skipped: z.array(z.strictObject({ reason: z.string(), collections: z.int(), first: z.int() })),
    })
    .meta({ description: 'What was worked out of the log itself (people, accounts, duties, reviews, records), worked out again' }),
  history: z
    .strictObject({
      period: z.string(),
      differences: z.array(
        z.strictObject({
          control: z.string().nullable(),
          check: z.string().nullable(),
          subject: z.string().nullable(),
          what: z.string(),
          sealed: z.string().nullable(),
          recomputed: z.string().nullable(),
        }),
      ),
      withheld: z.array(z.string()).meta({
        description: 'collectors of events whose items the bundle keeps back: what of its history rests on them comes out otherwise',
      }),
    })
    .nullable()
    .meta({ description: 'null: an export or a store has no history to hold it against' }),
});
export type RecomputeOutput = z.infer<typeof RecomputeOutput>;

const SpokenOutput = z.strictObject({ outcome: Outcome, reason: z.string().nullable(), message: z.string().nullable() });
const ChangeCountsOutput = z.strictObject({
  beginsToFail: z.int(),
  failsNoMore: z.int(),
  losesEvidence: z.int(),
  otherwise: z.int(),
});
const PlanListOutput = z.strictObject({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) });
export const UpgradeOutput = z.strictObject({
  v,
  preview: z.boolean().meta({ description: 'Nothing was written' }),
  from: z.string().nullable().meta({ description: 'Version that recorded the plan in force; null: there is none that is known here' }),
  to: z.string(),
  schema: z.strictObject({ from: z.int(), to: z.int() }).meta({ description: 'Of the tables the log lies in' }),
  recorded: z.boolean().meta({ description: 'An entry `upgraded` or `downgraded` was made now' }),
  planIndex: z.int().nullable().meta({ description: 'Entry of the plan in force; null in a preview' }),
  plan: z.strictObject({
    changes: z.boolean(),
    configuration: z.boolean(),
    scope: z.boolean(),
    collectors: PlanListOutput,
    checks: PlanListOutput,
    controls: PlanListOutput,
    others: z.array(z.string()).meta({ description: 'Whatever else a plan says and is not the same, by the name of its part' }),
  }),
  sources: z.array(
    z.strictObject({
      source: z.string(),
      evaluation: z.int().nullable().meta({ description: 'Entry that was made again; null: nothing could be' }),
      judgedAt: Time.nullable(),
      verdicts: z.int(),
      changed: z.int(),
      notes: z.array(z.string()),
    }),
  ),
  total: z.int().meta({ description: 'Changes of all checks, also where `changes` lists those of one' }),
  changes: z.array(
    z.strictObject({
      source: z.string(),
      check: z.string(),
      parametersDigest: z.string(),
      severity: Severity,
      controls: z.array(z.string()),
      subject: z.string(),
      display: z.string(),
      from: SpokenOutput.nullable().meta({ description: 'null: there was no verdict; words of a pass are not kept' }),
      to: SpokenOutput.nullable().meta({ description: 'null: there would be no verdict' }),
      causes: z.array(z.enum(upgradeCauses)).meta({ description: 'Everything that is other and that it rests on' }),
    }),
  ),
  counts: z.strictObject(
    Object.fromEntries(severities.map((severity) => [severity, ChangeCountsOutput])) as Record<
      (typeof severities)[number],
      typeof ChangeCountsOutput
    >,
  ),
  same: z.strictObject({ verdicts: z.int(), otherWords: z.int(), otherUntil: z.int() }),
  controls: z.array(
    z.strictObject({
      control: z.string(),
      status: z.string(),
      from: z.enum(controlStates).nullable(),
      to: z.enum(controlStates).nullable(),
      reasons: z.array(z.string()),
    }),
  ),
  controlsTheSame: z.int(),
  onlyOtherLogic: z
    .array(
      z.strictObject({
        kind: z.enum(['check', 'collector']),
        id: z.string(),
        sealed: z.string(),
        installed: z.string().nullable(),
        sources: z.int(),
      }),
    )
    .meta({ description: 'Installed in another version, and every verdict stays' }),
});
export type UpgradeOutput = z.infer<typeof UpgradeOutput>;

export const ControlsListOutput = z.strictObject({
  v,
  controls: z.array(
    z.strictObject({
      id: z.string(),
      statement: z.string(),
      status: z.enum(['proposed', 'adopted', 'retired']),
      origin: z.enum(['library', 'changed', 'own']),
      automation: z.enum(['full', 'partial', 'manual']),
      frequency: z.string(),
      owner: z.string().nullable(),
      soc2: z.array(z.string()),
      soc1: z.array(z.string()),
      checks: z.array(z.string()),
      covers: z.array(z.string()),
      versions: z.array(z.strictObject({ from: z.string().nullable(), to: z.string().nullable(), because: z.string().nullable() })),
    }),
  ),
});
export type ControlsListOutput = z.infer<typeof ControlsListOutput>;

export const ScopePreviewOutput = z.strictObject({
  v,
  on: z.iso.date(),
  resources: z.int(),
  inScope: z.int(),
  rules: z.array(
    z.strictObject({
      id: z.string(),
      decision: z.enum(['in', 'out']),
      because: z.string(),
      by: z.string(),
      from: z.string(),
      until: z.string().nullable(),
      resources: z.array(z.strictObject({ type: z.string(), id: z.string(), display: z.string() })),
    }),
  ),
  absent: z.array(z.strictObject({ type: z.string(), reason: z.string(), by: z.string(), from: z.string() })),
  notCollected: z.array(z.strictObject({ type: z.string(), title: z.string(), controls: z.array(z.string()) })),
});
export type ScopePreviewOutput = z.infer<typeof ScopePreviewOutput>;

export const CatalogChecksOutput = z.strictObject({
  v,
  checks: z.array(
    z.strictObject({
      id: z.string(),
      claim: z.string(),
      severity: Severity,
      subject: z.string(),
      rationale: z.string(),
      parameters: z.record(z.string(), z.json()).meta({ description: 'Defaults' }),
      controls: z.array(z.string()),
      references: z.array(z.string()),
    }),
  ),
});
export const CatalogCollectorsOutput = z.strictObject({
  v,
  collectors: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      kind: z.string(),
      scope: z.string(),
      yields: z.array(z.string()),
      operations: z.array(z.string()),
      permissions: z.array(z.string()),
    }),
  ),
});
export type CatalogChecksOutput = z.infer<typeof CatalogChecksOutput>;
export type CatalogCollectorsOutput = z.infer<typeof CatalogCollectorsOutput>;

export const TestOutput = z.strictObject({
  v,
  units: z.array(
    z.strictObject({ id: z.string(), kind: z.enum(['check', 'collector']), examples: z.int(), problems: z.array(z.string()) }),
  ),
});
export type TestOutput = z.infer<typeof TestOutput>;

export const PeriodRow = z.strictObject({
  id: z.string(),
  engagement: z.string(),
  report: z.enum(['soc1', 'soc2']),
  type: z.union([z.literal(1), z.literal(2)]),
  state: z.enum(['open', 'closed']),
  start: z.iso.date(),
  end: z.iso.date(),
  zone: z.string(),
  from: Time,
  to: Time.meta({ description: 'The first instant after it' }),
  cutOff: z.iso.date().nullable(),
  plan: z.int().meta({ description: 'Log index of the plan that was in force when it was opened' }),
  decision: z.int().meta({ description: 'Log index' }),
  openedAt: Time,
  openedBy: z.string(),
  ruler: Ruler.meta({ description: 'In force now' }),
  amendments: z.array(
    z.strictObject({
      decision: z.int(),
      at: Time,
      by: z.string(),
      reason: z.string(),
      loosens: z.array(z.string()),
      tightens: z.array(z.string()),
      approvedBy: z.string().nullable(),
      inForceFrom: Time.nullable().meta({ description: 'null: it loosens, and no second person approved it' }),
    }),
  ),
  closed: z.strictObject({ decision: z.int(), at: Time, by: z.string(), cutOff: Time, reportDate: z.iso.date().nullable() }).nullable(),
  missing: z.array(z.string()).meta({ description: 'What it should have and has not yet' }),
});
export const PeriodListOutput = z.strictObject({ v, periods: z.array(PeriodRow) });
export type PeriodRow = z.infer<typeof PeriodRow>;
export type PeriodListOutput = z.infer<typeof PeriodListOutput>;

export const PersonListOutput = z.strictObject({
  v,
  persons: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      roles: z.array(z.enum(personRoles)),
      keys: z.array(
        z.strictObject({
          line: z.string(),
          fingerprint: z.string(),
          from: Time,
          revokedFrom: Time.nullable().meta({ description: 'From when on signatures with it do not count' }),
        }),
      ),
      registeredAt: Time,
      registeredBy: z.string(),
      decision: z.int(),
    }),
  ),
});
export type PersonListOutput = z.infer<typeof PersonListOutput>;

export const WaiverListOutput = z.strictObject({
  v,
  waivers: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['waiver', 'known-at-onboarding']),
      control: z.string().nullable(),
      scope: z.array(
        z.strictObject({ check: z.string().nullable(), source: z.string().nullable(), subjects: z.array(z.string()).nullable() }),
      ),
      reason: z.string(),
      compensatingControl: z.string().nullable(),
      from: Time,
      expires: Time,
      state: z.enum(['requested', 'approved', 'in-force', 'expired', 'ended', 'refused']),
      inForce: z.strictObject({ from: Time, to: Time }).nullable().meta({ description: 'The stretch in which it lies over failures' }),
      decision: z.int(),
      requestedAt: Time,
      requestedBy: z.string(),
      approvedBy: z.string().nullable(),
      authenticated: z.boolean().meta({ description: 'Requester and approver both signed with registered keys' }),
    }),
  ),
});
export type WaiverListOutput = z.infer<typeof WaiverListOutput>;

const Days = z.strictObject({ from: z.iso.date(), to: z.iso.date() });
export const EvidenceRequestsOutput = z.strictObject({
  v,
  requests: z.array(
    z.strictObject({
      request: z.string(),
      title: z.string(),
      type: z.string(),
      from: z.string(),
      controls: z.array(z.string()),
      occasion: z.strictObject({ from: z.iso.date(), to: z.iso.date().nullable() }),
      due: z.iso.date(),
      isDue: z.boolean(),
      isDueSoon: z.boolean(),
      standing: z.enum(['handed-in', 'unapproved', 'stale', 'missing']),
      document: z.string().nullable(),
      approvedOn: z.iso.date().nullable(),
      approvedBy: z.string().nullable(),
      effective: z.iso.date().nullable(),
      covers: Days.nullable(),
      providedBy: z.string().nullable(),
      grade: z.enum(evidenceGrades),
      unmet: z.array(z.string()).meta({ description: 'Facts that it was to state and states otherwise' }),
    }),
  ),
  unasked: z
    .array(z.strictObject({ control: z.string(), what: z.string() }))
    .meta({ description: 'Adopted controls that rest on documents and for which none is asked' }),
});
export const EvidenceDocumentsOutput = z.strictObject({
  v,
  documents: z.array(
    DocumentRecord.extend({
      addedAt: Time,
      addedBy: z.string(),
      approved: z.strictObject({ at: Time, by: z.string() }).nullable(),
      refused: z.boolean(),
      supersededBy: z.string().nullable(),
    }),
  ),
});
export type EvidenceRequestsOutput = z.infer<typeof EvidenceRequestsOutput>;
export type EvidenceDocumentsOutput = z.infer<typeof EvidenceDocumentsOutput>;

export const DecisionRow = z.strictObject({
  index: z.int(),
  at: Time,
  decision: z.enum(decisionKinds),
  by: z.string().meta({ description: 'With "identity not authenticated" where that holds' }),
  person: z.string().nullable().meta({ description: 'Id of the registered person who signed; null: nobody did' }),
  subjects: z.array(z.string()),
  reason: z.string(),
  needsApproval: z.boolean(),
  approval: z.strictObject({ index: z.int(), at: Time, by: z.string() }).nullable(),
  ended: z.int().nullable().meta({ description: 'Log index of the decision that refused or withdrew it' }),
  key: z.string().nullable().meta({ description: 'Fingerprint of the key that signed' }),
});
export const DecisionsListOutput = z.strictObject({
  v,
  decisions: z.array(DecisionRow),
  refused: z
    .array(z.strictObject({ index: z.int(), at: Time, decision: z.string(), by: z.string(), problems: z.array(z.string()) }))
    .meta({ description: 'Stand in the log and do not count' }),
});
export const DecisionsShowOutput = z.strictObject({
  v,
  decision: DecisionRow,
  payload: z.record(z.string(), z.json()),
  signature: z.strictObject({ signedText: z.string(), sshsig: z.string(), key: z.string() }).nullable(),
});
export type DecisionRow = z.infer<typeof DecisionRow>;
export type DecisionsListOutput = z.infer<typeof DecisionsListOutput>;
export type DecisionsShowOutput = z.infer<typeof DecisionsShowOutput>;

const PopulationRecordRow = PopulationRecord.extend({
  supersedes: z.string().nullable(),
  decision: z.int(),
  frozenAt: Time,
  frozenBy: z.string(),
  supersededBy: z.string().nullable().meta({ description: 'Id of the later version that took its place' }),
  readable: z.boolean().meta({ description: 'Its rows can be made again from what is sealed' }),
  judged: z.array(z.strictObject({ check: z.string(), source: z.string(), evaluation: z.int(), counts: Counts })),
});
const PopulationListOutput = z.strictObject({
  v,
  period: z.string(),
  needed: z
    .array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        text: z.string(),
        collector: z.string(),
        controls: z.array(z.string()),
        frozen: z.array(z.string()),
      }),
    )
    .meta({ description: 'What the adopted controls speak for' }),
  frozen: z.array(PopulationRecordRow),
});
const PopulationShowOutput = z.strictObject({
  v,
  population: PopulationRecordRow,
  rows: z.array(
    z.strictObject({
      id: z.string(),
      display: z.string(),
      at: z.string().nullable(),
      fields: z.record(z.string(), z.json()),
      unread: z.record(z.string(), GapReason),
    }),
  ),
});
export type PopulationRecordRow = z.infer<typeof PopulationRecordRow>;
export type PopulationListOutput = z.infer<typeof PopulationListOutput>;
export type PopulationShowOutput = z.infer<typeof PopulationShowOutput>;

const SampleSizeOutput = z.strictObject({
  v,
  control: z.string(),
  frequency: z.string(),
  table: SampleTable,
  sizes: z.array(z.strictObject({ population: z.string(), occurrences: z.int(), size: z.int(), row: z.string() })),
});
const SampleListOutput = z.strictObject({
  v,
  samples: z.array(
    z.strictObject({
      id: z.string(),
      population: z.string(),
      digest: z.string(),
      seed: z.string(),
      size: z.int(),
      strata: z.literal('month').nullable(),
      decision: z.int(),
      drawnAt: Time,
      drawnBy: z.string(),
      selection: z.array(z.strictObject({ id: z.string(), rank: z.string() })),
    }),
  ),
});
const SampleVerifyOutput = z.strictObject({
  v,
  file: z.string(),
  claims: z.array(z.strictObject({ claim: z.string(), result: z.enum(['PASS', 'WARN', 'FAIL']), message: z.string() })),
});
export type SampleSizeOutput = z.infer<typeof SampleSizeOutput>;
export type SampleListOutput = z.infer<typeof SampleListOutput>;
export type SampleVerifyOutput = z.infer<typeof SampleVerifyOutput>;

const NotifyListOutput = z.strictObject({
  v,
  at: Time,
  followed: z.int().nullable().meta({ description: 'The log was read up to this entry; null: no process has notified yet' }),
  conditions: z.array(
    z.strictObject({
      key: z.string(),
      kind: z.enum(conditionKinds),
      severity: Severity,
      source: z.string().nullable().meta({ description: 'Name in the configuration; null: it is about the log itself' }),
      check: z.string().nullable(),
      subject: z.strictObject({ id: z.string(), display: z.string() }),
      message: z.string(),
      owner: z.string().nullable(),
      since: Time,
      due: Time.nullable(),
      waiver: z.string().nullable().meta({ description: 'Lies over it: nobody is told' }),
      evidence: z.int().meta({ description: 'Log entry that shows it' }),
    }),
  ),
  held: z.int().meta({ description: 'Notices that wait for a batch, a digest or the end of quiet hours' }),
  dispatches: z.array(
    z.strictObject({
      message: z.string(),
      channel: z.string(),
      route: z.string().nullable(),
      thread: z.string().nullable(),
      notices: z.int(),
      state: z.enum(['waiting', 'in-flight', 'delivered', 'given-up']),
      attempts: z.int(),
      next: Time,
      made: Time,
      reason: z.string().nullable().meta({ description: 'Why the latest attempt failed' }),
      after: z.array(z.string()).meta({ description: 'Channels that gave it up before' }),
    }),
  ),
  channels: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      lastDelivered: Time.nullable(),
      failingSince: Time.nullable(),
      reason: z.string().nullable(),
    }),
  ),
});
const NotifyPreviewOutput = z.strictObject({
  v,
  at: Time,
  invented: z.boolean().meta({ description: 'The configuration names no channel; it is shown as one would say it' }),
  messages: z.array(
    z.strictObject({
      channel: z.string(),
      channelKind: z.string(),
      route: z.string().nullable(),
      because: z.enum(['first-collection', 'logic-changed', 'daily', 'weekly']).nullable(),
      notices: z.int(),
      text: z.string(),
    }),
  ),
  untold: z.array(z.strictObject({ reason: z.string(), count: z.int() })),
});
export type NotifyListOutput = z.infer<typeof NotifyListOutput>;
export type NotifyPreviewOutput = z.infer<typeof NotifyPreviewOutput>;

export const ScheduleListOutput = z.strictObject({
  v,
  at: Time,
  schedules: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['collect', 'anchor']),
      source: z.string().nullable(),
      collectors: z.array(z.string()),
      cron: z.string(),
      zone: z.string(),
      jitterMs: z.int(),
      from: z.enum(['default', 'configuration']),
      next: z
        .strictObject({ due: Time, begins: Time.meta({ description: 'After its jitter' }) })
        .nullable()
        .meta({ description: 'Null: it names a day that comes no more' }),
      due: Time.nullable().meta({ description: 'Due time of a turn that is to be taken now; null: none is' }),
      done: z.strictObject({ due: Time, at: Time, entry: z.int() }).nullable().meta({ description: 'The last turn that was taken' }),
      failed: z
        .strictObject({ due: Time, at: Time, entry: z.int(), attempts: z.int(), reason: z.string() })
        .nullable()
        .meta({ description: 'The last turn that finally failed' }),
      missed: z
        .strictObject({
          from: Time,
          to: Time,
          count: z.int(),
          reason: z.enum(missReasons),
          late: z.boolean().meta({ description: 'The last of them was put in line late' }),
          at: Time,
          entry: z.int(),
        })
        .nullable()
        .meta({ description: 'The last miss that was recorded' }),
      unrecorded: z
        .strictObject({ from: Time, to: Time, count: z.int() })
        .nullable()
        .meta({ description: 'Turns that nobody took and no record speaks of yet: a daemon records them when it starts' }),
    }),
  ),
});
export type ScheduleListOutput = z.infer<typeof ScheduleListOutput>;

/** The shape of every reading verb's `--json`. */
export const jsonShapes = {
  upgrade: UpgradeOutput,
  collect: CollectOutput,
  status: StatusOutput,
  results: ResultsOutput,
  readiness: ReadinessOutput,
  doctor: DoctorOutput,
  'evidence list': EvidenceListOutput,
  'evidence show': EvidenceShowOutput,
  'evidence export': EvidenceExportOutput,
  verify: VerifyOutput,
  recompute: RecomputeOutput,
  'controls list': ControlsListOutput,
  'scope preview': ScopePreviewOutput,
  history: HistoryOutput,
  episodes: EpisodesOutput,
  'deviation list': DeviationsOutput,
  'deviation show': DeviationsOutput,
  'period list': PeriodListOutput,
  'period show': PeriodListOutput,
  'person list': PersonListOutput,
  'people list': PeopleListOutput,
  'people show': PeopleShowOutput,
  'people unresolved': PeopleUnresolvedOutput,
  'sod matrix': SodMatrixOutput,
  'sod conflicts': SodConflictsOutput,
  'sod explain': SodExplainOutput,
  'sod rules': SodRulesOutput,
  'records list': RecordsListOutput,
  'records show': RecordsOutput,
  'records run': RecordsOutput,
  'records test': RecordsTestOutput,
  'review plan': ReviewPlanOutput,
  'review remind': ReviewRemindOutput,
  'review status': ReviewStatusOutput,
  'waiver list': WaiverListOutput,
  'evidence requests': EvidenceRequestsOutput,
  'evidence documents': EvidenceDocumentsOutput,
  'decisions list': DecisionsListOutput,
  'decisions show': DecisionsShowOutput,
  'population list': PopulationListOutput,
  'population show': PopulationShowOutput,
  'sample size': SampleSizeOutput,
  'sample list': SampleListOutput,
  'sample verify': SampleVerifyOutput,
  'schedule list': ScheduleListOutput,
  'notify list': NotifyListOutput,
  'notify preview': NotifyPreviewOutput,
  'catalog checks': CatalogChecksOutput,
  'catalog collectors': CatalogCollectorsOutput,
  'catalog controls': ControlsListOutput,
  test: TestOutput,
} as const satisfies Record<string, z.ZodType>;
