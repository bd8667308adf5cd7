import { defineCollector, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, stated } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsEc2Volume } from './resource.ts';

const Volume = body({
  VolumeId: z.string(),
  State: given(z.string()),
  Encrypted: given(z.boolean()),
  Tags,
  Attachments: given(z.array(body({ InstanceId: z.string().optional() }))),
});

export default defineCollector<AwsClient>({
  id: 'aws/ec2-volumes',
  title: 'EBS volumes',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2Volume],
  permissions: ['ec2:DescribeVolumes'],
  items: {
    'ec2:DescribeVolumes': {
      list: 'Volumes',
      key: 'VolumeId',
      keep: ['VolumeId', 'State', 'Encrypted', 'KmsKeyId', 'CreateTime', 'SnapshotId', 'Attachments.InstanceId', 'Tags'],
    },
  },
  async *collect(client) {
    yield* client.pages('ec2:DescribeVolumes');
  },
  normalise(view) {
    return view.each('ec2:DescribeVolumes', Volume, (volume) =>
      AwsEc2Volume.draft(
        { id: view.id('ec2-volume', volume.VolumeId), display: volume.VolumeId, ...tagged(volume.Tags) },
        {
          volumeId: volume.VolumeId,
          state: stated(volume.State),
          encrypted: stated(volume.Encrypted),
          attachedTo: stated(volume.Attachments?.flatMap(({ InstanceId: id }) => (id === undefined ? [] : [id]))),
        },
      ),
    );
  },
});
