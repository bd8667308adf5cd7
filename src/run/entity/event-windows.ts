import type { Normalised } from '../../collect/normalise-items.ts';
import type { Collector } from '../../model/collector.ts';
import type { LogReader } from '../../model/log-reader.ts';
import type { StatementOf } from '../../model/statement.ts';
import { ItemStream } from '../follow-items.ts';
import { normaliseEvidence } from '../normalise-evidence.ts';
import { type EventWindowRead, NotReadable, type ToldMember } from './log-as-of.ts';

interface KeptWindow extends Omit<EventWindowRead, 'resources' | 'incomplete'> {
  /** null: some of its items are erased, kept back, or lie before the part of the log that is read. */
  readonly normalised: Normalised | null;
}
interface Stream {
  readonly items: ItemStream;
  /** Told, and not yet read: in the order of the log. */
  readonly pending: { readonly statement: StatementOf<'collection'>; readonly index: number }[];
  kept: KeptWindow[];
  latest: { readonly of: string; readonly normalised: Normalised | null } | undefined;
}

/** What `normalise` was told of an account or organisation under the plan of a log index: what a window came to does not change later. */
export type ToldUnder = (plan: number | null, source: string) => ToldMember | undefined;

/** The windows that records of events were read in, collection after collection; each is normalised once, and when it is asked for. */
export class EventWindows {
  readonly #reader: LogReader;
  readonly #toldUnder: ToldUnder;
  readonly #streams = new Map<string, Map<string, Stream>>();
  #told = -1;

  constructor(reader: LogReader, toldUnder: ToldUnder) {
    this.#reader = reader;
    this.#toldUnder = toldUnder;
  }

  /** Index of the last collection that was told. */
  get told(): number {
    return this.#told;
  }

  /** The next collection of a record of events, in the order of the log. */
  tell(statement: StatementOf<'collection'>, index: number): void {
    this.#told = index;
    const key = keyOf(statement.collector, statement.source);
    const scopes = this.#streams.get(key) ?? new Map<string, Stream>();
    this.#streams.set(key, scopes);
    const stream = scopes.get(statement.scope) ?? { items: new ItemStream(this.#reader), pending: [], kept: [], latest: undefined };
    scopes.set(statement.scope, stream);
    stream.pending.push({ statement, index });
  }

  /** Those that end after `since`, which never goes back, and stand before an index. @throws NotReadable */
  of(collector: Collector<never>, member: string, since: string, before: number): readonly EventWindowRead[] {
    const found: EventWindowRead[] = [];
    for (const stream of this.#streams.get(keyOf(collector.id, member))?.values() ?? []) {
      for (const { statement, index } of stream.pending.splice(0)) this.#read(stream, collector, since, statement, index);
      stream.kept = stream.kept.filter(({ to }) => to > since);
      for (const { normalised, ...window } of stream.kept) {
        if (window.index >= before) continue;
        if (normalised === null) throw new NotReadable(`items of ${collector.id} are erased, kept back or outside what is here`);
        found.push({ ...window, resources: normalised.resources, incomplete: normalised.incomplete });
      }
    }
    return found.sort((left, right) => left.index - right.index);
  }

  #read(stream: Stream, collector: Collector<never>, since: string, statement: StatementOf<'collection'>, index: number): void {
    stream.items.follow(statement);
    const { window, scope, finishedAt, items, volatile } = statement;
    if (window === undefined || window.to <= since) return;
    // Most windows are quiet ones: with equal roots there is nothing to read that was not read before.
    const member = this.#toldUnder(statement.plan, statement.source);
    const of = JSON.stringify([items.root, volatile.root, member]);
    if (stream.latest?.of !== of) {
      const read = member === undefined ? null : stream.items.items();
      stream.latest = { of, normalised: member === undefined || read === null ? null : normaliseEvidence(collector, read, member, scope) };
    }
    const { normalised } = stream.latest;
    stream.kept.push({ index, scope, from: window.from, to: window.to, asOf: finishedAt, normalised });
  }
}

const keyOf = (collector: string, source: string): string => JSON.stringify([collector, source]);
