import { z } from 'zod';
import { Period, Ruler } from './engagement.ts';
import { Digest, decisionKinds, Hash, Time } from './statement.ts';

/**
 * Decisions by people. The statement says who, what kind and about what; its detail blob is a DecisionDetail with the payload and, where
 * the person signed it with a registered key, the signature over `signedText` (SSHSIG, namespace `proofline-decision`), so that
 * `ssh-keygen -Y verify` checks it without us. Unsigned ones are possible and are printed as "identity not authenticated".
 */
const Text = z.string().trim().min(1);

/** `auditor` draws samples and observes, and decides nothing that management decides. */
export const personRoles = ['management', 'control-owner', 'reviewer', 'auditor'] as const;
export const Person = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, 'expected small letters, digits, dots and hyphens'),
  name: Text,
  email: z.email().optional(),
  roles: z.array(z.enum(personRoles)).min(1),
  /** In the form of an OpenSSH public key file: `ssh-ed25519 AAAA...`. */
  keys: z.array(Text).min(1),
});
export type Person = z.infer<typeof Person>;

/** Which results a waiver is about; what is left out is any. */
const WaiverScope = z.strictObject({
  check: Text.optional(),
  source: Text.optional(),
  /** Resource ids; absent: every subject of check and source. */
  subjects: z.array(Text).min(1).optional(),
});
export const Waiver = z.strictObject({
  /** `W-` and 8 hex digits. */
  id: z.string(),
  kind: z.enum(['waiver', 'known-at-onboarding']),
  control: Text.nullable(),
  /** Each entry widens the waiver; results that match any are waived. */
  scope: z.array(WaiverScope).min(1),
  reason: Text,
  from: Time,
  expires: Time,
  compensatingControl: Text.nullable(),
});
export type Waiver = z.infer<typeof Waiver>;

export const dispositions = ['candidate', 'confirmed', 'false-positive'] as const;
export const causeCategories = ['person', 'process', 'system', 'third-party', 'design', 'unknown'] as const;

/** The exact query and its unedited output, frozen. `digest` is over the canonical JSON lines of its rows, sorted by id. */
export const PopulationRecord = z.strictObject({
  id: z.string(),
  period: z.string(),
  /** Id of the version it takes the place of: one is never replaced, a later one is linked to it. Absent: it is the first. */
  supersedes: z.string().optional(),
  title: Text,
  collector: Text,
  /** Log indexes of the collections its rows come from. */
  collections: z.array(z.int().nonnegative()),
  scopes: z.array(Text),
  from: Time,
  to: Time,
  /** Of a window: only when everything of it was collected after the period's end. Of a roster: when its day had come. */
  final: z.boolean(),
  complete: z.boolean(),
  count: z.int().nonnegative(),
  digest: Digest,
  reconciliation: z.array(
    z.strictObject({
      with: Text,
      count: z.int().nonnegative().nullable(),
      difference: z.int().nullable(),
      explanation: z.string().nullable(),
    }),
  ),
});
export type PopulationRecord = z.infer<typeof PopulationRecord>;

/** Whose an account is, against what the rules say: a person of the roster, a registered service account, or nobody that is known. */
export const AccountLink = z.strictObject({
  /** Resource id of the account. */
  account: Text,
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('person'), person: Text }),
    z.strictObject({ kind: z.literal('service-account'), serviceAccount: Text }),
    z.strictObject({ kind: z.literal('nobody') }),
  ]),
});
/** An account that no person signs in with. Again with the same id: as it is from then on. */
export const ServiceAccount = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, 'expected small letters, digits, dots and hyphens'),
  /** Resource ids of accounts. */
  accounts: z.array(Text).min(1),
  /** Id of a person of the roster. */
  owner: Text,
  purpose: Text,
  expires: z.iso.date().nullable(),
});
export type ServiceAccount = z.infer<typeof ServiceAccount>;

