import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AwsClient } from '../../../collectors/aws/client.ts';
import { findOperation } from '../../../collectors/aws/operations.ts';
import source from '../../../collectors/aws/source.ts';
import type { Collector, ExchangeScope, JsonObject } from '../../../src/authoring.ts';
import { evaluateCheck } from '../../../src/evaluate/evaluate-check.ts';
import type { Check } from '../../../src/model/check.ts';
import { type Answer, type Collected, collectWith, denied, replay, unavailable } from '../replay.ts';
import { bad, collectors, good } from './identity-account.ts';

const directory = new URL('../../../checks/aws/', import.meta.url);
const checks: readonly Check[] = await Promise.all(
  readdirSync(directory).map(async (file) => ((await import(new URL(file, directory).href)) as { default: Check }).default),
);
const checksOf = (collector: Collector<AwsClient>) =>
  checks.filter((check) => collector.yields.some(({ type }) => type === check.subject.type));

function outcomes(collector: Collector<AwsClient>, collected: Collected, of: Check) {
  return evaluateCheck(
    of,
    {
      resources: collected.resources,
      incomplete: collected.incomplete
        .filter(({ type }) => type === of.subject.type)
        .map(({ reason }) => ({ scope: 'aws:111122223333', reason })),
    },
    { asOf: '2026-01-15T12:00:00.000Z', parameters: of.parameters.parse({}) },
  ).map((result) => ({ subject: result.subject, outcome: result.outcome, collector: collector.id }));
}

/** What each collector asks of the good account: found by running it, so that no operation is forgotten below. */
const asked = new Map(
  await Promise.all(
    collectors.map(async (collector) => {
      const { exchange, calls } = replay(good);
      await collectWith(collector, source, exchange);
      return [collector.id, [...new Set(calls.map((call) => call.operation))]] as const;
    }),
  ),
);

describe.each(collectors.map((collector) => [collector.id, collector] as const))('%s', (id, collector) => {
  const operations = asked.get(id) ?? [];

  it('sees the whole of a good account, and leaves no field unread but those AWS cannot tell', async () => {
    const { exchange } = replay(good);
    const collected = await collectWith(collector, source, exchange);
    expect(collected.evidence.gaps).toEqual([]);
    expect(collected.completeness).toEqual({ kind: 'complete' });
    expect(collected.resources.length).toBeGreaterThan(0);
    const unread = collected.resources.flatMap((resource) => Object.keys(resource.unread).map((field) => `${resource.type} ${field}`));
    const untold = ['aws.identity-center.user hasSecondFactor', 'aws.iam.identity-provider requiresSecondFactor'];
    expect(unread.filter((field) => !untold.includes(field))).toEqual([]);
  });

  it('yields every type it declares, calls every operation it has a rule for, and declares exactly the permissions it needs', async () => {
    const { exchange } = replay(good);
    const collected = await collectWith(collector, source, exchange);
    expect([...new Set(collected.resources.map(({ type }) => type))].sort()).toEqual(collector.yields.map(({ type }) => type).sort());
    expect([...operations].sort()).toEqual(Object.keys(collector.items).sort());
    expect([...new Set(operations.map((operation) => source.permissionFor(operation)))].sort()).toEqual([...collector.permissions].sort());
  });

  it('makes the same items and resources twice', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => collectWith(collector, source, replay(good).exchange)));
    expect(second?.evidence.items).toEqual(first?.evidence.items);
    expect(second?.resources).toEqual(first?.resources);
  });

  it('fails in the bad account whatever can fail, and in the good one only what is not approved there', async () => {
    const judged = async (answers: typeof good, outcome: string) => {
      const collected = await collectWith(collector, source, replay(answers).exchange);
      return checksOf(collector)
        .filter((check) => outcomes(collector, collected, check).some((result) => result.outcome === outcome))
        .map((check) => check.id);
    };
    const all = checksOf(collector).map((check) => check.id);
    expect((await judged(bad, 'fail')).sort()).toEqual(all.filter((check) => !passesInBoth.has(check)).sort());
    expect((await judged(good, 'fail')).filter((check) => !needsApproval.has(check))).toEqual([]);
  });

  it.each([
    ['good', good],
    ['bad', bad],
  ] as const)('no field of a reply of the %s account can be lost or turned into nonsense to change a verdict', async (_, answers) => {
    const whole = await collectWith(collector, source, replay(answers).exchange);
    const turned: string[] = [];
    const verdicts = checksOf(collector).map(
      (check) => new Map(outcomes(collector, whole, check).map(({ subject, outcome }) => [subject, outcome])),
    );
    for (const operation of operations) {
      const usual = answers[operation];
      const sample: unknown = typeof usual === 'function' ? (usual as Answer)({}, {}) : usual;
      for (const path of pathsIn(sample)) {
        for (const wrong of absenceMeans.has(`${operation} ${String(path.at(-1))}`) ? wrongValues.slice(1) : wrongValues) {
          const answer: Answer = (input, scope) =>
            changedAt(typeof usual === 'function' ? (usual as Answer)(input, scope) : usual, path, wrong);
          const collected = await collectWith(collector, source, replay({ ...answers, [operation]: answer }).exchange);
          for (const [index, check] of checksOf(collector).entries()) {
            for (const { subject, outcome } of outcomes(collector, collected, check)) {
              const was = verdicts[index]?.get(subject);
              // A subject whose very name was changed is another one.
              if (outcome === 'no-evidence' || was === undefined) continue;
              const where = `${check.id} of ${subject} with ${operation} ${path.join('.')} = ${JSON.stringify(wrong)}`;
              if (outcome !== was) turned.push(`${where}: ${was} became ${outcome}`);
            }
          }
        }
      }
    }
    expect(turned).toEqual([]);
  });

  const paged = operations.filter((operation) => findOperation(operation)?.facts.paging !== undefined);
  it.runIf(paged.length > 0).each(paged)('reads every page of %s, and says so when the second is denied or circles', async (operation) => {
    const paging = findOperation(operation)?.facts.paging;
    if (!paging) return;
    const usual = good[operation];
    const page = (input: JsonObject, scope: ExchangeScope) => ({
      ...((typeof usual === 'function' ? (usual as Answer)(input, scope) : usual) as object),
    });
    const more = { [paging.reply]: 'next', ...(paging.more === undefined ? {} : { [paging.more]: true }) };
    const isFirst = (input: JsonObject) => input[paging.request] === undefined;
    const whole = await collectWith(collector, source, replay(good).exchange);

    const denying = replay({
      ...good,
      [operation]: (input, scope) => (isFirst(input) ? { ...page(input, scope), ...more } : denied(operation)),
    });
    const cut = await collectWith(collector, source, denying.exchange);
    expect(cut.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
    expect(denying.calls.filter((call) => call.operation === operation).map((call) => call.input[paging.request] ?? null)).toContain(
      'next',
    );
    for (const check of checksOf(collector)) {
      const before = new Map(outcomes(collector, whole, check).map(({ subject, outcome }) => [subject, outcome]));
      for (const { subject, outcome } of outcomes(collector, cut, check)) {
        if (outcome !== 'no-evidence') expect([check.id, subject, outcome]).toEqual([check.id, subject, before.get(subject)]);
      }
    }
    const circling = await collectWith(
      collector,
      source,
      replay({ ...good, [operation]: (input, scope) => ({ ...page(input, scope), ...more }) }).exchange,
    );
    expect(circling.evidence.gaps.map((gap) => gap.reason)).toContain('truncated');
  });

  describe.each(operations)('when %s', (operation) => {
    const faults: readonly (readonly [string, Answer | object | null])[] = [
      ['is denied', () => denied(operation)],
      ['is down', () => unavailable(operation)],
      ['answers with nothing in it', {}],
      ['answers with a page', '<html>503</html>' as unknown as object],
      ['answers in other shapes', scrambled(good[operation])],
    ];
    it.each(faults)('%s, it says so, and nothing that read it passes that would not otherwise', async (name, fault) => {
      const collected = await collectWith(collector, source, replay({ ...good, [operation]: fault }).exchange);
      // An empty answer is S3's own word for "never versioned".
      const isKnowledge = operation === 's3:GetBucketVersioning' && name === 'answers with nothing in it';
      if (isKnowledge) return;
      expect(collected.completeness.kind).toBe('incomplete');
      const whole = await collectWith(collector, source, replay(good).exchange);
      for (const check of checksOf(collector)) {
        const before = new Map(outcomes(collector, whole, check).map(({ subject, outcome }) => [subject, outcome]));
        for (const { subject, outcome } of outcomes(collector, collected, check)) {
          if (outcome === 'no-evidence' || outcome === 'not-applicable') continue;
          expect([check.id, subject, before.get(subject)]).toEqual([check.id, subject, outcome]);
        }
      }
    });
  });
});

