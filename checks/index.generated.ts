// Made by `proofline generate` from the files beside it; not written by hand.
import type { Check } from '../src/authoring.ts';
import awsAccessKeyRotated from './aws/access-key-rotated.ts';
import awsAccessKeyUsedRecently from './aws/access-key-used-recently.ts';
import awsAdministratorAccessIsApproved from './aws/administrator-access-is-approved.ts';
import awsAdministratorUserHasMfa from './aws/administrator-user-has-mfa.ts';
import awsConfigDeliverySucceeds from './aws/config-delivery-succeeds.ts';
import awsConfigRecorderRecordsEverything from './aws/config-recorder-records-everything.ts';
import awsConsolePasswordUsedRecently from './aws/console-password-used-recently.ts';
import awsConsoleUserHasMfa from './aws/console-user-has-mfa.ts';
import awsCrossAccountTrustIsApproved from './aws/cross-account-trust-is-approved.ts';
import awsCustomerPolicyHasNoFullAdministration from './aws/customer-policy-has-no-full-administration.ts';
import awsDefaultSecurityGroupClosed from './aws/default-security-group-closed.ts';
import awsDynamodbTableEncrypted from './aws/dynamodb-table-encrypted.ts';
import awsDynamodbTablePointInTimeRecovery from './aws/dynamodb-table-point-in-time-recovery.ts';
import awsEbsEncryptionByDefault from './aws/ebs-encryption-by-default.ts';
import awsEbsSnapshotEncrypted from './aws/ebs-snapshot-encrypted.ts';
import awsEbsSnapshotIsNotPublic from './aws/ebs-snapshot-is-not-public.ts';
import awsEbsVolumeEncrypted from './aws/ebs-volume-encrypted.ts';
import awsEfsFileSystemBackedUp from './aws/efs-file-system-backed-up.ts';
import awsEfsFileSystemEncrypted from './aws/efs-file-system-encrypted.ts';
import awsElasticacheBackedUp from './aws/elasticache-backed-up.ts';
import awsElasticacheClusterBackedUp from './aws/elasticache-cluster-backed-up.ts';
import awsElasticacheClusterEncrypted from './aws/elasticache-cluster-encrypted.ts';
import awsElasticacheClusterEncryptedInTransit from './aws/elasticache-cluster-encrypted-in-transit.ts';
import awsElasticacheEncrypted from './aws/elasticache-encrypted.ts';
import awsElasticacheEncryptedInTransit from './aws/elasticache-encrypted-in-transit.ts';
import awsFederatedIdentitiesHaveMfa from './aws/federated-identities-have-mfa.ts';
import awsGuarddutyEnabled from './aws/guardduty-enabled.ts';
import awsGuarddutyFindingsHandledInTime from './aws/guardduty-findings-handled-in-time.ts';
import awsGuarddutyProtectionPlansOn from './aws/guardduty-protection-plans-on.ts';
import awsHumanAccessIsFederated from './aws/human-access-is-federated.ts';
import awsIdentityCenterUserHasMfa from './aws/identity-center-user-has-mfa.ts';
import awsImdsv2RequiredByDefault from './aws/imdsv2-required-by-default.ts';
import awsInlinePolicyHasNoFullAdministration from './aws/inline-policy-has-no-full-administration.ts';
import awsInstanceRequiresImdsv2 from './aws/instance-requires-imdsv2.ts';
import awsKmsKeyAdministratorsAreNotUsers from './aws/kms-key-administrators-are-not-users.ts';
import awsKmsKeyNotPendingDeletion from './aws/kms-key-not-pending-deletion.ts';
import awsKmsKeyPolicyIsNotPublic from './aws/kms-key-policy-is-not-public.ts';
import awsKmsKeyRotates from './aws/kms-key-rotates.ts';
import awsLogBucketIsImmutable from './aws/log-bucket-is-immutable.ts';
import awsLogBucketIsNotPublic from './aws/log-bucket-is-not-public.ts';
import awsLogTamperingRightsAreSeparate from './aws/log-tampering-rights-are-separate.ts';
import awsMultiRegionTrailLogs from './aws/multi-region-trail-logs.ts';
import awsOpensearchDomainEncrypted from './aws/opensearch-domain-encrypted.ts';
import awsOpensearchDomainEncryptedBetweenNodes from './aws/opensearch-domain-encrypted-between-nodes.ts';
import awsOpensearchDomainIsNotPublic from './aws/opensearch-domain-is-not-public.ts';
import awsOpensearchDomainRequiresHttps from './aws/opensearch-domain-requires-https.ts';
import awsPasswordPolicyComplexity from './aws/password-policy-complexity.ts';
import awsPasswordPolicyMinimumLength from './aws/password-policy-minimum-length.ts';
import awsPasswordPolicyReusePrevention from './aws/password-policy-reuse-prevention.ts';
import awsPasswordPolicySet from './aws/password-policy-set.ts';
import awsPolicyLimitsAssumeRole from './aws/policy-limits-assume-role.ts';
import awsProductionRoleNotAssumableFromNonProduction from './aws/production-role-not-assumable-from-non-production.ts';
import awsRdsClusterBackedUp from './aws/rds-cluster-backed-up.ts';
import awsRdsClusterDeletionProtected from './aws/rds-cluster-deletion-protected.ts';
import awsRdsClusterEncrypted from './aws/rds-cluster-encrypted.ts';
import awsRdsClusterMultiAz from './aws/rds-cluster-multi-az.ts';
import awsRdsInstanceBackedUp from './aws/rds-instance-backed-up.ts';
import awsRdsInstanceDeletionProtected from './aws/rds-instance-deletion-protected.ts';
import awsRdsInstanceEncrypted from './aws/rds-instance-encrypted.ts';
import awsRdsInstanceIsNotPublic from './aws/rds-instance-is-not-public.ts';
import awsRdsInstanceMultiAz from './aws/rds-instance-multi-az.ts';
import awsRdsSnapshotEncrypted from './aws/rds-snapshot-encrypted.ts';
import awsRdsSnapshotIsNotPublic from './aws/rds-snapshot-is-not-public.ts';
import awsRedshiftClusterBackedUp from './aws/redshift-cluster-backed-up.ts';
import awsRedshiftClusterEncrypted from './aws/redshift-cluster-encrypted.ts';
import awsRedshiftClusterIsNotPublic from './aws/redshift-cluster-is-not-public.ts';
import awsRoleUsedRecently from './aws/role-used-recently.ts';
import awsRootUserHasHardwareMfa from './aws/root-user-has-hardware-mfa.ts';
import awsRootUserHasMfa from './aws/root-user-has-mfa.ts';
import awsRootUserHasNoAccessKey from './aws/root-user-has-no-access-key.ts';
import awsRootUserHasNoSigningCertificate from './aws/root-user-has-no-signing-certificate.ts';
import awsRootUserNotUsedRecently from './aws/root-user-not-used-recently.ts';
import awsS3AccountBlocksPublicAccess from './aws/s3-account-blocks-public-access.ts';
import awsS3BucketAclsDisabled from './aws/s3-bucket-acls-disabled.ts';
import awsS3BucketCrossAccountAccessIsApproved from './aws/s3-bucket-cross-account-access-is-approved.ts';
import awsS3BucketEncrypted from './aws/s3-bucket-encrypted.ts';
import awsS3BucketEncryptedWithKms from './aws/s3-bucket-encrypted-with-kms.ts';
import awsS3BucketHasLifecycle from './aws/s3-bucket-has-lifecycle.ts';
import awsS3BucketHasObjectLock from './aws/s3-bucket-has-object-lock.ts';
import awsS3BucketIsNotPublic from './aws/s3-bucket-is-not-public.ts';
import awsS3BucketLogsAccess from './aws/s3-bucket-logs-access.ts';
import awsS3BucketRequiresTls from './aws/s3-bucket-requires-tls.ts';
import awsS3BucketVersioned from './aws/s3-bucket-versioned.ts';
import awsSecurityGroupNoAdminPortsFromInternet from './aws/security-group-no-admin-ports-from-internet.ts';
import awsSecurityGroupNoDatabasePortsFromInternet from './aws/security-group-no-database-ports-from-internet.ts';
import awsSecurityGroupNotOpenToInternet from './aws/security-group-not-open-to-internet.ts';
import awsTrailDeliversWithoutErrors from './aws/trail-delivers-without-errors.ts';
import awsTrailEncryptedWithKms from './aws/trail-encrypted-with-kms.ts';
import awsTrailIsLogging from './aws/trail-is-logging.ts';
import awsTrailRecordsManagementEvents from './aws/trail-records-management-events.ts';
import awsTrailValidatesLogFiles from './aws/trail-validates-log-files.ts';
import awsUserHasAtMostOneActiveKey from './aws/user-has-at-most-one-active-key.ts';
import awsUserHasNoDirectPolicies from './aws/user-has-no-direct-policies.ts';
import awsVpcHasFlowLogs from './aws/vpc-has-flow-logs.ts';
import entityAccessReviewWasHeld from './entity/access-review-was-held.ts';
import entityAccountBelongsToSomeone from './entity/account-belongs-to-someone.ts';
import entityAccountIsNotShared from './entity/account-is-not-shared.ts';
import entityAccountNotUsedAfterLeaving from './entity/account-not-used-after-leaving.ts';
import entityActWasDoneByTwo from './entity/act-was-done-by-two.ts';
import entityActsWereLookedAt from './entity/acts-were-looked-at.ts';
import entityDocumentWasHandedIn from './entity/document-was-handed-in.ts';
import entityDutiesAreKeptApart from './entity/duties-are-kept-apart.ts';
import entityLeaverHasNoLiveAccount from './entity/leaver-has-no-live-account.ts';
import entityMoverKeepsNoFormerAccess from './entity/mover-keeps-no-former-access.ts';
import entityPersonIsUnique from './entity/person-is-unique.ts';
import entityRecordsHold from './entity/records-hold.ts';
import entityReviewDecidedByOthers from './entity/review-decided-by-others.ts';
import entityReviewExceptionNotExpired from './entity/review-exception-not-expired.ts';
import entityReviewRosterIsComplete from './entity/review-roster-is-complete.ts';
import entityRevocationIsCarriedOut from './entity/revocation-is-carried-out.ts';
import entityRosterAgreesWithAccounts from './entity/roster-agrees-with-accounts.ts';
import entityRosterIsConsistent from './entity/roster-is-consistent.ts';
import entitySeparationRuleWasEvaluated from './entity/separation-rule-was-evaluated.ts';
import entityServiceAccountIsOwned from './entity/service-account-is-owned.ts';
import entitySubserviceReportReachesToday from './entity/subservice-report-reaches-today.ts';
import entityUserEntityControlIsReviewed from './entity/user-entity-control-is-reviewed.ts';
import githubActionsAreRestricted from './github/actions-are-restricted.ts';
import githubBasePermissionIsRestricted from './github/base-permission-is-restricted.ts';
import githubChangeApprovedByAnother from './github/change-approved-by-another.ts';
import githubChangeCameThroughPullRequest from './github/change-came-through-pull-request.ts';
import githubChangeChecksSucceeded from './github/change-checks-succeeded.ts';
import githubDefaultBranchBlocksDeletion from './github/default-branch-blocks-deletion.ts';
import githubDefaultBranchBlocksForcePush from './github/default-branch-blocks-force-push.ts';
import githubDefaultBranchDismissesStaleApprovals from './github/default-branch-dismisses-stale-approvals.ts';
import githubDefaultBranchHasNoBypass from './github/default-branch-has-no-bypass.ts';
import githubDefaultBranchRequiresApproval from './github/default-branch-requires-approval.ts';
import githubDefaultBranchRequiresLastPushApproval from './github/default-branch-requires-last-push-approval.ts';
import githubDefaultBranchRequiresPullRequest from './github/default-branch-requires-pull-request.ts';
import githubDefaultBranchRequiresStatusChecks from './github/default-branch-requires-status-checks.ts';
import githubDependabotAlertsHandledInTime from './github/dependabot-alerts-handled-in-time.ts';
import githubDependabotAlertsOn from './github/dependabot-alerts-on.ts';
import githubMemberHasTwoFactor from './github/member-has-two-factor.ts';
import githubMemberTwoFactorIsSecure from './github/member-two-factor-is-secure.ts';
import githubOrganisationOwnerCount from './github/organisation-owner-count.ts';
import githubOrganisationRequiresTwoFactor from './github/organisation-requires-two-factor.ts';
import githubOutsideCollaboratorHasNoAdmin from './github/outside-collaborator-has-no-admin.ts';
import githubOutsideCollaboratorHasTwoFactor from './github/outside-collaborator-has-two-factor.ts';
import githubProductionBranchIsProtected from './github/production-branch-is-protected.ts';
import githubProductionEnvironmentRequiresReviewers from './github/production-environment-requires-reviewers.ts';
import githubPushProtectionOn from './github/push-protection-on.ts';
import githubRepositoryCreationIsLimited from './github/repository-creation-is-limited.ts';
import githubRepositoryDeletionIsLimited from './github/repository-deletion-is-limited.ts';
import githubSecretAlertsHandledInTime from './github/secret-alerts-handled-in-time.ts';
import githubSecretScanningOn from './github/secret-scanning-on.ts';
import githubWorkflowTokenIsReadOnly from './github/workflow-token-is-read-only.ts';
import githubWorkflowsCannotApprovePullRequests from './github/workflows-cannot-approve-pull-requests.ts';
import oktaAdministratorIsApproved from './okta/administrator-is-approved.ts';
import oktaPasswordPolicyIsStrong from './okta/password-policy-is-strong.ts';
import oktaSignOnPolicyRequiresSecondFactor from './okta/sign-on-policy-requires-second-factor.ts';
import oktaSuperAdministratorCount from './okta/super-administrator-count.ts';
import oktaUserHasSecondFactor from './okta/user-has-second-factor.ts';
import oktaUserSecondFactorIsSecure from './okta/user-second-factor-is-secure.ts';
import oktaUserUsedRecently from './okta/user-used-recently.ts';

