/** Who did something, as far as it is known whose account it was. */
export interface Doer {
  /** The account as its source names it: two parts by one account are by one person, whoever that is. */
  readonly account: string;
  readonly name: string;
  /** Id of the person it belongs to; of a bot: who answers for it. null: nobody can say. */
  readonly person: string | null;
  readonly bot: boolean;
}
/** `unknown`: whether they are one cannot be told. */
export type Compared = { readonly conflict: boolean | 'unknown'; readonly says: string };

/** Whether somebody has a part on both sides. Accounts of one person are one; a bot is whoever answers for it. */
export function compareApart(one: readonly Doer[], other: readonly Doer[]): Compared {
  for (const doer of other) {
    const same = one.find((left) => isSame(left, doer));
    if (same !== undefined) return { conflict: true, says: `${together(same, doer)} did both` };
  }
  if (one.length === 0 || other.length === 0) return { conflict: false, says: 'nobody has had the one part or the other' };
  const open = [...one, ...other].find(({ person }) => person === null);
  if (open !== undefined) return { conflict: 'unknown', says: `whose ${open.name} is nobody can say` };
  return { conflict: false, says: `${namesOf(one)} and ${namesOf(other)} are different people` };
}

/** Whether a person who is not among the first has a part on the second side; a bot is no second person. */
export function compareAnother(first: readonly Doer[], second: readonly Doer[]): Compared {
  const people = second.filter(({ bot }) => !bot);
  const others = people.filter((doer) => !first.some((author) => isSame(author, doer)));
  if (others.length === 0) {
    const who = namesOf(first);
    const pair = second.flatMap((doer) =>
      first.filter((author) => author.account !== doer.account && isSame(author, doer)).map((author) => [author, doer] as const),
    )[0];
    const why = pair === undefined ? '' : ` (${together(...pair)} are one)`;
    return {
      conflict: true,
      says: second.length === 0 ? `nobody but ${who} took part` : `only ${namesOf(second)} took part beside ${who}: no second person${why}`,
    };
  }
  const stranger = first.find(({ person }) => person === null);
  if (stranger !== undefined)
    return { conflict: 'unknown', says: `whose ${stranger.name} is nobody can say, so ${namesOf(others)} may be the same` };
  if (first.length === 0) return { conflict: 'unknown', says: 'who did the first part is not known' };
  const known = others.find(({ person }) => person !== null);
  if (known === undefined) return { conflict: 'unknown', says: `whose ${namesOf(others)} is nobody can say` };
  return { conflict: false, says: `${known.name} is another than ${namesOf(first)}` };
}

/** Whether somebody who did it is among those who hold a duty. `holders`: ids of persons and of accounts. */
export function compareHolder(did: readonly Doer[], holders: ReadonlySet<string>, isWhole: boolean): Compared {
  const holding = did.find(({ person, account }) => holders.has(account) || (person !== null && holders.has(person)));
  if (holding !== undefined) return { conflict: true, says: `${holding.name} did it and holds the other duty` };
  const open = did.find(({ person }) => person === null);
  if (open !== undefined) return { conflict: 'unknown', says: `whose ${open.name} is nobody can say` };
  if (!isWhole) return { conflict: 'unknown', says: 'who holds the other duty was not seen whole' };
  return { conflict: false, says: `${namesOf(did)} does not hold the other duty` };
}

function isSame(one: Doer, other: Doer): boolean {
  return one.account === other.account || (one.person !== null && one.person === other.person);
}
function together(one: Doer, other: Doer): string {
  if (one.account === other.account) return one.name;
  return `${one.name} and ${other.name}, both of ${one.person},`;
}
export function namesOf(doers: readonly Doer[]): string {
  const names = [...new Set(doers.map(({ name }) => name))].sort();
  return names.length === 0 ? 'nobody' : names.join(', ');
}
