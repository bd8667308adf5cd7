import { defineCollector, isUnread, type Reading, read, unread, z } from '../../../src/authoring.ts';
import { AccountSummary, accountSummaryRule } from '../account-summary.ts';
import type { AwsClient } from '../client.ts';
import {
  collectCredentialReport,
  credentialReportRule,
  Flag,
  generateReportRule,
  ReportTime,
  readRows,
  reportSubject,
  reportTime,
  rootSubject,
} from '../credential-report.ts';
import { AwsIamCredential } from './resource.ts';

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'cert_1_active',
  'cert_2_active',
] as const;
const lastUses = ['password_last_used', 'access_key_1_last_used_date', 'access_key_2_last_used_date'];

const Row = z.object({
  user: z.string(),
  arn: z.string(),
  user_creation_time: z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()),
  // Of the root user the report always says `not_supported`: whether it has a password is in the account summary.
  password_enabled: z.union([Flag, z.literal('not_supported')]),
  password_last_used: ReportTime,
  password_last_changed: ReportTime,
  mfa_active: Flag,
  access_key_1_active: Flag,
  access_key_1_last_rotated: ReportTime,
  access_key_1_last_used_date: ReportTime,
  access_key_2_active: Flag,
  access_key_2_last_rotated: ReportTime,
  access_key_2_last_used_date: ReportTime,
  cert_1_active: Flag,
  cert_2_active: Flag,
});
type Row = z.output<typeof Row>;
const Device = z.object({ SerialNumber: z.string(), User: z.object({ Arn: z.string() }).optional() });

export default defineCollector<AwsClient>({
  id: 'aws/iam-credential-report',
  title: 'IAM credential report',
  kind: 'roster',
  scope: 'account',
  yields: [AwsIamCredential],
  permissions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:GetAccountSummary', 'iam:ListVirtualMFADevices'],
  items: {
    'iam:GenerateCredentialReport': generateReportRule,
    'iam:GetCredentialReport': credentialReportRule(columns, lastUses),
    'iam:GetAccountSummary': accountSummaryRule,
    'iam:ListVirtualMFADevices': {
      namesSubjects: false,
      list: 'VirtualMFADevices',
      key: 'SerialNumber',
      keep: ['SerialNumber', 'User.Arn', 'User.UserId', 'User.UserName', 'EnableDate'],
    },
  },
  asOf: reportTime,
  // IAM gives out a report for four hours: whoever became a user since is not in it, and would be missed without a word.
  reconcile: [
    {
      operation: 'iam:GetCredentialReport',
      with: 'aws/iam-account-summary',
      field: 'users',
      except: [reportSubject, rootSubject],
      shortfall: 'stale',
    },
  ],
  async *collect(client) {
    yield* collectCredentialReport(client);
    yield* client.pages('iam:ListVirtualMFADevices', { AssignmentStatus: 'Assigned' });
    yield* client.pages('iam:GetAccountSummary');
  },
  normalise(view) {
    const rows = readRows(view, Row);
    const summary = read(
      view.part('iam:GetAccountSummary', null, AccountSummary),
      (found) => found?.SummaryMap ?? unread('malformed-reply'),
    );
    const rootHasPassword = read(summary, ({ AccountPasswordPresent: count }) =>
      count === undefined ? unread('malformed-reply') : count > 0,
    );
    const gap = view.gapIn('iam:ListVirtualMFADevices');
    const devices: Reading<ReadonlySet<string>> = gap
      ? unread(gap)
      : new Set(view.list('iam:ListVirtualMFADevices', Device).flatMap(({ body }) => (body.User ? [body.User.Arn] : [])));

    const users = isUnread(rows) ? [] : [...rows.values()].map((row) => toCredential(row));
    // The root user exists in every account: where the report does not show it, its state is unknown, not fine.
    const hasRoot = !isUnread(rows) && rows.has(rootSubject);
    return hasRoot ? users : [...users, unreadRoot(isUnread(rows) ? rows : unread('malformed-reply'))];

    function toCredential(row: Row) {
      const isRoot = row.user === rootSubject;
      return AwsIamCredential.draft(
        {
          // The report has no user ids: the time of creation tells a recreated user from the former one.
          id: isRoot ? view.id('iam-credential', 'root') : view.id('iam-credential', row.user, row.user_creation_time),
          display: isRoot ? 'root user' : row.user,
        },
        {
          userName: row.user,
          isRoot,
          createdAt: row.user_creation_time,
          passwordEnabled: isRoot
            ? rootHasPassword
            : row.password_enabled === 'not_supported'
              ? unread('malformed-reply')
              : row.password_enabled,
          passwordLastUsed: row.password_last_used,
          passwordLastChanged: row.password_last_changed,
          mfaActive: row.mfa_active,
          hasVirtualMfa: read(devices, (arns) => arns.has(row.arn)),
          accessKeys: keysOf(row),
          activeSigningCertificates: Number(row.cert_1_active) + Number(row.cert_2_active),
        },
      );
    }
    function unreadRoot(why: ReturnType<typeof unread>) {
      return AwsIamCredential.draft(
        { id: view.id('iam-credential', 'root'), display: 'root user' },
        {
          userName: rootSubject,
          isRoot: true,
          createdAt: why,
          passwordEnabled: rootHasPassword,
          passwordLastUsed: why,
          passwordLastChanged: why,
          mfaActive: why,
          hasVirtualMfa: why,
          accessKeys: why,
          activeSigningCertificates: why,
        },
      );
    }
  },
});

function keysOf(row: Row) {
  const keys = [
    {
      slot: 1 as const,
      active: row.access_key_1_active,
      lastRotated: row.access_key_1_last_rotated,
      lastUsed: row.access_key_1_last_used_date,
    },
    {
      slot: 2 as const,
      active: row.access_key_2_active,
      lastRotated: row.access_key_2_last_rotated,
      lastUsed: row.access_key_2_last_used_date,
    },
  ];
  // A key that is active was made at some time: without it nobody can say how old it is.
  return keys.some((key) => key.active && key.lastRotated === null) ? unread('malformed-reply') : keys;
}
