import type { Scope } from '../../config/scope.ts';
import type { JudgedCollection } from '../../evaluate/evaluate-source.ts';
import {
  CheckResultsBlob,
  DeltaBlob,
  EvaluationContext,
  KeyframeBlob,
  PopulationBlob,
  ReadsBlob,
  ResultsListBlob,
} from '../../model/blobs.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { PlanDetail } from '../../model/plan.ts';
import type { CheckResults } from '../../model/result.ts';
import { Statement, type StatementOf } from '../../model/statement.ts';
import { digestOf } from '../../seal/digest.ts';
import { applyDelta } from '../../seal/manifest.ts';
import { judgeCollections } from '../judge-collections.ts';
import { isOfKind, type Registries } from '../registries.ts';
import { toldOf } from '../told-of.ts';
import { compareResults, type Said, sameResults } from './compare-results.ts';
import { CollectionFollower, openContent } from './follow-collections.ts';
import { verdictMemory } from './verdict-memory.ts';

/** Something that was sealed and does not come out again; evaluations in a row that differ in the same way are one. */
export interface VerdictDifference {
  readonly source: string;
  /** null: about the population itself. */
  readonly check: string | null;
  readonly parametersDigest: string | null;
  readonly subject: string;
  readonly display: string;
  readonly sealed: Said | null;
  readonly recomputed: Said | null;
  /** As-of times of the first and the last evaluation, their log indexes and how many there are. */
  readonly from: string;
  readonly to: string;
  readonly first: number;
  readonly last: number;
  readonly evaluations: number;
  /** What collects or judges it is installed here in another version than the one that was sealed. */
  readonly otherLogic: boolean;
}
/** A collector or check of which another version is installed than the log names. */
export interface LogicDifference {
  readonly kind: 'collector' | 'check';
  readonly id: string;
  readonly sealed: string;
  /** null: it is not installed at all. */
  readonly installed: string | null;
  readonly evaluations: number;
}
export interface RecomputedEvaluations {
  readonly evaluations: number;
  readonly recomputed: number;
  /** Sets of results (check, parameters, source) that were held against each other. */
  readonly results: number;
  readonly subjects: number;
  readonly differences: readonly VerdictDifference[];
  readonly logic: readonly LogicDifference[];
  /** What could not be made again, and why. */
  readonly skipped: readonly { readonly reason: string; readonly evaluations: number; readonly first: number }[];
  /** The same verdict in other words: how often, and the first few. */
  readonly messages: {
    readonly count: number;
    readonly examples: readonly {
      readonly check: string;
      readonly subject: string;
      readonly sealed: string;
      readonly recomputed: string;
    }[];
  };
}

const examplesKept = 20;
type Building<T> = { -readonly [K in keyof T]: T[K] };

interface Population {
  readonly root: string;
  /** Display by id, by type. */
  readonly byType: ReadonlyMap<string, ReadonlyMap<string, string>>;
}
/** What was found equal at the last evaluation of a check. */
interface Settled {
  readonly sealed: string;
  readonly population: string;
  readonly results: CheckResults;
}

/** One pass over a log: every evaluation made again from the items it read. */
class EvaluationRecomputer {
  readonly #reader: LogReader;
  readonly #registries: Registries;
  readonly #collections: CollectionFollower;
  readonly #plans = new Map<number, PlanDetail>();
  readonly #cache = verdictMemory();
  readonly #populations = new Map<string, { pairs: ReadonlyMap<string, string> | undefined; known: Population | undefined }>();
  readonly #settled = new Map<string, Settled>();
  readonly #logic = new Map<string, Building<LogicDifference>>();
  readonly #skipped = new Map<string, { evaluations: number; readonly first: number }>();
  /** Differences that were there at the latest evaluation of their source, and so may go on. */
  readonly #running = new Map<string, Map<string, Building<VerdictDifference>>>();
  readonly #differences: VerdictDifference[] = [];
  readonly #examples: RecomputedEvaluations['messages']['examples'][number][] = [];
  #counts = { evaluations: 0, recomputed: 0, results: 0, subjects: 0, messages: 0 };

