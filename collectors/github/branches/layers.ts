import { type GapReason, isUnread, type Reading, read, readAll, unread } from '../../../src/authoring.ts';
import { stated } from '../readings.ts';
import type { Bypasser, Layer, Requirement } from './merge.ts';
import type { Allowances, Ref, RestProtection, RestRuleset, Rule, Ruleset } from './shapes.ts';

const administrators: Bypasser = { actor: 'repository administrators', mode: 'always' };

/** Classic protection as GraphQL shows it to administrators. */
export function classicLayer(rule: NonNullable<Ref['branchProtectionRule']>): Layer {
  const reviews = stated(rule.requiresApprovingReviews);
  // What is set below a requirement that is off does nothing.
  const withReviews = (setting: boolean | undefined) => read(reviews, (on) => (on ? stated(setting) : false));
  const unbound = read(stated(rule.isAdminEnforced), (enforced) => (enforced ? [] : [administrators]));
  return {
    name: `classic rule ${rule.pattern}`,
    pullRequestRequired: reviews,
    requiredApprovals: read(reviews, (on) => (on ? stated(rule.requiredApprovingReviewCount ?? undefined) : 0)),
    dismissesStaleApprovals: withReviews(rule.dismissesStaleReviews),
    lastPushApprovalRequired: withReviews(rule.requireLastPushApproval),
    codeOwnerReviewRequired: withReviews(rule.requiresCodeOwnerReviews),
    requiredChecks: read(stated(rule.requiresStatusChecks), (on) => (on ? stated(rule.requiredStatusCheckContexts ?? undefined) : [])),
    forcePushBlocked: read(stated(rule.allowsForcePushes), (allowed) => !allowed),
    deletionBlocked: read(stated(rule.allowsDeletions), (allowed) => !allowed),
    bypass(requirement) {
      const named: Partial<Record<Requirement, Reading<readonly Bypasser[]>>> = {
        review: allowed(rule.bypassPullRequestAllowances),
        'no-force-push': allowed(rule.bypassForcePushAllowances),
      };
      return readAll([unbound, named[requirement] ?? []], (all, some) => [...all, ...some]);
    },
  };
}

function allowed(allowances: Allowances | undefined): Reading<readonly Bypasser[]> {
  if (allowances === undefined) return unread('malformed-reply');
  if (allowances.totalCount !== allowances.nodes.length) return unread('truncated');
  const found: Bypasser[] = [];
  for (const node of allowances.nodes) {
    // The actor of an allowance is null when it may not be seen, or is gone.
    if (!node?.actor) return unread('access-denied');
    found.push({ actor: `${node.actor.__typename.toLowerCase()} ${node.actor.slug ?? node.actor.login ?? 'unnamed'}`, mode: 'always' });
  }
  return found;
}

/** Classic protection as REST shows it: to an App with the right to read administration, to whom GraphQL says nothing. */
export function restClassicLayer(branch: string, found: RestProtection): Layer {
  const reviews = found.required_pull_request_reviews;
  const unbound = read(stated(found.enforce_admins?.enabled), (enforced) => (enforced ? [] : [administrators]));
  return {
    name: `classic rule for ${branch}`,
    pullRequestRequired: reviews !== undefined,
    requiredApprovals: reviews === undefined ? 0 : stated(reviews.required_approving_review_count),
    dismissesStaleApprovals: reviews === undefined ? false : stated(reviews.dismiss_stale_reviews),
    lastPushApprovalRequired: reviews === undefined ? false : stated(reviews.require_last_push_approval),
    codeOwnerReviewRequired: reviews === undefined ? false : stated(reviews.require_code_owner_reviews),
    requiredChecks: found.required_status_checks === undefined ? [] : stated(found.required_status_checks.contexts),
    forcePushBlocked: read(stated(found.allow_force_pushes?.enabled), (on) => !on),
    deletionBlocked: read(stated(found.allow_deletions?.enabled), (on) => !on),
    bypass(requirement) {
      // REST does not tell who may force-push in spite of the rule.
      if (requirement === 'no-force-push') return unread('not-collected');
      const listed = requirement === 'review' ? reviews?.bypass_pull_request_allowances : undefined;
      const named = [
        ...(listed?.users ?? []).map(({ login }) => `user ${login ?? 'unnamed'}`),
        ...(listed?.teams ?? []).map(({ slug }) => `team ${slug ?? 'unnamed'}`),
        ...(listed?.apps ?? []).map(({ slug }) => `app ${slug ?? 'unnamed'}`),
      ];
      return read(unbound, (all) => [...all, ...named.map((actor) => ({ actor, mode: 'always' as const }))]);
    },
  };
}

/** The active rulesets behind the rules of a ref, and whether all rules were seen. */
export function rulesetLayers(
  rules: Ref['rules'],
  bypassActors: (rulesetId: number | null) => Reading<readonly Bypasser[]>,
): { layers: Layer[]; missing: Reading<null> } {
  if (rules === null) return { layers: [], missing: unread('access-denied') };
  const byRuleset = new Map<string, Rule[]>();
  let hidden = rules.totalCount > rules.nodes.length ? unread('truncated') : undefined;
  for (const rule of rules.nodes) {
    if (rule === null) {
      hidden = unread('access-denied');
      continue;
    }
    // A ruleset that is being evaluated or is switched off stops nobody.
    if (rule.repositoryRuleset !== null && rule.repositoryRuleset.enforcement !== 'ACTIVE') continue;
    const key = rule.repositoryRuleset === null ? '' : `${rule.repositoryRuleset.databaseId} ${rule.repositoryRuleset.name}`;
    byRuleset.set(key, [...(byRuleset.get(key) ?? []), rule]);
  }
  return { layers: [...byRuleset.values()].map((of) => rulesetLayer(of, bypassActors)), missing: hidden ?? null };
}

