import type { z } from 'zod';
import type { Severity, Verdict } from './outcome.ts';
import type { Resource, ResourceType, Shape } from './resource.ts';

export interface CheckContext<P> {
  /** ISO-8601 UTC: the source's as-of time of what is judged. */
  readonly asOf: string;
  readonly parameters: P;
}

/** Claims one sentence and is a pure function of one subject. */
export interface Check<S extends Shape = Shape, P extends z.ZodObject = z.ZodObject> {
  /** `aws/root-user-has-mfa`: equals its file. */
  readonly id: string;
  /** The sentence a pass makes true. */
  readonly claim: string;
  readonly subject: ResourceType<S>;
  /** Which resources are in the population; default all. */
  appliesTo?(subject: Resource<S>, context: CheckContext<z.output<P>>): boolean;
  readonly severity: Severity;
  readonly rationale: string;
  readonly remediation: { readonly console: string; readonly cli: string; readonly terraform: string };
  readonly references: readonly string[];
  /**
   * Change events (by name, as in `changedBy` of the subject's type) after which the claim surely does not hold, or surely holds again.
   * What an event only touches is left to the next reading.
   */
  readonly changes?: { readonly breaks: readonly string[]; readonly mends: readonly string[] };
  /** What it looks at changes also without any event (a delivery that fails): between readings its state is never corroborated. */
  readonly unrecorded?: true;
  /** Every parameter has a default: `parameters.parse({})` succeeds. */
  readonly parameters: P;
  test(subject: Resource<S>, context: CheckContext<z.output<P>>): Verdict;
  /** Named example subjects; judged as of `exampleAsOf` with default parameters. They are tests, documentation and design evidence. */
  readonly examples: {
    readonly pass: Readonly<Record<string, Resource<S>>>;
    readonly fail: Readonly<Record<string, Resource<S>>>;
    readonly notApplicable?: Readonly<Record<string, Resource<S>>>;
  };
}
/** The instant at which every example is judged. */
export const exampleAsOf = '2026-01-15T12:00:00.000Z';
