import { CloudTrailClient, CreateTrailCommand, PutEventSelectorsCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import * as iam from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateBucketCommand, PutObjectLockConfigurationCommand, PutPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AwsClient } from '../../collectors/aws/client.ts';
import { type AwsAccess, connectAws } from '../../collectors/aws/connect.ts';
import source from '../../collectors/aws/source.ts';
import registry from '../../collectors/index.generated.ts';
import type { Collector } from '../../src/authoring.ts';
import { iamPolicy, permissionsOf } from '../../src/cli/render-permissions.ts';
import { evaluateCheck } from '../../src/evaluate/evaluate-check.ts';
import type { Check } from '../../src/model/check.ts';
import { collectors } from '../collectors/aws/identity-account.ts';
import { type Collected, collectWith } from '../collectors/replay.ts';
import { hasMoto, type Moto, startMoto } from './moto.ts';

const region = 'us-east-1';
const first = '123456789012';
const second = '222222222222';
const trust = (principal: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }] });
const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const readBuckets = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] });

/** What moto asks for where AWS asks for s3:GetBucketObjectLockConfiguration, s3:Get(Bucket|Account)PublicAccessBlock. */
const motoNames = ['s3:ListBucket', 's3:GetPublicAccessBlock'];

/** What moto does not have: the client has to survive it, and the collection has to say so. */
const notInMoto: Readonly<Record<string, readonly string[]>> = {
  'aws/config-discovered-resources': ['config:GetDiscoveredResourceCounts'],
  'aws/config-recorder': ['config:DescribeDeliveryChannelStatus'],
  'aws/guardduty-findings': ['guardduty:ListFindings'],
};

