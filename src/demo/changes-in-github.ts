import type { Change } from './company.ts';
import { liftProtection, must, remove, repositoryIn, restoreProtection } from './edit-company.ts';
import { type AuditEntry, audit } from './recorded-changes.ts';

/** The two entries by which a branch stops, or begins again, to need an approval. */
function protection(repository: string, branch: string, by: string, on: boolean): readonly AuditEntry[] {
  return [
    audit('repository_ruleset.update', by, { ruleset_name: 'baseline', ruleset_enforcement: 'enabled' }, repository),
    {
      ...audit(
        'protected_branch.update_required_approving_review_count',
        by,
        { name: branch, required_approving_review_count: on ? 1 : 0, old_required_approving_review_count: on ? 0 : 1 },
        repository,
      ),
      after: 20,
    },
  ];
}
const lifts = (at: string, repository: string, what: string, by: string): Change => ({
  at,
  what,
  audit: protection(repository, 'main', by, false),
  apply: (state) => liftProtection(state, repository),
});
const restores = (at: string, repository: string, approvals: 1 | 2, what: string, by: string): Change => ({
  at,
  what,
  audit: protection(repository, 'main', by, true),
  apply: (state) => restoreProtection(state, repository, approvals),
});

/** What happened to the GitHub organisation, oldest first. */
export const changesInGithub: readonly Change[] = [
  {
    at: '2025-05-20T10:00:00.000Z',
    what: 'A repository for webhooks is made, and not yet covered by the ruleset',
    audit: [audit('repo.create', 'henrik-solberg', { visibility: 'private' }, 'webhook-relay')],
    apply: (state) => {
      state.github.repositories.push({
        ...structuredClone(repositoryIn(state, 'public-api')),
        name: 'webhook-relay',
        createdAt: '2025-05-20T10:00:00Z',
        baseline: false,
        environments: [],
      });
    },
  },
  {
    at: '2025-05-23T09:00:00.000Z',
    what: 'The ruleset covers the repository for webhooks',
    audit: [
      audit('repository_ruleset.update', 'henrik-solberg', { ruleset_name: 'baseline', ruleset_enforcement: 'enabled' }, 'webhook-relay'),
    ],
    apply: (state) => {
      repositoryIn(state, 'webhook-relay').baseline = true;
    },
  },
  {
    at: '2025-08-25T13:00:00.000Z',
    what: 'praman-dev, an account outside of the organisation, may write to the administration console',
    audit: [audit('repo.add_member', 'priya-raman', { user: 'praman-dev', permission: 'write' }, 'admin-console')],
    apply: (state) => {
      state.github.outsideCollaborators.push({
        login: 'praman-dev',
        factor: 'none',
        grants: [{ repository: 'admin-console', permission: 'WRITE' }],
      });
    },
  },
  {
    at: '2025-08-29T10:10:00.000Z',
    what: 'praman-dev is removed from the administration console',
    audit: [audit('repo.remove_member', 'ines-carvalho', { user: 'praman-dev' }, 'admin-console')],
    apply: (state) => remove(state.github.outsideCollaborators, ({ login }) => login === 'praman-dev', 'praman-dev'),
  },
  lifts('2025-10-14T15:05:00.000Z', 'bank-gateway', 'Protection of the bank gateway is lifted before a merge', 'henrik-solberg'),
  restores('2025-10-14T16:15:00.000Z', 'bank-gateway', 2, 'Protection of the bank gateway is restored, 70 minutes later', 'henrik-solberg'),
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
  lifts(
    '2025-12-09T19:48:00.000Z',
    'payroll-engine',
    'The payroll engine is taken out of the ruleset and its protection loosened for a night-time correction',
    'amara-okafor',
  ),
  restores('2025-12-10T07:15:00.000Z', 'payroll-engine', 2, 'Protection of the payroll engine is restored', 'amara-okafor'),
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
    at: '2026-03-03T13:20:00.000Z',
    what: 'The design studio is made administrator of the statement templates',
    audit: [
      audit(
        'repo.update_member',
        'clara-jensen',
        { user: 'studio-verne', old_repo_permission: 'write', new_repo_permission: 'admin' },
        'statement-templates',
      ),
    ],
    apply: (state) => {
      must(state.github.outsideCollaborators[0]?.grants[0], 'the grant').permission = 'ADMIN';
    },
  },
  {
    at: '2026-03-09T17:45:00.000Z',
    what: 'The payslip renderer is taken out of the ruleset for a migration, and needs no approval any more',
    audit: protection('payslip-renderer', 'main', 'dmitri-volkov', false),
    apply: (state) => liftProtection(state, 'payslip-renderer'),
  },
  restores('2026-03-17T14:00:00.000Z', 'payslip-renderer', 1, 'Protection of the payslip renderer is restored', 'dmitri-volkov'),
  {
    at: '2026-03-20T11:00:00.000Z',
    what: 'The critical vulnerability of the customer portal is put right',
    apply: (state) => remove(state.github.dependabotAlerts, (alert) => alert.number === 58, 'alert 58'),
  },
  {
    at: '2026-03-26T15:00:00.000Z',
    what: 'The design studio writes again, and no longer administers',
    audit: [
      audit(
        'repo.update_member',
        'ines-carvalho',
        { user: 'studio-verne', old_repo_permission: 'admin', new_repo_permission: 'write' },
        'statement-templates',
      ),
    ],
    apply: (state) => {
      must(state.github.outsideCollaborators[0]?.grants[0], 'the grant').permission = 'WRITE';
    },
  },
];

/** What was recorded and changed nothing that a collection could still have seen. */
export const passingRecords: readonly { readonly at: string; readonly audit: readonly AuditEntry[] }[] = [
  {
    at: '2026-01-15T22:20:00.000Z',
    audit: [
      audit('repository_ruleset.update', 'henrik-solberg', { ruleset_name: 'baseline', ruleset_enforcement: 'enabled' }, 'infrastructure'),
    ],
  },
  {
    at: '2026-01-15T22:45:00.000Z',
    audit: [
      audit('repository_ruleset.update', 'henrik-solberg', { ruleset_name: 'baseline', ruleset_enforcement: 'enabled' }, 'infrastructure'),
    ],
  },
];
