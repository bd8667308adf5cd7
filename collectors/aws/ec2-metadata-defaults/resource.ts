import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { metadataDefaultEvents } from '../change-events.ts';

export const AwsEc2MetadataDefaults = defineResource({
  type: 'aws.ec2.metadata-defaults',
  title: 'Instance metadata defaults of a region',
  aggregate: true,
  changedBy: metadataDefaultEvents,
  shape: {
    region: z.string(),
    /** `required`, `optional`; null: no preference, the image or the launch request decides. */
    tokens: z.string().nullable(),
  },
});

/** As it should be: the starting point of examples. */
export const exampleMetadataDefaults: ResourceOf<typeof AwsEc2MetadataDefaults> = {
  id: 'aws:111122223333/eu-central-1/ec2-metadata-defaults',
  display: 'eu-central-1',
  region: 'eu-central-1',
  tokens: 'required',
};
