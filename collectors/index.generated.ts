// Made by `proofline generate` from the files beside it; not written by hand.
import type { Collector, SourceDefinition } from '../src/authoring.ts';
import awsCallerIdentity from './aws/caller-identity/collector.ts';
import awsCloudtrailEvents from './aws/cloudtrail-events/collector.ts';
import awsCloudtrailLogBuckets from './aws/cloudtrail-log-buckets/collector.ts';
import awsCloudtrailLogFiles from './aws/cloudtrail-log-files/collector.ts';
import awsCloudtrailTrails from './aws/cloudtrail-trails/collector.ts';
import awsConfigDiscoveredResources from './aws/config-discovered-resources/collector.ts';
import awsConfigRecorder from './aws/config-recorder/collector.ts';
import awsDynamodbTables from './aws/dynamodb-tables/collector.ts';
import awsEc2EbsDefaults from './aws/ec2-ebs-defaults/collector.ts';
import awsEc2Instances from './aws/ec2-instances/collector.ts';
import awsEc2MetadataDefaults from './aws/ec2-metadata-defaults/collector.ts';
import awsEc2SecurityGroups from './aws/ec2-security-groups/collector.ts';
import awsEc2Snapshots from './aws/ec2-snapshots/collector.ts';
import awsEc2Volumes from './aws/ec2-volumes/collector.ts';
import awsEc2Vpcs from './aws/ec2-vpcs/collector.ts';
import awsEfsFileSystems from './aws/efs-file-systems/collector.ts';
import awsElasticacheCacheClusters from './aws/elasticache-cache-clusters/collector.ts';
import awsElasticacheReplicationGroups from './aws/elasticache-replication-groups/collector.ts';
import awsGuardduty from './aws/guardduty/collector.ts';
import awsGuarddutyFindings from './aws/guardduty-findings/collector.ts';
import awsIamAccountSummary from './aws/iam-account-summary/collector.ts';
import awsIamAuthorizationDetails from './aws/iam-authorization-details/collector.ts';
import awsIamCredentialReport from './aws/iam-credential-report/collector.ts';
import awsIamFederation from './aws/iam-federation/collector.ts';
import awsIamPasswordPolicy from './aws/iam-password-policy/collector.ts';
import awsIdentityCenter from './aws/identity-center/collector.ts';
import awsKmsKeys from './aws/kms-keys/collector.ts';
import awsOpensearchDomains from './aws/opensearch-domains/collector.ts';
import awsOrganization from './aws/organization/collector.ts';
import awsRdsClusters from './aws/rds-clusters/collector.ts';
import awsRdsInstances from './aws/rds-instances/collector.ts';
import awsRdsSnapshots from './aws/rds-snapshots/collector.ts';
import awsRedshiftClusters from './aws/redshift-clusters/collector.ts';
import awsRegions from './aws/regions/collector.ts';
import awsS3AccountPublicAccess from './aws/s3-account-public-access/collector.ts';
import awsS3Buckets from './aws/s3-buckets/collector.ts';
import entityAccounts from './entity/accounts/collector.ts';
import entityActs from './entity/acts/collector.ts';
import entityDocuments from './entity/documents/collector.ts';
import entityEntitlements from './entity/entitlements/collector.ts';
import entityMovers from './entity/movers/collector.ts';
import entityPeople from './entity/people/collector.ts';
import entityRecords from './entity/records/collector.ts';
import entityReviews from './entity/reviews/collector.ts';
import entitySeparations from './entity/separations/collector.ts';
import githubActionsSettings from './github/actions-settings/collector.ts';
import githubAuditLog from './github/audit-log/collector.ts';
import githubBranches from './github/branches/collector.ts';
import githubCodeowners from './github/codeowners/collector.ts';
import githubDependabotAlerts from './github/dependabot-alerts/collector.ts';
import githubEnvironments from './github/environments/collector.ts';
import githubMembers from './github/members/collector.ts';
import githubOrganisation from './github/organisation/collector.ts';
import githubOutsideCollaborators from './github/outside-collaborators/collector.ts';
import githubOwners from './github/owners/collector.ts';
import githubProductionChanges from './github/production-changes/collector.ts';
import githubRepositories from './github/repositories/collector.ts';
import githubRepositoryAccess from './github/repository-access/collector.ts';
import githubRepositorySecurity from './github/repository-security/collector.ts';
import githubRuleSuites from './github/rule-suites/collector.ts';
import githubRulesetHistory from './github/ruleset-history/collector.ts';
import githubSecretAlerts from './github/secret-alerts/collector.ts';
import githubTeams from './github/teams/collector.ts';
import oktaAdministrators from './okta/administrators/collector.ts';
import oktaApplications from './okta/applications/collector.ts';
import oktaGroups from './okta/groups/collector.ts';
import oktaPolicies from './okta/policies/collector.ts';
import oktaUsers from './okta/users/collector.ts';
import tabularAppDataChange from './tabular/app-data-change/collector.ts';
import tabularAppDirectWrite from './tabular/app-direct-write/collector.ts';
import tabularAppFileTransfer from './tabular/app-file-transfer/collector.ts';
import tabularAppInputBatch from './tabular/app-input-batch/collector.ts';
import tabularAppOutputDelivery from './tabular/app-output-delivery/collector.ts';
import tabularAppPayrollRun from './tabular/app-payroll-run/collector.ts';
import tabularAppPortalUser from './tabular/app-portal-user/collector.ts';
import tabularAppProcessingError from './tabular/app-processing-error/collector.ts';
import tabularAppTaxRemittance from './tabular/app-tax-remittance/collector.ts';
import tabularAppUser from './tabular/app-user/collector.ts';
import tabularBankTransaction from './tabular/bank-transaction/collector.ts';
import tabularBankUser from './tabular/bank-user/collector.ts';
import tabularHrPerson from './tabular/hr-person/collector.ts';
import tabularLedgerEntry from './tabular/ledger-entry/collector.ts';
import tabularPayrollEmployee from './tabular/payroll-employee/collector.ts';
import tabularPayrollPayment from './tabular/payroll-payment/collector.ts';
import tabularTabularRecord from './tabular/tabular-record/collector.ts';
import tabularTicketAccessRequest from './tabular/ticket-access-request/collector.ts';
import tabularTicketChange from './tabular/ticket-change/collector.ts';
import tabularTicketIncident from './tabular/ticket-incident/collector.ts';
import awsSource from './aws/source.ts';
import entitySource from './entity/source.ts';
import githubSource from './github/source.ts';
import oktaSource from './okta/source.ts';
import tabularSource from './tabular/source.ts';

