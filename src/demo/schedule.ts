import type { DescribedStep } from '../run/described-life.ts';
import { closerLooks, outages, wholeLooks } from './incidents.ts';
import { observation } from './observation.ts';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Everything is collected every 95 hours, and never at the same time of the day: the rulers of the engagements allow a setting of no
 * special weight ten days. What is critical (second factors, branch protection, logging, public access, open ports) is
 * collected each day; the records of changes come with everything, long before their sources forget.
 */
const everythingEvery = 95 * hour;
const dailyAt = 5 * hour + 10 * 60_000;
const closeTogether = 2 * hour;

/** What somebody who answers for these settings looks at every few hours. */
const critical: readonly string[] = [
  'aws/cloudtrail-trails',
  'aws/ec2-security-groups',
  'aws/iam-account-summary',
  'aws/iam-credential-report',
  'aws/regions',
  'aws/s3-account-public-access',
  'aws/s3-buckets',
  'github/branches',
  'github/members',
  'github/organisation',
];

/** First collection of all: some days before the period, when Proofline was installed. */
const installedAt = '2025-03-28T09:00:00.000Z';

/**
 * When the described company collects what, by time. The period's own edges are looked
 * at within minutes.
 */
export function collectionSteps(): readonly DescribedStep[] {
  const steps = new Map<number, DescribedStep>();
  const everything = (at: number) => steps.set(at, { at: new Date(at).toISOString(), kind: 'collect' });
  const some = (at: number) => steps.set(at, { at: new Date(at).toISOString(), kind: 'collect', collectors: critical });
  const start = Date.parse(installedAt);
  const edgeFrom = Date.parse(observation.from);
  const edgeTo = Date.parse(observation.to);
  const end = edgeTo + 8 * hour;
  everything(start);
  for (let at = edgeFrom + 5 * 60_000; at < edgeTo - 6 * hour; at += everythingEvery) everything(at);
  everything(edgeTo - 10 * 60_000);
  // Whoever comes back after an outage looks at everything first.
  for (const { to } of outages) everything(Date.parse(to) + 30 * 60_000);
  for (const at of wholeLooks) everything(Date.parse(at));
  // After the end: a population is final only when it was collected then.
  everything(end);
  for (let midnight = Date.parse(`${installedAt.slice(0, 10)}T00:00:00.000Z`) + day; midnight < end; midnight += day) {
    const at = midnight + dailyAt;
    if (![...steps.keys()].some((other) => Math.abs(other - at) < closeTogether)) some(at);
  }
  for (const { from, to, everyHours } of closerLooks) {
    for (let at = Date.parse(from); at <= Date.parse(to); at += everyHours * hour) if (!steps.has(at)) some(at);
  }
  const isOut = (at: number) => outages.some(({ from, to }) => at >= Date.parse(from) && at < Date.parse(to));
  return [...steps.entries()]
    .filter(([at]) => !isOut(at))
    .sort(([left], [right]) => left - right)
    .map(([, step]) => step);
}
