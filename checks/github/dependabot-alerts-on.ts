import { exampleRepository, GithubRepository } from '../../collectors/github/repositories/resource.ts';
import { defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/dependabot-alerts-on',
  claim: 'GitHub watches the repository’s dependencies for known vulnerabilities',
  subject: GithubRepository,
  severity: 'high',
  rationale: 'Most of a product is other people’s code. Without alerts a published vulnerability in it is found by whoever looks first.',
  remediation: {
    console:
      'Organisation, Settings, Advanced Security, Configurations: apply one with Dependabot alerts to all repositories; or repository, Settings, Advanced Security, "Dependabot alerts".',
    cli: 'gh api -X PUT repos/OWNER/REPO/vulnerability-alerts',
    terraform: 'github_repository: vulnerability_alerts = true.',
  },
  references: [
    'https://docs.github.com/en/code-security/dependabot/dependabot-alerts/about-dependabot-alerts',
    'https://docs.github.com/en/rest/repos/repos#check-if-vulnerability-alerts-are-enabled-for-a-repository',
  ],
  parameters: z.object({ includeForks: z.boolean().default(false) }),
  test(repository, { parameters }) {
    if (repository.archived) return notApplicable('the repository is archived: GitHub raises no alerts there');
    if (repository.fork && !parameters.includeForks)
      return notApplicable('the repository is a fork; set includeForks when forks reach production');
    return repository.dependabotAlerts ? pass('Dependabot alerts are on') : fail('Dependabot alerts are off');
  },
  examples: {
    pass: { on: exampleRepository },
    fail: { off: { ...exampleRepository, dependabotAlerts: false } },
    notApplicable: {
      'an archived repository': { ...exampleRepository, archived: true, dependabotAlerts: false },
      'a fork': { ...exampleRepository, fork: true, dependabotAlerts: false },
    },
  },
});
