import { describe, expect, test } from 'vitest';
import defaultGroup from '../../../checks/aws/default-security-group-closed.ts';
import encryptionByDefault from '../../../checks/aws/ebs-encryption-by-default.ts';
import snapshotEncrypted from '../../../checks/aws/ebs-snapshot-encrypted.ts';
import snapshotNotPublic from '../../../checks/aws/ebs-snapshot-is-not-public.ts';
import volumeEncrypted from '../../../checks/aws/ebs-volume-encrypted.ts';
import imdsDefault from '../../../checks/aws/imdsv2-required-by-default.ts';
import imdsv2 from '../../../checks/aws/instance-requires-imdsv2.ts';
import noAdminPorts from '../../../checks/aws/security-group-no-admin-ports-from-internet.ts';
import noDatabasePorts from '../../../checks/aws/security-group-no-database-ports-from-internet.ts';
import notOpen from '../../../checks/aws/security-group-not-open-to-internet.ts';
import flowLogs from '../../../checks/aws/vpc-has-flow-logs.ts';
import ebsDefaults from '../../../collectors/aws/ec2-ebs-defaults/collector.ts';
import instances from '../../../collectors/aws/ec2-instances/collector.ts';
import metadataDefaults from '../../../collectors/aws/ec2-metadata-defaults/collector.ts';
import securityGroups from '../../../collectors/aws/ec2-security-groups/collector.ts';
import snapshots from '../../../collectors/aws/ec2-snapshots/collector.ts';
import volumes from '../../../collectors/aws/ec2-volumes/collector.ts';
import vpcs from '../../../collectors/aws/ec2-vpcs/collector.ts';
import type { JsonObject } from '../../../src/authoring.ts';
import { denied, paged } from '../replay.ts';
import { describeCollector } from './region-contract.ts';
import { account, walk } from './walk.ts';

const token = { request: 'NextToken', reply: 'NextToken' };

describeCollector({
  collector: volumes,
  answers: {
    'ec2:DescribeVolumes': {
      Volumes: [
        { VolumeId: 'vol-1', State: 'in-use', Encrypted: true, Attachments: [{ InstanceId: 'i-1' }], CreateTime: new Date(0) },
        { VolumeId: 'vol-2', State: 'available', Encrypted: false, Attachments: [] },
      ],
    },
  },
  list: { operation: 'ec2:DescribeVolumes', into: 'Volumes', ...token },
  verdicts: [[volumeEncrypted, { 'vol-1': 'pass', 'vol-2': 'fail' }]],
});

const ownSnapshots = [
  { SnapshotId: 'snap-1', VolumeId: 'vol-1', State: 'completed', Encrypted: true },
  { SnapshotId: 'snap-2', VolumeId: 'vol-ffffffff', State: 'completed', Encrypted: false },
  { SnapshotId: 'snap-3', VolumeId: 'vol-1', State: 'completed', Encrypted: false },
  { SnapshotId: 'snap-4', VolumeId: 'vol-1', State: 'error', Encrypted: false },
];
describeCollector({
  collector: snapshots,
  answers: {
    'ec2:GetSnapshotBlockPublicAccessState': { State: 'block-all-sharing' },
    'ec2:DescribeSnapshots': { Snapshots: ownSnapshots },
  },
  list: { operation: 'ec2:DescribeSnapshots', into: 'Snapshots', ...token },
  verdicts: [
    [snapshotEncrypted, { 'snap-1': 'pass', 'snap-2': 'fail', 'snap-3': 'fail' }],
    [snapshotNotPublic, { 'snap-1': 'pass', 'snap-2': 'pass', 'snap-3': 'pass', 'snap-4': 'pass' }],
  ],
});

