import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { AwsClient } from '../../../collectors/aws/client.ts';
import { services } from '../../../collectors/aws/operations.ts';
import source from '../../../collectors/aws/source.ts';
import type { Gap, JsonObject, Reply } from '../../../src/authoring.ts';

type Output = JsonObject | null | undefined;
function clientOf(
  answer: (operation: string, input: JsonObject, call: number) => Output | Promise<Output>,
  region?: string,
  concurrency = 4,
) {
  const misses: Gap[] = [];
  const calls: { operation: string; input: JsonObject; region: string | undefined; page: number | undefined }[] = [];
  const client = new AwsClient({
    async exchange(operation, input, options) {
      calls.push({ operation, input, region: options.region, page: options.page });
      const output = await answer(operation, input, calls.length);
      if (output === undefined) return undefined;
      return { operation, input, page: options.page ?? 1, output };
    },
    miss: (gap) => misses.push(gap),
    source: 'aws:111122223333',
    tenant: '111122223333',
    ...(region === undefined ? {} : { region }),
    concurrency,
    settings: {},
  });
  return { client, misses, calls };
}
const listAll = async (pages: AsyncIterable<Reply>) => (await Array.fromAsync(pages)).map((reply) => reply.output);

describe('pages', () => {
  it('follows the token to the end, in the largest pages, with the same parameters', async () => {
    const { client, misses, calls } = clientOf((_, input) =>
      input['Marker'] === 'b' ? { IsTruncated: false, n: 2 } : { IsTruncated: true, Marker: 'b', n: 1 },
    );
    expect(await listAll(client.pages('iam:ListVirtualMFADevices', { AssignmentStatus: 'Assigned' }))).toHaveLength(2);
    expect(calls.map((call) => [call.input, call.page])).toEqual([
      [{ MaxItems: 1000, AssignmentStatus: 'Assigned' }, 1],
      [{ MaxItems: 1000, AssignmentStatus: 'Assigned', Marker: 'b' }, 2],
    ]);
    expect(misses).toEqual([]);
  });
  it('says that pages are missing when there is more but no token', async () => {
    const { client, misses } = clientOf(() => ({ IsTruncated: true }));
    expect(await listAll(client.pages('iam:GetAccountAuthorizationDetails'))).toHaveLength(1);
    expect(misses).toEqual([{ reason: 'truncated', operation: 'iam:GetAccountAuthorizationDetails' }]);
  });
  it('says that pages are missing when a token comes a second time, also after others', async () => {
    const { client, misses, calls } = clientOf((_, __, call) => ({ NextToken: call % 2 === 0 ? 'even' : 'odd' }), 'us-east-1');
    expect(await listAll(client.pages('guardduty:ListDetectors'))).toHaveLength(3);
    expect(calls).toHaveLength(3);
    expect(misses).toEqual([{ reason: 'truncated', operation: 'guardduty:ListDetectors', region: 'us-east-1' }]);
  });
  it('keeps what came before a refused page', async () => {
    const { client, misses } = clientOf((_, input) => (input['NextToken'] === undefined ? { NextToken: 't' } : undefined));
    expect(await listAll(client.pages('sso:ListInstances'))).toHaveLength(1);
    // The refusal itself is recorded below the client.
    expect(misses).toEqual([]);
  });
  it('takes an operation without pages as one, and notices when it has pages after all', async () => {
    const { client, misses } = clientOf(() => ({ Trails: [], Marker: 'more' }));
    expect(await listAll(client.pages('cloudtrail:DescribeTrails', {}, { subject: 's' }))).toHaveLength(1);
    expect(misses).toEqual([{ reason: 'truncated', operation: 'cloudtrail:DescribeTrails', subject: 's' }]);
  });
  it('an empty token ends the list', async () => {
    const { client, misses } = clientOf(() => ({ NextToken: '' }));
    expect(await listAll(client.pages('sso:ListInstances'))).toHaveLength(1);
    expect(misses).toEqual([]);
  });
});