/** Every shipped check, by id. */
const checks: readonly Check[] = [
  awsAccessKeyRotated,
  awsAccessKeyUsedRecently,
  awsAdministratorAccessIsApproved,
  awsAdministratorUserHasMfa,
  awsConfigDeliverySucceeds,
  awsConfigRecorderRecordsEverything,
  awsConsolePasswordUsedRecently,
  awsConsoleUserHasMfa,
  awsCrossAccountTrustIsApproved,
  awsCustomerPolicyHasNoFullAdministration,
  awsDefaultSecurityGroupClosed,
  awsDynamodbTableEncrypted,
  awsDynamodbTablePointInTimeRecovery,
  awsEbsEncryptionByDefault,
  awsEbsSnapshotEncrypted,
  awsEbsSnapshotIsNotPublic,
  awsEbsVolumeEncrypted,
  awsEfsFileSystemBackedUp,
  awsEfsFileSystemEncrypted,
  awsElasticacheBackedUp,
  awsElasticacheClusterBackedUp,
  awsElasticacheClusterEncrypted,
  awsElasticacheClusterEncryptedInTransit,
  awsElasticacheEncrypted,
  awsElasticacheEncryptedInTransit,
  awsFederatedIdentitiesHaveMfa,
  awsGuarddutyEnabled,
  awsGuarddutyFindingsHandledInTime,
  awsGuarddutyProtectionPlansOn,
  awsHumanAccessIsFederated,
  awsIdentityCenterUserHasMfa,
  awsImdsv2RequiredByDefault,
  awsInlinePolicyHasNoFullAdministration,
  awsInstanceRequiresImdsv2,
  awsKmsKeyAdministratorsAreNotUsers,
  awsKmsKeyNotPendingDeletion,
  awsKmsKeyPolicyIsNotPublic,
  awsKmsKeyRotates,
  awsLogBucketIsImmutable,
  awsLogBucketIsNotPublic,
  awsLogTamperingRightsAreSeparate,
  awsMultiRegionTrailLogs,
  awsOpensearchDomainEncrypted,
  awsOpensearchDomainEncryptedBetweenNodes,
  awsOpensearchDomainIsNotPublic,
  awsOpensearchDomainRequiresHttps,
  awsPasswordPolicyComplexity,
  awsPasswordPolicyMinimumLength,
  awsPasswordPolicyReusePrevention,
  awsPasswordPolicySet,
  awsPolicyLimitsAssumeRole,
  awsProductionRoleNotAssumableFromNonProduction,
  awsRdsClusterBackedUp,
  awsRdsClusterDeletionProtected,
  awsRdsClusterEncrypted,
  awsRdsClusterMultiAz,
  awsRdsInstanceBackedUp,
  awsRdsInstanceDeletionProtected,
  awsRdsInstanceEncrypted,
  awsRdsInstanceIsNotPublic,
  awsRdsInstanceMultiAz,
  awsRdsSnapshotEncrypted,
  awsRdsSnapshotIsNotPublic,
  awsRedshiftClusterBackedUp,
  awsRedshiftClusterEncrypted,
  awsRedshiftClusterIsNotPublic,
  awsRoleUsedRecently,
  awsRootUserHasHardwareMfa,
  awsRootUserHasMfa,
  awsRootUserHasNoAccessKey,
  awsRootUserHasNoSigningCertificate,
  awsRootUserNotUsedRecently,
  awsS3AccountBlocksPublicAccess,
  awsS3BucketAclsDisabled,
  awsS3BucketCrossAccountAccessIsApproved,
  awsS3BucketEncrypted,
  awsS3BucketEncryptedWithKms,
  awsS3BucketHasLifecycle,
  awsS3BucketHasObjectLock,
  awsS3BucketIsNotPublic,
  awsS3BucketLogsAccess,
  awsS3BucketRequiresTls,
  awsS3BucketVersioned,
  awsSecurityGroupNoAdminPortsFromInternet,
  awsSecurityGroupNoDatabasePortsFromInternet,
  awsSecurityGroupNotOpenToInternet,
  awsTrailDeliversWithoutErrors,
  awsTrailEncryptedWithKms,
  awsTrailIsLogging,
  awsTrailRecordsManagementEvents,
  awsTrailValidatesLogFiles,
  awsUserHasAtMostOneActiveKey,
  awsUserHasNoDirectPolicies,
  awsVpcHasFlowLogs,
  entityAccessReviewWasHeld,
  entityAccountBelongsToSomeone,
  entityAccountIsNotShared,
  entityAccountNotUsedAfterLeaving,
  entityActWasDoneByTwo,
  entityActsWereLookedAt,
  entityDocumentWasHandedIn,
  entityDutiesAreKeptApart,
  entityLeaverHasNoLiveAccount,
  entityMoverKeepsNoFormerAccess,
  entityPersonIsUnique,
  entityRecordsHold,
  entityReviewDecidedByOthers,
  entityReviewExceptionNotExpired,
  entityReviewRosterIsComplete,
  entityRevocationIsCarriedOut,
  entityRosterAgreesWithAccounts,
  entityRosterIsConsistent,
  entitySeparationRuleWasEvaluated,
  entityServiceAccountIsOwned,
  entitySubserviceReportReachesToday,
  entityUserEntityControlIsReviewed,
  githubActionsAreRestricted,
  githubBasePermissionIsRestricted,
  githubChangeApprovedByAnother,
  githubChangeCameThroughPullRequest,
  githubChangeChecksSucceeded,
  githubDefaultBranchBlocksDeletion,
  githubDefaultBranchBlocksForcePush,
  githubDefaultBranchDismissesStaleApprovals,
  githubDefaultBranchHasNoBypass,
  githubDefaultBranchRequiresApproval,
  githubDefaultBranchRequiresLastPushApproval,
  githubDefaultBranchRequiresPullRequest,
  githubDefaultBranchRequiresStatusChecks,
  githubDependabotAlertsHandledInTime,
  githubDependabotAlertsOn,
  githubMemberHasTwoFactor,
  githubMemberTwoFactorIsSecure,
  githubOrganisationOwnerCount,
  githubOrganisationRequiresTwoFactor,
  githubOutsideCollaboratorHasNoAdmin,
  githubOutsideCollaboratorHasTwoFactor,
  githubProductionBranchIsProtected,
  githubProductionEnvironmentRequiresReviewers,
  githubPushProtectionOn,
  githubRepositoryCreationIsLimited,
  githubRepositoryDeletionIsLimited,
  githubSecretAlertsHandledInTime,
  githubSecretScanningOn,
  githubWorkflowTokenIsReadOnly,
  githubWorkflowsCannotApprovePullRequests,
  oktaAdministratorIsApproved,
  oktaPasswordPolicyIsStrong,
  oktaSignOnPolicyRequiresSecondFactor,
  oktaSuperAdministratorCount,
  oktaUserHasSecondFactor,
  oktaUserSecondFactorIsSecure,
  oktaUserUsedRecently,
];
export default checks;
