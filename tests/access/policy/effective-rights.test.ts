import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveRight, type HeldPolicy, type Principal } from '../../../src/access/policy/effective-rights.ts';
import { readPolicyDocument } from '../../../src/access/policy/policy-document.ts';

const account = '111122223333';
interface Written {
  readonly Effect: 'Allow' | 'Deny';
  readonly [element: string]: unknown;
}
const held = (name: string, statements: readonly Written[], Version = '2012-10-17'): HeldPolicy => ({
  name,
  arn: null,
  group: null,
  document: readPolicyDocument({ Version, Statement: statements }) ?? null,
});
function user(statements: readonly Written[], more: Partial<Principal> & { readonly version?: string } = {}): Principal {
  const { version, ...rest } = more;
  return {
    kind: 'user',
    arn: `arn:aws:iam::${account}:user/ana`,
    name: 'ana',
    account,
    policies: [held('own', statements, version)],
    boundary: null,
    tags: {},
    ...rest,
  };
}
const may = (principal: Principal, action: string, ...on: string[]) =>
  effectiveRight(principal, action, on.length === 0 ? undefined : on).answer;
const notEvaluated = (principal: Principal, action: string, ...on: string[]) => {
  const right = effectiveRight(principal, action, on.length === 0 ? undefined : on);
  return right.answer === 'yes' ? right.grants.flatMap((grant) => grant.notEvaluated) : right.answer;
};
const allow = (action: string | string[], resource: string | string[] = '*', more: object = {}): Written => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...more,
});
const deny = (action: string | string[], resource: string | string[] = '*', more: object = {}): Written => ({
  ...allow(action, resource, more),
  Effect: 'Deny',
});
const bucket = 'arn:aws:s3:::payroll';

