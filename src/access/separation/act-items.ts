import type { DerivedInput } from '../../model/derived.ts';
import { type DerivedItem, derivedItem } from '../people/derived-item.ts';
import { actsOfChanges, readChanges } from './acts-of-changes.ts';
import { actsOfDecisions } from './acts-of-decisions.ts';
import { actsOfEvents, eventTypes } from './acts-of-events.ts';
import { actsOfRecords, recordActTypes } from './acts-of-records.ts';
import type { Doer } from './compare-doers.ts';
import { holdersOfDuty } from './find-conflicts.ts';
import { type Act, type DutyHolders, judgeAct } from './judge-act.ts';
import { readSeparation } from './read-separation.ts';
import { type ActKind, kindOfRole, type SeparationSettings, type SettledRule } from './settings.ts';
import { whoDid } from './who-did.ts';

/** What acts are read from, per kind. */
const typesOf: Readonly<Record<ActKind, readonly string[]>> = {
  change: ['github.change'],
  'protection-lift': ['github.change-event'],
  'access-request': ['ticket.access-request'],
  'access-grant': [...eventTypes],
  'log-change': ['aws.cloudtrail.event', 'aws.cloudtrail.file-event'],
  'backup-deletion': ['aws.cloudtrail.event', 'aws.cloudtrail.file-event'],
  'payroll-run': ['app.payroll-run'],
  'data-change': ['app.data-change'],
  'file-transfer': ['app.file-transfer'],
  exception: [],
};
/** Resource types in which somebody is seen doing something. */
export const actTypes: readonly string[] = [...new Set([...Object.values(typesOf).flat(), ...recordActTypes])].sort();

/** Everything that happened and that a rule has something to say of, with who had which part; and per rule all of it together. */
export function actItems(input: DerivedInput): DerivedItem[] {
  const read = readSeparation(input);
  if (read === null) return [];
  const { settings, accounts, persons } = read;
  const who = whoDid(input, accounts, persons);
  const names = new Map(persons.map(({ id, name }) => [id, name]));
  const changes = readChanges(input);
  const acts = [
    ...actsOfChanges(changes, who),
    ...actsOfEvents(input, changes, accounts, who),
    ...actsOfRecords(input, who),
    ...actsOfDecisions(input.decisions, persons, settings.tool),
  ];
  const duties = new Map(settings.duties.map((duty) => [duty.id, duty]));
  const held = new Map<string, DutyHolders>();
  const heldBy = (duty: string): DutyHolders => {
    const known = held.get(duty) ?? holdersOfDuty(read, duty);
    held.set(duty, known);
    return known;
  };
  return settings.rules
    .filter(({ didDo }) => didDo !== null)
    .flatMap((rule) => {
      const items: DerivedItem[] = [];
      const tally = { examined: 0, conflicts: 0, undecided: 0 };
      for (const act of acts) {
        const judged = judgeAct(rule, duties, act, heldBy);
        if (judged === undefined) continue;
        tally.examined += 1;
        if (judged.conflict === true) tally.conflicts += 1;
        if (judged.conflict === 'unknown') tally.undecided += 1;
        items.push(itemOf(rule, act, judged, names));
      }
      return [...items, ruleItem(rule, settings, tally, input)];
    });
}

function itemOf(
  rule: SettledRule,
  act: Act,
  { conflict, says, first, second }: NonNullable<ReturnType<typeof judgeAct>>,
  names: ReadonlyMap<string, string>,
): DerivedItem {
  const fields = {
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    kind: act.kind,
    object: act.object,
    on: act.display,
    at: act.at,
    first: first.map(shown),
    second: second.map(shown),
    says: namingPersons(says, [...first, ...second], names),
    conflict,
  };
  return derivedItem('act', `${rule.id}/${act.object}`, fields, conflict === 'unknown' ? { conflict: 'not-collected' } : {});
}
/** Whoever reads it knows people by their names: `hr:E-104` becomes `Ana Ruiz (hr:E-104)`. */
function namingPersons(says: string, doers: readonly Doer[], names: ReadonlyMap<string, string>): string {
  const ids = new Set(doers.flatMap(({ person }) => (person === null ? [] : [person])));
  return [...ids].reduce((text, id) => {
    const name = names.get(id);
    return name === undefined ? text : text.replaceAll(`of ${id},`, `of ${name} (${id}),`);
  }, says);
}
function shown({ account, name, person, bot }: Doer) {
  return { account, name, person, bot };
}

function ruleItem(
  rule: SettledRule,
  { duties }: SeparationSettings,
  tally: { readonly examined: number; readonly conflicts: number; readonly undecided: number },
  { seen, events, missing, notConnected }: DerivedInput,
): DerivedItem {
  const [one, other] = (rule.doneAs ?? rule.allOf).map(
    (id) => new Set((duties.find((duty) => duty.id === id)?.acts ?? []).map(kindOfRole)),
  );
  const kinds = [...(other ?? [])].filter((kind) => rule.didDo === 'holder' || one?.has(kind) === true);
  const types = [...new Set(kinds.flatMap((kind) => typesOf[kind]))].sort();
  const gaps = [
    ...[...seen, ...events].flatMap(({ type, member, incomplete }) => (incomplete === null ? [] : [{ type, member, reason: incomplete }])),
    ...missing,
  ];
  const fields = {
    rule: rule.id,
    title: rule.title,
    ...tally,
    kinds: kinds.sort(),
    notConnected: types.filter((type) => notConnected.includes(type)),
    notSeenWhole: [
      ...new Set(gaps.filter(({ type }) => types.includes(type)).map(({ type, member, reason }) => `${type} of ${member}: ${reason}`)),
    ].sort(),
  };
  return derivedItem('rule', rule.id, fields);
}