describe('public snapshots', () => {
  const answer = (everybody: unknown) => (input: JsonObject) => (input['RestorableByUserIds'] ? everybody : { Snapshots: ownSnapshots });
  test('are asked in one list where the region does not block all sharing', async () => {
    const { outcomes, replay, resource } = await walk(snapshots, {
      'ec2:GetSnapshotBlockPublicAccessState': { State: 'block-new-sharing' },
      'ec2:DescribeSnapshots': answer({ Snapshots: [{ SnapshotId: 'snap-3' }] }),
    });
    expect(outcomes(snapshotNotPublic)).toEqual({ 'snap-1': 'pass', 'snap-2': 'pass', 'snap-3': 'fail', 'snap-4': 'pass' });
    expect(replay.calls.map((call) => call.input)).toEqual([
      { MaxResults: 1000, OwnerIds: ['self'] },
      {},
      { MaxResults: 1000, OwnerIds: ['self'], RestorableByUserIds: ['all'] },
    ]);
    expect(resource('snap-2').fields).toMatchObject({ volumeId: null });
  });
  test('are not asked where all are encrypted, or sharing is blocked', async () => {
    const encrypted = ownSnapshots.map((snapshot) => ({ ...snapshot, Encrypted: true }));
    const { replay } = await walk(snapshots, {
      'ec2:GetSnapshotBlockPublicAccessState': { State: 'unblocked' },
      'ec2:DescribeSnapshots': { Snapshots: encrypted },
    });
    expect(replay.count()).toBe(1);
  });
  test('asked and none there is an answer', async () => {
    const { outcomes } = await walk(snapshots, {
      'ec2:GetSnapshotBlockPublicAccessState': { State: 'unblocked' },
      'ec2:DescribeSnapshots': answer({ Snapshots: [] }),
    });
    expect(outcomes(snapshotNotPublic)).toMatchObject({ 'snap-3': 'pass' });
  });
  test.each([
    ['denied', denied('ec2:DescribeSnapshots')],
    ['without a list', {}],
  ])('%s leave the question open for what is not encrypted', async (_, everybody) => {
    const { outcomes } = await walk(snapshots, {
      'ec2:GetSnapshotBlockPublicAccessState': { State: 'unblocked' },
      'ec2:DescribeSnapshots': answer(everybody),
    });
    expect(outcomes(snapshotNotPublic)).toMatchObject({ 'snap-1': 'pass', 'snap-2': 'no-evidence', 'snap-3': 'no-evidence' });
  });
  test('their second page denied leaves it open too', async () => {
    const pages = paged([{ SnapshotId: 'snap-2' }, { SnapshotId: 'snap-3' }], {
      size: 1,
      into: 'Snapshots',
      ...token,
      deniedFrom: 2,
      operation: 'ec2:DescribeSnapshots',
    });
    const { outcomes } = await walk(snapshots, {
      'ec2:GetSnapshotBlockPublicAccessState': { State: 'unblocked' },
      'ec2:DescribeSnapshots': (input, scope) => (input['RestorableByUserIds'] ? pages(input, scope) : { Snapshots: ownSnapshots }),
    });
    expect(outcomes(snapshotNotPublic)).toMatchObject({ 'snap-1': 'pass', 'snap-2': 'no-evidence', 'snap-3': 'no-evidence' });
  });
  test('the state of the region denied: the list decides', async () => {
    const { outcomes } = await walk(snapshots, {
      'ec2:GetSnapshotBlockPublicAccessState': () => denied('ec2:GetSnapshotBlockPublicAccessState'),
      'ec2:DescribeSnapshots': answer({ Snapshots: [{ SnapshotId: 'snap-3' }] }),
    });
    // Whether an existing public snapshot has any effect depends on the state, so nothing is said of unencrypted ones.
    expect(outcomes(snapshotNotPublic)).toMatchObject({ 'snap-1': 'pass', 'snap-3': 'no-evidence' });
  });
});

describeCollector({
  collector: instances,
  answers: {
    'ec2:DescribeInstances': {
      Reservations: [
        {
          Instances: [
            { InstanceId: 'i-1', State: { Name: 'running' }, MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } },
            { InstanceId: 'i-2', State: { Name: 'stopped' }, MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } },
          ],
        },
        {
          Instances: [
            { InstanceId: 'i-3', State: { Name: 'terminated' }, MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } },
            { InstanceId: 'i-4', State: { Name: 'running' }, MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'disabled' } },
          ],
        },
      ],
    },
  },
  list: { operation: 'ec2:DescribeInstances', into: 'Reservations', ...token },
  verdicts: [[imdsv2, { 'i-1': 'pass', 'i-2': 'fail', 'i-4': 'pass' }]],
});

describeCollector({
  collector: vpcs,
  answers: {
    'ec2:DescribeVpcs': {
      Vpcs: [
        { VpcId: 'vpc-1', IsDefault: false, OwnerId: account },
        { VpcId: 'vpc-2', IsDefault: true, OwnerId: account },
        { VpcId: 'vpc-3', IsDefault: false, OwnerId: '444455556666' },
        { VpcId: 'vpc-4', IsDefault: false, OwnerId: account },
      ],
    },
    'ec2:DescribeFlowLogs': {
      FlowLogs: [
        { FlowLogId: 'fl-1', ResourceId: 'vpc-1', FlowLogStatus: 'ACTIVE', TrafficType: 'ALL', DeliverLogsStatus: 'SUCCESS' },
        { FlowLogId: 'fl-2', ResourceId: 'subnet-1', FlowLogStatus: 'ACTIVE', TrafficType: 'ALL', DeliverLogsStatus: 'SUCCESS' },
        { FlowLogId: 'fl-4', ResourceId: 'vpc-4', FlowLogStatus: 'ACTIVE', TrafficType: 'ALL', DeliverLogsStatus: 'FAILED' },
      ],
    },
  },
  list: { operation: 'ec2:DescribeVpcs', into: 'Vpcs', ...token },
  verdicts: [[flowLogs, { 'vpc-1': 'pass', 'vpc-2': 'fail', 'vpc-4': 'fail' }]],
});