describe('call', () => {
  it('does not lose the further pages of a list operation without a word', async () => {
    const { client, misses } = clientOf(() => ({ Keys: [], Truncated: true, NextMarker: 'x' }));
    await client.call('kms:ListKeys');
    expect(misses).toEqual([{ reason: 'truncated', operation: 'kms:ListKeys' }]);
  });
  it('refuses an operation nobody declared: a bug', async () => {
    const { client } = clientOf(() => ({}));
    await expect(client.call('iam:DeleteUser')).rejects.toThrow(TypeError);
    await expect(listAll(client.pages('s3:constructor'))).rejects.toThrow(TypeError);
  });
  it('goes to the region of the collection unless it names another', async () => {
    const { client, calls } = clientOf(() => ({}), 'eu-central-1');
    await client.call('kms:DescribeKey', { KeyId: '1' });
    await client.call('kms:DescribeKey', { KeyId: '2' }, { region: 'us-east-1' });
    expect(calls.map((call) => call.region)).toEqual(['eu-central-1', 'us-east-1']);
  });
});

describe('each', () => {
  it('asks about many at once, but never about more than the bound, and yields in order', async () => {
    let inFlight = 0;
    let most = 0;
    const { client } = clientOf(
      async (_, input) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((resolve) => setTimeout(resolve, Number(input['wait'])));
        inFlight -= 1;
        return { n: input['n'] ?? null };
      },
      undefined,
      3,
    );
    const items = [20, 1, 10, 1, 5, 1, 1, 1];
    const replies = client.each(items, async (wait) => [
      await client.call('kms:DescribeKey', { wait, n: items.indexOf(wait) }),
      ...(await Promise.all([client.call('kms:GetKeyPolicy', { wait, n: 1 }), client.call('kms:GetKeyRotationStatus', { wait, n: 2 })])),
    ]);
    expect(await listAll(replies)).toHaveLength(24);
    expect(most).toBe(3);
  });
  it('leaves out the refused ones and goes on', async () => {
    const { client } = clientOf((_, input) => (input['KeyId'] === 2 ? undefined : { id: input['KeyId'] ?? null }));
    const replies = client.each([1, 2, 3], async (KeyId) => [await client.call('kms:DescribeKey', { KeyId })]);
    expect(await listAll(replies)).toEqual([{ id: 1 }, { id: 3 }]);
  });
  it('ends with a bug of the work, and starts nothing more', async () => {
    const { client, calls } = clientOf(() => ({}), undefined, 1);
    const replies = client.each([1, 2, 3], async (id) => {
      if (id === 2) throw new RangeError('a bug');
      return [await client.call('kms:DescribeKey', { KeyId: id })];
    });
    await expect(listAll(replies)).rejects.toThrow(RangeError);
    expect(calls).toHaveLength(1);
  });
});

describe('the table of operations', () => {
  const packages: Readonly<Record<string, string>> = { config: 'config-service', s3control: 's3-control', sso: 'sso-admin' };
  const withClient = Object.entries(services).filter(([name]) => name !== 'account');

  it.each(withClient)('agrees with the SDK on what of %s has pages, and by which tokens', (name, service) => {
    const entry = createRequire(import.meta.url).resolve(`@aws-sdk/client-${packages[name] ?? name}`);
    const code = readFileSync(entry, 'utf8');
    const paginators = new Map(
      [...code.matchAll(/const paginate(\w+) = [\w.]*createPaginator\(\w+, \w+, "(\w+)", "(\w+)"(?:, "(\w+)")?\)/g)].map(
        ([, operation = '', request, reply, size]) => [operation, { request, reply, size }],
      ),
    );
    if (name === 'iam' || name === 'ec2') expect(paginators.size).toBeGreaterThan(5);
    for (const [operation, { paging }] of Object.entries(service.operations)) {
      expect(code, `${name}:${operation} exists`).toContain(`${operation}Command`);
      const known = paginators.get(operation);
      if (paging === undefined) {
        // Operations whose pages are never wanted are asked with parameters that leave one.
        expect(known === undefined || ['DescribeDBSnapshotAttributes'].includes(operation), `${name}:${operation} has pages`).toBe(true);
        continue;
      }
      // The SDK has no paginator for it, though the API has pages.
      if (known === undefined) continue;
      expect({ operation, request: paging.request, reply: paging.reply }).toEqual({
        operation,
        request: known.request,
        reply: known.reply,
      });
      if (paging.size && known.size) expect({ operation, size: paging.size.field }).toEqual({ operation, size: known.size });
    }
  });
  it('only reads', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const operation of Object.keys(service.operations))
        expect(`${name}:${operation}`).toMatch(/:(?:Get|List|Describe|GenerateCredentialReport|LookupEvents)/);
    }
  });
});

