import type { NotifySettings } from '../../config/notify-settings.ts';
import { durationMs } from '../../model/compare-rulers.ts';
import type { RecordedDecision } from '../../model/decision.ts';
import type { Notice, NoticeKind, Tracked } from '../../model/notification.ts';
import { Statement } from '../../model/statement.ts';
import { findDueMarks } from '../../notify/find-due-marks.ts';
import { findEntryTransitions, type StillConfigured, withdrawConditions } from '../../notify/find-entry-transitions.ts';
import { findReminders } from '../../notify/find-reminders.ts';
import { findTransitions } from '../../notify/find-transitions.ts';
import type { TransitionContext, Transitions } from '../../notify/source-reading.ts';
import { endingsRoute, takeRoutes } from '../../notify/take-routes.ts';
import type { Sealed } from '../../store/contract.ts';
import type { EmbeddedStore } from '../../store/embedded.ts';
import type { Outbox, OutboxWriter } from '../../store/outbox.ts';
import type { Composition } from '../composition.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import { type PeriodRecord, periodsOf } from '../decisions/read-periods.ts';
import { type WaiverRecord, waiversOf } from '../decisions/waivers-of.ts';
import type { ReadCollections } from '../read-collections.ts';
import type { Registries } from '../registries.ts';
import { markRecorded } from './deliverer.ts';
import { dueOf } from './due-of.ts';
import { ownersOf, resourcesOf } from './owned-things.ts';
import { type PlanInForce, planReader } from './plan-in-force.ts';
import { readAwaited } from './read-awaited.ts';
import { type ReadingMaker, readingMaker } from './read-source-reading.ts';
import { waiverOver } from './waiver-over.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface FollowParts {
  readonly app: Pick<Composition, 'now' | 'configuration'>;
  readonly store: EmbeddedStore;
  readonly collections: ReadCollections;
  readonly registries: Registries;
  readonly outbox: Outbox;
  readonly settings: NotifySettings;
  readonly configured: StillConfigured;
}
export interface Followed {
  readonly from: number;
  readonly to: number;
  readonly notices: Readonly<Partial<Record<NoticeKind, number>>>;
}

/** What holds at the head of a log. */
export interface TakenIn {
  readonly conditions: readonly Tracked[];
  readonly judged: ReadonlyMap<string, number>;
  readonly next: number;
  readonly last: string | null;
}

/** Further back no gap is looked for when an outbox begins: what still holds has been written again since. */
const entriesTakenIn = 5_000;
const entryTransitions: ReadonlySet<Statement['kind']> = new Set(['gap', 'anchor', 'schedule-miss', 'delivery']);
/** Entries that are read between two transactions at most: what was found before a crash is not looked for again. */
const entriesPerStep = 500;
const entryKinds: ReadonlySet<Tracked['kind']> = new Set(['source', 'turn', 'anchor', 'channel']);

/** Entries of a log in order, and what is untrue after each. What it found is in the outbox together with how far it read, or not at all. */
export class LogFollower {
  readonly #parts: FollowParts;
  readonly #readings: ReadingMaker;
  readonly #planAt: (index: number | null) => PlanInForce | undefined;
  #conditions: Map<string, Tracked> | undefined;
  /** Log index of the latest evaluation of each source that was followed. */
  #judged: Map<string, number> | undefined;
  #decided: { readonly entries: number; readonly waivers: readonly WaiverRecord[]; readonly periods: readonly PeriodRecord[] } | undefined;
  #marksDue: string | null = '';

  constructor(parts: FollowParts) {
    this.#parts = parts;
    this.#readings = readingMaker(parts.store);
    this.#planAt = planReader(parts.store);
  }

