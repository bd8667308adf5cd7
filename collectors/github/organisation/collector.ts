import { defineCollector, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, shown, stated } from '../readings.ts';
import { GithubOrganisation } from './resource.ts';

const route = 'GET /orgs/{org}';
const flag = given(z.boolean().nullable());
const shape = body({
  id: z.int(),
  login: z.string(),
  two_factor_requirement_enabled: flag,
  default_repository_permission: given(z.enum(['none', 'read', 'write', 'admin']).nullable()),
  members_can_create_public_repositories: flag,
  members_can_create_private_repositories: flag,
  members_can_create_internal_repositories: flag,
  members_can_delete_repositories: flag,
  members_can_change_repo_visibility: flag,
  members_can_invite_outside_collaborators: flag,
  members_can_fork_private_repositories: flag,
  is_verified: given(z.boolean()),
  plan: given(z.looseObject({ name: z.string() })),
  created_at: given(z.iso.datetime()),
});

/** GitHub shows most settings to owners only and leaves them out for everybody else: what is left out is unread, never off. */
export default defineCollector<GithubClient>({
  id: 'github/organisation',
  title: 'Organisation settings',
  kind: 'state',
  scope: 'organisation',
  yields: [GithubOrganisation],
  permissions: ['organization_administration:read'],
  items: {
    [route]: {
      keep: [
        'id',
        'node_id',
        'login',
        'name',
        'created_at',
        'is_verified',
        'two_factor_requirement_enabled',
        'default_repository_permission',
        'members_can_create_repositories',
        'members_allowed_repository_creation_type',
        'members_can_create_public_repositories',
        'members_can_create_private_repositories',
        'members_can_create_internal_repositories',
        'members_can_delete_repositories',
        'members_can_change_repo_visibility',
        'members_can_invite_outside_collaborators',
        'members_can_fork_private_repositories',
        'deploy_keys_enabled_for_repositories',
        'web_commit_signoff_required',
        'public_repos',
        'total_private_repos',
        'plan.name',
      ],
      volatile: ['public_repos', 'total_private_repos'],
    },
  },
  async *collect(client) {
    const reply = await client.call(route);
    if (reply) yield reply;
  },
  normalise: (view) =>
    view.each(route, shape, (organisation) =>
      GithubOrganisation.draft(
        { id: view.id('organisation', String(organisation.id)), display: organisation.login },
        {
          login: organisation.login,
          twoFactorRequired: shown(organisation.two_factor_requirement_enabled),
          basePermission: shown(organisation.default_repository_permission),
          membersCreatePublicRepositories: shown(organisation.members_can_create_public_repositories),
          membersCreatePrivateRepositories: shown(organisation.members_can_create_private_repositories),
          membersCreateInternalRepositories: shown(organisation.members_can_create_internal_repositories),
          membersDeleteRepositories: shown(organisation.members_can_delete_repositories),
          membersChangeVisibility: shown(organisation.members_can_change_repo_visibility),
          membersInviteOutsideCollaborators: shown(organisation.members_can_invite_outside_collaborators),
          membersForkPrivateRepositories: shown(organisation.members_can_fork_private_repositories),
          verified: shown(organisation.is_verified),
          plan: shown(organisation.plan?.name),
          createdAt: stated(organisation.created_at),
        },
      ),
    ),
});
