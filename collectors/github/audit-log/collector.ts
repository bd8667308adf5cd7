import { defineCollector, isUnread, type JsonObject, read, unread, z } from '../../../src/authoring.ts';
import { carriedActions, wideActions } from '../change-events.ts';
import type { GithubClient } from '../client.ts';
import { body, given, shown } from '../readings.ts';
import { GithubAuditLog, GithubChangeEvent } from './resource.ts';

const organisation = 'GET /orgs/{org}';
const log = 'GET /orgs/{org}/audit-log';
const organisationShape = body({ plan: given(body({ name: z.string() })) });
const text = given(z.string().nullable());
const entryShape = body({
  _document_id: z.string().min(1),
  '@timestamp': z.int(),
  action: z.string(),
  actor: text,
  org: given(z.union([z.string(), z.array(z.string())])),
  repo: given(z.union([z.string(), z.array(z.string())]).nullable()),
  user: text,
  team: text,
  name: text,
  branch: text,
  ruleset_name: text,
  environment_name: text,
});
type Entry = z.output<typeof entryShape>;
const carried = new Set(carriedActions);
/** The plans that have one. */
const withLog = ['enterprise', 'business', 'business_plus'];

/**
 * GitHub's own record of what was changed in the organisation, for 180 days. Asked for by whole days, because days are what its search is
 * documented to take; oldest first, so that entries that arrive meanwhile move nothing to another page.
 */
export default defineCollector<GithubClient>({
  id: 'github/audit-log',
  title: 'Changes in the organisation’s audit log',
  kind: 'events',
  scope: 'organisation',
  yields: [GithubChangeEvent, GithubAuditLog],
  permissions: ['organization_administration:read'],
  remembersDays: 180,
  carries: carriedActions,
  items: {
    [organisation]: { keep: ['id', 'login', 'plan.name'] },
    [log]: {
      split: (output) => {
        const { items } = output;
        if (!Array.isArray(items)) throw new TypeError('the entries are no list');
        return (items as readonly JsonObject[])
          .filter((entry) => typeof entry['action'] !== 'string' || carried.has(`github:${entry['action']}`))
          .map((entry) => ({ subject: String(entry['_document_id'] ?? ''), body: entry }));
      },
      keep: [
        ...['_document_id', '@timestamp', 'created_at', 'action', 'operation_type', 'actor', 'actor_id', 'actor_is_bot', 'org', 'org_id'],
        ...['repo', 'repo_id', 'public_repo', 'user', 'user_id', 'team', 'name', 'branch', 'ruleset_id', 'ruleset_name'],
        ...['ruleset_enforcement', 'ruleset_old_enforcement', 'environment_name', 'visibility', 'previous_visibility', 'permission'],
        ...['old_permission', 'new_repo_permission', 'old_repo_permission', 'request_id', 'programmatic_access_type'],
        ...['admin_enforced', 'required_approving_review_count', 'pull_request_reviews_enforcement_level', 'old_repo_base_role'],
        ...['allow_force_pushes_enforcement_level', 'allow_deletions_enforcement_level', 'overridden_codes', 'reasons'],
      ],
    },
  },
  async *collect(client) {
    const about = await client.call(organisation);
    if (about) yield about;
    const plan = organisationShape.safeParse(about?.output);
    // Without one GitHub answers as it answers a caller without rights; asking would only make a refusal of it.
    if (plan.success && plan.data.plan !== undefined && !withLog.includes(plan.data.plan.name)) return;
    const { from, to } = client.window;
    const phrase = `created:${from.slice(0, 10)}..${to.slice(0, 10)}`;
    yield* client.pages(log, { phrase, include: 'web', order: 'asc' });
  },
  normalise(view) {
    const about = view.part(organisation, null, organisationShape);
    const plan = read(about, (found) => shown(found?.plan?.name));
    const gap = view.gapIn(log);
    return [
      GithubAuditLog.draft(
        { id: view.id('audit-log'), display: view.tenant },
        {
          plan,
          // Whoever could read it knows that it is there, whatever he may see of the plan.
          recorded: gap !== undefined ? unread(gap) : isUnread(plan) ? plan : withLog.includes(plan),
        },
      ),
      ...view.each(log, entryShape, (entry) =>
        GithubChangeEvent.draft(
          { id: view.id('change-event', entry._document_id), display: `${entry.action} at ${new Date(entry['@timestamp']).toISOString()}` },
          {
            eventId: entry._document_id,
            at: new Date(entry['@timestamp']).toISOString(),
            name: `github:${entry.action}`,
            actor: entry.actor ?? null,
            about: aboutOf(entry, view.tenant),
            region: null,
            refused: false,
          },
        ),
      ),
    ];
  },
});

function aboutOf(entry: Entry, organisationName: string): string[] {
  const repositories = [entry.repo ?? []].flat();
  const branches = [entry.branch, entry.action.startsWith('protected_branch.') ? entry.name : undefined].filter(isName);
  const names = [entry.user, entry.team, entry.ruleset_name, entry.name, entry.environment_name].filter(isName);
  const isWide = wideActions.has(`github:${entry.action}`) || branches.some((branch) => /[*?[]/.test(branch));
  return [
    ...new Set([
      organisationName,
      ...repositories,
      ...names,
      // A branch goes by its repository and its own name.
      ...repositories.flatMap((repository) => [...branches, ...names].map((name) => `${repository} ${name}`)),
      ...(isWide || (repositories.length === 0 && names.length === 0) ? ['*'] : []),
    ]),
  ].sort();
}
function isName(name: string | null | undefined): name is string {
  return typeof name === 'string' && name !== '';
}