/** What makes a conflict of duties acceptable: a control that is looked at by a check of its own. */
export const Mitigation = z.strictObject({
  /** `M-` and 8 hex digits. */
  id: z.string(),
  /** Rule of separation: `SOD-01`. */
  rule: Text,
  /** Ids of persons of the roster; null: everybody in whom the rule finds a conflict. */
  persons: z.array(Text).min(1).nullable(),
  control: Text,
  /** Its own check: while it does not pass, the conflict stands. `subject` null: every subject of the check. */
  check: z.strictObject({ id: Text, source: Text.nullable(), subject: Text.nullable() }),
  owner: Text,
  reason: Text,
  from: Time,
  expires: Time,
});
export type Mitigation = z.infer<typeof Mitigation>;

/** A review of access as it was frozen: who was to look at what, and over which rosters. */
export const ReviewRecord = z.strictObject({
  /** `<definition>/<occasion>`: `quarterly-access/2026-q1`. */
  id: z.string(),
  definition: Text,
  occasion: Text,
  /** Systems whose rosters were frozen, and what each was reconciled with. */
  systems: z.array(
    z.strictObject({
      system: Text,
      collections: z.array(z.int().nonnegative()),
      accounts: z.int().nonnegative(),
      lines: z.int().nonnegative(),
      complete: z.boolean(),
      reconciliation: z.array(
        z.strictObject({
          with: Text,
          count: z.int().nonnegative().nullable(),
          difference: z.int().nullable(),
          explanation: z.string().nullable(),
        }),
      ),
      /** Against the roster of the review before; null: it is the first. */
      since: z
        .strictObject({ review: Text, added: z.int().nonnegative(), removed: z.int().nonnegative(), unchanged: z.int().nonnegative() })
        .nullable(),
    }),
  ),
  /** Of all lines as canonical JSON lines sorted by id. */
  count: z.int().nonnegative(),
  digest: Digest,
  opened: Time,
  due: Time,
});
export type ReviewRecord = z.infer<typeof ReviewRecord>;
export const lineDecisions = ['keep', 'modify', 'revoke', 'exception'] as const;
export const LineDecision = z.strictObject({
  line: Text,
  decision: z.enum(lineDecisions),
  reason: z.string().trim(),
  /** Of an exception: until when. */
  expires: z.iso.date().nullable(),
});
export type LineDecision = z.infer<typeof LineDecision>;

/** Evidence that a person hands in: its bytes are an upload of the log. */
export const DocumentRecord = z.strictObject({
  /** `D-` and 8 hex digits. */
  id: z.string(),
  /** Kind of document, as requests name it: `policy`, `penetration-test`. */
  type: Text,
  title: Text,
  /** Log index of the upload. */
  upload: z.int().nonnegative(),
  controls: z.array(Text),
  /** From when on it holds, and the stretch of time it speaks for; days, both included. */
  effective: z.iso.date(),
  covers: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).nullable(),
  /** Who it was got from, as he is called in the roster or beyond, and how. */
  providedBy: Text,
  obtained: Text,
  supersedes: z.string().nullable(),
  /** What it says in figures and names, by type: systems, report period, exceptions. */
  facts: z.record(z.string(), z.string()),
});
export type DocumentRecord = z.infer<typeof DocumentRecord>;

