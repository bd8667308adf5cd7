import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

export const exampleAlert: ResourceOf<typeof GithubDependabotAlert> = {
  id: 'github:9919/dependabot-alert/R_kgDOA/7',
  display: 'acme/payroll #7',
  repository: 'acme/payroll',
  number: 7,
  severity: 'critical',
  dependency: 'npm lodash',
  manifest: 'package-lock.json',
  scope: 'runtime',
  advisory: 'GHSA-jf85-cpcp-j695',
  createdAt: '2026-01-13T09:00:00Z',
  url: 'https://github.com/acme/payroll/security/dependabot/7',
};
