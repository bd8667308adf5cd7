import { describe, expect, test } from 'vitest';
import aclsDisabled from '../../../checks/aws/s3-bucket-acls-disabled.ts';
import crossAccount from '../../../checks/aws/s3-bucket-cross-account-access-is-approved.ts';
import encrypted from '../../../checks/aws/s3-bucket-encrypted.ts';
import hasLifecycle from '../../../checks/aws/s3-bucket-has-lifecycle.ts';
import hasObjectLock from '../../../checks/aws/s3-bucket-has-object-lock.ts';
import notPublic from '../../../checks/aws/s3-bucket-is-not-public.ts';
import logsAccess from '../../../checks/aws/s3-bucket-logs-access.ts';
import requiresTls from '../../../checks/aws/s3-bucket-requires-tls.ts';
import versioned from '../../../checks/aws/s3-bucket-versioned.ts';
import collector from '../../../collectors/aws/s3-buckets/collector.ts';
import type { JsonObject } from '../../../src/authoring.ts';
import { type Answer, denied, notThere, paged } from '../replay.ts';
import { changedAt, pathsIn, wrongValues } from './region-contract.ts';
import { type Answers, account, denialTakesEvidenceAway, walk } from './walk.ts';

const checks = [encrypted, notPublic, requiresTls, versioned, logsAccess, aclsDisabled, hasLifecycle, crossAccount, hasObjectLock];
const created = new Date('2024-03-01T09:00:00.000Z');
const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const none = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };
const policyOf = (...statements: object[]) => ({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
const tlsOnly = (bucket: string) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
const everyone = (bucket: string) => ({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` });
const publicGrant = {
  Owner: { ID: 'own', DisplayName: 'somebody' },
  Grants: [
    { Grantee: { Type: 'CanonicalUser', ID: 'own', DisplayName: 'somebody' }, Permission: 'FULL_CONTROL' },
    { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
  ],
};

interface Bucket {
  readonly block?: object;
  readonly policy?: object;
  readonly ownership?: string;
  readonly acl?: object;
  readonly logging?: object;
  readonly lifecycle?: object[];
  readonly versioning?: object;
  readonly encryption?: object;
  readonly lock?: object;
  readonly status?: object;
}
const aes256 = { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } };

function answers(buckets: Readonly<Record<string, Bucket>>, accountBlock?: object): Record<string, Answer | object> {
  const of = (operation: string, find: (bucket: Bucket, name: string) => object | undefined, code: string): Answer => {
    return (input: JsonObject) => {
      const name = String(input['Bucket']);
      const bucket = buckets[name];
      return (bucket && find(bucket, name)) ?? notThere(operation, code);
    };
  };
  return {
    's3:ListBuckets': { Buckets: Object.keys(buckets).map((Name) => ({ Name, CreationDate: created, BucketRegion: 'eu-central-1' })) },
    's3control:GetPublicAccessBlock': () =>
      accountBlock
        ? { PublicAccessBlockConfiguration: accountBlock }
        : notThere('s3control:GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
    's3:GetPublicAccessBlock': of(
      's3:GetPublicAccessBlock',
      ({ block }) => block && { PublicAccessBlockConfiguration: block },
      'NoSuchPublicAccessBlockConfiguration',
    ),
    's3:GetBucketEncryption': of(
      's3:GetBucketEncryption',
      ({ encryption }) => encryption ?? aes256,
      'ServerSideEncryptionConfigurationNotFoundError',
    ),
    's3:GetBucketVersioning': of('s3:GetBucketVersioning', ({ versioning }) => versioning ?? {}, 'NoSuchBucket'),
    's3:GetBucketLogging': of('s3:GetBucketLogging', ({ logging }) => (logging ? { LoggingEnabled: logging } : {}), 'NoSuchBucket'),
    's3:GetBucketPolicy': of('s3:GetBucketPolicy', ({ policy }) => policy, 'NoSuchBucketPolicy'),
    's3:GetBucketPolicyStatus': of('s3:GetBucketPolicyStatus', ({ status }) => status, 'NoSuchBucketPolicy'),
    's3:GetBucketOwnershipControls': of(
      's3:GetBucketOwnershipControls',
      ({ ownership }) => (ownership === undefined ? undefined : { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }),
      'OwnershipControlsNotFoundError',
    ),
    's3:GetBucketAcl': of('s3:GetBucketAcl', ({ acl }) => acl ?? { Grants: [] }, 'NoSuchBucket'),
    's3:GetBucketLifecycleConfiguration': of(
      's3:GetBucketLifecycleConfiguration',
      ({ lifecycle }) => lifecycle && { Rules: lifecycle },
      'NoSuchLifecycleConfiguration',
    ),
    's3:GetObjectLockConfiguration': of(
      's3:GetObjectLockConfiguration',
      ({ lock }) => lock && { ObjectLockConfiguration: lock },
      'ObjectLockConfigurationNotFoundError',
    ),
  };
}

const estate: Readonly<Record<string, Bucket>> = {
  good: {
    block: all,
    policy: policyOf(tlsOnly('good')),
    versioning: { Status: 'Enabled', MFADelete: 'Disabled' },
    logging: { TargetBucket: 'logs', TargetPrefix: 'good/' },
    lifecycle: [
      {
        ID: 'all',
        Status: 'Enabled',
        Filter: { Prefix: '' },
        Expiration: { Days: 365 },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      },
    ],
    lock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Years: 7 } } },
    encryption: {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/data' }, BucketKeyEnabled: true }],
      },
    },
  },
  bare: {},
  open: {
    block: none,
    policy: policyOf(everyone('open')),
    ownership: 'ObjectWriter',
    acl: publicGrant,
    versioning: { Status: 'Suspended' },
  },
  logs: { block: all, ownership: 'BucketOwnerEnforced' },
};

describe('what is collected of buckets', () => {
  test('good and bad buckets as resources', async () => {
    const { normalised, resource } = await walk(collector, answers(estate));
    expect(normalised.completeness).toEqual({ kind: 'complete' });
    expect(resource('good').unread).toEqual({});
    expect(resource('good').fields).toMatchObject({
      region: 'eu-central-1',
      encryption: { algorithm: 'aws:kms', kmsKeyId: 'alias/data' },
      publicAclsIgnored: true,
      publicPolicyRestricted: true,
      hasPolicy: true,
      insecureTransportDenied: true,
      policyIsPublic: false,
      grantedOutside: [],
      objectOwnership: 'not-needed',
      versioning: 'Enabled',
      mfaDelete: false,
      accessLogs: { bucket: 'logs', prefix: 'good/' },
      receivesAccessLogs: false,
      lifecycle: [{ id: 'all', enabled: true, wholeBucket: true, expiresAfterDays: 365, expiresOn: null, oldVersionsExpireAfterDays: 30 }],
      objectLock: { mode: 'COMPLIANCE', days: 2555 },
    });
    expect(resource('bare').fields).toMatchObject({
      encryption: { algorithm: 'AES256', kmsKeyId: null },
      publicAclsIgnored: false,
      hasPolicy: false,
      insecureTransportDenied: false,
      objectOwnership: null,
      aclIsPublic: false,
      versioning: 'never',
      accessLogs: null,
      lifecycle: [],
      objectLock: null,
    });
    expect(resource('open').fields).toMatchObject({
      policyIsPublic: true,
      aclIsPublic: true,
      grantedOutside: ['*'],
      versioning: 'Suspended',
    });
    expect(resource('logs').fields).toMatchObject({ receivesAccessLogs: true });
    expect(resource('good').fields).not.toHaveProperty('policy');
  });

  test('verdicts on good and bad buckets', async () => {
    const { outcomes } = await walk(collector, answers(estate));
    expect(outcomes(notPublic)).toEqual({ good: 'pass', bare: 'pass', open: 'fail', logs: 'pass' });
    expect(outcomes(requiresTls)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(versioned)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(logsAccess)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'not-applicable' });
    expect(outcomes(aclsDisabled)).toEqual({ good: 'not-applicable', bare: 'fail', open: 'fail', logs: 'not-applicable' });
    expect(outcomes(hasLifecycle)).toEqual({ good: 'pass', bare: 'fail', open: 'fail', logs: 'fail' });
    expect(outcomes(crossAccount)).toEqual({ good: 'pass', bare: 'pass', open: 'fail', logs: 'pass' });
    expect(outcomes(hasObjectLock, { names: ['go*'] })).toEqual({ good: 'pass' });
  });

  test("the account's block covers buckets that have none, and nothing more is asked", async () => {
    const { outcomes, replay } = await walk(collector, answers({ bare: {}, open: { ...estate['open'], block: none } }, all));
    expect(outcomes(notPublic)).toEqual({ bare: 'pass', open: 'pass' });
    expect(outcomes(crossAccount)).toEqual({ bare: 'pass', open: 'pass' });
    expect(replay.count('s3:GetBucketOwnershipControls') + replay.count('s3:GetBucketAcl') + replay.count('s3:GetBucketPolicyStatus')).toBe(
      0,
    );
  });

  test('of two halves of a block, each closes its own way only', async () => {
    const { outcomes } = await walk(
      collector,
      answers(
        { policies: { ...estate['open'], block: { ...none, RestrictPublicBuckets: true } } },
        { ...none, BlockPublicAcls: true, BlockPublicPolicy: true },
      ),
    );
    expect(outcomes(notPublic)).toEqual({ policies: 'fail' });
  });

  test('the region of a bucket is asked there, and its location never', async () => {
    const { replay } = await walk(collector, {
      ...answers({ good: estate['good'] ?? {} }),
      's3:ListBuckets': { Buckets: [{ Name: 'good', CreationDate: created, BucketRegion: 'ap-southeast-2' }] },
    });
    expect(replay.calls.find((call) => call.operation === 's3:GetBucketPolicy')?.region).toBe('ap-southeast-2');
    expect(replay.calls[1]).toMatchObject({ operation: 's3:ListBuckets', input: { MaxBuckets: 10_000 }, region: 'us-east-1' });
  });

  test('a bucket that is deleted and made anew is another subject', async () => {
    const again = { ...answers(estate), 's3:ListBuckets': { Buckets: [{ Name: 'good', CreationDate: new Date('2025-01-01T00:00:00Z') }] } };
    const [before, after] = [await walk(collector, answers(estate)), await walk(collector, again)];
    const idOf = (walked: typeof before) => walked.normalised.resources.find((one) => one.display === 'good')?.id;
    expect(idOf(before)).toMatch(/^aws:111122223333\/s3-bucket\/good\//);
    expect(idOf(after)).not.toBe(idOf(before));
  });

  test('where only changes of settings are dated, the date makes no other subject of a bucket', async () => {
    const dated = (CreationDate: Date) => ({ ...answers({ good: {} }), 's3:ListBuckets': { Buckets: [{ Name: 'good', CreationDate }] } });
    const china = { region: 'cn-north-1' };
    const [before, after] = [
      await walk(collector, dated(created), china),
      await walk(collector, dated(new Date('2025-01-01T00:00:00Z')), china),
    ];
    expect(before.replay.calls[1]).toMatchObject({ operation: 's3:ListBuckets', region: undefined });
    expect(before.normalised.resources).toEqual(after.normalised.resources);
    expect(before.resource('good').fields).toMatchObject({ createdAt: null });
  });

  test('names of people in an ACL are not kept', async () => {
    const { evidence } = await walk(collector, answers(estate));
    expect(JSON.stringify(evidence.items)).not.toContain('somebody');
  });
});

describe('calls', () => {
  const many = (count: number, bucket: Bucket): Answers =>
    answers(Object.fromEntries(Array.from({ length: count }, (_, index) => [`bucket-${index}`, bucket])), all);

  test('1,000 buckets under a block: 5N + 2 for the five, N for lifecycle, N for Object Lock, nothing else', async () => {
    const { replay, normalised } = await walk(collector, many(1000, { policy: policyOf(tlsOnly('bucket-1')) }));
    expect(normalised.resources).toHaveLength(1000);
    const five = ['GetBucketEncryption', 'GetPublicAccessBlock', 'GetBucketVersioning', 'GetBucketLogging', 'GetBucketPolicy'];
    expect(five.map((name) => replay.count(`s3:${name}`))).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(replay.count('s3:GetBucketLifecycleConfiguration')).toBe(1000);
    expect(replay.count('s3:GetObjectLockConfiguration')).toBe(1000);
    expect(replay.count()).toBe(7 * 1000 + 2);
  });

  test('ownership and ACL only of buckets that no block covers, the ACL only where it has an effect', async () => {
    const buckets = {
      blocked: { block: all },
      enforced: { ownership: 'BucketOwnerEnforced' },
      writer: { ownership: 'ObjectWriter' },
      unset: {},
    };
    const { replay } = await walk(collector, answers(buckets));
    const asked = (name: string) => replay.calls.filter((call) => call.operation === `s3:${name}`).map((call) => call.input['Bucket']);
    expect(asked('GetBucketOwnershipControls').sort()).toEqual(['enforced', 'unset', 'writer']);
    expect(asked('GetBucketAcl').sort()).toEqual(['unset', 'writer']);
  });

  test("S3's own judgement only of policies whose text does not decide", async () => {
    const buckets = {
      closed: { policy: policyOf(tlsOnly('closed')) },
      open: { policy: policyOf(everyone('open')) },
      odd: {
        policy: policyOf({ ...everyone('odd'), Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payroll' } } }),
        status: { PolicyStatus: { IsPublic: true } },
      },
      empty: {
        policy: policyOf({ ...everyone('empty'), Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payroll' } } }),
        status: { PolicyStatus: {} },
      },
    };
    const { replay, outcomes } = await walk(collector, answers(buckets));
    expect(replay.calls.filter((call) => call.operation === 's3:GetBucketPolicyStatus').map((call) => call.input['Bucket'])).toEqual([
      'odd',
      'empty',
    ]);
    expect(outcomes(notPublic)).toEqual({ closed: 'pass', open: 'fail', odd: 'fail', empty: 'no-evidence' });
  });
});

describe('what is not seen', () => {
  test('an account without buckets', async () => {
    const { normalised, outcomes } = await walk(collector, answers({}));
    expect(normalised).toMatchObject({ resources: [], completeness: { kind: 'complete' } });
    expect(outcomes(encrypted)).toEqual({ '*': 'empty' });
  });

  test('the list denied', async () => {
    const { normalised, outcomes } = await walk(collector, { ...answers(estate), 's3:ListBuckets': () => denied('s3:ListBuckets') });
    expect(normalised.resources).toEqual([]);
    expect(normalised.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    for (const check of checks) expect(outcomes(check)).toEqual({ '*': 'no-evidence' });
  });

  test('the second page denied: what came before is judged, and the rest is missing aloud', async () => {
    const list = ['good', 'bare'].map((Name) => ({ Name, CreationDate: created, BucketRegion: 'eu-central-1' }));
    const { outcomes } = await walk(collector, {
      ...answers(estate),
      's3:ListBuckets': paged(list, {
        size: 1,
        into: 'Buckets',
        request: 'ContinuationToken',
        reply: 'ContinuationToken',
        deniedFrom: 2,
        operation: 's3:ListBuckets',
      }),
    });
    expect(outcomes(versioned)).toEqual({ good: 'pass', '*': 'no-evidence' });
    expect(outcomes(logsAccess)).toEqual({ good: 'pass', '*': 'no-evidence' });
  });

  test('a bucket without access logs may receive those of buckets nobody has seen', async () => {
    const { outcomes } = await walk(collector, {
      ...answers(estate),
      's3:ListBuckets': (input: JsonObject) =>
        input['ContinuationToken'] === undefined
          ? { Buckets: [{ Name: 'bare', CreationDate: created, BucketRegion: 'eu-central-1' }], ContinuationToken: 'more' }
          : denied('s3:ListBuckets'),
    });
    expect(outcomes(logsAccess)).toEqual({ bare: 'no-evidence', '*': 'no-evidence' });
    expect(outcomes(versioned)).toEqual({ bare: 'fail', '*': 'no-evidence' });
  });

  test.each([
    ['s3:GetBucketEncryption', encrypted],
    ['s3:GetBucketVersioning', versioned],
    ['s3:GetBucketLogging', logsAccess],
    ['s3:GetBucketPolicy', requiresTls],
    ['s3:GetBucketPolicy', crossAccount],
    ['s3:GetBucketLifecycleConfiguration', hasLifecycle],
    ['s3:GetObjectLockConfiguration', hasObjectLock],
    ['s3:GetPublicAccessBlock', aclsDisabled],
  ])('%s denied for one bucket leaves that bucket without evidence, and the others as they are', async (operation, check) => {
    const whole = answers(estate);
    const answer = whole[operation] as Answer;
    const before = (await walk(collector, whole)).outcomes(check);
    const { outcomes } = await walk(collector, {
      ...whole,
      [operation]: (input: JsonObject, scope: object) => (input['Bucket'] === 'bare' ? denied(operation) : answer(input, scope)),
    });
    expect(outcomes(check)).toMatchObject({ good: before['good'], bare: 'no-evidence' });
    expect(outcomes(check)).not.toHaveProperty('*');
  });

  test('every operation denied in turn takes evidence away and makes no verdict better or worse', async () => {
    const took = await denialTakesEvidenceAway(collector, answers(estate), checks);
    expect(took).toEqual(
      expect.arrayContaining(['s3:ListBuckets', 's3:GetBucketPolicy', 's3:GetBucketAcl', 's3control:GetPublicAccessBlock']),
    );
    expect(took).toHaveLength(11);
  });

  test("the account's block denied: a bucket's own still decides, another leaves the question open", async () => {
    const { outcomes } = await walk(collector, {
      ...answers({ blocked: { block: all }, bare: {} }),
      's3control:GetPublicAccessBlock': () => denied('s3control:GetPublicAccessBlock'),
    });
    expect(outcomes(notPublic)).toEqual({ blocked: 'pass', bare: 'no-evidence' });
  });

  test('replies that are well-formed and say nothing are no answer', async () => {
    const empty = {
      ...answers({ bare: { block: {}, policy: {} } }),
      's3:GetBucketEncryption': {},
      's3:GetBucketAcl': {},
      's3:GetBucketOwnershipControls': {},
    };
    const { outcomes } = await walk(collector, empty);
    for (const check of [encrypted, notPublic, requiresTls, crossAccount, aclsDisabled])
      expect(outcomes(check)).toEqual({ bare: 'no-evidence' });
  });

  test('a list that is not one, and a bucket that is none', async () => {
    const noList = await walk(collector, { ...answers(estate), 's3:ListBuckets': { Owner: {} } });
    expect(noList.outcomes(encrypted)).toEqual({ '*': 'no-evidence' });
    const oneBad = await walk(collector, {
      ...answers(estate),
      's3:ListBuckets': {
        Buckets: [
          { Name: 'good', CreationDate: created },
          { Name: 'bare', CreationDate: 'yesterday' },
        ],
      },
    });
    expect(oneBad.outcomes(encrypted)).toEqual({ good: 'pass', '*': 'no-evidence' });
  });

  test('a policy that cannot be read is no policy that allows nothing', async () => {
    const { outcomes } = await walk(collector, answers({ bare: { policy: { Policy: '{"Statement":[{"Effect":"Permit"}]}' } } }));
    for (const check of [notPublic, requiresTls, crossAccount]) expect(outcomes(check)).toEqual({ bare: 'no-evidence' });
  });
});

/** What S3 leaves out where nothing is configured, as its reference says. */
const absenceMeans = new Set([
  'Status',
  'MFADelete',
  'LoggingEnabled',
  'TargetPrefix',
  'KMSMasterKeyID',
  'Filter',
  'Prefix',
  'Expiration',
  'NoncurrentVersionExpiration',
  'ID',
  'Rule',
  'Days',
  'Years',
  'NoncurrentDays',
]);
test('a field that is missing, null or something else makes no verdict better or worse', async () => {
  const whole = answers(estate);
  const before = (await walk(collector, whole)).outcomes;
  let tried = 0;
  for (const [operation, answer] of Object.entries(whole)) {
    if (operation === 's3:ListBuckets') continue;
    for (const bucket of Object.keys(estate)) {
      const output = typeof answer === 'function' ? answer({ Bucket: bucket }, {}) : answer;
      if (output instanceof Error) continue;
      for (const path of pathsIn(output)) {
        for (const value of absenceMeans.has(String(path.at(-1))) ? wrongValues.slice(2) : wrongValues) {
          const changed = changedAt(output, path, value);
          const { outcomes } = await walk(collector, {
            ...whole,
            [operation]: (input: JsonObject, scope: object) =>
              input['Bucket'] === bucket ? changed : typeof answer === 'function' ? answer(input, scope) : answer,
          });
          tried += 1;
          for (const check of checks) {
            for (const [subject, outcome] of Object.entries(outcomes(check))) {
              if (outcome === 'no-evidence') continue;
              const where = `${check.id} of ${subject} with ${operation} of ${bucket} ${path.join('.')} = ${JSON.stringify(value)}`;
              expect(`${where}: ${outcome}`).toBe(`${where}: ${before(check)[subject]}`);
            }
          }
        }
      }
    }
  }
  expect(tried).toBeGreaterThan(100);
});

describe('who is let in', () => {
  test('accounts of the bucket policy', async () => {
    const grant = (principal: unknown, condition?: object) => ({
      Effect: 'Allow',
      Principal: principal,
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::b/*',
      ...(condition ? { Condition: condition } : {}),
    });
    const { resource, outcomes } = await walk(
      collector,
      answers({
        own: { policy: policyOf(grant({ AWS: `arn:aws:iam::${account}:root` }), grant({ Service: 'cloudtrail.amazonaws.com' })) },
        partner: { policy: policyOf(grant({ AWS: ['arn:aws:iam::444455556666:role/Read', '777788889999'] })) },
        organisation: { policy: policyOf(grant('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })) },
        itself: { policy: policyOf(grant('*', { StringEquals: { 'aws:PrincipalAccount': account } })) },
      }),
    );
    expect(resource('partner').fields['grantedOutside']).toEqual(['444455556666', '777788889999']);
    expect(outcomes(crossAccount)).toEqual({ own: 'pass', partner: 'fail', organisation: 'fail', itself: 'pass' });
    // What is restricted is public policies; a grant to one account is none.
    const blocked = await walk(collector, answers({ partner: { policy: policyOf(grant({ AWS: '444455556666' })) } }, all));
    expect(blocked.outcomes(crossAccount)).toEqual({ partner: 'fail' });
    expect(outcomes(crossAccount, { approved: ['444455556666', '777788889999', 'o-a1b2c3d4e5'] })).toMatchObject({
      partner: 'pass',
      organisation: 'pass',
    });
    expect(outcomes(notPublic)).toEqual({ own: 'pass', partner: 'pass', organisation: 'pass', itself: 'pass' });
  });
});
