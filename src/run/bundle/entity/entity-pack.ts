import { entitySource } from '../../../config/configured-sources.ts';
import type { RecordedDecision, ReviewRecord } from '../../../model/decision.ts';
import type { Period } from '../../../model/engagement.ts';
import type { EntityPack } from '../../../model/entity-pack.ts';
import { ProoflineError } from '../../../model/errors.ts';
import type { LogReader } from '../../../model/log-reader.ts';
import { ToldMembers } from '../../populations/told-members.ts';
import type { Registries } from '../../registries.ts';
import type { LogSurvey, SurveyedDataset } from '../survey-log.ts';
import { documentsPack } from './documents-pack.ts';
import { peoplePack } from './people-pack.ts';
import { type Life, readLives } from './read-lives.ts';
import { type ReviewsRead, readReviews } from './read-reviews.ts';
import { recordsPack } from './records-pack.ts';
import { isOfPeriod, reviewsPack } from './reviews-pack.ts';
import { separationPack } from './separation-pack.ts';

interface EntityInput {
  readonly reader: LogReader;
  readonly survey: Pick<LogSurvey, 'datasets'>;
  readonly registries: Registries;
  readonly decisions: readonly RecordedDecision[];
  readonly period: Period;
  /** ISO-8601 UTC: what is not known by then is not known. */
  readonly generatedAt: string;
  readonly withheld: ReadonlySet<string>;
  readonly masked: boolean;
  /** Makes the frozen lines of a review again, only to see that it can be done. @throws ProoflineError */
  readonly tryLines: (record: ReviewRecord) => void;
}
export interface EntityRead {
  readonly pack: EntityPack | null;
  /** null: no review was looked at. */
  readonly reviews: ReviewsRead | null;
}

const datasetsOf = {
  people: ['entity/people', 'entity/accounts', 'entity/movers'],
  separation: ['entity/separations', 'entity/acts'],
  records: ['entity/records'],
  documents: ['entity/documents'],
} as const;
/** What the roster of a review is frozen of. */
const rosterCollectors = ['entity/reviews', 'entity/people', 'entity/accounts', 'entity/entitlements', 'entity/separations'];

/** Everything a bundle says of the entity as a whole; null where nothing of it was collected in the period. */
export function readEntity(input: EntityInput): EntityRead {
  const { survey, period, decisions, reader, withheld } = input;
  const own = survey.datasets.filter(({ collector, last }) => collector.startsWith(`${entitySource}/`) && last !== undefined);
  if (own.length === 0) return { pack: null, reviews: null };
  const erased = new Map<string, number>();
  const told = new ToldMembers(reader);
  const livesOf = (collectors: readonly string[]): Life[] | null => {
    const datasets = own.filter(({ collector }) => collectors.includes(collector) && !withheld.has(collector));
    return datasets.length === 0 ? null : datasets.flatMap((dataset) => livesIn(input, dataset, told, erased));
  };
  const people = livesOf(datasetsOf.people);
  const separation = livesOf(datasetsOf.separation);
  const records = livesOf(datasetsOf.records);
  const documents = livesOf(datasetsOf.documents) ?? (withheld.has('entity/documents') ? [] : null);
  const { read, pack: reviews } = reviewsOf(input, own);
  return {
    pack: {
      people: people === null ? null : peoplePack(people, period),
      separation: separation === null ? null : separationPack(separation, decisions, period),
      reviews,
      records: records === null ? null : recordsPack(records, period),
      documents:
        documents === null
          ? null
          : documentsPack({ reader, lives: documents, decisions, period, withheld: withheld.has('entity/documents') }),
      withheld: own.map(({ collector }) => collector).filter((collector) => withheld.has(collector)),
      erased: [...erased].filter(([, versions]) => versions > 0).map(([collector, versions]) => ({ collector, versions })),
    },
    reviews: read,
  };
}

function livesIn(
  { reader, registries, period, generatedAt }: EntityInput,
  dataset: SurveyedDataset,
  members: ToldMembers,
  erased: Map<string, number>,
): readonly Life[] {
  const collector = registries.collectors.find(({ id }) => id === dataset.collector);
  const told = dataset.last === undefined ? undefined : members.of(dataset.last);
  if (collector === undefined || told === undefined) return [];
  const { lives, unreadable } = readLives(reader, { dataset, collector, told, from: period.from, until: generatedAt });
  erased.set(dataset.collector, (erased.get(dataset.collector) ?? 0) + unreadable);
  return lives;
}

function reviewsOf(
  { reader, registries, period, withheld, masked, tryLines }: EntityInput,
  own: readonly SurveyedDataset[],
): { readonly read: ReviewsRead | null; readonly pack: EntityPack['reviews'] } {
  const dataset = own.find(({ collector }) => collector === 'entity/reviews');
  if (dataset === undefined || withheld.has(dataset.collector)) return { read: null, pack: null };
  const read = readReviews(reader, registries, dataset.source);
  const unpackable = new Map<string, string>();
  const kept = rosterCollectors.filter((collector) => withheld.has(collector));
  for (const review of read.described) {
    if (review.judged === null || !isOfPeriod(review, period)) continue;
    if (kept.length > 0) unpackable.set(review.id, `items of ${kept.join(', ')} are kept back by the redaction profile`);
    else {
      try {
        tryLines(review.judged.record);
      } catch (error) {
        if (!(error instanceof ProoflineError)) throw error;
        unpackable.set(review.id, error.message);
      }
    }
  }
  return { read, pack: reviewsPack(read, period, { unpackable, masked }) };
}
