import { type ChangeFields, type ItemRule, type JsonObject, z } from '../../src/authoring.ts';
import { carriedEvents, wideEvents } from './change-events.ts';
import { given } from './stated.ts';

/**
 * One record of CloudTrail, as `LookupEvents` gives it (as text) and as a trail's log files hold it. Of what was asked only the fields that
 * name what was changed, and few that say to what; never a document, a tag's value or a secret.
 */
const parameters = [
  ...['name', 'trailName', 's3BucketName', 'isMultiRegionTrail', 'enableLogFileValidation', 'includeGlobalServiceEvents', 'kmsKeyId'],
  ...['userName', 'newUserName', 'groupName', 'newGroupName', 'roleName', 'policyName', 'policyArn', 'versionId', 'setAsDefault'],
  ...['serialNumber', 'virtualMFADeviceName', 'status', 'sAMLProviderArn', 'openIDConnectProviderArn', 'permissionsBoundary'],
  ...['minimumPasswordLength', 'requireSymbols', 'requireNumbers', 'requireUppercaseCharacters', 'requireLowercaseCharacters'],
  ...['allowUsersToChangePassword', 'maxPasswordAge', 'passwordReusePrevention', 'hardExpiry', 'aWSServiceName'],
  ...['bucketName', 'accountId', 'PublicAccessBlockConfiguration', 'publicAccessBlockConfiguration', 'VersioningConfiguration.Status'],
  ...['keyId', 'aliasName', 'targetKeyId', 'pendingWindowInDays', 'rotationPeriodInDays'],
  ...['groupId', 'ipPermissions', 'ModifySecurityGroupRulesRequest.GroupId', 'prefixListId', 'vpcId'],
  ...['snapshotId', 'createVolumePermission', 'attributeType', 'resourceIds', 'state'],
  ...['dBSnapshotIdentifier', 'dBClusterSnapshotIdentifier', 'attributeName', 'valuesToAdd', 'valuesToRemove'],
  ...['configurationRecorderName', 'configurationRecorder.name', 'deliveryChannelName', 'detectorId', 'enable'],
].map((field) => `requestParameters.${field}`);
const recordFields = [
  ...['eventID', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'readOnly', 'eventType', 'recipientAccountId'],
  ...['errorCode', 'sourceIPAddress', 'userIdentity.type', 'userIdentity.arn', 'userIdentity.principalId', 'userIdentity.accountId'],
  ...['userIdentity.userName', 'userIdentity.invokedBy', 'userIdentity.sessionContext.sessionIssuer.arn'],
  ...['userIdentity.sessionContext.attributes.mfaAuthenticated', 'sharedEventID', 'requestID', 'responseElements.ConsoleLogin'],
  ...['additionalEventData.MFAUsed', 'additionalEventData.LoginTo', ...parameters],
];

/** Allow-list of a record that lies below `at` of an item, or is the item. */
export function keptOfRecord(at?: string): ItemRule['keep'] {
  return at === undefined ? recordFields : recordFields.map((field) => `${at}.${field}`);
}

const text = given(z.string());
/** `null` where a request has none. */
const asked = given(z.looseObject({}).nullable());
export const TrailRecord = z.looseObject({
  eventID: z.string().min(1),
  eventTime: z.iso.datetime(),
  eventSource: z.string(),
  eventName: z.string(),
  awsRegion: z.string(),
  errorCode: text,
  recipientAccountId: text,
  userIdentity: z
    .looseObject({ type: text, arn: text, userName: text, invokedBy: text, principalId: text })
    .nullish()
    .transform((who) => who ?? {}),
  requestParameters: asked,
  responseElements: given(z.looseObject({ ConsoleLogin: text }).nullable()),
});
export type TrailRecord = z.output<typeof TrailRecord>;

const carried = new Set(carriedEvents);

/** Whether a record is of those that are kept: what changes something a check looks at, and everything the root user does. */
export function isCarried(record: JsonObject): boolean {
  const { eventSource: source, eventName: name, userIdentity: who } = record;
  const isRoot = typeof who === 'object' && who !== null && 'type' in who && who.type === 'Root';
  return (typeof source === 'string' && typeof name === 'string' && carried.has(`${source}:${name}`)) || isRoot;
}