/** Every shipped collector, by id. */
const collectors: readonly Collector[] = [
  awsCallerIdentity,
  awsCloudtrailEvents,
  awsCloudtrailLogBuckets,
  awsCloudtrailLogFiles,
  awsCloudtrailTrails,
  awsConfigDiscoveredResources,
  awsConfigRecorder,
  awsDynamodbTables,
  awsEc2EbsDefaults,
  awsEc2Instances,
  awsEc2MetadataDefaults,
  awsEc2SecurityGroups,
  awsEc2Snapshots,
  awsEc2Volumes,
  awsEc2Vpcs,
  awsEfsFileSystems,
  awsElasticacheCacheClusters,
  awsElasticacheReplicationGroups,
  awsGuardduty,
  awsGuarddutyFindings,
  awsIamAccountSummary,
  awsIamAuthorizationDetails,
  awsIamCredentialReport,
  awsIamFederation,
  awsIamPasswordPolicy,
  awsIdentityCenter,
  awsKmsKeys,
  awsOpensearchDomains,
  awsOrganization,
  awsRdsClusters,
  awsRdsInstances,
  awsRdsSnapshots,
  awsRedshiftClusters,
  awsRegions,
  awsS3AccountPublicAccess,
  awsS3Buckets,
  entityAccounts,
  entityActs,
  entityDocuments,
  entityEntitlements,
  entityMovers,
  entityPeople,
  entityRecords,
  entityReviews,
  entitySeparations,
  githubActionsSettings,
  githubAuditLog,
  githubBranches,
  githubCodeowners,
  githubDependabotAlerts,
  githubEnvironments,
  githubMembers,
  githubOrganisation,
  githubOutsideCollaborators,
  githubOwners,
  githubProductionChanges,
  githubRepositories,
  githubRepositoryAccess,
  githubRepositorySecurity,
  githubRuleSuites,
  githubRulesetHistory,
  githubSecretAlerts,
  githubTeams,
  oktaAdministrators,
  oktaApplications,
  oktaGroups,
  oktaPolicies,
  oktaUsers,
  tabularAppDataChange,
  tabularAppDirectWrite,
  tabularAppFileTransfer,
  tabularAppInputBatch,
  tabularAppOutputDelivery,
  tabularAppPayrollRun,
  tabularAppPortalUser,
  tabularAppProcessingError,
  tabularAppTaxRemittance,
  tabularAppUser,
  tabularBankTransaction,
  tabularBankUser,
  tabularHrPerson,
  tabularLedgerEntry,
  tabularPayrollEmployee,
  tabularPayrollPayment,
  tabularTabularRecord,
  tabularTicketAccessRequest,
  tabularTicketChange,
  tabularTicketIncident,
];
export default collectors;

/** Every source that is shipped, by kind. */
export const sources: readonly SourceDefinition[] = [
  awsSource,
  entitySource,
  githubSource,
  oktaSource,
  tabularSource,
];