describe('flow logs', () => {
  const vpc = { 'ec2:DescribeVpcs': { Vpcs: [{ VpcId: 'vpc-1', IsDefault: false, OwnerId: account }] } };
  test.each([
    ['denied', () => denied('ec2:DescribeFlowLogs')],
    ['without a list', () => ({})],
    ['of nobody', () => ({ FlowLogs: [{ FlowLogId: 'fl-1' }] })],
    [
      'whose delivery is unknown',
      () => ({ FlowLogs: [{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', FlowLogStatus: 'ACTIVE', TrafficType: 'ALL' }] }),
    ],
  ])('%s are not "none", and every VPC is named', async (_, answer) => {
    const { outcomes } = await walk(vpcs, { ...vpc, 'ec2:DescribeFlowLogs': answer });
    expect(outcomes(flowLogs)).toEqual({ 'vpc-1': 'no-evidence' });
  });
});

const from = (cidr: string) => (cidr.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: cidr }] } : { IpRanges: [{ CidrIp: cidr }] });
const group = (id: string, ...permissions: object[]) => ({
  GroupId: id,
  GroupName: id === 'sg-0' ? 'default' : `name-of-${id}`,
  VpcId: 'vpc-1',
  OwnerId: account,
  IpPermissions: permissions.map((permission) => ({ IpRanges: [], Ipv6Ranges: [], PrefixListIds: [], ...permission })),
  IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [], PrefixListIds: [] }],
});
const tcp = (fromPort: number, toPort: number, peers: object) => ({ IpProtocol: 'tcp', FromPort: fromPort, ToPort: toPort, ...peers });
const groups = [
  group('sg-0', { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0' }] }),
  group('sg-1', tcp(443, 443, from('0.0.0.0/0')), tcp(22, 22, from('10.0.0.0/8'))),
  group('sg-2', tcp(22, 22, from('::/0'))),
  group('sg-3', { IpProtocol: '-1', ...from('0.0.0.0/0') }),
  group('sg-4', tcp(5000, 6000, from('0.0.0.0/1'))),
  group('sg-5', tcp(22, 22, { PrefixListIds: [{ PrefixListId: 'pl-1' }] })),
  group('sg-6', tcp(22, 22, { PrefixListIds: [{ PrefixListId: 'pl-2' }] })),
  group('sg-7', { IpProtocol: '6', FromPort: 3389, ToPort: 3389, ...from('0.0.0.0/0') }),
];
const named = (outcomes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(outcomes).map(([id, outcome]) => [`${id === 'sg-0' ? 'default' : `name-of-${id}`} (${id})`, outcome]));
const lists: Readonly<Record<string, object>> = {
  'pl-1': { Entries: [{ Cidr: '10.0.0.0/8', Description: 'inside' }] },
  'pl-2': { Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '0.0.0.0/0' }] },
};
const groupAnswers = {
  'ec2:DescribeSecurityGroups': { SecurityGroups: groups },
  'ec2:GetManagedPrefixListEntries': (input: JsonObject) => lists[String(input['PrefixListId'])],
};
describeCollector({
  collector: securityGroups,
  answers: groupAnswers,
  list: { operation: 'ec2:DescribeSecurityGroups', into: 'SecurityGroups', ...token },
  verdicts: [
    [
      noAdminPorts,
      named({
        'sg-0': 'pass',
        'sg-1': 'pass',
        'sg-2': 'fail',
        'sg-3': 'fail',
        'sg-4': 'fail',
        'sg-5': 'pass',
        'sg-6': 'fail',
        'sg-7': 'fail',
      }),
    ],
    [
      noDatabasePorts,
      named({
        'sg-0': 'pass',
        'sg-1': 'pass',
        'sg-2': 'pass',
        'sg-3': 'fail',
        'sg-4': 'fail',
        'sg-5': 'pass',
        'sg-6': 'pass',
        'sg-7': 'pass',
      }),
    ],
    [
      notOpen,
      named({
        'sg-0': 'pass',
        'sg-1': 'pass',
        'sg-2': 'fail',
        'sg-3': 'fail',
        'sg-4': 'fail',
        'sg-5': 'pass',
        'sg-6': 'fail',
        'sg-7': 'fail',
      }),
    ],
    [defaultGroup, named({ 'sg-0': 'fail' })],
  ],
});

