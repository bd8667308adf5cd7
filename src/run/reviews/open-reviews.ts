import { type DescribedReview, describeReviews } from '../../access/reviews/describe-reviews.ts';
import { type JudgedReview, judgeReviews } from '../../access/reviews/judge-reviews.ts';
import { type Roster, readRoster, rosterTypes } from '../../access/reviews/read-roster.ts';
import { type Reviewing, registeredIn, whoReviews } from '../../access/reviews/who-reviews.ts';
import { entitySource } from '../../config/configured-sources.ts';
import { didYouMean } from '../../config/nearest-name.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { JsonObject } from '../../model/json.ts';
import { type ReviewDefinition, ReviewSettings } from '../../model/review-settings.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { deriveInput } from '../entity/derive-input.ts';
import { entityMember } from '../entity/entity-access.ts';
import { NotReadable } from '../entity/log-as-of.ts';
import { storedLog } from '../entity/stored-log.ts';
import { preparePlan } from '../prepare-plan.ts';
import { readCollections } from '../read-collections.ts';

/** All that is known of access reviews at one moment of a log. */
export interface OpenedReviews {
  readonly settings: ReviewSettings;
  readonly at: string;
  readonly input: DerivedInput;
  readonly decisions: readonly RecordedDecision[];
  readonly who: Reviewing;
  /** As of now. */
  readonly roster: Roster;
  readonly judged: readonly JudgedReview[];
  readonly described: readonly DescribedReview[];
}
type Reading = Pick<Composition, 'now' | 'registries' | 'configuration' | 'entitySettings'>;

/**
 * Reads the reviews of a log under the settings that are sealed in it.
 * @throws ProoflineError `usage` when the configuration names no reviews, or nothing was collected yet
 */
export async function openReviews(app: Reading, store: Store): Promise<OpenedReviews> {
  const configured = (await app.entitySettings()).reviews;
  if (configured === null)
    throw new ProoflineError('usage', 'the configuration names no file under `reviews`: config/reviews.example.yaml shows one');
  const registries = await app.registries();
  const at = app.now();
  const input = inputNow(store, registries, { entity: entityMember(app.configuration.entity.tenant), at });
  const sealed = input.settings['reviews'] ?? null;
  // Before it was ever sealed the file itself says what will be due.
  const settings = ReviewSettings.parse(sealed ?? configured);
  const roster = readRoster(input.seen, input.missing);
  const who = whoReviews(settings, roster.persons, registeredIn(input.decisions));
  return {
    settings,
    at,
    input,
    decisions: input.decisions,
    who,
    roster,
    judged: judgeReviews(input.decisions, who),
    described: describeReviews({ ...input, settings: { ...input.settings, reviews: sealed ?? (configured as JsonObject) } }),
  };
}

function inputNow(
  store: Store,
  registries: Awaited<ReturnType<Composition['registries']>>,
  { entity, at }: { readonly entity: string; readonly at: string },
): DerivedInput {
  try {
    const log = storedLog(store, readCollections()).now(registries);
    return deriveInput(log, registries, { entity, at, types: [...rosterTypes, 'entity.review-line'] }).input;
  } catch (error) {
    if (error instanceof NotReadable)
      throw new ProoflineError('usage', `the rosters cannot be read: ${error.message}; collect first (proofline collect)`, {
        cause: error,
      });
    throw error;
  }
}

/** Seals what the file of reviews says today, so that whatever is decided is judged by it later. */
export async function sealReviewSettings(app: Composition, store: Store, { actor, signer }: DecidedBy): Promise<void> {
  const { name, tenant } = app.configuration.entity;
  const settings = (await app.entitySettings()) as unknown as JsonObject;
  const members = new Map([[entitySource, [{ id: entityMember(tenant), tenant, display: name, settings }]]]);
  const by = { name: signer?.person ?? actor?.name ?? 'proofline', authentication: 'none' as const };
  await (await preparePlan(app)).sealWith(store, { members }, by);
}

/** @throws ProoflineError `not-found` */
export function reviewNamed({ judged, described }: Pick<OpenedReviews, 'judged' | 'described'>, id: string): JudgedReview {
  const found = judged.find(({ record }) => record.id === id);
  if (found !== undefined) return found;
  const planned = described.some((review) => review.id === id);
  const ids = judged.map(({ record }) => record.id);
  throw new ProoflineError(
    'not-found',
    planned
      ? `the review "${id}" is not begun: \`proofline review start ${id}\` freezes its roster`
      : `there is no review "${id}"${didYouMean(id, ids)}: \`proofline review plan\` shows what is due`,
  );
}
/** @throws ProoflineError `not-found` */
export function definitionNamed(settings: ReviewSettings, id: string): ReviewDefinition {
  const found = settings.reviews.find((definition) => definition.id === id);
  if (found !== undefined) return found;
  const ids = settings.reviews.map((definition) => definition.id);
  throw new ProoflineError('not-found', `the file of reviews has no "${id}"${didYouMean(id, ids)}: it has ${ids.join(', ')}`);
}
