import type { RecordedDecision } from '../../model/decision.ts';
import type { PeopleSettings } from '../../model/people-settings.ts';
import type { AccountRow } from './account-rows.ts';
import { comparable, matchesGlob } from './compare-names.ts';

/** A service account as it is registered now. */
export interface RegisteredService {
  readonly id: string;
  readonly accounts: readonly string[];
  /** Id of a person. */
  readonly owner: string;
  readonly purpose: string;
  /** Last day it is approved for. */
  readonly expires: string | null;
  /** Day on which somebody last looked at it: a registration by decision is one. */
  readonly reviewed: string | null;
  /** Where it says so: `settings`, or `decision 41`. */
  readonly registered: string;
}

/** What the settings and decisions register; of two with the same id the later decision counts, and a decision before the settings. */
export function registeredServices(settings: PeopleSettings, decisions: readonly RecordedDecision[]): RegisteredService[] {
  const services = new Map<string, RegisteredService>();
  for (const { id, accounts, owner, purpose, expires, reviewed } of settings.serviceAccounts) {
    services.set(id, { id, accounts, owner, purpose, expires, reviewed, registered: 'settings' });
  }
  for (const decision of decisions) {
    if (decision.payload.type !== 'register-service-account' || !counts(decision)) continue;
    services.set(decision.payload.serviceAccount.id, {
      ...decision.payload.serviceAccount,
      reviewed: decision.at.slice(0, 10),
      registered: `decision ${decision.index}`,
    });
  }
  return [...services.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** Neither withdrawn nor refused, and approved where it takes two. */
export function counts({ ended, needsApproval, approval }: RecordedDecision): boolean {
  return ended === null && (!needsApproval || approval !== null);
}

/** Whether an account is meant: by its resource id, or as `<type>:<login>` with `*` for any characters. */
export function namesAccount(pattern: string, { id, type, login }: Pick<AccountRow, 'id' | 'type' | 'login'>): boolean {
  if (pattern.includes('/')) return pattern === id || matchesGlob(id, pattern);
  const colon = pattern.indexOf(':');
  if (colon === -1) return false;
  return matchesGlob(type, pattern.slice(0, colon)) && matchesGlob(comparable(login), comparable(pattern.slice(colon + 1)));
}
