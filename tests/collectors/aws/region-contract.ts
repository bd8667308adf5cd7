import { describe, expect, test } from 'vitest';
import type { AwsClient } from '../../../collectors/aws/client.ts';
import type { Check, Collector, ExchangeScope, JsonObject } from '../../../src/authoring.ts';
import { denied, paged, unavailable } from '../replay.ts';
import { type Answers, denialTakesEvidenceAway, walk } from './walk.ts';

export interface Described {
  readonly collector: Collector<AwsClient>;
  /** Answers of an account with a few good and bad subjects. */
  readonly answers: Answers;
  /** The operation that lists the subjects, where in its reply, and how its pages hang together; without `token` it has one page. */
  readonly list: { readonly operation: string; readonly into: string; readonly request?: string; readonly reply?: string };
  /** Fields by whose absence the source says something: "is no member", "is no replica". */
  readonly absenceMeans?: readonly string[];
  /** Every check of what the collector yields, and what it says of each subject. */
  readonly verdicts: readonly (readonly [check: unknown, outcomes: Readonly<Record<string, string>>])[];
}

/** What holds of every collector that lists something in a region: nothing is silent, and nothing unseen is judged. */
export function describeCollector({ collector, answers, list, verdicts, absenceMeans = [] }: Described): void {
  const checks = verdicts.map(([check]) => check);
  const entries = (answers[list.operation] as Readonly<Record<string, readonly unknown[]>>)[list.into] ?? [];
  const everything = async (given: Answers) => {
    const { outcomes } = await walk(collector, given);
    return checks.map((check) => outcomes(check));
  };

  describe(collector.id, () => {
    test('what is there is read whole and judged', async () => {
      const { normalised, outcomes } = await walk(collector, answers);
      expect(normalised).toMatchObject({ completeness: { kind: 'complete' }, malformed: [], malformedFields: [] });
      expect(normalised.resources.flatMap(({ display, unread }) => Object.keys(unread).map((field) => `${display}.${field}`))).toEqual([]);
      for (const [check, expected] of verdicts) expect([(check as Check).id, outcomes(check)]).toEqual([(check as Check).id, expected]);
    });

    test('nothing there is a complete and empty population', async () => {
      const { normalised, outcomes } = await walk(collector, { ...answers, [list.operation]: { [list.into]: [] } });
      expect(normalised.completeness).toEqual({ kind: 'complete' });
      for (const check of checks) expect(outcomes(check)).toEqual({ '*': 'empty' });
    });

    test.each([
      ['denied', () => denied(list.operation)],
      ['unavailable', () => unavailable(list.operation)],
      ['answered with nothing', () => ({})],
      ['answered with something else', () => ({ [list.into]: 'none' })],
      ['answered with subjects that are none', () => ({ [list.into]: [{}, 'x', null] })],
    ])('the list %s is no empty population', async (_, answer) => {
      for (const outcomes of await everything({ ...answers, [list.operation]: answer }))
        expect(outcomes).toEqual({ '*eu-central-1': 'no-evidence' });
    });

    const { request, reply } = list;
    if (request !== undefined && reply !== undefined) {
      const pages = (deniedFrom?: number) =>
        paged(entries, {
          size: 1,
          into: list.into,
          request,
          reply,
          operation: list.operation,
          ...(deniedFrom === undefined ? {} : { deniedFrom }),
        });

      test('all pages are read', async () => {
        const { normalised } = await walk(collector, { ...answers, [list.operation]: pages() });
        const whole = await walk(collector, answers);
        expect(normalised.resources).toEqual(whole.normalised.resources);
      });

      test('the second page denied is said aloud, and the first is judged', async () => {
        const { normalised, outcomes } = await walk(collector, { ...answers, [list.operation]: pages(2) });
        expect(normalised.completeness).toEqual({ kind: 'incomplete', reasons: ['access-denied'] });
        for (const [check, whole] of verdicts) {
          const said = outcomes(check);
          expect(said['*eu-central-1']).toBe('no-evidence');
          for (const [subject, outcome] of Object.entries(said)) if (outcome !== 'no-evidence') expect(outcome).toBe(whole[subject]);
        }
      });
    }

    test('every operation denied in turn takes evidence away and makes no verdict better or worse', async () => {
      expect(await denialTakesEvidenceAway(collector, answers, checks)).toContain(list.operation);
    });

    test('a field that is missing, null or something else makes no verdict better or worse', async () => {
      const whole = await walk(collector, answers);
      const before = checks.map((check) => whole.outcomes(check));
      let changed = 0;
      for (const { operation, input } of whole.replay.calls) {
        const answer = answers[operation];
        const usual = (asked: JsonObject, scope: ExchangeScope) => (typeof answer === 'function' ? answer(asked, scope) : answer);
        const output = usual(input, {});
        if (output instanceof Error) continue;
        for (const path of pathsIn(output)) {
          const absent = absenceMeans.includes(String(path.at(-1)));
          for (const value of absent ? wrongValues.slice(2) : wrongValues) {
            const other = changedAt(output, path, value);
            const isThis = (asked: JsonObject) => JSON.stringify(asked) === JSON.stringify(input);
            const { outcomes } = await walk(collector, {
              ...answers,
              [operation]: (asked: JsonObject, scope: ExchangeScope) => (isThis(asked) ? other : usual(asked, scope)),
            });
            for (const [index, check] of checks.entries()) {
              for (const [subject, outcome] of Object.entries(outcomes(check))) {
                const was = before[index]?.[subject];
                if (outcome !== was) changed += 1;
                // A subject whose very name was changed is another one.
                if (outcome === 'no-evidence' || outcome === 'empty' || was === undefined) continue;
                const where = `${(check as Check).id} of ${subject} with ${operation} ${path.join('.')} = ${JSON.stringify(value)}`;
                expect(`${where}: ${outcome}`).toBe(`${where}: ${was}`);
              }
            }
          }
        }
      }
      expect(changed).toBeGreaterThan(0);
    });

    test('a subject of which only the name is known is judged by nobody', async () => {
      const bare = entries.map((entry) =>
        typeof entry === 'string'
          ? entry
          : Object.fromEntries(
              Object.entries(entry as object).filter(
                ([name]) => /(?:Id|Identifier|Name)$/.test(name) && !/Owner|Kms|Replica|Cluster(?!Id)|ReplicationGroupId$/.test(name),
              ),
            ),
      );
      const others = Object.fromEntries(Object.keys(collector.items).map((operation) => [operation, {}]));
      for (const [index, outcomes] of (await everything({ ...others, [list.operation]: { [list.into]: bare } })).entries()) {
        for (const [subject, outcome] of Object.entries(outcomes))
          expect([(checks[index] as Check).id, subject, outcome]).toEqual([(checks[index] as Check).id, subject, 'no-evidence']);
      }
    });
  });
}

/** Gone, null, and of a type that no field of these has. */
export const wrongValues = [undefined, null, { odd: true }, [['odd']]] as const;

export type Path = readonly (string | number)[];
export function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return path.length === 0 ? [] : [path];
  const inside = Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]));
  return path.length === 0 ? inside : [path, ...inside];
}
export function changedAt(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const members = copy as Record<string | number, unknown>;
  if (rest.length === 0 && by === undefined && Array.isArray(copy)) copy.splice(Number(key), 1, {});
  else if (rest.length === 0 && by === undefined) delete members[key];
  else members[key] = changedAt(members[key], rest, by);
  return copy;
}
