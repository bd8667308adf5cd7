import type { DecisionActor, RecordedDecision } from '../../model/decision.ts';
import type { HeldPerson } from './access-view.ts';
import type { Doer } from './compare-doers.ts';
import type { Act } from './judge-act.ts';
import { rosterPersonOf } from './mitigations.ts';
import type { SeparationSettings } from './settings.ts';

/** Exceptions that were approved: who approved each, whose control it is from, and for whom it is. */
export function actsOfDecisions(
  decisions: readonly RecordedDecision[],
  persons: readonly HeldPerson[],
  tool: SeparationSettings['tool'],
): readonly Act[] {
  const doer = ({ person, name }: DecisionActor): Doer => ({
    account: `proofline ${person ?? name}`,
    name,
    person: person === null ? null : (rosterPersonOf(person, decisions, persons) ?? null),
    bot: false,
  });
  const someone = (id: string): Doer => ({
    account: `person ${id}`,
    name: persons.find((person) => person.id === id)?.name ?? id,
    person: persons.some((person) => person.id === id) ? id : (rosterPersonOf(id, decisions, persons) ?? null),
    bot: false,
  });
  return decisions.flatMap(({ payload, approval }): Act[] => {
    if (approval === null) return [];
    const begun = { kind: 'exception' as const, at: approval.at };
    const approved = { 'exception.approved': [doer(approval.actor)] };
    if (payload.type === 'mitigate') {
      const { id, owner, persons: of, control } = payload.mitigation;
      const owners = (tool?.controlOwners ?? []).filter((owned) => owned.control === control).flatMap((owned) => owned.persons);
      return [
        {
          ...begun,
          object: `mitigation/${id}`,
          display: `mitigation ${id}`,
          parts: { ...approved, 'exception.owner': [owner, ...owners].map(someone), 'exception.beneficiary': (of ?? []).map(someone) },
          untold: {},
        },
      ];
    }
    if (payload.type !== 'waive' || payload.waiver.control === null || tool === null) return [];
    const { id, control } = payload.waiver;
    const owners = tool.controlOwners.filter((owned) => owned.control === control).flatMap((owned) => owned.persons);
    return [
      {
        ...begun,
        object: `waiver/${id}`,
        display: `waiver ${id}`,
        parts: owners.length === 0 ? approved : { ...approved, 'exception.owner': owners.map(someone) },
        untold: owners.length === 0 ? { 'exception.owner': `who owns control ${control} the separation file does not say` } : {},
      },
    ];
  });
}
