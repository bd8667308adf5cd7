import { type Command, InvalidArgumentError } from 'commander';
import type { ScreenCount } from '../run/populations/record-observation.ts';
import { appOptions, type Cli, type CommonOptions } from './cli.ts';
import { watching } from './collect.ts';
import { checkDecider, type DecidingOptions, decidedBy, deciding, recordedText } from './deciding.ts';
import { exitCodes } from './exit-codes.ts';

interface ObserveOptions extends DecidingOptions, CommonOptions {
  readonly nonce: string;
  readonly collector?: string[];
  readonly attach?: string[];
  readonly count?: ScreenCount[];
  readonly because?: string;
}

export function addObserve(program: Command, cli: Cli): void {
  deciding(program.command('observe'))
    .description('record a walkthrough: collect now, while the auditor watches, and compare with the source’s own screen')
    .requiredOption('--nonce <text>', 'what the auditor says there and then')
    .option('--collector <id...>', 'only these collectors')
    .option('--attach <file...>', 'pictures of the screen; copied beside the log, their SHA-256 is in it')
    .option('--count <collector=number>', 'what the screen counts, such as github/members=12; may be given again', screenCount)
    .option('--because <reason>', 'in place of the sentence that says whether the counts agree')
    .action(async (options: ObserveOptions) => observe(cli, options));
}

function screenCount(text: string, before: readonly ScreenCount[] = []): ScreenCount[] {
  const [, collector = '', scope, number = ''] = /^([^@=]+)(?:@([^=]+))?=(\d+)$/.exec(text) ?? [];
  if (collector === '')
    throw new InvalidArgumentError('expected a collector and a number, such as github/members=12 or github/members@github:9919=12');
  return [...before, { collector, ...(scope === undefined ? {} : { scope }), onScreen: Number(number) }];
}

async function observe(cli: Cli, options: ObserveOptions): Promise<void> {
  const [{ openApp }, { openLog }, { recordObservation }] = await Promise.all([
    import('../app.ts'),
    import('../run/opened-log.ts'),
    import('../run/populations/record-observation.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const by = await decidedBy(options);
  if (app.hasStore()) await checkDecider(app, by);
  const log = await openLog(app);
  try {
    const { decision, run, counts, attachments } = await watching(cli, app, false, (watched) =>
      recordObservation(app, log, {
        ...by,
        ...watched,
        nonce: options.nonce,
        collectors: options.collector ?? [],
        attachments: options.attach ?? [],
        counts: options.count ?? [],
        reason: options.because,
      }),
    );
    if (!run.complete) cli.exit(exitCodes.incomplete);
    const { green, red } = cli.colours;
    for (const { collector, scope, seen, onScreen } of counts)
      cli.out(
        `${collector} of ${scope}: ${seen} collected, ${onScreen} on the screen: ${seen === onScreen ? green('they agree') : red(`a difference of ${onScreen - seen}`)}`,
      );
    for (const { name, sha256, kept } of attachments) cli.out(`${name}: SHA-256 ${sha256}, kept as ${kept}`);
    cli.out(recordedText(decision));
  } finally {
    await log.close();
  }
}
