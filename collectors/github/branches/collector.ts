import {
  defineCollector,
  type ItemView,
  isUnread,
  type Json,
  type JsonObject,
  type Reading,
  type Reply,
  type ResourceDraft,
  read,
  unread,
} from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { furtherItems, unfinished } from '../connections.ts';
import { literalPart, matchesPattern, productionPatterns } from '../patterns.ts';
import { stated } from '../readings.ts';
import { at, graphqlErrors, isObject, nodeItems, unreadBelow, whyUnread } from '../replies.ts';
import { seeAll, visibilityItems } from '../visibility.ts';
import { classicLayer, levelOf, restBypassActors, restClassicLayer, rulesetLayers, shownBypassActors } from './layers.ts';
import { type Bypasser, mergeLayers } from './merge.ts';
import { GithubBranch, GithubRuleset } from './resource.ts';
import {
  organisationRulesetsReply,
  ownRulesets,
  productionBranch,
  type Ref,
  type Ruleset,
  refsPage,
  repository,
  restProtection,
  restRuleset,
  ruleset,
} from './shapes.ts';

const branches = 'graphql:branches';
const production = 'graphql:production-branches';
const moreProduction = 'graphql:repository-production-branches';
const organisationRulesets = 'graphql:organisation-rulesets';
const moreRulesets = 'graphql:repository-rulesets';
const classic = 'GET /repos/{owner}/{repo}/branches/{branch}/protection';
const organisationRuleset = 'GET /orgs/{org}/rulesets/{ruleset_id}';
const repositoryRuleset = 'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}';
const repositories = 'organization.repositories';

const repositoryFields = [
  'id',
  'databaseId',
  'nameWithOwner',
  'visibility',
  'isArchived',
  'isFork',
  'isDisabled',
  'isEmpty',
  'viewerCanAdminister',
];
const rulesetFields = [
  'id',
  'databaseId',
  'name',
  'enforcement',
  'target',
  'createdAt',
  'updatedAt',
  'source',
  'conditions',
  'rules',
  'bypassActors',
];
const restRulesetRule = {
  keep: ['id', 'name', 'target', 'enforcement', 'source', 'source_type', 'bypass_actors', 'current_user_can_bypass'],
};

/**
 * Everything that decides what a default or production branch demands, in one collection, because none of it means anything without
 * the rest: classic protection, the rules of every ruleset that applies (GitHub has then already applied its conditions), and who may
 * bypass them.
 *
 * One request per repository is made only where GraphQL does not answer this caller:
 * - classic protection, when we may not administer the repository: GraphQL then says null, protected or not;
 * - a ruleset that applies, when its bypass actors were not all shown.
 */
export default defineCollector<GithubClient>({
  id: 'github/branches',
  title: 'Protection of default and production branches, and rulesets',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubBranch, GithubRuleset],
  permissions: ['administration:read', 'contents:read', 'metadata:read', 'organization_administration:read'],
  items: {
    ...visibilityItems,
    [branches]: {
      keep: [...repositoryFields, 'defaultBranchRef', 'rulesets', 'unread'],
      split: (output) => nodeItems(output, repositories),
    },
    [production]: { keep: ['repository', 'ref', 'unread'], split: splitRefs },
    [moreProduction]: { keep: ['repository', 'ref', 'unread'], split: splitRefs },
    // One item and no list: what an organisation's rulesets do not tell leaves fields of branches unread, not branches unseen.
    [organisationRulesets]: { keep: ['data.organization.viewerCanAdminister', 'data.organization.rulesets', 'errors.type', 'errors.path'] },
    [moreRulesets]: furtherItems('rulesets.nodes', 'id', rulesetFields),
    [classic]: {
      keep: [
        'enforce_admins.enabled',
        'required_pull_request_reviews.required_approving_review_count',
        'required_pull_request_reviews.dismiss_stale_reviews',
        'required_pull_request_reviews.require_last_push_approval',
        'required_pull_request_reviews.require_code_owner_reviews',
        'required_pull_request_reviews.bypass_pull_request_allowances.users.login',
        'required_pull_request_reviews.bypass_pull_request_allowances.teams.slug',
        'required_pull_request_reviews.bypass_pull_request_allowances.apps.slug',
        'required_status_checks.strict',
        'required_status_checks.contexts',
        'allow_force_pushes.enabled',
        'allow_deletions.enabled',
        'lock_branch.enabled',
      ],
      absent: ['branch-not-protected'],
    },
    [organisationRuleset]: restRulesetRule,
    [repositoryRuleset]: restRulesetRule,
  },
  collect,
  normalise(view) {
    const bypass = bypassLists(view);
    return [...defaultBranches(view, bypass), ...productionBranches(view, bypass), ...rulesets(view, bypass)];
  },
});