/** The same members with values of another kind. */
function scrambled(answer: Answer | object | null | undefined): Answer {
  return (input, scope) => {
    const output: unknown = typeof answer === 'function' ? (answer as Answer)(input, scope) : answer;
    return turn(output);
  };
}
function turn(value: unknown): unknown {
  if (Array.isArray(value)) return { 0: 'not a list' };
  if (typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, turn(member)]));
  }
  return typeof value === 'string' ? 17 : 'seventeen';
}

/** Nobody can see it, or the bad account shows the other way to fail. */
const passesInBoth = new Set<string>([
  'aws/federated-identities-have-mfa',
  'aws/identity-center-user-has-mfa',
  'aws/password-policy-set',
  'aws/multi-region-trail-logs',
  'aws/trail-is-logging',
  'aws/kms-key-not-pending-deletion',
  'aws/guardduty-enabled',
]);
/** Who may do more than others is for the entity to say; without its word, these fail. */
const needsApproval = new Set<string>([
  'aws/administrator-access-is-approved',
  'aws/cross-account-trust-is-approved',
  'aws/human-access-is-federated',
  'aws/log-tampering-rights-are-separate',
  'aws/production-role-not-assumable-from-non-production',
  // The vendor's role in the good account was never used.
  'aws/role-used-recently',
]);

/** Gone, null, and of a type that no field of these has. */
const wrongValues = [undefined, null, { odd: true }, [['odd']]] as const;

/** Where AWS's reference says that a field is left out when there is none of it: its absence is knowledge. */
const absenceMeans = new Set<string>([
  'iam:GetAccountPasswordPolicy PasswordReusePrevention',
  'cloudtrail:DescribeTrails KmsKeyId',
  'cloudtrail:GetTrailStatus LatestDeliveryTime',
  's3:GetObjectLockConfiguration Rule',
]);

function pathsIn(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (value instanceof Date || value instanceof Uint8Array || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [path]), ...pathsIn(member, path)];
  });
}
function changedAt(value: unknown, [key, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) return value.map((member: unknown, index) => (index === key ? changedAt(member, rest, to) : member));
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.entries(value).map(([name, member]) => [name, name === key ? changedAt(member, rest, to) : member] as const);
  return Object.fromEntries(changed.filter(([, member]) => member !== undefined));
}
