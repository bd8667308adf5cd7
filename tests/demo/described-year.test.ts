import { describe, expect, it } from 'vitest';
import checks from '../../checks/index.generated.ts';
import collectors from '../../collectors/index.generated.ts';
import { addDays } from '../../src/authoring.ts';
import { unlimited } from '../../src/collect/limiter.ts';
import { normaliseItems } from '../../src/collect/normalise-items.ts';
import { runCollector } from '../../src/collect/run-collector.ts';
import { stagingId } from '../../src/demo/aws-estate.ts';
import { describedPeriod, firstDay, stateAt } from '../../src/demo/company.ts';
import { demonstrationSources } from '../../src/demo/demonstration.ts';
import { changes } from '../../src/demo/year.ts';
import { evaluateCheck } from '../../src/evaluate/evaluate-check.ts';
import type { Collector, SourceDefinition } from '../../src/model/collector.ts';
import type { ReadResource } from '../../src/model/resource.ts';

/** Everything the company's sources tell at one instant, read by the shipped collectors. */
async function collectAt(instant: string) {
  const resources: ReadResource[] = [];
  const troubles: string[] = [];
  const yielded = new Set<string>();
  let pages = 0;
  const now = () => instant;
  for (const source of demonstrationSources(now)) {
    for (const member of await source.members()) {
      const own = collectors.filter(
        (collector: Collector<never>) => collector.id.startsWith(`${source.kind}/`) && (collector.member?.(member.settings) ?? true),
      );
      for (const collector of own) {
        const enabled = member.tenant === stagingId ? ['eu-central-1', 'us-east-1'] : ['eu-central-1', 'eu-west-1', 'us-east-1'];
        const regions = collector.scope === 'region' ? enabled : [undefined];
        for (const region of regions) {
          const { exchange } = member.open('proofline-test');
          const evidence = await runCollector({
            collector: collector as Collector<never>,
            source: source.definition as SourceDefinition<never>,
            exchange,
            sourceId: member.id,
            tenant: member.tenant,
            ...(region === undefined ? {} : { region }),
            settings: member.settings,
            logic: `sha256:${'0'.repeat(64)}`,
            session: 'proofline-test',
            principal: null,
            trigger: { name: 'test', authentication: 'none' },
            concurrency: 8,
            now,
            monotonic: () => 0,
            limiter: unlimited,
            ...(collector.kind === 'events' ? { window: { from: addDays(instant, -1), to: instant, backfill: false } } : {}),
          });
          const scope = { source: member.id, tenant: member.tenant, region: region ?? null, settings: member.settings };
          const found = normaliseItems(collector as Collector<never>, evidence.items, scope);
          const where = `${collector.id} ${member.id}/${region ?? ''}`;
          for (const gap of evidence.gaps) troubles.push(`${where}: ${gap.operation} ${gap.reason} ${gap.code ?? ''}`);
          if (found.malformedCount > 0) troubles.push(`${where}: ${JSON.stringify([...found.malformed, ...found.malformedFields])}`);
          for (const reconciled of evidence.reconciliation) {
            if (reconciled.expected !== null && reconciled.expected !== reconciled.seen)
              troubles.push(`${where}: ${JSON.stringify(reconciled)}`);
          }
          for (const request of evidence.requests) {
            if (request.page > 1) pages += 1;
            if (request.host !== null && !source.definition.isOfficialHost(request.host)) troubles.push(`${where}: host ${request.host}`);
          }
          for (const resource of found.resources) yielded.add(resource.type);
          resources.push(...found.resources);
        }
      }
    }
  }
  return { resources, troubles, pages, yielded };
}

