import { defineResource, z } from '../../../src/authoring.ts';

export const GithubDependabotAlert = defineResource({
  type: 'github.dependabot-alert',
  title: 'Open Dependabot alert',
  shape: {
    repository: z.string(),
    number: z.int(),
    severity: z.enum(['low', 'medium', 'high', 'critical']),
    /** `npm lodash`. */
    dependency: z.string(),
    manifest: z.string(),
    /** `development` dependencies are not shipped; null when GitHub does not know. */
    scope: z.enum(['development', 'runtime']).nullable(),
    advisory: z.string(),
    createdAt: z.iso.datetime(),
    url: z.string(),
  },
});
