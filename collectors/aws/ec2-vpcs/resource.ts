import { defineResource, z } from '../../../src/authoring.ts';

export const AwsEc2Vpc = defineResource({
  type: 'aws.ec2.vpc',
  title: 'VPC',
  shape: {
    vpcId: z.string(),
    isDefault: z.boolean(),
    /** False for a VPC that another account shares with this one: its flow logs are the owner's. */
    isOwn: z.boolean(),
    /** Flow logs of the VPC itself; those of single subnets and interfaces are not among them. */
    flowLogs: z.array(
      z.object({
        id: z.string(),
        /** `ACTIVE`, or something that is not. */
        status: z.string(),
        /** `ACCEPT`, `REJECT` or `ALL`. */
        traffic: z.string(),
        /** `SUCCESS` or `FAILED`. */
        delivery: z.string(),
      }),
    ),
  },
});
