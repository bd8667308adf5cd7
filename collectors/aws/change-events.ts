/**
 * The events of CloudTrail that say how something a check looks at was changed, by what they change. A resource type names the lists that
 * can alter it (`changedBy`), and the collectors of events carry all of them.
 */
const of =
  (source: string) =>
  (...names: readonly string[]): readonly string[] =>
    names.map((name) => `${source}.amazonaws.com:${name}`);
const cloudtrail = of('cloudtrail');
const iam = of('iam');
const s3 = of('s3');
const kms = of('kms');
const ec2 = of('ec2');
const rds = of('rds');
const config = of('config');
const guardduty = of('guardduty');

export const trailEvents = cloudtrail(
  ...['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors', 'PutInsightSelectors'],
);
/** Also refused ones, and every one of the root user: who signed in, and whether with a second factor. */
export const signInEvents = of('signin')('ConsoleLogin');

/** What one can sign in with. A key that is used, or a password, changes nothing and is not among them. */
export const credentialEvents = iam(
  ...['CreateUser', 'DeleteUser', 'UpdateUser', 'CreateLoginProfile', 'UpdateLoginProfile', 'DeleteLoginProfile', 'ChangePassword'],
  ...['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey', 'UploadSigningCertificate', 'UpdateSigningCertificate'],
  ...['DeleteSigningCertificate', 'EnableMFADevice', 'DeactivateMFADevice', 'CreateVirtualMFADevice', 'DeleteVirtualMFADevice'],
);
/** What a user, a group or a role may do, and who may be one. */
export const userEvents = iam(
  ...['TagUser', 'UntagUser', 'AddUserToGroup', 'RemoveUserFromGroup', 'AttachUserPolicy', 'DetachUserPolicy', 'PutUserPolicy'],
  ...['DeleteUserPolicy', 'PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary'],
);
export const groupEvents = iam(
  ...['CreateGroup', 'DeleteGroup', 'UpdateGroup', 'AttachGroupPolicy', 'DetachGroupPolicy', 'PutGroupPolicy', 'DeleteGroupPolicy'],
);
export const roleEvents = iam(
  ...['CreateRole', 'DeleteRole', 'UpdateRole', 'UpdateAssumeRolePolicy', 'TagRole', 'UntagRole', 'AttachRolePolicy', 'DetachRolePolicy'],
  ...['PutRolePolicy', 'DeleteRolePolicy', 'PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary', 'CreateServiceLinkedRole'],
  ...['DeleteServiceLinkedRole'],
);
export const policyEvents = iam('CreatePolicy', 'DeletePolicy', 'CreatePolicyVersion', 'DeletePolicyVersion', 'SetDefaultPolicyVersion');
export const inlinePolicyEvents = iam(
  ...['PutUserPolicy', 'DeleteUserPolicy', 'PutGroupPolicy', 'DeleteGroupPolicy', 'PutRolePolicy', 'DeleteRolePolicy'],
);
export const passwordPolicyEvents = iam('UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy');
export const identityProviderEvents = iam(
  ...['CreateSAMLProvider', 'UpdateSAMLProvider', 'DeleteSAMLProvider', 'CreateOpenIDConnectProvider', 'DeleteOpenIDConnectProvider'],
  ...['UpdateOpenIDConnectProviderThumbprint', 'AddClientIDToOpenIDConnectProvider', 'RemoveClientIDFromOpenIDConnectProvider'],
);

