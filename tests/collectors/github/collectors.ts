import actions from '../../../collectors/github/actions-settings/collector.ts';
import auditLog from '../../../collectors/github/audit-log/collector.ts';
import branches from '../../../collectors/github/branches/collector.ts';
import type { GithubClient } from '../../../collectors/github/client.ts';
import codeowners from '../../../collectors/github/codeowners/collector.ts';
import dependabot from '../../../collectors/github/dependabot-alerts/collector.ts';
import environments from '../../../collectors/github/environments/collector.ts';
import members from '../../../collectors/github/members/collector.ts';
import organisation from '../../../collectors/github/organisation/collector.ts';
import outside from '../../../collectors/github/outside-collaborators/collector.ts';
import owners from '../../../collectors/github/owners/collector.ts';
import changes from '../../../collectors/github/production-changes/collector.ts';
import repositories from '../../../collectors/github/repositories/collector.ts';
import access from '../../../collectors/github/repository-access/collector.ts';
import security from '../../../collectors/github/repository-security/collector.ts';
import ruleSuites from '../../../collectors/github/rule-suites/collector.ts';
import rulesetHistory from '../../../collectors/github/ruleset-history/collector.ts';
import secrets from '../../../collectors/github/secret-alerts/collector.ts';
import teams from '../../../collectors/github/teams/collector.ts';
import type { Collector } from '../../../src/authoring.ts';

export const collectors: readonly Collector<GithubClient>[] = [
  organisation,
  owners,
  members,
  outside,
  teams,
  repositories,
  branches,
  changes,
  actions,
  environments,
  codeowners,
  access,
  security,
  secrets,
  dependabot,
  auditLog,
  ruleSuites,
  rulesetHistory,
];
