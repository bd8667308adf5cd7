import { exampleSecurity, GithubRepositorySecurity } from '../../collectors/github/repository-security/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/secret-scanning-on',
  claim: 'GitHub looks for secrets in the repository',
  subject: GithubRepositorySecurity,
  severity: 'high',
  rationale: 'A key that was committed stays in the history of every clone. Scanning is how one learns of it before somebody else does.',
  remediation: {
    console:
      'Organisation, Settings, Advanced Security, Configurations: apply one with secret scanning to all repositories; or repository, Settings, Advanced Security, "Secret Protection".',
    cli: "gh api -X PATCH repos/OWNER/REPO -f 'security_and_analysis[secret_scanning][status]=enabled'",
    terraform: 'github_repository: security_and_analysis { secret_scanning { status = "enabled" } }.',
  },
  references: [
    'https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning',
    'https://docs.github.com/en/code-security/secret-scanning/enabling-secret-scanning-features/enabling-secret-scanning-for-your-repository',
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
    return repository.secretScanning ? pass('secret scanning is on') : fail('secret scanning is off');
  },
  examples: {
    pass: { on: exampleSecurity },
    fail: { off: { ...exampleSecurity, secretScanning: false } },
    notApplicable: {
      'an archived repository': { ...exampleSecurity, archived: true, secretScanning: false },
      'a fork': { ...exampleSecurity, fork: true, secretScanning: false },
    },
  },
});
