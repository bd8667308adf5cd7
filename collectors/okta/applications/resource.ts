import { defineResource, z } from '../../../src/authoring.ts';

export const IdpApplication = defineResource({
  type: 'idp.application',
  title: 'Application behind the identity provider',
  shape: {
    applicationId: z.string(),
    /** What its tile says. */
    label: z.string(),
    /** Kind of application in the provider's catalogue: `amazon_aws_sso`, `oidc_client`. */
    name: z.string(),
    /** `SAML_2_0`, `OPENID_CONNECT`, `AUTO_LOGIN`, `BOOKMARK`. */
    signOnMode: z.string(),
    active: z.boolean(),
  },
});

/** Who may use an application: whole groups, and users by themselves. Members of an assigned group are not listed again one by one. */
export const IdpAssignment = defineResource({
  type: 'idp.assignment',
  title: 'Assignment of an application',
  shape: {
    applicationId: z.string(),
    application: z.string(),
    principalType: z.enum(['user', 'group']),
    /** `userId` or `groupId`. */
    principalId: z.string(),
    /** What the user is called there, where it is one. */
    userName: z.string().nullable(),
  },
});
