import { defineCollector, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { detectorsRule } from '../guardduty-detectors.ts';
import { listed, namesIn } from '../lists.ts';
import { AwsGuardDutyDetector } from './resource.ts';

const Listed = z.object({ DetectorId: z.string() });
const Detector = z.object({
  Status: z.enum(['ENABLED', 'DISABLED']),
  FindingPublishingFrequency: z.string().optional(),
  Features: z.array(z.object({ Name: z.string(), Status: z.enum(['ENABLED', 'DISABLED']) })).optional(),
});
type Detector = z.output<typeof Detector>;

export default defineCollector<AwsClient>({
  id: 'aws/guardduty',
  title: 'GuardDuty detector and protection plans',
  kind: 'state',
  scope: 'region',
  yields: [AwsGuardDutyDetector],
  permissions: ['guardduty:ListDetectors', 'guardduty:GetDetector'],
  items: {
    'guardduty:ListDetectors': detectorsRule,
    'guardduty:GetDetector': { keep: ['Status', 'CreatedAt', 'FindingPublishingFrequency', 'Features'] },
  },
  async *collect(client) {
    const ids: string[] = [];
    for await (const page of client.pages('guardduty:ListDetectors')) {
      yield page;
      ids.push(...listed(page, namesIn, 'DetectorIds'));
    }
    yield* client.each(ids, async (DetectorId) => [await client.call('guardduty:GetDetector', { DetectorId }, { subject: DetectorId })]);
  },
  normalise(view) {
    const gap = view.gapIn('guardduty:ListDetectors');
    // GuardDuty allows one detector per region.
    const id: Reading<string | null> = gap ? unread(gap) : (view.list('guardduty:ListDetectors', Listed)[0]?.body.DetectorId ?? null);
    const detector: Reading<Detector | null> = read(id, (found) =>
      found === null ? null : read(view.part('guardduty:GetDetector', found, Detector), (body) => body ?? unread('malformed-reply')),
    );
    const plans = (status: 'ENABLED' | 'DISABLED'): Reading<string[]> =>
      read(detector, (found) => {
        if (found === null) return [];
        return found.Features?.filter((feature) => feature.Status === status).map((feature) => feature.Name) ?? unread('malformed-reply');
      });
    const region = view.region ?? 'unknown';
    return [
      AwsGuardDutyDetector.draft(
        { id: view.id('guardduty-detector'), display: region },
        {
          region,
          detectorId: id,
          enabled: read(detector, (found) => found?.Status === 'ENABLED'),
          plansOn: plans('ENABLED'),
          plansOff: plans('DISABLED'),
          publishingFrequency: read(detector, (found) => found?.FindingPublishingFrequency ?? null),
        },
      ),
    ];
  },
});
