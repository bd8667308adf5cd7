// Made by `proofline generate` from the files beside it; not written by hand.
import type { Collector, SourceDefinition } from '../src/authoring.ts';
import awsCallerIdentity from './aws/caller-identity/collector.ts';
import awsCloudtrailTrails from './aws/cloudtrail-trails/collector.ts';
import awsEc2EbsDefaults from './aws/ec2-ebs-defaults/collector.ts';
import awsEc2Instances from './aws/ec2-instances/collector.ts';
import awsEc2MetadataDefaults from './aws/ec2-metadata-defaults/collector.ts';
import awsEc2SecurityGroups from './aws/ec2-security-groups/collector.ts';
import awsEc2Snapshots from './aws/ec2-snapshots/collector.ts';
import awsEc2Volumes from './aws/ec2-volumes/collector.ts';
import awsEc2Vpcs from './aws/ec2-vpcs/collector.ts';
import awsIamAccountSummary from './aws/iam-account-summary/collector.ts';
import awsIamAuthorizationDetails from './aws/iam-authorization-details/collector.ts';
import awsIamCredentialReport from './aws/iam-credential-report/collector.ts';
import awsIamFederation from './aws/iam-federation/collector.ts';
import awsIamPasswordPolicy from './aws/iam-password-policy/collector.ts';
import awsIdentityCenter from './aws/identity-center/collector.ts';
import awsOrganization from './aws/organization/collector.ts';
import awsRegions from './aws/regions/collector.ts';
import awsS3AccountPublicAccess from './aws/s3-account-public-access/collector.ts';
import awsS3Buckets from './aws/s3-buckets/collector.ts';
import githubOrganisation from './github/organisation/collector.ts';
import awsSource from './aws/source.ts';
import githubSource from './github/source.ts';

/** Every shipped collector, by id. */
const collectors: readonly Collector[] = [
  awsCallerIdentity,
  awsCloudtrailTrails,
  awsEc2EbsDefaults,
  awsEc2Instances,
  awsEc2MetadataDefaults,
  awsEc2SecurityGroups,
  awsEc2Snapshots,
  awsEc2Volumes,
  awsEc2Vpcs,
  awsIamAccountSummary,
  awsIamAuthorizationDetails,
  awsIamCredentialReport,
  awsIamFederation,
  awsIamPasswordPolicy,
  awsIdentityCenter,
  awsOrganization,
  awsRegions,
  awsS3AccountPublicAccess,
  awsS3Buckets,
  githubOrganisation,
];
export default collectors;

/** Every source that is shipped, by kind. */
export const sources: readonly SourceDefinition[] = [
  awsSource,
  githubSource,
];
