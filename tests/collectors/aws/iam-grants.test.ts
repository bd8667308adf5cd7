import { expect, it } from 'vitest';
import details from '../../../collectors/aws/iam-authorization-details/collector.ts';
import source from '../../../collectors/aws/source.ts';
import { collectWith, replay } from '../replay.ts';
import { account, at, good } from './identity-account.ts';

const operation = 'iam:GetAccountAuthorizationDetails';
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;
const text = (document: object) => encodeURIComponent(JSON.stringify(document));
/** A policy variable of AWS, and no template of ours. */
const ownFolder = `arn:aws:s3:::a/$${'{aws:username}'}/*`;
const odd = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Deny',
    NotAction: 'iam:*',
    NotResource: [ownFolder],
    Condition: { Bool: { 'aws:SecureTransport': false } },
  },
};
const user = {
  UserId: 'AIDA1',
  UserName: 'ana',
  Path: '/',
  Arn: arn('user/ana'),
  CreateDate: at,
  GroupList: ['ops'],
  AttachedManagedPolicies: [],
};
const group = {
  GroupId: 'AGPA1',
  GroupName: 'ops',
  Path: '/',
  Arn: arn('group/ops'),
  CreateDate: at,
  AttachedManagedPolicies: [{ PolicyName: 'odd', PolicyArn: arn('policy/odd') }],
};
const policy = (name: string, document: object) => ({
  Arn: arn(`policy/${name}`),
  PolicyId: `ANPA${name}`,
  AttachmentCount: 1,
  PolicyVersionList: [{ Document: text(document), IsDefaultVersion: true }],
});
const role = (name: string, change: object = {}) => ({
  RoleId: `AROA${name}`,
  RoleName: name,
  Path: '/',
  Arn: arn(`role/${name}`),
  CreateDate: at,
  AssumeRolePolicyDocument: text({ Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } }),
  AttachedManagedPolicies: [{ PolicyName: 'odd', PolicyArn: arn('policy/odd') }],
  RoleLastUsed: {},
  ...change,
});

async function grants(answer: object) {
  const lists = { UserDetailList: [], RoleDetailList: [], GroupDetailList: [], Policies: [], IsTruncated: false };
  const seen = await collectWith(details, source, replay({ ...good, [operation]: { ...lists, ...answer } }).exchange);
  return (display: string) => seen.of('aws.iam.grants').find((one) => one.display === display)?.fields as Record<string, unknown>;
}

it('every principal holds the documents as AWS has them: its own, and a user’s through his groups', async () => {
  const found = await grants({
    UserDetailList: [user],
    GroupDetailList: [group],
    RoleDetailList: [role('deploy'), role('other')],
    Policies: [policy('odd', odd)],
  });
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        NotAction: ['iam:*'],
        NotResource: [ownFolder],
        Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
      },
    ],
  };
  expect(found('ana')).toMatchObject({
    kind: 'user',
    principalId: 'AIDA1',
    groups: ['ops'],
    boundary: null,
    trust: null,
    policies: [{ name: 'odd', arn: arn('policy/odd'), through: 'group:ops', inline: false, document }],
  });
  expect(found('ops')).toMatchObject({ kind: 'group', policies: [{ through: 'direct' }] });
  expect(found('deploy')['trust']).toEqual({ Statement: [{ Effect: 'Allow', Principal: { AWS: ['*'] }, Action: ['sts:AssumeRole'] }] });
  const documentOf = (display: string) => (found(display)['policies'] as { document: unknown }[])[0]?.document;
  // One document however many hold it.
  expect(documentOf('deploy')).toBe(documentOf('other'));
});

it('a document, a boundary or a group that did not come is unread, and never an empty one', async () => {
  const found = await grants({
    UserDetailList: [user],
    RoleDetailList: [role('deploy', { PermissionsBoundary: { PermissionsBoundaryArn: arn('policy/limit') } })],
  });
  expect(found('ana')['policies']).toEqual([
    { name: '*', arn: null, through: 'group:ops', inline: false, document: { unread: 'malformed-reply' } },
  ]);
  expect(found('deploy')).toMatchObject({
    policies: [{ name: 'odd', document: { unread: 'not-collected' } }],
    boundary: { arn: arn('policy/limit'), document: { unread: 'not-collected' } },
  });
});

it('a role of Identity Center is told by its permission set, one that only looks like it is not', async () => {
  const name = 'AWSReservedSSO_Payroll_Admin_0123456789abcdef';
  const found = await grants({
    RoleDetailList: [role(name, { Path: '/aws-reserved/sso.amazonaws.com/eu-west-1/' }), role('AWSReservedSSO_Mine_0123456789abcdef')],
    Policies: [policy('odd', odd)],
  });
  expect(found(name)).toMatchObject({ permissionSet: 'Payroll_Admin', managedByAws: true });
  expect(found('AWSReservedSSO_Mine_0123456789abcdef')).toMatchObject({ permissionSet: null, managedByAws: false });
});
