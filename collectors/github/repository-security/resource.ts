import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

export const exampleSecurity: ResourceOf<typeof GithubRepositorySecurity> = {
  id: 'github:9919/repository-security/R_kgDOA',
  display: 'acme/payroll',
  repository: 'acme/payroll',
  visibility: 'private',
  archived: false,
  fork: false,
  secretScanning: true,
  pushProtection: true,
  nonProviderPatterns: false,
  validityChecks: false,
  dependabotSecurityUpdates: true,
};