function rulesetLayer(rules: readonly Rule[], bypassActors: (rulesetId: number | null) => Reading<readonly Bypasser[]>): Layer {
  const ruleset = rules[0]?.repositoryRuleset ?? null;
  const has = (type: string) => rules.some((rule) => rule.type === type);
  // Several rules of a kind in one ruleset (a pattern set twice) all hold.
  const each = <T>(type: string, field: (parameters: NonNullable<Rule['parameters']>) => T | undefined): Reading<T>[] =>
    rules
      .filter((rule) => rule.type === type)
      .map((rule) => (rule.parameters === null ? unread('malformed-reply') : stated(field(rule.parameters))));
  const some = (readings: readonly Reading<boolean>[]): Reading<boolean> =>
    readings.includes(true) || (readings.find((reading) => isUnread(reading)) ?? false);
  const approvals = each('PULL_REQUEST', (parameters) => parameters.requiredApprovingReviewCount);
  const unknownApprovals = approvals.find((reading) => isUnread(reading));
  const checks = [
    ...each('REQUIRED_STATUS_CHECKS', ({ requiredStatusChecks }) => requiredStatusChecks?.map(({ context }) => context)),
    ...each('WORKFLOWS', ({ workflows }) => workflows?.map(({ path }) => `workflow:${path}`)),
  ];
  const unknownChecks = checks.find((reading) => isUnread(reading));
  return {
    name: ruleset === null ? 'ruleset (not shown)' : `ruleset ${ruleset.name} (${levelOf(ruleset.source)})`,
    pullRequestRequired: has('PULL_REQUEST'),
    requiredApprovals: isUnread(unknownApprovals)
      ? unknownApprovals
      : Math.max(0, ...approvals.map((count) => (isUnread(count) ? 0 : count))),
    dismissesStaleApprovals: some(each('PULL_REQUEST', (parameters) => parameters.dismissStaleReviewsOnPush)),
    lastPushApprovalRequired: some(each('PULL_REQUEST', (parameters) => parameters.requireLastPushApproval)),
    codeOwnerReviewRequired: some(each('PULL_REQUEST', (parameters) => parameters.requireCodeOwnerReview)),
    requiredChecks: isUnread(unknownChecks) ? unknownChecks : checks.flatMap((names) => (isUnread(names) ? [] : names)),
    forcePushBlocked: has('NON_FAST_FORWARD'),
    deletionBlocked: has('DELETION'),
    bypass: () => bypassActors(ruleset?.databaseId ?? null),
  };
}

export function levelOf(source: Ruleset['source']): 'enterprise' | 'organisation' | 'repository' {
  return source.__typename === 'Enterprise' ? 'enterprise' : source.__typename === 'Organization' ? 'organisation' : 'repository';
}

/** Bypass actors as GraphQL shows them; to a caller who may not administer the ruleset the list is empty or full of nulls. */
export function shownBypassActors(ruleset: Ruleset, administered: boolean, error: GapReason | undefined): Reading<readonly Bypasser[]> {
  if (error !== undefined) return unread(error);
  const { bypassActors } = ruleset;
  if (bypassActors === null || !administered) return unread('access-denied');
  if (bypassActors.totalCount !== bypassActors.nodes.length) return unread('truncated');
  const found: Bypasser[] = [];
  for (const node of bypassActors.nodes) {
    if (node === null) return unread('access-denied');
    const actor = node.organizationAdmin
      ? 'organisation owners'
      : node.enterpriseOwner
        ? 'enterprise owners'
        : node.deployKey
          ? 'deploy keys'
          : node.repositoryRoleName !== null
            ? roleName(node.repositoryRoleName)
            : node.actor !== null
              ? `${node.actor.__typename.toLowerCase()} ${node.actor.slug ?? 'unnamed'}`
              : 'an actor that GitHub does not name';
    found.push({ actor, mode: node.bypassMode === 'PULL_REQUEST' ? 'pull-request' : 'always' });
  }
  return found;
}

/** GitHub's numbers for its own repository roles in REST; a custom role has another. */
const roles: Readonly<Record<number, string>> = { 1: 'read', 2: 'maintain', 3: 'triage', 4: 'write', 5: 'admin' };
const roleName = (role: string) => (role.toLowerCase() === 'admin' ? administrators.actor : `role ${role.toLowerCase()}`);

/** Bypass actors as REST shows them: left out for whoever may not change the ruleset. */
export function restBypassActors(ruleset: RestRuleset): Reading<readonly Bypasser[]> {
  if (ruleset.bypass_actors === undefined) return unread('access-denied');
  return ruleset.bypass_actors.map(({ actor_id, actor_type, bypass_mode }) => {
    const words: Readonly<Record<string, string>> = {
      OrganizationAdmin: 'organisation owners',
      EnterpriseOwner: 'enterprise owners',
      DeployKey: 'deploy keys',
      RepositoryRole: roleName(roles[actor_id ?? 0] ?? `#${actor_id}`),
      Integration: `app #${actor_id}`,
      Team: `team #${actor_id}`,
    };
    return {
      actor: words[actor_type] ?? `${actor_type} #${actor_id}`,
      mode: bypass_mode === 'pull_request' ? ('pull-request' as const) : ('always' as const),
    };
  });
}
