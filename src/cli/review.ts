import { extname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LineDecision, lineDecisions } from '../model/decision.ts';
import { ProoflineError } from '../model/errors.ts';
import type { OpenedReviews } from '../run/reviews/open-reviews.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { checkDecider, type DecidingOptions, decidedBy, deciding, recordedText, recording, several } from './deciding.ts';
import { exitCodes } from './exit-codes.ts';
import type { ReviewPlanOutput, ReviewRemindOutput, ReviewStatusOutput } from './review-shapes.ts';

interface StartOptions extends DecidingOptions {
  readonly explain?: string;
  readonly because?: string;
}
interface AssignOptions extends DecidingOptions {
  readonly to?: string;
  readonly system?: string[];
  readonly line?: string[];
  readonly because?: string;
}
interface DecideOptions extends DecidingOptions {
  readonly line: string[];
  readonly decision: LineDecision['decision'];
  readonly because?: string;
  readonly expires?: string;
}
interface ExportOptions extends ReadingOptions {
  readonly for?: string;
  readonly out?: string;
  readonly pack?: string;
}
interface ImportOptions extends DecidingOptions {
  readonly signature?: string;
  readonly minutes?: number;
}

export function addReview(program: Command, cli: Cli): void {
  const review = program
    .command('review')
    .description('access reviews: who may still have what, decided line by line by who may decide it');
  reading(review.command('plan'))
    .description('which reviews are due, and who would be asked, were the roster frozen now')
    .action(async (options: ReadingOptions) => plan(cli, options));
  deciding(review.command('start'))
    .description('freeze the rosters of a review as they were last collected, with a digest and what they are reconciled with')
    .argument('<review>', 'of the file of reviews (quarterly-access), or with its occasion (quarterly-access/2026-q1)')
    .option('--explain <text>', 'why a count of the source is another')
    .option('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: StartOptions) => start(cli, id, options));
  deciding(review.command('assign'))
    .description('assign the lines that nobody has yet along the route of the file of reviews, or to somebody in person')
    .argument('<review>', 'quarterly-access/2026-q1')
    .option('--to <reviewer>', 'this reviewer, in place of the route')
    .option('--system <pattern>', 'with --to: the lines of this system (github:*); may be given again', several)
    .option('--line <id>', 'with --to: this line; may be given again', several)
    .option('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: AssignOptions) => assign(cli, id, options));
  deciding(review.command('decide'))
    .description('decide on lines that are assigned to you')
    .argument('<review>', 'quarterly-access/2026-q1')
    .requiredOption('--line <id>', 'the line; may be given again', several)
    .addOption(new Option('--decision <what>', 'what becomes of it').choices(lineDecisions).makeOptionMandatory())
    .option('--because <reason>', 'why; a privileged line, a leaver or a conflict is not kept without one')
    .option('--expires <date>', 'of an exception: its last day')
    .action(async (id: string, options: DecideOptions) => decide(cli, id, options));
  reading(review.command('remind'))
    .description('reviewers with lines to decide, on the days that the file of reviews names')
    .option('--all', 'whatever the day')
    .action(async (options: ReadingOptions & { all?: boolean }) => remind(cli, options));
  reading(review.command('status'))
    .description('where every review stands, and what became of its decisions')
    .argument('[review]', 'quarterly-access/2026-q1 (default: all)')
    .action(async (id: string | undefined, options: ReadingOptions) => status(cli, id, options));
  deciding(review.command('close'))
    .description('close a review: all lines are decided, and what was taken away is shown to be gone')
    .argument('<review>', 'quarterly-access/2026-q1')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: DecidingOptions & { because: string }) => close(cli, id, options));
  reading(review.command('export'))
    .description('write a reviewer’s sheet to fill in, or the evidence pack of a review')
    .argument('<review>', 'quarterly-access/2026-q1')
    .option('--for <reviewer>', 'whose sheet')
    .option('--out <file>', 'a .csv or .xlsx file that is not there yet')
    .option('--pack <dir>', 'the evidence pack, into a new directory')
    .action(async (id: string, options: ExportOptions) => exportReview(cli, id, options));
  deciding(review.command('import'))
    .description('take a sheet back that a reviewer filled in: all of it is recorded, or nothing')
    .argument('<review>', 'quarterly-access/2026-q1')
    .argument('<file>', 'the sheet, as --for wrote it')
    .option('--signature <file>', 'his signature over the file: ssh-keygen -Y sign -n proofline-review -f KEY FILE')
    .option('--minutes <count>', 'how long he was at it, by his own word', minutes)
    .action(async (id: string, file: string, options: ImportOptions) => importReview(cli, id, file, options));
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 100_000)) throw new InvalidArgumentError('expected minutes');
  return value;
}

