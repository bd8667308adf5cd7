import { describe, expect, it } from 'vitest';
import { ScheduleSettings } from '../../src/config/schedule-settings.ts';
import type { Collector, CollectorKind, CollectorScope } from '../../src/model/collector.ts';
import { ProoflineError } from '../../src/model/errors.ts';
import { sourceKindOf } from '../../src/run/registries.ts';
import { resolveSchedules, type ScheduledSource } from '../../src/schedule/resolve-schedules.ts';

type Units = Parameters<typeof resolveSchedules>[0];

function collector(id: string, kind: CollectorKind, yields: string, more: { scope?: CollectorScope; reconcile?: string } = {}) {
  const { scope = 'account', reconcile } = more;
  const rules = reconcile === undefined ? {} : { reconcile: [{ operation: 'x', with: reconcile, field: 'n' }] };
  return { id, kind, scope, yields: [{ type: yields }], ...rules } as unknown as Collector<never>;
}
const collectors = [
  collector('aws/buckets', 'state', 'aws.bucket', { scope: 'region' }),
  collector('aws/regions', 'state', 'aws.region'),
  collector('aws/summary', 'state', 'aws.summary'),
  collector('aws/users', 'roster', 'aws.user', { reconcile: 'aws/summary' }),
  collector('aws/groups', 'roster', 'aws.group'),
  collector('aws/volumes', 'state', 'aws.volume', { scope: 'region' }),
  collector('aws/trail', 'events', 'aws.event'),
  collector('own/aws/tags', 'state', 'own.tag'),
  collector('github/members', 'roster', 'github.member'),
  collector('github/repositories', 'state', 'github.repository'),
];
const checks = [
  { subject: { type: 'aws.bucket' }, severity: 'high' },
  { subject: { type: 'aws.bucket' }, severity: 'critical' },
  { subject: { type: 'aws.user' }, severity: 'critical' },
  { subject: { type: 'github.repository' }, severity: 'medium' },
] as const;
const production: ScheduledSource = { name: 'production', kind: 'aws', regions: 'aws/regions' };
const staging: ScheduledSource = { ...production, name: 'staging' };
const code: ScheduledSource = { name: 'code', kind: 'github' };

function resolve(settings: unknown, sources: readonly ScheduledSource[] = [production, code], more: Partial<Units> = {}) {
  return resolveSchedules({
    settings: ScheduleSettings.parse(settings),
    sources,
    collectors,
    checks,
    sourceKindOf,
    problemAt: (path, message) => ({ path: path.join('.'), message }),
    ...more,
  });
}
const groups = (...args: Parameters<typeof resolve>) => Object.fromEntries(resolve(...args).map(({ id, collectors: ids }) => [id, ids]));
function problems(...args: Parameters<typeof resolve>): (readonly [string | undefined, string])[] {
  try {
    resolve(...args);
  } catch (error) {
    if (error instanceof ProoflineError && error.code === 'configuration')
      return error.problems.map(({ path, message }) => [path, message]);
    throw error;
  }
  return [];
}

describe('the entity as a whole', () => {
  const entity: ScheduledSource = { name: 'entity', kind: 'entity' };
  const people = collector('entity/people', 'roster', 'entity.person');
  const duties = { ...collector('entity/duties', 'state', 'entity.duty'), after: ['entity/people'] } as Collector<never>;
  const all = { collectors: [...collectors, duties, people] };

  it('is read in one turn, after the turns of the others and as often as its most urgent dataset wants it', () => {
    expect(resolve({}, [entity], all)[0]).toMatchObject({
      id: 'entity/standard',
      collectors: ['entity/duties', 'entity/people'],
      cron: '45 3 * * *',
    });
    const critical = { ...all, checks: [...checks, { subject: { type: 'entity.duty' }, severity: 'critical' as const }] };
    expect(resolve({}, [entity], critical)).toMatchObject([
      { id: 'entity/critical', collectors: ['entity/duties', 'entity/people'], cron: '45 */4 * * *' },
      { id: 'anchors' },
    ]);
  });

  it('takes another time from an entry, and a dataset brings those it is made of', () => {
    const settings = { entries: [{ name: 'duties', sources: ['entity'], collectors: ['entity/duties'], cron: '0 5 * * *' }] };
    expect(groups(settings, [entity], all)).toEqual({
      'entity/duties': ['entity/duties', 'entity/people'],
      'entity/standard': ['entity/people'],
      anchors: [],
    });
  });
});

