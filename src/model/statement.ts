import { z } from 'zod';
import { Completeness, Gap } from './completeness.ts';
import { evidenceGrades } from './grade.ts';
import { outcomes } from './outcome.ts';

/**
 * The statements of format/1: each is one leaf of the log, RFC 8785 JSON of at most 64 KiB. They carry commitments, counts, times
 * and scope ids, never what a source said: that is in blobs. The specification is src/verify/format-1.md.
 */
export const formatVersion = 1;
export const maxStatementBytes = 65_535;

/** ISO-8601 UTC with milliseconds. */
export const Time = z.iso.datetime({ precision: 3 });
/** 32 bytes, base64 (standard alphabet, padded): a commitment, a Merkle root or a digest. */
export const Hash = z.base64().length(44);
/** `sha256:` + 64 hex digits: a digest of public things (logic, parameters, configuration). */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const head = { v: z.literal(formatVersion), id: z.string().min(1), at: Time };
/** Who caused it and how he was authenticated; `none` is printed as "identity not authenticated". */
const Actor = z.strictObject({ name: z.string(), authentication: z.enum(['none', 'personal-key', 'schedule']) });

/** One turn of a schedule: when it was due (before any jitter). */
export const Turn = z.strictObject({ schedule: z.string(), due: Time });
/** Why a turn was not taken when it was due. */
export const missReasons = ['not-running', 'overlap', 'queue-full', 'queue-unavailable', 'clock-moved', 'not-known'] as const;

/** A versioned set of (commitment of id -> commitment of content): its root, its size, and how it differs from the one before. */
export const ManifestChange = z.strictObject({
  size: z.int().nonnegative(),
  /** RFC 6962 root over `c_id || c_content`, sorted by c_id. */
  root: Hash,
  /** Root of the manifest this is a change of; null for the first of its stream. */
  previous: Hash.nullable(),
  /** Blob: {added:[[id,content]], changed:[[id,content]], removed:[id]}, sorted. null = nothing changed. */
  delta: Hash.nullable(),
  /** Blob with every pair, at the first and then every thousandth statement of the stream. */
  keyframe: Hash.nullable(),
});

