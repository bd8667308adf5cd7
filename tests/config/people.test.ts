import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { directoryWith, problemLines, refusalOf } from './temporary.ts';

const head = `version: 1
entity: { name: Northwind, tenant: northwind }
reports: [soc1]
sources:
  tabular:
    - name: hr
      kind: csv
      tables: [{ name: people, as: hr.person, path: people.csv, key: [id], columns: { id: {} }, map: { personId: id } }]
people:
`;
const load = (people: string) => loadConfiguration(join(directoryWith({ 'proofline.yaml': head + people }), 'proofline.yaml'), {});

it('says of people what is needed, and fills in the rest', () => {
  expect(load('  rosters: [hr.people]\n').people).toMatchObject({
    rosters: ['hr.people'],
    zone: 'UTC',
    mayVanish: 0.4,
    links: [],
    serviceAccounts: [],
  });
});

it('names everything that is wrong with people at once, by line', async () => {
  const refusal = await refusalOf(() =>
    load(`  rosters: [hr.poeple, hr.people, hr.people]
  zone: Europe/Berlim
  emailDomains: ['@northwind.example']
  links:
    - { account: 'github.member:a-*', person: 'hr:E-1', because: x }
    - { account: octo-ana, person: 'hr:E-1', because: x }
    - { account: 'github.member:bo', person: 'E-2', because: x }
    - { account: 'github.member:bo', person: 'hr:E-3', because: x }
  naming: [{ systems: [app.user], login: '{vorname}' }]
  serviceAccounts:
    - { id: backup, accounts: ['aws.iam.user:svc-*'], owner: 'ldap:9', purpose: x, expires: 2026-02-30 }
    - { id: backup, accounts: ['aws.iam.user:x'], owner: 'hr:E-1', purpose: x }
  operators: [alice]
`),
  );
  const lines = problemLines(refusal).join('\n');
  for (const part of [
    'people.rosters[0]: "hr.poeple" is no table of people',
    'people.rosters[2]: "hr.people" stands twice',
    'people.zone: expected an IANA time zone',
    'people.emailDomains[0]: expected a domain in small letters',
    'people.links[0].account: expected one account: no *',
    'people.links[1].account: expected <type>:<login>',
    'people.links[2].person: "E-2" is no person of these rosters: expected hr:<number>',
    'people.links[3].account: "github.member:bo" is linked already',
    'people.naming[0].login: expected {first}',
    'people.serviceAccounts[0].owner: "ldap:9" is no person',
    'people.serviceAccounts[0].expires',
    'people.serviceAccounts[1].id: the id "backup" is taken',
    'people.operators[0]: "alice" is no person',
  ]) {
    expect(lines).toContain(part);
  }
});
