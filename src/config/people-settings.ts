import { z } from 'zod';

const Text = z.string().trim().min(1, 'must not be empty');

/** How accounts come to be known as people's. */
export const PeopleSettings = z
  .strictObject({
    rosters: z.array(Text).min(1, 'expected at least one roster').meta({
      description: 'Tables of people (hr.people), or identity providers (the name of an Okta source); the first that has a person counts',
    }),
    emailDomains: z.array(Text).default([]).meta({ description: 'Domains in which an address is one person’s for good' }),
    links: z
      .array(z.strictObject({ account: Text, person: Text, because: Text }))
      .default([])
      .meta({ description: 'Accounts whose owner no rule finds' }),
    naming: z
      .array(z.strictObject({ systems: z.array(Text).min(1), login: Text.meta({ description: 'e.g. {first}.{last}, {email-name}' }) }))
      .default([]),
    serviceAccounts: z
      .array(
        z.strictObject({
          id: Text,
          accounts: z.array(Text).min(1).meta({ description: 'Ids or logins of accounts; * for any characters' }),
          owner: Text,
          purpose: Text,
          expires: z.iso.date().nullable().default(null),
        }),
      )
      .default([]),
  })
  .meta({ description: 'Who accounts belong to' });
export type PeopleSettings = z.infer<typeof PeopleSettings>;
