/**
 * The actions of GitHub's audit log that say how something a check looks at was changed, by what they change. A resource type names the
 * lists that can alter it (`changedBy`), and the collector of the audit log carries all of them.
 */
const actions =
  (category: string) =>
  (...names: readonly string[]): readonly string[] =>
    names.map((name) => `github:${category}.${name}`);
const switched = (category: string) => actions(category)('enable', 'disable');
const repo = actions('repo');
const org = actions('org');

export const protectionEvents = [
  ...actions('protected_branch')(
    ...['create', 'destroy', 'update_name', 'dismiss_stale_reviews', 'authorized_users_teams', 'dismissal_restricted_users_teams'],
    ...['branch_allowances', 'policy_override', 'rejected_ref_update', 'update_admin_enforced', 'update_lock_branch_enforcement_level'],
    ...['update_allow_deletions_enforcement_level', 'update_allow_force_pushes_enforcement_level', 'update_require_last_push_approval'],
    ...['update_linear_history_requirement_enforcement_level', 'update_pull_request_reviews_enforcement_level'],
    ...['update_require_code_owner_review', 'update_required_approving_review_count', 'update_merge_queue_enforcement_level'],
    ...['update_required_status_checks_enforcement_level', 'update_signature_requirement_enforcement_level'],
    ...['update_strict_required_status_checks_policy', 'update_ignore_approvals_from_contributors'],
  ),
  ...actions('required_status_check')('create', 'destroy'),
];
/** A ruleset may choose its repositories by their custom properties. What an enterprise sets from above is in the enterprise's own log. */
export const rulesetEvents = [
  ...actions('repository_ruleset')('create', 'update', 'destroy'),
  ...actions('custom_property_value')('create', 'update', 'destroy'),
];
export const repositoryEvents = repo(
  ...['create', 'destroy', 'restore', 'rename', 'transfer', 'access', 'archived', 'unarchived', 'update_default_branch'],
  ...['change_merge_setting'],
);
export const collaboratorEvents = [
  ...repo('add_member', 'update_member', 'remove_member'),
  ...org('add_outside_collaborator', 'remove_outside_collaborator'),
];
export const teamEvents = actions('team')(
  ...['create', 'destroy', 'rename', 'change_parent_team', 'change_privacy', 'add_member', 'remove_member', 'add_repository'],
  ...['remove_repository', 'update_repository_permission', 'promote_maintainer', 'demote_maintainer'],
);
export const memberEvents = org('add_member', 'remove_member', 'update_member');
export const organisationEvents = [
  ...org('enable_two_factor_requirement', 'disable_two_factor_requirement', 'update_default_repository_permission', 'rename'),
  ...org('update_member_repository_creation_permission', 'update_member_repository_invitation_permission', 'plan_change'),
  ...actions('members_can_delete_repos')('enable', 'disable', 'clear'),
  ...actions('members_can_change_repo_visibility')('enable', 'disable', 'clear'),
];
export const workflowEvents = [
  ...org('set_default_workflow_permissions', 'set_workflow_permission_can_approve_pr', 'set_actions_policy', 'update_actions_settings'),
  ...repo('set_default_workflow_permissions', 'set_workflow_permission_can_approve_pr', 'actions_enabled', 'update_actions_settings'),
];
export const secretScanningEvents = [
  ...['repository_secret_scanning', 'repository_secret_scanning_push_protection', 'secret_scanning', 'secret_scanning_new_repos'],
  ...['secret_scanning_push_protection', 'secret_scanning_push_protection_new_repos', 'repository_vulnerability_alerts'],
].flatMap(switched);
export const environmentEvents = actions('environment')(
  ...['create', 'delete', 'add_protection_rule', 'update_protection_rule', 'remove_protection_rule'],
);

/** Everything that a window of the audit log is searched for. Sorted, each once. */
export const carriedActions: readonly string[] = [
  ...new Set([
    ...[protectionEvents, rulesetEvents, repositoryEvents, collaboratorEvents, teamEvents, memberEvents, organisationEvents].flat(),
    ...[workflowEvents, secretScanningEvents, environmentEvents].flat(),
  ]),
].sort();

/** What of these reaches further than to the subject that it names: a repository's branches, a team's members. */
export const wideActions: ReadonlySet<string> = new Set([
  ...[rulesetEvents, repositoryEvents, teamEvents, secretScanningEvents, workflowEvents, environmentEvents].flat(),
]);
