import { describe, expect, it, vi } from 'vitest';
import callerIdentity from '../../../collectors/aws/caller-identity/collector.ts';
import { AwsClient } from '../../../collectors/aws/client.ts';
import logBuckets from '../../../collectors/aws/cloudtrail-log-buckets/collector.ts';
import trails from '../../../collectors/aws/cloudtrail-trails/collector.ts';
import discovered from '../../../collectors/aws/config-discovered-resources/collector.ts';
import recorder from '../../../collectors/aws/config-recorder/collector.ts';
import guardDuty from '../../../collectors/aws/guardduty/collector.ts';
import findings from '../../../collectors/aws/guardduty-findings/collector.ts';
import details from '../../../collectors/aws/iam-authorization-details/collector.ts';
import credentials from '../../../collectors/aws/iam-credential-report/collector.ts';
import federation from '../../../collectors/aws/iam-federation/collector.ts';
import passwordPolicy from '../../../collectors/aws/iam-password-policy/collector.ts';
import identityCenter from '../../../collectors/aws/identity-center/collector.ts';
import kms from '../../../collectors/aws/kms-keys/collector.ts';
import organization from '../../../collectors/aws/organization/collector.ts';
import source from '../../../collectors/aws/source.ts';
import type { Collector } from '../../../src/authoring.ts';
import { type Answer, type CollectOptions, collectWith, denied, notThere, replay } from '../replay.ts';
import { account, anaRow, at, everything, good, keyPolicy, metadata, report, rootRow, trustAccount } from './identity-account.ts';

type Answers = Readonly<Record<string, Answer | object | null>>;
async function see(collector: Collector<AwsClient>, different: Answers = {}, options: CollectOptions = {}) {
  const replayed = replay({ ...good, ...different });
  return { ...(await collectWith(collector, source, replayed.exchange, options)), replayed };
}
const text = (document: object) => encodeURIComponent(JSON.stringify(document));
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;

describe('caller identity', () => {
  it('of another account shows nothing about this one', async () => {
    const { one } = await see(callerIdentity, {
      'sts:GetCallerIdentity': { Account: '999999999999', Arn: 'arn:aws:iam::999999999999:user/x', UserId: 'x' },
    });
    expect(one('aws.account').unread).toEqual({ accountId: 'malformed-reply' });
  });
});

