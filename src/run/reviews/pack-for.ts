import { ProoflineError } from '../../model/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import { frozenLines } from './frozen-lines.ts';
import { openReviews, reviewNamed } from './open-reviews.ts';
import { reviewPack } from './review-pack.ts';

/** The evidence pack of a review as the log has it now: file name to bytes. @throws ProoflineError `not-found`, `verification-failed` */
export async function packFor(
  app: Pick<Composition, 'now' | 'registries' | 'configuration' | 'entitySettings'>,
  store: Store,
  id: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const opened = await openReviews(app, store);
  const { record } = reviewNamed(opened, id);
  const review = opened.described.find((one) => one.id === id);
  if (review === undefined)
    throw new ProoflineError('not-found', `the file of reviews has no definition or occasion for ${id} any more: it cannot be described`);
  return await reviewPack({
    review,
    lines: frozenLines(store, await app.registries(), record, app.configuration.store.data),
    settings: opened.settings,
    decisions: opened.decisions,
    at: opened.at,
  });
}
