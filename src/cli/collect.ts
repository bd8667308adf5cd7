import { type Command, Option } from 'commander';
import { configuredSources } from '../config/configured-sources.ts';
import { ProoflineError } from '../model/errors.ts';
import { type Severity, severities } from '../model/outcome.ts';
import type { Composition } from '../run/composition.ts';
import type { CollectProgress } from '../run/progress.ts';
import type { CollectionRun, RunCollectionOptions } from '../run/run-collection.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { CollectOutput } from './shapes.ts';

interface CollectOptions extends ReadingOptions {
  readonly source?: string[];
  readonly collector?: string[];
  readonly failOn?: Severity;
  readonly backfill?: string;
}

export function addCollect(program: Command, cli: Cli): void {
  reading(program.command('collect'))
    .description('collect from the sources, seal what was seen, judge it, sign and anchor the log')
    .option('--source <name...>', 'only these sources, by their names in the configuration')
    .option('--collector <id...>', 'only these collectors')
    .option('--backfill <date>', 'read the sources’ own records of changes from this day (UTC) on, as far back as they remember')
    .addOption(new Option('--fail-on <severity>', 'end with 5 when a check of this severity or above fails').choices([...severities]))
    .action(async (options: CollectOptions) => {
      const run = await collect(cli, options);
      if (options.json === true) printJson(cli, collectOutput(run));
      else cli.out((await import('./render-collect.ts')).renderCollect(collectOutput(run), cli.colours));
    });
}

export function collectOutput(run: CollectionRun): CollectOutput {
  return {
    v: 1,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    complete: run.complete,
    interrupted: run.interrupted,
    sources: run.members.map((member) => ({
      ...member,
      incomplete: member.incomplete.map((gap) => ({ ...gap, reasons: [...gap.reasons] })),
    })),
    unreachable: run.unreachable.map((source) => ({ ...source })),
    failures: { ...run.failures },
    anchors: run.anchors.map((anchored) =>
      anchored.kind === 'anchored'
        ? { anchor: anchored.anchor, time: anchored.receiptTime, error: null }
        : { anchor: anchored.anchor, time: null, error: anchored.message },
    ),
    head: run.head,
  };
}

