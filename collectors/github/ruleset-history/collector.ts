import { defineCollector, type JsonObject, z } from '../../../src/authoring.ts';
import type { GithubClient } from '../client.ts';
import { body, given } from '../readings.ts';
import { GithubRulesetVersion } from './resource.ts';

const rulesets = 'GET /orgs/{org}/rulesets';
const history = 'GET /orgs/{org}/rulesets/{ruleset_id}/history';
const rulesetShape = body({ id: z.int(), name: z.string() });
const versionShape = body({
  ruleset: z.int(),
  version: body({
    version_id: z.int(),
    updated_at: z.iso.datetime({ offset: true }),
    actor: given(body({ id: z.int(), type: given(z.string()) }).nullable()),
  }),
});

/**
 * Who changed a ruleset of the organisation, and when, for 180 days: also where the plan has no audit log. A ruleset that was deleted has no history
 * any more, so this shows what changed and never that nothing did.
 */
export default defineCollector<GithubClient>({
  id: 'github/ruleset-history',
  title: 'Versions of the organisation’s rulesets',
  kind: 'events',
  scope: 'organisation',
  yields: [GithubRulesetVersion],
  permissions: ['organization_administration:read'],
  remembersDays: 180,
  items: {
    [rulesets]: { list: 'items', key: 'id', keep: ['id', 'node_id', 'name', 'target', 'source_type', 'source', 'enforcement'] },
    [history]: {
      keep: ['ruleset', 'version'],
      split: (output, { input }) => {
        const { items } = output;
        if (!Array.isArray(items)) throw new TypeError('the versions are no list');
        return (items as readonly JsonObject[]).map((version) => ({
          subject: `${String(input['ruleset_id'])}/${String(version['version_id'])}`,
          body: { ruleset: input['ruleset_id'] ?? null, version: pick(version, ['version_id', 'updated_at', 'actor']) },
        }));
      },
    },
  },
  async *collect(client) {
    const ids: number[] = [];
    for await (const page of client.pages(rulesets)) {
      yield page;
      for (const found of Array.isArray(page.output?.['items']) ? page.output['items'] : []) {
        const read = rulesetShape.safeParse(found);
        if (read.success) ids.push(read.data.id);
      }
    }
    const { from, to } = client.window;
    for (const id of ids) {
      for await (const page of client.pages(history, { ruleset_id: id }, { subject: String(id) })) {
        const items = page.output?.['items'];
        // GitHub takes no dates here: of the versions only those of the window are kept.
        const within = (Array.isArray(items) ? (items as readonly JsonObject[]) : []).filter((version) => {
          const at = Date.parse(String(version['updated_at']));
          return Number.isNaN(at) || (at >= Date.parse(from) && at < Date.parse(to));
        });
        yield { ...page, output: { ...page.output, items: within } };
      }
    }
  },
  normalise(view) {
    const names = new Map(view.list(rulesets, rulesetShape).map(({ body: { id, name } }) => [id, name]));
    return view.each(history, versionShape, ({ ruleset, version }) => {
      const name = names.get(ruleset) ?? String(ruleset);
      return GithubRulesetVersion.draft(
        { id: view.id('ruleset-version', String(ruleset), String(version.version_id)), display: `${name}, version ${version.version_id}` },
        {
          eventId: `ruleset-${ruleset}-version-${version.version_id}`,
          at: new Date(version.updated_at).toISOString(),
          // As the audit log calls it, where there is one.
          name: 'github:repository_ruleset.update',
          actor: version.actor === null || version.actor === undefined ? null : `${version.actor.type ?? 'actor'} ${version.actor.id}`,
          about: [view.tenant, name, '*'],
          region: null,
          refused: false,
          ruleset: name,
        },
      );
    });
  },
});

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]] as const])));
}