interface Doubt {
  readonly classic: Map<string, JsonObject>;
  readonly organisationRulesets: Map<number, JsonObject>;
  readonly repositoryRulesets: Map<number, JsonObject>;
}

async function* collect(client: GithubClient): AsyncGenerator<Reply, void, undefined> {
  const doubt: Doubt = { classic: new Map(), organisationRulesets: new Map(), repositoryRulesets: new Map() };
  /** Rulesets whose bypass actors we were shown. */
  const shown = new Set<number>();
  const ofOrganisation = await client.graphql('organisation-rulesets');
  if (ofOrganisation) {
    yield ofOrganisation;
    const administered = at(ofOrganisation.output, ['data', 'organization', 'viewerCanAdminister']) === true;
    for (const found of listAt(ofOrganisation.output, ['data', 'organization', 'rulesets', 'nodes'])) {
      noteShown(found, administered && at(found, ['source', '__typename']) === 'Organization', shown);
    }
    if (at(ofOrganisation.output, ['data', 'organization', 'rulesets', 'pageInfo', 'hasNextPage']) !== false) {
      client.miss('truncated', organisationRulesets, '#data.organization.rulesets');
    }
  }

  const overflow: string[] = [];
  let seen = 0;
  for await (const reply of client.graphqlPages('branches', {}, repositories)) {
    yield reply;
    overflow.push(...unfinished(reply.output, repositories, 'rulesets'));
    for (const node of nodesAt(reply.output, repositories)) {
      seen += 1;
      if (!isObject(node)) continue;
      for (const own of listAt(node, ['rulesets', 'nodes'])) noteShown(own, node['viewerCanAdminister'] === true, shown);
      noteDoubt(node, node['defaultBranchRef'], shown, doubt);
    }
  }
  yield* seeAll(client, branches, seen);
  for (const id of overflow) {
    yield* client.graphqlPages('repository-rulesets', { repository: id }, 'node.rulesets', { subject: id });
  }

  const literals = new Set(productionPatterns(client.settings).map(literalPart));
  for (const literal of literals) {
    const more: string[] = [];
    for await (const reply of client.graphqlPages('production-branches', { literal }, repositories)) {
      yield reply;
      more.push(...unfinished(reply.output, repositories, 'refs'));
      for (const node of nodesAt(reply.output, repositories)) {
        if (isObject(node) && !refsPage.safeParse(node['refs']).success)
          client.miss('malformed-reply', production, `${node['id']}#refs?${literal ?? ''}`);
        noteRefs(client, node, shown, doubt);
      }
    }
    for (const id of more) {
      for await (const reply of client.graphqlPages('repository-production-branches', { repository: id, literal }, 'node.refs', {
        subject: id,
      })) {
        yield reply;
        noteRefs(client, at(reply.output, ['data', 'node']), shown, doubt);
      }
    }
  }

  yield* client.each([...doubt.classic], async ([subject, where]) => [await client.call(classic, where, { subject })]);
  yield* client.each([...doubt.organisationRulesets], async ([id, where]) => [
    await client.call(organisationRuleset, where, { subject: String(id) }),
  ]);
  yield* client.each([...doubt.repositoryRulesets], async ([id, where]) => [
    await client.call(repositoryRuleset, where, { subject: String(id) }),
  ]);
}

function noteRefs(client: GithubClient, node: Json | undefined, shown: ReadonlySet<number>, doubt: Doubt): void {
  if (!isObject(node)) return;
  const patterns = productionPatterns(client.settings);
  for (const found of listAt(node, ['refs', 'nodes'])) {
    const name = at(found, ['name']);
    if (typeof name === 'string' && patterns.some((pattern) => matchesPattern(name, pattern))) noteDoubt(node, found, shown, doubt);
  }
}

function noteShown(node: Json | undefined, administered: boolean, shown: Set<number>): void {
  const parsed = ruleset.safeParse(node);
  if (!parsed.success || parsed.data.databaseId === null) return;
  if (!isUnread(shownBypassActors(parsed.data, administered, undefined))) shown.add(parsed.data.databaseId);
}

/** What about this branch has to be asked for by itself. Nobody can push to an archived repository: there nothing is doubtful. */
function noteDoubt(node: JsonObject, ref: Json | undefined, shown: ReadonlySet<number>, doubt: Doubt): void {
  if (node['isArchived'] === true || !isObject(ref)) return;
  const [owner = '', repo = ''] = String(node['nameWithOwner']).split('/');
  const branch = String(ref['name']);
  if (ref['branchProtectionRule'] === null && node['viewerCanAdminister'] !== true)
    doubt.classic.set(`${node['id']}/${branch}`, { owner, repo, branch });
  for (const rule of listAt(ref, ['rules', 'nodes'])) {
    const id = at(rule, ['repositoryRuleset', 'databaseId']);
    const source = at(rule, ['repositoryRuleset', 'source', '__typename']);
    if (typeof id !== 'number' || at(rule, ['repositoryRuleset', 'enforcement']) !== 'ACTIVE' || shown.has(id)) continue;
    if (source === 'Organization') doubt.organisationRulesets.set(id, { ruleset_id: id });
    if (source === 'Repository') doubt.repositoryRulesets.set(id, { owner, repo, ruleset_id: id });
  }
}

