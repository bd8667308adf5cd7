import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { memberEvents } from '../change-events.ts';

export const GithubOwners = defineResource({
  type: 'github.owners',
  title: 'Owners of a GitHub organisation',
  aggregate: true,
  changedBy: memberEvents,
  shape: {
    /** Logins, sorted. */
    owners: z.array(z.string()),
  },
});

export const exampleOwners: ResourceOf<typeof GithubOwners> = { id: 'github:9919/owners', display: 'acme', owners: ['ann', 'bob'] };
