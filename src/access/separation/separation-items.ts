import type { GapReason } from '../../model/completeness.ts';
import type { DerivedInput } from '../../model/derived.ts';
import { type DerivedItem, derivedItem } from '../people/derived-item.ts';
import { findConflicts, type RuleOutcome, type Separation } from './find-conflicts.ts';
import { type MitigationStanding, mitigationsOf, standingOf } from './mitigations.ts';
import { readSeparation } from './read-separation.ts';
import type { SettledRule } from './settings.ts';

interface Judged {
  readonly separation: Separation;
  readonly mitigation: MitigationStanding;
}

/** Per rule everybody whom it concerns, with what he holds, whether that is a conflict and what mitigates it; and each rule as a whole. */
export function separationItems(input: DerivedInput): DerivedItem[] {
  const read = readSeparation(input);
  if (read === null) return [];
  const rules = new Map(read.settings.rules.map((rule) => [rule.id, rule]));
  const records = Map.groupBy(mitigationsOf(input.decisions), ({ mitigation }) => mitigation.rule);
  const standing = { at: input.at, decisions: input.decisions, persons: read.persons, results: input.results };
  return findConflicts(read).flatMap((outcome) => {
    const rule = rules.get(outcome.rule);
    if (rule === undefined) return [];
    const own = records.get(rule.id) ?? [];
    const judged = outcome.separations.map((separation): Judged => ({ separation, mitigation: standingOf(separation, own, standing) }));
    return [...judged.map((one) => itemAgain(rule, one)), ruleItem(rule, outcome, judged, read.unreadable)];
  });
}

/** The item of an earlier reading, if the rule came to the same and so did what mitigates it, which time alone can change. */
function itemAgain(rule: SettledRule, one: Judged): DerivedItem {
  const before = items.get(one.separation);
  if (before?.rule === rule && isSameStanding(before.mitigation, one.mitigation)) return before.item;
  const item = itemOf(rule, one);
  items.set(one.separation, { rule, mitigation: one.mitigation, item });
  return item;
}
const items = new WeakMap<
  Separation,
  { readonly rule: SettledRule; readonly mitigation: MitigationStanding; readonly item: DerivedItem }
>();
const isSameStanding = (one: MitigationStanding, other: MitigationStanding) =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

function itemOf(rule: SettledRule, { separation, mitigation }: Judged): DerivedItem {
  const { conflict } = separation;
  const fields = {
    ...headOf(rule),
    holder: separation.holder,
    holderKind: separation.kind,
    name: separation.name,
    holds: separation.holds,
    conflict,
    mitigation,
    notEvaluated: separation.notEvaluated,
    unseen: separation.unseen,
  };
  const unread: Record<string, GapReason> = typeof conflict === 'boolean' ? {} : { conflict: conflict.unknown };
  return derivedItem('separation', `${rule.id}/${separation.holder}`, fields, unread);
}

function ruleItem(rule: SettledRule, outcome: RuleOutcome, judged: readonly Judged[], unreadable: number): DerivedItem {
  const conflicts = judged.filter(({ separation }) => separation.conflict === true);
  const fields = {
    ...headOf(rule),
    duties: rule.allOf,
    examined: judged.length,
    conflicts: conflicts.length,
    unmitigated: conflicts.filter(({ mitigation }) => mitigation.standing !== 'in-force').length,
    undecided: judged.filter(({ separation }) => typeof separation.conflict !== 'boolean').length,
    unresolved: judged.filter(({ separation }) => separation.kind === 'unresolved-account').map(({ separation }) => separation.name),
    notConnected: outcome.notConnected,
    notSeenWhole: outcome.notSeenWhole,
  };
  const gap = outcome.gap ?? (unreadable > 0 ? 'malformed-reply' : null);
  return derivedItem('rule', rule.id, fields, gap === null ? {} : { conflicts: gap, unmitigated: gap, undecided: gap });
}

function headOf({ id, title, severity, strength }: SettledRule) {
  return { rule: id, title, severity, strength };
}
