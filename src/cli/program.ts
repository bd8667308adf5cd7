import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addAccount } from './account.ts';
import { addAnchor } from './anchor.ts';
import { addBackup } from './backup.ts';
import { addBundle } from './bundle.ts';
import { addCatalog } from './catalog.ts';
import type { Cli } from './cli.ts';
import { addCollect } from './collect.ts';
import { addControls } from './controls.ts';
import { addDecisions } from './decisions.ts';
import { addDemo } from './demo.ts';
import { addDeviation } from './deviation.ts';
import { addDoctor } from './doctor.ts';
import { addEpisodes } from './episodes.ts';
import { addEvidence } from './evidence.ts';
import { exitCodes } from './exit-codes.ts';
import { addGenerate } from './generate-verb.ts';
import { addHistory } from './history.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { addNew } from './new.ts';
import { addNotify } from './notify.ts';
import { addObserve } from './observe.ts';
import { addPeople } from './people.ts';
import { addPeriod } from './period.ts';
import { addPermissions } from './permissions.ts';
import { addPerson } from './person.ts';
import { addPopulation } from './population.ts';
import { addReadiness } from './readiness.ts';
import { addRecompute } from './recompute.ts';
import { addRecords } from './records.ts';
import { addReindex } from './reindex.ts';
import { reportError } from './report-error.ts';
import { addResults } from './results.ts';
import { addReview } from './review.ts';
import { addSample } from './sample.ts';
import { addSchedule } from './schedule.ts';
import { addScope } from './scope.ts';
import { addServe } from './serve.ts';
import { addSod } from './sod.ts';
import { addStatus } from './status.ts';
import { addTest } from './test.ts';
import { addUpgrade } from './upgrade.ts';
import { addVerify } from './verify.ts';
import { addWaiver } from './waiver.ts';
import { addWorker } from './worker.ts';

/** Verbs in the order a new user meets them. Each registers its options here and loads what it needs when it runs. */
const verbs: readonly ((program: Command, cli: Cli) => void)[] = [
  addDemo,
  addInit,
  addDoctor,
  addPermissions,
  addCollect,
  addStatus,
  addResults,
  addEvidence,
  addVerify,
  addAnchor,
  addControls,
  addScope,
  addPerson,
  addPeople,
  addAccount,
  addPeriod,
  addHistory,
  addEpisodes,
  addPopulation,
  addSample,
  addObserve,
  addSod,
  addRecords,
  addReview,
  addWaiver,
  addDeviation,
  addDecisions,
  addServe,
  addWorker,
  addSchedule,
  addNotify,
  addReadiness,
  addBundle,
  addRecompute,
  addCatalog,
  addNew,
  addTest,
  addUpgrade,
  addBackup,
  addKeys,
  addReindex,
  addGenerate,
];

function buildProgram(cli: Cli): Command {
  const program = new Command('proofline')
    .description(
      'Collects SOC 2 and SOC 1 evidence from AWS and GitHub, judges it, keeps it tamper-evident, and lets an auditor verify it offline.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.out(text.replace(/\n$/, '')),
      writeErr: (text) => cli.err(text.replace(/\n$/, '')),
      outputError: (text, write) => write(text.replace(/^error: /, 'proofline: ')),
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 error, 2 usage or configuration, 3 collected but incomplete, 4 verification failed,
5 results fail (only with --fail-on).`,
    );
  for (const add of verbs) add(program, cli);
  inherit(program);
  return program;
}
/** Subcommands end in the same way as the program itself. */
function inherit(command: Command): void {
  for (const inner of command.commands) {
    inner.copyInheritedSettings(command);
    inherit(inner);
  }
}

/** `proofline --config FILE status` is `proofline status --config FILE`: what every verb takes may also stand before it. */
export function afterVerb(args: readonly string[]): string[] {
  const moved: string[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const value = args[at + 1];
    if (arg === '--demonstration' || /^--(?:config|data)=/.test(arg)) moved.push(arg);
    else if ((arg === '--config' || arg === '--data') && value !== undefined) {
      moved.push(arg, value);
      at += 1;
    } else break;
  }
  const rest = args.slice(at);
  // Behind `--` everything is an argument.
  const end = rest.indexOf('--');
  return end === -1 ? [...rest, ...moved] : [...rest.slice(0, end), ...moved, ...rest.slice(end)];
}

/** Runs one command line. Never throws: every error is printed once and becomes an exit code. */
export async function run(args: readonly string[], cli: Cli): Promise<void> {
  try {
    const program = buildProgram(cli);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(afterVerb(args), { from: 'user' });
  } catch (error) {
    // Commander has printed its own message already.
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) cli.exit(exitCodes.usage);
    } else {
      reportError(cli, error);
    }
  }
}
