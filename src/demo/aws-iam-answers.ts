import { SourceError } from '../model/errors.ts';
import type { AwsAccountState, IamUser, IdentityCenter } from './aws-estate.ts';
import { homeRegion } from './aws-estate.ts';
import { type AwsAnswer, type AwsQuestion, none, paged } from './aws-question.ts';
import type { CompanyState } from './company.ts';
import { iamId, uuid } from './native-id.ts';
import type { Person } from './people.ts';

const day = 24 * 60 * 60 * 1000;
/**
 * Some time of that day, counted from the Monday of the week and the same for the same thing: so that last uses look like people, who use
 * things on their days, and not like clocks.
 */
function daysAgo(now: string, days: number, of: string): string {
  const today = Math.floor(Date.parse(now) / day);
  // The first day of Unix time was a Thursday.
  const midnight = (today - ((today + 3) % 7)) * day;
  const minute = (Number.parseInt(uuid(of).slice(0, 6), 16) % 420) + 20;
  // What happened today happened before now.
  const at = Math.min(midnight - days * day + minute * 60_000, Date.parse(now) - 60_000);
  return new Date(at).toISOString();
}
/** The credential report is made at most every four hours. */
function reportedAt(now: string): string {
  const period = 4 * 60 * 60 * 1000;
  return new Date(Math.floor(Date.parse(now) / period) * period).toISOString();
}
function userArn(account: AwsAccountState, name: string): string {
  return `arn:aws:iam::${account.id}:user/${name}`;
}
/** The report's way to write a time. */
function reportTime(iso: string): string {
  return iso.replace(/\.\d{3}Z$/, '+00:00');
}

const columns = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed', 'password_next_rotation'],
  ...['mfa_active', 'access_key_1_active', 'access_key_1_last_rotated', 'access_key_1_last_used_date', 'access_key_1_last_used_region'],
  ...['access_key_1_last_used_service', 'access_key_2_active', 'access_key_2_last_rotated', 'access_key_2_last_used_date'],
  ...['access_key_2_last_used_region', 'access_key_2_last_used_service', 'cert_1_active', 'cert_1_last_rotated', 'cert_2_active'],
  'cert_2_last_rotated',
] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;
const noKey = { active: 'false', rotated: 'N/A', used: 'N/A', region: 'N/A', service: 'N/A' };

function keyColumns(account: AwsAccountState, user: IamUser, index: 0 | 1, now: string) {
  const key = user.keys[index];
  if (key === undefined) return noKey;
  const used = key.usedDaysAgo;
  return {
    active: String(key.active),
    rotated: reportTime(key.createdAt),
    used: used === null ? 'N/A' : reportTime(daysAgo(now, used, `${account.id} ${user.name} key`)),
    region: used === null ? 'N/A' : homeRegion,
    service: used === null ? 'N/A' : 's3',
  };
}
function rowOf(account: AwsAccountState, user: IamUser, now: string): Row {
  const [first, second] = [keyColumns(account, user, 0, now), keyColumns(account, user, 1, now)];
  const { password } = user;
  return {
    user: user.name,
    arn: userArn(account, user.name),
    user_creation_time: reportTime(user.createdAt),
    password_enabled: String(password !== null),
    password_last_used:
      password === null
        ? 'N/A'
        : password.usedDaysAgo === null
          ? 'no_information'
          : reportTime(daysAgo(now, password.usedDaysAgo, `${account.id} ${user.name} password`)),
    password_last_changed: password === null ? 'N/A' : reportTime(password.changedAt),
    password_next_rotation: 'N/A',
    mfa_active: String(user.factor !== null),
    access_key_1_active: first.active,
    access_key_1_last_rotated: first.rotated,
    access_key_1_last_used_date: first.used,
    access_key_1_last_used_region: first.region,
    access_key_1_last_used_service: first.service,
    access_key_2_active: second.active,
    access_key_2_last_rotated: second.rotated,
    access_key_2_last_used_date: second.used,
    access_key_2_last_used_region: second.region,
    access_key_2_last_used_service: second.service,
    cert_1_active: 'false',
    cert_1_last_rotated: 'N/A',
    cert_2_active: 'false',
    cert_2_last_rotated: 'N/A',
  };
}
function rootRow(account: AwsAccountState): Row {
  const { createdAt, usedAt } = account.iam.root;
  const nobody: IamUser = { name: '<root_account>', createdAt, groups: [], password: null, factor: 'hardware', keys: [] };
  return {
    ...rowOf(account, nobody, createdAt),
    arn: `arn:aws:iam::${account.id}:root`,
    password_enabled: 'not_supported',
    password_last_used: reportTime(usedAt),
    password_last_changed: 'not_supported',
    password_next_rotation: 'not_supported',
  };
}
function credentialReport(account: AwsAccountState, now: string): Uint8Array {
  const rows = [rootRow(account), ...account.iam.users.map((user) => rowOf(account, user, now))];
  return new TextEncoder().encode([columns.join(','), ...rows.map((row) => columns.map((column) => row[column]).join(','))].join('\n'));
}