describe('without entries', () => {
  it('every collector has its default, and what it needs beside it', () => {
    expect(groups({})).toEqual({
      // A second factor is critical also where it stands in a roster of users.
      'production/critical': ['aws/buckets', 'aws/regions', 'aws/summary', 'aws/users'],
      'production/standard': ['aws/regions', 'aws/summary', 'aws/volumes', 'own/aws/tags'],
      'production/roster': ['aws/groups'],
      'production/events': ['aws/trail'],
      'code/standard': ['github/repositories'],
      'code/roster': ['github/members'],
      anchors: [],
    });
  });
  it('times, zone and jitter are those of the house, or what the configuration says for all', () => {
    const of = (settings: unknown) => Object.fromEntries(resolve(settings, [production]).map((schedule) => [schedule.id, schedule]));
    expect(of({})['production/critical']).toMatchObject({
      kind: 'collect',
      source: 'production',
      cron: '0 */4 * * *',
      zone: 'UTC',
      jitterMs: 300_000,
      from: 'default',
    });
    expect(of({})['production/events']).toMatchObject({ cron: '10 * * * *' });
    expect(of({ zone: 'Europe/Berlin', jitter: 'PT20M' })['production/roster']).toMatchObject({
      zone: 'Europe/Berlin',
      jitterMs: 1_200_000,
    });
    expect(of({ zone: 'Europe/Berlin', anchors: { cron: '5 6 * * *' } })['anchors']).toEqual({
      id: 'anchors',
      kind: 'anchor',
      source: null,
      collectors: [],
      cron: '5 6 * * *',
      zone: 'Europe/Berlin',
      jitterMs: 0,
      from: 'configuration',
    });
  });
  it('nothing but anchors is due where the defaults are left out', () => {
    expect(groups({ defaults: false })).toEqual({ anchors: [] });
  });
});

describe('an entry', () => {
  it('takes over what it names, at its sources alone', () => {
    const settings = {
      entries: [{ name: 'disks', sources: ['staging'], collectors: ['aws/vol*'], cron: '0 12 * * *', zone: 'Asia/Tokyo', jitter: 'PT1M' }],
    };
    const found = resolve(settings, [production, staging]);
    expect(found.find(({ id }) => id === 'staging/disks')).toEqual({
      id: 'staging/disks',
      kind: 'collect',
      source: 'staging',
      collectors: ['aws/regions', 'aws/volumes'],
      cron: '0 12 * * *',
      zone: 'Asia/Tokyo',
      jitterMs: 60_000,
      from: 'configuration',
    });
    const ids = (id: string) => found.find((schedule) => schedule.id === id)?.collectors;
    expect(ids('staging/standard')).not.toContain('aws/volumes');
    expect(ids('production/standard')).toContain('aws/volumes');
  });
  it('without collectors takes all that no other one names', () => {
    const entries = [
      { name: 'all', sources: ['code'], cron: '0 6 * * *' },
      { name: 'people', collectors: ['*/members'], cron: '0 8 * * *' },
    ];
    expect(groups({ entries }, [code])).toEqual({ 'code/all': ['github/repositories'], 'code/people': ['github/members'], anchors: [] });
  });
  it('that is called like a default gives it another time', () => {
    const found = resolve({ entries: [{ name: 'critical', sources: ['production'], cron: '0 * * * *' }] }, [production]);
    expect(found.find(({ id }) => id === 'production/critical')).toMatchObject({
      cron: '0 * * * *',
      collectors: ['aws/buckets', 'aws/regions', 'aws/summary', 'aws/users'],
      from: 'configuration',
    });
    expect(found.map(({ id }) => id)).toContain('production/standard');
  });
});

describe('what entries get wrong', () => {
  it('is told all at once, each at its place', () => {
    const entries = [
      { name: 'one', collectors: ['aws/usres', 'github/*', 'azure/*'], sources: ['production', 'prodution'], cron: '0 1 * * *' },
      { name: 'two', collectors: ['aws/users'], sources: ['production'], cron: '0 2 * * *' },
      { name: 'three', collectors: ['aws/u*'], sources: ['production'], cron: '0 3 * * *' },
      { name: 'roster', collectors: ['github/repositories'], sources: ['code'], cron: '0 3 * * *' },
    ];
    expect(problems({ entries })).toEqual([
      ['schedules.entries.0.sources.1', 'there is no source "prodution" (did you mean "production"?)'],
      ['schedules.entries.0.collectors.0', expect.stringMatching(/^there is no collector "aws\/usres" \(did you mean "aws\/users"\?\)/)],
      ['schedules.entries.0.collectors.1', '"github/*" is of no source that this entry is for'],
      ['schedules.entries.0.collectors.2', expect.stringMatching(/^there is no collector "azure\/\*"/)],
      ['schedules.entries.2.collectors', 'aws/users of production belongs to "two" already: a collector stands in one entry'],
      ['schedules.entries.3.name', expect.stringMatching(/^is what the defaults call what is left of code/)],
    ]);
  });
  it('is also an entry for which nothing is left', () => {
    const entries = [
      { name: 'all', cron: '0 1 * * *' },
      { name: 'rest', cron: '0 2 * * *' },
    ];
    expect(problems({ entries }, [code])).toEqual([['schedules.entries.1.name', 'nothing of code is left for "rest"']]);
  });
});
