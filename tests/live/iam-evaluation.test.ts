import * as iam from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectiveRight, type HeldPolicy, type Principal } from '../../src/access/policy/effective-rights.ts';
import { readPolicyDocument } from '../../src/access/policy/policy-document.ts';
import { mayAssume } from '../../src/access/policy/trust-policy.ts';
import { hasMoto, type Moto, startMoto } from './moto.ts';

const account = '123456789012';
const region = 'us-east-1';
const userArn = `arn:aws:iam::${account}:user/ana`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

interface Written {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string;
  readonly NotAction?: string;
  readonly Resource?: string;
  readonly NotResource?: string;
  readonly Condition?: object;
}
interface Policies {
  readonly own: readonly Written[];
  readonly group: readonly Written[];
}
const documentOf = (statements: readonly Written[]) => ({ Version: '2012-10-17', Statement: statements });
/** IAM wants at least one statement. */
const idle: Written = { Effect: 'Allow', Action: 'polly:*', Resource: '*' };
const trusts: Readonly<Record<string, readonly object[]>> = {
  'for-ana': [{ Effect: 'Allow', Principal: { AWS: userArn }, Action: 'sts:AssumeRole' }],
  'for-ben': [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:user/ben` }, Action: 'sts:AssumeRole' }],
  'for-account': [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
};

/** What is asked of both. */
const questions = [
  { action: 'iam:ListUsers', on: undefined },
  { action: 'iam:ListGroups', on: undefined },
  { action: 's3:GetObject', on: 'arn:aws:s3:::payroll/a' },
  { action: 's3:GetObject', on: 'arn:aws:s3:::payroll/b/c' },
  { action: 'sts:AssumeRole', on: roleArn('for-ana') },
  { action: 'sts:AssumeRole', on: roleArn('for-ben') },
] as const;
type Question = { readonly action: string; readonly on: string | undefined };

function ours({ own, group }: Policies, { action, on }: Question, boundary: readonly Written[] | null = null): boolean {
  const held = (name: string, statements: readonly Written[], of: string | null): HeldPolicy => ({
    name,
    arn: null,
    group: of,
    document: readPolicyDocument(documentOf(statements)) ?? null,
  });
  const principal: Principal = {
    kind: 'user',
    arn: userArn,
    name: 'ana',
    account,
    policies: [held('own', own, null), held('group', group, 'staff')],
    boundary: boundary === null ? null : held('boundary', boundary, null),
    tags: {},
  };
  if (action !== 'sts:AssumeRole') return effectiveRight(principal, action, on === undefined ? undefined : [on]).answer === 'yes';
  const name = on!.slice(on!.lastIndexOf('/') + 1);
  const trust = readPolicyDocument({ Version: '2012-10-17', Statement: trusts[name] })!;
  return mayAssume(principal, { arn: on!, account, trust }).answer === 'yes';
}

const patterns = ['*', 'iam:*', 'iam:List*', 'iam:ListUsers', '*:List*', 's3:*', 's3:Get*', 's3:GetObject', 'sts:*', 'sts:AssumeRole'];
const resources = [
  '*',
  'arn:aws:s3:::*',
  'arn:aws:s3:::payroll/*',
  'arn:aws:s3:::payroll/a',
  'arn:aws:s3:::*/c',
  roleArn('*'),
  roleArn('for-ana'),
];
const statement = fc
  .record({
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny'),
    action: fc.constantFrom<'Action' | 'NotAction'>('Action', 'Action', 'NotAction'),
    pattern: fc.constantFrom(...patterns),
    resource: fc.constantFrom('*', ...resources),
  })
  .map(({ Effect, action, pattern, resource }): Written => ({ Effect, [action]: pattern, Resource: resource }));
const policies = fc.record({ own: fc.array(statement, { maxLength: 3 }), group: fc.array(statement, { maxLength: 2 }) });

/**
 * Where the emulator is known to answer otherwise than AWS documents, over policies as they are generated here; the differences that lie in what
 * is not generated follow one by one below.
 */
function isKnownDifference({ own, group }: Policies, { action, on }: Question): string | undefined {
  const all = [...own, ...group];
  // Lists of IAM are asked for on `*`, so that no statement about one resource covers them; one about others' resources is nothing either way.
  if (action.startsWith('iam:') && all.some(({ Resource }) => Resource?.startsWith('arn:aws:iam:'))) return 'asks for lists on * alone';
  // In one account a trust policy that names the user is enough (Cross-account policy evaluation logic); the emulator wants both.
  if (on === roleArn('for-ana')) return 'wants an identity policy beside the trust that names the user';
  return undefined;
}

describe.runIf(hasMoto())('policies as an emulator enforces them', () => {
  let moto: Moto;
  let admin: iam.IAMClient;
  let user: { people: iam.IAMClient; objects: S3Client; sts: STSClient };
  beforeAll(async () => {
    moto = await startMoto();
    const at = (accessKeyId: string, secretAccessKey: string) => ({
      region,
      endpoint: moto.url,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    });
    const seed = at('testing', 'testing');
    const first = new iam.IAMClient(seed);
    for (const UserName of ['root', 'ana', 'ben']) await first.send(new iam.CreateUserCommand({ UserName }));
    await first.send(new iam.CreateGroupCommand({ GroupName: 'staff' }));
    await first.send(new iam.AddUserToGroupCommand({ GroupName: 'staff', UserName: 'ana' }));
    const everything = JSON.stringify(documentOf([{ Effect: 'Allow', Action: '*', Resource: '*' }]));
    await first.send(new iam.PutUserPolicyCommand({ UserName: 'root', PolicyName: 'all', PolicyDocument: everything }));
    for (const [RoleName, Statement] of Object.entries(trusts)) {
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await first.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    }
    const bucket = new S3Client({ ...seed, forcePathStyle: true });
    await bucket.send(new CreateBucketCommand({ Bucket: 'payroll' }));
    for (const Key of ['a', 'b/c']) await bucket.send(new PutObjectCommand({ Bucket: 'payroll', Key, Body: 'x' }));
    const keyOf = async (UserName: string) => {
      const { AccessKey: key } = await first.send(new iam.CreateAccessKeyCommand({ UserName }));
      return at(key?.AccessKeyId ?? '', key?.SecretAccessKey ?? '');
    };
    admin = new iam.IAMClient(await keyOf('root'));
    const ana = await keyOf('ana');
    user = { people: new iam.IAMClient(ana), objects: new S3Client({ ...ana, forcePathStyle: true }), sts: new STSClient(ana) };
    await moto.enforce(true);
  });
  afterAll(() => moto?.stop());

  async function put({ own, group }: Policies): Promise<void> {
    const text = (statements: readonly Written[]) => JSON.stringify(documentOf(statements.length === 0 ? [idle] : statements));
    await admin.send(new iam.PutUserPolicyCommand({ UserName: 'ana', PolicyName: 'own', PolicyDocument: text(own) }));
    await admin.send(new iam.PutGroupPolicyCommand({ GroupName: 'staff', PolicyName: 'group', PolicyDocument: text(group) }));
  }
  async function enforced({ action, on }: Question): Promise<boolean> {
    try {
      if (action === 'iam:ListUsers') await user.people.send(new iam.ListUsersCommand({}));
      else if (action === 'iam:ListGroups') await user.people.send(new iam.ListGroupsCommand({}));
      else if (action === 's3:GetObject')
        await user.objects.send(new GetObjectCommand({ Bucket: 'payroll', Key: on!.split('payroll/')[1] }));
      else await user.sts.send(new AssumeRoleCommand({ RoleArn: on!, RoleSessionName: 'x' }));
      return true;
    } catch (error) {
      const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      if (httpStatusCode === 403) return false;
      throw error;
    }
  }

  it('allows and denies the same, over generated policies', async () => {
    const counted = { same: 0, allowed: 0, explained: 0 };
    await fc.assert(
      fc.asyncProperty(policies, async (given) => {
        await put(given);
        for (const question of questions) {
          const [mine, theirs] = [ours(given, question), await enforced(question)];
          if (mine !== theirs && isKnownDifference(given, question) !== undefined) {
            counted.explained += 1;
            // Whatever the emulator lacks, what it allows is never more than what we say.
            expect({ given, question, mine }).toEqual({ given, question, mine: true });
            continue;
          }
          expect({ given, question, allowed: mine }).toEqual({ given, question, allowed: theirs });
          counted.same += 1;
          if (mine) counted.allowed += 1;
        }
      }),
      { numRuns: 25, seed: 20260115 },
    );
    // Neither side says always yes or always no, and differences are the exception.
    expect(counted.allowed).toBeGreaterThan(15);
    expect(counted.same - counted.allowed).toBeGreaterThan(30);
    expect(counted.explained).toBeLessThan(counted.same / 4);
  });

  const object: Question = { action: 's3:GetObject', on: 'arn:aws:s3:::payroll/a' };
  const allowAll: Written = { Effect: 'Allow', Action: '*', Resource: '*' };
  const known: readonly (readonly [string, readonly Written[], Question, { readonly aws: boolean; readonly emulator: boolean }])[] = [
    [
      'a denial with NotResource counts as an Allow: the emulator knows no NotResource (IAM JSON policy elements: NotResource)',
      [{ Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::other/*' }],
      object,
      { aws: false, emulator: true },
    ],
    [
      'conditions of identity policies count as met, whoever asks (IAM JSON policy elements: Condition)',
      [{ ...allowAll, Condition: { StringEquals: { 'aws:username': 'ben' } } }],
      object,
      { aws: false, emulator: true },
    ],
    [
      'a denial that only the request could decide denies: we let it take nothing off and name it (IAM JSON policy elements: Condition)',
      [allowAll, { ...allowAll, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      object,
      { aws: true, emulator: false },
    ],
    [
      'a question mark makes what is before it optional, as in a regular expression (IAM JSON policy elements: Resource)',
      [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::payroll/?' }],
      object,
      { aws: true, emulator: false },
    ],
    [
      'actions are compared with their case (IAM JSON policy elements: Action)',
      [{ ...allowAll, Action: 'S3:getobject' }],
      object,
      { aws: true, emulator: false },
    ],
    [
      'policy variables are text (IAM policy elements: Variables and tags)',
      [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${account}:role/for-\${aws:username}` }],
      { action: 'sts:AssumeRole', on: roleArn('for-ana') },
      { aws: true, emulator: false },
    ],
    [
      'a trust of the account trusts nobody in it (How to use trust policies with IAM roles)',
      [allowAll],
      { action: 'sts:AssumeRole', on: roleArn('for-account') },
      { aws: true, emulator: false },
    ],
  ];
  it.each(known)('differs: %s', async (_, own, question, { aws, emulator }) => {
    const given = { own, group: [] };
    await put(given);
    expect({ ours: ours(given, question), emulator: await enforced(question) }).toEqual({ ours: aws, emulator });
  });
  it('differs: a user is given no permissions boundary (Permissions boundaries for IAM entities)', async () => {
    const given = { own: [allowAll], group: [] };
    const limit: Written[] = [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }];
    const { Policy: boundary } = await admin.send(
      new iam.CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: JSON.stringify(documentOf(limit)) }),
    );
    // The emulator does not know the operation and answers with a page for people: what it would enforce cannot be asked.
    const bound = admin.send(new iam.PutUserPermissionsBoundaryCommand({ UserName: 'ana', PermissionsBoundary: boundary!.Arn }));
    await expect(bound).rejects.toThrow();
    await put(given);
    expect({ ours: ours(given, object, limit), emulator: await enforced(object) }).toEqual({ ours: false, emulator: true });
  });
});