function nodesAt(output: JsonObject | null, connection: string): readonly Json[] {
  return listAt(output, ['data', ...connection.split('.'), 'nodes']);
}
function listAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

type Part = { readonly subject: string; readonly body: JsonObject };

/** One item per ref that the literal part of a pattern found, with the repository it lies in. */
function splitRefs(output: JsonObject, reply: Reply): Part[] {
  const errors = graphqlErrors(output);
  const single = at(output, ['data', 'node']);
  const nodes = single === undefined ? nodesAt(output, repositories) : [single];
  return nodes.flatMap((node, index) => {
    if (!isObject(node)) return [];
    const { refs, ...of } = node;
    const path = [...(single === undefined ? [...repositories.split('.'), 'nodes', index] : ['node']), 'refs', 'nodes'];
    return listAt(refs, ['nodes']).map((found, position): Part => {
      // Kept, so that it is counted as something that could not be read.
      if (!isObject(found))
        return { subject: `${of['id']}/#${position}?${reply.input['literal'] ?? ''}`, body: { repository: of, ref: null } };
      const parts = unreadBelow(errors, [...path, position]);
      // Two patterns may find the same ref; the items are told apart by what was searched for.
      const subject = `${of['id']}/${found['name']}?${reply.input['literal'] ?? ''}`;
      return { subject, body: { repository: of, ref: found, ...(parts === undefined ? {} : { unread: parts }) } };
    });
  });
}

type BypassLists = (rulesetId: number | null) => Reading<readonly Bypasser[]>;

/** Bypass actors by ruleset: what GraphQL showed, else what REST answered, else why neither did. */
function bypassLists(view: ItemView): BypassLists {
  const known = new Map<number, Reading<readonly Bypasser[]>>();
  const note = (found: Ruleset, administered: boolean, parts: Parameters<typeof whyUnread>[0], prefix = '') => {
    if (found.databaseId !== null)
      known.set(found.databaseId, shownBypassActors(found, administered, whyUnread(parts, `${prefix}bypassActors`)));
  };
  const ofOrganisation = view.part(organisationRulesets, null, organisationRulesetsReply);
  if (ofOrganisation !== null && !isUnread(ofOrganisation)) {
    const { viewerCanAdminister, rulesets: list } = ofOrganisation.data.organization;
    list.nodes.forEach((found, index) => {
      // An owner of the organisation need not be one of the enterprise.
      const owner = viewerCanAdminister === true && found?.source.__typename === 'Organization';
      const parts = unreadBelow(graphqlErrors({ errors: ofOrganisation.errors ?? [] }), ['organization', 'rulesets', 'nodes', index]);
      if (found !== null) note(found, owner, parts);
    });
  }
  const administered = new Map<string, boolean>();
  for (const { subject, body } of view.list(branches, ownRulesets)) {
    administered.set(subject, body.viewerCanAdminister === true);
    body.rulesets?.nodes.forEach((found, index) => {
      if (found !== null) note(found, body.viewerCanAdminister === true, body.unread, `rulesets.nodes.${index}.`);
    });
  }
  for (const { subject, body } of view.list(moreRulesets, ruleset))
    note(body, administered.get(subject.slice(0, subject.indexOf('/'))) === true, undefined);
  for (const operation of [organisationRuleset, repositoryRuleset]) {
    for (const { body } of view.list(operation, restRuleset)) known.set(body.id, restBypassActors(body));
  }
  return (id) => (id === null ? unread('access-denied') : (known.get(id) ?? unread('access-denied')));
}

function defaultBranches(view: ItemView, bypass: BypassLists): ResourceDraft[] {
  const patterns = productionPatterns(view.settings);
  return view.each(branches, repository, (of) => {
    const { defaultBranchRef: found } = of;
    // Nothing was ever pushed: there is no branch yet.
    if (found === null && of.isEmpty && whyUnread(of.unread, 'defaultBranchRef') === undefined) return [];
    const name = found?.name;
    const unanswered = unread(whyUnread(of.unread, 'defaultBranchRef') ?? 'malformed-reply');
    const effective =
      found === null
        ? mergeLayers([], unanswered)
        : effectiveOf(view, of, found, (field) => whyUnread(of.unread, `defaultBranchRef.${field}`), bypass);
    return GithubBranch.draft(
      { id: view.id('default-branch', of.id), display: name === undefined ? of.nameWithOwner : `${of.nameWithOwner} ${name}` },
      {
        repository: of.nameWithOwner,
        branch: name ?? unanswered,
        default: true,
        production: name === undefined ? unanswered : patterns.some((pattern) => matchesPattern(name, pattern)),
        archived: of.isArchived,
        fork: of.isFork,
        ...effective,
      },
    );
  });
}