/** Runs a collection with progress and Ctrl-C: the first ends it honestly, what was not seen is recorded; a second ends the process. */
export async function collect(cli: Cli, options: CollectOptions): Promise<CollectionRun> {
  const [{ openApp }, { runCollection }, { userInfo }] = await Promise.all([
    import('../app.ts'),
    import('../run/run-collection.ts'),
    import('node:os'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const names = configuredSources(app.configuration).map(({ name }) => name);
  for (const name of options.source ?? []) {
    if (names.includes(name)) continue;
    const { didYouMean } = await import('../config/nearest-name.ts');
    throw new ProoflineError('usage', `there is no source "${name}" in ${app.configuration.file}${didYouMean(name, names)}`);
  }
  if (names.length === 0 && !app.demonstration) {
    throw new ProoflineError('configuration', `${app.configuration.file}: no source is configured: nothing to collect from`);
  }
  const backfillFrom = options.backfill === undefined ? undefined : await dayBefore(options.backfill, app.now());
  return await watching(cli, app, options.json === true, async (watched) => {
    const run = await runCollection(app, {
      sources: options.source,
      collectors: options.collector,
      backfillFrom,
      trigger: { name: userInfo().username, authentication: 'none' },
      ...watched,
    });
    if (!run.complete) cli.exit(exitCodes.incomplete);
    if (options.failOn !== undefined) {
      const counted = severities.slice(0, severities.indexOf(options.failOn) + 1);
      if (counted.some((severity) => run.failures[severity] > 0)) cli.exit(exitCodes.resultsFail);
    }
    return run;
  });
}

/** Shows how `work` gets on, and lets Ctrl-C end it honestly; `quiet` where JSON goes to standard output. */
export async function watching<T>(
  cli: Cli,
  app: Composition,
  quiet: boolean,
  work: (watched: Pick<RunCollectionOptions, 'onProgress' | 'signal'>) => Promise<T>,
): Promise<T> {
  const { pino } = await import('pino');
  const configured = app.configuration.log.level;
  // On a terminal the progress line says what info lines would.
  const log = pino({ level: cli.liveProgress && configured === 'info' ? 'warn' : configured }, pino.destination({ dest: 2, sync: true }));
  for (const notice of app.configuration.notices) log.warn({ notice }, 'setting ignored');

  const progress = await watch(cli, quiet);
  const abort = new AbortController();
  const onInterrupt = () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
    progress.say('stopping: what was collected is kept, the rest is recorded as not collected (press again to end at once)');
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await work({
      signal: abort.signal,
      onProgress: (event) => {
        progress.show(event);
        note(log, event);
      },
    });
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    progress.end();
  }
}

/** Midnight (UTC) of a day that lies in the past. @throws ProoflineError `usage` */
async function dayBefore(text: string, now: string): Promise<string> {
  const { Temporal } = await import('temporal-polyfill');
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? tryTo(() => Temporal.PlainDate.from(text)) : undefined;
  const from = day?.toZonedDateTime('UTC').toInstant();
  if (from === undefined) throw new ProoflineError('usage', `--backfill takes a day as 2026-01-31, not "${text}"`);
  if (Temporal.Instant.compare(from, Temporal.Instant.from(now)) >= 0) {
    throw new ProoflineError('usage', `--backfill ${text} is not in the past`);
  }
  return from.toString({ smallestUnit: 'millisecond' });
}
function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Logger {
  info(values: object, message: string): void;
  warn(values: object, message: string): void;
  debug(values: object, message: string): void;
}
function note(log: Logger, event: CollectProgress): void {
  switch (event.kind) {
    case 'collected': {
      const { collector, scope, items, changed, completeness } = event;
      if (completeness.kind === 'complete') log.info({ collector, scope, items, changed }, 'collected');
      else log.warn({ collector, scope, items, reasons: completeness.reasons }, 'collection incomplete');
      return;
    }
    case 'unreachable':
      log.warn({ source: event.source, reason: event.reason }, 'source could not be read');
      return;
    case 'forgotten':
      log.warn({ collector: event.collector, scope: event.scope, from: event.from, to: event.to }, 'record forgotten by its source');
      return;
    case 'anchor-failed':
      log.warn({ anchor: event.anchor }, 'anchor failed');
      return;
    case 'evaluated':
      log.info({ source: event.source, results: event.results, judged: event.judged }, 'judged');
      return;
    case 'anchored':
      log.info({ anchor: event.anchor, at: event.at }, 'anchored');
      return;
    case 'collecting':
      log.debug({ collector: event.collector, scope: event.scope }, 'collecting');
      return;
    default:
  }
}

/** A line that rewrites itself on a terminal; plain lines on standard output elsewhere; nothing beside JSON. */
async function watch(cli: Cli, quiet: boolean) {
  const { nextProgress, noProgress, progressLine, progressText } = await import('./render-progress.ts');
  let state = noProgress;
  const started = performance.now();
  let drawn = 0;
  const clear = () => cli.errRaw('\r\u001b[2K');
  const draw = () => {
    drawn = performance.now();
    cli.errRaw(`\r\u001b[2K${progressLine(state, drawn - started, cli.columns - 1)}`);
  };
  return {
    show(event: CollectProgress) {
      state = nextProgress(state, event);
      if (cli.liveProgress) {
        if (event.kind === 'unreachable' || event.kind === 'anchor-failed' || event.kind === 'forgotten')
          this.say(progressText(event) ?? '');
        else if (performance.now() - drawn > 100) draw();
      } else if (!quiet) {
        const text = progressText(event);
        if (text !== undefined) cli.out(text);
      }
    },
    say(text: string) {
      if (cli.liveProgress) clear();
      cli.err(text);
    },
    end() {
      if (cli.liveProgress) clear();
    },
  };
}
