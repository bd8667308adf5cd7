import { AwsGuardDutyFinding, exampleFinding } from '../../collectors/aws/guardduty-findings/resource.ts';
import { addDays, defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/guardduty-findings-handled-in-time',
  claim: 'The finding of high severity is not open for longer than the limit',
  subject: AwsGuardDutyFinding,
  severity: 'high',
  rationale:
    'A finding that nobody answers is as good as none. Archiving it is how GuardDuty records that somebody did; findings that are archived are not in the population.',
  remediation: {
    console: 'GuardDuty, Findings: investigate, remediate, and archive the finding; suppress a known pattern by a filter with a reason.',
    cli: 'aws guardduty get-findings --detector-id <id> --finding-ids <finding>; aws guardduty archive-findings --detector-id <id> --finding-ids <finding>',
    terraform: 'A known pattern: resource "aws_guardduty_filter" "known" { action = "ARCHIVE", ... }',
  },
  references: [
    'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html',
    'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_remediate.html',
  ],
  parameters: z.object({ maxOpenDays: z.int().positive().default(7), minimumSeverity: z.number().min(7).max(10).default(7) }),
  appliesTo: (finding, { parameters }) => finding.severity >= parameters.minimumSeverity,
  test(finding, { asOf, parameters }) {
    const until = addDays(finding.createdAt, parameters.maxOpenDays);
    const since = finding.createdAt.slice(0, 10);
    return Date.parse(until) > Date.parse(asOf)
      ? pass(`open since ${since}, within ${parameters.maxOpenDays} days`, { until })
      : fail(`${finding.findingType} is open since ${since}, longer than ${parameters.maxOpenDays} days`);
  },
  examples: {
    pass: { 'of yesterday': exampleFinding },
    fail: { 'of last month': { ...exampleFinding, createdAt: '2025-12-15T06:00:00.000Z' } },
  },
});
