import { defineCollector, isUnread, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsCloudTrailCoverage, AwsCloudTrailTrail, type ManagementEvents } from './resource.ts';

const Listed = z.object({ TrailARN: z.string(), Name: z.string(), HomeRegion: z.string() });
const Described = z.object({
  TrailARN: z.string(),
  Name: z.string(),
  HomeRegion: z.string(),
  S3BucketName: z.string(),
  IsMultiRegionTrail: z.boolean(),
  IsOrganizationTrail: z.boolean(),
  LogFileValidationEnabled: z.boolean(),
  // Left out for a trail whose files S3 encrypts with its own keys.
  KmsKeyId: z.string().optional(),
});
const Status = z.object({
  IsLogging: z.boolean(),
  LatestDeliveryError: z.string().optional(),
  LatestDigestDeliveryError: z.string().optional(),
  LatestDeliveryTime: z.string().optional(),
});
const Selector = z.object({
  ReadWriteType: z.enum(['ReadOnly', 'WriteOnly', 'All']),
  IncludeManagementEvents: z.boolean(),
  ExcludeManagementEventSources: z.array(z.string()).optional(),
});
const FieldSelector = z.object({
  Field: z.string(),
  Equals: z.array(z.string()).optional(),
  NotEquals: z.array(z.string()).optional(),
});
/** A trail always has selectors of one kind or the other. */
const Selectors = z
  .object({
    EventSelectors: z.array(Selector).optional(),
    AdvancedEventSelectors: z.array(z.object({ FieldSelectors: z.array(FieldSelector) })).optional(),
  })
  .refine((selectors) => Boolean(selectors.EventSelectors?.length || selectors.AdvancedEventSelectors?.length));
type Recorded = { readonly events: z.output<typeof ManagementEvents>; readonly excluded: string[] };