describe.runIf(hasMoto())('against an emulator', () => {
  let moto: Moto;
  let access: AwsAccess;

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    // Ambient endpoints must not matter: nothing answers there.
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' });
    await seedGood(moto.url, credentials());
    await seedBad(moto.url, await credentialsOf(moto.url, second));
    access = connectAws(
      {
        name: 'emulated',
        endpointUrl: moto.url,
        region,
        accounts: [{ id: second, name: 'bad', roleArn: `arn:aws:iam::${second}:role/Audit` }],
      },
      { version: '0.0.0' },
    );
  });
  afterAll(async () => {
    access?.close();
    await moto?.stop();
    vi.unstubAllEnvs();
  });

  async function collectAll(account: string, roleArn: string | null): Promise<ReadonlyMap<string, Collected>> {
    const session = access.open({ id: account, roleArn }, 'proofline-live');
    try {
      const collected = new Map<string, Collected>();
      for (const collector of collectors)
        collected.set(collector.id, await collectWith(collector, source, session.exchange, { account, region }));
      return collected;
    } finally {
      session.close();
    }
  }
  async function outcomesOf(collected: ReadonlyMap<string, Collected>, id: string, display?: string) {
    const check = ((await import(/* @vite-ignore */ new URL(`../../checks/${id}.ts`, import.meta.url).href)) as { default: Check }).default;
    const found = [...collected.values()].flatMap(({ resources }) => resources).filter((resource) => resource.type === check.subject.type);
    return evaluateCheck(
      check,
      { resources: found, incomplete: [] },
      { asOf: new Date().toISOString(), parameters: check.parameters.parse({}) },
    )
      .filter((result) => display === undefined || result.display === display)
      .map((result) => result.outcome);
  }

  it('finds the accounts, and knows who it is in each', async () => {
    expect(await access.accounts()).toEqual([
      { id: first, name: null, roleArn: null, status: null },
      { id: second, name: 'bad', roleArn: `arn:aws:iam::${second}:role/Audit`, status: null },
    ]);
    const identity = await access.open({ id: second, roleArn: `arn:aws:iam::${second}:role/Audit` }, 'proofline-abc').identity();
    expect(identity).toMatchObject({ account: second, arn: `arn:aws:sts::${second}:assumed-role/Audit/proofline-abc` });
    await expect(access.open({ id: '333333333333', roleArn: null }, 'proofline-abc').identity()).rejects.toMatchObject({
      code: 'source-refused',
    });
  });

  it('collects the whole of a good account but for what the emulator lacks', async () => {
    const collected = await collectAll(first, null);
    for (const [id, { evidence, completeness, malformed }] of collected) {
      const gaps = [...new Set(evidence.gaps.map((gap) => gap.operation))];
      expect({ id, gaps, malformed }).toEqual({ id, gaps: notInMoto[id] ?? [], malformed: [] });
      expect({ id, kind: completeness.kind }).toEqual({ id, kind: gaps.length === 0 ? 'complete' : 'incomplete' });
      for (const request of evidence.requests) {
        expect(request.host).toBe(new URL(moto.url).host);
        if (request.status === 200) expect(request.bytes).toBeGreaterThan(0);
      }
      expect(evidence.officialHosts).toEqual({ [new URL(moto.url).host]: false });
    }
    const judged = async (id: string, display?: string) => await outcomesOf(collected, id, display);
    expect(await judged('aws/console-user-has-mfa', 'ana')).toEqual(['pass']);
    expect(await judged('aws/access-key-rotated', 'ana')).toEqual(['pass']);
    expect(await judged('aws/administrator-access-is-approved', 'ana')).toEqual(['pass']);
    expect(await judged('aws/administrator-access-is-approved', 'breakglass')).toEqual(['fail']);
    expect(await judged('aws/user-has-no-direct-policies', 'ana')).toEqual(['pass']);
    expect(await judged('aws/customer-policy-has-no-full-administration')).toEqual(['pass']);
    expect(await judged('aws/password-policy-minimum-length')).toEqual(['pass']);
    expect(await judged('aws/password-policy-reuse-prevention')).toEqual(['pass']);
    expect(await judged('aws/multi-region-trail-logs')).toEqual(['pass']);
    expect(await judged('aws/trail-records-management-events')).toEqual(['pass']);
    expect(await judged('aws/trail-validates-log-files')).toEqual(['pass']);
    expect(await judged('aws/log-bucket-is-immutable')).toEqual(['pass']);
    expect(await judged('aws/log-bucket-is-not-public')).toEqual(['pass']);
    expect(await judged('aws/kms-key-rotates', 'alias/payroll')).toEqual(['pass']);
    expect(await judged('aws/kms-key-rotates', 'alias/signing')).toEqual(['not-applicable']);
    expect(await judged('aws/kms-key-policy-is-not-public')).not.toContain('fail');
    expect(await judged('aws/config-recorder-records-everything')).toEqual(['pass']);
    expect(await judged('aws/guardduty-enabled')).toEqual(['pass']);
    expect(await judged('aws/federated-identities-have-mfa', 'token.actions.githubusercontent.com')).toEqual(['not-applicable']);
    expect(await judged('aws/federated-identities-have-mfa', 'Workforce')).toEqual(['no-evidence']);
    // The emulator's report has no row for the root user: unknown, not fine and not gone.
    for (const id of ['root-user-has-mfa', 'root-user-has-no-access-key', 'root-user-not-used-recently']) {
      expect(await judged(`aws/${id}`)).toEqual(['no-evidence']);
    }
  });

  it('tells what is wrong in a bad account, through the role it assumes there', async () => {
    const collected = await collectAll(second, `arn:aws:iam::${second}:role/Audit`);
    const judged = async (id: string, display?: string) => await outcomesOf(collected, id, display);
    expect(await judged('aws/console-user-has-mfa', 'bob')).toEqual(['fail']);
    expect(await judged('aws/administrator-user-has-mfa', 'bob')).toEqual(['fail']);
    expect(await judged('aws/human-access-is-federated', 'bob')).toEqual(['fail']);
    expect(await judged('aws/user-has-no-direct-policies', 'bob')).toEqual(['fail']);
    expect(await judged('aws/user-has-at-most-one-active-key', 'bob')).toEqual(['fail']);
    expect(await judged('aws/administrator-access-is-approved', 'bob')).toEqual(['fail']);
    expect(await judged('aws/inline-policy-has-no-full-administration', 'bob/all')).toEqual(['fail']);
    expect(await judged('aws/customer-policy-has-no-full-administration', 'everything')).toEqual(['fail']);
    expect(await judged('aws/policy-limits-assume-role', 'everything')).toEqual(['fail']);
    expect(await judged('aws/log-tampering-rights-are-separate', 'bob')).toEqual(['fail']);
    expect(await judged('aws/cross-account-trust-is-approved', 'open')).toEqual(['fail']);
    expect(await judged('aws/production-role-not-assumable-from-non-production', 'open')).toEqual(['fail']);
    expect(await judged('aws/password-policy-set')).toEqual(['fail']);
    expect(await judged('aws/multi-region-trail-logs')).toEqual(['fail']);
    expect(await judged('aws/trail-records-management-events')).toEqual(['fail']);
    expect(await judged('aws/trail-validates-log-files')).toEqual(['fail']);
    expect(await judged('aws/trail-encrypted-with-kms')).toEqual(['fail']);
    expect(await judged('aws/log-bucket-is-immutable')).toEqual(['fail']);
    expect(await judged('aws/kms-key-rotates', 'alias/never')).toEqual(['fail']);
    expect(await judged('aws/kms-key-policy-is-not-public', 'alias/never')).toEqual(['fail']);
    expect(await judged('aws/kms-key-not-pending-deletion')).toContain('fail');
    expect(await judged('aws/config-recorder-records-everything')).toEqual(['fail']);
    expect(await judged('aws/guardduty-enabled')).toEqual(['fail']);
  });

  it('discovers the accounts of an organisation, page after page', async () => {
    // Without AWS's managed policies: the emulator makes them anew for every account.
    const company = await startMoto();
    const organizations = new OrganizationsClient({ region, endpoint: company.url, credentials: credentials() });
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    for (let index = 0; index < 23; index += 1) {
      await organizations.send(new CreateAccountCommand({ AccountName: `member-${index}`, Email: `member-${index}@example.com` }));
    }
    const discovering = connectAws(
      { name: 'organisation', endpointUrl: company.url, region, discover: { roleName: 'Audit' } },
      { version: '0.0.0' },
    );
    const accounts = await discovering.accounts();
    discovering.close();
    await company.stop();
    expect(accounts).toHaveLength(24);
    expect(accounts.filter(({ roleArn }) => roleArn === null).map(({ id }) => id)).toEqual([first]);
    for (const { id, roleArn, status } of accounts) {
      if (id !== first) expect({ roleArn, status }).toEqual({ roleArn: `arn:aws:iam::${id}:role/Audit`, status: 'ACTIVE' });
    }
  });

  it('needs no right beyond the policy that `permissions aws` prints, for any AWS collector', async () => {
    const shipped = (registry as readonly Collector<never>[]).filter(({ id }) =>
      id.startsWith('aws/'),
    ) as unknown as readonly Collector<AwsClient>[];
    expect(shipped.map(({ id }) => id)).toEqual(expect.arrayContaining(collectors.map(({ id }) => id)));
    const admin = new iam.IAMClient({ region, endpoint: moto.url, credentials: credentials() });
    await admin.send(new iam.CreateUserCommand({ UserName: 'auditor' }));
    const documents = {
      proofline: iamPolicy(permissionsOf(shipped)),
      'names-of-the-emulator': JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: motoNames, Resource: '*' }],
      }),
    };
    for (const [PolicyName, PolicyDocument] of Object.entries(documents)) {
      const { Policy } = await admin.send(new iam.CreatePolicyCommand({ PolicyName, PolicyDocument }));
      await admin.send(new iam.AttachUserPolicyCommand({ UserName: 'auditor', PolicyArn: Policy?.Arn }));
    }
    const { AccessKey: key } = await admin.send(new iam.CreateAccessKeyCommand({ UserName: 'auditor' }));
    vi.stubEnv('AWS_ACCESS_KEY_ID', key?.AccessKeyId ?? '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', key?.SecretAccessKey ?? '');
    await moto.enforce(true);
    const enforced = connectAws({ name: 'enforced', endpointUrl: moto.url, region }, { version: '0.0.0' });
    try {
      const { exchange } = enforced.open({ id: first, roleArn: null }, 'proofline-enforced');
      // Enforcement is on: what no collector declares is refused, and that refusal is understood as one.
      await expect(exchange('s3:GetBucketLocation', { Bucket: 'good-trail-logs' }, {})).rejects.toMatchObject({
        reason: 'access-denied',
        status: 403,
      });
      await expect(exchange('ec2:DescribeSubnets', {}, {})).rejects.toMatchObject({ reason: 'access-denied', status: 403 });
      for (const collector of shipped) {
        const { evidence } = await collectWith(collector, source, exchange, { account: first, region });
        // The emulator lists regions of other partitions, in which its own services refuse everybody.
        const gaps = evidence.gaps.filter((gap) => !/^(?:cn|us-gov)-/.test(gap.region ?? ''));
        const refused = gaps.filter((gap) => gap.reason === 'access-denied');
        expect({ id: collector.id, refused }).toEqual({ id: collector.id, refused: [] });
      }
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
      const wrong = connectAws({ name: 'wrong', endpointUrl: moto.url, region }, { version: '0.0.0' });
      await expect(wrong.accounts()).rejects.toMatchObject({ reason: 'access-denied', sourceCode: 'SignatureDoesNotMatch' });
      wrong.close();
    } finally {
      enforced.close();
      await moto.enforce(false);
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    }
  });
});

