import { defineCollector, unread, z } from '../../../src/authoring.ts';
import type { OktaClient } from '../client.ts';
import { idsIn, keyWithin } from '../replies.ts';
import { IdpGroup } from './resource.ts';

const groups = 'GET /api/v1/groups';
const members = 'GET /api/v1/groups/{groupId}/users';

const kinds = { OKTA_GROUP: 'provider', APP_GROUP: 'application', BUILT_IN: 'built-in' } as const;
const Group = z.object({
  id: z.string(),
  type: z.enum(['OKTA_GROUP', 'APP_GROUP', 'BUILT_IN']),
  profile: z.object({ name: z.string(), description: z.string().nullish() }),
});
const Member = z.object({ id: z.string() });

export default defineCollector<OktaClient>({
  id: 'okta/groups',
  title: 'Groups and their members',
  kind: 'roster',
  scope: 'organisation',
  yields: [IdpGroup],
  permissions: ['okta.groups.read'],
  items: {
    [groups]: { list: 'items', key: 'id', keep: ['id', 'type', 'created', 'profile.name', 'profile.description'] },
    [members]: { namesSubjects: false, list: 'items', key: keyWithin, keep: ['id'] },
  },
  async *collect(client) {
    const ids: string[] = [];
    for await (const reply of client.pages(groups)) {
      yield reply;
      ids.push(...idsIn(reply));
    }
    yield* client.each(ids, (groupId) => Array.fromAsync(client.pages(members, { groupId }, { subject: groupId })));
  },
  normalise(view) {
    const byGroup = Map.groupBy(view.list(members, Member), ({ subject }) => subject.slice(0, subject.indexOf('/')));
    // Asked last: an item that does not fit is a gap from then on.
    const gap = view.gapIn(members);
    return view.each(groups, Group, (group) =>
      IdpGroup.draft(
        { id: view.id('group', group.id), display: group.profile.name },
        {
          groupId: group.id,
          name: group.profile.name,
          description: group.profile.description ?? null,
          managedBy: kinds[group.type],
          members: gap === undefined ? (byGroup.get(group.id) ?? []).map(({ body }) => body.id).sort() : unread(gap),
        },
      ),
    );
  },
});
