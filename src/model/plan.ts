import { z } from 'zod';
import { Control, Criterion, Objective } from './control.ts';
import { evidenceGrades } from './grade.ts';
import { Severity } from './outcome.ts';
import { Digest } from './statement.ts';

/**
 * The plan in full, as its blob holds it: what will be collected and judged, by what logic, for which controls. Recorded before it
 * applies, so that the index, a bundle and an auditor need neither yesterday's code nor yesterday's files.
 */
export const PlanDetail = z.strictObject({
  v: z.literal(1),
  version: z.string(),
  /** The configuration as loaded: secrets are references (`{ env: NAME }`), never values. */
  configuration: z.record(z.string(), z.json()),
  sources: z.array(
    z.strictObject({
      kind: z.string(),
      name: z.string(),
      /** Ids of its accounts or organisations as last found (`aws:111122223333`); null: it has never been entered. */
      members: z.array(z.string()).nullable(),
      /** What `normalise` was told of each member, so that it can be run again from the log. Absent in plans of before. */
      settings: z
        .record(z.string(), z.strictObject({ tenant: z.string(), display: z.string(), settings: z.record(z.string(), z.json()) }))
        .optional(),
    }),
  ),
  collectors: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      kind: z.enum(['state', 'roster', 'events']),
      scope: z.enum(['account', 'region', 'organisation']),
      yields: z.array(z.string()),
      /** Per yielded type every change event that can alter it; a type that is not named is never corroborated. */
      changedBy: z.record(z.string(), z.array(z.string())).optional(),
      /** Of kind `events`: the change events that its windows have all of. */
      carries: z.array(z.string()).optional(),
      permissions: z.array(z.string()),
      logic: Digest,
      grade: z.enum(evidenceGrades),
    }),
  ),
  /** One row per check and distinct parameters: a check used with two thresholds is two rows. */
  checks: z.array(
    z.strictObject({
      id: z.string(),
      claim: z.string(),
      /** Change events after which the claim surely does not hold, or holds again. Absent: none is known. */
      changes: z.strictObject({ breaks: z.array(z.string()), mends: z.array(z.string()) }).optional(),
      /** What the check looks at changes also without an event: it is never corroborated. */
      unrecorded: z.literal(true).optional(),
      severity: Severity,
      subject: z.string(),
      parameters: z.record(z.string(), z.json()),
      parametersDigest: Digest,
      logic: Digest,
      remediation: z.strictObject({ console: z.string(), cli: z.string(), terraform: z.string() }),
      /** Ids of the controls that use it with these parameters. */
      controls: z.array(z.string()),
    }),
  ),
  controls: z.array(Control),
  criteria: z.array(Criterion),
  objectives: z.array(Objective),
  /** Covered resource types that no collector yields, with what is known of their existence. */
  absentTypes: z.array(z.strictObject({ type: z.string(), reason: z.string(), by: z.string(), from: z.string() })),
  scopeRules: z.array(z.json()),
  /** What is collected and anchored when, as resolved from the configuration. Absent where nothing is scheduled, and in plans of before. */
  schedules: z
    .array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['collect', 'anchor']),
        source: z.string().nullable(),
        collectors: z.array(z.string()),
        cron: z.string(),
        zone: z.string(),
        jitterMs: z.number().nonnegative(),
        from: z.enum(['default', 'configuration']),
      }),
    )
    .optional(),
  /** What scope rules call an environment. Absent where none is defined, and in plans of before. */
  scopeEnvironments: z.array(z.json()).optional(),
});
export type PlanDetail = z.infer<typeof PlanDetail>;