const attached = (arns: readonly string[]) => arns.map((arn) => ({ PolicyName: arn.split('/').at(-1), PolicyArn: arn }));
/** IAM sends documents URL-encoded; the SDK hands them over as they came. */
const document = (statements: readonly unknown[]) => encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: statements }));

type Details = 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies';
function authorizationDetails(question: AwsQuestion): { readonly list: Details; readonly entity: object }[] {
  const { account, now } = question;
  const { iam } = account;
  const arn = (kind: string, name: string, path = '/') => `arn:aws:iam::${account.id}:${kind}${path}${name}`;
  const attachments = (policy: string) =>
    [...iam.groups, ...iam.roles].filter((entity) => entity.managed.includes(arn('policy', policy))).length;
  return [
    ...iam.users.map((user) => ({
      list: 'UserDetailList' as const,
      entity: {
        Path: '/',
        UserName: user.name,
        UserId: iamId('AIDA', `${account.id} ${user.name}`),
        Arn: userArn(account, user.name),
        CreateDate: user.createdAt,
        GroupList: user.groups,
        AttachedManagedPolicies: [],
        Tags: [],
      },
    })),
    ...iam.groups.map((group) => ({
      list: 'GroupDetailList' as const,
      entity: {
        Path: '/',
        GroupName: group.name,
        GroupId: iamId('AGPA', `${account.id} ${group.name}`),
        Arn: arn('group', group.name),
        CreateDate: group.createdAt,
        GroupPolicyList: [],
        AttachedManagedPolicies: attached(group.managed),
      },
    })),
    ...iam.roles.map((role) => ({
      list: 'RoleDetailList' as const,
      entity: {
        Path: role.path,
        RoleName: role.name,
        RoleId: iamId('AROA', `${account.id} ${role.name}`),
        Arn: arn('role', role.name, role.path),
        CreateDate: role.createdAt,
        AssumeRolePolicyDocument: document(role.trust),
        InstanceProfileList: [],
        RolePolicyList: role.inline.map((policy) => ({ PolicyName: policy.name, PolicyDocument: document(policy.statements) })),
        AttachedManagedPolicies: attached(role.managed),
        Tags: [],
        RoleLastUsed:
          role.usedDaysAgo === null
            ? {}
            : { LastUsedDate: daysAgo(now, role.usedDaysAgo, `${account.id} ${role.name}`), Region: homeRegion },
      },
    })),
    ...iam.policies.map((policy) => ({
      list: 'Policies' as const,
      entity: {
        PolicyName: policy.name,
        PolicyId: iamId('ANPA', `${account.id} ${policy.name}`),
        Arn: arn('policy', policy.name),
        Path: '/',
        DefaultVersionId: 'v1',
        AttachmentCount: attachments(policy.name),
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate: policy.createdAt,
        UpdateDate: policy.createdAt,
        PolicyVersionList: [
          { Document: document(policy.statements), VersionId: 'v1', IsDefaultVersion: true, CreateDate: policy.createdAt },
        ],
      },
    })),
    ...awsManaged(account).map((policy) => ({ list: 'Policies' as const, entity: policy })),
  ];
}

/** AWS's own policies come with the details as soon as something is attached to them. */
function awsManaged(account: AwsAccountState): object[] {
  const used = new Set([...account.iam.groups, ...account.iam.roles].flatMap((entity) => entity.managed));
  return [...used]
    .filter((arn) => arn.startsWith('arn:aws:iam::aws:'))
    .sort()
    .map((arn) => {
      const name = arn.split('/').at(-1) ?? '';
      const read = [
        { Effect: 'Allow', Action: ['config:Describe*', 'ec2:Describe*', 'rds:Describe*', 's3:GetBucketPolicy'], Resource: '*' },
      ];
      return {
        PolicyName: name,
        PolicyId: iamId('ANPA', `aws ${name}`),
        Arn: arn,
        Path: arn.includes('/aws-service-role/') ? '/aws-service-role/' : '/',
        DefaultVersionId: 'v1',
        AttachmentCount: [...account.iam.groups, ...account.iam.roles].filter((entity) => entity.managed.includes(arn)).length,
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate: '2015-02-06T18:39:46.000Z',
        UpdateDate: '2015-02-06T18:39:46.000Z',
        PolicyVersionList: [
          {
            Document: document(name === 'AdministratorAccess' ? [{ Effect: 'Allow', Action: '*', Resource: '*' }] : read),
            VersionId: 'v1',
            IsDefaultVersion: true,
            CreateDate: '2015-02-06T18:39:46.000Z',
          },
        ],
      };
    });
}

