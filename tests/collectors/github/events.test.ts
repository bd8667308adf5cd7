import { describe, expect, test } from 'vitest';
import auditLog from '../../../collectors/github/audit-log/collector.ts';
import ruleSuites from '../../../collectors/github/rule-suites/collector.ts';
import rulesetHistory from '../../../collectors/github/ruleset-history/collector.ts';
import { acme, auditEntry, ruleSuite } from './described.ts';
import { runOn } from './run.ts';
import { createServer } from './world.ts';

describe('github/audit-log', () => {
  test('asks for the days of the window, oldest first', async () => {
    const server = createServer(acme());
    await runOn(server, auditLog);
    const asked = server.requests.find(({ path }) => path === '/orgs/acme/audit-log');
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      phrase: 'created:2026-01-14..2026-01-15',
      include: 'web',
      order: 'asc',
      per_page: '100',
    });
  });

  test('makes a change of what a check looks at, and keeps no address and no token', async () => {
    const seen = await runOn(createServer(acme()), auditLog);
    expect(seen.resources.filter(({ type }) => type === 'github.change-event').map(({ fields }) => fields)).toEqual([
      {
        eventId: 'a1',
        at: '2026-01-14T19:48:00.000Z',
        name: 'github:protected_branch.destroy',
        actor: 'ann',
        about: ['acme', 'acme/payroll', 'acme/payroll main', 'main'],
        region: null,
        refused: false,
      },
    ]);
    const kept = JSON.stringify(seen.items.map(({ body }) => body));
    for (const gone of ['198.51.100.7', 'not kept', 'a browser']) expect(kept).not.toContain(gone);
    expect(seen.one('github.audit-log', 'acme').fields).toEqual({ plan: 'enterprise', recorded: true });
  });

  test.each([
    ['a pattern of branches', 'protected_branch.create', { repo: 'acme/payroll', name: 'release/*' }, true],
    ['a ruleset', 'repository_ruleset.update', { ruleset_name: 'baseline' }, true],
    ['a repository, which has branches', 'repo.archived', { repo: 'acme/payroll' }, true],
    ['one branch', 'protected_branch.create', { repo: 'acme/payroll', name: 'main' }, false],
    ['a member', 'org.remove_member', { user: 'cyd' }, false],
    ['nothing', 'org.disable_two_factor_requirement', {}, true],
  ])('tells how far an event about %s reaches', async (_, action, more, isWide) => {
    const seen = await runOn(createServer(acme({ auditLog: [auditEntry('a1', action, more)] })), auditLog);
    const [change] = seen.resources.filter(({ type }) => type === 'github.change-event');
    expect([change?.fields['about']].flat().includes('*')).toBe(isWide);
    expect(change?.fields['about']).toContain('acme');
  });

  test('follows every page', async () => {
    const many = Array.from({ length: 230 }, (_, index) => auditEntry(`a${index}`, 'org.update_member', { user: 'cyd' }));
    const seen = await runOn(createServer(acme({ auditLog: many })), auditLog);
    expect(seen.completeness.kind).toBe('complete');
    expect(seen.resources.filter(({ type }) => type === 'github.change-event')).toHaveLength(230);
  });

  test('where the plan has none, it asks for none and says that nothing is recorded', async () => {
    const server = createServer(acme({ auditLog: null }));
    const seen = await runOn(server, auditLog);
    expect(server.requests.map(({ path }) => path)).toEqual(['/orgs/acme']);
    expect(seen.completeness.kind).toBe('complete');
    expect(seen.one('github.audit-log', 'acme').fields).toEqual({ plan: 'team', recorded: false });
  });

  test('who is not shown the plan asks, and a refusal is a gap', async () => {
    const seen = await runOn(createServer(acme({ viewer: { owner: false, member: true, repositoryAdmin: false } })), auditLog);
    expect(seen.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    expect(seen.one('github.audit-log', 'acme').fields['recorded']).toBeUndefined();
  });

  test('an entry that cannot be read makes the window incomplete', async () => {
    const broken = { ...auditEntry('a1', 'org.update_member'), '@timestamp': 'yesterday' };
    const seen = await runOn(createServer(acme({ auditLog: [broken] })), auditLog);
    expect(seen.completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
  });
});

describe('github/rule-suites', () => {
  test('asks for bypasses as far back as the window reaches', async () => {
    const server = createServer(acme());
    const seen = await runOn(server, ruleSuites);
    expect(Object.fromEntries(server.requests[0]?.query ?? [])).toEqual({
      rule_suite_result: 'bypass',
      time_period: 'week',
      per_page: '100',
    });
    expect(seen.one('github.rule-bypass', 'acme/payroll main by ann').fields).toEqual({
      eventId: '11',
      at: '2026-01-14T20:01:00.000Z',
      name: 'github:rule-suite.bypass',
      actor: 'ann',
      about: ['acme', 'acme/payroll', 'acme/payroll main'],
      region: null,
      refused: false,
      repository: 'payroll',
      ref: 'refs/heads/main',
      afterSha: 'dedd88641a362b6b4ea872da4847d6131a164d01',
    });
  });

  test('a push whose repository is not told may be anywhere', async () => {
    const { repository_name: _, ...rest } = ruleSuite(11);
    const seen = await runOn(createServer(acme({ ruleSuites: [rest] })), ruleSuites);
    const [bypass] = seen.resources;
    expect(bypass?.fields['about']).toEqual(['*']);
    expect(bypass?.unread).toEqual({ repository: 'malformed-reply' });
  });

  test('a refusal is a gap, and never no bypass', async () => {
    const seen = await runOn(createServer(acme({ viewer: { owner: false, member: true, repositoryAdmin: false } })), ruleSuites);
    expect(seen.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
  });
});

describe('github/ruleset-history', () => {
  test('keeps of every ruleset the versions of the window', async () => {
    const seen = await runOn(createServer(acme()), rulesetHistory);
    expect(seen.completeness.kind).toBe('complete');
    const versions = seen.resources.filter(({ type }) => type === 'github.ruleset-version');
    expect(versions.length).toBeGreaterThan(0);
    for (const { fields } of versions)
      expect(fields).toMatchObject({
        at: '2026-01-14T19:30:00.000Z',
        name: 'github:repository_ruleset.update',
        actor: 'User 101',
        about: expect.arrayContaining(['*']),
      });
  });

  test('a version whose time cannot be read makes the window incomplete', async () => {
    const seen = await runOn(createServer(acme({ rulesetVersions: [{ version_id: 3, updated_at: 'once' }] })), rulesetHistory);
    expect(seen.completeness).toEqual({ kind: 'incomplete', reasons: ['malformed-reply'] });
  });
});