describe('prefix lists', () => {
  test('are asked once each, and only when a rule lets them in', async () => {
    const twice = [
      group('sg-5', tcp(22, 22, { PrefixListIds: [{ PrefixListId: 'pl-1' }] })),
      group('sg-6', tcp(80, 80, { PrefixListIds: [{ PrefixListId: 'pl-1' }] })),
    ];
    const { replay } = await walk(securityGroups, { ...groupAnswers, 'ec2:DescribeSecurityGroups': { SecurityGroups: twice } });
    expect(replay.count('ec2:GetManagedPrefixListEntries')).toBe(1);
  });
  test('over several pages', async () => {
    const { outcomes } = await walk(securityGroups, {
      'ec2:DescribeSecurityGroups': { SecurityGroups: [groups[6]] },
      'ec2:GetManagedPrefixListEntries': paged([{ Cidr: '10.0.0.0/8' }, { Cidr: '0.0.0.0/0' }], {
        size: 1,
        into: 'Entries',
        ...token,
        operation: 'ec2:GetManagedPrefixListEntries',
      }),
    });
    expect(outcomes(noAdminPorts)).toEqual(named({ 'sg-6': 'fail' }));
  });
  test.each([
    ['denied', () => denied('ec2:GetManagedPrefixListEntries')],
    ['without a list', () => ({})],
    ['with something that is no range', () => ({ Entries: [{ Cidr: 'everywhere' }] })],
    [
      'with a second page that is none',
      (input: JsonObject) => (input['NextToken'] === undefined ? { Entries: [{ Cidr: '10.0.0.0/8' }], NextToken: '2' } : { Entries: [{}] }),
    ],
    [
      'with a second page denied',
      paged([{ Cidr: '10.0.0.0/8' }, { Cidr: '0.0.0.0/0' }], {
        size: 1,
        into: 'Entries',
        ...token,
        deniedFrom: 2,
        operation: 'ec2:GetManagedPrefixListEntries',
      }),
    ],
  ])('%s leave the groups that use them open, and no other', async (_, answer) => {
    const { outcomes } = await walk(securityGroups, { ...groupAnswers, 'ec2:GetManagedPrefixListEntries': answer });
    expect(outcomes(noAdminPorts)).toEqual(
      named({
        'sg-0': 'pass',
        'sg-1': 'pass',
        'sg-2': 'fail',
        'sg-3': 'fail',
        'sg-4': 'fail',
        'sg-5': 'no-evidence',
        'sg-6': 'no-evidence',
        'sg-7': 'fail',
      }),
    );
  });
  test('an empty one is an answer', async () => {
    const { outcomes } = await walk(securityGroups, {
      'ec2:DescribeSecurityGroups': { SecurityGroups: [groups[5]] },
      'ec2:GetManagedPrefixListEntries': { Entries: [] },
    });
    expect(outcomes(noAdminPorts)).toEqual(named({ 'sg-5': 'pass' }));
  });
});

describe('what counts as the internet', () => {
  test.each([
    ['0.0.0.0/0', true],
    ['128.0.0.0/1', true],
    ['8.0.0.0/7', true],
    ['10.0.0.0/8', false],
    ['52.0.0.0/8', false],
    ['198.51.100.7/32', false],
    ['::/0', true],
    ['2000::/3', true],
    ['fc00::/7', false],
    ['fd12:3456::/15', false],
    ['2001:db8::/32', false],
  ])('%s: %s', async (cidr, internet) => {
    const { outcomes } = await walk(securityGroups, {
      ...groupAnswers,
      'ec2:DescribeSecurityGroups': { SecurityGroups: [group('sg-9', tcp(22, 22, from(cidr)))] },
    });
    expect(outcomes(noAdminPorts)).toEqual(named({ 'sg-9': internet ? 'fail' : 'pass' }));
  });
  test('a range that is none', async () => {
    const { outcomes } = await walk(securityGroups, {
      ...groupAnswers,
      'ec2:DescribeSecurityGroups': { SecurityGroups: [group('sg-9', tcp(22, 22, from('everywhere')))] },
    });
    expect(outcomes(noAdminPorts)).toEqual(named({ 'sg-9': 'no-evidence' }));
  });
});

describe.each([
  ['ec2:GetEbsEncryptionByDefault', ebsDefaults, encryptionByDefault, { EbsEncryptionByDefault: true }, { EbsEncryptionByDefault: false }],
  ['ec2:GetInstanceMetadataDefaults', metadataDefaults, imdsDefault, { AccountLevel: { HttpTokens: 'required' } }, { AccountLevel: {} }],
] as const)('%s', (operation, collector, check, good, bad) => {
  test.each([
    ['on', good, 'pass'],
    ['off', bad, 'fail'],
    ['nothing said', {}, 'no-evidence'],
    ['denied', () => denied(operation), 'no-evidence'],
  ])('%s', async (_, answer, outcome) => {
    const { outcomes } = await walk(collector, { [operation]: answer });
    expect(outcomes(check)).toEqual({ 'eu-central-1': outcome });
  });
});
