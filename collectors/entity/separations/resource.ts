import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const Severity = z.enum(['critical', 'high', 'medium', 'low']);
const Strength = z.enum(['conflict', 'needs-mitigation']);

/** One rule and somebody who holds a duty of it: a person, a service account, or an account that is nobody's that is known. */
export const EntitySeparation = defineResource({
  type: 'entity.separation',
  title: 'Rule of separation and somebody whom it concerns',
  shape: {
    /** `SOD-04`. */
    rule: z.string(),
    title: z.string(),
    severity: Severity,
    /** `needs-mitigation`: allowed, but never without one. */
    strength: Strength,
    /** Id of the person, or of the account. */
    holder: z.string(),
    holderKind: z.enum(['person', 'service-account', 'unresolved-account']),
    name: z.string(),
    /** The duties of the rule that he holds, each with the ways to it. */
    holds: z.array(
      z.strictObject({
        duty: z.string(),
        title: z.string(),
        /** How many ways there are; the shortest follow. */
        count: z.int().positive(),
        paths: z.array(
          z.strictObject({
            account: z.string(),
            system: z.string(),
            permission: z.string(),
            on: z.string().nullable(),
            path: z.array(z.strictObject({ kind: z.string(), id: z.string(), name: z.string(), says: z.string() })),
          }),
        ),
      }),
    ),
    /** Both duties, in one scope. */
    conflict: z.boolean(),
    mitigation: z.strictObject({
      id: z.string().nullable(),
      standing: z.enum(['in-force', 'failing', 'unproven', 'expired', 'none']),
      reason: z.string(),
      control: z.string().nullable(),
      owner: z.string().nullable(),
      approvedBy: z.string().nullable(),
      expires: z.iso.datetime().nullable(),
    }),
    /** What could only narrow what he may do, and what was not counted. */
    notEvaluated: z.array(z.string()),
    /** Where a duty that he was not found to hold could still be. */
    unseen: z.array(z.string()),
  },
});

/** One rule over everybody. */
export const EntitySeparationRule = defineResource({
  type: 'entity.separation-rule',
  title: 'Rule of separation over everybody',
  aggregate: true,
  shape: {
    rule: z.string(),
    title: z.string(),
    severity: Severity,
    strength: Strength,
    duties: z.array(z.string()),
    /** Persons and accounts that hold a duty of it. */
    examined: z.int().nonnegative(),
    conflicts: z.int().nonnegative(),
    /** Conflicts that no mitigation in force lies over. */
    unmitigated: z.int().nonnegative(),
    /** Of whom it cannot be told. */
    undecided: z.int().nonnegative(),
    /** Accounts among them that are nobody's that is known. */
    unresolved: z.array(z.string()),
    /** What its duties are about and nothing reads. */
    notConnected: z.array(z.string()),
    notSeenWhole: z.array(z.string()),
  },
});

const hop = (kind: string, id: string, name: string, says: string) => ({ kind, id, name, says });

/** Somebody who administers production and nothing else, for the examples of checks. */
export const exampleSeparation: ResourceOf<typeof EntitySeparation> = {
  id: 'entity:acme/separation/SOD-04/hr%3AE-104',
  display: 'SOD-04: Ana Example',
  rule: 'SOD-04',
  title: 'Nobody administers production and can alter the record of what is done there',
  severity: 'critical',
  strength: 'conflict',
  holder: 'hr:E-104',
  holderKind: 'person',
  name: 'Ana Example',
  holds: [
    {
      duty: 'administer-production',
      title: 'administer production',
      count: 1,
      paths: [
        {
          account: 'aws:111122223333/iam-user/AIDAEXAMPLE',
          system: 'aws:111122223333',
          permission: 'ssm:StartSession',
          on: null,
          path: [
            hop('account', 'aws:111122223333/iam-user/AIDAEXAMPLE', 'ana', 'signs in to aws:111122223333 as ana'),
            hop('policy', 'arn:aws:iam::111122223333:policy/operate', 'operate', 'operate allows ssm:StartSession in 111122223333'),
          ],
        },
      ],
    },
  ],
  conflict: false,
  mitigation: {
    id: null,
    standing: 'none',
    reason: 'nobody has asked for a mitigation',
    control: null,
    owner: null,
    approvedBy: null,
    expires: null,
  },
  notEvaluated: ['service control policies'],
  unseen: [],
};
export const exampleSeparationRule: ResourceOf<typeof EntitySeparationRule> = {
  id: 'entity:acme/separation-rule/SOD-04',
  display: 'SOD-04',
  rule: 'SOD-04',
  title: exampleSeparation.title,
  severity: 'critical',
  strength: 'conflict',
  duties: ['administer-production', 'administer-audit-log'],
  examined: 4,
  conflicts: 0,
  unmitigated: 0,
  undecided: 0,
  unresolved: [],
  notConnected: [],
  notSeenWhole: [],
};
