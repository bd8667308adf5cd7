import { grantOf, parseLineId, systemOf } from '../../access/reviews/line-id.ts';
import { occasionsOf } from '../../access/reviews/occasions-of.ts';
import type { Roster } from '../../access/reviews/read-roster.ts';
import { digestOfText, linesText, type ReviewLine, toLines } from '../../access/reviews/to-lines.ts';
import { reviews } from '../../access/reviews/who-reviews.ts';
import { entitySource } from '../../config/configured-sources.ts';
import type { RecordedDecision, ReviewRecord } from '../../model/decision.ts';
import { ProoflineError } from '../../model/errors.ts';
import type { Sealed, Store } from '../../store/contract.ts';
import type { Composition } from '../composition.ts';
import type { DecidedBy } from '../decisions/open-period.ts';
import { refuseProblems } from '../decisions/period-bounds.ts';
import { recordDecision } from '../decisions/record-decision.ts';
import { entityMember } from '../entity/entity-access.ts';
import { frozenLines, keepLines } from './frozen-lines.ts';
import { definitionNamed, type OpenedReviews, openReviews, sealReviewSettings } from './open-reviews.ts';

interface StartRequest extends DecidedBy {
  readonly definition: string;
  /** `2026-q1`; default: of those that are not begun the one that is due next. */
  readonly occasion?: string | undefined;
  /** Why counts differ, when they do. */
  readonly explanation?: string | undefined;
  readonly reason?: string | undefined;
}
interface StartedReview {
  readonly record: ReviewRecord;
  readonly decision: RecordedDecision;
  readonly lines: readonly ReviewLine[];
}

/**
 * Freezes the rosters of a review as they were last collected: every line, its digest, and what each system's roster was reconciled with: the
 * count of its source, the people of HR and the roster of the review before.
 * @throws ProoflineError `not-found` for a review or occasion there is not, `usage` for one that is begun already or has nothing to be about
 */
export async function startReview(app: Composition, store: Store, request: StartRequest): Promise<StartedReview> {
  await sealReviewSettings(app, store, request);
  const opened = await openReviews(app, store);
  const { settings, at, judged } = opened;
  const definition = definitionNamed(settings, request.definition);
  const occasions = occasionsOf(definition, at, settings.zone);
  const idOf = (occasion: string): string => `${definition.id}/${occasion}`;
  const begun = (occasion: string): boolean => judged.some(({ record }) => record.id === idOf(occasion));
  // Of those that can still be held in time the one that ends first: it is due next.
  const next = () => occasions.find(({ id, lateAfter }) => !begun(id) && at < lateAfter) ?? occasions.findLast(({ id }) => !begun(id));
  const occasion = request.occasion === undefined ? next() : occasions.find(({ id }) => id === request.occasion);
  if (occasion === undefined) {
    const known = occasions.map(({ id }) => id).join(', ');
    throw new ProoflineError(
      'not-found',
      `"${definition.id}" has no occasion "${request.occasion ?? ''}" to begin: there are ${known || 'none yet'}`,
    );
  }
  if (begun(occasion.id)) refuseProblems([`the review ${idOf(occasion.id)} is begun already: a roster is frozen once`]);
  const collections = rosterCollections(app, store);
  const registries = await app.registries();
  const { roster } = opened;
  const lines = toLines(roster, (system) => reviews(definition, settings, system));
  if (lines.length === 0) refuseProblems(['no account of any system of this review was collected: collect first (proofline collect)']);
  const { data } = app.configuration.store;
  const former = formerLines(store, registries, opened, definition.id, data);
  const text = linesText(lines);
  const record: ReviewRecord = {
    id: idOf(occasion.id),
    definition: definition.id,
    occasion: occasion.id,
    systems: [...Map.groupBy(lines, ({ system }) => system)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([system, own]) => {
        const sources = store.latestCollections(system);
        return {
          system,
          collections: [...new Set([...collections, ...sources].map(({ index }) => index))].sort((one, other) => one - other),
          accounts: new Set(own.map(({ account }) => account)).size,
          lines: own.length,
          complete: isWhole(roster, sources),
          reconciliation: reconcile(roster, system, sources, request.explanation ?? null),
          since: former === null ? null : { review: former.review, ...compare(former.lines, own, system) },
        };
      }),
    count: lines.length,
    digest: digestOfText(text),
    opened: at,
    due: occasion.due,
  };
  const decision = await recordDecision(app, store, {
    payload: { type: 'start-review', review: record },
    reason: request.reason ?? `the roster of ${record.id} is frozen`,
    ...by(request),
  });
  keepLines(data, record, text);
  return { record, decision, lines };
}
export const by = ({ actor, signer }: DecidedBy): DecidedBy =>
  signer === undefined ? { actor: actor ?? { name: 'proofline' } } : { signer };

