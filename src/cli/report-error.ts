import { isAbsolute, relative } from 'node:path';
import { type Problem, ProoflineError, SourceError } from '../model/errors.ts';
import type { Cli } from './cli.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

/** `proofline.yaml:12: sources.aws[0].regions: expected ...` */
export function problemText(problem: Problem): string {
  const file = problem.file === undefined ? undefined : shortPath(problem.file);
  const place = [file, problem.line].filter((part) => part !== undefined).join(':');
  return [place, problem.path, problem.message].filter((part) => part !== undefined && part !== '').join(': ');
}
function shortPath(file: string): string {
  if (!isAbsolute(file)) return file;
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}

/** Prints an error once, whole and clear, and notes the exit code. What is not one of ours is a bug: its stack is printed. */
export function reportError(cli: Cli, error: unknown): void {
  const { bold, red } = cli.colours;
  if (error instanceof ProoflineError) {
    cli.err(`${bold(red('proofline:'))} ${error.message}`);
    for (const problem of error.problems) cli.err(`  ${problemText(problem)}`);
    cli.exit(exitCodeOf(error.code));
    return;
  }
  if (error instanceof SourceError) {
    cli.err(`${bold(red('proofline:'))} the source did not answer as it should: ${error.message}`);
    cli.err('  `proofline doctor` says who you are there and what is missing');
    cli.exit(exitCodes.error);
    return;
  }
  if (error instanceof Error && error.name === 'ExitPromptError') {
    cli.err('stopped: nothing was written');
    cli.exit(exitCodes.error);
    return;
  }
  cli.err(`${bold(red('proofline:'))} this is a bug in Proofline; please report it with the lines below, leaving out what is confidential`);
  cli.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  for (let cause = error instanceof Error ? error.cause : undefined; cause instanceof Error; cause = cause.cause) {
    cli.err(`caused by ${cause.stack ?? cause.message}`);
  }
  cli.exit(exitCodes.error);
}