describe('credential report', () => {
  it('without a row for the root user leaves its state unknown, and the others as they are', async () => {
    const { of, completeness } = await see(credentials, { 'iam:GetCredentialReport': report(anaRow) });
    const [ana, root] = ['ana', 'root user'].map((display) => of('aws.iam.credential').find((one) => one.display === display));
    expect(root?.fields['isRoot']).toBe(true);
    expect(root?.unread).toMatchObject({ mfaActive: 'malformed-reply', accessKeys: 'malformed-reply' });
    expect(ana?.fields['mfaActive']).toBe(true);
    expect(completeness.kind).toBe('complete');
  });
  it('gives its own time as the time of the evidence', async () => {
    expect((await see(credentials)).evidence.sourceAsOf).toBe(at.toISOString());
  });
  it('with one row that cannot be read names it, and keeps the others', async () => {
    const { of, malformed, completeness } = await see(credentials, {
      'iam:GetCredentialReport': report(rootRow, anaRow, anaRow.replaceAll('ana', 'bob').replace(',true,', ',perhaps,')),
    });
    expect(of('aws.iam.credential').map((one) => one.display)).toEqual(['ana', 'root user']);
    expect(malformed).toEqual([{ operation: 'iam:GetCredentialReport', subject: 'bob' }]);
    expect(completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
  });
  it.each([
    ['cut off in a row', { ...report(rootRow, anaRow.slice(0, 60)) }],
    ['another table', { ...report(), Content: new TextEncoder().encode('a,b\n1,2\n') }],
    ['no table', { ...report(), Content: new TextEncoder().encode('"') }],
  ])('that is %s is no report', async (_, broken) => {
    const { of, completeness, incomplete } = await see(credentials, { 'iam:GetCredentialReport': broken });
    expect(of('aws.iam.credential').map((one) => [one.display, one.unread['mfaActive']])).toEqual([['root user', 'malformed-reply']]);
    expect(incomplete).toEqual([{ type: 'aws.iam.credential', reason: 'malformed-reply' }]);
    expect(completeness.kind).toBe('incomplete');
  });
  it('that is older than a user misses him, and says so', async () => {
    const counted = async (users: number) => see(credentials, {}, { expected: { 'aws/iam-account-summary users': users } });
    const known = await counted(1);
    expect(known.evidence.reconciliation).toEqual([{ with: 'aws/iam-account-summary', field: 'users', expected: 1, seen: 1 }]);
    expect(known.completeness.kind).toBe('complete');
    const older = await counted(2);
    expect(older.incomplete).toEqual([{ type: 'aws.iam.credential', reason: 'stale' }]);
    expect(older.of('aws.iam.credential').map((one) => one.display)).toEqual(['ana', 'root user']);
    expect(older.of('aws.iam.credential').every((one) => Object.keys(one.unread).length === 0)).toBe(true);
  });
  it('is waited for, but not for ever', async () => {
    const pause = vi.spyOn(AwsClient.prototype, 'pause').mockResolvedValue();
    let asked = 0;
    const patient = await see(credentials, { 'iam:GenerateCredentialReport': () => ({ State: ++asked < 4 ? 'INPROGRESS' : 'COMPLETE' }) });
    expect(patient.completeness.kind).toBe('complete');
    expect(pause).toHaveBeenCalledTimes(3);
    const never = await see(credentials, { 'iam:GenerateCredentialReport': { State: 'STARTED' } });
    expect(never.replayed.count('iam:GetCredentialReport')).toBe(0);
    expect(never.incomplete).toEqual([{ type: 'aws.iam.credential', reason: 'not-collected' }]);
    pause.mockRestore();
  });
  it('tells an authenticator app of the root user from a key', async () => {
    const device = (user: string) => ({ VirtualMFADevices: [{ SerialNumber: 's', User: { Arn: arn(user) } }], IsTruncated: false });
    const root = async (answers: Answers) =>
      (await see(credentials, answers)).of('aws.iam.credential').find((one) => one.fields['isRoot'] === true);
    expect((await root({ 'iam:ListVirtualMFADevices': device('root') }))?.fields['hasVirtualMfa']).toBe(true);
    expect((await root({}))?.fields['hasVirtualMfa']).toBe(false);
    expect((await root({ 'iam:ListVirtualMFADevices': () => denied('iam:ListVirtualMFADevices') }))?.unread).toEqual({
      hasVirtualMfa: 'access-denied',
    });
  });
  it('does not guess the age of an active key', async () => {
    const ageless = anaRow.replace('true,true,2025-12-01T08:00:00+00:00,2026-01-14', 'true,true,N/A,2026-01-14');
    const { of } = await see(credentials, { 'iam:GetCredentialReport': report(rootRow, ageless) });
    expect(of('aws.iam.credential').find((one) => one.display === 'ana')?.unread).toEqual({ accessKeys: 'malformed-reply' });
  });
});

describe('authorization details', () => {
  type Details = Record<'UserDetailList' | 'RoleDetailList' | 'GroupDetailList' | 'Policies', Record<string, unknown>[]>;
  const base = good['iam:GetAccountAuthorizationDetails'] as unknown as Details;
  const user = (more: object) => ({ ...base, UserDetailList: [{ ...base.UserDetailList[0], ...more }] });
  const managed = (name: string, document: object) => ({
    PolicyId: `ANPA${name}`,
    PolicyName: name,
    Arn: arn(`policy/${name}`),
    AttachmentCount: 1,
    PolicyVersionList: [{ IsDefaultVersion: true, Document: text(document) }],
  });
  const attach = (name: string, of = arn(`policy/${name}`)) => ({ AttachedManagedPolicies: [{ PolicyName: name, PolicyArn: of }] });
  const administrator = attach('AdministratorAccess', 'arn:aws:iam::aws:policy/AdministratorAccess');
  const ana = async (answer: object, more: Answers = {}) =>
    (await see(details, { 'iam:GetAccountAuthorizationDetails': answer, ...more })).one('aws.iam.user');

  it('adds up rights over groups, policies and inline policies', async () => {
    expect((await ana(user({}))).fields).toMatchObject({
      fullAdministration: false,
      administersIam: false,
      canStopTrails: false,
      mfaActive: true,
    });
    expect((await ana(user(administrator))).fields).toMatchObject({ fullAdministration: true, administersIam: true, canStopTrails: true });
    expect(
      (await ana(user({ UserPolicyList: [{ PolicyName: 'all', PolicyDocument: text(everything) }] }))).fields['fullAdministration'],
    ).toBe(true);
    const group = { ...base.GroupDetailList[0], ...administrator };
    const through = await see(details, { 'iam:GetAccountAuthorizationDetails': { ...base, GroupDetailList: [group] } });
    expect(through.of('aws.iam.principal').find((one) => one.display === 'ana')?.fields).toMatchObject({
      fullAdministration: true,
      administrationThrough: ['developers/AdministratorAccess'],
    });
  });
  it('knows power users from administrators', async () => {
    const power = { Statement: [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }] };
    const fields = (await ana({ ...user(attach('power')), Policies: [...base.Policies, managed('power', power)] })).fields;
    expect(fields).toMatchObject({ fullAdministration: false, administersIam: false, canStopTrails: true });
  });
  it('lets a boundary bound, and a Deny deny', async () => {
    const boundary = (name: string) => ({ PermissionsBoundary: { PermissionsBoundaryArn: arn(`policy/${name}`) } });
    const bounded = { ...user({ ...administrator, ...boundary('read-buckets') }) };
    expect((await ana(bounded)).fields).toMatchObject({ fullAdministration: false, administersIam: false, canStopTrails: false });
    expect((await ana(user({ ...administrator, ...boundary('gone') }))).unread).toMatchObject({ fullAdministration: 'not-collected' });
    const deny = { Statement: { Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' } };
    const denying = user({ ...administrator, UserPolicyList: [{ PolicyName: 'deny', PolicyDocument: text(deny) }] });
    expect((await ana(denying)).fields).toMatchObject({ administersIam: true, canStopTrails: false });
  });
  it('knows rights in other partitions', async () => {
    const all = { Statement: [{ Effect: 'Allow', Action: ['iam:Put*', 'sts:*'], Resource: 'arn:aws-cn:iam::*' }] };
    const china = (of: string) => of.replace('arn:aws:', 'arn:aws-cn:');
    const policy = { ...managed('china', all), Arn: china(arn('policy/china')) };
    const person = user({ ...attach('china', policy.Arn), Arn: china(arn('user/ana')) });
    const seen = await see(details, { 'iam:GetAccountAuthorizationDetails': { ...person, Policies: [policy] } });
    expect(seen.one('aws.iam.user').fields['administersIam']).toBe(true);
    expect(seen.one('aws.iam.policy').fields['assumesAnyRole']).toBe(true);
  });
  it('counts a right on one named trail', async () => {
    const stop = {
      Statement: {
        Effect: 'Allow',
        Action: 'cloudtrail:StopLogging',
        Resource: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit',
      },
    };
    expect((await ana(user({ UserPolicyList: [{ PolicyName: 'stop', PolicyDocument: text(stop) }] }))).fields['canStopTrails']).toBe(true);
  });
  it('says nothing about a policy it has not read, unless another already gives the right', async () => {
    expect((await ana(user(attach('elsewhere')))).unread).toMatchObject({
      fullAdministration: 'not-collected',
      canStopTrails: 'not-collected',
    });
    const both = user({
      AttachedManagedPolicies: [...attach('elsewhere').AttachedManagedPolicies, ...administrator.AttachedManagedPolicies],
    });
    expect((await ana(both)).fields['fullAdministration']).toBe(true);
    const withoutDocument = user(administrator);
    expect((await ana({ ...withoutDocument, Policies: [] })).fields['fullAdministration']).toBe(true);
  });
  it('reads the version of a policy that is in force', async () => {
    const { one } = await see(details);
    expect(one('aws.iam.policy').fields).toMatchObject({ policyName: 'read-buckets', fullAdministration: false });
  });
  it('with a policy that is none loses that user, not the page', async () => {
    const { of, malformed } = await see(details, {
      'iam:GetAccountAuthorizationDetails': user({ UserPolicyList: [{ PolicyName: 'x', PolicyDocument: '%7B' }] }),
    });
    expect(malformed).toEqual([{ operation: 'iam:GetAccountAuthorizationDetails', subject: 'user/AIDAEXAMPLEANA' }]);
    expect(of('aws.iam.role')).toHaveLength(2);
  });
  it('does not know the factors of a user who is younger than the report', async () => {
    const young = await ana(user({ UserName: 'new', UserId: 'AIDANEW' }));
    expect(young.unread).toMatchObject({ mfaActive: 'stale', passwordEnabled: 'stale' });
  });
  it('keeps a first page when the second is refused, and knows no rights that came through it', async () => {
    const { of, one, completeness, evidence } = await see(details, {
      'iam:GetAccountAuthorizationDetails': (input) =>
        input['Marker'] === undefined
          ? { UserDetailList: base.UserDetailList, RoleDetailList: [], GroupDetailList: [], Policies: [], IsTruncated: true, Marker: 'm' }
          : denied('iam:GetAccountAuthorizationDetails'),
    });
    expect(one('aws.iam.user').unread).toMatchObject({ fullAdministration: 'access-denied' });
    expect(of('aws.iam.role')).toEqual([]);
    expect(completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    expect(evidence.requests.map((request) => request.gap).filter((gap) => gap !== null)).toEqual(['access-denied']);
  });
  it('is compared with IAM’s own counts', async () => {
    const expected = { 'aws/iam-account-summary users': 1, 'aws/iam-account-summary roles': 3 };
    const { evidence, completeness } = await see(details, {}, { expected });
    expect(evidence.reconciliation).toEqual([
      { with: 'aws/iam-account-summary', field: 'users', expected: 1, seen: 1 },
      { with: 'aws/iam-account-summary', field: 'groups', expected: null, seen: 1 },
      { with: 'aws/iam-account-summary', field: 'roles', expected: 3, seen: 2 },
      { with: 'aws/iam-account-summary', field: 'customerPolicies', expected: null, seen: 1 },
    ]);
    expect(completeness).toEqual({ kind: 'incomplete', reasons: ['truncated'] });
  });
  it('finds whom a role trusts outside of the account', async () => {
    const trusting = async (document: object) => {
      const role = { ...base.RoleDetailList[0], AssumeRolePolicyDocument: text(document) };
      return (await see(details, { 'iam:GetAccountAuthorizationDetails': { ...base, RoleDetailList: [role] } })).one('aws.iam.role').fields[
        'trustsOutside'
      ];
    };
    const statement = (Principal: unknown, Condition?: object) => ({
      Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }],
    });
    expect(await trusting(trustAccount(account))).toEqual([]);
    expect(await trusting(statement({ Service: 'ec2.amazonaws.com' }))).toEqual([]);
    expect(await trusting(statement({ AWS: 'AIDADELETED' }))).toEqual([]);
    const tagging = { Statement: { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:TagSession' } };
    expect(await trusting(tagging)).toEqual([]);
    expect(await trusting(statement({ AWS: '444455556666' }))).toEqual([
      { kind: 'account', id: '444455556666', principal: '444455556666', bound: false },
    ]);
    expect(await trusting(statement({ AWS: '444455556666' }, { StringEquals: { 'sts:ExternalId': 'x' } }))).toMatchObject([
      { bound: true },
    ]);
    expect(await trusting(statement({ AWS: '444455556666' }, { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }))).toMatchObject([
      { bound: false },
    ]);
    expect(await trusting(statement('*'))).toMatchObject([{ kind: 'everyone', bound: false }]);
    expect(await trusting(statement('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }))).toMatchObject([
      { kind: 'everyone', bound: true },
    ]);
  });
});

describe('account-level settings', () => {
  it('no password policy is knowledge; a refusal is not', async () => {
    const none = await see(passwordPolicy, {
      'iam:GetAccountPasswordPolicy': () => notThere('iam:GetAccountPasswordPolicy', 'NoSuchEntity'),
    });
    expect(none.one('aws.iam.password-policy').fields).toMatchObject({ isSet: false, minimumLength: null });
    expect(none.completeness.kind).toBe('complete');
    const refused = await see(passwordPolicy, { 'iam:GetAccountPasswordPolicy': () => denied('iam:GetAccountPasswordPolicy') });
    expect(refused.one('aws.iam.password-policy').unread).toMatchObject({ isSet: 'access-denied', minimumLength: 'access-denied' });
  });
  it('an account outside of any organisation is complete, and a member asks no further', async () => {
    const alone = await see(organization, {
      'organizations:DescribeOrganization': () => notThere('organizations:DescribeOrganization', 'AWSOrganizationsNotInUseException'),
    });
    expect(alone.one('aws.organization').fields).toMatchObject({ organizationId: null, isManagementAccount: false });
    expect(alone.completeness.kind).toBe('complete');
    const member = await see(organization, {
      'organizations:DescribeOrganization': { Organization: { Id: 'o-1', MasterAccountId: '999999999999', FeatureSet: 'ALL' } },
    });
    expect(member.replayed.count()).toBe(1);
    expect(member.one('aws.organization')).toMatchObject({
      fields: { isManagementAccount: false },
      unread: { serviceControlPolicies: 'not-collected' },
    });
    expect(member.completeness.kind).toBe('complete');
  });
  it('tells providers of pipelines from those of people, and whoever is unknown may be people', async () => {
    const { of } = await see(federation, {
      'iam:ListOpenIDConnectProviders': {
        OpenIDConnectProviderList: [
          { Arn: arn('oidc-provider/token.actions.githubusercontent.com') },
          { Arn: arn('oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC') },
          { Arn: arn('oidc-provider/token.actions.githubusercontent.com.evil.example') },
          { Arn: arn('oidc-provider/accounts.google.com') },
        ],
      },
    });
    const machines = of('aws.iam.identity-provider').filter((one) => one.fields['forMachines'] === true);
    expect(machines.map((one) => one.display)).toEqual([
      'oidc.eks.eu-central-1.amazonaws.com/id/ABC',
      'token.actions.githubusercontent.com',
    ]);
  });
});

describe('Identity Center', () => {
  const instance = { InstanceArn: 'arn:aws:sso:::instance/ssoins-1', IdentityStoreId: 'd-1', OwnerAccountId: account, Status: 'ACTIVE' };
  it('is read where it is owned', async () => {
    const { one, replayed, completeness } = await see(identityCenter, {
      'sso:ListInstances': { Instances: [{ ...instance, OwnerAccountId: '999999999999' }] },
    });
    expect(one('aws.identity-center.instance').fields['ownedHere']).toBe(false);
    expect(replayed.count()).toBe(3);
    expect(completeness.kind).toBe('complete');
  });
  it('is read once, however many regions show it', async () => {
    const { one, replayed } = await see(identityCenter, { 'sso:ListInstances': { Instances: [instance] } });
    expect(one('aws.identity-center.instance').fields['ownedHere']).toBe(true);
    expect(replayed.count('sso:ListPermissionSets')).toBe(1);
  });
  it('never knows a factor, and does not take a user of unknown state for a disabled one', async () => {
    const { one, evidence } = await see(identityCenter, {
      'identitystore:ListUsers': { Users: [{ UserId: 'u-2', UserName: 'eve', PhoneNumbers: [{ Value: '+1' }] }] },
    });
    expect(one('aws.identity-center.user').unread).toEqual({ enabled: 'malformed-reply', hasSecondFactor: 'not-collected' });
    const item = evidence.items.find((found) => found.subject === 'u-2');
    expect(item?.withheld).toEqual(['PhoneNumbers']);
    expect(JSON.stringify(item?.body)).not.toContain('+1');
  });
  it('knows no groups of a user when one membership list was refused', async () => {
    const { of } = await see(identityCenter, { 'identitystore:ListGroupMemberships': () => denied('identitystore:ListGroupMemberships') });
    expect(of('aws.identity-center.user')[0]?.unread).toMatchObject({ groups: 'access-denied' });
    expect(of('aws.identity-center.group')[0]?.unread).toMatchObject({ members: 'access-denied' });
  });
});

describe('CloudTrail', () => {
  const trailArn = `arn:aws:cloudtrail:eu-central-1:${account}:trail/audit`;
  const coverage = async (answers: Answers) => (await see(trails, answers)).one('aws.cloudtrail.coverage');
  const selecting = (AdvancedEventSelectors: object[]) => ({
    'cloudtrail:GetEventSelectors': { TrailARN: trailArn, AdvancedEventSelectors },
  });
  const management = { Field: 'eventCategory', Equals: ['Management'] };

  it('an account without trails is seen as such', async () => {
    const { one, of, completeness } = await see(trails, { 'cloudtrail:ListTrails': { Trails: [] } });
    expect(one('aws.cloudtrail.coverage').fields).toEqual({ trails: 0, loggingMultiRegionTrails: [], recordingManagementEvents: [] });
    expect(of('aws.cloudtrail.trail')).toEqual([]);
    expect(completeness.kind).toBe('complete');
  });
  it('a trail that is listed and not described is not known, and neither is what the account records', async () => {
    const { one } = await see(trails, { 'cloudtrail:DescribeTrails': { trailList: [] } });
    expect(one('aws.cloudtrail.trail').unread).toMatchObject({ multiRegion: 'not-collected', validatesLogFiles: 'not-collected' });
    expect(one('aws.cloudtrail.coverage').unread).toMatchObject({ loggingMultiRegionTrails: 'not-collected' });
  });
  it('a status that was refused does not read as switched off', async () => {
    const { one } = await see(trails, { 'cloudtrail:GetTrailStatus': () => denied('cloudtrail:GetTrailStatus') });
    expect(one('aws.cloudtrail.trail').unread).toMatchObject({ logging: 'access-denied', deliveryError: 'access-denied' });
    expect(one('aws.cloudtrail.coverage').unread).toMatchObject({ loggingMultiRegionTrails: 'access-denied' });
  });
  it.each([
    ['management events', [{ FieldSelectors: [management] }], ['audit']],
    ['but not those of KMS', [{ FieldSelectors: [management, { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }] }], ['audit']],
    [
      'reads and writes apart',
      [
        { FieldSelectors: [management, { Field: 'readOnly', Equals: ['true'] }] },
        { FieldSelectors: [management, { Field: 'readOnly', Equals: ['false'] }] },
      ],
      ['audit'],
    ],
    ['writes only', [{ FieldSelectors: [management, { Field: 'readOnly', Equals: ['false'] }] }], []],
    ['one service only', [{ FieldSelectors: [management, { Field: 'eventSource', Equals: ['iam.amazonaws.com'] }] }], []],
    ['data events only', [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }], []],
  ])('with advanced selectors for %s', async (_, selectors, expected) => {
    expect((await coverage(selecting(selectors))).fields['recordingManagementEvents']).toEqual(expected);
  });
  it.each([
    ['all', [{ ReadWriteType: 'All', IncludeManagementEvents: true }], ['audit']],
    ['data events only', [{ ReadWriteType: 'All', IncludeManagementEvents: false }], []],
    ['writes only', [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }], []],
    [
      'both in two',
      [
        { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true },
        { ReadWriteType: 'ReadOnly', IncludeManagementEvents: true },
      ],
      ['audit'],
    ],
  ])('with basic selectors for %s', async (_, EventSelectors, expected) => {
    expect(
      (await coverage({ 'cloudtrail:GetEventSelectors': { TrailARN: trailArn, EventSelectors } })).fields['recordingManagementEvents'],
    ).toEqual(expected);
  });
});

describe('log buckets', () => {
  const bucket = async (answers: Answers, options: CollectOptions = {}) =>
    (await see(logBuckets, answers, options)).one('aws.cloudtrail.log-bucket');
  const refuse = (...operations: string[]): Answers =>
    Object.fromEntries(operations.map((operation) => [operation, () => denied(operation)]));

  it('of another account are not known to be anything', async () => {
    const elsewhere = await bucket({
      's3:ListBuckets': { Buckets: [] },
      ...refuse(
        's3:GetBucketVersioning',
        's3:GetObjectLockConfiguration',
        's3:GetPublicAccessBlock',
        's3:GetBucketPolicy',
        's3:GetBucketAcl',
      ),
      's3control:GetPublicAccessBlock': () => notThere('s3control:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
    });
    expect(elsewhere.unread).toEqual({
      versioned: 'access-denied',
      mfaDelete: 'access-denied',
      defaultRetention: 'access-denied',
      blocksPublicAccess: 'access-denied',
      policyIsPublic: 'access-denied',
      aclIsPublic: 'access-denied',
    });
  });
  it('are blocked by either block, and unknown only when neither known one blocks', async () => {
    const none = (operation: string) => ({ [operation]: () => notThere(operation, 'NoSuchPublicAccessBlockConfiguration') });
    expect((await bucket(none('s3:GetPublicAccessBlock'))).fields['blocksPublicAccess']).toBe(true);
    expect((await bucket(refuse('s3:GetPublicAccessBlock'))).fields['blocksPublicAccess']).toBe(true);
    expect((await bucket({ ...none('s3control:GetPublicAccessBlock'), ...refuse('s3:GetPublicAccessBlock') })).unread).toMatchObject({
      blocksPublicAccess: 'access-denied',
    });
    expect(
      (await bucket({ ...none('s3control:GetPublicAccessBlock'), ...none('s3:GetPublicAccessBlock') })).fields['blocksPublicAccess'],
    ).toBe(false);
  });
  it('without Object Lock, or with it and no default, keep nothing', async () => {
    const lock = 's3:GetObjectLockConfiguration';
    expect((await bucket({ [lock]: () => notThere(lock, 'ObjectLockConfigurationNotFoundError') })).fields['defaultRetention']).toBeNull();
    expect((await bucket({ [lock]: { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } } })).fields['defaultRetention']).toBeNull();
    const years = {
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Years: 2 } } },
    };
    expect((await bucket({ [lock]: years })).fields['defaultRetention']).toEqual({ mode: 'GOVERNANCE', days: 730 });
  });
  it('can be named by configuration, and are then read where they are owned and nowhere else', async () => {
    const named = { settings: { logBuckets: ['acme-audit-logs'] } };
    const archive = await see(logBuckets, { 'cloudtrail:ListTrails': { Trails: [] } }, named);
    expect(archive.one('aws.cloudtrail.log-bucket').fields).toMatchObject({ name: 'acme-audit-logs', trails: [], versioned: true });
    const elsewhere = await see(logBuckets, { 's3:ListBuckets': { Buckets: [] } }, named);
    expect(elsewhere.of('aws.cloudtrail.log-bucket')).toEqual([]);
    expect(elsewhere.replayed.count('s3:GetBucketPolicy')).toBe(0);
    expect(elsewhere.completeness.kind).toBe('complete');
    // Where it cannot be told whose it is, it is not left to anybody else.
    const unknown = await see(logBuckets, { 's3:ListBuckets': () => denied('s3:ListBuckets') }, named);
    expect(unknown.one('aws.cloudtrail.log-bucket').fields).toMatchObject({ name: 'acme-audit-logs' });
    expect(unknown.completeness.kind).toBe('incomplete');
  });
  it('is asked in its own region', async () => {
    const { replayed } = await see(logBuckets);
    expect([...new Set(replayed.calls.filter((call) => call.operation === 's3:GetBucketPolicy').map((call) => call.region))]).toEqual([
      'eu-central-1',
    ]);
    expect(replayed.calls.some((call) => call.input['Bucket'] === 'acme-site')).toBe(false);
  });
});

