import { type Compared, compareAnother, compareApart, compareHolder, type Doer } from './compare-doers.ts';
import { type ActKind, type ActRole, type Duty, kindOfRole, type SeparationRule } from './settings.ts';

/** Something that happened, and who had which part in it. */
export interface Act {
  readonly kind: ActKind;
  /** Of the thing it happened to, in its own source: stable. */
  readonly object: string;
  readonly display: string;
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly parts: Readonly<Partial<Record<ActRole, readonly Doer[]>>>;
  /** Parts of which the source does not tell who had them, with why. */
  readonly untold: Readonly<Partial<Record<ActRole, string>>>;
}
/** Who holds a duty, and whether everything that could show it was seen. */
export interface DutyHolders {
  readonly holders: ReadonlySet<string>;
  readonly isWhole: boolean;
}
export interface JudgedAct extends Compared {
  readonly first: readonly Doer[];
  readonly second: readonly Doer[];
}

/** What a rule says of one act; undefined: it has nothing to say of acts of this kind. */
export function judgeAct(
  rule: Pick<SeparationRule, 'allOf' | 'didDo' | 'doneAs'>,
  duties: ReadonlyMap<string, Duty>,
  act: Act,
  heldBy: (duty: string) => DutyHolders,
): JudgedAct | undefined {
  const [earlier, later] = rule.doneAs ?? rule.allOf;
  const rolesOf = (id: string) => (duties.get(id)?.acts ?? []).filter((role) => kindOfRole(role) === act.kind);
  const [one, other] = [rolesOf(earlier), rolesOf(later)];
  // Of a part that the source knows nothing of there is nothing to compare; one that nobody had is an empty list.
  const isTold = (roles: readonly ActRole[]) => roles.some((role) => act.parts[role] !== undefined || act.untold[role] !== undefined);
  if (rule.didDo === null || !isTold(other)) return undefined;
  const first = partsOf(act, one);
  const second = partsOf(act, other);
  if (rule.didDo === 'holder') {
    if (second.length === 0) return untoldOr(act, other, { conflict: 'unknown', says: 'who did it is not known' }, first, second);
    const { holders, isWhole } = heldBy(earlier);
    return { ...compareHolder(second, holders, isWhole), first, second };
  }
  if (!isTold(one)) return undefined;
  const compared = rule.didDo === 'apart' ? compareApart(first, second) : compareAnother(first, second);
  // What was found stands; that nothing was found is only said where everybody's part is known.
  const decided = rule.didDo === 'apart' ? compared.conflict === true : compared.conflict === false;
  return decided ? { ...compared, first, second } : untoldOr(act, [...one, ...other], compared, first, second);
}

function partsOf(act: Act, roles: readonly ActRole[]): readonly Doer[] {
  return roles.flatMap((role) => act.parts[role] ?? []);
}
function untoldOr(act: Act, roles: readonly ActRole[], compared: Compared, first: readonly Doer[], second: readonly Doer[]): JudgedAct {
  const missing = roles.find((role) => act.untold[role] !== undefined);
  const said = missing === undefined ? compared : { conflict: 'unknown' as const, says: act.untold[missing] ?? '' };
  return { ...said, first, second };
}
