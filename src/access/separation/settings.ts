import { z } from 'zod';
import { PermissionPattern } from '../../model/access.ts';
import { Severity } from '../../model/outcome.ts';

const Text = z.string().trim().min(1, 'must not be empty');

/**
 * What somebody can be in something that happened: what happened, and his part in it. Two duties that have a part in the same thing can be
 * compared in it: who did both did too much.
 */
export const actRoles = [
  'change.author',
  'change.approver',
  'protection-lift.lifted',
  'protection-lift.merged',
  'access-request.requested',
  'access-request.approved',
  'access-request.granted',
  'access-request.beneficiary',
  'access-grant.granted',
  'access-grant.beneficiary',
  'log-change.changed',
  'backup-deletion.deleted',
  'payroll-run.prepared',
  'payroll-run.approved',
  'data-change.changed',
  'data-change.approved',
  'data-change.beneficiary',
  'file-transfer.prepared',
  'file-transfer.first-release',
  'file-transfer.second-release',
  'exception.approved',
  'exception.owner',
  'exception.beneficiary',
] as const;
export type ActRole = (typeof actRoles)[number];
/** `change`, `payroll-run`. */
export type ActKind = ActRole extends `${infer Kind}.${string}` ? Kind : never;
export const kindOfRole = (role: ActRole): ActKind => role.slice(0, role.indexOf('.')) as ActKind;

/** A pattern over entitlements, and the parts in acts that belong to the same duty. */
export const Duty = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'expected small letters, digits and hyphens'),
  title: Text,
  /** One of them is enough; none: nobody holds it by a right, it is only ever done. */
  anyOf: z.array(PermissionPattern).default([]),
  acts: z.array(z.enum(actRoles)).default([]),
});
export type Duty = z.infer<typeof Duty>;

export const scopes = ['sameSystem', 'sameProcess', 'sameClient', 'any'] as const;

/** Two duties that one person must not have. */
export const SeparationRule = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9]*-[0-9]{1,4}$/, 'expected capital letters, a hyphen and a number: PAY-4'),
  title: Text,
  allOf: z.tuple([Text, Text]),
  scope: z.enum(scopes),
  /** `needs-mitigation`: allowed, but never without one; `conflict`: to be removed, and mitigated until it is. */
  strength: z.enum(['conflict', 'needs-mitigation']).default('conflict'),
  severity: Severity,
  rationale: Text,
  criteria: z.array(Text),
  objectives: z.array(Text),
  /** False: both may be held, and only not be done in the same thing (everybody who develops may approve what others wrote). */
  canDo: z.boolean().default(true),
  /**
   * What may not be in one thing: `apart`, nobody has a part of both duties; `another`, whoever has a part of the second duty is not all
   * among those of the first; `holder`, who does the second does not hold the first.
   */
  didDo: z.enum(['apart', 'another', 'holder']).nullable().default(null),
  /** The duties whose parts are compared in what was done, where they are not those of `allOf`. */
  doneAs: z.tuple([Text, Text]).nullable().default(null),
});
export type SeparationRule = z.infer<typeof SeparationRule>;

/** As it is sealed in the plan. `assumed`: what roles are called is a guess of the shipped file, and nobody has said so here. */
export const SettledDuty = Duty.extend({ assumed: z.literal(true).optional() });
export type SettledDuty = z.infer<typeof SettledDuty>;

/** As it is sealed in the plan: shipped duties and rules with the entity's own among them. */
export const SeparationSettings = z.strictObject({
  v: z.literal(1),
  duties: z.array(SettledDuty),
  rules: z.array(SeparationRule.extend({ origin: z.enum(['shipped', 'changed', 'own']), because: z.string().nullable() })),
  /** Rules that the entity does not use, and why. */
  disabled: z.array(z.strictObject({ id: Text, title: Text, from: z.iso.date(), because: Text })),
  /** Systems that one process runs over, for rules within a process; none: all systems are one. */
  processes: z.array(z.strictObject({ name: Text, systems: z.array(Text).min(1) })),
  /** Who runs this tool, and whose controls it looks at: ids of persons of the roster; null: nobody has said. */
  tool: z
    .strictObject({
      operators: z.array(Text),
      deciders: z.array(Text),
      controlOwners: z.array(z.strictObject({ control: Text, persons: z.array(Text).min(1) })),
    })
    .nullable(),
  /** What the shipped patterns name that is not here, and what was made of it. */
  notes: z.array(z.string()),
});
export type SeparationSettings = z.infer<typeof SeparationSettings>;
export type SettledRule = SeparationSettings['rules'][number];

/** A right as examples state it. `in`: system, default one per kind; `on`: what it is over. */
const where = { in: Text.optional(), on: Text.optional() };
export const ExampleRight = z.union([
  z.strictObject({ aws: Text, ...where }),
  z.strictObject({ github: Text, ...where }),
  z.strictObject({ idp: Text, ...where }),
  z.strictObject({ app: Text, role: Text, ...where }),
  z.strictObject({ proofline: Text }),
]);
export type ExampleRight = z.infer<typeof ExampleRight>;
/** What a rule is shown: what one person can do, or who did what in one thing. `conflict` is found, `separate` is not. */
export const RuleExample = z.union([
  z.strictObject({ can: z.array(ExampleRight).min(1) }),
  z.strictObject({
    did: z.partialRecord(z.enum(actRoles), z.array(Text).min(1)),
    /** Duties those who did it hold, for rules of the form `holder`. */
    holding: z.record(Text, z.array(Text)).optional(),
  }),
]);
export type RuleExample = z.infer<typeof RuleExample>;
export const RuleExamples = z.strictObject({
  conflict: z.record(Text, RuleExample).refine((examples) => Object.keys(examples).length > 0, 'expected at least one'),
  separate: z.record(Text, RuleExample).refine((examples) => Object.keys(examples).length > 0, 'expected at least one'),
});
export type RuleExamples = z.infer<typeof RuleExamples>;
