import { defineCollector, type ItemView, type Json, type JsonObject, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { furtherItems, inner, isAccountedFor, unfinished } from '../connections.ts';
import { matchesPattern } from '../patterns.ts';
import { body, given, stated, unreadParts } from '../readings.ts';
import { at, isObject, nodeItems, whyUnread } from '../replies.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { GithubEnvironment } from './resource.ts';

const environments = 'graphql:environments';
const moreEnvironments = 'graphql:repository-environments';
const details = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
const repositories = 'organization.repositories';

const settings = z.looseObject({
  productionEnvironments: z.array(z.string().min(1)).default(['production', 'production-*', 'prod', 'prod-*', 'live']),
});
/** Upper and lower case are the same environment to GitHub. */
function isProduction(name: string, configured: JsonObject): boolean {
  const { productionEnvironments } = settings.parse(configured);
  return productionEnvironments.some((pattern) => matchesPattern(name.toLowerCase(), pattern.toLowerCase()));
}

const environment = body({
  id: z.string(),
  name: z.string(),
  protectionRules: given(
    body({
      totalCount: z.int(),
      nodes: z.array(body({ type: z.string(), timeout: z.int(), preventSelfReview: z.boolean().nullable() }).nullable()),
    }),
  ),
});
type Environment = z.output<typeof environment>;
const repository = body({
  id: z.string(),
  nameWithOwner: z.string(),
  isArchived: z.boolean(),
  isFork: z.boolean(),
  environments: inner(environment).refine(isAccountedFor).nullable(),
  unread: unreadParts,
}).refine((of) => of.environments !== null || of.unread !== undefined);
type Repository = z.output<typeof repository>;
const reviewer = body({ type: z.string(), reviewer: given(body({ login: z.string().optional(), slug: z.string().optional() })) });
const detail = body({
  can_admins_bypass: given(z.boolean()),
  protection_rules: given(z.array(body({ type: z.string(), reviewers: given(z.array(reviewer)) }))),
});

export default defineCollector<GithubClient>({
  id: 'github/environments',
  title: 'Deployment environments',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubEnvironment],
  permissions: ['actions:read', 'metadata:read', 'organization_administration:read'],
  items: {
    ...visibilityItems,
    [environments]: {
      keep: ['id', 'nameWithOwner', 'isArchived', 'isFork', 'environments', 'unread'],
      split: (output) => nodeItems(output, repositories),
    },
    [moreEnvironments]: furtherItems('environments.nodes', 'id', ['id', 'databaseId', 'name', 'protectionRules']),
    [details]: {
      keep: [
        'id',
        'node_id',
        'name',
        'can_admins_bypass',
        'deployment_branch_policy',
        'protection_rules.id',
        'protection_rules.type',
        'protection_rules.wait_timer',
        'protection_rules.prevent_self_review',
        'protection_rules.reviewers.type',
        'protection_rules.reviewers.reviewer.id',
        'protection_rules.reviewers.reviewer.login',
        'protection_rules.reviewers.reviewer.slug',
      ],
    },
  },
  async *collect(client) {
    const inProduction: { id: string; where: JsonObject }[] = [];
    const note = (repo: Json | undefined, list: Json | undefined) => {
      const [owner = '', name = ''] = String(at(repo, ['nameWithOwner'])).split('/');
      if (at(repo, ['isArchived']) === true || !Array.isArray(list)) return;
      for (const found of list) {
        const called = at(found, ['name']);
        if (typeof called !== 'string' || !isProduction(called, client.settings)) continue;
        inProduction.push({ id: String(at(found, ['id'])), where: { owner, repo: name, environment_name: called } });
      }
    };
    let seen = 0;
    const more: string[] = [];
    for await (const reply of client.graphqlPages('environments', {}, repositories)) {
      yield reply;
      const unfinishedHere = unfinished(reply.output, repositories, 'environments');
      more.push(...unfinishedHere);
      const nodes = at(reply.output, ['data', ...repositories.split('.'), 'nodes']);
      for (const node of Array.isArray(nodes) ? nodes : []) {
        seen += 1;
        if (isObject(node) && !unfinishedHere.includes(String(node['id']))) note(node, at(node, ['environments', 'nodes']));
      }
    }
    for (const id of more) {
      for await (const reply of client.graphqlPages('repository-environments', { repository: id }, 'node.environments', { subject: id })) {
        yield reply;
        note(at(reply.output, ['data', 'node']), at(reply.output, ['data', 'node', 'environments', 'nodes']));
      }
    }
    yield* seeAll(client, environments, seen);
    // One request per production environment that GraphQL cannot give: who reviews costs it a node per reviewer of every environment there
    // is, and whether administrators may bypass the review it does not tell at all.
    yield* client.each(inProduction, async ({ id, where }) => [await client.call(details, where, { subject: id })]);
  },
  normalise(view) {
    const owners = new Map(view.list(environments, repository).map((item) => [item.subject, item.body]));
    const draft = (of: Repository, found: Environment, parts: Repository['unread'], path: string) =>
      environmentDraft(view, of, found, whyUnread(parts, `${path}.protectionRules`));
    const further = view.list(moreEnvironments, environment);
    return [
      ...view.each(environments, repository, (of) =>
        of.environments === null || of.environments.pageInfo.hasNextPage
          ? []
          : (of.environments.nodes ?? []).map((found, index) => draft(of, found, of.unread, `environments.nodes.${index}`)),
      ),
      ...further.flatMap(({ subject, body: found }) => {
        const of = owners.get(subject.slice(0, subject.indexOf('/')));
        return of === undefined ? [] : [draft(of, found, undefined, '')];
      }),
    ];
  },
});

