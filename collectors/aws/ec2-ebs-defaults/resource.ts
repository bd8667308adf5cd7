import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { blockStoreDefaultEvents } from '../change-events.ts';

export const AwsEc2EbsDefaults = defineResource({
  type: 'aws.ec2.ebs-defaults',
  title: 'EBS settings of a region',
  aggregate: true,
  changedBy: blockStoreDefaultEvents,
  shape: {
    region: z.string(),
    encryptionByDefault: z.boolean(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleEbsDefaults: ResourceOf<typeof AwsEc2EbsDefaults> = {
  id: 'aws:111122223333/eu-central-1/ec2-ebs-defaults',
  display: 'eu-central-1',
  region: 'eu-central-1',
  encryptionByDefault: true,
};
