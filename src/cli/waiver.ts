import type { Command } from 'commander';
import type { RecordedDecision } from '../model/decision.ts';
import type { WaiverRecord } from '../run/decisions/waivers-of.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { actorText, type DecidingOptions, deciding, recordedText, recording, several, waitingText } from './deciding.ts';
import type { WaiverListOutput } from './shapes.ts';

interface RequestOptions extends DecidingOptions {
  readonly control?: string;
  readonly check?: string;
  readonly source?: string;
  readonly subject?: string[];
  readonly from?: string;
  readonly expires: string;
  readonly compensatingControl?: string;
  readonly because: string;
}
interface OnboardingOptions extends DecidingOptions {
  readonly source?: string;
  readonly expires: string;
  readonly because: string;
}
interface ReplyOptions extends DecidingOptions {
  readonly because: string;
}

export function addWaiver(program: Command, cli: Cli): void {
  const waiver = program
    .command('waiver')
    .description('approved, expiring acceptances of known deviations; what fails stays visible underneath');
  deciding(waiver.command('request'))
    .description('ask for a waiver; it lies over nothing before another person approves it')
    .option('--check <id>', 'results of this check')
    .option('--source <id>', 'of this source (aws:111122223333)')
    .option('--subject <id>', 'about this resource; may be given again', several)
    .option('--control <id>', 'the control whose deviation is accepted')
    .option('--from <date>', 'first day (UTC); default: now')
    .requiredOption('--expires <date>', 'last day (UTC), at most a year ahead')
    .option('--compensating-control <text>', 'what guards meanwhile')
    .requiredOption('--because <reason>', 'why it is accepted')
    .action(async (options: RequestOptions) => request(cli, options));
  deciding(waiver.command('onboarding'))
    .description('one waiver over everything that fails now, expiring within 90 days; another person approves it')
    .option('--source <id>', 'only of this source (aws:111122223333)')
    .requiredOption('--expires <date>', 'last day (UTC), at most 90 days ahead')
    .requiredOption('--because <reason>', 'why it is accepted for now')
    .action(async (options: OnboardingOptions) => onboarding(cli, options));
  for (const [verb, description] of [
    ['approve', 'approve what another person asked for'],
    ['refuse', 'refuse what another person asked for'],
  ] as const) {
    deciding(waiver.command(verb))
      .description(description)
      .argument('<id>', 'W-...')
      .requiredOption('--because <reason>', 'why, for the auditor')
      .action(async (id: string, options: ReplyOptions) => reply(cli, verb, id, options));
  }
  deciding(waiver.command('end'))
    .description('end a waiver before it expires: what fails under it fails openly again')
    .argument('<id>', 'W-...')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: ReplyOptions) => reply(cli, 'end', id, options));
  reading(waiver.command('list'))
    .description('every waiver that was asked for, and whether it is in force')
    .action(async (options: ReadingOptions) => list(cli, options));
}

async function request(cli: Cli, options: RequestOptions): Promise<void> {
  const { requestWaiver } = await import('../run/decisions/request-waiver.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    requestWaiver(app, store, { ...options, subjects: options.subject, reason: options.because, ...by }),
  );
  sayRequested(cli, options, decision);
}
async function onboarding(cli: Cli, options: OnboardingOptions): Promise<void> {
  const { requestOnboardingWaiver } = await import('../run/decisions/request-waiver.ts');
  const { decision, results } = await recording(cli, options, (app, store, by) =>
    requestOnboardingWaiver(app, store, { ...options, reason: options.because, ...by }),
  );
  cli.out(`${results} failing results`);
  sayRequested(cli, options, decision);
}
function sayRequested(cli: Cli, options: DecidingOptions, decision: RecordedDecision): void {
  if (decision.payload.type !== 'waive') return;
  const { id, from, expires } = decision.payload.waiver;
  cli.out(`Waiver ${id}: ${from} to before ${expires}`);
  cli.out(recordedText(decision));
  cli.out(waitingText(options, `waiver approve ${id}`));
}

async function reply(cli: Cli, verb: 'approve' | 'refuse' | 'end', id: string, options: ReplyOptions): Promise<void> {
  const [{ findWaiver }, { recordDecision }, { refuseProblems }] = await Promise.all([
    import('../run/decisions/request-waiver.ts'),
    import('../run/decisions/record-decision.ts'),
    import('../run/decisions/period-bounds.ts'),
  ]);
  const decision = await recording(cli, options, (app, store, by) => {
    const { decision: of, ended } = findWaiver(store, id);
    if (verb === 'end' && ended !== null) refuseProblems([`the waiver "${id}" was ended or refused by entry ${ended}`]);
    const payload = verb === 'end' ? { type: 'end-waiver' as const, waiver: id } : { type: verb, of };
    return recordDecision(app, store, { ...by, payload, subjects: [id], reason: options.because });
  });
  cli.out(`Waiver ${id}: ${{ approve: 'approved', refuse: 'refused', end: 'ended' }[verb]}`);
  cli.out(recordedText(decision));
}

async function list(cli: Cli, options: ReadingOptions): Promise<void> {
  const [{ openApp }, { readDecisions }, { waiversOf }, { renderWaivers }] = await Promise.all([
    import('../app.ts'),
    import('../run/decisions/read-decisions.ts'),
    import('../run/decisions/waivers-of.ts'),
    import('./render-decisions.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const now = app.now();
    const output: WaiverListOutput = { v: 1, waivers: waiversOf(readDecisions(store)).map((record) => rowOf(record, now)) };
    if (options.json === true) printJson(cli, output);
    else cli.out(renderWaivers(output, cli.colours));
  } finally {
    await store.close();
  }
}

function rowOf(record: WaiverRecord, now: string): WaiverListOutput['waivers'][number] {
  const { waiver, decision, requestedAt, requestedBy, approvedBy, authenticated, inForce } = record;
  return {
    id: waiver.id,
    kind: waiver.kind,
    control: waiver.control,
    scope: waiver.scope.map((scope) => ({ check: scope.check ?? null, source: scope.source ?? null, subjects: scope.subjects ?? null })),
    reason: waiver.reason,
    compensatingControl: waiver.compensatingControl,
    from: waiver.from,
    expires: waiver.expires,
    state: stateOf(record, now),
    inForce,
    decision,
    requestedAt,
    requestedBy: actorText(requestedBy),
    approvedBy: approvedBy === null ? null : actorText(approvedBy),
    authenticated,
  };
}
function stateOf({ approved, inForce, ended, waiver }: WaiverRecord, now: string): WaiverListOutput['waivers'][number]['state'] {
  if (!approved) return ended === null ? (waiver.expires <= now ? 'expired' : 'requested') : 'refused';
  if (ended !== null) return 'ended';
  if (waiver.expires <= now || inForce === null) return 'expired';
  return inForce.from <= now ? 'in-force' : 'approved';
}
