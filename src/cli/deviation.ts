import { type Command, InvalidArgumentError, Option } from 'commander';
import { causeCategories, dispositions } from '../model/decision.ts';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli } from './cli.ts';
import { type DecidingOptions, deciding, recordedText, recording, waitingText } from './deciding.ts';
import { addDeviationReading } from './deviations.ts';

interface RespondOptions extends DecidingOptions {
  readonly period?: string;
  readonly owner?: string;
  readonly response?: string;
  readonly compensatingControl?: string;
  readonly remediation?: string;
  readonly remediationEvidence?: number[];
  readonly retest?: 'no-failures-observed' | 'failures-observed';
  readonly retestEvidence?: number[];
  readonly because: string;
}
interface DisposeOptions extends DecidingOptions {
  readonly period?: string;
  readonly disposition: (typeof dispositions)[number];
  readonly cause?: (typeof causeCategories)[number];
  readonly because: string;
}

export function addDeviation(program: Command, cli: Cli): void {
  const deviation = program
    .command('deviation')
    .alias('deviations')
    .description('deviations of a period, and what management says of them; none is ever removed from the list');
  addDeviationReading(deviation, cli);
  deciding(deviation.command('respond'))
    .description("owner, management's response, remediation and retest of a deviation; what is not given stays as it was")
    .argument('<id>', 'D-...', deviationId)
    .option('--period <id>', 'the period it is of (default: whichever has it)')
    .option('--owner <name>', 'who answers for it')
    .option('--response <text>', "management's response")
    .option('--compensating-control <text>', 'what guarded meanwhile')
    .option('--remediation <text>', 'what put it right')
    .option('--remediation-evidence <entry...>', 'log entries that show it', entryIndex)
    .addOption(new Option('--retest <result>', 'what was seen afterwards').choices(['no-failures-observed', 'failures-observed']))
    .option('--retest-evidence <entry...>', 'log entries that show it', entryIndex)
    .option('--because <reason>', 'why, for the auditor', "management's response")
    .action(async (id: string, options: RespondOptions) => respond(cli, id, options));
  deciding(deviation.command('dispose'))
    .description('what a deviation is taken for; false-positive takes a second person, stays listed, and is for the auditor to accept')
    .argument('<id>', 'D-...', deviationId)
    .option('--period <id>', 'the period it is of (default: whichever has it)')
    .addOption(new Option('--disposition <word>', 'what it is taken for').choices([...dispositions]).makeOptionMandatory())
    .addOption(new Option('--cause <word>', 'where it comes from').choices([...causeCategories]))
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: DisposeOptions) => dispose(cli, id, options));
}
function deviationId(text: string): string {
  if (!/^D-.+-[0-9a-f]{8}$/.test(text)) throw new InvalidArgumentError('expected the id of a deviation: D-<control>-<8 digits>');
  return text;
}
function entryIndex(text: string, before: readonly number[] = []): number[] {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected the index of a log entry');
  return [...before, Number(text)];
}

async function respond(cli: Cli, id: string, options: RespondOptions): Promise<void> {
  const problems: string[] = [];
  const { owner, response, compensatingControl, remediation, retest } = options;
  if ([owner, response, compensatingControl, remediation, retest].every((value) => value === undefined))
    problems.push('say something: --owner, --response, --compensating-control, --remediation or --retest');
  if (remediation === undefined && options.remediationEvidence !== undefined)
    problems.push('--remediation-evidence shows what --remediation says');
  if (retest === undefined && options.retestEvidence !== undefined) problems.push('--retest-evidence shows what --retest says');
  refuse(problems);
  await sayWhich(cli, id, options);
  const { recordDecision } = await import('../run/decisions/record-decision.ts');
  const decision = await recording(cli, options, async (app, store, by) => {
    const shown = [...(options.remediationEvidence ?? []), ...(options.retestEvidence ?? [])];
    refuse(shown.filter((index) => index >= store.size()).map((index) => `there is no entry ${index}`));
    return await recordDecision(app, store, {
      ...by,
      payload: {
        type: 'respond',
        deviation: id,
        owner: owner ?? null,
        response: response ?? null,
        compensatingControl: compensatingControl ?? null,
        remediation: remediation === undefined ? null : { what: remediation, evidence: options.remediationEvidence ?? [] },
        retest: retest === undefined ? null : { result: retest, evidence: options.retestEvidence ?? [] },
      },
      reason: options.because,
    });
  });
  cli.out(recordedText(decision));
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new ProoflineError('usage', 'nothing was recorded', { problems: problems.map((message) => ({ message })) });
}

/** What is decided about, looked up first: an answer to a deviation that is none would be shown nowhere. */
async function sayWhich(cli: Cli, id: string, options: DecidingOptions & { readonly period?: string }): Promise<void> {
  const [{ openApp }, { findDeviation }] = await Promise.all([import('../app.ts'), import('../run/decisions/find-deviation.ts')]);
  const { deviation } = await findDeviation(await openApp(appOptions(cli, options)), id, options.period);
  const { control, display, from, to, because } = deviation;
  cli.out(`${id}: ${control}, ${display}, ${from} to ${to}: ${because}`);
}

async function dispose(cli: Cli, id: string, options: DisposeOptions): Promise<void> {
  const { recordDecision } = await import('../run/decisions/record-decision.ts');
  await sayWhich(cli, id, options);
  const decision = await recording(cli, options, (app, store, by) =>
    recordDecision(app, store, {
      ...by,
      payload: { type: 'dispose', deviation: id, disposition: options.disposition, cause: options.cause ?? null },
      reason: options.because,
    }),
  );
  cli.out(recordedText(decision));
  if (decision.needsApproval) cli.out(waitingText(options, `decisions approve ${decision.index}`));
  if (options.disposition === 'false-positive') cli.out('It stays listed; the auditor has the last word.');
}
