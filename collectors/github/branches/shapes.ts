import { z } from '../../../src/authoring.ts';
import { inner, isAccountedFor } from '../connections.ts';
import { body, given, unreadParts } from '../readings.ts';

/* What we read of GitHub's answers about branches, GraphQL and REST. Null where GitHub's schema says it may be. */

const allowances = body({
  totalCount: z.int(),
  nodes: z.array(
    body({
      actor: body({ __typename: z.string(), login: z.string().optional(), slug: z.string().optional() }).nullable(),
    }).nullable(),
  ),
});
export type Allowances = z.output<typeof allowances>;

export const classicRule = body({
  pattern: z.string(),
  isAdminEnforced: given(z.boolean()),
  requiresApprovingReviews: given(z.boolean()),
  requiredApprovingReviewCount: given(z.int().nonnegative().nullable()),
  dismissesStaleReviews: given(z.boolean()),
  requireLastPushApproval: given(z.boolean()),
  requiresCodeOwnerReviews: given(z.boolean()),
  requiresStatusChecks: given(z.boolean()),
  requiredStatusCheckContexts: given(z.array(z.string()).nullable()),
  allowsForcePushes: given(z.boolean()),
  allowsDeletions: given(z.boolean()),
  bypassPullRequestAllowances: given(allowances),
  bypassForcePushAllowances: given(allowances),
});

const source = body({
  __typename: z.string(),
  slug: z.string().optional(),
  login: z.string().optional(),
  nameWithOwner: z.string().optional(),
});
export const rule = body({
  type: z.string(),
  parameters: body({
    requiredApprovingReviewCount: given(z.int().nonnegative()),
    dismissStaleReviewsOnPush: given(z.boolean()),
    requireLastPushApproval: given(z.boolean()),
    requireCodeOwnerReview: given(z.boolean()),
    requiredStatusChecks: given(z.array(body({ context: z.string() }))),
    workflows: given(z.array(body({ path: z.string() }))),
  }).nullable(),
  repositoryRuleset: body({
    databaseId: z.int().nullable(),
    name: z.string(),
    enforcement: z.string(),
    source,
  }).nullable(),
});
export type Rule = z.output<typeof rule>;

export const ref = body({
  name: z.string(),
  branchProtectionRule: classicRule.nullable(),
  rules: body({ totalCount: z.int(), nodes: z.array(rule.nullable()) }).nullable(),
});
export type Ref = z.output<typeof ref>;

const repositoryFields = {
  id: z.string(),
  nameWithOwner: z.string(),
  isArchived: z.boolean(),
  isFork: z.boolean(),
  isEmpty: z.boolean(),
  viewerCanAdminister: given(z.boolean()),
  unread: unreadParts,
};
/** Defaults are not asked for in full where the query is about production branches. */
export const repository = body({ ...repositoryFields, defaultBranchRef: ref.nullable() });
/** The refs that came with a repository: every one, or the word that there are more. */
export const refsPage = inner(z.unknown()).refine(isAccountedFor);
export const productionBranch = body({
  repository: body({ ...repositoryFields, defaultBranchRef: body({ name: z.string() }).nullable() }),
  ref,
  unread: unreadParts,
});

const bypassActor = body({
  bypassMode: z.string().nullable(),
  deployKey: z.boolean(),
  enterpriseOwner: z.boolean(),
  organizationAdmin: z.boolean(),
  repositoryRoleName: z.string().nullable(),
  actor: body({ __typename: z.string(), slug: z.string().optional() }).nullable(),
});
export const ruleset = body({
  id: z.string(),
  databaseId: z.int().nullable(),
  name: z.string(),
  enforcement: given(z.string()),
  target: given(z.string().nullable()),
  source,
  conditions: given(body({ refName: body({ include: z.array(z.string()), exclude: z.array(z.string()) }).nullable() })),
  rules: given(body({ totalCount: z.int(), nodes: z.array(body({ type: z.string() }).nullable()) }).nullable()),
  bypassActors: body({ totalCount: z.int(), nodes: z.array(bypassActor.nullable()) }).nullable(),
});
export type Ruleset = z.output<typeof ruleset>;
/** The rulesets that came with a repository. */
export const ownRulesets = body({
  viewerCanAdminister: given(z.boolean()),
  rulesets: body({ pageInfo: body({ hasNextPage: z.boolean() }), nodes: z.array(ruleset.nullable()) }).nullable(),
  unread: unreadParts,
});
/** The organisation's own rulesets and those its enterprise sets, in one reply: there may be 75 of each kind at most. */
export const organisationRulesetsReply = body({
  data: body({
    organization: body({ viewerCanAdminister: given(z.boolean()), rulesets: body({ nodes: z.array(ruleset.nullable()) }) }),
  }),
  errors: given(z.array(z.json())),
});

/** `GET .../rulesets/{ruleset_id}`: `bypass_actors` is left out for callers who may not change the ruleset. */
export const restRuleset = body({
  id: z.int(),
  bypass_actors: given(z.array(body({ actor_id: z.int().nullish(), actor_type: z.string(), bypass_mode: z.string() }))),
});
export type RestRuleset = z.output<typeof restRuleset>;

const names = given(z.array(body({ login: z.string().optional(), slug: z.string().optional() })));
/** `GET /repos/{owner}/{repo}/branches/{branch}/protection`: a part that is not set is left out. */
export const restProtection = body({
  enforce_admins: given(body({ enabled: z.boolean() })),
  required_pull_request_reviews: body({
    required_approving_review_count: given(z.int().nonnegative()),
    dismiss_stale_reviews: given(z.boolean()),
    require_last_push_approval: given(z.boolean()),
    require_code_owner_reviews: given(z.boolean()),
    bypass_pull_request_allowances: body({ users: names, teams: names, apps: names }).optional(),
  }).optional(),
  required_status_checks: body({ contexts: given(z.array(z.string())) }).optional(),
  allow_force_pushes: given(body({ enabled: z.boolean() })),
  allow_deletions: given(body({ enabled: z.boolean() })),
});
export type RestProtection = z.output<typeof restProtection>;
