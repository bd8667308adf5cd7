import {
  defineCollector,
  type GapReason,
  type ItemView,
  isUnread,
  type Reading,
  type ResourceDraft,
  read,
  unread,
  z,
} from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { further, furtherItems, inner, unfinished, whole } from '../connections.ts';
import { listed, people } from '../people.ts';
import { body, unreadParts } from '../readings.ts';
import { at, nodeItems, whyUnread } from '../replies.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { GithubRepositoryAccess, GithubRepositoryRoster, type repositoryPermission } from './resource.ts';

const access = 'graphql:repository-access';
const moreAccess = 'graphql:repository-collaborators';
const owners = 'GET /orgs/{org}/members?role=admin';
const repositories = 'organization.repositories';
/** A hundred accounts come with every repository, each with its sources: twenty make a page of the weight of others. */
const perPage = 20;

type Permission = z.output<typeof repositoryPermission>;
const permission = z
  .enum(['READ', 'TRIAGE', 'WRITE', 'MAINTAIN', 'ADMIN'])
  .transform((word) => word.toLowerCase() as Lowercase<typeof word>);
/** GitHub writes one of the default permissions here, and the role (`maintain`, `triage`, one of the organisation's own) beside it. */
const source = body({
  permission: z.enum(['NONE', 'READ', 'WRITE', 'ADMIN']),
  roleName: z.string().nullish(),
  source: body({ __typename: z.string(), id: z.string().optional(), slug: z.string().optional() }),
});
const collaborator = body({
  permission,
  permissionSources: z.array(source).nullable(),
  node: body({ id: z.string(), login: z.string() }),
});
type Collaborator = z.output<typeof collaborator>;
const repository = body({
  id: z.string(),
  nameWithOwner: z.string(),
  isArchived: z.boolean(),
  collaborators: inner(collaborator).nullable(),
  unread: unreadParts,
});
type Repository = z.output<typeof repository>;

interface Source {
  readonly kind: 'direct' | 'team' | 'organisation' | 'owner';
  readonly team: string | null;
  readonly teamId: string | null;
  readonly permission: Permission;
  readonly role: string | null;
}

export default defineCollector<GithubClient>({
  id: 'github/repository-access',
  title: 'Who may do what in each repository, and where he has it from',
  kind: 'roster',
  scope: 'organisation',
  yields: [GithubRepositoryAccess, GithubRepositoryRoster],
  permissions: ['members:read', 'metadata:read', 'organization_administration:read'],
  items: {
    ...visibilityItems,
    [access]: {
      keep: ['id', 'nameWithOwner', 'isArchived', 'collaborators', 'unread'],
      split: (output) => nodeItems(output, repositories),
    },
    [moreAccess]: furtherItems('collaborators.edges', 'node.id', ['permission', 'permissionSources', 'node']),
    // What the organisation gives to everybody and what it gives to its owners GitHub words alike.
    [owners]: { ...people, namesSubjects: false },
  },
  async *collect(client) {
    let seen = 0;
    const more: string[] = [];
    for await (const reply of client.graphqlPages('repository-access', {}, repositories, { first: perPage })) {
      yield reply;
      more.push(...unfinished(reply.output, repositories, 'collaborators'));
      const nodes = at(reply.output, ['data', ...repositories.split('.'), 'nodes']);
      seen += Array.isArray(nodes) ? nodes.length : 0;
    }
    yield* seeAll(client, access, seen);
    for (const id of more) {
      yield* client.graphqlPages('repository-collaborators', { repository: id }, 'node.collaborators', { subject: id });
    }
    yield* client.pages(owners);
  },
  normalise(view) {
    const more = further(view, moreAccess, collaborator);
    const owning = listed(view, owners);
    return view.each(access, repository, (found) => draftsOf(view, found, peopleOf(view, found, more), owning));
  },
});

function peopleOf(view: ItemView, found: Repository, more: ReadonlyMap<string, Collaborator[]>): Reading<Collaborator[]> {
  const reason = whyUnread(found.unread, 'collaborators') ?? (found.collaborators === null ? 'access-denied' : undefined);
  if (reason !== undefined || found.collaborators === null) return unread(reason ?? 'access-denied');
  return whole(view, moreAccess, found.id, found.collaborators, more);
}