  /** Reads from the cursor to the head, and what time brought about. @throws ProoflineError of the store and the outbox */
  follow(): Followed {
    const { outbox, store } = this.#parts;
    const from = outbox.cursor()?.next ?? 0;
    const notices: Partial<Record<NoticeKind, number>> = {};
    let at = from;
    for (let head = store.size(); at < head; head = store.size()) {
      const to = Math.min(head, at + entriesPerStep);
      count(notices, this.#step(at, to));
      at = to;
    }
    count(notices, this.#passMarks());
    return { from, to: at, notices };
  }

  /**
   * What is untrue at the head of the log, worked out without the outbox: from the newest evaluation of each source and the latest entries.
   * @param since since when a condition has held, where the history of the log knows
   */
  takeIn(since: ReadonlyMap<string, string>): TakenIn {
    const { store, app } = this.#parts;
    const conditions = new Map<string, Tracked>();
    this.#conditions = conditions;
    this.#judged = new Map();
    const take = (transitions: Transitions) => {
      for (const condition of transitions.conditions) conditions.set(condition.key, condition);
    };
    const sources = new Set(store.latestCollections().map(({ statement }) => statement.source));
    const members = new Set(this.#latestPlan()?.detail.sources.flatMap((source) => source.members ?? []));
    const newest = [...sources].flatMap((source) => (members.has(source) ? (store.latestEvaluation(source) ?? []) : []));
    const judged = new Map(newest.map(({ index, statement }) => [statement.source, index]));
    const head = store.size();
    const from = Math.max(0, head - entriesTakenIn);
    for (const evaluation of newest.filter(({ index }) => index < from)) take(this.readEvaluation(evaluation, undefined));
    let last: string | null = null;
    for (const { index, bytes } of store.entries(from, head)) {
      const statement = Statement.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
      if (statement === undefined) continue;
      last = statement.id;
      if (statement.kind !== 'evaluation') take(entryTransitions.has(statement.kind) ? this.readEntry(index, statement) : nothing);
      else if (judged.get(statement.source) === index) take(this.readEvaluation({ index, statement }, undefined));
    }
    const { evidence, at } = this.#planEvidence() ?? { evidence: { index: 0, id: '' }, at: app.now() };
    take(withdrawConditions([...conditions.values()], this.#parts.configured, { at, evidence }));
    const holding = [...conditions.values()].filter(({ ended }) => ended === null);
    return { conditions: holding.map((condition) => this.#heldSince(condition, since.get(condition.key))), judged, next: head, last };
  }

  #heldSince(condition: Tracked, since: string | undefined): Tracked {
    if (since === undefined || since >= condition.since) return condition;
    const { notice } = condition;
    const { dueOf: due } = this.#context(since, this.#latestPlan());
    const dueAt = notice.due === null ? null : due({ severity: notice.severity, controls: notice.controls.map(({ id }) => id) }, since);
    return { ...condition, since, moved: since, notice: { ...notice, since, due: dueAt } };
  }

  #planEvidence() {
    const plan = this.#parts.store.latest('plan');
    return plan === undefined ? undefined : { evidence: { index: plan.index, id: plan.statement.id }, at: plan.statement.at };
  }

  /** Begins the outbox at the head of the log. `told`: what holds now was told before, and nobody is told again. */
  begin({ conditions, judged, next, last }: TakenIn, told: boolean): void {
    const now = this.#parts.app.now();
    this.#conditions = new Map(conditions.map((condition) => [condition.key, condition]));
    const marked = told ? this.marks(now).conditions : [];
    for (const condition of marked) this.#conditions.set(condition.key, condition);
    const all = [...this.#conditions.values()];
    const notices = told ? [] : all.filter(({ waiver }) => waiver === null).map(({ notice }) => notice);
    this.#write({ ...nothing, notices, conditions: all }, [], (writer) => {
      for (const [source, index] of judged) writer.setValue(judgedKey(source), String(index));
      writer.setCursor({ next, last });
    });
    this.#judged = undefined;
    this.#marksDue = '';
  }

  /** When time alone brings about the next change; null: it does not. */
  nextMark(): string | null {
    return this.#marksDue;
  }

  waiverOver(condition: string): string | null {
    return this.conditions().get(condition)?.waiver ?? null;
  }

  conditions(): Map<string, Tracked> {
    this.#conditions ??= new Map(this.#parts.outbox.tracked().map((condition) => [condition.key, condition]));
    return this.#conditions;
  }

  #step(from: number, to: number): readonly Notice[] {
    const { store } = this.#parts;
    const recorded: Sealed<'delivery'>['statement'][] = [];
    const found = { notices: [] as Notice[], endedSilently: [] as Notice[], continued: [] as Transitions['continued'][number][] };
    const changed = new Map<string, Tracked>();
    const judged = new Map<string, number>();
    let last: string | null = null;
    try {
      for (const { index, bytes } of store.entries(from, to)) {
        const statement = Statement.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
        if (statement === undefined) continue;
        last = statement.id;
        if (statement.kind === 'delivery') recorded.push(statement);
        const { conditions, notices, endedSilently, continued } = this.#transitionsAt(index, statement);
        for (const condition of conditions) {
          this.conditions().set(condition.key, condition);
          changed.set(condition.key, condition);
        }
        found.notices.push(...notices);
        found.endedSilently.push(...endedSilently);
        found.continued.push(...continued);
        if (statement.kind === 'evaluation') {
          judged.set(statement.source, index);
          this.#judgedBefore().set(statement.source, index);
        }
      }
      return this.#write({ ...found, conditions: [...changed.values()] }, [], (writer) => {
        for (const statement of recorded) markRecorded(this.#parts.outbox, writer, statement);
        for (const [source, index] of judged) writer.setValue(judgedKey(source), String(index));
        writer.setCursor({ next: to, last });
      });
    } catch (error) {
      // What was worked out and not written is worked out again.
      this.#conditions = undefined;
      this.#judged = undefined;
      throw error;
    }
  }

  #transitionsAt(index: number, statement: Statement): Transitions {
    switch (statement.kind) {
      case 'evaluation':
        return this.readEvaluation({ index, statement }, this.#judgedBefore().get(statement.source));
      case 'decision':
        this.#decided = undefined;
        this.#marksDue = '';
        return nothing;
      case 'plan':
        return withdrawConditions([...this.conditions().values()], this.#parts.configured, {
          at: statement.at,
          evidence: { index, id: statement.id },
        });
      default:
        return entryTransitions.has(statement.kind) ? this.readEntry(index, statement) : nothing;
    }
  }

  /** What an evaluation changed. @param former index of the evaluation of this source before it */
  readEvaluation(evaluation: Sealed<'evaluation'>, former: number | undefined): Transitions {
    const plan = this.#planAt(evaluation.statement.plan);
    const reading = this.#readings.read(evaluation, former, plan);
    const known = [...this.conditions().values()].filter(({ notice }) => notice.source?.name === reading.source.name);
    const owners = new Map(
      known.flatMap(({ ended, notice }) => (ended === null ? [[`${notice.check?.id} ${notice.subject.id}`, notice.owner] as const] : [])),
    );
    const ownerOf = ownersOf(this.#parts, evaluation.statement.source, plan);
    this.#marksDue = '';
    const awaited = readAwaited(evaluation.statement.source, {
      plan,
      ofType: resourcesOf(this.#parts, evaluation.statement.source, plan),
      ownerOf: (controls) => ownerOf({ check: null, controls, subject: null }),
    });
    const reminders = findReminders(awaited, reading, { known, damping: this.#damping() });
    return together(
      findTransitions(reading, {
        known,
        ...this.#context(evaluation.statement.at, plan),
        // Whose it is was found when it began; for thousands that go on failing nothing is read again.
        ownerOf: (about) => owners.get(`${about.check} ${about.subject}`) ?? ownerOf(about),
      }),
      reminders,
    );
  }

  readEntry(index: number, statement: Statement): Transitions {
    const shown = statement.kind === 'gap' ? { ...statement, reason: withoutSecrets(statement.reason) } : statement;
    return findEntryTransitions(shown, {
      index,
      known: [...this.conditions().values()].filter(({ kind }) => entryKinds.has(kind)),
      damping: this.#damping(),
      ownerOf: ownersOf(this.#parts, null, undefined),
    });
  }

  #passMarks(): readonly Notice[] {
    const now = this.#parts.app.now();
    if (this.#marksDue === null || now < this.#marksDue) return [];
    const marks = this.marks(now);
    const { conditions, notices, forgotten, next } = marks;
    this.#marksDue = next;
    if (conditions.length === 0 && notices.length === 0 && forgotten.length === 0) return [];
    try {
      for (const condition of conditions) this.conditions().set(condition.key, condition);
      for (const key of forgotten) this.conditions().delete(key);
      return this.#write(marks, forgotten, () => {});
    } catch (error) {
      this.#conditions = undefined;
      this.#marksDue = '';
      throw error;
    }
  }

  /** What time, or a decision, brought about by now. */
  marks(now: string) {
    const { warnBefore } = this.#parts.settings;
    const plan = this.#latestPlan();
    const { damping, waiverOf, dueOf: due } = this.#context(now, plan);
    return findDueMarks([...this.conditions().values()], {
      now,
      warnBeforeMs: { waiver: durationMs(warnBefore.waiver), sla: durationMs(warnBefore.sla) },
      damping,
      waiverOf,
      dueOf: due,
    });
  }

  /** Notices that are new, with the routes they take, and whatever else belongs to the same step. @returns those that are new */
  #write(
    { conditions, notices, endedSilently, continued }: Transitions,
    forgotten: readonly string[],
    more: (writer: OutboxWriter) => void,
  ): readonly Notice[] {
    const { outbox, app, settings } = this.#parts;
    const foundAt = app.now();
    return outbox.transaction((writer) => {
      for (const condition of conditions) writer.putCondition(condition);
      for (const key of forgotten) writer.forgetCondition(key);
      for (const { from, to, since } of continued) {
        for (const { channel, key } of outbox.threadsOf(from, since)) writer.joinThread(channel, key, to, since);
      }
      const added = notices.filter((notice) => writer.addNotice(notice));
      putOnRoutes(writer, outbox, added, settings, foundAt);
      for (const notice of endedSilently) placeSilentEnd(writer, outbox, notice, foundAt);
      more(writer);
      return added;
    });
  }

  #context(at: string, plan: PlanInForce | undefined): Pick<TransitionContext, 'damping' | 'waiverOf' | 'dueOf'> {
    const { waivers, periods } = this.#decisions();
    const inForce = waivers.filter((waiver) => waiver.inForce !== null && waiver.inForce.from <= at && at < waiver.inForce.to);
    return {
      damping: this.#damping(),
      waiverOf: (result) => waiverOver(result, inForce),
      dueOf: ({ severity, controls }, since) =>
        dueOf(
          severity,
          (plan?.detail.controls ?? []).filter(({ id }) => controls.includes(id)),
          since,
          periods,
        ),
    };
  }

  #damping() {
    const { within, times } = this.#parts.settings.damping;
    return { withinMs: durationMs(within), times };
  }

  /** Read again only when there are more of them: every signature is checked each time. */
  #decisions() {
    const { store } = this.#parts;
    const entries = store.indexesOf('decision').length;
    if (this.#decided?.entries !== entries) {
      const decisions: readonly RecordedDecision[] = entries === 0 ? [] : readDecisions(store);
      this.#decided = { entries, waivers: waiversOf(decisions), periods: periodsOf(decisions) };
    }
    return this.#decided;
  }

  #latestPlan(): PlanInForce | undefined {
    return this.#planAt(this.#parts.store.latest('plan')?.index ?? null);
  }

  #judgedBefore(): Map<string, number> {
    this.#judged ??= new Map(
      this.#parts.outbox.values(judgedPrefix).map(({ key, value }) => [key.slice(judgedPrefix.length), Number(value)]),
    );
    return this.#judged;
  }
}

