import { z } from 'zod';

export const Criterion = z.strictObject({ id: z.string(), area: z.string(), text: z.string() });
export const Objective = z.strictObject({ id: z.string(), area: z.string(), text: z.string() });
export type Criterion = z.infer<typeof Criterion>;
export type Objective = z.infer<typeof Objective>;

/** A criterion or objective a control speaks to; a supporting link alone never covers it. */
const Link = z.union([
  z.string(),
  z.strictObject({ id: z.string(), as: z.enum(['primary', 'supporting']), because: z.string().optional() }),
]);
const CheckUse = z.union([z.string(), z.strictObject({ check: z.string(), parameters: z.record(z.string(), z.json()).default({}) })]);
/** What no API gives: what is needed, from whom, how often. */
const ManualEvidence = z.strictObject({ what: z.string(), from: z.string(), frequency: z.string() });

/** A control as data: what the entity does. What management decides is YAML. */
export const Control = z.strictObject({
  id: z.string().min(1),
  status: z.enum(['proposed', 'adopted', 'retired']).default('proposed'),
  statement: z.string().min(1),
  narrative: z.string().optional(),
  owner: z.string().optional(),
  frequency: z.string(),
  tolerance: z.strictObject({ detectAndFix: z.string().optional() }).optional(),
  satisfies: z.strictObject({ soc2: z.array(Link).default([]), soc1: z.array(Link).default([]) }),
  /** How much the shipped sources can evidence. */
  automation: z.enum(['full', 'partial', 'manual']).default('manual'),
  /** Resource types it speaks for; one that exists but is not collected makes it `no-evidence`. */
  covers: z.array(z.string()).default([]),
  checks: z.array(CheckUse).default([]),
  evidence: z.array(ManualEvidence).default([]),
  testProcedure: z.string().optional(),
  from: z.iso.date().optional(),
  because: z.string().optional(),
});
export type Control = z.infer<typeof Control>;

export const controlStates = ['failures-observed', 'no-evidence', 'no-failures-observed', 'did-not-operate'] as const;
export type ControlState = (typeof controlStates)[number];
/** What is printed for a control's state: the glossary's words. */
export const controlStateWords: Readonly<Record<ControlState, string>> = {
  'failures-observed': 'failures observed',
  'no-evidence': 'no evidence',
  'no-failures-observed': 'no failures observed',
  'did-not-operate': 'did not operate',
};
