import { type AwsAccountState, productionAccount, stagingAccount } from './aws-estate.ts';
import { type GithubState, githubOrganisation } from './github-estate.ts';
import { type Person, people } from './people.ts';
import type { AuditEntry, TrailEvent } from './recorded-changes.ts';
import { changes } from './year.ts';

/** The twelve months that are described; outside of them the company stands still. */
export const describedPeriod = { from: '2025-04-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' } as const;
/** The day of the first collection. */
export const firstDay = '2026-03-16T08:00:00.000Z';

/** What Northwind Payroll looks like at one instant. Changes edit it in place; nobody else does. */
export interface CompanyState {
  readonly people: Person[];
  readonly aws: { readonly production: AwsAccountState; readonly staging: AwsAccountState };
  readonly github: GithubState;
}
/** Something that happened to the company. */
export interface Change {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly what: string;
  /** What the sources themselves recorded of it. */
  readonly trail?: readonly TrailEvent[];
  readonly audit?: readonly AuditEntry[];
  readonly apply: (state: CompanyState) => void;
}

/** The company at `instant` (ISO-8601 UTC): as it was when the described year began, and every change since. */
export function stateAt(instant: string): CompanyState {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) throw new RangeError(`${instant} is not an instant`);
  const state: CompanyState = {
    people: structuredClone(people) as Person[],
    aws: { production: productionAccount(), staging: stagingAccount() },
    github: githubOrganisation(),
  };
  for (const change of changes) if (Date.parse(change.at) <= at) change.apply(state);
  return state;
}
