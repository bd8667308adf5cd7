import { homeRegion, productionId, stagingId } from './aws-estate.ts';
import type { Change, CompanyState } from './company.ts';
import { bastionGroup, bucketIn, closeSsh, everythingBlocked, must, openSsh, remove, userIn } from './edit-company.ts';
import { uuid } from './native-id.ts';
import { awsEvent, bucketEvent, iamEvent, type TrailEvent } from './recorded-changes.ts';

const exportsBucket = 'northwind-payslip-exports';
const publicExports = {
  Sid: 'SharedWithPrinter',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${exportsBucket}/*`,
} as const;
const finding = {
  id: uuid('finding 2026-01').replaceAll('-', ''),
  type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  severity: 8,
  createdAt: '2026-01-20T02:14:09.000Z',
};
const stagingTrail = `arn:aws:cloudtrail:${homeRegion}:${stagingId}:trail/northwind-staging`;
const logsKey = uuid(`key ${productionId} ${homeRegion} logs`);
const ssh = (name: 'Authorize' | 'Revoke', by: string): TrailEvent =>
  awsEvent('staging', 'ec2', `${name}SecurityGroupIngress`, by, {
    groupId: bastionGroup,
    ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] },
  });

const opens = (at: string, what: string, by: string): Change => ({ at, what, trail: [ssh('Authorize', by)], apply: openSsh });
const closes = (at: string, what: string, by: string): Change => ({ at, what, trail: [ssh('Revoke', by)], apply: closeSsh });
const rotates = (at: string, user: string, what: string): Change => ({
  at,
  what,
  trail: [
    iamEvent('CreateAccessKey', 'amara-okafor', { userName: user }),
    iamEvent('DeleteAccessKey', 'amara-okafor', { userName: user }, 240),
  ],
  apply: (state) => {
    userIn(state, user).keys = [{ createdAt: at, active: true, usedDaysAgo: user === 'bank-transfer-agent' ? 0 : 6 }];
  },
});
function logs(state: CompanyState, logging: boolean): void {
  must(state.aws.staging.trails[0], 'the trail').logging = logging;
}
function rotation(state: CompanyState, rotatesNow: boolean): void {
  must(state.aws.production.regions[homeRegion].keys[1], 'the logs key').rotates = rotatesNow;
}

/** What happened to the two AWS accounts, oldest first. */
export const changesInAws: readonly Change[] = [
  opens('2025-05-06T13:05:00.000Z', 'SSH to the staging bastion is opened to the internet for a vendor', 'dmitri-volkov'),
  closes('2025-05-09T08:20:00.000Z', 'SSH to the staging bastion is closed again', 'dmitri-volkov'),
  rotates('2025-06-03T09:00:00.000Z', 'bank-transfer-agent', 'The access key of the bank transfer agent is rotated'),
  {
    at: '2025-07-08T07:00:00.000Z',
    what: 'The security key of the break-glass user is lost, and its second factor taken off to get in',
    trail: [
      iamEvent('DeactivateMFADevice', 'amara-okafor', {
        userName: 'break-glass',
        serialNumber: `arn:aws:iam::${productionId}:u2f/user/break-glass/key`,
      }),
    ],
    apply: (state) => {
      userIn(state, 'break-glass').factor = null;
    },
  },
  {
    at: '2025-07-11T09:30:00.000Z',
    what: 'The break-glass user has a security key again',
    trail: [
      iamEvent('EnableMFADevice', 'amara-okafor', {
        userName: 'break-glass',
        serialNumber: `arn:aws:iam::${productionId}:u2f/user/break-glass/key-2`,
      }),
    ],
    apply: (state) => {
      userIn(state, 'break-glass').factor = 'hardware';
    },
  },
  ...(
    [
      ['2025-07-29T08:05:00.000Z', '2025-07-29T09:35:00.000Z'],
      ['2025-07-29T12:10:00.000Z', '2025-07-29T13:45:00.000Z'],
      ['2025-07-29T16:20:00.000Z', '2025-07-29T17:50:00.000Z'],
    ] as const
  ).flatMap(([from, to], time) => [
    opens(from, `A script opens SSH to the staging bastion, for the ${['first', 'second', 'third'][time]} time that day`, 'samir-benali'),
    closes(to, 'Drift correction closes SSH to the staging bastion', 'samir-benali'),
  ]),
  {
    at: '2025-08-19T12:00:00.000Z',
    what: 'Rotation of the logs key is turned off by a change of the infrastructure code',
    trail: [awsEvent('production', 'kms', 'DisableKeyRotation', 'henrik-solberg', { keyId: logsKey })],
    apply: (state) => rotation(state, false),
  },
  {
    at: '2025-08-26T08:45:00.000Z',
    what: 'Rotation of the logs key is turned on again',
    trail: [awsEvent('production', 'kms', 'EnableKeyRotation', 'henrik-solberg', { keyId: logsKey })],
    apply: (state) => rotation(state, true),
  },
  rotates('2025-09-01T09:00:00.000Z', 'bank-transfer-agent', 'The access key of the bank transfer agent is rotated'),
  {
    at: '2025-09-03T11:12:00.000Z',
    what: 'The trail of staging is stopped by mistake',
    trail: [awsEvent('staging', 'cloudtrail', 'StopLogging', 'samir-benali', { name: stagingTrail })],
    apply: (state) => logs(state, false),
  },
  {
    at: '2025-09-03T11:59:00.000Z',
    what: 'The trail of staging records again',
    trail: [awsEvent('staging', 'cloudtrail', 'StartLogging', 'henrik-solberg', { name: stagingTrail })],
    apply: (state) => logs(state, true),
  },
  rotates('2025-10-07T14:00:00.000Z', 'ci-deploy-legacy', 'The access key of the old deployment user is replaced'),
  {
    at: '2025-10-28T01:00:00.000Z',
    what: 'S3 answers with a form of encryption that is not documented',
    apply: (state) => {
      bucketIn(state, 'northwind-artifacts').malformed = true;
    },
  },
  {
    at: '2025-10-28T22:00:00.000Z',
    what: 'S3 answers as documented again',
    apply: (state) => {
      bucketIn(state, 'northwind-artifacts').malformed = false;
    },
  },
  {
    at: '2025-11-04T14:10:00.000Z',
    what: 'The bucket of payslip exports is made public for a printing company',
    trail: [
      bucketEvent('DeleteBucketPublicAccessBlock', 'henrik-solberg', exportsBucket),
      bucketEvent('PutBucketPolicy', 'henrik-solberg', exportsBucket),
    ],
    apply: (state) => {
      const of = bucketIn(state, exportsBucket);
      of.publicAccessBlock = null;
      of.statements = [...of.statements, publicExports];
    },
  },
  {
    at: '2025-11-04T16:20:00.000Z',
    what: 'The bucket of payslip exports is closed again, two hours and ten minutes later',
    trail: [
      bucketEvent('PutBucketPublicAccessBlock', 'amara-okafor', exportsBucket),
      bucketEvent('PutBucketPolicy', 'amara-okafor', exportsBucket),
    ],
    apply: (state) => {
      const of = bucketIn(state, exportsBucket);
      of.publicAccessBlock = everythingBlocked();
      of.statements = of.statements.filter((statement) => statement.Sid !== publicExports.Sid);
    },
  },
  {
    at: '2025-11-05T09:00:00.000Z',
    what: 'Public access to S3 is blocked for the whole production account',
    trail: [awsEvent('production', 's3', 'PutAccountPublicAccessBlock', 'amara-okafor', { accountId: productionId })],
    apply: (state) => {
      state.aws.production.publicAccessBlock = everythingBlocked();
    },
  },
  {
    at: '2025-11-18T08:00:00.000Z',
    what: 'A change of the evidence role takes away the reading of one bucket policy',
    apply: (state) => {
      state.aws.production.denied.push({ operation: 's3:GetBucketPolicy', subject: 'northwind-bank-files' });
    },
  },
  {
    at: '2025-11-19T08:00:00.000Z',
    what: 'The evidence role may read every bucket policy again',
    apply: (state) => remove(state.aws.production.denied, ({ subject }) => subject === 'northwind-bank-files', 'the denial'),
  },
  rotates('2025-12-01T09:00:00.000Z', 'bank-transfer-agent', 'The access key of the bank transfer agent is rotated'),
  {
    at: '2026-01-20T02:20:00.000Z',
    what: 'GuardDuty reports guessing of passwords at the staging bastion',
    apply: (state) => {
      state.aws.staging.regions[homeRegion].findings.push(finding);
    },
  },
  {
    at: '2026-01-20T10:30:00.000Z',
    what: 'The finding is looked into and archived',
    apply: (state) => remove(state.aws.staging.regions[homeRegion].findings, (one) => one.id === finding.id, 'the finding'),
  },
  opens('2026-02-24T09:15:00.000Z', 'SSH to the staging bastion is opened to the internet for a load test', 'tobias-brenner'),
  rotates('2026-03-02T09:00:00.000Z', 'bank-transfer-agent', 'The access key of the bank transfer agent is rotated'),
  closes('2026-03-18T10:00:00.000Z', 'SSH to the staging bastion is closed', 'dmitri-volkov'),
  {
    at: '2026-03-24T09:00:00.000Z',
    what: 'The old deployment user is removed: GitHub deploys through its role',
    trail: [
      iamEvent('DeleteAccessKey', 'amara-okafor', { userName: 'ci-deploy-legacy' }),
      iamEvent('DeleteUser', 'amara-okafor', { userName: 'ci-deploy-legacy' }, 60),
    ],
    apply: (state) => remove(state.aws.production.iam.users, (one) => one.name === 'ci-deploy-legacy', 'the deployment user'),
  },
];
