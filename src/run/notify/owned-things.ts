import { z } from 'zod';
import { hasSecret } from '../../collect/find-secrets.ts';
import type { NotifySettings } from '../../config/notify-settings.ts';
import type { Owner } from '../../model/notification.ts';
import type { PlanDetail } from '../../model/plan.ts';
import type { ReadResource } from '../../model/resource.ts';
import { findOwner } from '../../notify/find-owner.ts';
import { matchesPattern } from '../../notify/matches-pattern.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { ReadCollections } from '../read-collections.ts';
import type { Registries } from '../registries.ts';
import { toldOf } from '../told-of.ts';
import type { PlanInForce } from './plan-in-force.ts';

export interface OwnedParts {
  readonly store: EmbeddedStore;
  readonly collections: ReadCollections;
  readonly registries: Registries;
  readonly settings: Pick<NotifySettings, 'owners'>;
}
export interface AskedOwner {
  readonly check: string | null;
  /** Ids of controls, in the plan. */
  readonly controls: readonly string[];
  readonly subject: string | null;
}

/**
 * Whose something of a source is. What its tags and its repository's CODEOWNERS say is read back from what is sealed, and only of the
 * type that a check judges, when it is asked for the first time.
 */
export function ownersOf(parts: OwnedParts, source: string | null, plan: PlanInForce | undefined): (about: AskedOwner) => Owner {
  const resources = new Map<string, ReadonlyMap<string, ReadResource>>();
  const ofType = (type: string): ReadonlyMap<string, ReadResource> => {
    const known = resources.get(type) ?? readType(parts, source, plan, type);
    resources.set(type, known);
    return known;
  };
  return ({ check, controls, subject }) => {
    const type = check === null ? undefined : plan?.detail.checks.find(({ id }) => id === check)?.subject;
    const resource = type === undefined || subject === null ? undefined : ofType(type).get(subject);
    const owners = controls.flatMap((id) => plan?.detail.controls.find((control) => control.id === id)?.owner ?? []);
    return findOwner(
      {
        registered: resource === undefined || plan === undefined ? undefined : registeredOwner(resource, plan.detail),
        tags: tagsOf(resource),
        codeowners: resource === undefined ? undefined : codeownersOf(resource, ofType),
        check,
        controlOwners: owners,
      },
      parts.settings.owners,
    );
  };
}

/** Resources of a type as a source last showed them. */
export function resourcesOf(parts: OwnedParts, source: string, plan: PlanInForce | undefined): (type: string) => Iterable<ReadResource> {
  return (type) => readType(parts, source, plan, type).values();
}

function readType(
  { store, collections, registries }: OwnedParts,
  source: string | null,
  plan: PlanInForce | undefined,
  type: string,
): ReadonlyMap<string, ReadResource> {
  const member = source === null || plan === undefined ? undefined : toldOf(plan.detail, source);
  if (source === null || member === undefined) return new Map();
  const collectors = registries.collectors.filter(({ yields }) => yields.some((yielded) => yielded.type === type));
  const found = new Map<string, ReadResource>();
  for (const collection of store.latestCollections(source)) {
    const collector = collectors.find(({ id }) => id === collection.statement.collector);
    if (collector === undefined) continue;
    for (const resource of collections.read(store, collector, collection, member).resources) {
      if (resource.type === type) found.set(resource.id, resource);
    }
  }
  return found;
}

const machine = z.object({
  kind: z.literal('service-account'),
  ownerPerson: z.object({ name: z.string(), status: z.enum(['active', 'not-started']) }),
});
const provided = z.object({ from: z.string().min(1) });
const placed = z.object({ system: z.string() });
const answering = z.object({
  reviews: z.object({ systems: z.array(z.object({ match: z.array(z.string()), owner: z.string().nullable() })) }),
});

/**
 * Who is named for a thing of the entity: the owner of a service account while he works here, who provides a document, and who answers for the
 * system, where the reviews of access say so, that an account or a line of a review is of.
 */
function registeredOwner({ type, fields }: ReadResource, plan: Pick<PlanDetail, 'sources'>): string | undefined {
  if (type === 'entity.document-request') return provided.safeParse(fields).data?.from;
  if (type !== 'entity.account' && type !== 'entity.review-line') return undefined;
  const owner = machine.safeParse(fields).data?.ownerPerson.name;
  const system = placed.safeParse(fields).data?.system;
  if (owner !== undefined || system === undefined) return owner;
  const systems = plan.sources.flatMap(({ settings }) =>
    Object.values(settings ?? {}).flatMap((told) => answering.safeParse(told.settings).data?.reviews.systems ?? []),
  );
  return systems.find(({ match }) => match.some((pattern) => matchesPattern(system, pattern)))?.owner ?? undefined;
}

/** A tag may hold anything; what looks like a secret is nobody's name. */
function tagsOf(resource: ReadResource | undefined): Readonly<Record<string, string>> | undefined {
  if (resource?.tags === undefined) return undefined;
  return Object.fromEntries(Object.entries(resource.tags).filter(([, value]) => !hasSecret(value)));
}

/** Of the repository that a resource is, or is of: its id names it, or a field does. */
function codeownersOf(resource: ReadResource, ofType: (type: string) => ReadonlyMap<string, ReadResource>): string | undefined {
  if (!resource.type.startsWith('github.')) return undefined;
  const segments = new Set(resource.id.split('/'));
  const name = resource.fields['repository'];
  for (const { id, fields } of ofType('github.codeowners').values()) {
    const isOf = segments.has(id.slice(id.lastIndexOf('/') + 1)) || (typeof name === 'string' && fields['repository'] === name);
    const file = fields['file'];
    if (!isOf || typeof file !== 'object' || file === null || !('text' in file)) continue;
    return typeof file.text === 'string' ? file.text : undefined;
  }
  return undefined;
}