/** The latest collections of people, accounts, entitlements and conflicts. @throws ProoflineError `usage` when one was never made */
function rosterCollections(app: Composition, store: Store): readonly Sealed<'collection'>[] {
  const wanted = ['people', 'accounts', 'entitlements', 'separations'].map((name) => `${entitySource}/${name}`);
  const latest = store.latestCollections(entityMember(app.configuration.entity.tenant));
  const found = latest.filter(({ statement }) => wanted.includes(statement.collector));
  const missing = wanted
    .filter((id) => !id.endsWith('/separations'))
    .filter((id) => !found.some(({ statement }) => statement.collector === id));
  refuseProblems(missing.map((id) => `${id} was never collected: collect first (proofline collect)`));
  return found;
}

/**
 * Whether everything of a system was seen: all of what people, accounts and entitlements are made of was, or nothing of this system's own was
 * missing when it was not.
 */
function isWhole(roster: Roster, sources: readonly Sealed<'collection'>[]): boolean {
  const own = sources.every(({ statement }) => statement.kindOf === 'events' || statement.completeness.kind === 'complete');
  const malformed = roster.gaps.some(({ reason }) => reason === 'malformed-reply' || reason === 'not-collected');
  return roster.gaps.length === 0 || (own && !malformed);
}

type Reconciliation = ReviewRecord['systems'][number]['reconciliation'];

function reconcile(roster: Roster, system: string, sources: readonly Sealed<'collection'>[], explanation: string | null): Reconciliation {
  const said = (label: string, count: number | null, seen: number) => {
    const difference = count === null ? null : count - seen;
    return { with: label, count, difference, explanation: difference === null || difference === 0 ? null : explanation };
  };
  const read = roster.counts
    .filter((one) => one.system === system)
    .map(({ type, read: count, accounts, joined }) => said(`${type} as it was read`, count, accounts + joined));
  const counted = sources.flatMap(({ statement }) =>
    statement.reconciliation.map((one) => said(`${one.with} ${one.field} of ${statement.scope}`, one.expected, one.seen)),
  );
  return [...read, ...counted, people(roster, system)];
}

/** Against the people of the roster: that some of them have no account is no mistake, and is said. */
function people(roster: Roster, system: string): Reconciliation[number] {
  const accounts = roster.accounts.filter((account) => account.system === system);
  const statusOf = (id: string | null) => (id === null ? undefined : roster.persons.get(id)?.status);
  const holders = new Set(accounts.flatMap(({ kind, owner }) => (kind === 'person' && owner !== null ? [owner] : [])));
  const active = [...roster.persons.values()].filter(({ status }) => status === 'active').length;
  const working = [...holders].filter((id) => statusOf(id) === 'active').length;
  const count = (kind: string) => accounts.filter((account) => account.kind === kind).length;
  const left = [...holders].filter((id) => statusOf(id) === 'left').length;
  return {
    with: 'active people of the roster',
    count: active,
    difference: active - working,
    explanation: `${working} of them have an account here and ${active - working} none; beside them ${left} who left, ${count('service-account')} service accounts, and ${count('unresolved')} accounts that nobody is known to own`,
  };
}

function formerLines(
  store: Store,
  registries: Awaited<ReturnType<Composition['registries']>>,
  { judged }: OpenedReviews,
  definition: string,
  data: string,
): { readonly review: string; readonly lines: readonly ReviewLine[] } | null {
  const former = judged.findLast(({ record }) => record.definition === definition);
  return former === undefined ? null : { review: former.record.id, lines: frozenLines(store, registries, former.record, data) };
}
function compare(before: readonly ReviewLine[], now: readonly ReviewLine[], system: string) {
  const grants = (lines: readonly ReviewLine[]) =>
    new Set(
      lines.flatMap(({ id, account }) => {
        const identity = parseLineId(id);
        return identity === undefined || systemOf(account) !== system ? [] : [grantOf(identity)];
      }),
    );
  const [old, fresh] = [grants(before), grants(now)];
  const unchanged = [...fresh].filter((grant) => old.has(grant)).length;
  return { added: fresh.size - unchanged, removed: old.size - unchanged, unchanged };
}
