import { defineCollector, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { detectorsRule } from '../guardduty-detectors.ts';
import { listed, namesIn } from '../lists.ts';
import { AwsGuardDutyFinding } from './resource.ts';

const pageOfFindings = 50;
const Listed = z.object({ FindingId: z.string() });
const Finding = z.object({ Id: z.string(), Type: z.string(), Severity: z.number(), CreatedAt: z.string() });

export default defineCollector<AwsClient>({
  id: 'aws/guardduty-findings',
  title: 'Open GuardDuty findings of high severity',
  kind: 'state',
  scope: 'region',
  yields: [AwsGuardDutyFinding],
  permissions: ['guardduty:ListDetectors', 'guardduty:ListFindings', 'guardduty:GetFindings'],
  items: {
    'guardduty:ListDetectors': detectorsRule,
    'guardduty:ListFindings': {
      keep: ['FindingId'],
      split: (output) => namesIn(output, 'FindingIds').map((id) => ({ subject: id, body: { FindingId: id } })),
    },
    'guardduty:GetFindings': {
      namesSubjects: false,
      list: 'Findings',
      key: 'Id',
      // What a finding is about can hold addresses and names of people; type, severity and age are what a verdict needs.
      keep: ['Id', 'Arn', 'Type', 'Severity', 'CreatedAt', 'UpdatedAt', 'Service.Archived', 'Service.Count', 'Resource.ResourceType'],
      volatile: ['UpdatedAt', 'Service.Count'],
    },
  },
  async *collect(client) {
    for await (const detectors of client.pages('guardduty:ListDetectors')) {
      yield detectors;
      for (const DetectorId of listed(detectors, namesIn, 'DetectorIds')) {
        const FindingCriteria = { Criterion: { severity: { GreaterThanOrEqual: 7 }, 'service.archived': { Equals: ['false'] } } };
        for await (const page of client.pages('guardduty:ListFindings', { DetectorId, FindingCriteria }, { subject: DetectorId })) {
          yield page;
          const ids = listed(page, namesIn, 'FindingIds');
          for (let from = 0; from < ids.length; from += pageOfFindings) {
            const reply = await client.call('guardduty:GetFindings', { DetectorId, FindingIds: ids.slice(from, from + pageOfFindings) });
            if (reply) yield reply;
          }
        }
      }
    }
  },
  normalise(view) {
    const findings = new Map(view.list('guardduty:GetFindings', Finding).map(({ body }) => [body.Id, body]));
    const missing = unread(view.gapIn('guardduty:GetFindings') ?? 'not-collected');
    return view.each('guardduty:ListFindings', Listed, ({ FindingId: id }) => {
      const finding: Reading<z.output<typeof Finding>> = findings.get(id) ?? missing;
      return AwsGuardDutyFinding.draft(
        { id: view.id('guardduty-finding', id), display: findings.get(id)?.Type ?? id },
        {
          findingId: id,
          region: view.region ?? unread('malformed-reply'),
          findingType: read(finding, (found) => found.Type),
          severity: read(finding, (found) => found.Severity),
          createdAt: read(finding, (found) => found.CreatedAt),
        },
      );
    });
  },
});
