import { exampleSecurity, GithubRepositorySecurity } from '../../collectors/github/repository-security/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/push-protection-on',
  claim: 'A push that carries a secret is stopped',
  subject: GithubRepositorySecurity,
  severity: 'high',
  rationale: 'Scanning finds a secret after it was published and must be revoked; push protection keeps it on the developer’s machine.',
  remediation: {
    console:
      'Organisation, Settings, Advanced Security, Configurations: apply one with push protection to all repositories; or repository, Settings, Advanced Security, "Push protection".',
    cli: "gh api -X PATCH repos/OWNER/REPO -f 'security_and_analysis[secret_scanning_push_protection][status]=enabled'",
    terraform: 'github_repository: security_and_analysis { secret_scanning_push_protection { status = "enabled" } }.',
  },
  references: [
    'https://docs.github.com/en/code-security/secret-scanning/introduction/about-push-protection',
    'https://docs.github.com/en/code-security/secret-scanning/enabling-secret-scanning-features/enabling-push-protection-for-your-repository',
  ],
  parameters: z.object({
    /** Judges archived repositories too: their history can still be read. */
    includeArchived: z.boolean().default(false),
    includeForks: z.boolean().default(false),
  }),
  test(repository, { parameters }) {
    if (repository.archived && !parameters.includeArchived) return notApplicable('the repository is archived: nothing new can be pushed');
    if (repository.fork && !parameters.includeForks)
      return notApplicable('the repository is a fork; set includeForks when forks reach production');
    return repository.pushProtection ? pass('push protection is on') : fail('a secret can be pushed');
  },
  examples: {
    pass: { on: exampleSecurity },
    fail: { off: { ...exampleSecurity, pushProtection: false } },
    notApplicable: {
      'an archived repository': { ...exampleSecurity, archived: true, pushProtection: false },
      'a fork': { ...exampleSecurity, fork: true, pushProtection: false },
    },
  },
});
