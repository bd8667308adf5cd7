import { PlanDetail } from '../../model/plan.ts';
import { Plan, type StatementOf } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import type { DecisionSource } from '../decisions/read-decisions.ts';
import type { SourceMember } from '../source-access.ts';
import { toldOf } from '../told-of.ts';

/** What `normalise` was told of the accounts and organisations of collections, from the plans they were made under. */
export class ToldMembers {
  readonly #reader: DecisionSource;
  readonly #plans = new Map<number, PlanDetail | undefined>();

  constructor(reader: DecisionSource) {
    this.#reader = reader;
  }

  /** Undefined: the plan is not here, or of a release that did not keep it. */
  of({ plan, source }: StatementOf<'collection'>): Pick<SourceMember, 'id' | 'tenant' | 'settings'> | undefined {
    if (plan === null) return undefined;
    if (!this.#plans.has(plan)) this.#plans.set(plan, this.#planAt(plan));
    const detail = this.#plans.get(plan);
    return detail === undefined ? undefined : toldOf(detail, source);
  }

  #planAt(index: number): PlanDetail | undefined {
    const outside = this.#reader.part?.outside.find((entry) => entry.index === index);
    const [entry] = outside === undefined ? this.#reader.entries(index, index + 1) : [outside];
    const statement = entry === undefined ? undefined : Plan.safeParse(parseCanonical(entry.bytes)).data;
    const blob = statement === undefined ? undefined : this.#reader.blob(statement.detail);
    return blob?.kind === 'open' ? PlanDetail.safeParse(parseCanonical(blob.bytes)).data : undefined;
  }
}
