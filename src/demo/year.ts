import { changesInAws } from './changes-in-aws.ts';
import { changesInGithub, passingRecords } from './changes-in-github.ts';
import { changesOfPeople } from './changes-of-people.ts';
import type { Change } from './company.ts';
import { type AuditEntry, logged, lookedUp, type TrailEvent } from './recorded-changes.ts';

/**
 * What happened at Northwind Payroll in twelve months, oldest first. Most of it went well; some of it was found and put right within
 * hours, some within days, and on the day of the first collection of a short demonstration a handful of things are open.
 */
export const changes: readonly Change[] = [...changesOfPeople, ...changesInAws, ...changesInGithub].sort((a, b) => (a.at < b.at ? -1 : 1));

/** What CloudTrail recorded of it, oldest first, each as the source hands it out. */
export const trailEvents = changes.flatMap(({ at, trail = [] }) =>
  trail.map((event: TrailEvent) => ({ account: event.account, region: event.region, event: lookedUp(event, at) })),
);
/** What GitHub's audit log recorded of it, oldest first. */
export const auditEntries = [...changes, ...passingRecords]
  .flatMap(({ at, audit = [] }) => audit.map((entry: AuditEntry) => logged(entry, at)))
  .sort((a, b) => a['@timestamp'] - b['@timestamp']);
