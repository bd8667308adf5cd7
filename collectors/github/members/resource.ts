import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

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

export const exampleMember: ResourceOf<typeof GithubMember> = {
  id: 'github:9919/member/U_kgDOA',
  display: 'ann',
  login: 'ann',
  role: 'member',
  twoFactor: true,
  twoFactorInsecure: false,
};
