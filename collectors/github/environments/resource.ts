import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { environmentEvents, repositoryEvents } from '../change-events.ts';

export const GithubEnvironment = defineResource({
  type: 'github.environment',
  title: 'Deployment environment of a GitHub repository',
  changedBy: [...environmentEvents, ...repositoryEvents],
  shape: {
    repository: z.string(),
    name: z.string(),
    /** Matches one of the patterns that configuration calls production environments. */
    production: z.boolean(),
    archived: z.boolean(),
    fork: z.boolean(),
    reviewRequired: z.boolean(),
    /** `user ann`, `team releases`; read of production environments only. Sorted. */
    reviewers: z.array(z.string()),
    /** Who started a deployment cannot approve it. */
    selfReviewPrevented: z.boolean(),
    /** Repository administrators may deploy without the review; read of production environments only. */
    administratorsMayBypass: z.boolean(),
    waitMinutes: z.int().nonnegative(),
  },
});

export const exampleEnvironment: ResourceOf<typeof GithubEnvironment> = {
  id: 'github:9919/environment/EN_kwDOA',
  display: 'acme/payroll production',
  repository: 'acme/payroll',
  name: 'production',
  production: true,
  archived: false,
  fork: false,
  reviewRequired: true,
  reviewers: ['team releases'],
  selfReviewPrevented: true,
  administratorsMayBypass: false,
  waitMinutes: 0,
};