async function opened<T>(cli: Cli, options: ReadingOptions, work: (reviews: OpenedReviews) => T | Promise<T>): Promise<T> {
  const [{ openApp }, { openReviews }] = await Promise.all([import('../app.ts'), import('../run/reviews/open-reviews.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    return await work(await openReviews(app, store));
  } finally {
    await store.close();
  }
}

function dueOf({ id, definition, occasion, state, notReviewed }: OpenedReviews['described'][number]) {
  return {
    id,
    title: definition.title,
    controls: [...definition.controls],
    from: occasion.from,
    to: occasion.to,
    due: occasion.due,
    lateAfter: occasion.lateAfter,
    state,
    notReviewed: [...notReviewed],
  };
}
const linesOf = (reviewers: ReadonlyMap<string, number>) => [...reviewers].map(([reviewer, lines]) => ({ reviewer, lines }));

async function plan(cli: Cli, options: ReadingOptions): Promise<void> {
  const [{ previewReview }, { renderReviewPlan }] = await Promise.all([
    import('../run/reviews/preview-reviews.ts'),
    import('./render-reviews.ts'),
  ]);
  await opened(cli, options, (reviews) => {
    const output: ReviewPlanOutput = {
      v: 1,
      at: reviews.at,
      reviews: reviews.described.map((review) => {
        const preview = review.judged === null ? previewReview(reviews, review) : null;
        return {
          ...dueOf(review),
          preview:
            preview === null
              ? null
              : {
                  lines: preview.lines,
                  reviewers: linesOf(preview.reviewers),
                  unassigned: preview.unassigned.map(({ line, because }) => ({ line, because: [...because] })),
                },
        };
      }),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out(renderReviewPlan(output, cli.colours));
  });
}

async function status(cli: Cli, id: string | undefined, options: ReadingOptions): Promise<void> {
  const [{ lineState, undecidedBy }, { reviewNamed }, { ratesOf }, { renderReviewStatus }] = await Promise.all([
    import('../access/reviews/describe-reviews.ts'),
    import('../run/reviews/open-reviews.ts'),
    import('../run/reviews/review-pack.ts'),
    import('./render-reviews.ts'),
  ]);
  await opened(cli, options, (reviews) => {
    if (id !== undefined && !reviews.described.some((review) => review.id === id)) reviewNamed(reviews, id);
    const output: ReviewStatusOutput = {
      v: 1,
      at: reviews.at,
      reviews: reviews.described
        .filter((review) => id === undefined || review.id === id)
        .map((review) => ({
          ...dueOf(review),
          digest: review.judged?.record.digest ?? null,
          steps: review.steps.map((step) => ({ ...step })),
          systems: (review.judged?.record.systems ?? []).map(({ system, accounts, lines, complete, since }) => ({
            system,
            accounts,
            lines,
            complete,
            since,
          })),
          doubts: [...review.doubts],
          undecided: review.judged === null ? [] : linesOf(undecidedBy(review.judged)),
          metrics: { ...review.metrics, ...ratesOf(review) },
          followed: review.followed.map((line) => ({
            line: line.line,
            decision: line.decision,
            decidedAt: line.decidedAt,
            by: line.by,
            due: line.due,
            state: lineState(line, reviews.at),
            goneBy: line.goneBy,
            usedSince: line.usedSince,
          })),
          notCounted: review.voids.map((one) => ({ ...one })),
        })),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out(renderReviewStatus(output, cli.colours));
  });
}

async function remind(cli: Cli, options: ReadingOptions & { all?: boolean }): Promise<void> {
  const [{ remindersOf }, { renderReminders }] = await Promise.all([
    import('../run/reviews/preview-reviews.ts'),
    import('./render-reviews.ts'),
  ]);
  await opened(cli, options, (reviews) => {
    const output: ReviewRemindOutput = {
      v: 1,
      at: reviews.at,
      reminders: remindersOf(reviews, options.all === true).map((reminder) => ({ ...reminder })),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out(renderReminders(output, cli.colours));
  });
}

async function start(cli: Cli, id: string, options: StartOptions): Promise<void> {
  const { startReview } = await import('../run/reviews/start-review.ts');
  const [definition = '', occasion] = id.split('/');
  const { record, decision } = await recording(cli, options, (app, store, by) =>
    startReview(app, store, { ...by, definition, occasion, explanation: options.explain, reason: options.because }),
  );
  cli.out(`${record.id}: ${record.count} lines of ${record.systems.length} systems frozen, ${record.digest}; due by ${record.due}`);
  for (const { system, lines, complete, reconciliation } of record.systems) {
    if (!complete) cli.exit(exitCodes.incomplete);
    cli.out(
      `  ${system}: ${lines} lines, ${complete ? 'seen whole' : 'NOT SEEN WHOLE: the review stays in doubt (proofline doctor says why)'}`,
    );
    for (const { with: other, count, difference, explanation } of reconciliation)
      cli.out(
        `    ${other}: ${count ?? 'not known'}${difference === null || difference === 0 ? '' : `, ${difference} apart`}${explanation === null ? '' : `: ${explanation}`}`,
      );
  }
  cli.out(recordedText(decision));
  cli.out(`Next: proofline review assign ${record.id}`);
}

async function assign(cli: Cli, review: string, options: AssignOptions): Promise<void> {
  if (options.to === undefined && (options.system ?? options.line) !== undefined)
    throw new ProoflineError('usage', '--system and --line say what goes to the one named by --to');
  const { assignReview } = await import('../run/reviews/assign-review.ts');
  const { decision, assigned, rerouted, unassigned } = await recording(cli, options, (app, store, by) =>
    assignReview(app, store, { ...by, review, to: options.to, systems: options.system, lines: options.line, reason: options.because }),
  );
  for (const [reviewer, lines] of assigned) cli.out(`${reviewer}: ${lines} lines`);
  if (rerouted > 0) cli.out(`${rerouted} lines went to somebody else, since they concern the one who would have been asked`);
  for (const { line, because } of unassigned) cli.err(`nobody may be asked about ${line}: ${because.join('; ')}`);
  if (unassigned.length > 0) cli.exit(exitCodes.incomplete);
  cli.out(decision === null ? 'Every line is assigned already, or nobody may be asked.' : recordedText(decision));
  for (const reviewer of assigned.keys()) cli.out(`Next: proofline review export ${review} --for ${reviewer} --out ${reviewer}.xlsx`);
}

async function decide(cli: Cli, review: string, options: DecideOptions): Promise<void> {
  const { decideReview } = await import('../run/reviews/decide-review.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    decideReview(app, store, {
      ...by,
      review,
      reviewer: by.signer?.person ?? by.actor?.name ?? '',
      lines: options.line.map((line) => ({
        line,
        decision: options.decision,
        reason: options.because ?? '',
        expires: options.expires ?? null,
      })),
    }),
  );
  cli.out(`${review}: ${options.line.length} lines decided (${options.decision})`);
  cli.out(recordedText(decision));
}

async function close(cli: Cli, review: string, options: DecidingOptions & { because: string }): Promise<void> {
  const { closeReview } = await import('../run/reviews/close-review.ts');
  const decision = await recording(cli, options, (app, store, by) => closeReview(app, store, { ...by, review, reason: options.because }));
  cli.out(`${review}: closed`);
  cli.out(recordedText(decision));
}

async function exportReview(cli: Cli, review: string, options: ExportOptions): Promise<void> {
  const { for: reviewer, out, pack } = options;
  if ((pack === undefined) === (reviewer === undefined) || (reviewer === undefined) !== (out === undefined))
    throw new ProoflineError('usage', 'either a sheet (--for REVIEWER --out FILE) or the evidence pack (--pack DIR)');
  const [{ openApp }, { sheetFor }, { sheetFormats, writeSheet }, { packFor }, { createFile }] = await Promise.all([
    import('../app.ts'),
    import('../run/reviews/import-sheet.ts'),
    import('../run/reviews/review-sheet.ts'),
    import('../run/reviews/pack-for.ts'),
    import('./write-file.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    if (reviewer !== undefined && out !== undefined) {
      const format = sheetFormats.find((one) => extname(out).toLowerCase() === `.${one}`);
      if (format === undefined) throw new ProoflineError('usage', `${out}: expected a .csv or .xlsx file`);
      const sheet = await sheetFor(app, store, review, reviewer);
      createFile(out, await writeSheet(sheet, format));
      cli.out(
        `${out}: ${sheet.rows.length} lines for ${reviewer}. Fill in decision (${lineDecisions.join(', ')}), reason and expires; change nothing else.`,
      );
    } else if (pack !== undefined) {
      const files = await packFor(app, store, review);
      for (const [name, bytes] of files) createFile(join(pack, name), bytes);
      cli.out(`${pack}: ${[...files.keys()].join(', ')}`);
      cli.out('The SHA-256 of roster.jsonl is the digest that was recorded when the roster was frozen.');
    }
  } finally {
    await store.close();
  }
}

async function importReview(cli: Cli, review: string, file: string, options: ImportOptions): Promise<void> {
  if (options.as === undefined) throw new ProoflineError('usage', 'say whose sheet it is with --as REVIEWER');
  const reviewer = options.as;
  const [{ openApp }, { importSheet }] = await Promise.all([import('../app.ts'), import('../run/reviews/import-sheet.ts')]);
  await checkDecider(await openApp(appOptions(cli, options)), await decidedBy(options));
  const done = await recording(cli, options, (app, store, by) =>
    importSheet(app, store, { ...by, review, file, reviewer, signature: options.signature, minutes: options.minutes }),
  );
  const { decision, decided, undecided, signedBy, sha256 } = done;
  cli.out(`${file}: ${decided} lines decided, ${undecided.length} undecided; SHA-256 ${sha256}`);
  if (signedBy !== null)
    cli.out(`The file is signed by ${signedBy}, a key of "${reviewer}"; the file and the signature are kept beside the log.`);
  if (signedBy !== null && options.key === undefined)
    cli.out('The entry itself is not signed, and is counted as identity not authenticated; --key signs it.');
  for (const line of undecided) cli.out(`  undecided: ${line}`);
  cli.out(decision === null ? 'Nothing in it was not decided before: nothing was recorded.' : recordedText(decision));
}
