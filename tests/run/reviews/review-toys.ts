import accessReviewWasHeld from '../../../checks/entity/access-review-was-held.ts';
import reviewDecidedByOthers from '../../../checks/entity/review-decided-by-others.ts';
import reviewExceptionNotExpired from '../../../checks/entity/review-exception-not-expired.ts';
import reviewRosterIsComplete from '../../../checks/entity/review-roster-is-complete.ts';
import revocationIsCarriedOut from '../../../checks/entity/revocation-is-carried-out.ts';
import type { EntityClient } from '../../../collectors/entity/client.ts';
import reviewsCollector from '../../../collectors/entity/reviews/collector.ts';
import { lineId } from '../../../src/access/reviews/line-id.ts';
import { type Collector, type DerivedInput, defineCollector, defineResource, type JsonObject, z } from '../../../src/authoring.ts';
import type { EntitySettings } from '../../../src/model/entity-settings.ts';
import { ReviewSettings } from '../../../src/model/review-settings.ts';
import type { Composition } from '../../../src/run/composition.ts';
import { recordDecision } from '../../../src/run/decisions/record-decision.ts';
import type { EmbeddedStore } from '../../../src/store/embedded.ts';
import { account, accounts, entitlement, entitlements, persons } from '../../access/reviews/review-kit.ts';
import { Decider } from '../../verify/deciding.ts';
import { by } from '../decisions/people.ts';
import { EntityToys, type Seeds, type Told } from '../entity/entity-kit.ts';

export { account, entitlement };

export const mia = new Decider('mia', 21);
export const omar = new Decider('omar', 22);
export const petra = new Decider('petra', 23);

/** The quarter before the toy clock begins (15 January 2026) is due on the 16th. */
export const settings = ReviewSettings.parse({
  reviewers: [
    { id: 'mia', person: 'hr:E-100', from: '2025-01-01' },
    { id: 'omar', person: 'hr:E-104', from: '2025-01-01' },
    { id: 'petra', person: 'hr:E-107', from: '2025-01-01' },
    { id: 'rita', outside: 'an external reviewer', from: '2025-01-01' },
  ],
  systems: [
    { name: 'code', match: ['github:*'], owner: 'omar', provisioners: ['petra'] },
    { name: 'bank', match: ['tabular:bank.*'], owner: 'petra' },
  ],
  reviews: [
    { id: 'quarterly', title: 'Quarterly review', controls: ['AC-12'], frequency: 'quarterly', first: '2025-10-01', otherwise: ['rita'] },
  ],
});
export const review = 'quarterly/2025-q4';

type Fields = Readonly<Record<string, unknown>>;
/** Passes what tables of a toy source say on as people, accounts or entitlements: who makes them is another's to test. */
function passingOn(dataset: string, from: string, noun: string, many: readonly Fields[] | undefined): Collector<EntityClient> {
  const type = defineResource({ type: `entity.${noun}`, title: noun, shape: shapes[noun] ?? {} });
  return defineCollector<EntityClient>({
    id: `entity/${dataset}`,
    title: dataset,
    kind: 'roster',
    scope: 'organisation',
    yields: [type],
    permissions: ['log:read'],
    items: {
      [dataset]: {
        keep: ['*'],
        split: (output) =>
          many?.map((fields) => ({ subject: `toy#${String(fields[noun])}`, body: fields as JsonObject })) ??
          (output as unknown as DerivedInput).seen
            .filter((one) => one.type === from)
            .flatMap(({ resources }) => resources.map(({ id, fields }) => ({ subject: id, body: fields as JsonObject }))),
      },
    },
    collect: (client) => client.derive(dataset, [from]),
    normalise: (view) =>
      view.each(dataset, z.looseObject({}), (fields, { subject }) =>
        type.draft({ id: view.id(noun, String(subject).split('#').at(-1) ?? ''), display: String(subject) }, fields as never),
      ),
  });
}
const any = z.json();
const shapeOf = (fields: Fields) => Object.fromEntries(Object.keys(fields).map((name) => [name, any]));
const shapes: Record<string, Record<string, typeof any>> = {
  person: shapeOf(persons[0]!),
  account: shapeOf(accounts[0]!),
  entitlement: shapeOf(entitlements[0]!),
};

const told = (list: readonly Fields[], key: string): Told[] => list.map((fields) => ({ ...fields, id: `toy#${String(fields[key])}` }));
export interface Rosters {
  readonly persons?: readonly Fields[];
  readonly accounts?: readonly Fields[];
  readonly entitlements?: readonly Fields[];
}
export function seedsOf(given: Rosters = {}): Record<string, Seeds> {
  return {
    'tabular:hr': {
      'toy.person': told(given.persons ?? persons, 'person'),
      'toy.account': told(given.accounts ?? accounts, 'account'),
      'toy.entitlement': told(given.entitlements ?? entitlements, 'entitlement'),
    },
  };
}

/** A company with a log, its rosters collected, and three people who may decide. `many`: rosters too large to go through a toy source first. */
export async function reviewToys({ many = {}, ...given }: Rosters & { readonly many?: Rosters } = {}, more: Partial<EntitySettings> = {}) {
  const toys = new EntityToys({
    seeds: seedsOf(given),
    collectors: [
      passingOn('people', 'toy.person', 'person', many.persons),
      passingOn('accounts', 'toy.account', 'account', many.accounts),
      passingOn('entitlements', 'toy.entitlement', 'entitlement', many.entitlements),
      reviewsCollector,
    ],
    checks: [accessReviewWasHeld, reviewDecidedByOthers, reviewExceptionNotExpired, reviewRosterIsComplete, revocationIsCarriedOut],
    settings: { reviews: JSON.parse(JSON.stringify(settings)) as Record<string, never>, ...more },
  });
  await toys.run();
  const app = toys.composition();
  return { toys, app };
}

/** Work on the open log. */
export async function within<T>(app: Composition, work: (store: EmbeddedStore) => Promise<T>): Promise<T> {
  const store = await app.openStore({ create: true });
  try {
    return await work(store);
  } finally {
    await store.checkpoint();
    await store.close();
  }
}
export async function register(app: Composition): Promise<void> {
  await within(app, async (store) => {
    const payload = (who: Decider) => ({ type: 'register-person' as const, person: who.person });
    await recordDecision(app, store, { actor: { name: 'root' }, payload: payload(mia), reason: 'the first' });
    for (const who of [omar, petra]) await recordDecision(app, store, { ...by(mia), payload: payload(who), reason: 'decides' });
  });
}
export const line = (of: string, subject: string, marks: Parameters<typeof lineId>[0]['marks'], grant: string): string =>
  lineId({ account: of, subjects: subject === '' ? [] : [subject], marks, entitlement: grant });
