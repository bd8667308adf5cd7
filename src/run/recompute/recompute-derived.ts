import { unlimited } from '../../collect/limiter.ts';
import { runCollector } from '../../collect/run-collector.ts';
import { RequestsBlob } from '../../model/blobs.ts';
import type { Collector, Exchange, Item, SourceDefinition } from '../../model/collector.ts';
import { logHost } from '../../model/derived.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { type RequestRecord, Statement, type StatementOf } from '../../model/statement.ts';
import { mergeVolatile } from '../../model/volatile.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { deriveInput } from '../entity/derive-input.ts';
import { NotReadable } from '../entity/log-as-of.ts';
import { readingOf } from '../entity/reading-id.ts';
import { type Registries, sourceKindOf } from '../registries.ts';
import { openContent } from './follow-collections.ts';
import { FollowedLog } from './followed-log.ts';

/** An item that was worked out of the log and does not come out again; collections in a row that differ in the same way are one. */
export interface DerivedDifference {
  readonly collector: string;
  /** What the item is about; null: the whole of it. */
  readonly subject: string | null;
  /** As canonical JSON, its beginning; null: there is none. */
  readonly sealed: string | null;
  readonly recomputed: string | null;
  /** When the first and the last of the collections ended, their log indexes and how many there are. */
  readonly from: string;
  readonly to: string;
  readonly first: number;
  readonly last: number;
  readonly collections: number;
  /** It is installed here in another version than the one that was sealed. */
  readonly otherLogic: boolean;
}
export interface RecomputedDerived {
  /** Of what the entity as a whole comes to. */
  readonly collections: number;
  readonly recomputed: number;
  /** Items that were held against each other. */
  readonly items: number;
  readonly differences: readonly DerivedDifference[];
  readonly skipped: readonly { readonly reason: string; readonly collections: number; readonly first: number }[];
}

type Building<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Makes again what was worked out of a log: every collection of the entity as a whole is asked of the log as it stood when it was read, by the
 * logic that is installed here, and its items are held against those that were sealed. Reads nothing but the log.
 * @throws ProoflineError `verification-failed` for content that is not what was committed to; Error naming the unit when installed logic has a bug
 */
export async function recomputeDerived(reader: LogReader, registries: Registries): Promise<RecomputedDerived> {
  return await new DerivedRecomputer(reader, registries).run();
}

class DerivedRecomputer {
  readonly #reader: LogReader;
  readonly #registries: Registries;
  readonly #log: FollowedLog;
  readonly #skipped = new Map<string, { collections: number; readonly first: number }>();
  /** Differences that were there at the latest collection of their collector, and so may go on. */
  readonly #running = new Map<string, Map<string, Building<DerivedDifference>>>();
  readonly #differences: DerivedDifference[] = [];
  readonly #sealed = new Map<string, { readonly roots: string; readonly said: ReadonlyMap<string, Said> }>();
  #begins = 0;
  #counts = { collections: 0, recomputed: 0, items: 0 };

  constructor(reader: LogReader, registries: Registries) {
    this.#reader = reader;
    this.#registries = registries;
    this.#log = new FollowedLog(reader, registries);
  }

  async run(): Promise<RecomputedDerived> {
    if (this.#isWanted()) {
      let isFirst = true;
      for (const { index, bytes } of this.#reader.entries()) {
        if (isFirst) this.#begins = index;
        isFirst = false;
        const statement = mayCount(bytes) ? Statement.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data : undefined;
        if (statement?.kind === 'plan') this.#log.plan(index);
        else if (statement?.kind === 'evaluation') this.#log.evaluation(statement, index);
        else if (statement?.kind === 'collection') await this.#collection(statement, index);
      }
    }
    return {
      ...this.#counts,
      differences: this.#differences,
      skipped: [...this.#skipped].map(([reason, skipped]) => ({ reason, ...skipped })),
    };
  }

  /** Most logs have nothing of the kind, and need not be followed twice. */
  #isWanted(): boolean {
    for (const { bytes } of this.#reader.entries()) if (textOf(bytes).includes(entityMark)) return true;
    return false;
  }

  async #collection(statement: StatementOf<'collection'>, index: number): Promise<void> {
    // A part of a log begins amid its streams: there what this was made of is not known, and nothing is followed.
    if (this.#begins === 0) this.#log.collection(statement, index);
    if (sourceKindOf({ id: statement.collector }) !== 'entity') return;
    this.#counts.collections += 1;
    try {
      await this.#compare(statement, index);
      this.#counts.recomputed += 1;
    } catch (error) {
      if (!(error instanceof NotReadable)) throw error;
      const skipped = this.#skipped.get(error.message) ?? { collections: 0, first: index };
      skipped.collections += 1;
      this.#skipped.set(error.message, skipped);
    }
  }

  async #compare(statement: StatementOf<'collection'>, index: number): Promise<void> {
    if (this.#begins > 0) throw new NotReadable('this is a part of a log: what it was made of may lie before it');
    const collector = this.#registries.collectors.find(({ id }) => id === statement.collector);
    const definition = this.#registries.entity;
    if (collector === undefined || definition === undefined)
      throw new NotReadable(`the collector ${statement.collector} is not installed here`);
    const otherLogic = this.#registries.logicOf('collector', collector.id) !== statement.logic;
    const before = this.#sealedBySubject(statement, index);
    const made = await this.#makeAgain(collector, definition, statement);
    const found = new Map<string, Building<DerivedDifference>>();
    const at = { from: statement.finishedAt, to: statement.finishedAt, first: index, last: index, collections: 1 };
    const now = bySubject(made);
    for (const [key, { subject }] of new Map([...before, ...now])) {
      const [was, is] = [before.get(key)?.text ?? null, now.get(key)?.text ?? null];
      if (was === is) continue;
      const difference = { collector: collector.id, subject, sealed: shortened(was), recomputed: shortened(is) };
      found.set(JSON.stringify([key, was, is, otherLogic]), { ...difference, ...at, otherLogic });
    }
    this.#counts.items += before.size;
    this.#goOn(collector.id, found);
  }

  /** What was sealed; the same again while the roots, which commit to every item, are the same. */
  #sealedBySubject(statement: StatementOf<'collection'>, index: number): ReadonlyMap<string, Said> {
    const { collector, scope, items, volatile } = statement;
    const stream = `${collector} ${scope}`;
    const roots = `${items.root} ${volatile.root}`;
    const known = this.#sealed.get(stream);
    if (known?.roots === roots) return known.said;
    const followed = this.#log.collections.at(collector, scope, index);
    const sealed = followed === undefined ? { unreadable: 'items of it are erased or withheld' } : this.#log.collections.items(followed);
    if ('unreadable' in sealed) throw new NotReadable(sealed.unreadable);
    const said = bySubject(sealed);
    this.#sealed.set(stream, { roots, said });
    return said;
  }

