import { defineCollector, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given, stated } from '../readings.ts';
import { GithubRuleBypass } from './resource.ts';

const route = 'GET /orgs/{org}/rulesets/rule-suites';
const text = given(z.string());
const suite = body({
  id: z.int(),
  actor_name: given(z.string().nullable()),
  repository_name: text,
  ref: text,
  after_sha: text,
  pushed_at: z.iso.datetime({ offset: true }),
});
const hour = 3_600_000;
/** GitHub's words for how far back it looks. */
const periods = [
  ['hour', hour],
  ['day', 24 * hour],
  ['week', 7 * 24 * hour],
] as const;

/** What rulesets let through because the pusher may bypass them: GitHub evaluates every push, and remembers the result for a month. */
export default defineCollector<GithubClient>({
  id: 'github/rule-suites',
  title: 'Pushes that bypassed rulesets',
  kind: 'events',
  scope: 'organisation',
  yields: [GithubRuleBypass],
  permissions: ['organization_administration:read'],
  remembersDays: 30,
  carries: ['github:rule-suite.bypass'],
  items: {
    [route]: {
      list: 'items',
      key: 'id',
      keep: [
        ...['id', 'actor_id', 'actor_name', 'before_sha', 'after_sha', 'ref', 'repository_id', 'repository_name', 'pushed_at'],
        ...['result', 'evaluation_result'],
      ],
    },
  },
  async *collect(client) {
    const { from, to } = client.window;
    const wanted = Date.parse(to) - Date.parse(from);
    const period = periods.find(([, milliseconds]) => wanted < milliseconds)?.[0] ?? 'month';
    yield* client.pages(route, { rule_suite_result: 'bypass', time_period: period });
  },
  normalise: (view) =>
    view.each(route, suite, (found) => {
      const { repository_name: repository, ref, after_sha: sha } = found;
      const branch = ref?.replace(/^refs\/heads\//, '');
      const full = repository === undefined ? undefined : `${view.tenant}/${repository}`;
      return GithubRuleBypass.draft(
        {
          id: view.id('rule-bypass', String(found.id)),
          display: `${full ?? 'a repository'} ${branch ?? ''} by ${found.actor_name ?? 'somebody'}`,
        },
        {
          eventId: String(found.id),
          at: new Date(found.pushed_at).toISOString(),
          name: 'github:rule-suite.bypass',
          actor: found.actor_name ?? null,
          about: full === undefined ? ['*'] : [view.tenant, full, ...(branch === undefined ? [] : [`${full} ${branch}`])],
          region: null,
          refused: false,
          repository: stated(repository),
          ref: stated(ref),
          afterSha: stated(sha),
        },
      );
    }),
});
