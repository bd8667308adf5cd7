import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const GithubOutsideCollaborator = defineResource({
  type: 'github.outside-collaborator',
  title: 'Outside collaborator of a GitHub organisation',
  shape: {
    login: z.string(),
    twoFactor: z.boolean(),
    twoFactorInsecure: z.boolean(),
    /** Repositories he was given directly, sorted by name; archived ones, which nobody can change, are marked. */
    grants: z.array(
      z.strictObject({
        repository: z.string(),
        permission: z.enum(['read', 'triage', 'write', 'maintain', 'admin']),
        archived: z.boolean(),
      }),
    ),
  },
});

export const exampleCollaborator: ResourceOf<typeof GithubOutsideCollaborator> = {
  id: 'github:9919/outside-collaborator/U_kgDOB',
  display: 'eve',
  login: 'eve',
  twoFactor: true,
  twoFactorInsecure: false,
  grants: [{ repository: 'acme/website', permission: 'write', archived: false }],
};
