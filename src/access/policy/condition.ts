import type { Condition } from './policy-document.ts';
import { matchesWildcard } from './wildcard.ts';

/** What is known of every request a principal can make, by condition key in lower case; null: the key is never there. */
export interface StaticContext {
  readonly values: ReadonlyMap<string, string | null>;
}

/** `open`: only the request could tell. */
export type Answer = 'met' | 'not-met' | 'open';

/**
 * Whether conditions hold for every request of the principal, for none, or for some. A statement's conditions are all to be met; the
 * values of one are alternatives.
 */
export function weighConditions(conditions: readonly Condition[], context: StaticContext): { answer: Answer; open: readonly string[] } {
  const open: string[] = [];
  let met = true;
  for (const condition of conditions) {
    const answer = weigh(condition, context);
    if (answer === 'open') open.push(`condition ${condition.operator} ${condition.key}`);
    if (answer === 'not-met') met = false;
  }
  // One that is never met decides, whatever the others come to.
  if (!met) return { answer: 'not-met', open: [] };
  return { answer: open.length === 0 ? 'met' : 'open', open };
}

type Comparison = { readonly negated: boolean; readonly holds: (value: string, wanted: string) => boolean };
const same = (value: string, wanted: string) => value === wanted;
const sameIgnoringCase = (value: string, wanted: string) => value.toLowerCase() === wanted.toLowerCase();
const like = (value: string, wanted: string) => matchesWildcard(wanted, value);
const comparisons: Readonly<Record<string, Comparison>> = {
  stringequals: { negated: false, holds: same },
  stringnotequals: { negated: true, holds: same },
  stringequalsignorecase: { negated: false, holds: sameIgnoringCase },
  stringnotequalsignorecase: { negated: true, holds: sameIgnoringCase },
  stringlike: { negated: false, holds: like },
  stringnotlike: { negated: true, holds: like },
  arnequals: { negated: false, holds: arnLike },
  arnlike: { negated: false, holds: arnLike },
  arnnotequals: { negated: true, holds: arnLike },
  arnnotlike: { negated: true, holds: arnLike },
};

function weigh({ operator, key, values }: Condition, { values: known }: StaticContext): Answer {
  const value = known.get(key.toLowerCase());
  if (value === undefined) return 'open';
  // A value that holds a variable stands for something of the request.
  if (values.some((wanted) => wanted.includes('${'))) return 'open';
  const [, quantifier, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(operator) ?? [];
  // Sets are of keys with several values; what is known here has one.
  if (quantifier !== undefined) return 'open';
  if (name.toLowerCase() === 'null') return values.some((wanted) => (wanted === 'true') === (value === null)) ? 'met' : 'not-met';
  const comparison = comparisons[name.toLowerCase()];
  if (comparison === undefined) return 'open';
  if (value === null) return comparison.negated || ifExists !== undefined ? 'met' : 'not-met';
  return values.some((wanted) => comparison.holds(value, wanted)) !== comparison.negated ? 'met' : 'not-met';
}

/** Part by part, so that a `*` does not run over a colon; all after the fifth is one part. */
function arnLike(value: string, wanted: string): boolean {
  const [parts, patterns] = [partsOf(value), partsOf(wanted)];
  return patterns.every((pattern, index) => matchesWildcard(pattern, parts[index] ?? '')) && parts.length === patterns.length;
}
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
