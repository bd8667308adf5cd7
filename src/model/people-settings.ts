import { z } from 'zod';

const Text = z.string().trim().min(1, 'must not be empty');
const Id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, 'expected small letters, digits, dots and hyphens');
const Domain = z.string().regex(/^(?=.{3,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'expected a domain in small letters, such as example.com');
const Zone = z.string().refine(isZone, { error: 'expected an IANA time zone such as Europe/Berlin' });
/** `github.member:deploy-*`, or the resource id of one account. */
const AccountPattern = Text.refine((text) => text.includes('/') || /^[a-z*]+(?:[.-][a-z*-]+)*:.+$/.test(text), {
  error: 'expected <type>:<login> (github.member:deploy-*), or the resource id of one account (github:9919/member/U_kgDOA)',
});

/** How accounts come to be known as people's. */
export const PeopleSettings = z
  .strictObject({
    rosters: z.array(Text).min(1, 'expected at least one roster').meta({
      description:
        'Tables of people (hr.people: source and table), or identity providers (the name of an Okta source); the first that has a person counts',
    }),
    zone: Zone.default('UTC').meta({ description: 'IANA time zone in which first and last days begin and end' }),
    mayVanish: z.number().positive().max(1).default(0.4).meta({
      description: 'Part of the people of a roster that may be missing from one reading to the next before the roster counts as incomplete',
    }),
    emailDomains: z.array(Domain).default([]).meta({ description: 'Domains in which an address is one person’s for good' }),
    links: z
      .array(
        z.strictObject({
          account: AccountPattern.refine((text) => !text.includes('*'), { error: 'expected one account: no *' }),
          person: Text.meta({ description: 'Id in the roster: hr:E-104' }),
          because: Text,
        }),
      )
      .default([])
      .meta({ description: 'Accounts whose owner no rule finds' }),
    naming: z
      .array(
        z.strictObject({
          systems: z.array(Text).min(1).meta({ description: 'Members (github:9919) or types of account (app.user); * for any characters' }),
          login: Text.refine(
            (text) =>
              /\{(?:first|last|initial|email-name|number)\}/.test(text) && !/\{(?!(?:first|last|initial|email-name|number)\})/.test(text),
            {
              error: 'expected {first}, {last}, {initial}, {email-name} or {number} in it, and nothing else in braces',
            },
          ).meta({ description: 'What a login is made of: {first}.{last}, {email-name}, {initial}{last}, {number}' }),
        }),
      )
      .default([])
      .meta({ description: 'How logins are made of names; the last that is asked' }),
    serviceAccounts: z
      .array(
        z.strictObject({
          id: Id,
          accounts: z
            .array(AccountPattern)
            .min(1)
            .meta({ description: '<type>:<login> (aws.iam.user:svc-*; * for any characters), or resource ids' }),
          owner: Text.meta({ description: 'Id in the roster: hr:E-104' }),
          purpose: Text,
          expires: z.iso.date().nullable().default(null).meta({ description: 'Last day it is approved for' }),
          reviewed: z.iso.date().nullable().default(null).meta({ description: 'When somebody last looked at it' }),
        }),
      )
      .default([])
      .meta({ description: 'Accounts no person signs in with' }),
    shared: z
      .array(Text)
      .default([])
      .meta({ description: 'Further names of logins that are no person’s (frontdesk, *-team); * for any characters' }),
    departments: z
      .array(
        z.strictObject({
          name: Text,
          may: z.array(z.strictObject({ system: Text, permission: Text.default('*') })).min(1),
        }),
      )
      .default([])
      .meta({
        description:
          'What people of a department may hold, by system and permission; * for any characters. Kept by who moves there without asking',
      }),
    operators: z.array(Text).default([]).meta({ description: 'Persons of the roster who run and configure Proofline or keep its keys' }),
  })
  .meta({ description: 'Who accounts belong to' });
export type PeopleSettings = z.infer<typeof PeopleSettings>;

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
