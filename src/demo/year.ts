import { homeRegion, ipPermission, stagingId } from './aws-estate.ts';
import type { Change, CompanyState } from './company.ts';
import type { Repository } from './github-estate.ts';
import { ec2Id, uuid } from './native-id.ts';
import type { Person } from './people.ts';

function must<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new TypeError(`the described year speaks of ${what}, which is not there`);
  return found;
}
function repository(state: CompanyState, name: string): Repository {
  return must(
    state.github.repositories.find((candidate) => candidate.name === name),
    name,
  );
}
function bucket(state: CompanyState, name: string) {
  return must(
    state.aws.production.buckets.find((candidate) => candidate.name === name),
    name,
  );
}
function user(state: CompanyState, name: string) {
  return must(
    state.aws.production.iam.users.find((candidate) => candidate.name === name),
    name,
  );
}
function remove<T>(list: T[], matches: (one: T) => boolean, what: string): void {
  const index = list.findIndex(matches);
  if (index === -1) throw new TypeError(`the described year removes ${what}, which is not there`);
  list.splice(index, 1);
}
function joins(state: CompanyState, person: Person): void {
  state.people.push(person);
}
function replace(state: CompanyState, login: string, edit: (person: Person) => Person): void {
  const index = state.people.findIndex((person) => person.login === login);
  state.people[index] = edit(must(state.people[index], login));
}
const stagingBastion = (state: CompanyState) =>
  must(
    state.aws.staging.regions[homeRegion].securityGroups.find((group) => group.GroupId === ec2Id('sg', 'staging-bastion')),
    'the bastion',
  );