function draftsOf(
  view: ItemView,
  found: Repository,
  everybody: Reading<Collaborator[]>,
  owning: Reading<ReadonlySet<string>>,
): ResourceDraft[] {
  const where = { repository: found.nameWithOwner, repositoryId: found.id, archived: found.isArchived };
  const roster = (fields: { collaborators: Reading<number>; owners: Reading<string[]>; members: Reading<RosterMembers> }) =>
    GithubRepositoryRoster.draft(
      { id: view.id('repository-roster', found.id), display: `access to ${found.nameWithOwner}` },
      { ...where, ...fields },
    );
  // Nobody known is nobody named: the repository itself says that it is not known who has access.
  if (isUnread(everybody)) return [roster({ collaborators: everybody, owners: everybody, members: everybody })];

  const drafts: ResourceDraft[] = [];
  const fromOwnership: string[] = [];
  const fromMembership = new Map<Permission, string[]>();
  let untold: GapReason | undefined;
  for (const person of everybody) {
    const sources = sourcesOf(person, owning);
    const alone = isUnread(sources) || sources.length === 0 ? undefined : sources[0]!;
    if (alone !== undefined && !isUnread(sources) && sources.every(({ kind }) => kind === 'owner' || kind === 'organisation')) {
      if (sources.some(({ kind }) => kind === 'owner')) fromOwnership.push(person.node.id);
      else fromMembership.set(person.permission, [...(fromMembership.get(person.permission) ?? []), person.node.id]);
      continue;
    }
    if (isUnread(sources)) untold ??= sources.reason;
    drafts.push(
      GithubRepositoryAccess.draft(
        { id: view.id('repository-access', found.id, person.node.id), display: `${person.node.login} in ${found.nameWithOwner}` },
        {
          ...where,
          account: person.node.id,
          login: person.node.login,
          permission: person.permission,
          sources: read(sources, (all) => [...all]),
        },
      ),
    );
  }
  drafts.push(
    roster({
      collaborators: everybody.length,
      // Whoever's sources are not known is named above; whether he belongs here too is not known.
      owners: untold === undefined ? fromOwnership.sort() : unread(untold),
      members:
        untold === undefined
          ? [...fromMembership]
              .sort(([one], [other]) => (one < other ? -1 : 1))
              .map(([given, accounts]) => ({ permission: given, accounts: accounts.sort() }))
          : unread(untold),
    }),
  );
  return drafts;
}
type RosterMembers = { permission: Permission; accounts: string[] }[];

function sourcesOf(person: Collaborator, owning: Reading<ReadonlySet<string>>): Reading<Source[]> {
  if (person.permissionSources === null) return unread('access-denied');
  const sources: Source[] = [];
  for (const { permission: given, roleName, source: from } of person.permissionSources) {
    if (given === 'NONE' && !roleName) continue;
    const level = levelOf(given, roleName ?? null);
    if (level === undefined) return unread('malformed-reply');
    const role = roleName && !standard.has(roleName.toLowerCase()) ? roleName : null;
    if (from.__typename === 'Team') {
      if (from.id === undefined || from.slug === undefined) return unread('malformed-reply');
      sources.push({ kind: 'team', team: from.slug, teamId: from.id, permission: level, role });
    } else if (from.__typename === 'Repository') {
      sources.push({ kind: 'direct', team: null, teamId: null, permission: level, role });
    } else if (from.__typename === 'Organization') {
      // Nobody but an owner has everything, unless the organisation gives everything to everybody.
      if (level === 'admin' && isUnread(owning)) return owning;
      const kind = level === 'admin' && !isUnread(owning) && owning.has(person.node.id) ? 'owner' : 'organisation';
      sources.push({ kind, team: null, teamId: null, permission: level, role });
    } else return unread('malformed-reply');
  }
  // Access that comes from nowhere was not told whole.
  if (sources.length === 0) return unread('malformed-reply');
  return sources.sort((one, other) => (`${one.kind} ${one.team ?? ''}` < `${other.kind} ${other.team ?? ''}` ? -1 : 1));
}

const standard: ReadonlySet<string> = new Set(['read', 'triage', 'write', 'maintain', 'admin']);
/** Of a role of the organisation's own the permission it builds on; GitHub's five say it themselves. */
function levelOf(given: 'NONE' | 'READ' | 'WRITE' | 'ADMIN', roleName: string | null): Permission | undefined {
  const named = roleName?.toLowerCase();
  if (named !== undefined && standard.has(named)) return named as Permission;
  return given === 'NONE' ? undefined : (given.toLowerCase() as Permission);
}
