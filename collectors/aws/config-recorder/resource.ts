import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';
import { recorderEvents } from '../change-events.ts';

/** AWS Config in one region, with or without a recorder. */
export const AwsConfigRecorder = defineResource({
  type: 'aws.config.recorder',
  title: 'Configuration recorder of a region',
  aggregate: true,
  changedBy: recorderEvents,
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

/** For the examples of checks. */
export const exampleRecorder: ResourceOf<typeof AwsConfigRecorder> = {
  id: 'aws:111122223333/eu-central-1/config-recorder',
  display: 'eu-central-1',
  region: 'eu-central-1',
  recorder: 'default',
  recording: true,
  recordsAllTypes: true,
  excludedTypes: [],
  lastStatus: 'SUCCESS',
  deliveryChannel: 'default',
  historyDelivery: 'SUCCESS',
  streamDelivery: 'SUCCESS',
  deliveryErrorCode: null,
};
export const exampleNoRecorder: ResourceOf<typeof AwsConfigRecorder> = {
  ...exampleRecorder,
  recorder: null,
  recording: false,
  recordsAllTypes: false,
  lastStatus: null,
  deliveryChannel: null,
  historyDelivery: null,
  streamDelivery: null,
};
