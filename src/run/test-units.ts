import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { unlimited } from '../collect/limiter.ts';
import { runCollector } from '../collect/run-collector.ts';
import { evaluateCheck } from '../evaluate/evaluate-check.ts';
import { type Check, exampleAsOf } from '../model/check.ts';
import type { Collector, ExchangeReply, SourceDefinition } from '../model/collector.ts';
import { GapReason } from '../model/completeness.ts';
import { ProoflineError, SourceError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { ReadResource } from '../model/resource.ts';
import { normaliseEvidence } from './normalise-evidence.ts';

/** What came of trying one check or collector on its own examples. */
export interface TestedUnit {
  readonly id: string;
  readonly kind: 'check' | 'collector';
  /** Examples of a check; exchanges of a collector's replay. */
  readonly examples: number;
  readonly problems: string[];
}

/** Judges every example of a check, with clock, randomness and network out of reach. Never throws for what is wrong with the check. */
export function testCheck(check: Check): TestedUnit {
  const problems: string[] = [];
  const groups = [
    ['pass', check.examples.pass],
    ['fail', check.examples.fail],
    ['not-applicable', check.examples.notApplicable ?? {}],
  ] as const;
  for (const needed of ['pass', 'fail'] as const) {
    if (Object.keys(check.examples[needed]).length === 0) problems.push(`has no example that ${needed === 'pass' ? 'passes' : 'fails'}`);
  }
  const shape = z.object(check.subject.shape);
  let examples = 0;
  for (const [expected, group] of groups) {
    for (const [name, example] of Object.entries(group)) {
      examples += 1;
      const { id, display, ...fields } = example as ReadResource['fields'] & { id: string; display: string };
      const fits = shape.safeParse(fields);
      if (!fits.success) {
        problems.push(`example "${name}" is no ${check.subject.type}: ${z.prettifyError(fits.error).replaceAll('\n', ' ')}`);
        continue;
      }
      const subject: ReadResource = { type: check.subject.type, id, display, fields: fits.data, unread: {} };
      const said = outcomeOf(check, subject);
      if (said !== expected) problems.push(`example "${name}" is to be ${expected} and is ${said}`);
      if (expected === 'fail') problems.push(...passesUnseen(check, subject, name));
    }
  }
  return { id: check.id, kind: 'check', examples, problems };
}

function outcomeOf(check: Check, subject: ReadResource): string {
  try {
    return withoutWorld(() => {
      const [result] = evaluateCheck(check, { resources: [subject], incomplete: [] }, { asOf: exampleAsOf, parameters: {} });
      // A subject the check does not apply to leaves its population empty.
      return result?.outcome === 'empty' ? 'not-applicable' : (result?.outcome ?? 'no result');
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `an error: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** A failing subject of which one field was not read may be anything but a pass. */
function passesUnseen(check: Check, subject: ReadResource, name: string): string[] {
  return Object.keys(subject.fields).flatMap((field) => {
    const { [field]: _, ...fields } = subject.fields;
    const said = outcomeOf(check, { ...subject, fields, unread: { [field]: 'access-denied' } });
    return said === 'pass' ? [`example "${name}" passes when ${field} was not read`] : [];
  });
}

/** A check that asks for the time, for chance or for the network is caught here, not in seven years. */
function withoutWorld<T>(work: () => T): T {
  const { Date: RealDate, fetch: realFetch } = globalThis;
  const realRandom = Math.random;
  const refuse = (what: string) => () => {
    throw new Error(`a check may not ask for ${what}: it gets \`asOf\``);
  };
  class FixedDate extends RealDate {
    constructor(...values: [] | [number | string | Date]) {
      if (values.length === 0) refuse('the time')();
      super(...(values as [number]));
    }
    static override now = refuse('the time') as () => number;
  }
  globalThis.Date = FixedDate as DateConstructor;
  globalThis.fetch = refuse('the network') as unknown as typeof fetch;
  Math.random = refuse('chance') as () => number;
  try {
    return work();
  } finally {
    globalThis.Date = RealDate;
    globalThis.fetch = realFetch;
    Math.random = realRandom;
  }
}

/** `replay.json` beside a collector: what the source answers, and what is to come of it. */
export const Replay = z.strictObject({
  region: z.string().optional(),
  settings: z.record(z.string(), z.json()).default({}),
  exchanges: z.array(
    z.strictObject({
      operation: z.string(),
      input: z.record(z.string(), z.json()).optional().meta({ description: 'Parameters that must be among those sent' }),
      output: z.record(z.string(), z.json()).optional(),
      error: z.strictObject({ reason: GapReason, code: z.string().optional() }).optional(),
    }),
  ),
  resources: z
    .array(z.strictObject({ type: z.string(), display: z.string(), fields: z.record(z.string(), z.json()).default({}) }))
    .meta({ description: 'The resources that come of it, in any order; of their fields those that matter' }),
  complete: z.boolean().default(true),
});

/** Runs a collector against its `replay.json`. Never throws for what is wrong with the collector. */
export async function testCollector(collector: Collector<never>, directory: string, definition: SourceDefinition): Promise<TestedUnit> {
  const file = join(directory, 'replay.json');
  const done = (examples: number, problems: string[]): TestedUnit => ({ id: collector.id, kind: 'collector', examples, problems });
  if (!existsSync(file)) return done(0, [`has no ${file}`]);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return done(0, [`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const parsed = Replay.safeParse(value);
  if (!parsed.success) return done(0, [`${file}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`]);
  const replay = parsed.data;
  const problems: string[] = [];
  const source = `${definition.kind}:1`;
  const left = [...replay.exchanges];
  const exchange = async (operation: string, input: JsonObject): Promise<ExchangeReply> => {
    const index = left.findIndex(
      (known) =>
        known.operation === operation &&
        Object.entries(known.input ?? {}).every(([name, wanted]) => JSON.stringify(input[name]) === JSON.stringify(wanted)),
    );
    const [known] = index === -1 ? [] : left.splice(index, 1);
    if (known?.output !== undefined) {
      const bytes = new TextEncoder().encode(JSON.stringify(known.output));
      return { output: known.output, status: 200, headers: {}, bytes, host: '127.0.0.1' };
    }
    if (known?.error === undefined) problems.push(`asks ${operation} ${JSON.stringify(input)}, which ${file} does not answer`);
    throw new SourceError(
      known?.error?.reason ?? 'not-collected',
      operation,
      known?.error?.code === undefined ? {} : { sourceCode: known.error.code },
    );
  };
  let clock = Date.parse(exampleAsOf);
  const tick = () => {
    clock += 1;
    return clock;
  };
  try {
    const evidence = await runCollector({
      collector: collector as Collector<unknown>,
      source: definition as SourceDefinition<unknown>,
      exchange,
      sourceId: source,
      tenant: '1',
      region: replay.region,
      settings: replay.settings,
      logic: `sha256:${'0'.repeat(64)}`,
      session: 'test',
      principal: null,
      trigger: { name: 'test', authentication: 'none' },
      concurrency: 1,
      now: () => new Date(tick()).toISOString(),
      monotonic: tick,
      limiter: unlimited,
    });
    const scope = replay.region === undefined ? source : `${source}/${replay.region}`;
    const read = normaliseEvidence(collector, evidence.items, { id: source, tenant: '1', settings: replay.settings }, scope);
    if ((evidence.gaps.length === 0) !== replay.complete) {
      const gaps = evidence.gaps.map(({ operation, reason }) => `${operation}: ${reason}`).join(', ');
      problems.push(replay.complete ? `is to be complete and is not: ${gaps}` : 'is to be incomplete and is complete');
    }
    if (read.malformedCount > 0) problems.push(`${read.malformedCount} items or fields could not be read`);
    problems.push(...differences(replay.resources, read.resources));
    for (const { operation } of left) problems.push(`never asks ${operation}, which ${file} answers`);
  } catch (error) {
    if (error instanceof ProoflineError) problems.push(error.message);
    else problems.push(`fails: ${error instanceof Error ? error.message : String(error)}`);
  }
  return done(replay.exchanges.length, problems);
}

function differences(expected: z.output<typeof Replay>['resources'], found: readonly ReadResource[]): string[] {
  const problems: string[] = [];
  const left = [...found];
  for (const wanted of expected) {
    const index = left.findIndex(({ type, display }) => type === wanted.type && display === wanted.display);
    const [resource] = index === -1 ? [] : left.splice(index, 1);
    if (resource === undefined) {
      problems.push(`makes no ${wanted.type} "${wanted.display}"`);
      continue;
    }
    for (const [field, value] of Object.entries(wanted.fields)) {
      const said = JSON.stringify(resource.fields[field]) ?? `not read (${resource.unread[field] ?? 'no such field'})`;
      if (said !== JSON.stringify(value))
        problems.push(`${wanted.type} "${wanted.display}": ${field} is to be ${JSON.stringify(value)} and is ${said}`);
    }
  }
  for (const { type, display } of left) problems.push(`makes a ${type} "${display}" that nobody expects`);
  return problems;
}