/** Of conditions of other kinds each: neither knows those of the other. */
const together = (one: Transitions, other: Transitions): Transitions => ({
  conditions: [...one.conditions, ...other.conditions],
  notices: [...one.notices, ...other.notices],
  endedSilently: [...one.endedSilently, ...other.endedSilently],
  continued: [...one.continued, ...other.continued],
});
const nothing: Transitions = { conditions: [], notices: [], endedSilently: [], continued: [] };
const judgedPrefix = 'judged/';
/** Where the outbox keeps the index of the latest evaluation of a source that was followed. */
export function judgedKey(source: string): string {
  return `${judgedPrefix}${source}`;
}

/** Each route that takes a notice has a row for it until it is told; one that nobody is told of says why. */
function putOnRoutes(writer: OutboxWriter, outbox: Outbox, notices: readonly Notice[], settings: NotifySettings, foundAt: string): void {
  const { waiting, untold } = takeRoutes(notices, settings, foundAt);
  for (const { notice, route, channels } of waiting) {
    writer.place(notice.id, { route, channels, state: 'waiting', messages: [], reason: null }, foundAt);
  }
  for (const { notice, route, reason } of untold) {
    writer.place(notice, { route, channels: [], state: 'untold', messages: [], reason }, foundAt);
  }
  const told = Map.groupBy(waiting, ({ notice }) => notice.id);
  for (const notice of notices.filter(({ kind }) => isEnding(kind))) {
    const by = new Set((told.get(notice.id) ?? []).flatMap(({ channels }) => channels));
    const channels = threadChannels(outbox, notice).filter((name) => !by.has(name));
    if (channels.length > 0) placeEnd(writer, notice, channels, foundAt);
  }
}

/** What nobody was told of, as it began under its waiver, ends without a word too. */
function placeSilentEnd(writer: OutboxWriter, outbox: Outbox, notice: Notice, foundAt: string): void {
  const channels = threadChannels(outbox, notice);
  if (channels.length > 0 && writer.addNotice(notice)) placeEnd(writer, notice, channels, foundAt);
}

function placeEnd(writer: OutboxWriter, { id }: Notice, channels: readonly string[], foundAt: string): void {
  writer.place(id, { route: endingsRoute, channels, state: 'waiting', messages: [], reason: null }, foundAt);
}

/** Channels in whose threads it was told. */
function threadChannels(outbox: Outbox, { condition, since }: Notice): string[] {
  return [...new Set(outbox.threadsOf(condition, since).map(({ channel }) => channel))];
}

const isEnding = (kind: NoticeKind): boolean =>
  kind === 'withdrawn' || kind === 'due-met' || kind.endsWith('-recovered') || kind.endsWith('-back');

function count(into: Partial<Record<NoticeKind, number>>, notices: readonly Notice[]): void {
  for (const { kind } of notices) into[kind] = (into[kind] ?? 0) + 1;
}