function environmentDraft(view: ItemView, of: Repository, found: Environment, error: ReturnType<typeof whyUnread>) {
  const rules = error === undefined ? rulesOf(found) : unread(error);
  const reviews = read(rules, (list) => list.filter((rule) => rule.type === 'REQUIRED_REVIEWERS'));
  const production = isProduction(found.name, view.settings);
  const answer = production && !of.isArchived ? view.part(details, found.id, detail) : unread('not-collected');
  return GithubEnvironment.draft(
    { id: view.id('environment', found.id), display: `${of.nameWithOwner} ${found.name}` },
    {
      repository: of.nameWithOwner,
      name: found.name,
      production,
      archived: of.isArchived,
      fork: of.isFork,
      reviewRequired: read(reviews, (list) => list.length > 0),
      reviewers: read(answer, (shown) => read(stated(shown?.protection_rules), (list) => reviewersIn(list))),
      selfReviewPrevented: read(reviews, (list) =>
        list.some((rule) => rule.preventSelfReview === null)
          ? unread('malformed-reply')
          : list.some((rule) => rule.preventSelfReview === true),
      ),
      administratorsMayBypass: read(answer, (shown) => stated(shown?.can_admins_bypass)),
      waitMinutes: read(rules, (list) => Math.max(0, ...list.filter((rule) => rule.type === 'WAIT_TIMER').map((rule) => rule.timeout))),
    },
  );
}

type ProtectionRule = NonNullable<NonNullable<Environment['protectionRules']>['nodes'][number]>;
function rulesOf({ protectionRules }: Environment): Reading<ProtectionRule[]> {
  if (protectionRules === undefined) return unread('malformed-reply');
  const rules = protectionRules.nodes.filter((rule) => rule !== null);
  if (rules.length < protectionRules.nodes.length) return unread('access-denied');
  return rules.length === protectionRules.totalCount ? rules : unread('truncated');
}

function reviewersIn(rules: readonly { type: string; reviewers?: readonly z.output<typeof reviewer>[] | undefined }[]): Reading<string[]> {
  const requiring = rules.filter((rule) => rule.type === 'required_reviewers');
  const names: string[] = [];
  for (const rule of requiring) {
    if (rule.reviewers === undefined) return unread('malformed-reply');
    for (const { type, reviewer: who } of rule.reviewers) names.push(`${type.toLowerCase()} ${who?.login ?? who?.slug ?? 'unnamed'}`);
  }
  return names.sort();
}
