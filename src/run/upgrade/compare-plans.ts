import type { PlanDetail } from '../../model/plan.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { digestOf } from '../../seal/digest.ts';

interface Listed {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** There before and after, and not the same. */
  readonly changed: readonly string[];
}
/** In what the plan that would be recorded differs from the one in force, by id. */
export interface PlanChange {
  /** A new plan would be recorded. */
  readonly changes: boolean;
  readonly configuration: boolean;
  readonly scope: boolean;
  readonly collectors: Listed;
  /** Checks with their parameters, as `check` or `check {"maxKeyAgeDays":60}`. */
  readonly checks: Listed;
  readonly controls: Listed;
  /** Whatever else a plan says and is not the same, by the name of its part: `criteria`, `schedules`, `sources`. */
  readonly others: readonly string[];
}

/** What is named one by one, or says nothing by itself. */
const namedParts = new Set(['v', 'version', 'configuration', 'scopeRules', 'scopeEnvironments', 'collectors', 'checks', 'controls']);

/** Without a former plan everything is new. */
export function comparePlans(before: PlanDetail | undefined, after: PlanDetail): PlanChange {
  const differs = (part: (plan: PlanDetail) => unknown) => before === undefined || digestOf(part(before)) !== digestOf(part(after));
  const parts = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]) as ReadonlySet<keyof PlanDetail>;
  return {
    changes: differs((plan) => plan),
    configuration: differs(({ configuration }) => configuration),
    scope: differs(({ scopeRules, scopeEnvironments }) => [scopeRules, scopeEnvironments ?? []]),
    collectors: listed(before?.collectors ?? [], after.collectors, ({ id }) => id),
    checks: listed(before?.checks ?? [], after.checks, nameOfUse),
    controls: listed(before?.controls ?? [], after.controls, ({ id }) => id),
    others: [...parts].filter((part) => !namedParts.has(part) && differs((plan) => plan[part] ?? null)).sort(),
  };
}

const nameOfUse = ({ id, parameters }: PlanDetail['checks'][number]): string =>
  Object.keys(parameters).length === 0 ? id : `${id} ${canonicalText(parameters)}`;

function listed<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string): Listed {
  const former = new Map(before.map((one) => [nameOf(one), digestOf(one)]));
  const next = new Map(after.map((one) => [nameOf(one), digestOf(one)]));
  const names = [...next.keys()].sort();
  return {
    added: names.filter((name) => !former.has(name)),
    removed: [...former.keys()].filter((name) => !next.has(name)).sort(),
    changed: names.filter((name) => former.has(name) && former.get(name) !== next.get(name)),
  };
}