describe('KMS keys', () => {
  const key = async (over: object, answers: Answers = {}) => {
    const seen = await see(kms, { 'kms:DescribeKey': (input: { KeyId?: unknown }) => metadata(String(input.KeyId), over), ...answers });
    return { ...seen.one('aws.kms.key'), replayed: seen.replayed, completeness: seen.completeness };
  };
  it('of AWS itself are asked nothing more', async () => {
    const { fields, replayed } = await key({ KeyManager: 'AWS' });
    expect(fields).toMatchObject({ customerManaged: false });
    expect(replayed.count('kms:GetKeyPolicy') + replayed.count('kms:GetKeyRotationStatus')).toBe(0);
  });
  it.each([
    [{ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'asymmetric'],
    [{ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, 'hmac'],
    [{ Origin: 'EXTERNAL' }, 'imported'],
    [{ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-1' }, 'custom-key-store'],
    [{ Origin: 'EXTERNAL_KEY_STORE' }, 'external-key-store'],
  ])('%j cannot rotate, and is not asked whether it does', async (over, kind) => {
    const { fields, replayed } = await key(over);
    expect(fields).toMatchObject({ canRotate: false, kind });
    expect(replayed.count('kms:GetKeyRotationStatus')).toBe(0);
    expect(replayed.count('kms:GetKeyPolicy')).toBe(1);
  });
  it('are not known where describing them was refused', async () => {
    const { unread } = await key({}, { 'kms:DescribeKey': () => denied('kms:DescribeKey', 'AccessDeniedException') });
    expect(unread).toMatchObject({ customerManaged: 'access-denied', rotates: 'access-denied', policyIsPublic: 'access-denied' });
  });
  it('keep what was read when the policy was refused', async () => {
    const { fields, unread } = await key({}, { 'kms:GetKeyPolicy': () => denied('kms:GetKeyPolicy', 'AccessDeniedException') });
    expect(fields).toMatchObject({ rotates: true });
    expect(unread).toEqual({ policyIsPublic: 'access-denied', administrators: 'access-denied', users: 'access-denied' });
  });
  it('have the administrators and users that their policy names, the account itself aside', async () => {
    const { fields } = await key({}, { 'kms:GetKeyPolicy': keyPolicy });
    expect(fields).toMatchObject({ administrators: [arn('role/keys')], users: [arn('role/payroll')], policyIsPublic: false });
  });
  it('are replicas when they say so', async () => {
    const { fields } = await key({ MultiRegion: true, MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA' } });
    expect(fields['replica']).toBe(true);
  });
  it('on a refused second page are missed', async () => {
    const { of, incomplete } = await see(kms, {
      'kms:ListKeys': (input: { Marker?: unknown }) =>
        input.Marker === undefined ? { ...(good['kms:ListKeys'] as object), Truncated: true, NextMarker: 'm' } : denied('kms:ListKeys'),
    });
    expect(of('aws.kms.key')).toHaveLength(1);
    expect(incomplete).toEqual([{ type: 'aws.kms.key', reason: 'access-denied' }]);
  });
});

describe('AWS Config and GuardDuty', () => {
  it('a region without a recorder is seen as such, and counts nothing', async () => {
    const none: Answers = {
      'config:DescribeConfigurationRecorders': { ConfigurationRecorders: [] },
      'config:DescribeConfigurationRecorderStatus': { ConfigurationRecordersStatus: [] },
      'config:DescribeDeliveryChannels': { DeliveryChannels: [] },
      'config:DescribeDeliveryChannelStatus': { DeliveryChannelsStatus: [] },
    };
    const config = await see(recorder, none);
    expect(config.one('aws.config.recorder').fields).toMatchObject({ recorder: null, recording: false });
    expect(config.completeness.kind).toBe('complete');
    const counts = await see(discovered, none);
    expect(counts.one('aws.config.discovered-resources').unread).toEqual({ total: 'not-collected', counts: 'not-collected' });
    expect(counts.replayed.count('config:GetDiscoveredResourceCounts')).toBe(0);
  });
  it('a recorder that a service runs for itself is not the account’s', async () => {
    const own = { name: 'AWSConfigurationRecorderForX', recordingGroup: { allSupported: false }, servicePrincipal: 'x.amazonaws.com' };
    const { one } = await see(recorder, { 'config:DescribeConfigurationRecorders': { ConfigurationRecorders: [own] } });
    expect(one('aws.config.recorder').fields).toMatchObject({ recorder: null });
  });
  it('a recorder that leaves types out says which', async () => {
    const group = {
      allSupported: false,
      recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
      exclusionByResourceTypes: { resourceTypes: ['AWS::IAM::Role'] },
    };
    const { one } = await see(recorder, {
      'config:DescribeConfigurationRecorders': { ConfigurationRecorders: [{ name: 'default', recordingGroup: group }] },
    });
    expect(one('aws.config.recorder').fields).toMatchObject({ recordsAllTypes: false, excludedTypes: ['AWS::IAM::Role'] });
  });
  it('GuardDuty never switched on is knowledge; a refused detector is not', async () => {
    const never = await see(guardDuty, { 'guardduty:ListDetectors': { DetectorIds: [] } });
    expect(never.one('aws.guardduty.detector').fields).toMatchObject({ detectorId: null, enabled: false, plansOn: [], plansOff: [] });
    const refused = await see(guardDuty, { 'guardduty:GetDetector': () => denied('guardduty:GetDetector') });
    expect(refused.one('aws.guardduty.detector').unread).toMatchObject({ enabled: 'access-denied', plansOn: 'access-denied' });
    const featureless = await see(guardDuty, { 'guardduty:GetDetector': { Status: 'ENABLED' } });
    expect(featureless.one('aws.guardduty.detector')).toMatchObject({ fields: { enabled: true }, unread: { plansOn: 'malformed-reply' } });
  });
  it('findings are asked for in fifties, and one that is not given is not known to be handled', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `f-${n}`);
    const { of, replayed } = await see(findings, {
      'guardduty:ListFindings': (input: { NextToken?: unknown }) =>
        input.NextToken === undefined ? { FindingIds: ids.slice(0, 60), NextToken: 'n' } : { FindingIds: ids.slice(60) },
      'guardduty:GetFindings': (input: { FindingIds?: unknown }) => ({
        Findings: (Array.isArray(input.FindingIds) ? input.FindingIds : [])
          .filter((id) => id !== 'f-7')
          .map((Id) => ({ Id, Type: 'Recon:x', Severity: 8, CreatedAt: '2026-01-14T06:00:00.000Z' })),
      }),
    });
    expect(of('aws.guardduty.finding')).toHaveLength(120);
    expect(of('aws.guardduty.finding').find((one) => one.fields['findingId'] === 'f-7')?.unread).toMatchObject({
      severity: 'not-collected',
    });
    expect(replayed.count('guardduty:GetFindings')).toBe(4);
  });
});
