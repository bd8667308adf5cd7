import { defineResource, z } from '../../../src/authoring.ts';

export const IdpGroup = defineResource({
  type: 'idp.group',
  title: 'Group of the identity provider',
  shape: {
    groupId: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    /** Who decides who is in it: the provider's administrators and rules, an application or directory it is read from, or nobody (everyone is). */
    managedBy: z.enum(['provider', 'application', 'built-in']),
    /** `userId` of its members, sorted. */
    members: z.array(z.string()),
  },
});
