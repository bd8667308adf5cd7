import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

export const IdpPolicy = defineResource({
  type: 'idp.policy',
  title: 'Sign-in, password or enrolment policy of the identity provider',
  shape: {
    policyId: z.string(),
    name: z.string(),
    /** `session`: who gets in at all; `application`: who gets into an application; `password`; `enrolment` of factors. */
    kind: z.enum(['session', 'application', 'password', 'enrolment']),
    active: z.boolean(),
    /** Lower is asked first. */
    priority: z.int(),
    /**
     * A second factor is asked for here or nowhere. With Okta's Identity Engine the policies of applications decide and the session policy
     * may leave it to them; before it, the session policy does.
     */
    decidesSecondFactor: z.boolean(),
    /** In the order in which they are asked; those that are switched off are left out. */
    rules: z.array(
      z.strictObject({
        name: z.string(),
        /** Lets somebody in. */
        allows: z.boolean(),
        /** Null for a rule that lets nobody in, and in policies that are not about getting in. */
        asksForSecondFactor: z.boolean().nullable(),
        /** Null: as long as the browser keeps it, or it does not say. */
        sessionMinutes: z.int().nullable(),
        idleMinutes: z.int().nullable(),
      }),
    ),
    /** Of a password policy. */
    password: z
      .strictObject({
        minLength: z.int(),
        lowerCase: z.boolean(),
        upperCase: z.boolean(),
        numbers: z.boolean(),
        symbols: z.boolean(),
        /** Passwords remembered. */
        history: z.int(),
        /** 0: never expires. */
        maxAgeDays: z.int(),
        /** 0: never locks. */
        lockoutAttempts: z.int(),
      })
      .nullable(),
  },
});

/** For the examples of checks. */
export const exampleIdpPolicy: ResourceOf<typeof IdpPolicy> = {
  id: 'okta:00o1example/policy/rst1example',
  display: 'Any two factors',
  policyId: 'rst1example',
  name: 'Any two factors',
  kind: 'application',
  active: true,
  priority: 1,
  decidesSecondFactor: true,
  rules: [{ name: 'Catch-all Rule', allows: true, asksForSecondFactor: true, sessionMinutes: null, idleMinutes: null }],
  password: null,
};
