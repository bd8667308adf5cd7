import { defineResource, z } from '../../../src/authoring.ts';

export const GithubMember = defineResource({
  type: 'github.member',
  title: 'Member of a GitHub organisation',
  shape: {
    login: z.string(),
    /** `admin` is an owner. */
    role: z.enum(['admin', 'member']),
    twoFactor: z.boolean(),
    /** The second factor is one that can be phished or taken over (SMS); without a second factor this is false. */
    twoFactorInsecure: z.boolean(),
  },
});

export const GithubMembership = defineResource({
  type: 'github.membership',
  title: 'All members of a GitHub organisation',
  aggregate: true,
  shape: {
    members: z.int().nonnegative(),
    /** Logins, sorted. */
    owners: z.array(z.string()),
  },
});
