import { defineResource, z } from '../../../src/authoring.ts';

export const GithubTeam = defineResource({
  type: 'github.team',
  title: 'Team of a GitHub organisation',
  shape: {
    name: z.string(),
    slug: z.string(),
    /** `visible` to all members, or `secret`. */
    privacy: z.enum(['visible', 'secret']),
    /** Slug of the team it inherits access from. */
    parent: z.string().nullable(),
    /** Immediate members, sorted by login; members of child teams are those teams' own. */
    members: z.array(z.strictObject({ login: z.string(), role: z.enum(['member', 'maintainer']) })),
    /** Repositories with what the team may do there, inherited access included, sorted by name. */
    grants: z.array(z.strictObject({ repository: z.string(), permission: z.enum(['read', 'triage', 'write', 'maintain', 'admin']) })),
  },
});
