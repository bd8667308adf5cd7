import { defineResource, z } from '../../../src/authoring.ts';

export const GithubOwners = defineResource({
  type: 'github.owners',
  title: 'Owners of a GitHub organisation',
  aggregate: true,
  shape: {
    /** Logins, sorted. */
    owners: z.array(z.string()),
  },
});