export default defineCollector<AwsClient>({
  id: 'aws/cloudtrail-trails',
  title: 'CloudTrail trails, their status and what they record',
  kind: 'state',
  scope: 'account',
  yields: [AwsCloudTrailTrail, AwsCloudTrailCoverage],
  permissions: ['cloudtrail:ListTrails', 'cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
  items: {
    'cloudtrail:ListTrails': { list: 'Trails', key: 'TrailARN', keep: ['TrailARN', 'Name', 'HomeRegion'] },
    'cloudtrail:DescribeTrails': {
      namesSubjects: false,
      list: 'trailList',
      key: 'TrailARN',
      keep: [
        ...['TrailARN', 'Name', 'HomeRegion', 'S3BucketName', 'S3KeyPrefix', 'IsMultiRegionTrail', 'IsOrganizationTrail'],
        ...['IncludeGlobalServiceEvents', 'LogFileValidationEnabled', 'KmsKeyId', 'CloudWatchLogsLogGroupArn', 'SnsTopicARN'],
        ...['HasCustomEventSelectors', 'HasInsightSelectors'],
      ],
    },
    'cloudtrail:GetTrailStatus': {
      keep: [
        ...[
          'IsLogging',
          'LatestDeliveryError',
          'LatestDigestDeliveryError',
          'LatestCloudWatchLogsDeliveryError',
          'LatestNotificationError',
        ],
        ...['StartLoggingTime', 'StopLoggingTime', 'LatestDeliveryTime', 'LatestDigestDeliveryTime', 'LatestCloudWatchLogsDeliveryTime'],
      ],
      volatile: ['LatestDeliveryTime', 'LatestDigestDeliveryTime', 'LatestCloudWatchLogsDeliveryTime'],
    },
    'cloudtrail:GetEventSelectors': { keep: ['TrailARN', 'EventSelectors', 'AdvancedEventSelectors'] },
  },
  async *collect(client) {
    const trails: z.output<typeof Listed>[] = [];
    for await (const page of client.pages('cloudtrail:ListTrails')) {
      yield page;
      const listed = z.object({ Trails: z.array(Listed) }).safeParse(page.output);
      if (listed.success) trails.push(...listed.data.Trails);
      else client.miss('malformed-reply', 'cloudtrail:ListTrails');
    }
    const regions = [...new Set(trails.map((trail) => trail.HomeRegion))];
    // Each trail once, where it lives; shadow trails included, because a member account sees its organisation's trail as one.
    yield* client.each(regions, async (region) => {
      const trailNameList = trails.filter((trail) => trail.HomeRegion === region).map((trail) => trail.TrailARN);
      return [await client.call('cloudtrail:DescribeTrails', { trailNameList, includeShadowTrails: true }, { region })];
    });
    yield* client.each(trails, async ({ TrailARN: arn, HomeRegion: region }) => [
      await client.call('cloudtrail:GetTrailStatus', { Name: arn }, { region, subject: arn }),
      await client.call('cloudtrail:GetEventSelectors', { TrailName: arn }, { region, subject: arn }),
    ]);
  },
  normalise(view) {
    const described = new Map(view.list('cloudtrail:DescribeTrails', Described).map(({ body }) => [body.TrailARN, body]));
    const notDescribed = unread(view.gapIn('cloudtrail:DescribeTrails') ?? 'not-collected');
    const trails = view.list('cloudtrail:ListTrails', Listed).map(({ body: listed }) => {
      const arn = listed.TrailARN;
      const trail: Reading<z.output<typeof Described>> = described.get(arn) ?? notDescribed;
      const status = read(view.part('cloudtrail:GetTrailStatus', arn, Status), (found) => found ?? unread('malformed-reply'));
      const recorded = read(view.part('cloudtrail:GetEventSelectors', arn, Selectors), (found) =>
        found ? recordedBy(found) : unread('malformed-reply'),
      );
      const records: Reading<boolean> = read(trail, (one) => (one.IsMultiRegionTrail ? read(status, ({ IsLogging }) => IsLogging) : false));
      const everything: Reading<boolean> = read(records, (yes) => (yes ? read(recorded, ({ events }) => events === 'all') : false));
      return { listed, trail, status, recorded, records, everything };
    });
    const listGap = view.gapIn('cloudtrail:ListTrails');
    const namesWhere = (holds: (trail: (typeof trails)[number]) => Reading<boolean>): Reading<string[]> => {
      if (listGap) return unread(listGap);
      const unknown = trails.map(holds).find(isUnread);
      return unknown ?? trails.filter((trail) => holds(trail) === true).map((trail) => trail.listed.Name);
    };
    return [
      AwsCloudTrailCoverage.draft(
        { id: view.id('cloudtrail-coverage'), display: view.tenant },
        {
          trails: listGap ? unread(listGap) : trails.length,
          loggingMultiRegionTrails: namesWhere((trail) => trail.records),
          recordingManagementEvents: namesWhere((trail) => trail.everything),
        },
      ),
      ...trails.map(({ listed, trail, status, recorded }) =>
        AwsCloudTrailTrail.draft(
          { id: view.id('cloudtrail-trail', listed.TrailARN), display: listed.Name },
          {
            name: listed.Name,
            arn: listed.TrailARN,
            homeRegion: listed.HomeRegion,
            multiRegion: read(trail, (one) => one.IsMultiRegionTrail),
            organizationTrail: read(trail, (one) => one.IsOrganizationTrail),
            bucket: read(trail, (one) => one.S3BucketName),
            logging: read(status, (one) => one.IsLogging),
            validatesLogFiles: read(trail, (one) => one.LogFileValidationEnabled),
            deliveryError: read(status, (one) => one.LatestDeliveryError || null),
            digestDeliveryError: read(status, (one) => one.LatestDigestDeliveryError || null),
            lastDelivery: read(status, (one) => one.LatestDeliveryTime ?? null),
            kmsKeyId: read(trail, (one) => one.KmsKeyId ?? null),
            managementEvents: read(recorded, (one) => one.events),
            excludedSources: read(recorded, (one) => one.excluded),
          },
        ),
      ),
    ];
  },
});

/** Which management events a trail records, by its basic or its advanced selectors. */
function recordedBy(selectors: z.output<typeof Selectors>): Recorded {
  const { AdvancedEventSelectors: advanced, EventSelectors: basic } = selectors;
  return advanced?.length ? recordedByAdvanced(advanced) : recordedByBasic(basic ?? []);
}
function recordedByBasic(selectors: readonly z.output<typeof Selector>[]): Recorded {
  const management = selectors.filter((selector) => selector.IncludeManagementEvents);
  const covers = (type: 'ReadOnly' | 'WriteOnly') =>
    management.some(({ ReadWriteType }) => ReadWriteType === 'All' || ReadWriteType === type);
  return {
    events: eventsOf(covers('ReadOnly'), covers('WriteOnly')),
    excluded: [...new Set(management.flatMap((selector) => selector.ExcludeManagementEventSources ?? []))].sort(),
  };
}
function recordedByAdvanced(selectors: readonly { readonly FieldSelectors: readonly z.output<typeof FieldSelector>[] }[]): Recorded {
  const management = selectors
    .map((selector) => selector.FieldSelectors)
    .filter((fields) => fields.some(({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management')));
  // A selector narrowed by anything else than reading or writing and excluded sources records only part of either kind.
  const broad = management.filter((fields) =>
    fields.every(
      ({ Field, Equals, NotEquals }) =>
        Field === 'eventCategory' || Field === 'readOnly' || (Field === 'eventSource' && NotEquals !== undefined && Equals === undefined),
    ),
  );
  const readOnlyOf = (fields: readonly z.output<typeof FieldSelector>[]) => fields.find(({ Field }) => Field === 'readOnly')?.Equals;
  const covers = (value: 'true' | 'false') =>
    broad.some((fields) => {
      const only = readOnlyOf(fields);
      return only === undefined ? !fields.some(({ Field }) => Field === 'readOnly') : only.includes(value);
    });
  const excluded = broad.flatMap((fields) =>
    fields.filter(({ Field }) => Field === 'eventSource').flatMap(({ NotEquals }) => NotEquals ?? []),
  );
  return { events: eventsOf(covers('true'), covers('false')), excluded: [...new Set(excluded)].sort() };
}
function eventsOf(reads: boolean, writes: boolean): z.output<typeof ManagementEvents> {
  if (reads && writes) return 'all';
  if (reads) return 'read-only';
  return writes ? 'write-only' : 'none';
}
