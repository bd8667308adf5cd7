import type { RecordedDecision } from '../../model/decision.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { StatementOf } from '../../model/statement.ts';
import type { Sealed } from '../../store/contract.ts';
import { judgeDecisions } from '../../verify/decision-register.ts';
import { decisionEntries, decisionLogOf } from '../decisions/read-decisions.ts';
import { EventWindows } from '../entity/event-windows.ts';
import { type LogAsOf, NotReadable } from '../entity/log-as-of.ts';
import { PlansRead } from '../entity/plans-read.ts';
import type { Registries } from '../registries.ts';
import { CollectionFollower } from './follow-collections.ts';

/** A log that is followed from its beginning, and what it said at each of its entries. Whatever stays as it was is not read again. */
export class FollowedLog {
  readonly collections: CollectionFollower;
  readonly #registries: Registries;
  readonly #plans: PlansRead;
  readonly #planned: number[] = [];
  readonly #evaluated = new Map<string, Pick<Sealed<'evaluation'>, 'index' | 'statement'>[]>();
  readonly #reader: LogReader;
  readonly #windows: EventWindows;
  readonly #entries: ReturnType<typeof judgedUpTo>;

  constructor(reader: LogReader, registries: Registries) {
    this.#reader = reader;
    this.#registries = registries;
    this.collections = new CollectionFollower(reader);
    this.#plans = new PlansRead(reader);
    this.#windows = new EventWindows(reader, this.#plans.toldUnder);
    this.#entries = judgedUpTo(reader);
  }

  plan(index: number): void {
    this.#planned.push(index);
  }

  collection(statement: StatementOf<'collection'>, index: number): void {
    this.collections.follow(statement, index);
    if (statement.kindOf === 'events') this.#windows.tell(statement, index);
  }

  evaluation(statement: StatementOf<'evaluation'>, index: number): void {
    const list = this.#evaluated.get(statement.source) ?? [];
    this.#evaluated.set(statement.source, list);
    list.push({ statement, index });
  }

  /** What `normalise` was told of a source under a plan. */
  toldUnder(plan: number | null, source: string): ReturnType<PlansRead['toldUnder']> {
    return this.#plans.toldUnder(plan, source);
  }

  /** The log as it was when `through` entries were read of it: those that were told so far, and none of the latest few beyond. @throws NotReadable */
  asOf(through: number): LogAsOf {
    const plan = this.#plans.at(this.#planned.findLast((index) => index < through) ?? null);
    if (plan === undefined) throw new NotReadable('its plan is not there, or of a form that is not known here');
    return {
      through,
      plan,
      decisions: this.#entries(through),
      latest: (member) => this.collections.latest(member, through),
      evaluation: (member) => this.#evaluated.get(member)?.findLast(({ index }) => index < through),
      blob: (commitment) => this.#reader.blob(commitment),
      read: (collector, { index, statement }, member) => {
        const followed = this.collections.at(collector.id, statement.scope, index);
        if (followed === undefined) throw new NotReadable('a collection it was made of lies outside what is here');
        const logic = this.#registries.logicOf('collector', collector.id);
        const normalised = this.collections.normalise(collector, followed, member, logic);
        if ('unreadable' in normalised) throw new NotReadable(normalised.unreadable);
        return normalised;
      },
      windows: (collector, member, since) => this.#windows.of(collector, member, since, through),
    };
  }
}

/** The decisions that counted when so many entries were there; judged anew only where there are others. */
function judgedUpTo(reader: LogReader): (through: number) => readonly RecordedDecision[] {
  let entries: ReturnType<typeof decisionsIn> | undefined;
  let latest: { readonly count: number; readonly decisions: readonly RecordedDecision[] } | undefined;
  return (through) => {
    entries ??= decisionsIn(reader);
    const so = entries.filter(({ index }) => index < through);
    if (latest?.count !== so.length) latest = { count: so.length, decisions: judgeDecisions(so, decisionLogOf(reader)).decisions };
    return latest.decisions;
  };
}
const decisionsIn = (reader: LogReader) => [...decisionEntries(reader)];
