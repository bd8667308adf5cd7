import { exampleOrganisation, GithubOrganisation } from '../../collectors/github/organisation/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/base-permission-is-restricted',
  claim: 'Being a member alone gives no more than the allowed access to repositories',
  subject: GithubOrganisation,
  severity: 'high',
  rationale:
    'The base permission is what every member may do in every repository. With write as the base, access is granted by joining and not by need, and team grants mean nothing.',
  remediation: {
    console: 'Organisation, Settings, Member privileges, Base permissions: choose "Read" or "No permission".',
    cli: 'gh api -X PATCH orgs/ORG -f default_repository_permission=read',
    terraform: 'github_organization_settings: default_repository_permission = "read" (or "none").',
  },
  references: [
    'https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/setting-base-permissions-for-an-organization',
  ],
  parameters: z.object({
    /** What the base permission may be. */
    allowed: z
      .array(z.enum(['none', 'read', 'write', 'admin']))
      .min(1)
      .default(['none', 'read']),
  }),
  test: ({ basePermission }, { parameters }) =>
    parameters.allowed.includes(basePermission)
      ? pass(`members have ${basePermission} by default`)
      : fail(`members have ${basePermission} in every repository by default`),
  examples: {
    pass: { read: exampleOrganisation, none: { ...exampleOrganisation, basePermission: 'none' } },
    fail: { write: { ...exampleOrganisation, basePermission: 'write' }, admin: { ...exampleOrganisation, basePermission: 'admin' } },
  },
});
