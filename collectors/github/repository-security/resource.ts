import { defineResource, z } from '../../../src/authoring.ts';

export const GithubRepositorySecurity = defineResource({
  type: 'github.repository-security',
  title: 'Security features of a GitHub repository',
  shape: {
    repository: z.string(),
    visibility: z.enum(['public', 'internal', 'private']),
    archived: z.boolean(),
    fork: z.boolean(),
    secretScanning: z.boolean(),
    pushProtection: z.boolean(),
    nonProviderPatterns: z.boolean(),
    validityChecks: z.boolean(),
    dependabotSecurityUpdates: z.boolean(),
  },
});