  constructor(reader: LogReader, registries: Registries) {
    this.#reader = reader;
    this.#registries = registries;
    this.#collections = new CollectionFollower(reader);
  }

  run(): RecomputedEvaluations {
    for (const { index, bytes } of this.#reader.entries()) {
      const statement = Statement.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
      if (statement?.kind === 'collection') this.#collections.follow(statement, index);
      else if (statement?.kind === 'plan') this.#plan(statement, index);
      else if (statement?.kind === 'evaluation') this.#evaluation(statement, index);
    }
    const { evaluations, recomputed, results, subjects, messages } = this.#counts;
    return {
      evaluations,
      recomputed,
      results,
      subjects,
      differences: this.#differences,
      logic: [...this.#logic.values()].sort((a, b) => (`${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1)),
      skipped: [...this.#skipped].map(([reason, skipped]) => ({ reason, ...skipped })),
      messages: { count: messages, examples: this.#examples },
    };
  }

  #plan(statement: StatementOf<'plan'>, index: number): void {
    const detail = PlanDetail.safeParse(openContent(this.#reader, statement.detail)).data;
    if (detail !== undefined) this.#plans.set(index, detail);
  }

  #skip(reason: string, index: number): undefined {
    const skipped = this.#skipped.get(reason) ?? { evaluations: 0, first: index };
    skipped.evaluations += 1;
    this.#skipped.set(reason, skipped);
  }

  #evaluation(statement: StatementOf<'evaluation'>, index: number): undefined {
    this.#counts.evaluations += 1;
    const population = this.#population(statement);
    const judged = this.#judge(statement, index);
    const list = ResultsListBlob.safeParse(openContent(this.#reader, statement.results.list)).data;
    if (judged === undefined) return;
    if (list === undefined || population === undefined) return this.#skip('what it came to was erased', index);
    this.#counts.recomputed += 1;
    const found = new Map<string, Building<VerdictDifference>>();
    const note = (difference: Omit<VerdictDifference, 'source' | 'from' | 'to' | 'first' | 'last' | 'evaluations'>): void => {
      const at = { source: statement.source, from: statement.asOf, to: statement.asOf, first: index, last: index, evaluations: 1 };
      found.set(JSON.stringify([difference, judged.otherLogic]), { ...at, ...difference });
    };
    this.#comparePopulation(population, judged, note);
    this.#compareChecks(statement, list, population, judged, note);
    this.#goOn(statement.source, found);
  }

  /** A difference that was there at the evaluation before goes on; every other one begins. */
  #goOn(source: string, found: Map<string, Building<VerdictDifference>>): void {
    const running = this.#running.get(source) ?? new Map<string, Building<VerdictDifference>>();
    const now = new Map<string, Building<VerdictDifference>>();
    for (const [key, difference] of found) {
      const before = running.get(key);
      if (before === undefined) this.#differences.push(difference);
      else {
        before.to = difference.to;
        before.last = difference.last;
        before.evaluations += 1;
      }
      now.set(key, before ?? difference);
    }
    this.#running.set(source, now);
  }

  #judge(statement: StatementOf<'evaluation'>, index: number): Judged | undefined {
    const { source } = statement;
    const plan = this.#plans.get(statement.plan ?? -1);
    const context =
      statement.context === undefined ? undefined : EvaluationContext.safeParse(openContent(this.#reader, statement.context)).data;
    const { judgedAt } = statement;
    if (plan === undefined) return this.#skip('its plan is not there, or of a form that is not known here', index);
    if (context === undefined || judgedAt === undefined)
      return this.#skip('it was recorded before what recomputing needs was sealed', index);
    const told = toldOf(plan, source);
    if (told === undefined) return this.#skip(`its plan does not say with which settings ${source} was read`, index);
    const reads = ReadsBlob.safeParse(openContent(this.#reader, statement.reads.list)).data;
    if (reads === undefined) return this.#skip('the list of what it read was erased', index);
    const collections: JudgedCollection[] = [];
    let otherLogic = false;
    for (const read of reads) {
      const collected = this.#collections.at(read.collector, read.scope, read.index);
      const collector = this.#registries.collectors.find(({ id }) => id === read.collector);
      if (collected === undefined) return this.#skip('a collection it read lies outside what is here', index);
      if (collector === undefined) {
        this.#otherLogic('collector', read.collector, collected.statement.logic, null);
        return this.#skip(`the collector ${read.collector} is not installed here`, index);
      }
      const installed = this.#registries.logicOf('collector', read.collector);
      if (installed !== collected.statement.logic) {
        this.#otherLogic('collector', read.collector, collected.statement.logic, installed);
        otherLogic = true;
      }
      const normalised = this.#collections.normalise(collector, collected, told, installed);
      if ('unreadable' in normalised) return this.#skip(normalised.unreadable, index);
      const { statement: at } = collected;
      const { types, resources, incomplete } = normalised;
      collections.push({ scope: read.scope, asOf: at.sourceAsOf ?? at.finishedAt, types, resources, incomplete });
    }
    const kind = source.slice(0, source.indexOf(':'));
    const planned = plan.checks.filter(({ id, subject }) => isOfKind(kind, id, subject));
    const checks = planned.flatMap(({ id, parameters, logic }) => {
      const check = this.#registries.checks.find((one) => one.id === id);
      const installed = check === undefined ? null : this.#registries.logicOf('check', id);
      if (installed !== logic) this.#otherLogic('check', id, logic, installed);
      return check === undefined || installed === null ? [] : [{ check, parameters, logic: installed }];
    });
    const scope = { rules: plan.scopeRules, environments: plan.scopeEnvironments ?? [] } as unknown as Scope;
    const { staleAfterMs, missing } = context;
    const judged = judgeCollections({ source, checks, collections, missing, scope, now: judgedAt, staleAfterMs, cache: this.#cache });
    const absent = new Set(planned.map(({ id }) => id).filter((id) => !checks.some(({ check }) => check.id === id)));
    return { checks: judged.checks, population: judged.evaluation.population, otherLogic, notInstalled: absent };
  }

  #otherLogic(kind: 'collector' | 'check', id: string, sealed: string, installed: string | null): void {
    const key = JSON.stringify([kind, id, sealed]);
    const known = this.#logic.get(key) ?? { kind, id, sealed, installed, evaluations: 0 };
    known.evaluations += 1;
    this.#logic.set(key, known);
  }

  /** The subjects as sealed; undefined when they are not known any more. */
  #population(statement: StatementOf<'evaluation'>): Population | undefined {
    const { source, population: change } = statement;
    const stream = this.#populations.get(source) ?? { pairs: new Map<string, string>(), known: undefined };
    this.#populations.set(source, stream);
    if (change.keyframe !== null) {
      const keyframe = openContent(this.#reader, change.keyframe);
      if (keyframe !== undefined) stream.pairs = new Map(KeyframeBlob.parse(keyframe).pairs);
    } else if (change.delta !== null) {
      const delta = openContent(this.#reader, change.delta);
      stream.pairs = delta === undefined || stream.pairs === undefined ? undefined : applyDelta(stream.pairs, DeltaBlob.parse(delta));
    }
    if (stream.pairs === undefined) return undefined;
    if (stream.known?.root === change.root) return stream.known;
    const byType = new Map<string, Map<string, string>>();
    for (const content of stream.pairs.values()) {
      const subject = PopulationBlob.safeParse(openContent(this.#reader, content)).data;
      if (subject === undefined) return undefined;
      byType.set(subject.type, (byType.get(subject.type) ?? new Map()).set(subject.id, subject.display));
    }
    stream.known = { root: change.root, byType };
    return stream.known;
  }

  #comparePopulation(sealed: Population, { population, otherLogic }: Judged, note: (difference: NotedDifference) => void): void {
    const about = { check: null, parametersDigest: null, otherLogic };
    const here = { outcome: 'pass' as const, reason: null, until: null };
    const seen = new Set<string>();
    for (const { type, id, display } of population) {
      seen.add(`${type} ${id}`);
      if (sealed.byType.get(type)?.has(id) !== true)
        note({ ...about, subject: id, display: `${type} ${display}`, sealed: null, recomputed: here });
    }
    for (const [type, subjects] of sealed.byType) {
      for (const [id, display] of subjects) {
        if (!seen.has(`${type} ${id}`)) note({ ...about, subject: id, display: `${type} ${display}`, sealed: here, recomputed: null });
      }
    }
  }

  #compareChecks(
    { source }: StatementOf<'evaluation'>,
    list: ResultsListBlob,
    population: Population,
    judged: Judged,
    note: (difference: NotedDifference) => void,
  ): void {
    const recomputed = new Map(judged.checks.map((one) => [keyOf(one.check, one.parameters), one]));
    for (const one of list) {
      const key = keyOf(one.check, one.parameters);
      const now = recomputed.get(key);
      recomputed.delete(key);
      if (judged.notInstalled.has(one.check)) continue;
      const parametersDigest = digestOf(one.parameters);
      const otherLogic = judged.otherLogic || now?.logic !== one.logic;
      const about = { check: one.check, parametersDigest, otherLogic };
      if (now === undefined) {
        note({ ...about, subject: '*', display: 'the check as a whole', sealed: wholeOf(one.counts), recomputed: null });
        continue;
      }
      this.#counts.results += 1;
      this.#counts.subjects += now.results.length;
      const place = `${source} ${key}`;
      const settled = this.#settled.get(place);
      if (settled?.sealed === one.results && settled.population === population.root && sameResults(settled.results, now)) continue;
      const sealed = CheckResultsBlob.parse(openContent(this.#reader, one.results));
      const { differences, messages } = compareResults(sealed, now, population.byType.get(sealed.subjectType) ?? new Map());
      for (const difference of differences) note({ ...about, ...difference });
      this.#counts.messages += messages.length;
      for (const message of messages) if (this.#examples.length < examplesKept) this.#examples.push({ check: one.check, ...message });
      if (differences.length === 0) this.#settled.set(place, { sealed: one.results, population: population.root, results: now });
      else this.#settled.delete(place);
    }
    for (const now of recomputed.values()) {
      const about = { check: now.check, parametersDigest: digestOf(now.parameters), otherLogic: judged.otherLogic };
      note({
        ...about,
        subject: '*',
        display: 'the check as a whole',
        sealed: null,
        recomputed: { outcome: 'no-evidence', reason: null, until: null },
      });
    }
  }
}

interface Judged {
  readonly checks: readonly CheckResults[];
  readonly population: readonly { readonly type: string; readonly id: string; readonly display: string }[];
  /** A collector it read is installed in another version. */
  readonly otherLogic: boolean;
  readonly notInstalled: ReadonlySet<string>;
}
type NotedDifference = Omit<VerdictDifference, 'source' | 'from' | 'to' | 'first' | 'last' | 'evaluations'>;

const keyOf = (check: string, parameters: Readonly<Record<string, unknown>>): string => `${check} ${digestOf(parameters)}`;
const wholeOf = (counts: { readonly fail: number; readonly pass: number }): Said => ({
  outcome: counts.fail > 0 ? 'fail' : counts.pass > 0 ? 'pass' : 'no-evidence',
  reason: null,
  until: null,
});

/**
 * Makes every verdict of a log again from the items that are sealed in it, by the logic that is installed here, and holds it against what was
 * sealed. Reads nothing but the log. A log that was tampered with is for `verify`; content that is not what was committed to ends it.
 * @throws ProoflineError `verification-failed`; Error naming the unit when installed logic has a bug
 */
export function recomputeEvaluations(reader: LogReader, registries: Registries): RecomputedEvaluations {
  return new EvaluationRecomputer(reader, registries).run();
}