/** In our own words, each after the page of the IAM user guide that states it. */
describe('cases of the IAM user guide', () => {
  describe('How AWS enforcement code logic evaluates requests to allow or deny access', () => {
    it('denies what nothing allows', () => {
      expect(may(user([]), 's3:GetObject', `${bucket}/a`)).toBe('no');
      expect(may(user([allow('s3:ListBucket')]), 's3:GetObject', `${bucket}/a`)).toBe('no');
    });
    it('denies what is denied, whatever else allows it and in whatever order', () => {
      const statements = [allow('*'), deny('s3:DeleteObject')];
      expect(may(user(statements), 's3:DeleteObject', `${bucket}/a`)).toBe('no');
      expect(may(user(statements.toReversed()), 's3:DeleteObject', `${bucket}/a`)).toBe('no');
      expect(may(user(statements), 's3:GetObject', `${bucket}/a`)).toBe('yes');
    });
    it('takes a denial from any of several policies', () => {
      const two = { policies: [held('one', [allow('s3:*')]), held('two', [deny('s3:*', `${bucket}/secret/*`)])] };
      expect(may(user([], two), 's3:GetObject', `${bucket}/secret/a`)).toBe('no');
      expect(may(user([], two), 's3:GetObject', `${bucket}/open/a`)).toBe('yes');
    });
  });
  describe('Permissions boundaries for IAM entities', () => {
    const boundary = (statements: readonly Written[]) => ({ boundary: held('limit', statements) });
    it('allows only what identity policy and boundary both allow', () => {
      const principal = user([allow('*')], boundary([allow(['s3:*', 'cloudwatch:*'])]));
      expect(may(principal, 's3:GetObject', `${bucket}/a`)).toBe('yes');
      expect(may(principal, 'iam:CreateUser')).toBe('no');
    });
    it('gives nothing by itself', () => {
      expect(may(user([], boundary([allow('*')])), 's3:GetObject', `${bucket}/a`)).toBe('no');
    });
    it('denies what it denies', () => {
      const principal = user([allow('*')], boundary([allow('*'), deny('iam:*')]));
      expect(may(principal, 'iam:CreateUser')).toBe('no');
    });
    it('needs one resource that both allow', () => {
      const apart = user([allow('s3:*', 'arn:aws:s3:::acme-*')], boundary([allow('s3:*', 'arn:aws:s3:::other-*')]));
      expect(may(apart, 's3:DeleteBucket')).toBe('no');
      const crossing = user([allow('s3:*', 'arn:aws:s3:::acme-*')], boundary([allow('s3:*', 'arn:aws:s3:::*-logs')]));
      expect(may(crossing, 's3:DeleteBucket')).toBe('yes');
    });
  });
  describe('IAM JSON policy elements: NotAction', () => {
    it('allows everything but what it names', () => {
      const principal = user([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]);
      expect(may(principal, 's3:GetObject', `${bucket}/a`)).toBe('yes');
      expect(may(principal, 'iam:CreateUser')).toBe('no');
      expect(may(principal, 'iam:*')).toBe('no');
    });
    it('with Deny leaves only what it names, where something allows it', () => {
      const principal = user([allow('*'), { Effect: 'Deny', NotAction: ['iam:ChangePassword'], Resource: '*' }]);
      expect(may(principal, 'iam:ChangePassword')).toBe('yes');
      expect(may(principal, 'iam:CreateUser')).toBe('no');
      expect(may(user([{ Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }]), 'iam:CreateUser')).toBe('no');
    });
  });
  describe('IAM JSON policy elements: NotResource', () => {
    it('with Deny leaves only the resources it names', () => {
      const principal = user([allow('s3:*'), { Effect: 'Deny', Action: 's3:*', NotResource: [bucket, `${bucket}/*`] }]);
      expect(may(principal, 's3:GetObject', `${bucket}/a`)).toBe('yes');
      expect(may(principal, 's3:GetObject', 'arn:aws:s3:::ledger/a')).toBe('no');
    });
    it('with Allow gives all resources it does not name', () => {
      const principal = user([{ Effect: 'Allow', Action: 's3:GetObject', NotResource: `${bucket}/*` }]);
      expect(may(principal, 's3:GetObject', `${bucket}/a`)).toBe('no');
      expect(may(principal, 's3:GetObject', 'arn:aws:s3:::ledger/a')).toBe('yes');
    });
  });
  describe('IAM JSON policy elements: Action, Resource', () => {
    it('reads actions without regard to case and resources with it', () => {
      expect(may(user([allow('S3:getOBJECT', `${bucket}/A`)]), 's3:GetObject', `${bucket}/A`)).toBe('yes');
      expect(may(user([allow('s3:GetObject', `${bucket}/A`)]), 's3:GetObject', `${bucket}/a`)).toBe('no');
    });
    it('takes * for any characters and ? for one', () => {
      expect(may(user([allow('iam:*AccessKey*')]), 'iam:CreateAccessKey')).toBe('yes');
      expect(may(user([allow('iam:*AccessKey*')]), 'iam:CreateUser')).toBe('no');
      expect(may(user([allow('s3:GetObject', `${bucket}/?.csv`)]), 's3:GetObject', `${bucket}/1.csv`)).toBe('yes');
      expect(may(user([allow('s3:GetObject', `${bucket}/?.csv`)]), 's3:GetObject', `${bucket}/12.csv`)).toBe('no');
    });
    it('a statement about buckets gives nothing on trails', () => {
      expect(may(user([allow('*', `${bucket}/*`)]), 'cloudtrail:StopLogging')).toBe('no');
    });
  });
  describe('IAM policy elements: Variables and tags', () => {
    it('puts the name of a user in the place of its variable', () => {
      const principal = user([allow('s3:*', `${bucket}/home/\${aws:username}/*`)]);
      expect(may(principal, 's3:GetObject', `${bucket}/home/ana/a`)).toBe('yes');
      expect(may(principal, 's3:GetObject', `${bucket}/home/ben/a`)).toBe('no');
    });
    it('takes a variable that only the request knows for anything, and says so', () => {
      const principal = user([allow('s3:*', `${bucket}/\${aws:SourceVpc}/*`)]);
      expect(notEvaluated(principal, 's3:GetObject', `${bucket}/vpc-1/a`)).toEqual(['policy variable aws:SourceVpc']);
    });
    it('does not let a denial of something only the request knows take anything off', () => {
      const principal = user([allow('s3:*'), deny('s3:*', `${bucket}/\${aws:SourceVpc}/*`)]);
      expect(may(principal, 's3:GetObject', `${bucket}/vpc-1/a`)).toBe('yes');
    });
    it('has no variables in documents of the older version', () => {
      const principal = user([allow('s3:*', `${bucket}/\${aws:username}/*`)], { version: '2008-10-17' });
      expect(may(principal, 's3:GetObject', `${bucket}/ana/a`)).toBe('no');
    });
    it('takes the default of a tag that a user does not have', () => {
      const principal = user([allow('s3:*', `${bucket}/\${aws:PrincipalTag/team, 'shared'}/*`)]);
      expect(may(principal, 's3:GetObject', `${bucket}/shared/a`)).toBe('yes');
      expect(may(principal, 's3:GetObject', `${bucket}/payroll/a`)).toBe('no');
    });
  });
  describe('IAM JSON policy elements: Condition operators', () => {
    const when = (Condition: object) => ({ Condition });
    it('decides what is known of a principal whatever it asks for', () => {
      const isAna = when({ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/ana` } });
      expect(notEvaluated(user([allow('s3:*', '*', isAna)]), 's3:GetObject')).toEqual([]);
      expect(may(user([allow('s3:*'), deny('s3:*', '*', isAna)]), 's3:GetObject')).toBe('no');
      const others = when({ StringNotEquals: { 'aws:PrincipalAccount': account } });
      expect(may(user([allow('s3:*', '*', others)]), 's3:GetObject')).toBe('no');
      expect(may(user([allow('s3:*'), deny('s3:*', '*', others)]), 's3:GetObject')).toBe('yes');
    });
    it('an asterisk of an ARN does not run over a colon in a condition', () => {
      const like = when({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*/ana' } });
      expect(may(user([allow('s3:*', '*', like)]), 's3:GetObject')).toBe('no');
    });
    it('a tag that is not there meets a negated operator and IfExists, and no other', () => {
      const tagged = (operator: string) => user([allow('s3:*', '*', when({ [operator]: { 'aws:PrincipalTag/team': 'payroll' } }))]);
      expect(may(tagged('StringEquals'), 's3:GetObject')).toBe('no');
      expect(may(tagged('StringNotEquals'), 's3:GetObject')).toBe('yes');
      expect(may(tagged('StringEqualsIfExists'), 's3:GetObject')).toBe('yes');
      const none = user([allow('s3:*', '*', when({ Null: { 'aws:PrincipalTag/team': 'true' } }))]);
      expect(may(none, 's3:GetObject')).toBe('yes');
    });
    it('does not decide by the tags of a role, which are those of a session', () => {
      const role = user([allow('s3:*', '*', when({ StringEquals: { 'aws:PrincipalTag/team': 'payroll' } }))], { kind: 'role' });
      expect(notEvaluated(role, 's3:GetObject')).toEqual(['condition StringEquals aws:PrincipalTag/team']);
    });
    it('what only the request could tell narrows no Allow, takes a Deny out, and is named', () => {
      const mfa = when({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } });
      expect(notEvaluated(user([allow('s3:*', '*', mfa)]), 's3:GetObject')).toEqual(['condition Bool aws:MultiFactorAuthPresent']);
      expect(notEvaluated(user([allow('s3:*'), deny('s3:*', '*', mfa)]), 's3:GetObject')).toEqual([
        'deny under condition Bool aws:MultiFactorAuthPresent',
      ]);
    });
  });
  it('wildcards that are asked for meet wildcards that are written', () => {
    expect(may(user([allow('iam:Create*')]), 'iam:*User')).toBe('yes');
    expect(may(user([allow('iam:Get*')]), 'iam:*User', 'arn:aws:iam::*:user/*')).toBe('yes');
    expect(may(user([allow('iam:Get*')]), 'iam:Put*')).toBe('no');
    expect(may(user([allow('iam:*'), deny('iam:Create*'), deny('iam:D*')]), 'iam:Create*')).toBe('no');
  });
  it('a document that is none makes unknown what nothing else gives', () => {
    const broken: HeldPolicy = { ...held('broken', []), document: readPolicyDocument({ Statement: [{ Effect: 'Allow' }] }) ?? null };
    expect(broken.document).toBeNull();
    expect(may(user([], { policies: [broken] }), 's3:GetObject')).toBe('unknown');
    expect(may(user([], { policies: [broken, held('own', [allow('s3:*')])] }), 's3:GetObject')).toBe('yes');
    expect(notEvaluated(user([allow('s3:*')], { boundary: broken }), 's3:GetObject')).toEqual(['permissions boundary broken']);
  });
});

const names = fc.constantFrom('*', 's3:*', 's3:Get*', 's3:GetObject', 's3:*Object', 'iam:*', 'iam:CreateUser');
const resources = fc.constantFrom('*', 'arn:aws:s3:::*', `${bucket}/*`, `${bucket}/a`, 'arn:aws:s3:::*/a', 'arn:aws:iam::*:user/*');
const condition = fc.constantFrom(
  {},
  { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  { Condition: { StringEquals: { 'aws:PrincipalAccount': account } } },
  { Condition: { StringEquals: { 'aws:PrincipalAccount': '999999999999' } } },
);
const statement = (effect: 'Allow' | 'Deny') =>
  fc
    .record({
      action: fc.constantFrom('Action', 'NotAction'),
      actions: names,
      resource: fc.constantFrom('Resource', 'NotResource'),
      on: resources,
      more: condition,
    })
    .map(({ action, actions, resource, on, more }): Written => ({ Effect: effect, [action]: actions, [resource]: on, ...more }));
const anything = fc.oneof(statement('Allow'), statement('Deny'));

describe('whatever the policies', () => {
  const asked = fc.record({ action: names, on: fc.option(resources, { nil: undefined }) });
  const reaches = (statements: readonly Written[], { action, on }: { action: string; on: string | undefined }) =>
    may(user(statements), action, ...(on === undefined ? [] : [on])) === 'yes';
  it('a statement that allows takes nothing away', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), statement('Allow'), asked, (statements, more, about) => {
        if (reaches(statements, about)) expect(reaches([...statements, more], about)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  it('a statement that denies gives nothing', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), statement('Deny'), asked, (statements, more, about) => {
        if (!reaches(statements, about)) expect(reaches([...statements, more], about)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
  it('a boundary gives nothing', () => {
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 4 }),
        fc.array(anything, { maxLength: 3 }),
        asked,
        (statements, limit, { action, on }) => {
          const bounded = user(statements, { boundary: held('limit', limit) });
          if (!reaches(statements, { action, on })) expect(may(bounded, action, ...(on === undefined ? [] : [on]))).not.toBe('yes');
        },
      ),
      { numRuns: 300 },
    );
  });
});
