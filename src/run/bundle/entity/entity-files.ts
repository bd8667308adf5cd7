import type { ReviewLine } from '../../../access/reviews/to-lines.ts';
import type { RenderedDocument } from '../../../model/bundle-content.ts';
import type { ReviewRecord } from '../../../model/decision.ts';
import type { EntityPack } from '../../../model/entity-pack.ts';
import type { EmbeddedStore } from '../../../store/embedded.ts';
import { readUpload } from '../../documents/add-document.ts';
import { reviewPack } from '../../reviews/review-pack.ts';
import type { EntityRead } from './entity-pack.ts';
import { reviewFolder } from './reviews-pack.ts';

interface FilesInput {
  readonly pack: EntityPack;
  readonly reviews: EntityRead['reviews'];
  readonly store: Pick<EmbeddedStore, 'entry' | 'blob'>;
  readonly linesOf: (record: ReviewRecord) => readonly ReviewLine[];
  /** Replaces names of people; null: they stand. */
  readonly masked: ((text: string) => string) | null;
}

/** Evidence packs of reviews and the files that were handed in, one after another: none is held beside another. Documents are as they were handed in. */
export async function* entityFiles({ pack, reviews, store, linesOf, masked }: FilesInput): AsyncGenerator<RenderedDocument> {
  for (const { review: id, files } of pack.reviews?.reviews ?? []) {
    const review = reviews?.described.find((one) => one.id === id);
    if (files.length === 0 || review === undefined || review.judged === null || reviews?.settings == null) continue;
    const { settings, decisions, asOf } = reviews;
    const lines = linesOf(review.judged.record);
    const made = await reviewPack({ review, lines, settings, decisions, at: asOf, ...(masked === null ? {} : { masked }) });
    for (const [name, bytes] of made) yield { path: `${reviewFolder(id)}/${name}`, bytes };
  }
  for (const { file, upload } of pack.documents?.documents ?? [])
    if (file !== null) yield { path: file, bytes: (await readUpload(store, upload)).bytes };
}