export const Genesis = z.looseObject({
  ...head,
  kind: z.literal('genesis'),
  origin: z.string(),
  tenant: z.string(),
  demonstration: z.boolean(),
  keys: z.strictObject({ sign: z.string(), wrap: z.string(), commit: z.string() }),
});
/** What will be collected, by what logic, how often: recorded before it applies. */
export const Plan = z.looseObject({
  ...head,
  kind: z.literal('plan'),
  configuration: Digest,
  collectors: z.array(z.strictObject({ id: z.string(), logic: Digest })),
  checks: z.strictObject({ count: z.int(), digest: Digest }),
  controls: z.strictObject({ count: z.int(), digest: Digest }),
  /** Blob: the plan in full (sources, collectors, checks with parameters, controls), canonical JSON. */
  detail: Hash,
});
export const Collection = z.looseObject({
  ...head,
  kind: z.literal('collection'),
  /** Log index of the plan in force; null before the first. */
  plan: z.int().nullable(),
  /** Hash of the latest anchor receipt, null before the first: not earlier than. */
  after: Hash.nullable(),
  collector: z.string(),
  logic: Digest,
  kindOf: z.enum(['state', 'roster', 'events']),
  source: z.string(),
  scope: z.string(),
  principal: z.string().nullable(),
  session: z.string(),
  trigger: Actor,
  startedAt: Time,
  finishedAt: Time,
  durationMs: z.number().nonnegative(),
  sourceAsOf: Time.nullable(),
  clock: z.strictObject({ offsetMs: z.strictObject({ min: z.number(), max: z.number() }).nullable(), suspect: z.boolean() }),
  hosts: z.array(z.strictObject({ host: z.string(), official: z.boolean() })),
  requests: z.strictObject({
    count: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    pages: z.int().nonnegative(),
    /** RFC 6962 root over every request record, in the order issued. */
    root: Hash,
    /** Blob: the records kept. */
    kept: Hash.nullable(),
    keptAll: z.boolean(),
  }),
  items: ManifestChange,
  volatile: ManifestChange,
  completeness: Completeness,
  gaps: z.array(Gap).max(20),
  gapCount: z.int().nonnegative(),
  reconciliation: z.array(z.strictObject({ with: z.string(), field: z.string(), expected: z.int().nullable(), seen: z.int() })),
  /** Of kind `events`: the stretch `[from, to)` of the source's record that was asked for; `backfill`: it began before the entity collected. */
  window: z.strictObject({ from: Time, to: Time, backfill: z.boolean() }).optional(),
  /** Blob: which fields were withheld, per item; null when none was. */
  redactions: Hash.nullable(),
  withheld: z.int().nonnegative(),
  grade: z.enum(evidenceGrades),
});
const Counts = z.strictObject(
  Object.fromEntries(outcomes.map((outcome) => [outcome, z.int().nonnegative()])) as Record<(typeof outcomes)[number], z.ZodInt>,
);
export const Evaluation = z.looseObject({
  ...head,
  kind: z.literal('evaluation'),
  after: Hash.nullable(),
  plan: z.int().nullable(),
  source: z.string(),
  asOf: Time,
  /** Blob: [{collector, scope, index}] of every collection that was read. */
  reads: z.strictObject({ count: z.int().nonnegative(), list: Hash }),
  /** Subjects judged: id commitment -> commitment of {type,id,display}. */
  population: ManifestChange,
  /**
   * Blob: [{check, parameters, logic, subjectType, excluded, counts, until, results}] sorted; `results` is a blob with every result
   * that is not a pass, unchanged ones refer to the former. Passes are the population's subjects of `subjectType` that are neither
   * in `excluded` nor in `results`.
   */
  results: z.strictObject({ checks: z.int().nonnegative(), list: Hash, counts: Counts, until: Time.nullable() }),
  /** Resources that normalise could not read. */
  malformed: z.int().nonnegative(),
  /** What else the verdicts depend on, so that they can be recomputed: blob, EvaluationContext. Absent in logs of before. */
  context: Hash.optional(),
  /** The time that was held against evidence that may be stale. */
  judgedAt: Time.optional(),
  /** The turn of the schedule it ends. Absent when nobody's schedule asked for it, and in logs of before. */
  turn: Turn.optional(),
});
/** By what was decided; the payload of each is in model/decision.ts. */
export const decisionKinds = [
  'adopt-control',
  'retire-control',
  'import-controls',
  'scope',
  'register-person',
  'revoke-person',
  'open-period',
  'amend-period',
  'close-period',
  'waive',
  'end-waiver',
  'dispose',
  'respond',
  'freeze-population',
  'draw-sample',
  'observe',
  'link-account',
  'register-service-account',
  'mitigate',
  'end-mitigation',
  'start-review',
  'assign-review',
  'decide-review',
  'close-review',
  'explain-record',
  'add-document',
  'approve',
  'refuse',
  'withdraw',
] as const;
export const Decision = z.looseObject({
  ...head,
  kind: z.literal('decision'),
  actor: Actor,
  decision: z.enum(decisionKinds),
  subjects: z.array(z.string()).max(500),
  reason: z.string().max(2000),
  detail: Hash.nullable(),
});
export const Anchor = z.looseObject({
  ...head,
  kind: z.literal('anchor'),
  anchor: z.string(),
  method: z.enum(['rfc3161', 'file']),
  checkpoint: z.strictObject({ size: z.int().positive(), root: Hash }),
  /** The third party's own time; null for a method that gives none. */
  receiptTime: Time.nullable(),
  /** RFC 3161: the DER token, base64. file: the path's basename. */
  receipt: z.string(),
  receiptHash: Hash,
  /** Signed note that was stamped, so that the receipt verifies alone. */
  note: z.string(),
  /** The turn of the schedule it ends. Absent when nobody's schedule asked for it, and in logs of before. */
  turn: Turn.optional(),
});
/** A stretch in which something that should have been recorded was not. */
export const GapStatement = z.looseObject({
  ...head,
  kind: z.literal('gap'),
  subject: z.string(),
  reason: z.string(),
  from: Time.nullable(),
  to: Time.nullable(),
  /** What `subject` says in words: the thing that was not there. Absent in logs of before. */
  of: z.strictObject({ kind: z.enum(['source', 'anchor', 'record', 'turn', 'channel']), name: z.string() }).optional(),
  /** Of a turn that finally failed. */
  turn: Turn.optional(),
  attempts: z.int().positive().optional(),
});
/** Turns of a schedule that were not taken when they were due. The latest of them is taken late, once; the others never will be. */
export const ScheduleMiss = z.looseObject({
  ...head,
  kind: z.literal('schedule-miss'),
  schedule: z.string(),
  /** Name of the configured source; null: of the log itself (anchors). */
  source: z.string().nullable(),
  /** Due times of the first and the last of them, and how many they are. */
  from: Time,
  to: Time,
  count: z.int().positive(),
  reason: z.enum(missReasons),
  /** The last of them was put in line late; false: it will not be taken. */
  late: z.boolean(),
});
/** One attempt to tell somebody what is in the log. What was said is not repeated here; it carries ids, counts and times. */
export const Delivery = z.looseObject({
  ...head,
  kind: z.literal('delivery'),
  /** The message, and its idempotency key. */
  message: z.string(),
  channel: z.string(),
  channelKind: z.string(),
  route: z.string().nullable(),
  /** Of what it tells, by kind of notice. */
  notices: z.record(z.string(), z.int().positive()),
  /** Log indexes of what it speaks of: the first and the last. */
  about: z.strictObject({ first: z.int().nonnegative(), last: z.int().nonnegative() }).nullable(),
  attempt: z.int().positive(),
  outcome: z.enum(['delivered', 'failed', 'given-up']),
  /** Why it failed: HTTP status, SMTP reply or network code, without addresses and secrets; null when delivered. */
  reason: z.string().max(500).nullable(),
  /** The channel that takes its place; null: none does. */
  fallback: z.string().nullable(),
});
export const KeyStatement = z.looseObject({
  ...head,
  kind: z.literal('key'),
  purpose: z.enum(['sign', 'wrap', 'commit']),
  retired: z.string(),
  introduced: z.string(),
  /** For `sign`: vkey of the new key and signatures over {retired,introduced,at} by both. */
  vkey: z.string().nullable(),
  signatures: z.array(z.string()),
});
export const Erasure = z.looseObject({
  ...head,
  kind: z.literal('erasure'),
  commitments: z.array(Hash).max(500),
  authority: z.string(),
  reason: z.string(),
  actor: Actor,
});
export const ConfigChange = z.looseObject({
  ...head,
  kind: z.literal('config-change'),
  from: Digest.nullable(),
  to: Digest,
  actor: Actor,
});
/**
 * What this program itself went through. `event`: `hold`, `bundle` and the like, or a word of another release. With `process`, `started` is the
 * first of its run, and the last is `stopped`, or `ended-unseen` when another one finds that it is gone; without either it goes on, or ended so
 * that nobody has found out yet. Other words (`reloaded`, `queue-emptied`) may stand between.
 */