function centerOf(question: AwsQuestion): IdentityCenter {
  const center = question.region === homeRegion ? question.account.identityCenter : null;
  if (center === null) throw new SourceError('access-denied', question.operation, { sourceCode: 'AccessDeniedException', status: 400 });
  return center;
}
function setArn(center: IdentityCenter, name: string): string {
  return `${center.instanceArn.replace(':instance/', ':permissionSet/')}/ps-${uuid(name).replaceAll('-', '').slice(0, 16)}`;
}
function setOf(question: AwsQuestion) {
  const center = centerOf(question);
  const found = center.permissionSets.find((set) => setArn(center, set.name) === question.input['PermissionSetArn']);
  return { center, set: found ?? none(question, 'ResourceNotFoundException') };
}
const withAws = (company: CompanyState): Person[] => company.people.filter((person) => person.aws !== undefined);
const userId = (person: Person) => uuid(`identity-store user ${person.login}`);
const groupId = (name: string) => uuid(`identity-store group ${name}`);

export const answerIam: Readonly<Record<string, AwsAnswer>> = {
  'iam:GetAccountSummary': ({ account: { iam } }) => ({
    SummaryMap: {
      Users: iam.users.length,
      Groups: iam.groups.length,
      Roles: iam.roles.length,
      Policies: iam.policies.length,
      MFADevices: iam.users.filter((user) => user.factor !== null).length + 1,
      MFADevicesInUse: iam.users.filter((user) => user.factor !== null).length + 1,
      AccountMFAEnabled: 1,
      AccountAccessKeysPresent: 0,
      AccountPasswordPresent: 1,
      AccountSigningCertificatesPresent: 0,
      Providers: iam.samlProviders.length + iam.oidcProviders.length,
      UsersQuota: 5000,
      RolesQuota: 1000,
    },
  }),
  'iam:GenerateCredentialReport': () => ({ State: 'COMPLETE' }),
  'iam:GetCredentialReport': ({ account, now }) => ({
    Content: credentialReport(account, reportedAt(now)),
    ReportFormat: 'text/csv',
    GeneratedTime: reportedAt(now),
  }),
  'iam:GetAccountAuthorizationDetails': (question) => {
    const page = paged(question, 'entities', authorizationDetails(question)) as {
      entities: readonly { readonly list: Details; readonly entity: object }[];
    };
    const { entities, ...more } = page;
    const of = (list: Details) => entities.filter((one) => one.list === list).map((one) => one.entity);
    return {
      UserDetailList: of('UserDetailList'),
      GroupDetailList: of('GroupDetailList'),
      RoleDetailList: of('RoleDetailList'),
      Policies: of('Policies'),
      ...more,
    };
  },
  'iam:GetAccountPasswordPolicy': () => ({
    PasswordPolicy: {
      MinimumPasswordLength: 16,
      RequireSymbols: true,
      RequireNumbers: true,
      RequireUppercaseCharacters: true,
      RequireLowercaseCharacters: true,
      AllowUsersToChangePassword: true,
      ExpirePasswords: false,
      PasswordReusePrevention: 24,
      HardExpiry: false,
    },
  }),
  // The root user's factor and those of people are security keys: none of them is a virtual device.
  'iam:ListVirtualMFADevices': (question) =>
    paged(
      question,
      'VirtualMFADevices',
      question.account.iam.users
        .filter((user) => user.factor === 'virtual')
        .map((user) => ({
          SerialNumber: `arn:aws:iam::${question.account.id}:mfa/${user.name}`,
          EnableDate: user.createdAt,
          User: {
            Path: '/',
            UserName: user.name,
            UserId: iamId('AIDA', `${question.account.id} ${user.name}`),
            Arn: userArn(question.account, user.name),
            CreateDate: user.createdAt,
          },
        })),
    ),
  'iam:ListAccountAliases': (question) => paged(question, 'AccountAliases', [question.account.name]),
  'iam:ListSAMLProviders': ({ account }) => ({
    SAMLProviderList: account.iam.samlProviders.map((provider) => ({
      Arn: `arn:aws:iam::${account.id}:saml-provider/${provider.name}`,
      CreateDate: provider.createdAt,
      ValidUntil: provider.validUntil,
    })),
  }),
  'iam:ListOpenIDConnectProviders': ({ account }) => ({
    OpenIDConnectProviderList: account.iam.oidcProviders.map((host) => ({ Arn: `arn:aws:iam::${account.id}:oidc-provider/${host}` })),
  }),
  'iam:GetOpenIDConnectProvider': () => ({
    Url: 'token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
    CreateDate: '2024-02-12T15:30:00.000Z',
  }),

  'sso:ListInstances': (question) => {
    const { account, region } = question;
    const center = region === homeRegion ? account.identityCenter : null;
    return paged(
      question,
      'Instances',
      center === null
        ? []
        : [
            {
              InstanceArn: center.instanceArn,
              IdentityStoreId: center.storeId,
              OwnerAccountId: account.id,
              Name: 'northwind',
              CreatedDate: center.createdAt,
              Status: 'ACTIVE',
            },
          ],
    );
  },
  'sso:ListPermissionSets': (question) => {
    const center = centerOf(question);
    return paged(
      question,
      'PermissionSets',
      center.permissionSets.map((set) => setArn(center, set.name)),
    );
  },
  'sso:DescribePermissionSet': (question) => {
    const { center, set } = setOf(question);
    return {
      PermissionSet: { PermissionSetArn: setArn(center, set.name), Name: set.name, SessionDuration: 'PT4H', CreatedDate: center.createdAt },
    };
  },
  'sso:ListManagedPoliciesInPermissionSet': (question) =>
    paged(
      question,
      'AttachedManagedPolicies',
      setOf(question).set.managed.map((name) => ({ Name: name, Arn: `arn:aws:iam::aws:policy/${name}` })),
    ),
  'sso:ListCustomerManagedPolicyReferencesInPermissionSet': (question) => paged(question, 'CustomerManagedPolicyReferences', []),
  'sso:GetInlinePolicyForPermissionSet': (question) => {
    setOf(question);
    return { InlinePolicy: '' };
  },
  'sso:ListAccountsForProvisionedPermissionSet': (question) => paged(question, 'AccountIds', setOf(question).set.accounts),
  'sso:ListAccountAssignments': (question) => {
    const { center, set } = setOf(question);
    const account = question.input['AccountId'];
    return paged(
      question,
      'AccountAssignments',
      set.accounts.some((id) => id === account)
        ? [
            {
              AccountId: account,
              PermissionSetArn: setArn(center, set.name),
              PrincipalType: 'GROUP',
              PrincipalId: groupId(set.group),
            },
          ]
        : [],
    );
  },
  'identitystore:ListUsers': (question) => {
    const { storeId } = centerOf(question);
    return paged(
      question,
      'Users',
      withAws(question.company).map((person) => ({
        UserId: userId(person),
        UserName: `${person.login.replace('-', '.')}@northwind-payroll.example`,
        DisplayName: person.name,
        Emails: [{ Value: `${person.login.replace('-', '.')}@northwind-payroll.example`, Type: 'work', Primary: true }],
        ExternalIds: [{ Issuer: 'https://scim.aws.com/northwind', Id: uuid(`directory ${person.login}`) }],
        IdentityStoreId: storeId,
        UserStatus: 'ENABLED',
      })),
    );
  },
  'identitystore:ListGroups': (question) => {
    const { storeId, permissionSets } = centerOf(question);
    return paged(
      question,
      'Groups',
      permissionSets.map((set) => ({ GroupId: groupId(set.group), DisplayName: set.group, IdentityStoreId: storeId })),
    );
  },
  'identitystore:ListGroupMemberships': (question) => {
    const { storeId, permissionSets } = centerOf(question);
    const group = permissionSets.find((set) => groupId(set.group) === question.input['GroupId'])?.group;
    return paged(
      question,
      'GroupMemberships',
      withAws(question.company)
        .filter((person) => group !== undefined && person.aws?.includes(group))
        .map((person) => ({
          MembershipId: uuid(`membership ${group} ${person.login}`),
          GroupId: question.input['GroupId'],
          MemberId: { UserId: userId(person) },
          IdentityStoreId: storeId,
        })),
    );
  },
};
