import { defineResource, z } from '../../../src/authoring.ts';

/** AWS Config in one region, with or without a recorder. */
export const AwsConfigRecorder = defineResource({
  type: 'aws.config.recorder',
  title: 'Configuration recorder of a region',
  aggregate: true,
  shape: {
    region: z.string(),
    /** Null: there is none. */
    recorder: z.string().nullable(),
    recording: z.boolean(),
    /** All resource types Config supports, with those still to come. */
    recordsAllTypes: z.boolean(),
    /** Types left out, when it records all but some. */
    excludedTypes: z.array(z.string()),
    /** `SUCCESS`, `PENDING`, `FAILURE`; null: it never ran. */
    lastStatus: z.string().nullable(),
    deliveryChannel: z.string().nullable(),
    /** Status of the latest delivery of configuration history; null: none was made yet. */
    historyDelivery: z.string().nullable(),
    streamDelivery: z.string().nullable(),
    deliveryErrorCode: z.string().nullable(),
  },
});
