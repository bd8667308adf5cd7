import type { Check } from '../../model/check.ts';
import type { Control } from '../../model/control.ts';

/** What a population is: which collector answers for it, and which of its resources are the rows. */
export interface PopulationDefinition {
  /** Names it on the command line and in the ids of its records. */
  readonly id: string;
  readonly title: string;
  /** Plain words for the auditor: what a row is, and which query the rows answer. */
  readonly text: string;
  readonly collector: string;
  /** Resource type of its rows. */
  readonly type: string;
  /**
   * `window`: what happened from the period's beginning to its end, collected anew; `start`, `end`: who was there, as the first collection in
   * the period, or the last one, has it.
   */
  readonly taken: 'window' | 'start' | 'end';
  /** Field that says when a row happened; null: a row is a state. */
  readonly at: string | null;
}

const rosters = [
  {
    id: 'github-members',
    title: 'Members of the GitHub organisation',
    collector: 'github/members',
    type: 'github.member',
    row: 'an account that is a member of the organisation',
  },
  {
    id: 'github-outside-collaborators',
    title: 'Outside collaborators of the GitHub organisation',
    collector: 'github/outside-collaborators',
    type: 'github.outside-collaborator',
    row: 'an account outside the organisation with access to a repository',
  },
  {
    id: 'aws-users',
    title: 'IAM users and root users of the AWS accounts',
    collector: 'aws/iam-credential-report',
    type: 'aws.iam.credential',
    row: 'a user of an account as its credential report lists it, root included',
  },
] as const;

/** Every population that can be frozen. */
export const populationDefinitions: readonly PopulationDefinition[] = [
  {
    id: 'production-changes',
    title: 'Changes that reached production',
    text: 'A row is a commit of the history of a default or production branch, with the date of the commit in the window, read from the branch and not from the list of pull requests, whatever brought it there. A commit on two such branches is two rows. The source sorts its history by the date a commit states: one that states an earlier date than the period has is not among the rows and hides those below it, which the count of merged pull requests beside it then shows.',
    collector: 'github/production-changes',
    type: 'github.change',
    taken: 'window',
    at: 'committedAt',
  },
  ...rosters.flatMap(({ row, ...roster }) =>
    (['start', 'end'] as const).map(
      (taken): PopulationDefinition => ({
        ...roster,
        id: `${roster.id}-${taken}`,
        title: `${roster.title} at the ${taken} of the period`,
        text: `A row is ${row}, in the ${taken === 'start' ? 'first' : 'last'} collection within the period.`,
        taken,
        at: null,
      }),
    ),
  ),
];

/** The population a record is of: its id is the period's, the definition's and, from the second version on, a number. */
export function definitionOf(record: { readonly id: string; readonly period: string }): PopulationDefinition | undefined {
  const [id] = record.id.slice(record.period.length + 1).split('.');
  return record.id.startsWith(`${record.period}.`) ? populationDefinitions.find((definition) => definition.id === id) : undefined;
}

/** Ids of the controls that a population is drawn for: a check of theirs judges its rows, or they speak for their type. */
export function controlsOf(
  definition: PopulationDefinition,
  controls: readonly Control[],
  checks: readonly Pick<Check, 'id' | 'subject'>[],
): string[] {
  const judging = new Set(checks.filter(({ subject }) => subject.type === definition.type).map(({ id }) => id));
  return controls
    .filter(
      ({ checks: uses, covers }) =>
        covers.includes(definition.type) || uses.some((use) => judging.has(typeof use === 'string' ? use : use.check)),
    )
    .map(({ id }) => id)
    .sort();
}