/** By the `decision` of its statement. */
export const DecisionPayload = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('adopt-control'), controls: z.array(Text) }),
  z.strictObject({ type: z.literal('retire-control'), controls: z.array(Text) }),
  z.strictObject({ type: z.literal('import-controls'), controls: z.array(Text) }),
  z.strictObject({ type: z.literal('scope'), rules: z.array(z.json()), digest: Digest }),
  z.strictObject({ type: z.literal('register-person'), person: Person }),
  z.strictObject({ type: z.literal('revoke-person'), person: z.string(), key: z.string().nullable(), from: Time }),
  z.strictObject({ type: z.literal('open-period'), period: Period }),
  z.strictObject({
    type: z.literal('amend-period'),
    period: z.string(),
    ruler: Ruler,
    loosens: z.array(z.string()),
    tightens: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('close-period'), period: z.string(), cutOff: Time, reportDate: z.iso.date().nullable() }),
  z.strictObject({ type: z.literal('waive'), waiver: Waiver }),
  z.strictObject({ type: z.literal('end-waiver'), waiver: z.string() }),
  z.strictObject({
    type: z.literal('dispose'),
    deviation: z.string(),
    disposition: z.enum(dispositions),
    cause: z.enum(causeCategories).nullable(),
  }),
  z.strictObject({
    type: z.literal('respond'),
    deviation: z.string(),
    owner: Text.nullable(),
    response: Text.nullable(),
    compensatingControl: Text.nullable(),
    remediation: z.strictObject({ what: Text, evidence: z.array(z.int().nonnegative()) }).nullable(),
    retest: z
      .strictObject({ result: z.enum(['no-failures-observed', 'failures-observed']), evidence: z.array(z.int().nonnegative()) })
      .nullable(),
  }),
  z.strictObject({ type: z.literal('freeze-population'), population: PopulationRecord }),
  z.strictObject({
    type: z.literal('draw-sample'),
    population: z.string(),
    digest: Digest,
    seed: Text,
    size: z.int().positive(),
    /** Rows are taken from every month in turn, by how many it has; absent: from all of them as one. */
    strata: z.literal('month').optional(),
    /** Ids in rank order, with the HMAC-SHA-256 that ranks them (hex). */
    selection: z.array(z.strictObject({ id: z.string(), rank: z.string() })),
  }),
  z.strictObject({
    type: z.literal('observe'),
    nonce: Text,
    collections: z.array(z.int().nonnegative()),
    attachments: z.array(z.strictObject({ name: Text, bytes: z.int().nonnegative(), sha256: z.string() })),
    counts: z.array(z.strictObject({ collector: Text, scope: Text, seen: z.int().nonnegative(), onScreen: z.int().nonnegative() })),
  }),
  z.strictObject({ type: z.literal('link-account'), link: AccountLink }),
  z.strictObject({ type: z.literal('register-service-account'), serviceAccount: ServiceAccount }),
  z.strictObject({ type: z.literal('mitigate'), mitigation: Mitigation }),
  z.strictObject({ type: z.literal('end-mitigation'), mitigation: Text }),
  z.strictObject({ type: z.literal('start-review'), review: ReviewRecord }),
  z.strictObject({
    type: z.literal('assign-review'),
    review: Text,
    /** By the id of a registered person. A line that is assigned again goes to the later one. */
    assignments: z.array(z.strictObject({ reviewer: Text, lines: z.array(Text).min(1) })).min(1),
  }),
  z.strictObject({
    type: z.literal('decide-review'),
    review: Text,
    lines: z.array(LineDecision).min(1),
    /** SHA-256 of the file they came in, hex; null: one by one. */
    file: z.string().nullable(),
    /** How long each line was before him at least, in seconds; null: nobody measured. */
    secondsPerLine: z.number().nonnegative().nullable(),
  }),
  z.strictObject({ type: z.literal('close-review'), review: Text }),
  z.strictObject({
    type: z.literal('explain-record'),
    /** Id of the examination and key of the record that it found. */
    examination: Text,
    record: Text,
    explanation: Text,
    expires: z.iso.date().nullable(),
  }),
  z.strictObject({ type: z.literal('add-document'), document: DocumentRecord }),
  /** About an earlier decision, by its log index. What needs two people has no effect before another person approved it. */
  z.strictObject({ type: z.literal('approve'), of: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('refuse'), of: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('withdraw'), of: z.int().nonnegative() }),
]);
export type DecisionPayload = z.infer<typeof DecisionPayload>;
export type DecisionType = DecisionPayload['type'];