function productionBranches(view: ItemView, bypass: BypassLists): ResourceDraft[] {
  const patterns = productionPatterns(view.settings);
  const seen = new Set<string>();
  return [production, moreProduction].flatMap((operation) =>
    view.each(operation, productionBranch, ({ repository: of, ref: found, unread: parts }) => {
      const id = view.id('branch', of.id, found.name);
      if (seen.has(id) || found.name === of.defaultBranchRef?.name || !patterns.some((pattern) => matchesPattern(found.name, pattern)))
        return [];
      seen.add(id);
      return GithubBranch.draft(
        { id, display: `${of.nameWithOwner} ${found.name}` },
        {
          repository: of.nameWithOwner,
          branch: found.name,
          default: false,
          production: true,
          archived: of.isArchived,
          fork: of.isFork,
          ...effectiveOf(view, of, found, (field) => whyUnread(parts, field), bypass),
        },
      );
    }),
  );
}

/** Protection in effect of one ref. */
function effectiveOf(
  view: ItemView,
  of: { readonly id: string; readonly viewerCanAdminister?: boolean | undefined },
  found: Ref,
  unanswered: (field: string) => ReturnType<typeof whyUnread>,
  bypass: BypassLists,
) {
  const inRules = unanswered('rules');
  const { layers, missing } = rulesetLayers(found.rules, bypass);
  const classicRule = classicOf(view, of, found, unanswered('branchProtectionRule'));
  const all = isUnread(classicRule) || classicRule === null ? layers : [classicRule, ...layers];
  return mergeLayers(all, isUnread(classicRule) ? classicRule : inRules === undefined ? missing : unread(inRules));
}

function classicOf(
  view: ItemView,
  of: { readonly id: string; readonly viewerCanAdminister?: boolean | undefined },
  found: Ref,
  error: ReturnType<typeof whyUnread>,
) {
  if (found.branchProtectionRule !== null) return error === undefined ? classicLayer(found.branchProtectionRule) : unread(error);
  if (of.viewerCanAdminister === true) return error === undefined ? null : unread(error);
  return read(view.part(classic, `${of.id}/${found.name}`, restProtection), (answer) =>
    answer === null ? null : restClassicLayer(found.name, answer),
  );
}

function rulesets(view: ItemView, bypass: BypassLists): ResourceDraft[] {
  const ofOrganisation = view.part(organisationRulesets, null, organisationRulesetsReply);
  const shared = ofOrganisation === null || isUnread(ofOrganisation) ? [] : ofOrganisation.data.organization.rulesets.nodes;
  return [
    ...shared.flatMap((found) => (found === null ? [] : [rulesetDraft(view, found, bypass)])),
    ...view.each(branches, ownRulesets, (of) =>
      of.rulesets === null || of.rulesets.pageInfo.hasNextPage
        ? []
        : of.rulesets.nodes.flatMap((found) => (found === null ? [] : [rulesetDraft(view, found, bypass)])),
    ),
    ...view.each(moreRulesets, ruleset, (found) => rulesetDraft(view, found, bypass)),
  ];
}

function rulesetDraft(view: ItemView, found: Ruleset, bypass: BypassLists): ResourceDraft {
  const level = levelOf(found.source);
  const { slug, login, nameWithOwner } = found.source;
  const types =
    found.rules === undefined || found.rules === null || found.rules.totalCount > found.rules.nodes.length ? undefined : found.rules.nodes;
  const refs = found.conditions?.refName;
  return GithubRuleset.draft(
    { id: view.id('ruleset', found.id), display: `${found.name} (${slug ?? login ?? nameWithOwner ?? level})` },
    {
      name: found.name,
      level,
      owner: stated(slug ?? login ?? nameWithOwner),
      enforcement: stated(wordOf(found.enforcement, ['active', 'evaluate', 'disabled'])),
      target: stated(wordOf(found.target, ['branch', 'tag', 'push', 'repository'])),
      rules: read(stated(types), (nodes) => nodes.flatMap((node) => (node === null ? [] : [node.type])).sort()),
      includesRefs: stated(refs === null ? [] : refs?.include),
      excludesRefs: stated(refs === null ? [] : refs?.exclude),
      bypassActors: read(bypass(found.databaseId), (actors) => [...actors]),
    },
  );
}

function wordOf<const T extends string>(word: string | null | undefined, words: readonly T[]): T | undefined {
  return words.find((known) => known === word?.toLowerCase());
}
