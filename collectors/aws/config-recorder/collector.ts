import { defineCollector, type Reading, read, unread, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { AwsConfigRecorder } from './resource.ts';

const Recorder = z.object({
  name: z.string(),
  recordingGroup: z.object({
    allSupported: z.boolean(),
    recordingStrategy: z.object({ useOnly: z.string().optional() }).optional(),
    exclusionByResourceTypes: z.object({ resourceTypes: z.array(z.string()).optional() }).optional(),
  }),
  // Recorders that AWS services run for themselves record what those services need, not what the account does.
  servicePrincipal: z.string().optional(),
});
const RecorderStatus = z.object({ name: z.string(), recording: z.boolean(), lastStatus: z.string().optional() });
const Channel = z.object({ name: z.string() });
const Delivery = z.object({ lastStatus: z.string().optional(), lastErrorCode: z.string().optional() }).optional();
const ChannelStatus = z.object({ name: z.string(), configHistoryDeliveryInfo: Delivery, configStreamDeliveryInfo: Delivery });

export default defineCollector<AwsClient>({
  id: 'aws/config-recorder',
  title: 'AWS Config: recorder and delivery',
  kind: 'state',
  scope: 'region',
  yields: [AwsConfigRecorder],
  permissions: [
    'config:DescribeConfigurationRecorders',
    'config:DescribeConfigurationRecorderStatus',
    'config:DescribeDeliveryChannels',
    'config:DescribeDeliveryChannelStatus',
  ],
  items: {
    'config:DescribeConfigurationRecorders': {
      list: 'ConfigurationRecorders',
      key: 'name',
      keep: ['name', 'arn', 'roleARN', 'recordingGroup', 'recordingMode', 'recordingScope', 'servicePrincipal'],
    },
    // These fill in fields of a region that is always there; what is missing in them is missing in those fields.
    'config:DescribeConfigurationRecorderStatus': {
      namesSubjects: false,
      list: 'ConfigurationRecordersStatus',
      key: 'name',
      keep: ['name', 'recording', 'lastStatus', 'lastErrorCode', 'lastStartTime', 'lastStopTime', 'lastStatusChangeTime'],
      volatile: ['lastStatusChangeTime'],
    },
    'config:DescribeDeliveryChannels': {
      namesSubjects: false,
      list: 'DeliveryChannels',
      key: 'name',
      keep: ['name', 's3BucketName', 's3KeyPrefix', 's3KmsKeyArn', 'snsTopicARN', 'configSnapshotDeliveryProperties'],
    },
    'config:DescribeDeliveryChannelStatus': {
      namesSubjects: false,
      list: 'DeliveryChannelsStatus',
      key: 'name',
      keep: [
        'name',
        'configHistoryDeliveryInfo.lastStatus',
        'configHistoryDeliveryInfo.lastErrorCode',
        'configHistoryDeliveryInfo.lastSuccessfulTime',
        'configStreamDeliveryInfo.lastStatus',
        'configStreamDeliveryInfo.lastErrorCode',
      ],
      volatile: ['configHistoryDeliveryInfo.lastSuccessfulTime'],
    },
  },
  async *collect(client) {
    yield* client.pages('config:DescribeConfigurationRecorders');
    yield* client.pages('config:DescribeConfigurationRecorderStatus');
    yield* client.pages('config:DescribeDeliveryChannels');
    yield* client.pages('config:DescribeDeliveryChannelStatus');
  },
  normalise(view) {
    /** The account's one of its kind (Config allows one per region), null when there is none. */
    const one = <S extends z.ZodType>(
      operation: string,
      shape: S,
      fits: (body: z.output<S>) => boolean = () => true,
    ): Reading<z.output<S> | null> => {
      const gap = view.gapIn(operation);
      if (gap) return unread(gap);
      return (
        view
          .list(operation, shape)
          .map(({ body }) => body)
          .find(fits) ?? null
      );
    };
    const recorder = one('config:DescribeConfigurationRecorders', Recorder, (body) => body.servicePrincipal === undefined);
    const status = read(recorder, (found) =>
      found === null
        ? null
        : read(
            one('config:DescribeConfigurationRecorderStatus', RecorderStatus, ({ name }) => name === found.name),
            (at) => at ?? unread('malformed-reply'),
          ),
    );
    const channel = one('config:DescribeDeliveryChannels', Channel);
    const delivery = read(channel, (found) =>
      found === null
        ? null
        : read(
            one('config:DescribeDeliveryChannelStatus', ChannelStatus, ({ name }) => name === found.name),
            (at) => at ?? unread('malformed-reply'),
          ),
    );
    const region = view.region ?? 'unknown';
    return [
      AwsConfigRecorder.draft(
        { id: view.id('config-recorder'), display: region },
        {
          region,
          recorder: read(recorder, (found) => found?.name ?? null),
          recording: read(status, (found) => found?.recording === true),
          recordsAllTypes: read(recorder, (found) => found?.recordingGroup.allSupported === true),
          excludedTypes: read(recorder, (found) => found?.recordingGroup.exclusionByResourceTypes?.resourceTypes ?? noneExcluded(found)),
          lastStatus: read(status, (found) => found?.lastStatus ?? null),
          deliveryChannel: read(channel, (found) => found?.name ?? null),
          historyDelivery: read(delivery, (found) => found?.configHistoryDeliveryInfo?.lastStatus ?? null),
          streamDelivery: read(delivery, (found) => found?.configStreamDeliveryInfo?.lastStatus ?? null),
          deliveryErrorCode: read(
            delivery,
            (found) => found?.configHistoryDeliveryInfo?.lastErrorCode ?? found?.configStreamDeliveryInfo?.lastErrorCode ?? null,
          ),
        },
      ),
    ];
  },
});

/** Only the strategy "all but some" comes with a list of exclusions. */
function noneExcluded(recorder: z.output<typeof Recorder> | null): Reading<string[]> {
  return recorder?.recordingGroup.recordingStrategy?.useOnly === 'EXCLUSION_BY_RESOURCE_TYPES' ? unread('malformed-reply') : [];
}
