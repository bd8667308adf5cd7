import type { PermissionPattern, Reached } from '../../model/access.ts';
import type { GapReason } from '../../model/completeness.ts';

/** What accounts can do, as the graph of entitlements answers it. */
export interface AccessView {
  /**
   * Every account that reaches what the pattern looks for, with every way there; one that is not there does not, as far as was seen. Another
   * map, or another list of an account, says that something else is in it.
   */
  reaching(pattern: PermissionPattern): ReadonlyMap<string, readonly Reached[]>;
}

/** What stands between "was not found" and "is not there". */
export interface Unseen {
  /** In words, for who reads it: `aws:111122223333`, `table payroll.users`. */
  readonly what: string;
  /** null: nothing that is configured reads it. */
  readonly reason: GapReason | null;
}
/** Per pattern what of the systems it is about was not seen whole; none: all of it was. */
export type Sight = (pattern: PermissionPattern) => readonly Unseen[];

/** One login, and whose it is. */
export interface HeldAccount {
  /** Resource id in its own source. */
  readonly id: string;
  readonly system: string;
  readonly login: string;
  readonly kind: 'person' | 'service-account' | 'unresolved';
  /** Id of the person or of the service account. */
  readonly owner: string | null;
  /** Further persons who sign in with it: what it may do each of them may. */
  readonly sharedWith: readonly string[];
  /** Of a service account: id of the person who answers for it. */
  readonly answeredBy: string | null;
  /** Persons it could be. */
  readonly candidates: readonly string[];
  /** Known to let nobody in. */
  readonly closed: boolean;
}
export interface HeldPerson {
  readonly id: string;
  readonly name: string;
  readonly emails: readonly string[];
}
