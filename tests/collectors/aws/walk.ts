import assert from 'node:assert/strict';
import type { AwsClient } from '../../../collectors/aws/client.ts';
import source from '../../../collectors/aws/source.ts';
import type { Check, Collector, Exchange, JsonObject } from '../../../src/authoring.ts';
import { unlimited } from '../../../src/collect/limiter.ts';
import { type Normalised, normaliseItems } from '../../../src/collect/normalise-items.ts';
import { defaultRetry } from '../../../src/collect/retry.ts';
import { runCollector } from '../../../src/collect/run-collector.ts';
import { evaluateCheck } from '../../../src/evaluate/evaluate-check.ts';
import { exampleAsOf } from '../../../src/model/check.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { type Answer, denied, type Replay, replay } from '../replay.ts';

export const account = '111122223333';
export const region = 'eu-central-1';
export type Answers = Readonly<Record<string, Answer | object | null>>;

export interface Walked {
  readonly evidence: Evidence;
  readonly normalised: Normalised;
  /** Fields of the resource of that display, with `unread` beside them. */
  resource(display: string): { readonly fields: Readonly<Record<string, unknown>>; readonly unread: Readonly<Record<string, string>> };
  /** `display: outcome` of every result, for a check with its default parameters or others. */
  outcomes(check: unknown, parameters?: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>;
}

export interface ReplayedWalk extends Walked {
  readonly replay: Replay;
}

/** Collects from replayed answers, normalises, and judges: the walk without the store. Nothing is retried. */
export async function walk(collector: Collector<AwsClient>, answers: Answers, settings: JsonObject = {}): Promise<ReplayedWalk> {
  const replayed = replay(answers);
  return { ...(await collectAndJudge(collector, { exchange: replayed.exchange, account, region, settings })), replay: replayed };
}

/** The same through any exchange. */
export async function collectAndJudge(
  collector: Collector<AwsClient>,
  from: { readonly exchange: Exchange; readonly account: string; readonly region: string; readonly settings?: JsonObject },
): Promise<Walked> {
  const regional = collector.scope === 'region' ? from.region : undefined;
  const { settings = {} } = from;
  let clock = 0;
  const evidence = await runCollector<AwsClient>({
    collector,
    source,
    exchange: from.exchange,
    sourceId: `aws:${from.account}`,
    tenant: from.account,
    region: regional,
    settings,
    logic: `sha256:${'0'.repeat(64)}`,
    session: 'proofline-test',
    principal: null,
    trigger: { name: 'test', authentication: 'none' },
    concurrency: 20,
    now: () => exampleAsOf,
    monotonic: () => (clock += 1),
    limiter: unlimited,
    retry: { ...defaultRetry, attempts: 1 },
  });
  const normalised = normaliseItems(collector, evidence.items, {
    source: `aws:${from.account}`,
    tenant: from.account,
    region: regional ?? null,
    settings,
  });
  return {
    evidence,
    normalised,
    resource(display) {
      const found = normalised.resources.find((one) => one.display === display);
      assert.ok(found, `no resource ${display} among ${normalised.resources.map((one) => one.display).join(', ')}`);
      return found;
    },
    outcomes(check, parameters = {}) {
      const any = check as Check;
      const incomplete = normalised.incomplete
        .filter(({ type }) => type === any.subject.type)
        .map(({ reason }) => ({ scope: evidence.scope, reason }));
      const results = evaluateCheck(any, { resources: normalised.resources, incomplete }, { asOf: exampleAsOf, parameters });
      return Object.fromEntries(results.map(({ subject, display, outcome }) => [subject.startsWith('*') ? subject : display, outcome]));
    },
  };
}

/**
 * Denies every declared operation in turn and asserts that no verdict is better or worse for it: what was a pass or a failure stays or
 * becomes `no-evidence`. @returns the operations whose denial took evidence away.
 */
export async function denialTakesEvidenceAway(
  collector: Collector<AwsClient>,
  answers: Answers,
  checks: readonly unknown[],
): Promise<string[]> {
  const whole = await walk(collector, answers);
  const took: string[] = [];
  for (const operation of Object.keys(collector.items)) {
    const without = await walk(collector, { ...answers, [operation]: () => denied(operation) });
    if (without.replay.count(operation) === 0) continue;
    assert.equal(without.evidence.gaps.length > 0, true, `${operation}: the denial is not recorded`);
    assert.equal(without.normalised.completeness.kind, 'incomplete', `${operation}: complete although denied`);
    let lost = false;
    for (const check of checks) {
      const before = whole.outcomes(check);
      for (const [subject, outcome] of Object.entries(without.outcomes(check))) {
        if (outcome === 'no-evidence') lost = true;
        else assert.equal(outcome, before[subject], `${(check as Check).id} of ${subject} with ${operation} denied`);
      }
    }
    if (lost) took.push(operation);
  }
  return took;
}
