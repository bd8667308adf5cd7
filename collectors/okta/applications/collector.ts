import { defineCollector, type ItemRule, z } from '../../../src/authoring.ts';
import type { OktaClient } from '../client.ts';
import { idsIn, itemsOf, keyWithin } from '../replies.ts';
import { IdpApplication, IdpAssignment } from './resource.ts';

const applications = 'GET /api/v1/apps';
const users = 'GET /api/v1/apps/{appId}/users';
const groups = 'GET /api/v1/apps/{appId}/groups';

const Application = z.object({ id: z.string(), name: z.string(), label: z.string(), status: z.string(), signOnMode: z.string() });
const AssignedUser = z.object({
  id: z.string(),
  scope: z.literal('USER'),
  credentials: z.object({ userName: z.string().nullish() }).nullish(),
});
const AssignedGroup = z.object({ id: z.string() });

/** Who has it through a group is that group's member; listed again here he would be thousands of lines that say nothing. */
const directUsers: ItemRule = {
  keep: ['id', 'scope', 'credentials.userName'],
  split: (output, reply) => {
    if (!Array.isArray(output['items'])) throw new TypeError('assigned users are no list');
    return itemsOf(output)
      .filter((item) => item['scope'] !== 'GROUP')
      .map((item) => ({ subject: keyWithin(item, reply), body: item }));
  },
};

export default defineCollector<OktaClient>({
  id: 'okta/applications',
  title: 'Applications and who may use them',
  kind: 'state',
  scope: 'organisation',
  yields: [IdpApplication, IdpAssignment],
  permissions: ['okta.apps.read'],
  items: {
    [applications]: { list: 'items', key: 'id', keep: ['id', 'name', 'label', 'status', 'signOnMode', 'created'] },
    [users]: directUsers,
    [groups]: { list: 'items', key: keyWithin, keep: ['id'] },
  },
  async *collect(client) {
    const ids: string[] = [];
    for await (const reply of client.pages(applications)) {
      yield reply;
      ids.push(...idsIn(reply));
    }
    yield* client.each(ids, async (appId) => [
      ...(await Array.fromAsync(client.pages(groups, { appId }, { subject: appId }))),
      ...(await Array.fromAsync(client.pages(users, { appId }, { subject: appId }))),
    ]);
  },
  normalise(view) {
    const labels = new Map(view.list(applications, Application).map(({ body }) => [body.id, body.label]));
    const draft = (subject: string, principalType: 'user' | 'group', principalId: string, userName: string | null) => {
      const applicationId = subject.slice(0, subject.indexOf('/'));
      const application = labels.get(applicationId) ?? applicationId;
      return IdpAssignment.draft(
        { id: view.id('assignment', applicationId, principalType, principalId), display: `${application} to ${userName ?? principalId}` },
        { applicationId, application, principalType, principalId, userName },
      );
    };
    return [
      ...view.each(applications, Application, (application) =>
        IdpApplication.draft(
          { id: view.id('application', application.id), display: application.label },
          {
            applicationId: application.id,
            label: application.label,
            name: application.name,
            signOnMode: application.signOnMode,
            active: application.status === 'ACTIVE',
          },
        ),
      ),
      ...view.list(users, AssignedUser).map(({ subject, body }) => draft(subject, 'user', body.id, body.credentials?.userName ?? null)),
      ...view.list(groups, AssignedGroup).map(({ subject, body }) => draft(subject, 'group', body.id, null)),
    ];
  },
});
