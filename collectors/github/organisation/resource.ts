import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { organisationEvents } from '../change-events.ts';

export const GithubOrganisation = defineResource({
  type: 'github.organisation',
  title: 'GitHub organisation',
  changedBy: organisationEvents,
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

/** An organisation as a check's example shows it: one that keeps to every check. */
export const exampleOrganisation: ResourceOf<typeof GithubOrganisation> = {
  id: 'github:9919/organisation/9919',
  display: 'acme',
  login: 'acme',
  twoFactorRequired: true,
  basePermission: 'read',
  membersCreatePublicRepositories: false,
  membersCreatePrivateRepositories: true,
  membersCreateInternalRepositories: true,
  membersDeleteRepositories: false,
  membersChangeVisibility: false,
  membersInviteOutsideCollaborators: false,
  membersForkPrivateRepositories: false,
  verified: true,
  plan: 'enterprise',
  createdAt: '2020-01-01T00:00:00Z',
};