export const DecisionSignature = z.strictObject({
  /** Canonical JSON that was signed: {v, origin, head:{size,root}, nonce, signedAt, person, decision, subjects, reason, payload}. */
  signedText: z.string(),
  /** `-----BEGIN SSH SIGNATURE-----` ... */
  sshsig: z.string(),
  /** `SHA256:` fingerprint of the key, as OpenSSH prints it. */
  key: z.string(),
});
export type DecisionSignature = z.infer<typeof DecisionSignature>;
/** The blob of a decision statement. Decisions of before this shape have none. */
export const DecisionDetail = z.strictObject({ v: z.literal(1), payload: DecisionPayload, signature: DecisionSignature.nullable() });
export type DecisionDetail = z.infer<typeof DecisionDetail>;

/** Namespace of the signatures: one made for anything else counts for nothing here. */
export const decisionNamespace = 'proofline-decision';
/** What `signedText` says. With origin and head it belongs to this log at this point, with the nonce it counts once. */
export const SignedDecision = z.strictObject({
  v: z.literal(1),
  origin: z.string(),
  /** Signed head of the log that the person saw; a prefix of the log the decision is recorded in. */
  head: z.strictObject({ size: z.int().positive(), root: Hash }),
  nonce: Text,
  signedAt: Time,
  /** Id of the registered person. */
  person: z.string(),
  decision: z.enum(decisionKinds),
  subjects: z.array(z.string()),
  reason: z.string(),
  payload: DecisionPayload,
});
export type SignedDecision = z.infer<typeof SignedDecision>;

/** Who decided. `person` is the id in the register when he signed with a key registered to him, otherwise null. */
export interface DecisionActor {
  readonly name: string;
  readonly authentication: 'none' | 'personal-key' | 'schedule';
  readonly person: string | null;
}
/** A decision as it was recorded, read back from the log: what is wrong in itself is not among these. */
export interface RecordedDecision {
  readonly index: number;
  /** ISO-8601 UTC: when it was recorded. */
  readonly at: string;
  readonly actor: DecisionActor;
  readonly subjects: readonly string[];
  readonly reason: string;
  readonly payload: DecisionPayload;
  readonly signature: DecisionSignature | null;
  /** Whether it has no effect before another person approved it. */
  readonly needsApproval: boolean;
  /** By whom and when (log index) it was approved; null while nobody else has. */
  readonly approval: { readonly index: number; readonly at: string; readonly actor: DecisionActor } | null;
  /** Refused or withdrawn, by log index. */
  readonly ended: number | null;
}
/** A decision that stands in the log and does not count: its signature does not hold, or it was not his to make. */
export interface RefusedDecision {
  readonly index: number;
  readonly at: string;
  readonly actor: { readonly name: string; readonly authentication: string };
  readonly decision: string;
  readonly problems: readonly string[];
}
/** A person as the log knows him today. */
export interface RegisteredPerson {
  readonly person: Person;
  readonly keys: readonly {
    readonly line: string;
    readonly fingerprint: string;
    readonly from: string;
    /** From when on signatures with it do not count; null: they do. */
    readonly revokedFrom: string | null;
  }[];
  readonly registeredAt: string;
  readonly registeredBy: DecisionActor;
  /** Log index of the registration that holds. */
  readonly decision: number;
}

/** Waivers, mitigations, explanations of records, documents, what loosens a period's ruler, and a deviation called false positive take two people. */
export function needsSecondPerson(payload: DecisionPayload): boolean {
  switch (payload.type) {
    case 'waive':
    case 'mitigate':
    case 'explain-record':
    case 'add-document':
      return true;
    case 'amend-period':
      return payload.loosens.length > 0;
    case 'dispose':
      return payload.disposition === 'false-positive';
    default:
      return false;
  }
}

/** Printed beside every decision whose actor did not sign with a registered key. */
export const notAuthenticated = 'identity not authenticated';
