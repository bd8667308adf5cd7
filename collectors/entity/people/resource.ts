import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

/** Between two readings: not yet at `from`, so at `to`. ISO-8601 UTC; `from` null: nobody had looked before. */
export const Between = z.strictObject({ from: z.string().nullable(), to: z.string() });

const personProblems = [
  'same-email',
  'two-rows',
  'no-such-manager',
  'managers-in-a-circle',
  'dates-contradict',
  'status-contradicts-dates',
  'left-without-last-day',
] as const;

/** Person of model/access; its `id` is `person` here. */
export const EntityPerson = defineResource({
  type: 'entity.person',
  title: 'Person of the roster',
  shape: {
    /** Id in the roster: `hr:E-104`. */
    person: z.string(),
    /** What the roster, or a provider's profile, calls him by: `E-104`. */
    number: z.string(),
    name: z.string(),
    /** As they are compared: NFKC, small letters. */
    emails: z.array(z.string()),
    kind: z.enum(['employee', 'contractor', 'external']),
    /** By the dates of the roster in the company's zone, as of the reading. */
    status: z.enum(['active', 'not-started', 'left']),
    title: z.string().nullable(),
    department: z.string().nullable(),
    /** Id of a person. */
    manager: z.string().nullable(),
    startsOn: z.string().nullable(),
    /** The last day, on which he still works. */
    endsOn: z.string().nullable(),
    /** Roster that says so, as the settings name it: the first that has him. */
    roster: z.string(),
    /** ISO-8601 UTC: when his roster was last seen with him in it. */
    seen: z.string(),
    /** Gone from his roster, which was seen whole, without a last day. */
    vanished: Between.nullable(),
    /** What the next reading goes on from: what is known, or was last known when this one could not say. */
    followed: z.record(z.string(), z.string().nullable()),
    /** What of it contradicts itself or others, in words. */
    problems: z.array(z.strictObject({ kind: z.enum(personProblems), says: z.string() })),
  },
});

/** Somebody came, went, or changed department, title or manager: one change, with its date. */
export const EntityMove = defineResource({
  type: 'entity.move',
  title: 'Joiner, mover or leaver',
  shape: {
    kind: z.enum(['joiner', 'mover', 'leaver']),
    person: z.string(),
    name: z.string(),
    /** First day, or last day, by the roster; null: it has none, and `between` is all that is known. */
    day: z.string().nullable(),
    /** ISO-8601 UTC: from when on it holds: the beginning of the first day, the end of the last one, or the first reading that shows it. */
    at: z.string(),
    /** Readings of the roster between which it came to be said. */
    between: Between,
    /** Of a mover: what changed. */
    changed: z.array(
      z.strictObject({ field: z.enum(['department', 'title', 'manager']), before: z.string().nullable(), after: z.string().nullable() }),
    ),
    /** The roster says otherwise by now: the last day was taken back or moved. */
    takenBack: z.boolean(),
  },
});

/** All rosters of people together. */
export const EntityRoster = defineResource({
  type: 'entity.roster',
  title: 'The roster of people',
  aggregate: true,
  shape: {
    rosters: z.array(z.strictObject({ name: z.string(), rows: z.int(), persons: z.int(), asOf: z.string() })),
    active: z.int(),
    notStarted: z.int(),
    left: z.int(),
    /** Rows of a later roster that are about a person of an earlier one. */
    repeated: z.int(),
    /** Rows that are nobody's: a generic or registered service account of an identity provider. */
    notPersons: z.int(),
    /** `hr:E-104: has the address of hr:E-207`. */
    problems: z.array(z.string()),
  },
});

/** Ordinary ones, for the examples of checks. */
export const examplePerson: ResourceOf<typeof EntityPerson> = {
  id: 'entity:acme/person/hr:E-104',
  display: 'Ana Example',
  person: 'hr:E-104',
  number: 'E-104',
  name: 'Ana Example',
  emails: ['ana@example.com'],
  kind: 'employee',
  status: 'active',
  title: 'Engineer',
  department: 'Platform',
  manager: 'hr:E-100',
  startsOn: '2024-02-01',
  endsOn: null,
  roster: 'hr.people',
  seen: '2026-01-15T06:00:00.000Z',
  vanished: null,
  followed: {},
  problems: [],
};
export const exampleRoster: ResourceOf<typeof EntityRoster> = {
  id: 'entity:acme/roster',
  display: 'roster of people',
  rosters: [{ name: 'hr.people', rows: 42, persons: 42, asOf: '2026-01-15T06:00:00.000Z' }],
  active: 40,
  notStarted: 1,
  left: 1,
  repeated: 0,
  notPersons: 0,
  problems: [],
};
