import type { Colours } from './cli.ts';
import type { ReviewPlanOutput, ReviewRemindOutput, ReviewStatusOutput } from './review-shapes.ts';

const mostShown = 20;

export function renderReviewPlan({ at, reviews }: ReviewPlanOutput, colours: Colours): string {
  if (reviews.length === 0) return 'No review is due yet, and none runs.';
  return reviews
    .map(({ id, title, from, to, due, state, preview, notReviewed }) =>
      [
        `${colours.bold(id)}  ${title}: ${standing(state, due, at, colours)}, ${from} to before ${to}, due by ${due}`,
        ...(preview === null
          ? []
          : [
              `  ${preview.lines} lines as of now: ${lineText(preview.reviewers)}`,
              ...more(preview.unassigned, ({ line, because }) => colours.red(`  nobody may be asked about ${line}: ${because.join('; ')}`)),
            ]),
        ...notReviewed.map((system) => colours.red(`  in no review: ${system}`)),
        ...nextStep(id, state, due, at),
      ].join('\n'),
    )
    .join('\n\n');
}

export function renderReviewStatus({ at, reviews }: ReviewStatusOutput, colours: Colours): string {
  if (reviews.length === 0) return 'No review is due yet, and none runs.';
  return reviews.map((review) => renderOne(review, at, colours)).join('\n\n');
}

function renderOne(review: ReviewStatusOutput['reviews'][number], at: string, colours: Colours): string {
  const { id, title, state, due, steps, systems, doubts, undecided, metrics, followed, notCounted, notReviewed } = review;
  const number = (name: string): number => metrics[name] ?? 0;
  const lines = [`${colours.bold(id)}  ${title}: ${standing(state, due, at, colours)}, due by ${due}`];
  for (const step of steps) lines.push(`  ${step.state.padEnd(10)} ${step.at}  ${step.by}, entry ${step.entry}`);
  for (const { system, accounts, lines: own, complete, since } of systems) {
    const before =
      since === null ? 'the first' : `${since.added} added, ${since.removed} removed, ${since.unchanged} unchanged since ${since.review}`;
    lines.push(`  ${system}: ${own} lines of ${accounts} accounts, ${complete ? 'seen whole' : colours.red('not seen whole')}; ${before}`);
  }
  for (const doubt of doubts) lines.push(colours.red(`  ${doubt}`));
  for (const system of notReviewed) lines.push(colours.red(`  in no review: ${system}`));
  if (steps.length > 0) {
    lines.push(
      `  ${number('decided')} of ${number('lines')} lines decided: ${number('keep')} keep, ${number('modify')} modify, ${number('revoke')} revoke, ${number('exception')} exception`,
    );
    if (undecided.length > 0) lines.push(`  still with ${lineText(undecided)}`);
    if (number('notAuthenticated') > 0) lines.push(colours.yellow(`  ${number('notAuthenticated')} decisions: identity not authenticated`));
    if (number('selfReviewsBlocked') > 0) lines.push(`  ${number('selfReviewsBlocked')} lines of somebody’s own, blocked`);
  }
  lines.push(
    ...more(followed, ({ line, decision, decidedAt, due: by, state: became, goneBy, usedSince }) => {
      const gone = goneBy === null ? '' : ` by ${goneBy}`;
      const used = usedSince === null ? '' : `; used at ${usedSince}`;
      const text = `  ${decision} ${line} at ${decidedAt}, due by ${by}: ${became}${gone}${used}`;
      return became === 'overdue' || became === 'past' ? colours.red(text) : text;
    }),
    ...more(notCounted, ({ entry, at, by, what, says }) =>
      colours.yellow(`  not counted: ${what} by ${by} at ${at}, entry ${entry}: ${says}`),
    ),
    ...nextStep(id, state, due, at),
  );
  return lines.join('\n');
}

type State = ReviewStatusOutput['reviews'][number]['state'];
const undecidedStates: readonly State[] = ['planned', 'frozen', 'assigned', 'in-review'];

/** A review whose time has passed is not merely planned, and one that was begun is not merely under way. */
function standing(state: State, due: string, at: string, { red }: Colours): string {
  if (at < due || !undecidedStates.includes(state)) return state;
  return red(state === 'planned' ? 'NOT HELD when it was due, and nobody began it' : `${state}, OVERDUE`);
}

/** What to do with it now. A quarter that was missed stays missed, whatever is done later. */
function nextStep(id: string, state: State, due: string, at: string): string[] {
  if (state === 'planned' && at >= due)
    return ['  It stays not held, whatever is reviewed later; say why: proofline deviations list, once the period is open'];
  const next: Partial<Record<State, string>> = {
    planned: `proofline review start ${id}`,
    frozen: `proofline review assign ${id}`,
    assigned: `proofline review export ${id} --for REVIEWER --out FILE.xlsx, then review import`,
    'in-review': `proofline review remind --all; review import ${id} FILE --as REVIEWER --key KEY`,
    remediating: 'take away what is to be revoked or modified, then proofline collect: only a later roster shows that it is gone',
    verified: `proofline review close ${id} --because TEXT`,
    closed: `proofline review export ${id} --pack DIR`,
  };
  return next[state] === undefined ? [] : [`  Next: ${next[state]}`];
}

export function renderReminders({ reminders }: ReviewRemindOutput, colours: Colours): string {
  if (reminders.length === 0) return 'Nobody has to be reminded today.';
  return reminders
    .map(({ review, due, overdue, name, email, lines }) => {
      const text = `${name}${email === null ? '' : ` <${email}>`}: ${lines} lines of ${review} to decide, due by ${due}`;
      return overdue ? colours.red(`${text}: overdue`) : text;
    })
    .join('\n');
}

const lineText = (list: readonly { readonly reviewer: string; readonly lines: number }[]): string =>
  list.length === 0 ? 'nobody' : list.map(({ reviewer, lines }) => `${reviewer} (${lines})`).join(', ');
function more<T>(list: readonly T[], text: (one: T) => string): string[] {
  const left = list.length - mostShown;
  return [...list.slice(0, mostShown).map(text), ...(left > 0 ? [`  and ${left} more (--json shows all)`] : [])];
}
