import { defineResource, z } from '../../../src/authoring.ts';

export const repositoryPermission = z.enum(['read', 'triage', 'write', 'maintain', 'admin']);

/**
 * What one account may do in one repository and where it has that from. Who has it from the organisation alone, as everybody or as an
 * owner, is told once per repository: see GithubRepositoryRoster.
 */
export const GithubRepositoryAccess = defineResource({
  type: 'github.repository-access',
  title: 'Access of an account to a GitHub repository',
  shape: {
    /** `acme/payroll`. */
    repository: z.string(),
    /** Node id. */
    repositoryId: z.string(),
    archived: z.boolean(),
    /** Node id of the user: the one in the id of `github.member` and `github.outside-collaborator`. */
    account: z.string(),
    login: z.string(),
    /** What all sources together come to. */
    permission: repositoryPermission,
    /** Sorted by kind and team. */
    sources: z.array(
      z.strictObject({
        kind: z.enum(['direct', 'team', 'organisation', 'owner']),
        /** Slug of the team; a parent's members are those of its children too. */
        team: z.string().nullable(),
        /** Node id of the team. */
        teamId: z.string().nullable(),
        permission: repositoryPermission,
        /** Name of the role, where it is one of the organisation's own. */
        role: z.string().nullable(),
      }),
    ),
  },
});

/** Everybody else with access to a repository: those who have it from the organisation and nothing beside. Small, since names are ids. */
export const GithubRepositoryRoster = defineResource({
  type: 'github.repository-roster',
  title: 'Who has access to a GitHub repository from its organisation alone',
  shape: {
    repository: z.string(),
    repositoryId: z.string(),
    archived: z.boolean(),
    /** All who have access, by whatever way. */
    collaborators: z.int().nonnegative(),
    /** Node ids of owners of the organisation, sorted: `admin` everywhere. */
    owners: z.array(z.string()),
    /** Node ids by what the organisation gives each of its members there, sorted. */
    members: z.array(z.strictObject({ permission: repositoryPermission, accounts: z.array(z.string()) })),
  },
});
