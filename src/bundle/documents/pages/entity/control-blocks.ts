import type { DocumentsPack, EntityPack } from '../../../../model/entity-pack.ts';
import type { ControlHistory } from '../../../../model/history.ts';
import { type Block, heading, joined, muted, type Text } from '../../blocks.ts';
import type { Frame } from '../page-frame.ts';
import { documentsTable } from './documents-page.ts';
import { examinationsTable, failingTable } from './records-page.ts';
import { reviewsTable } from './reviews-page.ts';
import { actsTable, conflictsTable } from './separation-page.ts';

/**
 * What the entity as a whole has about a control: its examinations with every failing record, the conflicts and acts of its rules, its reviews and
 * its documents. Nothing for a control that rests on none of it.
 */
export function* controlEntityBlocks(frame: Frame, control: ControlHistory): Generator<Block> {
  const { entity } = frame.content;
  if (entity === null) return;
  const about = aboutOf(control, entity);
  if (about === undefined) return;
  yield heading('What lies behind it in the entity as a whole', 'entity');
  yield muted([
    'In full: ',
    ...joined(
      about.pages.map((path): Text => ({ href: path, text: path })),
      ', ',
    ),
    '.',
  ]);
  const { records, separation, reviews, documents } = about;
  if (records !== null) {
    yield examinationsTable(frame, records.examinations, 'No examination of it was carried out in the period.');
    yield failingTable(frame, records.failing, 'No record failed within the period, of those that were examined.');
  }
  if (separation !== null) {
    yield conflictsTable(frame, separation.conflicts, 'Nobody was found to hold both duties of its rules, as far as the rules could see.');
    if (separation.acts.length > 0)
      yield actsTable(
        separation.acts.filter(({ conflict }) => conflict !== false),
        separation.acts.length,
      );
  }
  if (reviews !== null) yield reviewsTable(reviews, 'No review of it was due for the period.');
  if (documents !== null) yield documentsTable(documents, 'Nothing was asked of anybody for it, and nothing handed in.');
}

interface About {
  readonly pages: readonly string[];
  readonly records: EntityPack['records'];
  readonly separation: Pick<NonNullable<EntityPack['separation']>, 'conflicts' | 'acts'> | null;
  readonly reviews: NonNullable<EntityPack['reviews']>['reviews'] | null;
  readonly documents: DocumentsPack | null;
}

/** Resource types that a page of people and accounts tells more of. */
const ofPeople = ['entity.person', 'entity.move', 'entity.roster', 'entity.account', 'entity.accounts', 'entity.leaver', 'entity.mover'];

function aboutOf(control: ControlHistory, entity: EntityPack): About | undefined {
  const { id } = control.control;
  const types = new Set([...control.control.covers, ...control.series.map(({ subjectType }) => subjectType)]);
  const uses = control.versions.flatMap(({ checks }) => checks);
  /** What the checks are limited to by a parameter; an empty list of it is no limit. */
  const named = (parameter: string, check: RegExp): ReadonlySet<string> | 'all' | 'none' => {
    const own = uses.filter((use) => check.test(use.id));
    if (own.length === 0) return 'none';
    const lists = own.map(({ parameters }) =>
      Array.isArray(parameters[parameter]) ? (parameters[parameter] as unknown[]).map(String) : [],
    );
    return lists.some((list) => list.length === 0) ? 'all' : new Set(lists.flat());
  };
  const has = (names: ReturnType<typeof named>, name: string): boolean => names === 'all' || (names !== 'none' && names.has(name));

  const examined = named('examinations', /^entity\/records-hold$/);
  const isOwn = (one: { readonly examination: string; readonly control: string | null }): boolean =>
    has(examined, one.examination) || one.control === id;
  const examinations = entity.records?.examinations.filter((one) => one.latest && isOwn(one)) ?? [];
  const failing = entity.records?.failing.filter(isOwn) ?? [];
  const held = named('rules', /^entity\/(?:duties-are-kept-apart|separation-rule-was-evaluated)$/);
  const done = named('rules', /^entity\/(?:act-was-done-by-two|acts-were-looked-at)$/);
  const reviews = entity.reviews?.reviews.filter(({ controls }) => controls.includes(id)) ?? [];
  const isFor = ({ controls }: { readonly controls: readonly string[] }): boolean => controls.includes(id);
  const requests = entity.documents?.requests.filter(isFor) ?? [];
  const answering = new Set(requests.map(({ document }) => document));
  const documents = entity.documents?.documents.filter((one) => isFor(one) || answering.has(one.id)) ?? [];

  const isOfRecords = entity.records !== null && (examined !== 'none' || examinations.length > 0);
  const isOfDuties = entity.separation !== null && (held !== 'none' || done !== 'none');
  const isOfReviews = entity.reviews !== null && (reviews.length > 0 || types.has('entity.review'));
  const isOfDocuments = entity.documents !== null && requests.length + documents.length > 0;
  const pages = [
    ...(entity.people !== null && ofPeople.some((type) => types.has(type)) ? ['access/people.html'] : []),
    ...(isOfDuties ? ['access/separation.html'] : []),
    ...(isOfReviews ? ['access-reviews/index.html'] : []),
    ...(isOfRecords ? ['records/examinations.html'] : []),
    ...(isOfDocuments ? ['documents/index.html'] : []),
  ];
  if (pages.length === 0) return undefined;
  return {
    pages,
    records: isOfRecords ? { examinations, failing } : null,
    separation: isOfDuties
      ? {
          conflicts: entity.separation.conflicts.filter(({ rule }) => has(held, rule)),
          acts: entity.separation.acts.filter(({ rule }) => has(done, rule)),
        }
      : null,
    reviews: isOfReviews ? reviews : null,
    documents: isOfDocuments && entity.documents !== null ? { ...entity.documents, requests, documents } : null,
  };
}
