import { defineResource, z } from '../../../src/authoring.ts';

export const GithubOrganisation = defineResource({
  type: 'github.organisation',
  title: 'GitHub organisation',
  shape: {
    login: z.string(),
    /** Members, outside collaborators and billing managers without a second factor are removed and cannot join. */
    twoFactorRequired: z.boolean(),
    /** What every member may do in every repository. */
    basePermission: z.enum(['none', 'read', 'write', 'admin']),
    membersCreatePublicRepositories: z.boolean(),
    membersCreatePrivateRepositories: z.boolean(),
    membersCreateInternalRepositories: z.boolean(),
    /** Members with administrator rights on a repository may delete or transfer it. */
    membersDeleteRepositories: z.boolean(),
    membersChangeVisibility: z.boolean(),
    membersInviteOutsideCollaborators: z.boolean(),
    membersForkPrivateRepositories: z.boolean(),
    verified: z.boolean(),
    plan: z.string(),
    createdAt: z.iso.datetime(),
  },
});