export const Lifecycle = z.looseObject({
  ...head,
  kind: z.literal('lifecycle'),
  event: z.string(),
  /** A sentence, or JSON of what the event's kind says. */
  detail: z.string().max(2000),
  /** Of a process that collects or tells: which one, and what it runs with. Absent in logs of before. */
  process: z
    .strictObject({
      role: z.enum(['serve', 'worker']),
      /** Made anew at every start. */
      run: z.string(),
      host: z.string(),
      pid: z.int().positive(),
      version: z.string(),
      node: z.string(),
      configuration: Digest,
      /** Who the operating system says started it, or asked for what the event is; never authenticated. */
      by: z.string(),
    })
    .optional(),
  /** Of `upgraded` and `downgraded`: between which versions, and what the newest evidence would come to by the logic of the new one. */
  upgrade: z
    .strictObject({
      /** Version that recorded the plan in force before. */
      from: z.string(),
      to: z.string(),
      verdicts: z.strictObject({
        changed: z.int().nonnegative(),
        beginsToFail: z.int().nonnegative(),
        failsNoMore: z.int().nonnegative(),
        losesEvidence: z.int().nonnegative(),
        same: z.int().nonnegative(),
      }),
      /** Sources of which nothing could be judged again. */
      notJudged: z.array(z.string()),
    })
    .optional(),
});
/** Bytes that a person handed in. What they are evidence of, and who answers for it, a decision of kind `add-document` says. */
export const Upload = z.looseObject({
  ...head,
  kind: z.literal('upload'),
  actor: Actor,
  bytes: z.int().positive(),
  /** Blob: UploadDetail. */
  detail: Hash,
  /** Blobs (UploadPiece), in order: together the bytes. */
  pieces: z.array(Hash).min(1).max(500),
});
/** Kinds later parts of Proofline write; kept in the tree, read with a warning until then. */
export const futureKinds = ['prune'] as const;

export const Statement = z.discriminatedUnion('kind', [
  Genesis,
  Plan,
  Collection,
  Evaluation,
  Decision,
  Anchor,
  GapStatement,
  KeyStatement,
  Erasure,
  ConfigChange,
  Lifecycle,
  ScheduleMiss,
  Delivery,
  Upload,
]);
export type Statement = z.infer<typeof Statement>;
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;
export type ManifestChange = z.infer<typeof ManifestChange>;
export type Actor = z.infer<typeof Actor>;
export type Turn = z.infer<typeof Turn>;
export type MissReason = (typeof missReasons)[number];
export type OutcomeCounts = z.infer<typeof Counts>;

/** One request as recorded: committed to in full, kept in full or as a sample (see evidence-store design, decision 7). */
export const RequestRecord = z.strictObject({
  operation: z.string(),
  /** Parameters as sent, canonical; page tokens replaced by `"$token"`. */
  input: z.record(z.string(), z.json()),
  region: z.string().optional(),
  page: z.int(),
  host: z.string().nullable(),
  status: z.int().nullable(),
  startedAt: Time,
  durationMs: z.number(),
  /** The server's Date header as ISO-8601, and how far it is from our clock (positive: server ahead). */
  serverDate: Time.nullable(),
  offsetMs: z.number().nullable(),
  requestId: z.string().nullable(),
  /** Commitment to the bytes received (salted like any other) and their length. */
  body: Hash.nullable(),
  bytes: z.int(),
  notModified: z.boolean(),
  gap: z.string().nullable(),
  code: z.string().nullable(),
});
export type RequestRecord = z.infer<typeof RequestRecord>;