const sshFromAnywhere = ipPermission(stagingId, { from: 22, to: 22, cidr: '0.0.0.0/0', description: 'temporary, vendor access' });
const publicExports = {
  Sid: 'SharedWithPrinter',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::northwind-payslip-exports/*',
} as const;
const everythingBlocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const finding = {
  id: uuid('finding 2026-01').replaceAll('-', ''),
  type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  severity: 8,
  createdAt: '2026-01-20T02:14:09.000Z',
};

/**
 * What happened at Northwind Payroll in twelve months, oldest first. Most of it went well; some of it was found and put right within
 * hours, some within days, and on the day of the first collection a handful of things are open.
 */
export const changes: readonly Change[] = [
  {
    at: '2025-04-14T07:30:00.000Z',
    what: 'Nadia Petrov joins engineering',
    apply: (state) =>
      joins(state, { login: 'nadia-petrov', name: 'Nadia Petrov', role: 'engineering', aws: ['engineers'], github: { factor: 'secure' } }),
  },
  {
    at: '2025-05-06T13:05:00.000Z',
    what: 'SSH to the staging bastion is opened to the internet for a vendor',
    apply: (state) => {
      stagingBastion(state).IpPermissions.push(sshFromAnywhere);
    },
  },
  {
    at: '2025-05-09T08:20:00.000Z',
    what: 'SSH to the staging bastion is closed again',
    apply: (state) => {
      stagingBastion(state).IpPermissions.pop();
    },
  },
  {
    at: '2025-06-03T09:00:00.000Z',
    what: 'The access key of the bank transfer agent is rotated',
    apply: (state) => {
      user(state, 'bank-transfer-agent').keys = [{ createdAt: '2025-06-03T09:00:00.000Z', active: true, usedDaysAgo: 0 }];
    },
  },
  {
    at: '2025-06-17T10:00:00.000Z',
    what: 'A new engineer, Jonas Weber, joins GitHub without a second factor',
    apply: (state) =>
      joins(state, { login: 'jonas-weber', name: 'Jonas Weber', role: 'engineering', aws: ['engineers'], github: { factor: 'none' } }),
  },
  {
    at: '2025-06-20T15:40:00.000Z',
    what: 'Jonas Weber sets up his second factor',
    apply: (state) => replace(state, 'jonas-weber', (person) => ({ ...person, github: { factor: 'secure' } })),
  },
  {
    at: '2025-07-22T16:00:00.000Z',
    what: 'Piotr Nowak leaves and loses his accounts',
    apply: (state) => remove(state.people, (person) => person.login === 'piotr-nowak', 'Piotr Nowak'),
  },
  {
    at: '2025-08-19T12:00:00.000Z',
    what: 'Rotation of the logs key is turned off by a change of the infrastructure code',
    apply: (state) => {
      must(state.aws.production.regions[homeRegion].keys[1], 'the logs key').rotates = false;
    },
  },
  {
    at: '2025-08-26T08:45:00.000Z',
    what: 'Rotation of the logs key is turned on again',
    apply: (state) => {
      must(state.aws.production.regions[homeRegion].keys[1], 'the logs key').rotates = true;
    },
  },
  {
    at: '2025-09-01T09:00:00.000Z',
    what: 'The access key of the bank transfer agent is rotated',
    apply: (state) => {
      user(state, 'bank-transfer-agent').keys = [{ createdAt: '2025-09-01T09:00:00.000Z', active: true, usedDaysAgo: 0 }];
    },
  },
  {
    at: '2025-09-03T11:12:00.000Z',
    what: 'The trail of staging is stopped by mistake',
    apply: (state) => {
      must(state.aws.staging.trails[0], 'the trail').logging = false;
    },
  },
  {
    at: '2025-09-03T11:59:00.000Z',
    what: 'The trail of staging records again',
    apply: (state) => {
      must(state.aws.staging.trails[0], 'the trail').logging = true;
    },
  },
  {
    at: '2025-10-07T14:00:00.000Z',
    what: 'The access key of the old deployment user is replaced',
    apply: (state) => {
      user(state, 'ci-deploy-legacy').keys = [{ createdAt: '2025-10-07T14:00:00.000Z', active: true, usedDaysAgo: 6 }];
    },
  },
  {
    at: '2025-10-21T09:31:00.000Z',
    what: 'A token is pushed to the documentation and found by secret scanning',
    apply: (state) => {
      state.github.secretAlerts.push({
        number: 7,
        repository: 'developer-docs',
        type: 'github_personal_access_token',
        createdAt: '2025-10-21T09:31:00Z',
      });
    },
  },
  {
    at: '2025-10-22T08:05:00.000Z',
    what: 'The token is revoked and the alert closed',
    apply: (state) => remove(state.github.secretAlerts, (alert) => alert.number === 7, 'alert 7'),
  },
  {
    at: '2025-11-04T14:10:00.000Z',
    what: 'The bucket of payslip exports is made public for a printing company',
    apply: (state) => {
      const exports = bucket(state, 'northwind-payslip-exports');
      exports.publicAccessBlock = null;
      exports.statements = [...exports.statements, publicExports];
    },
  },
  {
    at: '2025-11-04T16:20:00.000Z',
    what: 'The bucket of payslip exports is closed again, two hours and ten minutes later',
    apply: (state) => {
      const exports = bucket(state, 'northwind-payslip-exports');
      exports.publicAccessBlock = { ...everythingBlocked };
      exports.statements = exports.statements.filter((statement) => statement.Sid !== publicExports.Sid);
    },
  },
  {
    at: '2025-11-05T09:00:00.000Z',
    what: 'Public access to S3 is blocked for the whole production account',
    apply: (state) => {
      state.aws.production.publicAccessBlock = { ...everythingBlocked };
    },
  },
  {
    at: '2025-12-01T09:00:00.000Z',
    what: 'The access key of the bank transfer agent is rotated',
    apply: (state) => {
      user(state, 'bank-transfer-agent').keys = [{ createdAt: '2025-12-01T09:00:00.000Z', active: true, usedDaysAgo: 0 }];
    },
  },
  {
    at: '2025-12-09T19:48:00.000Z',
    what: 'The payroll engine is taken out of the ruleset and its protection loosened for a night-time correction',
    apply: (state) => {
      const engine = repository(state, 'payroll-engine');
      engine.baseline = false;
      engine.classic = { approvals: 0, dismissesStale: false, lastPushApproval: false, statusChecks: ['build'] };
    },
  },
  {
    at: '2025-12-10T07:15:00.000Z',
    what: 'Protection of the payroll engine is restored',
    apply: (state) => {
      const engine = repository(state, 'payroll-engine');
      engine.baseline = true;
      engine.classic = { approvals: 2, dismissesStale: true, lastPushApproval: true, statusChecks: ['build', 'payroll-regression'] };
    },
  },
  {
    at: '2026-01-12T08:00:00.000Z',
    what: 'Ines Moreau joins as the second security engineer',
    apply: (state) =>
      joins(state, { login: 'ines-moreau', name: 'Inès Moreau', role: 'security', aws: ['auditors'], github: { factor: 'secure' } }),
  },
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
  {
    at: '2026-01-29T06:10:00.000Z',
    what: 'A critical vulnerability is published for a library of the customer portal',
    apply: (state) => {
      state.github.dependabotAlerts.push({
        number: 58,
        repository: 'customer-portal',
        package: 'fast-xml-parser',
        severity: 'critical',
        advisory: 'GHSA-9w2m-5q8r-7v3x',
        createdAt: '2026-01-29T06:10:00Z',
      });
    },
  },
  {
    at: '2026-02-02T16:30:00.000Z',
    what: 'The medium vulnerability of the customer portal is put right',
    apply: (state) => remove(state.github.dependabotAlerts, (alert) => alert.number === 41, 'alert 41'),
  },
  {
    at: '2026-02-24T09:15:00.000Z',
    what: 'SSH to the staging bastion is opened to the internet for a load test',
    apply: (state) => {
      stagingBastion(state).IpPermissions.push(sshFromAnywhere);
    },
  },
  {
    at: '2026-03-02T09:00:00.000Z',
    what: 'The access key of the bank transfer agent is rotated',
    apply: (state) => {
      user(state, 'bank-transfer-agent').keys = [{ createdAt: '2026-03-02T09:00:00.000Z', active: true, usedDaysAgo: 0 }];
    },
  },
  {
    at: '2026-03-03T13:20:00.000Z',
    what: 'The design studio is made administrator of the statement templates',
    apply: (state) => {
      must(state.github.outsideCollaborators[0]?.grants[0], 'the grant').permission = 'ADMIN';
    },
  },
  {
    at: '2026-03-09T17:45:00.000Z',
    what: 'The payslip renderer is taken out of the ruleset for a migration, and needs no approval any more',
    apply: (state) => {
      const renderer = repository(state, 'payslip-renderer');
      renderer.baseline = false;
      renderer.classic = { approvals: 0, dismissesStale: false, lastPushApproval: false, statusChecks: ['build'] };
    },
  },
  {
    at: '2026-03-12T08:30:00.000Z',
    what: 'A new engineer, Tomasz Zielinski, joins GitHub without a second factor',
    apply: (state) =>
      joins(state, {
        login: 'tomasz-zielinski',
        name: 'Tomasz Zieliński',
        role: 'engineering',
        aws: ['engineers'],
        github: { factor: 'none' },
      }),
  },
  {
    at: '2026-03-17T09:10:00.000Z',
    what: 'Tomasz Zielinski sets up his second factor',
    apply: (state) => replace(state, 'tomasz-zielinski', (person) => ({ ...person, github: { factor: 'secure' } })),
  },
  {
    at: '2026-03-17T14:00:00.000Z',
    what: 'Protection of the payslip renderer is restored',
    apply: (state) => {
      const renderer = repository(state, 'payslip-renderer');
      renderer.baseline = true;
      renderer.classic = { approvals: 1, dismissesStale: true, lastPushApproval: true, statusChecks: ['build'] };
    },
  },
  {
    at: '2026-03-18T10:00:00.000Z',
    what: 'SSH to the staging bastion is closed',
    apply: (state) => {
      stagingBastion(state).IpPermissions.pop();
    },
  },
  {
    at: '2026-03-20T11:00:00.000Z',
    what: 'The critical vulnerability of the customer portal is put right',
    apply: (state) => remove(state.github.dependabotAlerts, (alert) => alert.number === 58, 'alert 58'),
  },
  {
    at: '2026-03-24T09:00:00.000Z',
    what: 'The old deployment user is removed: GitHub deploys through its role',
    apply: (state) => remove(state.aws.production.iam.users, (one) => one.name === 'ci-deploy-legacy', 'the deployment user'),
  },
  {
    at: '2026-03-26T15:00:00.000Z',
    what: 'The design studio writes again, and no longer administers',
    apply: (state) => {
      must(state.github.outsideCollaborators[0]?.grants[0], 'the grant').permission = 'WRITE';
    },
  },
];
