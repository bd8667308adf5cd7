import { type DescribedReview, describeReviews } from '../../access/reviews/describe-reviews.ts';
import { type JudgedReview, judgeReviews } from '../../access/reviews/judge-reviews.ts';
import { occasionsOf } from '../../access/reviews/occasions-of.ts';
import { personsIn, type Roster, readRoster, rosterTypes } from '../../access/reviews/read-roster.ts';
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
import { type DeriveQuestion, deriveInput } from '../entity/derive-input.ts';
import { entityMember } from '../entity/entity-access.ts';
import { NotReadable } from '../entity/log-as-of.ts';
import { storedLog } from '../entity/stored-log.ts';
import { preparePlan } from '../prepare-plan.ts';
import { readCollections } from '../read-collections.ts';

/** What decisions on reviews are held against at one moment of a log. */
export interface ReviewsInForce {
  readonly settings: ReviewSettings;
  readonly at: string;
  readonly decisions: readonly RecordedDecision[];
  readonly who: Reviewing;
  readonly judged: readonly JudgedReview[];
}
/** The same with the rosters as they were last collected, and what they show. */
export interface OpenedReviews extends ReviewsInForce {
  readonly input: DerivedInput;
  readonly roster: Roster;
  readonly described: readonly DescribedReview[];
}
type Reading = Pick<Composition, 'now' | 'registries' | 'configuration' | 'entitySettings'>;

/**
 * Reads the reviews of a log under the settings that are sealed in it, and of the rosters people alone: who reviewers are.
 * @throws ProoflineError `usage` when the configuration names no reviews, or nothing was collected yet
 */
export async function reviewsInForce(app: Reading, store: Store): Promise<ReviewsInForce> {
  return await readFrom(app, store, ['entity.person']);
}

/** The same with all rosters: what every review comes to now. @throws like `reviewsInForce` */
export async function openReviews(app: Reading, store: Store): Promise<OpenedReviews> {
  const read = await readFrom(app, store, [...rosterTypes, 'entity.review-line']);
  const { input, settings } = read;
  const reviews = JSON.parse(JSON.stringify(settings)) as JsonObject;
  let described: OpenedReviews['described'] | undefined;
  return {
    ...read,
    roster: readRoster(input.seen, input.missing),
    get described() {
      described ??= describeReviews({ ...input, settings: { ...input.settings, reviews } });
      return described;
    },
  };
}

async function readFrom(app: Reading, store: Store, types: readonly string[]): Promise<ReviewsInForce & { readonly input: DerivedInput }> {
  const configured = (await app.entitySettings()).reviews;
  if (configured === null)
    throw new ProoflineError('usage', 'the configuration names no file under `reviews`: config/reviews.example.yaml shows one');
  const at = app.now();
  const input = inputNow(store, await app.registries(), { entity: entityMember(app.configuration.entity.tenant), at, types });
  // Before it was ever sealed the file itself says what will be due.
  const settings = ReviewSettings.parse(input.settings['reviews'] ?? configured);
  const who = whoReviews(settings, personsIn(input.seen), registeredIn(input.decisions));
  return { settings, at, decisions: input.decisions, who, judged: judgeReviews(input.decisions, who), input };
}

function inputNow(store: Store, registries: Awaited<ReturnType<Composition['registries']>>, question: DeriveQuestion): DerivedInput {
  try {
    const log = storedLog(store, readCollections()).now(registries);
    return deriveInput(log, registries, question).input;
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
export function reviewNamed({ judged, settings, at }: ReviewsInForce, id: string): JudgedReview {
  const found = judged.find(({ record }) => record.id === id);
  if (found !== undefined) return found;
  const planned = settings.reviews.some((definition) =>
    occasionsOf(definition, at, settings.zone).some((occasion) => `${definition.id}/${occasion.id}` === id),
  );
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
