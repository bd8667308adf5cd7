import { type Bucket, homeRegion, type IamUser, ipPermission, type PublicAccessBlock, stagingId } from './aws-estate.ts';
import type { CompanyState } from './company.ts';
import type { Repository } from './github-estate.ts';
import { ec2Id } from './native-id.ts';
import type { Person } from './people.ts';

/** What changes are written with: finding what they speak of, or failing, as a year that speaks of what is not there is a bug. */
export function must<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new TypeError(`the described year speaks of ${what}, which is not there`);
  return found;
}
export function repositoryIn(state: CompanyState, name: string): Repository {
  return must(
    state.github.repositories.find((candidate) => candidate.name === name),
    name,
  );
}
export function bucketIn(state: CompanyState, name: string): Bucket {
  return must(
    state.aws.production.buckets.find((candidate) => candidate.name === name),
    name,
  );
}
export function userIn(state: CompanyState, name: string): IamUser {
  return must(
    state.aws.production.iam.users.find((candidate) => candidate.name === name),
    name,
  );
}
export function remove<T>(list: T[], matches: (one: T) => boolean, what: string): void {
  const index = list.findIndex(matches);
  if (index === -1) throw new TypeError(`the described year removes ${what}, which is not there`);
  list.splice(index, 1);
}
export function joins(state: CompanyState, person: Person): void {
  state.people.push(person);
}
export function replacePerson(state: CompanyState, login: string, edit: (person: Person) => Person): void {
  const index = state.people.findIndex((person) => person.login === login);
  state.people[index] = edit(must(state.people[index], login));
}

export const bastionGroup = ec2Id('sg', 'staging-bastion');
const bastion = (state: CompanyState) =>
  must(
    state.aws.staging.regions[homeRegion].securityGroups.find((group) => group.GroupId === bastionGroup),
    'the bastion',
  );
const sshFromAnywhere = ipPermission(stagingId, { from: 22, to: 22, cidr: '0.0.0.0/0', description: 'temporary, vendor access' });
export function openSsh(state: CompanyState): void {
  bastion(state).IpPermissions.push(sshFromAnywhere);
}
export function closeSsh(state: CompanyState): void {
  bastion(state).IpPermissions.pop();
}

export const everythingBlocked = (): PublicAccessBlock => ({
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
});

/** Takes a repository out of the organisation's ruleset and asks for no approval any more, or puts it back. */
export function liftProtection(state: CompanyState, name: string): void {
  const of = repositoryIn(state, name);
  of.baseline = false;
  of.classic = { approvals: 0, dismissesStale: false, lastPushApproval: false, statusChecks: ['build'] };
}
export function restoreProtection(state: CompanyState, name: string, approvals: 1 | 2): void {
  const of = repositoryIn(state, name);
  of.baseline = true;
  of.classic = {
    approvals,
    dismissesStale: true,
    lastPushApproval: true,
    statusChecks: approvals === 2 ? ['build', 'payroll-regression'] : ['build'],
  };
}
