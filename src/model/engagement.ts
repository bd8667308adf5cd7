import { z } from 'zod';
import type { CollectorKind } from './collector.ts';
import type { Severity } from './outcome.ts';
import { Time } from './statement.ts';

/** ISO-8601 duration of weeks, days, hours, minutes (`PT72H`, `P7D`); years and months have no fixed length and are refused. */
export const FixedDuration = z
  .string()
  .regex(/^P(?!$)(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?)?$/, 'expected a duration of days, hours or minutes, such as PT72H or P7D');
const Text = z.string().trim().min(1, 'must not be empty');

/** How often something must be seen, by what kind of evidence it is (audit domain, section 8.2). */
export const evidenceClasses = ['critical', 'standard', 'roster', 'events'] as const;
export const EvidenceClass = z.enum(evidenceClasses);
export type EvidenceClass = z.infer<typeof EvidenceClass>;
/**
 * A second factor is a critical setting also where it stands in a roster of users.
 * @param severity of the check that looks at it.
 */
export function evidenceClassOf(kind: CollectorKind, severity: Severity): EvidenceClass {
  if (kind === 'events') return 'events';
  if (severity === 'critical') return 'critical';
  return kind === 'state' ? 'standard' : 'roster';
}
export const GapThreshold = z.strictObject({
  /** After so long without a reading it is late, after so long the stretch is no evidence, after so long the gap is material. */
  lateAfter: FixedDuration,
  gapAfter: FixedDuration,
  materialAfter: FixedDuration,
});
export const Sla = z.union([z.strictObject({ hours: z.int().positive() }), z.strictObject({ businessDays: z.int().positive() })]);
/** Occurrences in the period -> how many are drawn; the first row whose `upTo` is not exceeded counts, null: no upper bound. `all`: a census. */
export const SampleTable = z.array(
  z.strictObject({ frequency: Text, upTo: z.int().positive().nullable(), size: z.union([z.int().positive(), z.literal('all')]) }),
);

/** Everything a period is measured by. Frozen when the period opens; loosening it later takes two people and is printed on the cover. */
export const Ruler = z.strictObject({
  thresholds: z.strictObject({ critical: GapThreshold, standard: GapThreshold, roster: GapThreshold, events: GapThreshold }),
  /** Failures of one subject that are apart by no more than this are one episode, with a count. */
  flappingWithin: FixedDuration,
  /** How long a new subject may fail before it counts; null: no grace. */
  graceForNew: FixedDuration.nullable(),
  /** By when a deviation is to be put right, by severity of its check; used where the control has no tolerance of its own. */
  sla: z.strictObject({ critical: Sla, high: Sla, medium: Sla, low: Sla }),
  /** ISO weekdays (1 is Monday) that are worked, and dates that are not. */
  calendar: z.strictObject({ workingDays: z.array(z.int().min(1).max(7)).min(1), holidays: z.array(z.iso.date()) }),
  sampleSizes: SampleTable,
});
export type GapThreshold = z.infer<typeof GapThreshold>;
export type Ruler = z.infer<typeof Ruler>;
export type Sla = z.infer<typeof Sla>;

const trustService = z.enum(['security', 'availability', 'processing-integrity', 'confidentiality', 'privacy']);
/** What an auditor was engaged to examine: a SOC 2 or a SOC 1 report of either type. What management decides, so it is YAML. */
export const Engagement = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/, 'expected small letters, digits and hyphens'),
  report: z.enum(['soc1', 'soc2']),
  type: z.union([z.literal(1), z.literal(2)]),
  /** Who examines; printed on the cover. */
  firm: Text.optional(),
  /** SOC 2: security always. */
  trustServices: z.array(trustService).default(['security']),
  /** SOC 1: the entity's own objectives that are in scope (ids of the objectives file), with the risk of each. Empty: all. */
  objectives: z
    .array(
      z.strictObject({ id: Text, risk: z.enum(['low', 'moderate', 'high']).default('moderate'), assertions: z.array(Text).default([]) }),
    )
    .default([]),
  /** Systems the report speaks of; `sources` are names of configured sources, empty: all. */
  systems: z.array(z.strictObject({ name: Text, description: Text, sources: z.array(Text).default([]) })).default([]),
  commitments: z.array(Text).default([]),
  subserviceOrganisations: z
    .array(
      z.strictObject({
        name: Text,
        services: Text,
        method: z.enum(['carve-out', 'inclusive']),
        /** Controls assumed at the subservice organisation. */
        csocs: z.array(z.strictObject({ id: Text, text: Text, supports: z.array(Text).default([]) })).default([]),
        reportThrough: z.iso.date().optional(),
        reviewedOn: z.iso.date().optional(),
      }),
    )
    .default([]),
  /** Controls assumed at the user entities. */
  cuecs: z.array(z.strictObject({ id: Text, text: Text, supports: z.array(Text).default([]) })).default([]),
  /** Recipients of the bundle in age's form (`age1...`); the ZIP is encrypted to them. */
  recipients: z.array(z.string().regex(/^age1[0-9a-z]+$/, 'expected an age recipient: age1...')).default([]),
  redaction: z
    .strictObject({
      /** Ids of collectors whose items leave the house as commitments only. */
      withholdItemsOf: z.array(Text).default([]),
      /** Names of people are replaced by a pseudonym in documents and tables. */
      maskNames: z.boolean().default(false),
    })
    .prefault({}),
  /** What differs from the defaults of the ruler. */
  ruler: Ruler.partial().default({}),
});
export type Engagement = z.infer<typeof Engagement>;

/** A period as opened: the engagement and the ruler as they were that day. Half-open `[from, to)`. */
export const Period = z.strictObject({
  v: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/, 'expected small letters, digits and hyphens'),
  engagement: Engagement,
  /** First and last day as people say them, in `zone`; of a Type 1 report both are the as-of date. */
  start: z.iso.date(),
  end: z.iso.date(),
  /** IANA time zone. */
  zone: z.string(),
  /** The same as instants: the first of the first day, and the first after the last. */
  from: Time,
  to: Time,
  /** Last day on which what happened within the period is still taken in; null: as long as the period is open. */
  cutOff: z.iso.date().nullable(),
  ruler: Ruler,
  /** Log index of the plan in force when it was opened: controls with tolerances, parameters and scope rules are frozen with it. */
  plan: z.int().nonnegative(),
});
export type Period = z.infer<typeof Period>;
