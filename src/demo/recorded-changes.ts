import type { JsonObject } from '../model/json.ts';
import { homeRegion, productionId, type RegionName, stagingId } from './aws-estate.ts';
import { organisationLogin } from './github-estate.ts';
import { githubId, uuid } from './native-id.ts';

/** What CloudTrail recorded of something that happened. */
export interface TrailEvent {
  readonly account: 'production' | 'staging';
  readonly region: RegionName;
  /** `s3`, `iam`, ... */
  readonly service: string;
  readonly name: string;
  /** Login of who did it, through Identity Center; `root`: the root user. */
  readonly by: string;
  readonly request: JsonObject;
  /** Seconds after the change it is part of. */
  readonly after?: number;
}
/** What GitHub's audit log recorded of it. */
export interface AuditEntry {
  readonly action: string;
  readonly by: string;
  /** Name of the repository, without the organisation's. */
  readonly repository?: string;
  readonly fields?: JsonObject;
  readonly after?: number;
}

/** A change in IAM, which has no region and is recorded in us-east-1. */
export const iamEvent = (name: string, by: string, request: JsonObject, after = 0): TrailEvent => ({
  account: 'production',
  region: 'us-east-1',
  service: 'iam',
  name,
  by,
  request,
  after,
});
export const bucketEvent = (name: string, by: string, bucketName: string, after = 0): TrailEvent => ({
  account: 'production',
  region: homeRegion,
  service: 's3',
  name,
  by,
  request: { bucketName },
  after,
});
export const awsEvent = (account: TrailEvent['account'], service: string, name: string, by: string, request: JsonObject): TrailEvent => ({
  account,
  region: homeRegion,
  service,
  name,
  by,
  request,
});
export const audit = (action: string, by: string, fields: JsonObject = {}, repository?: string): AuditEntry => ({
  action,
  by,
  fields,
  ...(repository === undefined ? {} : { repository }),
});

const accountIds = { production: productionId, staging: stagingId } as const;
const signOnRole = {
  production: 'AWSReservedSSO_PlatformAdministrators_2cca3329f7e44f15',
  staging: 'AWSReservedSSO_PlatformAdministrators_8b26781aab8349f4',
} as const;

/** An event as `LookupEvents` hands it out: with the record itself as text. */
export function lookedUp(event: TrailEvent, at: string): JsonObject & { readonly EventTime: string } {
  const account = accountIds[event.account];
  const time = new Date(Date.parse(at) + (event.after ?? 0) * 1000).toISOString();
  const id = uuid(`event ${time} ${event.service} ${event.name} ${JSON.stringify(event.request)}`);
  const isRoot = event.by === 'root';
  const identity = isRoot
    ? { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account }
    : {
        type: 'AssumedRole',
        principalId: `AROAEXAMPLE:${event.by}`,
        arn: `arn:aws:sts::${account}:assumed-role/${signOnRole[event.account]}/${event.by}`,
        accountId: account,
        sessionContext: { attributes: { mfaAuthenticated: 'true' } },
      };
  const names = Object.values(event.request).filter((value) => typeof value === 'string');
  return {
    EventId: id,
    EventName: event.name,
    ReadOnly: 'false',
    EventTime: time,
    EventSource: `${event.service}.amazonaws.com`,
    Username: event.by,
    Resources: names.map((ResourceName) => ({ ResourceName })),
    CloudTrailEvent: JSON.stringify({
      eventVersion: '1.11',
      userIdentity: identity,
      eventTime: `${time.slice(0, 19)}Z`,
      eventSource: `${event.service}.amazonaws.com`,
      eventName: event.name,
      awsRegion: event.region,
      sourceIPAddress: '198.51.100.24',
      requestParameters: event.request,
      responseElements: null,
      requestID: uuid(`request of ${id}`),
      eventID: id,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
    }),
  };
}

/** An entry as the audit log's REST endpoint hands it out. */
export function logged(entry: AuditEntry, at: string): JsonObject & { readonly '@timestamp': number } {
  const time = Date.parse(at) + (entry.after ?? 0) * 1000;
  return {
    _document_id: Buffer.from(
      uuid(`audit ${time} ${entry.action} ${JSON.stringify(entry.fields ?? {})} ${entry.repository ?? ''}`),
    ).toString('base64url'),
    '@timestamp': time,
    created_at: time,
    action: entry.action,
    actor: entry.by,
    actor_id: githubId(entry.by),
    actor_is_bot: false,
    org: organisationLogin,
    org_id: githubId(organisationLogin),
    ...(entry.repository === undefined
      ? {}
      : { repo: `${organisationLogin}/${entry.repository}`, repo_id: githubId(entry.repository), public_repo: false }),
    ...entry.fields,
  };
}
