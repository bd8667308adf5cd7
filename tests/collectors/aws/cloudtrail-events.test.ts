import { describe, expect, it } from 'vitest';
import collector from '../../../collectors/aws/cloudtrail-events/collector.ts';
import source from '../../../collectors/aws/source.ts';
import { collectWith, denied, paged, replay } from '../replay.ts';

const operation = 'cloudtrail:LookupEvents';
const window = { from: '2026-01-14T12:00:00.000Z', to: '2026-01-15T12:00:00.000Z', backfill: false };

/** An event as LookupEvents gives it: the record beside it as text. */
function event(id: string, name: string, more: object = {}, beside: object = {}) {
  const record = {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:ana',
      arn: 'arn:aws:sts::111122223333:assumed-role/Admin/ana',
      accountId: '111122223333',
      accessKeyId: 'ASIAEXAMPLEEXAMPLE22',
    },
    eventTime: '2026-01-15T08:00:00Z',
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: name,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '198.51.100.7',
    requestParameters: { name: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit' },
    responseElements: null,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...more,
  };
  return {
    EventId: id,
    EventName: name,
    ReadOnly: 'false',
    AccessKeyId: 'ASIAEXAMPLEEXAMPLE22',
    EventTime: new Date(record.eventTime),
    EventSource: record.eventSource,
    Username: 'ana',
    Resources: [{ ResourceType: 'AWS::CloudTrail::Trail', ResourceName: 'audit' }],
    CloudTrailEvent: JSON.stringify(record),
    ...beside,
  };
}
const root = { type: 'Root', principalId: '111122223333', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
const collect = (answers: Parameters<typeof replay>[0]) =>
  collectWith(collector, source, replay(answers).exchange, { region: 'eu-central-1', window });
const changesOf = async (...events: object[]) => (await collect({ [operation]: { Events: events } })).of('aws.cloudtrail.event');

describe('aws/cloudtrail-events', () => {
  it('asks one question for the window, in the shapes of the API', async () => {
    const { exchange, calls } = replay({ [operation]: { Events: [] } });
    const { completeness, evidence } = await collectWith(collector, source, exchange, { region: 'eu-central-1', window });
    expect(calls).toEqual([
      {
        operation,
        region: 'eu-central-1',
        input: {
          LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
          StartTime: window.from,
          EndTime: window.to,
          MaxResults: 50,
        },
      },
    ]);
    expect(completeness.kind).toBe('complete');
    expect(evidence.window).toEqual(window);
  });

  it('makes a change of what a check looks at, and leaves the rest', async () => {
    const events = [event('e1', 'StopLogging'), event('e2', 'CreateLogStream', { eventSource: 'logs.amazonaws.com' })];
    const [change, ...others] = await changesOf(...events);
    expect(others).toEqual([]);
    expect(change?.fields).toEqual({
      eventId: 'e1',
      at: '2026-01-15T08:00:00.000Z',
      name: 'cloudtrail.amazonaws.com:StopLogging',
      actor: 'arn:aws:sts::111122223333:assumed-role/Admin/ana',
      about: ['111122223333', 'account 111122223333', 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit', 'audit', 'eu-central-1'],
      region: 'eu-central-1',
      refused: false,
    });
  });

  it('keeps everything the root user does', async () => {
    const [change] = await changesOf(
      event('e1', 'CreateOrganization', { eventSource: 'organizations.amazonaws.com', userIdentity: root, requestParameters: null }),
    );
    expect(change?.fields).toMatchObject({ name: 'organizations.amazonaws.com:CreateOrganization', actor: root.arn });
    expect(change?.fields['about']).toContain('root user');
  });

  it.each([
    ['a refused request', { errorCode: 'AccessDenied', errorMessage: 'ana may not' }],
    [
      'a sign-in that was turned away',
      { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } },
    ],
  ])('says that %s changed nothing', async (_, more) => {
    const [change] = await changesOf(event('e1', 'StopLogging', more));
    expect(change?.fields['refused']).toBe(true);
  });

  it.each([
    ['a bucket', 's3', 'PutBucketPolicy', { bucketName: 'acme-exports', bucketPolicy: { Statement: [] } }, 'acme-exports'],
    ['a key by its ARN', 'kms', 'DisableKeyRotation', { keyId: 'arn:aws:kms:eu-central-1:111122223333:key/1a2b' }, '1a2b'],
    ['a security group', 'ec2', 'AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: { items: [] } }, 'sg-1'],
    ['rules of a group', 'ec2', 'ModifySecurityGroupRules', { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1' } }, 'sg-1'],
    ['an inline policy', 'iam', 'PutUserPolicy', { userName: 'ana', policyName: 'all', policyDocument: '{}' }, 'ana/all'],
    ['a policy by its ARN', 'iam', 'CreatePolicyVersion', { policyArn: 'arn:aws:iam::111122223333:policy/all' }, 'all'],
    ['the account', 's3', 'DeleteAccountPublicAccessBlock', { accountId: '111122223333' }, 'account 111122223333'],
    ['the password policy', 'iam', 'DeleteAccountPasswordPolicy', null, '111122223333'],
    ['the root user', 'iam', 'EnableMFADevice', { serialNumber: 'arn:aws:iam::111122223333:mfa/root-account-mfa-device' }, 'root user'],
    ['flow logs of a network', 'ec2', 'CreateFlowLogs', { resourceIds: ['vpc-1'] }, 'vpc-1'],
  ])('names %s', async (_, service, name, requestParameters, expected) => {
    const [change] = await changesOf(event('e1', name, { eventSource: `${service}.amazonaws.com`, requestParameters }, { Resources: [] }));
    expect(change?.fields['about']).toContain(expected);
  });

  it('says of a policy, of a group, and of what names nothing, that any subject may be meant', async () => {
    const changes = await changesOf(
      event('e1', 'CreatePolicyVersion', {
        eventSource: 'iam.amazonaws.com',
        requestParameters: { policyArn: 'arn:aws:iam::1:policy/all' },
      }),
      event('e2', 'StopLogging', { requestParameters: null }, { Resources: [] }),
      event('e3', 'StopLogging'),
    );
    expect(changes.map(({ fields }) => (fields['about'] as string[]).includes('*'))).toEqual([true, true, false]);
  });

  it('keeps no document, no address of a request and no key', async () => {
    const parameters = { bucketName: 'acme', bucketPolicy: { Statement: 'the document' }, tagging: 'a tag' };
    const { evidence } = await collect({
      [operation]: {
        Events: [
          event('e1', 'PutBucketPolicy', { eventSource: 's3.amazonaws.com', requestParameters: parameters, userAgent: 'a browser' }),
          event('e2', 'CreateAccessKey', {
            eventSource: 'iam.amazonaws.com',
            requestParameters: { userName: 'ana' },
            responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLEEXAMPLE22', status: 'Active' } },
          }),
        ],
      },
    });
    const kept = JSON.stringify(evidence.items.map(({ body }) => body));
    for (const gone of ['the document', 'a tag', 'a browser', 'ASIAEXAMPLE', 'AKIAEXAMPLE']) expect(kept).not.toContain(gone);
    expect(evidence.items).toHaveLength(2);
  });

  it('reads a key among the resources like any other event', async () => {
    const resources = { Resources: [{ ResourceType: 'AWS::IAM::AccessKey', ResourceName: 'AKIAEXAMPLEEXAMPLE22' }] };
    const found = await collect({
      [operation]: {
        Events: [event('e1', 'CreateAccessKey', { eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'ana' } }, resources)],
      },
    });
    expect(found.malformedCount).toBe(0);
    expect(found.one('aws.cloudtrail.event').fields['about']).toContain('ana');
  });

  it('takes an event that slips to the next page once', async () => {
    const events = [event('e1', 'StopLogging'), event('e1', 'StopLogging'), event('e2', 'StartLogging')];
    const answer = paged(events, { size: 1, into: 'Events', request: 'NextToken', reply: 'NextToken', operation });
    const found = await collect({ [operation]: answer });
    expect(found.completeness.kind).toBe('complete');
    expect(found.of('aws.cloudtrail.event').map(({ fields }) => fields['eventId'])).toEqual(['e1', 'e2']);
  });

  it('is not whole when a page was refused', async () => {
    const answer = paged([event('e1', 'StopLogging'), event('e2', 'StartLogging')], {
      ...{ size: 1, into: 'Events', request: 'NextToken', reply: 'NextToken', operation },
      deniedFrom: 2,
    });
    const found = await collect({ [operation]: answer });
    expect(found.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    expect(found.of('aws.cloudtrail.event')).toHaveLength(1);
    expect((await collect({ [operation]: denied(operation) })).completeness.kind).toBe('incomplete');
  });

  it('is not whole when an event cannot be read', async () => {
    const found = await collect({ [operation]: { Events: [{ ...event('e1', 'StopLogging'), CloudTrailEvent: 'no JSON' }] } });
    expect(found.completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
    expect((await collect({ [operation]: {} })).completeness.kind).toBe('incomplete');
  });
});
