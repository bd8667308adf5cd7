import { z } from 'zod';

/**
 * What management laid down about access reviews: which are due and how often, over which systems, who may review what, and how soon a
 * revocation is to be carried out. Sealed in the plan as part of EntitySettings.
 */
const Text = z.string().trim().min(1, 'must not be empty');
const Id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, 'expected small letters, digits, dots and hyphens');
/** Names of systems (`github:9919`, `tabular:bank.users`); `*` for any characters. */
const Patterns = z.array(Text).min(1, 'expected at least one pattern');
const BusinessDays = z.strictObject({ businessDays: z.int().positive().max(90) });

const reviewFrequencies = ['monthly', 'quarterly', 'semiannual', 'annual'] as const;

export const ReviewDefinition = z.strictObject({
  id: Id,
  title: Text,
  controls: z.array(Text).min(1, 'expected the control that it serves'),
  frequency: z.enum(reviewFrequencies),
  first: z.iso
    .date()
    .meta({ description: 'The first month, quarter, half or year that begins on or after this day is the first to be reviewed' }),
  dueDays: z.int().min(0).max(180).default(15).meta({ description: 'Days after the occasion’s end by which every line is decided' }),
  lateDays: z.int().min(0).max(180).default(15).meta({ description: 'Days after that; from then on it counts as not held' }),
  systems: z
    .union([z.literal('all'), z.array(Id).min(1)])
    .default('all')
    .meta({ description: 'Names of the systems below; default all of them' }),
  route: z
    .array(z.enum(['manager', 'owner']))
    .min(1)
    .default(['manager', 'owner'])
    .meta({ description: 'Who is asked about a line, in this order: the person’s manager, the system’s owner' }),
  otherwise: z.array(Id).default([]).meta({ description: 'Reviewers asked in turn where the route leads to nobody who may' }),
  remindDays: z
    .array(z.int().min(0).max(180))
    .default([7, 2])
    .meta({ description: 'Days before it is due on which reviewers are reminded' }),
  sla: z
    .strictObject({ revoke: BusinessDays.default({ businessDays: 5 }), privileged: BusinessDays.default({ businessDays: 1 }) })
    .prefault({})
    .meta({ description: 'How soon a revocation is carried out; a privileged one sooner' }),
});
export type ReviewDefinition = z.infer<typeof ReviewDefinition>;

export const ReviewSettings = z.strictObject({
  zone: Text.default('UTC').meta({ description: 'IANA time zone in which days begin' }),
  calendar: z
    .strictObject({
      workingDays: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5]),
      holidays: z.array(z.iso.date()).default([]),
    })
    .prefault({}),
  reviewers: z
    .array(
      z.strictObject({
        id: Id.meta({ description: 'Id of a registered person (proofline person list)' }),
        person: Text.nullable()
          .default(null)
          .meta({ description: 'Who it is in the roster (hr:E-104); without it the registered e-mail address says so' }),
        outside: Text.nullable().default(null).meta({ description: 'Why there is no such person in the roster: an external reviewer' }),
        systems: z.array(Id).min(1).optional().meta({ description: 'Names of systems below; default all' }),
        from: z.iso.date(),
        until: z.iso.date().nullable().default(null).meta({ description: 'Last day' }),
      }),
    )
    .min(1, 'expected at least one approved reviewer'),
  systems: z
    .array(
      z.strictObject({
        name: Id,
        match: Patterns,
        owner: Id.nullable().default(null).meta({ description: 'Reviewer who answers for it' }),
        provisioners: z.array(Id).default([]).meta({ description: 'Persons who grant access in it: none of them reviews it' }),
      }),
    )
    .min(1, 'expected at least one system'),
  out: z.array(z.strictObject({ match: Patterns, because: Text })).default([]),
  reviews: z.array(ReviewDefinition).min(1, 'expected at least one review'),
});
export type ReviewSettings = z.infer<typeof ReviewSettings>;
