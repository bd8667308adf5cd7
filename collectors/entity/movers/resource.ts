import { defineResource, type ResourceOf, z } from '../../../src/authoring.ts';

const Held = z.strictObject({
  entitlement: z.string(),
  system: z.string(),
  login: z.string(),
  permission: z.string(),
  on: z.string().nullable(),
  /** `confirmed`: somebody said since that he is to keep it, or his new department has it. */
  state: z.enum(['kept', 'gone', 'confirmed']),
  /** Why it is confirmed, or null. */
  because: z.string().nullable(),
  /** ISO-8601 UTC: first reading without it, or when it was confirmed; null: neither. */
  by: z.string().nullable(),
});

/** Somebody changed department or title, and what he held when that was first seen. */
export const EntityMover = defineResource({
  type: 'entity.mover',
  title: 'Person who changed role and what he held before',
  shape: {
    person: z.string(),
    name: z.string(),
    /** `department: Platform -> Finance`, in words. */
    changed: z.array(z.string()),
    /** ISO-8601 UTC: readings of the roster between which he moved. `from` null: nobody had looked before. */
    between: z.strictObject({ from: z.string().nullable(), to: z.string() }),
    /** ISO-8601 UTC: when the roster first showed it. */
    movedAt: z.string(),
    /** What he held at the first reading of entitlements that knew of it, and what became of it. */
    held: z.array(Held),
    /** The same as the next reading goes on from it, also where not enough is known to judge by; null: nothing was seen yet. */
    followed: z.array(Held).nullable(),
  },
});

export const exampleMover: ResourceOf<typeof EntityMover> = {
  id: 'entity:acme/mover/hr:E-104/2026-01-02T06:00:00.000Z',
  display: 'Ana Example, 2026-01-02',
  person: 'hr:E-104',
  name: 'Ana Example',
  changed: ['department: Payroll -> Platform'],
  between: { from: '2026-01-01T06:00:00.000Z', to: '2026-01-02T06:00:00.000Z' },
  movedAt: '2026-01-02T06:00:00.000Z',
  held: [
    {
      entitlement: '3f9a',
      system: 'tabular:payroll.users',
      login: 'ana',
      permission: 'payments.release',
      on: null,
      state: 'gone',
      because: null,
      by: '2026-01-05T06:00:00.000Z',
    },
    {
      entitlement: '77b0',
      system: 'github:9919',
      login: 'ana',
      permission: 'member',
      on: null,
      state: 'confirmed',
      because: 'Platform may hold it by the settings',
      by: '2026-01-02T06:00:00.000Z',
    },
  ],
  followed: [],
};
