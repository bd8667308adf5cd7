import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

/** As it should be: the starting point of examples. */
export const exampleVpc: ResourceOf<typeof AwsEc2Vpc> = {
  id: 'aws:111122223333/eu-central-1/ec2-vpc/vpc-0a1b2c3d4e5f60001',
  display: 'vpc-0a1b2c3d4e5f60001',
  vpcId: 'vpc-0a1b2c3d4e5f60001',
  isDefault: false,
  isOwn: true,
  flowLogs: [{ id: 'fl-0a1b2c3d4e5f60001', status: 'ACTIVE', traffic: 'ALL', delivery: 'SUCCESS' }],
};