/** The fields of a change event (see `changeFields`). `more`: names the source itself gives beside the request's own. */
export function changeOf(record: TrailRecord, account: string, more: readonly string[] = []): ChangeFields {
  const name = `${record.eventSource}:${record.eventName}`;
  const { userIdentity: who } = record;
  return {
    eventId: record.eventID,
    at: new Date(record.eventTime).toISOString(),
    name,
    actor: who.arn ?? (who.type === 'Root' ? 'root user' : undefined) ?? who.userName ?? who.invokedBy ?? who.principalId ?? null,
    about: aboutOf(record, name, account, more),
    region: record.awsRegion,
    // A sign-in that was turned away has no error code, only the word for it.
    refused: (record.errorCode ?? '') !== '' || record.responseElements?.ConsoleLogin === 'Failure',
  };
}

/** Request parameters that name what is changed. */
const naming = [
  ...['name', 'trailName', 'userName', 'newUserName', 'groupName', 'newGroupName', 'roleName', 'policyArn', 'policyName'],
  ...['sAMLProviderArn', 'openIDConnectProviderArn', 'bucketName', 'keyId', 'targetKeyId', 'aliasName', 'groupId', 'vpcId', 'snapshotId'],
  ...['dBSnapshotIdentifier', 'dBClusterSnapshotIdentifier', 'configurationRecorderName', 'deliveryChannelName', 'detectorId'],
] as const;

function aboutOf(record: TrailRecord, name: string, account: string, more: readonly string[]): string[] {
  const request: Readonly<Record<string, unknown>> = record.requestParameters ?? {};
  const named = naming.flatMap((field) => (typeof request[field] === 'string' ? [request[field]] : []));
  const nested = [inside(request['ModifySecurityGroupRulesRequest'], 'GroupId'), inside(request['configurationRecorder'], 'name')];
  const lists = inside(request['resourceIds'], 'items');
  const found = [
    ...named,
    ...nested.filter((one) => typeof one === 'string'),
    ...(Array.isArray(request['resourceIds']) ? request['resourceIds'].filter((one) => typeof one === 'string') : []),
    ...(Array.isArray(lists) ? lists.filter((one) => typeof one === 'string') : []),
    ...more,
  ];
  const owner = [request['userName'], request['groupName'], request['roleName']].find((one) => typeof one === 'string');
  const isUnnamed = found.length === 0 && record.userIdentity.type !== 'Root';
  return [
    ...new Set([
      ...found.flatMap(namesIn),
      // An inline policy goes by its owner and its own name.
      ...(typeof owner === 'string' && typeof request['policyName'] === 'string' ? [`${owner}/${request['policyName']}`] : []),
      ...ownOf(record, request),
      ...(wideEvents.has(name) || isUnnamed ? ['*'] : []),
      ...[account, `account ${account}`, record.awsRegion],
    ]),
  ].sort();
}

/** What is done by somebody to himself: a sign-in, a new password, the root user's second factor. */
function ownOf({ userIdentity: who, eventName }: TrailRecord, request: Readonly<Record<string, unknown>>): string[] {
  const device = request['serialNumber'];
  const isRoots = typeof device === 'string' && device.includes('root-account-mfa-device');
  if (isRoots || (who.type === 'Root' && typeof request['userName'] !== 'string')) return ['root', 'root user', '<root_account>'];
  const isOwn = eventName === 'ConsoleLogin' || typeof request['userName'] !== 'string';
  return isOwn && who.type === 'IAMUser' && who.userName !== undefined ? [who.userName] : [];
}

/** A name as given, and of an ARN or an alias also the name at its end. */
function namesIn(name: string): string[] {
  const tail = name.split(/[:/]/).at(-1);
  return tail === undefined || tail === '' || tail === name ? [name] : [name, tail];
}
function inside(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && field in value ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}