/** Subjects that fail a check, by their display names. */
function failing(resources: readonly ReadResource[], id: string, asOf: string): string[] {
  const check = checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  const results = evaluateCheck(check, { resources, incomplete: [] }, { asOf, parameters: {} });
  return results.filter((result) => result.outcome === 'fail').map((result) => result.display.replace(/ \(.*/, ''));
}

describe('the described year', () => {
  it('is in order, and inside its twelve months', () => {
    const times = changes.map((change) => change.at);
    expect(times).toEqual([...times].sort());
    for (const at of [...times, firstDay]) {
      expect(at >= describedPeriod.from && at < describedPeriod.to, at).toBe(true);
    }
  });

  it('changes something each time, and nothing in between', () => {
    for (const { at, what } of changes) {
      const before = new Date(Date.parse(at) - 1).toISOString();
      expect(stateAt(at), what).not.toEqual(stateAt(before));
      expect(stateAt(before)).toEqual(stateAt(before));
    }
  });

  it('hands out a state that nobody else sees change', () => {
    const first = stateAt(firstDay);
    first.aws.production.buckets.pop();
    first.people.pop();
    expect(stateAt(firstDay)).not.toEqual(first);
  });

  it.each([describedPeriod.from, '2025-08-01T00:00:00.000Z', '2025-11-04T15:00:00.000Z', firstDay, '2026-03-31T23:00:00.000Z'])(
    'is read whole by every shipped collector at %s',
    async (instant) => {
      const { troubles, pages, resources } = await collectAt(instant);
      expect(troubles).toEqual([]);
      expect(pages).toBeGreaterThan(10);
      expect(resources.length).toBeGreaterThan(200);
      expect(new Set(resources.map((resource) => `${resource.type} ${resource.id}`)).size).toBe(resources.length);
    },
  );

  it('tells what every operation that a collector may call answers', async () => {
    const { exchange } = (await demonstrationSources(() => firstDay)[0]?.members())?.[0]?.open('proofline-test') ?? {};
    await expect(exchange?.('s3:DeleteBucket', {}, {})).rejects.toThrow(TypeError);
  });

  it.each([
    ['aws/security-group-no-admin-ports-from-internet', '2025-05-07T00:00:00.000Z', '2025-05-10T00:00:00.000Z', 'staging-bastion'],
    ['aws/kms-key-rotates', '2025-08-20T00:00:00.000Z', '2025-08-27T00:00:00.000Z', 'alias/logs'],
    ['aws/multi-region-trail-logs', '2025-09-03T11:30:00.000Z', '2025-09-03T12:00:00.000Z', '310987654321'],
    ['aws/s3-bucket-is-not-public', '2025-11-04T15:00:00.000Z', '2025-11-04T16:30:00.000Z', 'northwind-payslip-exports'],
    ['github/member-has-two-factor', '2025-06-18T00:00:00.000Z', '2025-06-21T00:00:00.000Z', 'jonas-weber'],
    [
      'github/default-branch-requires-approval',
      '2025-12-09T20:00:00.000Z',
      '2025-12-10T08:00:00.000Z',
      'northwind-payroll/payroll-engine main',
    ],
  ])('%s fails while it should and not after', async (id, during, after, subject) => {
    expect(failing((await collectAt(during)).resources, id, during)).toEqual([subject]);
    expect(failing((await collectAt(after)).resources, id, after)).toEqual([]);
  });

  it('has a handful of things open on the first day', async () => {
    const { resources } = await collectAt(firstDay);
    expect(failing(resources, 'aws/access-key-rotated', firstDay)).toEqual(['ci-deploy-legacy']);
    expect(failing(resources, 'aws/security-group-no-admin-ports-from-internet', firstDay)).toEqual(['staging-bastion']);
    expect(failing(resources, 'github/member-has-two-factor', firstDay)).toEqual(['tomasz-zielinski']);
    expect(failing(resources, 'github/default-branch-requires-approval', firstDay)).toEqual(['northwind-payroll/payslip-renderer main']);
    expect(failing(resources, 'github/outside-collaborator-has-no-admin', firstDay)).toEqual(['studio-verne']);
    expect(failing(resources, 'github/dependabot-alerts-handled-in-time', firstDay)).toHaveLength(1);
  });
});
