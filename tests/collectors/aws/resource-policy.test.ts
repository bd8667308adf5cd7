import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deniesInsecureTransport,
  grantsOutside,
  isOpen,
  matches,
  type PolicyStatement,
  readPolicy,
} from '../../../collectors/aws/resource-policy.ts';

function read(...statements: object[]): readonly PolicyStatement[] {
  const found = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  if (found === undefined) throw new Error('the policy could not be read');
  return found;
}
const deny = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

describe('denial of requests without TLS', () => {
  test.each<[string, object[]]>([
    ['as AWS writes it', [deny]],
    ['a principal by kind', [{ ...deny, Principal: { AWS: '*' } }]],
    ['a principal in a list', [{ ...deny, Principal: { AWS: ['*'] } }]],
    ['actions in a list', [{ ...deny, Action: ['S3:*'] }]],
    ['every action', [{ ...deny, Action: '*' }]],
    ['every resource', [{ ...deny, Resource: '*' }]],
    ['one pattern for both', [{ ...deny, Resource: 'arn:aws:s3:::b*' }]],
    ['another partition', [{ ...deny, Resource: ['arn:aws-us-gov:s3:::b', 'arn:aws-us-gov:s3:::b/*'] }]],
    ['a boolean', [{ ...deny, Condition: { Bool: { 'aws:SecureTransport': false } } }]],
    ['a list of values', [{ ...deny, Condition: { Bool: { 'aws:securetransport': ['false'] } } }]],
    ['requests without the key too', [{ ...deny, Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } }]],
    [
      'two statements',
      [
        { ...deny, Resource: 'arn:aws:s3:::b' },
        { ...deny, Resource: 'arn:aws:s3:::b/*' },
      ],
    ],
    ['beside a grant', [allow, deny]],
  ])('%s: yes', (_, statements) => {
    expect(deniesInsecureTransport(read(...statements), 'b')).toBe('yes');
  });

  test.each<[string, object[]]>([
    ['no statement', []],
    ['a grant only', [allow]],
    ['an allowance over TLS, which denies nothing', [{ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
    ['objects only', [{ ...deny, Resource: 'arn:aws:s3:::b/*' }]],
    ['the bucket only', [{ ...deny, Resource: 'arn:aws:s3:::b' }]],
    ['a folder only', [{ ...deny, Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/x/*'] }]],
    ['another bucket', [{ ...deny, Resource: ['arn:aws:s3:::c', 'arn:aws:s3:::c/*'] }]],
    ['one action', [{ ...deny, Action: 's3:GetObject' }]],
    ['one principal', [{ ...deny, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }]],
    ['the other way round', [{ ...deny, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
    [
      'under a further condition',
      [{ ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
    ],
    ['a denial of everything that is not about transport', [{ ...deny, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
    ['old TLS only, which says nothing of requests without any', [{ ...deny, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }]],
  ])('%s: no', (_, statements) => {
    expect(deniesInsecureTransport(read(...statements), 'b')).toBe('no');
  });

  test.each<[string, object]>([
    ['everyone but somebody', { ...deny, Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } }],
    ['everything but something', { ...deny, Action: undefined, NotAction: 's3:PutObject' }],
    ['all resources but some', { ...deny, Resource: undefined, NotResource: 'arn:aws:s3:::c/*' }],
    ['another operator', { ...deny, Condition: { StringEquals: { 'aws:SecureTransport': 'false' } } }],
    ['a variable', { ...deny, Resource: ['arn:aws:s3:::b', `arn:aws:s3:::b/\${aws:username}/*`] }],
    ['requests without a TLS version too', { ...deny, Condition: { NumericLessThanIfExists: { 's3:TlsVersion': '1.2' } } }],
    ['patterns of actions', { ...deny, Action: ['s3:*Object*', 's3:*Bucket*'] }],
  ])('%s: unclear', (_, statement) => {
    expect(deniesInsecureTransport(read(statement), 'b')).toBe('unclear');
  });
});

describe('open to everybody', () => {
  test.each<[string, 'yes' | 'no' | 'unclear', object[]]>([
    ['no grant', 'no', []],
    ['a grant to everyone', 'yes', [allow]],
    ['a grant to every AWS account', 'yes', [{ ...allow, Principal: { AWS: '*' } }]],
    ['a grant to everyone but one', 'yes', [{ ...allow, Principal: undefined, NotPrincipal: { AWS: '111122223333' } }]],
    ['a grant to an account', 'no', [{ ...allow, Principal: { AWS: '111122223333' } }]],
    ['a grant to a service', 'no', [{ ...allow, Principal: { Service: 'cloudfront.amazonaws.com' } }]],
    ['a grant to a federated provider', 'unclear', [{ ...allow, Principal: { Federated: 'www.amazon.com' } }]],
    ['over TLS', 'yes', [{ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
    ['with a referer anybody can send', 'yes', [{ ...allow, Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } } }]],
    ['to an organisation', 'no', [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
    [
      'to an organisation, or whoever has none',
      'unclear',
      [{ ...allow, Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } }],
    ],
    ['to all but an organisation', 'unclear', [{ ...allow, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
    ['to any organisation', 'yes', [{ ...allow, Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } }]],
    ['to a pattern of organisations', 'unclear', [{ ...allow, Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }]],
    ['to an office', 'no', [{ ...allow, Condition: { IpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '2001:db8::/48'] } } }]],
    ['to half of the internet', 'yes', [{ ...allow, Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '198.51.100.0/24'] } } }]],
    ['through an endpoint', 'no', [{ ...allow, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }]],
    ['under a tag', 'unclear', [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } }]],
    ['beside a denial of plain HTTP', 'yes', [allow, deny]],
    ['taken back by a denial, perhaps', 'unclear', [allow, { ...deny, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
  ])('%s: %s', (_, answer, statements) => {
    expect(isOpen(read(...statements))).toBe(answer);
  });
});

describe('grants outside the account', () => {
  const own = '111122223333';
  test.each<[string, readonly string[] | undefined, object[]]>([
    ['the account itself', [], [{ ...allow, Principal: { AWS: [own, `arn:aws:iam::${own}:role/a`] } }]],
    ['another account', ['444455556666'], [{ ...allow, Principal: { AWS: 'arn:aws:iam::444455556666:root' } }]],
    ['a denial grants nothing', [], [{ ...deny, Principal: { AWS: '444455556666' } }]],
    ['a service', [], [{ ...allow, Principal: { Service: 'logging.s3.amazonaws.com' } }]],
    ['somebody who was deleted', [], [{ ...allow, Principal: { AWS: 'AIDAEXAMPLE0123456789' } }]],
    [
      'an origin access identity',
      ['arn:aws:iam::cloudfront:user/OAI E1'],
      [{ ...allow, Principal: { AWS: 'arn:aws:iam::cloudfront:user/OAI E1' } }],
    ],
    ['everybody', ['*'], [allow]],
    ['everybody over TLS', ['*'], [{ ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]],
    [
      'a bucket of the account, by its ARN',
      [],
      [{ ...allow, Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:eu-central-1:${own}:t` } } }],
    ],
    [
      'an organisation, limited to the account',
      [],
      [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'aws:PrincipalAccount': own } } }],
    ],
    ['what cannot be weighed', undefined, [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } }]],
  ])('%s', (_, grantees, statements) => {
    expect(grantsOutside(read(...statements), own)).toEqual(grantees);
  });
});

describe('what is no policy', () => {
  test.each([
    ['no JSON', 'not json'],
    ['no statements', '{}'],
    ['an unknown effect', '{"Statement":[{"Effect":"Maybe","Principal":"*","Action":"*","Resource":"*"}]}'],
    ['no principal', '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    ['both principals', '{"Statement":[{"Effect":"Allow","Principal":"*","NotPrincipal":"*","Action":"*","Resource":"*"}]}'],
    ['no action', '{"Statement":[{"Effect":"Allow","Principal":"*","Resource":"*"}]}'],
  ])('%s', (_, text) => {
    expect(readPolicy(text)).toBeUndefined();
  });
  test('a single statement need not be in a list', () => {
    expect(readPolicy(JSON.stringify({ Statement: deny }))).toHaveLength(1);
  });
});

describe('patterns', () => {
  const glob = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.^$+{}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      's',
    );
  test('match as a regular expression of the same meaning does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, other) => matches(one, other) === glob(one).test(other)),
      { numRuns: 2000 },
    );
  });
  test('do not take for ever', () => {
    const started = performance.now();
    expect(matches(`${'*a'.repeat(2000)}b`, 'a'.repeat(2000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
  test('a statement that denies less than all is never taken for one that denies all', () => {
    const part = fc.record({
      Principal: fc.constantFrom<unknown>('*', { AWS: '*' }, { AWS: '111122223333' }, { Service: 'x.amazonaws.com' }),
      Action: fc.constantFrom<unknown>('s3:*', '*', 's3:GetObject', ['s3:GetObject', 's3:PutObject'], 's3:Get*'),
      Resource: fc.constantFrom<unknown>(
        '*',
        'arn:aws:s3:::b',
        'arn:aws:s3:::b/*',
        'arn:aws:s3:::b*',
        'arn:aws:s3:::bb/*',
        'arn:aws:s3:::b/x*',
      ),
      Value: fc.constantFrom('true', 'false'),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
        const statements = read(
          ...parts.map(({ Value, ...rest }) => ({ Effect: 'Deny', ...rest, Condition: { Bool: { 'aws:SecureTransport': Value } } })),
        );
        const denied = (resource: string) =>
          parts.some(
            ({ Principal, Action, Resource, Value }) =>
              Value === 'false' &&
              (Principal === '*' || (Principal as { AWS?: string }).AWS === '*') &&
              (Action === '*' || Action === 's3:*') &&
              glob(String(Resource)).test(resource),
          );
        const whole = denied('arn:aws:s3:::b') && denied('arn:aws:s3:::b/x') && denied('arn:aws:s3:::b/y/z');
        return (deniesInsecureTransport(statements, 'b') === 'yes') === whole;
      }),
      { numRuns: 2000 },
    );
  });
});
