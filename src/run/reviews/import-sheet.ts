import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseLineId } from '../../access/reviews/line-id.ts';
import { barFrom } from '../../access/reviews/who-reviews.ts';
import type { LineDecision, RecordedDecision } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import { sha256, toHex } from '../../seal/digest.ts';
import { verifySshSignature } from '../../seal/ssh-signature.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { readRegister } from '../decisions/read-decisions.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { attachmentFile } from '../populations/record-observation.ts';
import { type DecideRequest, decideReview } from './decide-review.ts';
import { frozenLines } from './frozen-lines.ts';
import { type ReviewsInForce, reviewNamed, reviewsInForce, sealReviewSettings } from './open-reviews.ts';
import { readReturnedSheet } from './read-returned-sheet.ts';
import { type ReviewSheet, reviewSheet } from './review-sheet.ts';
import { by } from './start-review.ts';

/** Namespace of a signature over a returned file: one made for anything else counts for nothing here. */
const reviewNamespace = 'proofline-review';

interface ImportRequest extends DecidedBy {
  readonly review: string;
  readonly file: string;
  /** Id of the reviewer it was handed to. */
  readonly reviewer: string;
  /** Detached SSH signature over the file. */
  readonly signature?: string | undefined;
  /** How long he was at it, by his own word. */
  readonly minutes?: number | undefined;
}
interface ImportedSheet {
  /** Null: the file decides nothing that was not decided before. */
  readonly decision: RecordedDecision | null;
  readonly decided: number;
  readonly undecided: readonly string[];
  /** Fingerprint of the reviewer's key that signed the file; null: it came without a signature. */
  readonly signedBy: string | null;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
}

/** The sheet of a reviewer as it is now. @throws ProoflineError `not-found`, `usage` when he has no lines */
export async function sheetFor(app: Composition, store: Store, review: string, reviewer: string): Promise<ReviewSheet> {
  return await sheetIn(app, store, await reviewsInForce(app, store), review, reviewer);
}
async function sheetIn(app: Composition, store: Store, known: ReviewsInForce, review: string, reviewer: string): Promise<ReviewSheet> {
  const judged = reviewNamed(known, review);
  const lines = frozenLines(store, await app.registries(), judged.record, app.configuration.store.data);
  const sheet = reviewSheet(judged, lines, reviewer);
  if (sheet.rows.length > 0) return sheet;
  const reviewers = [...new Set([...judged.assigned.values()].map((one) => one.reviewer))].sort();
  throw new ProoflineError(
    'usage',
    `no line of ${review} is assigned to "${reviewer}"${reviewers.length === 0 ? '' : `: lines have ${reviewers.join(', ')}`}`,
  );
}

/**
 * Takes a file back that a reviewer filled in: checked line by line against what he was handed, and recorded as one decision or not at all. The
 * file, and the signature over it, are kept beside the log.
 * @throws ProoflineError `usage` with every row and column that is wrong, `verification-failed` when the signature is not his
 */
export async function importSheet(app: Composition, store: Store, request: ImportRequest): Promise<ImportedSheet> {
  const { review, reviewer, file } = request;
  const bytes = readBytes(file);
  const digest = toHex(sha256(bytes));
  const signedBy = request.signature === undefined ? null : signerOf(store, bytes, request.signature, reviewer, app.now());
  await sealReviewSettings(app, store, request);
  const known = await reviewsInForce(app, store);
  const sheet = await sheetIn(app, store, known, review, reviewer);
  const foreign: LineDecision[] = [];
  const returned = await readReturnedSheet(file, sheet, (answer) => foreign.push(answer)).catch(async (error: unknown) => {
    const attempts = await recordOwn(app, store, known, request, foreign, digest);
    if (attempts === 0 || !(error instanceof ProoflineError)) throw error;
    const own = attempts === 1 ? 'one line in it concerns' : `${attempts} lines in it concern`;
    throw new ProoflineError(error.code, `${error.message}, save the attempt: ${own} "${reviewer}" himself`, {
      cause: error,
      problems: error.problems,
    });
  });
  const done = { undecided: returned.undecided, signedBy, sha256: digest };
  if (returned.decisions.length === 0) return { decision: null, decided: 0, ...done };
  const signature = signedBy === null ? '' : `, signed by ${signedBy}`;
  const decided: DecideRequest = {
    ...(request.signer === undefined ? { actor: request.actor ?? { name: reviewer } } : { signer: request.signer }),
    review,
    reviewer,
    lines: returned.decisions,
    file: digest,
    secondsPerLine: request.minutes === undefined ? null : (request.minutes * 60) / returned.decisions.length,
    reason: `decided by ${reviewer} in the file ${basename(file)}${signature}`,
    placeOf: (line) => ({ file, line: returned.rows.get(line) ?? 0, path: 'decision' }),
  };
  const decision = await decideReview(app, store, decided, known);
  keep(app, file, digest);
  if (request.signature !== undefined) keep(app, request.signature, digest);
  return { decision, decided: returned.decisions.length, ...done };
}

/** That somebody put lines about himself into his file is recorded as an attempt, whatever else is wrong with the file. How many there are. */
async function recordOwn(
  app: Composition,
  store: Store,
  { who, at }: ReviewsInForce,
  request: ImportRequest,
  foreign: readonly LineDecision[],
  file: string,
): Promise<number> {
  const own = foreign.filter(({ line }) => {
    const identity = parseLineId(line);
    return identity !== undefined && barFrom(who, request.reviewer, identity, at)?.bar === 'self-review';
  });
  if (own.length === 0) return 0;
  await recordDecision(app, store, {
    payload: { type: 'decide-review', review: request.review, lines: own, file, secondsPerLine: null },
    reason: `an attempt, blocked: ${own.length} lines concern "${request.reviewer}" himself`,
    ...by({ ...request, actor: request.actor ?? { name: request.reviewer } }),
  });
  return own.length;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new ProoflineError('not-found', `${file} cannot be read (${String(cause.code)})`, { cause });
  }
}

/** The fingerprint of the key that signed the file, which has to be one of the reviewer's. */
function signerOf(store: Store, bytes: Uint8Array, signature: string, reviewer: string, now: string): string {
  const { persons } = readRegister(store);
  const { fingerprint } = verifySshSignature(bytes, readBytes(signature).toString('utf8'), reviewNamespace);
  const owner = persons.find(({ keys }) => keys.some((key) => key.fingerprint === fingerprint));
  const key = owner?.keys.find((one) => one.fingerprint === fingerprint);
  if (owner?.person.id !== reviewer)
    throw new ProoflineError(
      'verification-failed',
      `the file is signed by ${owner === undefined ? `a key that is nobody's here (${fingerprint})` : `"${owner.person.id}"`}, not by "${reviewer}"; nothing was recorded`,
    );
  if (typeof key?.revokedFrom === 'string' && key.revokedFrom <= now)
    throw new ProoflineError(
      'verification-failed',
      `the key ${fingerprint} of "${reviewer}" is revoked from ${key.revokedFrom} on; nothing was recorded`,
    );
  return fingerprint;
}

function keep(app: Composition, file: string, digest: string): void {
  const kept = join(app.configuration.store.data, keptFile(basename(file), digest));
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  copyFileSync(file, kept);
}
/** Where a returned file is kept, below the data directory. */
function keptFile(name: string, digest: string): string {
  return attachmentFile({ name: name.replaceAll(/[^\w.-]/g, '_'), sha256: digest });
}
