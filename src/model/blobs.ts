import { z } from 'zod';
import { GapReason } from './completeness.ts';
import { Result } from './result.ts';
import { Digest, Hash, RequestRecord, type Statement, Time } from './statement.ts';

/** What the blobs of format/1 contain, as canonical JSON. Statements refer to them by commitment. */
const Pair = z.tuple([Hash, Hash]);

/** Of a manifest: how it differs from the one before. Sorted by the bytes of the id commitment. */
export const DeltaBlob = z.strictObject({ added: z.array(Pair), changed: z.array(Pair), removed: z.array(Hash) });
/** Of a manifest: every pair, sorted by the bytes of the id commitment. */
export const KeyframeBlob = z.strictObject({ pairs: z.array(Pair) });

/** An item: either with a body (null: the source said there is none) or with why it was not answered. */
export const ItemBlob = z.union([
  z.strictObject({
    id: z.string(),
    operation: z.string(),
    subject: z.string().nullable(),
    region: z.string().nullable(),
    body: z.json(),
  }),
  z.strictObject({
    id: z.string(),
    operation: z.string(),
    subject: z.string().nullable(),
    region: z.string().nullable(),
    gap: GapReason,
  }),
]);
/** The volatile fields of the item with the same id. */
export const VolatileBlob = z.strictObject({ id: z.string(), fields: z.record(z.string(), z.json()) });
/** A subject that was judged. */
export const PopulationBlob = z.strictObject({ type: z.string(), id: z.string(), display: z.string() });

/** Request records in the order issued: all of them, or the sample that is kept of an unchanged collection. */
export const RequestsBlob = z.array(RequestRecord);
/** Per item: the dotted paths that were withheld. Only items of which something was. */
export const RedactionsBlob = z.strictObject({
  items: z.array(z.strictObject({ id: z.string(), withheld: z.array(z.string()).min(1) })),
});

/** What was handed in, as whoever did called it. */
export const UploadDetail = z.strictObject({
  v: z.literal(1),
  /** Name of the file, without its directory. */
  name: z.string().min(1),
  mediaType: z.string().min(1),
  bytes: z.int().positive(),
  /** Of all bytes, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
/** A part of the bytes of an upload. */
export const UploadPiece = z.strictObject({ base64: z.base64() });

/** The collections that an evaluation read. */
export const ReadsBlob = z.array(z.strictObject({ collector: z.string(), scope: z.string(), index: z.int().nonnegative() }));

/** Beside the collections and the plan: what else decided the verdicts of an evaluation. */
export const EvaluationContext = z.strictObject({
  /** Milliseconds after its as-of time from which a collection says nothing about `judgedAt`; null: never. */
  staleAfterMs: z.number().nullable(),
  /** Scopes in which a type should have been looked for and was not. */
  missing: z.array(z.strictObject({ type: z.string(), scope: z.string(), reason: GapReason })),
});

const CheckCounts = z.strictObject({
  pass: z.int().nonnegative(),
  fail: z.int().nonnegative(),
  'not-applicable': z.int().nonnegative(),
  empty: z.int().nonnegative(),
  'no-evidence': z.int().nonnegative(),
  waived: z.int().nonnegative(),
});
const checkHead = {
  check: z.string(),
  parameters: z.record(z.string(), z.json()),
  logic: Digest,
  counts: CheckCounts,
  /** Earliest time at which a verdict of this check ends; null when none does. */
  until: Time.nullable(),
};
/** One check with one set of parameters: every result that is not a pass. */
export const CheckResultsBlob = z.strictObject({
  ...checkHead,
  /** Resource type the check judges. Its subjects in the population pass, unless they are in `excluded` or `notPass`. */
  subjectType: z.string(),
  /** Subjects of that type that the check does not apply to, sorted. */
  excluded: z.array(z.string()),
  /** Subjects that pass until another time than `until` (null: with no end). */
  exceptions: z.array(z.tuple([z.string(), Time.nullable()])),
  notPass: z.array(Result),
});
/** The checks of an evaluation, sorted by id and then by the digest of the parameters; `results` is a CheckResultsBlob. */
export const ResultsListBlob = z.array(z.strictObject({ ...checkHead, results: Hash }));

export type DeltaBlob = z.infer<typeof DeltaBlob>;
export type KeyframeBlob = z.infer<typeof KeyframeBlob>;
export type ItemBlob = z.infer<typeof ItemBlob>;
export type VolatileBlob = z.infer<typeof VolatileBlob>;
export type PopulationBlob = z.infer<typeof PopulationBlob>;
export type RedactionsBlob = z.infer<typeof RedactionsBlob>;
export type UploadDetail = z.infer<typeof UploadDetail>;
export type ReadsBlob = z.infer<typeof ReadsBlob>;
export type EvaluationContext = z.infer<typeof EvaluationContext>;
export type CheckResultsBlob = z.infer<typeof CheckResultsBlob>;
export type ResultsListBlob = z.infer<typeof ResultsListBlob>;

/** What a blob that a statement refers to is. */
export type BlobRole =
  | 'plan-detail'
  | 'requests'
  | 'items-delta'
  | 'items-keyframe'
  | 'volatile-delta'
  | 'volatile-keyframe'
  | 'redactions'
  | 'reads'
  | 'population-delta'
  | 'population-keyframe'
  | 'results-list'
  | 'evaluation-context'
  | 'decision-detail'
  | 'upload-detail'
  | 'upload-piece';

export interface BlobReference {
  readonly role: BlobRole;
  readonly commitment: string;
}

/** The blobs a statement names itself; what those name in turn is in their content. In a fixed order. */
export function blobReferences(statement: Statement): BlobReference[] {
  const named = (role: BlobRole, commitment: string | null): BlobReference[] => (commitment === null ? [] : [{ role, commitment }]);
  switch (statement.kind) {
    case 'plan':
      return named('plan-detail', statement.detail);
    case 'collection':
      return [
        ...named('requests', statement.requests.kept),
        ...named('items-delta', statement.items.delta),
        ...named('items-keyframe', statement.items.keyframe),
        ...named('volatile-delta', statement.volatile.delta),
        ...named('volatile-keyframe', statement.volatile.keyframe),
        ...named('redactions', statement.redactions),
      ];
    case 'evaluation':
      return [
        ...named('reads', statement.reads.list),
        ...named('population-delta', statement.population.delta),
        ...named('population-keyframe', statement.population.keyframe),
        ...named('results-list', statement.results.list),
        ...named('evaluation-context', statement.context ?? null),
      ];
    case 'decision':
      return named('decision-detail', statement.detail);
    case 'upload':
      return [...named('upload-detail', statement.detail), ...statement.pieces.flatMap((piece) => named('upload-piece', piece))];
    default:
      return [];
  }
}