describe('the source', () => {
  it.each([
    ['s3:GetBucketEncryption', 's3:GetEncryptionConfiguration'],
    ['s3:ListBuckets', 's3:ListAllMyBuckets'],
    ['s3:GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock'],
    ['s3control:GetPublicAccessBlock', 's3:GetAccountPublicAccessBlock'],
    ['s3:GetObjectLockConfiguration', 's3:GetBucketObjectLockConfiguration'],
    ['opensearch:DescribeDomains', 'es:DescribeDomains'],
    ['efs:DescribeFileSystems', 'elasticfilesystem:DescribeFileSystems'],
    ['iam:GetCredentialReport', 'iam:GetCredentialReport'],
    ['sso:ListInstances', 'sso:ListInstances'],
    ['iam:DeleteUser', undefined],
    ['toString:toString', undefined],
  ])('%s needs %s', (operation, permission) => {
    expect(source.permissionFor(operation)).toBe(permission);
  });

  it.each([
    'iam.amazonaws.com',
    'sts.us-east-1.amazonaws.com',
    'ec2.eu-central-1.amazonaws.com:443',
    'acme-logs.s3.eu-central-1.amazonaws.com',
    'acme.site.s3.dualstack.us-east-1.amazonaws.com',
    's3.us-east-1.amazonaws.com',
    '111122223333.s3-control.eu-central-1.amazonaws.com',
    'kms-fips.us-east-1.amazonaws.com',
    'ec2.cn-north-1.amazonaws.com.cn',
    'ec2.eu-central-1.api.aws',
    'ec2.us-gov-west-1.amazonaws.com',
    'IAM.amazonaws.com',
  ])('%s is a host of AWS', (host) => expect(source.isOfficialHost(host)).toBe(true));
  it.each([
    '127.0.0.1:5000',
    'localhost',
    'amazonaws.com',
    'iam.amazonaws.com.evil.example',
    'iam-amazonaws.com',
    'evil.example',
    'fake-iam.us-east-1.elb.amazonaws.com',
    'abc123.execute-api.us-east-1.amazonaws.com',
    'ec2-198-51-100-1.compute-1.amazonaws.com',
    'acme.s3-website.eu-central-1.amazonaws.com',
    'iam.amazonaws.com:8443',
    'x.iam.amazonaws.com',
  ])('%s is not', (host) => expect(source.isOfficialHost(host)).toBe(false));

  it.each([
    [
      'iam:ListVirtualMFADevices',
      { MaxItems: 1000 },
      {},
      `aws iam list-virtual-mfa-devices --no-paginate --cli-input-json '{"MaxItems":1000}'`,
    ],
    [
      'ec2:GetEbsEncryptionByDefault',
      {},
      { region: 'eu-central-1' },
      'aws ec2 get-ebs-encryption-by-default --region eu-central-1 --no-paginate',
    ],
    ['rds:DescribeDBInstances', { Marker: '$token' }, {}, 'aws rds describe-db-instances --no-paginate'],
    ['iam:ListSAMLProviders', {}, {}, 'aws iam list-saml-providers --no-paginate'],
    ['iam:ListOpenIDConnectProviders', {}, {}, 'aws iam list-open-id-connect-providers --no-paginate'],
    ['config:DescribeDeliveryChannels', {}, {}, 'aws configservice describe-delivery-channels --no-paginate'],
    ['s3:GetBucketPolicy', { Bucket: "a'b" }, {}, `aws s3api get-bucket-policy --no-paginate --cli-input-json '{"Bucket":"a'\\''b"}'`],
    ['ec2:DescribeVpcs', {}, {}, 'aws ec2 describe-vpcs --no-paginate'],
    ['sso:ListInstances', {}, {}, 'aws sso-admin list-instances --no-paginate'],
  ] as const)('%s can be repeated by hand', (operation, input, scope, command) => {
    expect(source.equivalentCommand(operation, input, scope)).toBe(command);
  });
});
