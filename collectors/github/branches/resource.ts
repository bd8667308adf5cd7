import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { protectionEvents, repositoryEvents, rulesetEvents } from '../change-events.ts';

/** What a branch demands of a change; each is judged by itself, because each may be bypassed by others. */
const requirement = z.enum(['review', 'status-checks', 'no-force-push', 'no-deletion']);

/**
 * One branch with what protects it in effect: classic protection and the rulesets of repository, organisation and enterprise merged as
 * GitHub merges them, the stricter one counting. Rulesets that are only evaluated or disabled do not count.
 */
export const GithubBranch = defineResource({
  type: 'github.branch',
  title: 'Default or production branch of a GitHub repository',
  changedBy: [...protectionEvents, ...rulesetEvents, ...repositoryEvents],
  shape: {
    repository: z.string(),
    branch: z.string(),
    default: z.boolean(),
    /** Matches one of the patterns that configuration calls production branches. */
    production: z.boolean(),
    archived: z.boolean(),
    fork: z.boolean(),
    pullRequestRequired: z.boolean(),
    /** At least one approval; known to be so even where not every protection could be read. */
    approvalRequired: z.boolean(),
    requiredApprovals: z.int().nonnegative(),
    dismissesStaleApprovals: z.boolean(),
    lastPushApprovalRequired: z.boolean(),
    codeOwnerReviewRequired: z.boolean(),
    /** At least one check must have succeeded. */
    checkRequired: z.boolean(),
    /** Names of the checks (or `workflow:` + path) without which nothing is merged, sorted. */
    requiredChecks: z.array(z.string()),
    forcePushBlocked: z.boolean(),
    deletionBlocked: z.boolean(),
    /**
     * Who need not keep to it. Where one protection that makes a requirement lets nobody out, nobody escapes; where each of them
     * lets somebody out, all of those are here. Sorted.
     */
    bypass: z.array(
      z.strictObject({
        requirement,
        /** `team security`, `app release-bot`, `user ann`, `organisation owners`, `repository administrators`, `deploy keys`, `role maintain`. */
        actor: z.string(),
        /** `pull-request`: only by merging a pull request that does not satisfy the rules. */
        mode: z.enum(['always', 'pull-request']),
        /** The protection that lets them. */
        through: z.string(),
      }),
    ),
    /** What protects it: `classic rule main`, `ruleset baseline (organisation)`. Sorted. */
    protectedBy: z.array(z.string()),
  },
});

/** A branch as a check's example shows it: well protected. */
export const protectedBranch: ResourceOf<typeof GithubBranch> = {
  id: 'github:9919/default-branch/R_kgDOA',
  display: 'acme/payroll main',
  repository: 'acme/payroll',
  branch: 'main',
  default: true,
  production: false,
  archived: false,
  fork: false,
  pullRequestRequired: true,
  approvalRequired: true,
  requiredApprovals: 1,
  dismissesStaleApprovals: true,
  lastPushApprovalRequired: true,
  codeOwnerReviewRequired: false,
  checkRequired: true,
  requiredChecks: ['build'],
  forcePushBlocked: true,
  deletionBlocked: true,
  bypass: [],
  protectedBy: ['ruleset baseline (organisation)'],
};
/** A branch without any protection. */
export const unprotectedBranch: ResourceOf<typeof GithubBranch> = {
  ...protectedBranch,
  pullRequestRequired: false,
  approvalRequired: false,
  requiredApprovals: 0,
  dismissesStaleApprovals: false,
  lastPushApprovalRequired: false,
  checkRequired: false,
  requiredChecks: [],
  forcePushBlocked: false,
  deletionBlocked: false,
  protectedBy: [],
};

/** Why a branch need not be protected, undefined when it must: an archived repository is read-only, a fork is not where its upstream is changed. */
export function exempt(
  branch: Pick<ResourceOf<typeof GithubBranch>, 'archived' | 'fork'>,
  parameters: { includeForks: boolean },
): string | undefined {
  if (branch.archived) return 'the repository is archived: nobody can change it';
  if (branch.fork && !parameters.includeForks) return 'the repository is a fork; set includeForks when forks reach production';
  return undefined;
}
/** Parameters every branch check has. */
export const branchScope = { includeForks: z.boolean().default(false) };

export const GithubRuleset = defineResource({
  type: 'github.ruleset',
  title: 'GitHub ruleset',
  changedBy: rulesetEvents,
  shape: {
    name: z.string(),
    level: z.enum(['enterprise', 'organisation', 'repository']),
    /** Enterprise, organisation or repository it belongs to. */
    owner: z.string(),
    enforcement: z.enum(['active', 'evaluate', 'disabled']),
    target: z.enum(['branch', 'tag', 'push', 'repository']),
    /** GitHub's own words (`PULL_REQUEST`, `NON_FAST_FORWARD`), sorted. */
    rules: z.array(z.string()),
    includesRefs: z.array(z.string()),
    excludesRefs: z.array(z.string()),
    /** As in `GithubBranch.bypass`. */
    bypassActors: z.array(z.strictObject({ actor: z.string(), mode: z.enum(['always', 'pull-request']) })),
  },
});
