import { expect, test } from 'vitest';
import actions from '../../../collectors/github/actions-settings/collector.ts';
import branches from '../../../collectors/github/branches/collector.ts';
import dependabot from '../../../collectors/github/dependabot-alerts/collector.ts';
import environments from '../../../collectors/github/environments/collector.ts';
import members from '../../../collectors/github/members/collector.ts';
import organisation from '../../../collectors/github/organisation/collector.ts';
import outside from '../../../collectors/github/outside-collaborators/collector.ts';
import owners from '../../../collectors/github/owners/collector.ts';
import repositories from '../../../collectors/github/repositories/collector.ts';
import security from '../../../collectors/github/repository-security/collector.ts';
import secrets from '../../../collectors/github/secret-alerts/collector.ts';
import teams from '../../../collectors/github/teams/collector.ts';
import { acme } from './described.ts';
import { runOn } from './run.ts';
import { createServer } from './world.ts';

test('dump', async () => {
  for (const c of [
    organisation,
    members,
    owners,
    outside,
    teams,
    repositories,
    branches,
    actions,
    environments,
    security,
    secrets,
    dependabot,
  ]) {
    const r = await runOn(createServer(acme()), c, { settings: { productionBranches: ['release/*'] } });
    console.log(c.id, r.requests.length, JSON.stringify(r.gaps), JSON.stringify(r.malformed), JSON.stringify(r.incomplete));
    for (const x of r.resources) console.log('  ', x.type, x.display, JSON.stringify(x.fields), JSON.stringify(x.unread));
  }
  expect(1).toBe(1);
});
