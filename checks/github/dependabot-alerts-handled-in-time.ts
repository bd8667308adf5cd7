import { exampleAlert, GithubDependabotAlert } from '../../collectors/github/dependabot-alerts/resource.ts';
import { addDays, daysBetween, defineCheck, fail, notApplicable, pass, z } from '../../src/authoring.ts';

const limit = z.number().positive().nullable();

export default defineCheck({
  id: 'github/dependabot-alerts-handled-in-time',
  claim: 'The open Dependabot alert is within the time limit of its severity',
  subject: GithubDependabotAlert,
  severity: 'high',
  rationale:
    'From the day an advisory is published, attackers read it too. How long a known hole stays open is what the control promises; the clock runs from the day GitHub raised the alert.',
  remediation: {
    console:
      'Repository, Security, Dependabot, the alert: merge the update it proposes, or dismiss it with a reason that somebody reviewed.',
    cli: "gh api --paginate 'orgs/ORG/dependabot/alerts?state=open&severity=critical,high' --jq '.[].html_url'; then update the dependency",
    terraform: 'Alerts are handled, not configured; github_repository_dependabot_security_updates lets GitHub open the updates by itself.',
  },
  references: [
    'https://docs.github.com/en/code-security/dependabot/dependabot-alerts/viewing-and-updating-dependabot-alerts',
    'https://docs.github.com/en/rest/dependabot/alerts#list-dependabot-alerts-for-an-organization',
  ],
  parameters: z.object({
    /** Days until an alert of this severity has to be closed; null: it may stay open. */
    criticalDays: limit.default(7),
    highDays: limit.default(30),
    mediumDays: limit.default(90),
    lowDays: limit.default(null),
    /** Judges alerts about dependencies that are not shipped, too. */
    includeDevelopment: z.boolean().default(true),
  }),
  test(alert, { asOf, parameters }) {
    if (alert.scope === 'development' && !parameters.includeDevelopment) return notApplicable('a development dependency');
    const days = { critical: parameters.criticalDays, high: parameters.highDays, medium: parameters.mediumDays, low: parameters.lowDays }[
      alert.severity
    ];
    if (days === null) return notApplicable(`no limit is set for ${alert.severity} alerts`);
    const due = addDays(alert.createdAt, days);
    const what = `${alert.severity}, ${alert.dependency}, raised ${daysBetween(alert.createdAt, asOf)} days ago`;
    return Date.parse(asOf) < Date.parse(due) ? pass(`${what}: due ${due}`, { until: due }) : fail(`${what}: was due ${due}`);
  },
  examples: {
    pass: { 'a critical one of two days': exampleAlert },
    fail: {
      'a critical one of two weeks': { ...exampleAlert, createdAt: '2026-01-01T00:00:00Z' },
      'a medium one of four months': { ...exampleAlert, severity: 'medium', createdAt: '2025-09-15T00:00:00Z' },
    },
    notApplicable: { 'a low one': { ...exampleAlert, severity: 'low', createdAt: '2025-01-01T00:00:00Z' } },
  },
});
