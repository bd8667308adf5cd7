import { exampleAlert, GithubSecretAlert } from '../../collectors/github/secret-alerts/resource.ts';
import { addDays, daysBetween, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'github/secret-alerts-handled-in-time',
  claim: 'The open secret scanning alert is within its time limit',
  subject: GithubSecretAlert,
  severity: 'critical',
  rationale:
    'A secret in a repository is read by everybody who may read the repository, and by everybody who ever cloned it. Only revoking it ends that, so the clock runs from the moment GitHub found it.',
  remediation: {
    console:
      'Repository, Security, Secret scanning, the alert: revoke the secret at its issuer, replace it, then close the alert with its reason.',
    cli: 'gh api -X PATCH repos/OWNER/REPO/secret-scanning/alerts/NUMBER -f state=resolved -f resolution=revoked',
    terraform: 'Alerts are handled, not configured; the GitHub provider has no resource for them.',
  },
  references: [
    'https://docs.github.com/en/code-security/secret-scanning/managing-alerts-from-secret-scanning/resolving-alerts',
    'https://docs.github.com/en/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-an-organization',
  ],
  parameters: z.object({ maxDays: z.number().positive().default(7) }),
  test(alert, { asOf, parameters }) {
    const due = addDays(alert.createdAt, parameters.maxDays);
    const what = `${alert.secretType}, found ${daysBetween(alert.createdAt, asOf)} days ago`;
    return Date.parse(asOf) < Date.parse(due) ? pass(`${what}: due ${due}`, { until: due }) : fail(`${what}: was due ${due}`);
  },
  examples: {
    pass: { 'two days old': exampleAlert },
    fail: {
      'six weeks old': { ...exampleAlert, createdAt: '2025-12-01T00:00:00Z' },
      'exactly at the limit': { ...exampleAlert, createdAt: '2026-01-08T12:00:00Z' },
    },
  },
});
