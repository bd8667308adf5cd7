import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allows,
  granteesOf,
  isFullAdministration,
  isPublic,
  matchesPattern,
  PolicyText,
  type Statement,
} from '../../../collectors/aws/policy-document.ts';

const read = (document: object) => PolicyText.parse(JSON.stringify(document));
const one = (statement: object): Statement => read({ Statement: statement })[0]!;

describe('reading', () => {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: ['*'] }] };
  it('takes JSON, URL-encoded JSON, a single statement and single values', () => {
    expect(PolicyText.parse(encodeURIComponent(JSON.stringify(document)))).toEqual(read(document));
    expect(read({ Statement: document.Statement[0] as object })).toEqual(read(document));
    expect(read(document)).toEqual([{ Effect: 'Allow', Action: ['s3:*'], Resource: ['*'] }]);
  });
  it('takes a percent sign inside of JSON for what it is', () => {
    expect(read({ Statement: [{ Sid: '100%25', Effect: 'Deny', Action: '*', Resource: '*' }] })[0]?.Sid).toBe('100%25');
  });
  it.each(['', '{', 'null', '[]', '{}', '{"Statement":[{}]}', '{"Statement":[{"Effect":"allow"}]}', '%', '{"Statement":"*"}'])(
    'does not take %j for a policy that allows nothing',
    (text) => expect(PolicyText.safeParse(text).success).toBe(false),
  );
  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof PolicyText.safeParse(text).success === 'boolean'));
    fc.assert(fc.property(fc.json(), (text) => typeof PolicyText.safeParse(text).success === 'boolean'));
  });
});

describe('matching', () => {
  it('a pattern without wildcards matches itself alone, and * everything', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, text) => {
        expect(matchesPattern('*', text)).toBe(true);
        if (!/[*?]/.test(pattern)) expect(matchesPattern(pattern, text)).toBe(pattern === text);
      }),
    );
  });
  it('actions are matched in any case, NotAction by what it leaves out', () => {
    const all = [one({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' })];
    expect(allows(all, 'cloudtrail:StopLogging', 'arn:aws:cloudtrail:us-east-1:1:trail/x')).toBe(true);
    expect(allows(all, 'IAM:attachrolepolicy', 'arn:aws:iam::1:role/x')).toBe(false);
    expect(allows([one({ Effect: 'Allow', Action: 'S3:get*', Resource: '*' })], 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true);
  });
  it('a Deny takes away, unless it has conditions', () => {
    const allow = one({ Effect: 'Allow', Action: '*', Resource: '*' });
    const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*' };
    expect(allows([allow, one(deny)], 'iam:PutUserPolicy', 'arn:aws:iam::1:user/x')).toBe(false);
    const conditional = one({ ...deny, Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } });
    expect(allows([allow, conditional], 'iam:PutUserPolicy', 'arn:aws:iam::1:user/x')).toBe(true);
  });
});

describe('full administration', () => {
  it.each([
    [{ Effect: 'Allow', Action: '*', Resource: '*' }, true],
    [{ Effect: 'Allow', Action: '*:*', Resource: '*' }, true],
    [{ Effect: 'Allow', Action: ['s3:Get*', '*'], Resource: ['arn:x', '*'] }, true],
    [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }, true],
    [{ Effect: 'Allow', NotAction: 'aws-portal:*', Resource: '*' }, true],
    [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }, false],
    [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }, false],
    [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::b/*' }, false],
    [{ Effect: 'Deny', Action: '*', Resource: '*' }, false],
  ])('%j: %s', (statement, expected) => expect(isFullAdministration(one(statement))).toBe(expected));
});

describe('who is let in', () => {
  it('tells accounts, everyone, services and providers apart', () => {
    const of = (Principal: unknown) =>
      granteesOf(one({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })).map(({ kind, id }) => [kind, id]);
    expect(of('*')).toEqual([['everyone', '*']]);
    expect(of({ AWS: '*' })).toEqual([['everyone', '*']]);
    expect(of({ AWS: ['111122223333', 'arn:aws:iam::444455556666:role/x', 'arn:aws-cn:sts::777788889999:assumed-role/x/y'] })).toEqual([
      ['account', '111122223333'],
      ['account', '444455556666'],
      ['account', '777788889999'],
    ]);
    expect(of({ Service: 'ec2.amazonaws.com' })).toEqual([['service', 'ec2.amazonaws.com']]);
    expect(of({ AWS: 'AIDAEXAMPLE' })).toEqual([['other', 'AIDAEXAMPLE']]);
    expect(granteesOf(one({ Effect: 'Allow', NotPrincipal: { AWS: '111122223333' }, Action: '*' }))[0]?.kind).toBe('everyone');
    expect(granteesOf(one({ Effect: 'Deny', Principal: '*', Action: '*' }))).toEqual([]);
  });
  it.each([
    ['no condition', undefined, true],
    ['own organisation', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, false],
    ['own account', { StringEquals: { 'kms:CallerAccount': '111122223333' } }, false],
    ['any account', { StringLike: { 'kms:CallerAccount': '*' } }, true],
    ['not from one account', { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }, true],
    ['only over TLS', { Bool: { 'aws:SecureTransport': 'true' } }, true],
    ['from everywhere', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, true],
    ['from the office', { IpAddress: { 'aws:SourceIp': ['198.51.100.0/24'] } }, false],
    ['if the key exists', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }, true],
    ['any role of any account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:*' } }, true],
  ])('%s: public %s', (_, Condition, expected) => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', ...(Condition ? { Condition } : {}) };
    expect(isPublic([one(statement)])).toBe(expected);
  });
});
