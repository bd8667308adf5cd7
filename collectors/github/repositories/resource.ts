import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const GithubRepository = defineResource({
  type: 'github.repository',
  title: 'GitHub repository',
  shape: {
    /** `acme/payroll`. */
    name: z.string(),
    visibility: z.enum(['public', 'internal', 'private']),
    /** Read-only for everybody. */
    archived: z.boolean(),
    fork: z.boolean(),
    /** Switched off by GitHub. */
    disabled: z.boolean(),
    /** Nothing was ever pushed to it. */
    empty: z.boolean(),
    defaultBranch: z.string().nullable(),
    /** GitHub watches its dependencies and raises alerts. */
    dependabotAlerts: z.boolean(),
    securityPolicy: z.boolean(),
    forkingAllowed: z.boolean(),
    createdAt: z.iso.datetime(),
  },
});

export const exampleRepository: ResourceOf<typeof GithubRepository> = {
  id: 'github:9919/repository/R_kgDOA',
  display: 'acme/payroll',
  name: 'acme/payroll',
  visibility: 'private',
  archived: false,
  fork: false,
  disabled: false,
  empty: false,
  defaultBranch: 'main',
  dependabotAlerts: true,
  securityPolicy: true,
  forkingAllowed: false,
  createdAt: '2024-01-01T00:00:00Z',
};
