import type { Command } from 'commander';
import pc from 'picocolors';
import { type ExitCode, worstExitCode } from './exit-codes.ts';

/** What a command says in colour on a terminal, and plainly elsewhere. */
export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}
export const plain: Colours = { bold: String, dim: String, red: String, green: String, yellow: String, cyan: String };

/** The world a command runs in; tests hand in their own. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person can be asked: standard input and output are a terminal. */
  readonly interactive: boolean;
  /** Standard error is a terminal: progress may rewrite its line. */
  readonly liveProgress: boolean;
  /** Width of standard output. */
  readonly columns: number;
  readonly colours: Colours;
  /** Writes to standard output; a line break is added. */
  out(text: string): void;
  /** Writes to standard error; a line break is added. */
  err(text: string): void;
  /** Writes to standard error as it is. */
  errRaw(text: string): void;
  /** Notes how the command ends; the worst code noted counts. */
  exit(code: ExitCode): void;
}

/** Options every verb takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly data?: string;
  readonly demonstration?: boolean;
}
export interface ReadingOptions extends CommonOptions {
  readonly json?: boolean;
}

/** Adds what every verb takes. */
export function common(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration (default: proofline.yaml here)')
    .option('--data <dir>', 'the data directory, in place of the one configured')
    .option('--demonstration', 'the built-in company Northwind Payroll instead of your own configuration');
}
/** Adds what every reading verb takes. */
export function reading(command: Command): Command {
  return common(command).option('--json', 'print JSON of the documented shape');
}

/** What `openApp` takes, from the options of a verb. */
export function appOptions(cli: Cli, options: CommonOptions) {
  return { configFile: options.config, dataDir: options.data, demonstration: options.demonstration, env: cli.env };
}

/** The configuration file a verb works with, also when it does not exist yet. */
export function configFileOf(options: CommonOptions): string {
  return options.config ?? 'proofline.yaml';
}

/** How this program is called here, for commands that are suggested: from a checkout through npm, by its name where it is installed. */
export function callOf(options: CommonOptions): { readonly program: string; readonly options: string } {
  const quoted = (text: string) => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return {
    program: import.meta.filename.endsWith('.ts') ? 'npm run -s proofline --' : 'proofline',
    options: [
      options.demonstration === true ? ' --demonstration' : '',
      options.config === undefined ? '' : ` --config ${quoted(options.config)}`,
      options.data === undefined ? '' : ` --data ${quoted(options.data)}`,
    ].join(''),
  };
}

/** Prints a value as JSON, indented. */
export function printJson(cli: Cli, value: unknown): void {
  cli.out(JSON.stringify(value, null, 2));
}

const noColours = (env: Cli['env']) => env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';

/** The real world: standard streams, terminal or not, NO_COLOR respected. */
export function processCli(): { cli: Cli; exitCode(): ExitCode } {
  const codes: ExitCode[] = [];
  const { stdin, stdout, stderr, env } = process;
  const coloured = !noColours(env) && env['TERM'] !== 'dumb' && (stdout.isTTY === true || (env['FORCE_COLOR'] ?? '0') !== '0');
  const { bold, dim, red, green, yellow, cyan } = pc.createColors(coloured);
  const cli: Cli = {
    env,
    interactive: stdin.isTTY === true && stdout.isTTY === true,
    liveProgress: stderr.isTTY === true && env['TERM'] !== 'dumb',
    columns: stdout.isTTY === true ? Math.max(60, stdout.columns) : 120,
    colours: { bold, dim, red, green, yellow, cyan },
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    errRaw: (text) => void stderr.write(text),
    exit: (code) => void codes.push(code),
  };
  return { cli, exitCode: () => worstExitCode(codes) };
}