  async #makeAgain(
    collector: Collector<never>,
    definition: SourceDefinition,
    statement: StatementOf<'collection'>,
  ): Promise<readonly Item[]> {
    const { source, plan } = statement;
    const told = this.#log.toldUnder(plan, source);
    if (told === undefined) throw new NotReadable(`its plan does not say with which settings ${source} was read`);
    const asked = this.#requestsOf(statement);
    const exchange: Exchange = async (operation, input) => {
      const request = asked.get(operation)?.shift();
      const reading = readingOf(request?.requestId ?? null);
      if (reading === undefined) throw new NotReadable(`the log does not say up to where ${collector.id} read it for ${operation}`);
      const { types } = input;
      if (!Array.isArray(types)) throw new TypeError(`${collector.id} asks the log for no types`);
      const question = { entity: source, at: reading.at, types: types as readonly string[] };
      const { input: output } = deriveInput(this.#log.asOf(reading.through), this.#registries, question);
      return { output, status: 200, headers: {}, bytes: new Uint8Array(0), host: logHost, plain: true };
    };
    const { items } = await runCollector({
      collector,
      source: definition as SourceDefinition<never>,
      exchange,
      sourceId: source,
      tenant: told.tenant,
      settings: told.settings,
      logic: statement.logic,
      session: statement.session,
      principal: statement.principal,
      trigger: statement.trigger,
      concurrency: 1,
      now: () => statement.startedAt,
      monotonic: () => 0,
      limiter: unlimited,
    });
    return items.map(({ operation, subject, region, body, gap, volatile }) => ({
      operation,
      subject,
      region,
      body: volatile === null ? body : mergeVolatile(body, volatile),
      ...(gap === undefined ? {} : { gap }),
    }));
  }

  /** The questions that were asked, by operation and in order. */
  #requestsOf({ requests }: StatementOf<'collection'>): Map<string, RequestRecord[]> {
    const content = requests.kept === null ? undefined : openContent(this.#reader, requests.kept);
    if (content === undefined) throw new NotReadable('what it asked of the log was erased or withheld');
    return Map.groupBy(RequestsBlob.parse(content), ({ operation }) => operation);
  }

  /** A difference that was there at the collection before goes on; every other one begins. */
  #goOn(collector: string, found: Map<string, Building<DerivedDifference>>): void {
    const running = this.#running.get(collector) ?? new Map<string, Building<DerivedDifference>>();
    const now = new Map<string, Building<DerivedDifference>>();
    for (const [key, difference] of found) {
      const before = running.get(key);
      if (before === undefined) this.#differences.push(difference);
      else {
        before.to = difference.to;
        before.last = difference.last;
        before.collections += 1;
      }
      now.set(key, before ?? difference);
    }
    this.#running.set(collector, now);
  }
}

const entityMark = '"collector":"entity/';
const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
function mayCount(bytes: Uint8Array): boolean {
  const text = textOf(bytes);
  return ['collection', 'evaluation', 'plan'].some((kind) => text.includes(`"kind":"${kind}"`));
}

interface Said {
  readonly subject: string | null;
  readonly text: string;
}
function bySubject(items: readonly Item[]): Map<string, Said> {
  return new Map(
    items.map(({ operation, subject, region, body, gap }): [string, Said] => [
      JSON.stringify([operation, region, subject]),
      { subject, text: withoutTags(canonicalText(gap === undefined ? { body } : { gap })) },
    ]),
  );
}

/** By what a withheld secret is seen to change only who has the key can make again. */
function withoutTags(text: string): string {
  return text
    .replaceAll(/\{"\$redacted":"secret","tag":"[0-9a-f]{16}"\}/g, '{"$redacted":"secret"}')
    .replaceAll(/\$redacted:secret:[0-9a-f]{16}/g, '$redacted:secret');
}

const shownLength = 400;
function shortened(text: string | null): string | null {
  return text === null || text.length <= shownLength ? text : `${text.slice(0, shownLength)}...`;
}