/** S3's public access block is written to CloudTrail under a name of its own, with `Bucket` in it; both are taken. */
export const publicAccessBlockEvents = s3(
  ...['PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'PutPublicAccessBlock', 'DeletePublicAccessBlock'],
);
export const bucketEvents = [
  ...s3(
    ...['CreateBucket', 'DeleteBucket', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketOwnershipControls'],
    ...['DeleteBucketOwnershipControls', 'PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketVersioning', 'PutBucketLogging'],
    ...['PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle', 'PutBucketReplication'],
    ...['DeleteBucketReplication', 'PutBucketObjectLockConfiguration', 'PutObjectLockConfiguration', 'PutBucketTagging'],
    ...['DeleteBucketTagging'],
  ),
  ...publicAccessBlockEvents,
];
export const accountPublicAccessEvents = s3('PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock');

export const keyEvents = kms(
  ...['CreateKey', 'EnableKey', 'DisableKey', 'ScheduleKeyDeletion', 'CancelKeyDeletion', 'DeleteKey', 'EnableKeyRotation'],
  ...['DisableKeyRotation', 'PutKeyPolicy', 'ReplicateKey', 'UpdatePrimaryRegion', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'],
  ...['CreateAlias', 'UpdateAlias', 'DeleteAlias'],
);
export const securityGroupEvents = ec2(
  ...['CreateSecurityGroup', 'DeleteSecurityGroup', 'AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'],
  ...['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'ModifySecurityGroupRules', 'ModifyManagedPrefixList'],
);
export const snapshotEvents = ec2(
  ...['CreateSnapshot', 'CreateSnapshots', 'CopySnapshot', 'DeleteSnapshot', 'ModifySnapshotAttribute', 'ResetSnapshotAttribute'],
);
export const blockStoreDefaultEvents = ec2(
  ...['EnableEbsEncryptionByDefault', 'DisableEbsEncryptionByDefault', 'ModifyEbsDefaultKmsKeyId', 'ResetEbsDefaultKmsKeyId'],
  ...['EnableSnapshotBlockPublicAccess', 'DisableSnapshotBlockPublicAccess', 'EnableImageBlockPublicAccess'],
  ...['DisableImageBlockPublicAccess'],
);
export const metadataDefaultEvents = ec2('ModifyInstanceMetadataDefaults');
export const networkEvents = ec2('CreateVpc', 'CreateDefaultVpc', 'DeleteVpc', 'CreateFlowLogs', 'DeleteFlowLogs');
export const databaseSnapshotEvents = rds(
  ...['CreateDBSnapshot', 'CopyDBSnapshot', 'DeleteDBSnapshot', 'ModifyDBSnapshotAttribute', 'CreateDBClusterSnapshot'],
  ...['CopyDBClusterSnapshot', 'DeleteDBClusterSnapshot', 'ModifyDBClusterSnapshotAttribute'],
);
export const recorderEvents = config(
  ...['PutConfigurationRecorder', 'StartConfigurationRecorder', 'StopConfigurationRecorder', 'DeleteConfigurationRecorder'],
  ...['PutDeliveryChannel', 'DeleteDeliveryChannel'],
);
export const detectorEvents = guardduty('CreateDetector', 'UpdateDetector', 'DeleteDetector', 'DisassociateFromAdministratorAccount');

/** Everything that a window of CloudTrail's record is searched for. Sorted, each once. */
export const carriedEvents: readonly string[] = [
  ...new Set([
    ...[trailEvents, signInEvents, credentialEvents, userEvents, groupEvents, roleEvents, policyEvents, inlinePolicyEvents].flat(),
    ...[passwordPolicyEvents, identityProviderEvents, bucketEvents, accountPublicAccessEvents, keyEvents, securityGroupEvents].flat(),
    ...[snapshotEvents, blockStoreDefaultEvents, metadataDefaultEvents, networkEvents, databaseSnapshotEvents].flat(),
    ...[recorderEvents, detectorEvents].flat(),
  ]),
].sort();

/** What of these reaches further than to the subject that it names. */
export const wideEvents: ReadonlySet<string> = new Set([
  ...groupEvents,
  ...policyEvents,
  ...kms('CreateAlias', 'UpdateAlias', 'DeleteAlias'),
  ...accountPublicAccessEvents,
  ...blockStoreDefaultEvents,
  ...ec2('ModifyManagedPrefixList'),
  ...iam('CreateVirtualMFADevice'),
]);