function credentials() {
  return { accessKeyId: 'testing', secretAccessKey: 'testing' };
}
async function credentialsOf(url: string, account: string) {
  const sts = new STSClient({ region, endpoint: url, credentials: credentials() });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/Seed`, RoleSessionName: 'seed' }),
  );
  return { accessKeyId: given?.AccessKeyId ?? '', secretAccessKey: given?.SecretAccessKey ?? '', sessionToken: given?.SessionToken ?? '' };
}

type Seeded = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
async function seedGood(url: string, credentials: Seeded): Promise<void> {
  const at = { region, endpoint: url, credentials };
  const people = new iam.IAMClient(at);
  await people.send(
    new iam.UpdateAccountPasswordPolicyCommand({
      MinimumPasswordLength: 14,
      RequireLowercaseCharacters: true,
      RequireUppercaseCharacters: true,
      RequireNumbers: true,
      RequireSymbols: true,
      PasswordReusePrevention: 24,
    }),
  );
  await people.send(new iam.CreateGroupCommand({ GroupName: 'developers' }));
  const { Policy } = await people.send(new iam.CreatePolicyCommand({ PolicyName: 'read-buckets', PolicyDocument: readBuckets }));
  await people.send(new iam.AttachGroupPolicyCommand({ GroupName: 'developers', PolicyArn: Policy?.Arn }));
  await people.send(new iam.CreateUserCommand({ UserName: 'ana' }));
  await people.send(new iam.AddUserToGroupCommand({ UserName: 'ana', GroupName: 'developers' }));
  await people.send(new iam.CreateLoginProfileCommand({ UserName: 'ana', Password: 'Long-enough-1-password!' }));
  await people.send(new iam.CreateAccessKeyCommand({ UserName: 'ana' }));
  const { VirtualMFADevice } = await people.send(new iam.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'ana' }));
  await people.send(
    new iam.EnableMFADeviceCommand({
      UserName: 'ana',
      SerialNumber: VirtualMFADevice?.SerialNumber,
      AuthenticationCode1: '123456',
      AuthenticationCode2: '234567',
    }),
  );
  await people.send(new iam.CreateRoleCommand({ RoleName: 'breakglass', AssumeRolePolicyDocument: trust(`arn:aws:iam::${first}:root`) }));
  await people.send(new iam.AttachRolePolicyCommand({ RoleName: 'breakglass', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
  await people.send(
    new iam.CreateOpenIDConnectProviderCommand({
      Url: 'https://token.actions.githubusercontent.com',
      ThumbprintList: ['6938fd4d98bab03faadb97b34396831e3780aea1'],
    }),
  );
  await people.send(new iam.CreateSAMLProviderCommand({ Name: 'Workforce', SAMLMetadataDocument: 'a'.repeat(1024) }));

  const s3 = new S3Client({ ...at, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'good-trail-logs', ObjectLockEnabledForBucket: true }));
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: 'good-trail-logs',
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
    }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: 'good-trail-logs',
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  const trails = new CloudTrailClient(at);
  await trails.send(
    new CreateTrailCommand({ Name: 'audit', S3BucketName: 'good-trail-logs', IsMultiRegionTrail: true, EnableLogFileValidation: true }),
  );
  await trails.send(new StartLoggingCommand({ Name: 'audit' }));
  await trails.send(
    new PutEventSelectorsCommand({ TrailName: 'audit', EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }),
  );
  const kms = new KMSClient(at);
  const { KeyMetadata: payroll } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new EnableKeyRotationCommand({ KeyId: payroll?.KeyId }));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/payroll', TargetKeyId: payroll?.KeyId }));
  const { KeyMetadata: signing } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/signing', TargetKeyId: signing?.KeyId }));

  const config = new ConfigServiceClient(at);
  const recordingGroup = { allSupported: true, includeGlobalResourceTypes: true };
  const roleARN = `arn:aws:iam::${first}:role/config`;
  await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: 'default', roleARN, recordingGroup } }));
  await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: 'good-trail-logs' } }));
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  await new GuardDutyClient(at).send(new CreateDetectorCommand({ Enable: true }));
}

async function seedBad(url: string, credentials: Seeded): Promise<void> {
  const at = { region, endpoint: url, credentials };
  const people = new iam.IAMClient(at);
  await people.send(new iam.CreateUserCommand({ UserName: 'bob' }));
  await people.send(new iam.CreateLoginProfileCommand({ UserName: 'bob', Password: 'Long-enough-1-password!' }));
  await people.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
  await people.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
  await people.send(new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'all', PolicyDocument: everything }));
  await people.send(new iam.CreatePolicyCommand({ PolicyName: 'everything', PolicyDocument: everything }));
  await people.send(new iam.CreateRoleCommand({ RoleName: 'open', AssumeRolePolicyDocument: trust('*') }));
  await people.send(new iam.CreateRoleCommand({ RoleName: 'Audit', AssumeRolePolicyDocument: trust(`arn:aws:iam::${first}:root`) }));
  const s3 = new S3Client({ ...at, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'bad-trail-logs' }));
  await new CloudTrailClient(at).send(new CreateTrailCommand({ Name: 'local', S3BucketName: 'bad-trail-logs', IsMultiRegionTrail: false }));
  const kms = new KMSClient(at);
  const { KeyMetadata: never } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/never', TargetKeyId: never?.KeyId }));
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
  });
  await kms.send(new PutKeyPolicyCommand({ KeyId: never?.KeyId, PolicyName: 'default', Policy }));
  const { KeyMetadata: doomed } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: doomed?.KeyId, PendingWindowInDays: 7 }));
}
