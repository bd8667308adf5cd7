import type { LogReader } from '../../model/log-reader.ts';
import { PlanDetail } from '../../model/plan.ts';
import { Plan } from '../../model/statement.ts';
import { parseCanonical } from '../../seal/canonical-json.ts';
import { toldOf } from '../told-of.ts';
import type { ToldUnder } from './event-windows.ts';

/** The plans of a log by their index, each opened once. */
export class PlansRead {
  readonly #reader: LogReader;
  readonly #known = new Map<number, PlanDetail | undefined>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  /** undefined: there is none, it is erased, or it is of a form that is not known here. */
  at(index: number | null): PlanDetail | undefined {
    if (index === null) return undefined;
    if (!this.#known.has(index)) this.#known.set(index, this.#open(index));
    return this.#known.get(index);
  }

  readonly toldUnder: ToldUnder = (index, source) => {
    const plan = this.at(index);
    return plan === undefined ? undefined : toldOf(plan, source);
  };

  #open(index: number): PlanDetail | undefined {
    const [entry] = this.#reader.entries(index, index + 1);
    const plan = entry?.index === index ? Plan.safeParse(parseCanonical(entry.bytes)).data : undefined;
    const blob = plan === undefined ? undefined : this.#reader.blob(plan.detail);
    return blob?.kind === 'open' ? PlanDetail.safeParse(parseCanonical(blob.bytes)).data : undefined;
  }
}
