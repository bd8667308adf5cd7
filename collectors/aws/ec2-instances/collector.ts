import { defineCollector, type JsonObject, z } from '../../../src/authoring.ts';
import type { AwsClient } from '../client.ts';
import { body, given, objectsIn, stated, textIn, unreadable } from '../stated.ts';
import { Tags, tagged } from '../tags.ts';
import { AwsEc2Instance } from './resource.ts';

const Instance = body({
  InstanceId: z.string(),
  State: given(body({ Name: z.string() })),
  Tags,
  MetadataOptions: given(body({ HttpTokens: given(z.string()), HttpEndpoint: given(z.string()) })),
});

export default defineCollector<AwsClient>({
  id: 'aws/ec2-instances',
  title: 'EC2 instances',
  kind: 'state',
  scope: 'region',
  yields: [AwsEc2Instance],
  permissions: ['ec2:DescribeInstances'],
  items: {
    'ec2:DescribeInstances': {
      split: splitReservations,
      keep: ['InstanceId', 'State.Name', 'MetadataOptions.HttpTokens', 'MetadataOptions.HttpEndpoint', 'VpcId', 'Tags'],
    },
  },
  async *collect(client) {
    yield* client.pages('ec2:DescribeInstances');
  },
  normalise(view) {
    return view.each('ec2:DescribeInstances', Instance, (instance) =>
      AwsEc2Instance.draft(
        { id: view.id('ec2-instance', instance.InstanceId), display: instance.InstanceId, ...tagged(instance.Tags) },
        {
          instanceId: instance.InstanceId,
          state: stated(instance.State?.Name),
          metadataTokens: stated(instance.MetadataOptions?.HttpTokens),
          metadataEndpoint: stated(instance.MetadataOptions?.HttpEndpoint),
        },
      ),
    );
  },
});

function splitReservations(output: JsonObject) {
  const groups = objectsIn(output, 'Reservations')?.map((reservation) => objectsIn(reservation, 'Instances'));
  if (groups === undefined) return unreadable;
  return groups.flatMap(
    (instances) => instances?.map((instance) => ({ subject: textIn(instance, 'InstanceId'), body: instance })) ?? unreadable,
  );
}
