import type { Command } from 'commander';
import type { LifeProgress } from '../run/live-through.ts';
import { appOptions, type Cli, type CommonOptions, common } from './cli.ts';

interface DemoOptions extends CommonOptions {
  readonly oneDay?: boolean;
  readonly out?: string;
}

export function addDemo(program: Command, cli: Cli): void {
  common(program.command('demo'))
    .description('a year of the built-in company Northwind Payroll: collect, seal, judge, decide, and hand an auditor two bundles')
    .option('--out <dir>', 'where the bundles go (default: bundles beside the log)')
    .option('--one-day', 'one collection on one day, and where every control stands')
    .action(async (options: DemoOptions) => (options.oneDay === true ? oneDay(cli, options) : year(cli, options)));
}

async function oneDay(cli: Cli, options: DemoOptions): Promise<void> {
  const [{ collect, collectOutput }, { showStatus }, { renderCollect }] = await Promise.all([
    import('./collect.ts'),
    import('./status.ts'),
    import('./render-collect.ts'),
  ]);
  const run = await collect(cli, { ...options, demonstration: true });
  cli.out(renderCollect(collectOutput(run), cli.colours));
  cli.out('');
  await showStatus(cli, { ...options, demonstration: true });
}

/** Lives through the year with a line per month, or one that rewrites itself on a terminal. Ctrl-C stops after what is under way. */
async function year(cli: Cli, options: DemoOptions): Promise<void> {
  const [{ openApp }, { liveThrough }, { renderYear }, path] = await Promise.all([
    import('../app.ts'),
    import('../run/live-through.ts'),
    import('./render-year.ts'),
    import('node:path'),
  ]);
  const app = await openApp(appOptions(cli, { ...options, demonstration: true }));
  if (app.described === undefined) throw new TypeError('the demonstration has no described life');
  const { data } = app.configuration.store;
  const out = path.resolve(options.out ?? (options.data === undefined ? path.join(path.dirname(data), 'bundles') : `${data}-bundles`));
  const abort = new AbortController();
  const clear = () => (cli.liveProgress ? cli.errRaw('\r\u001b[2K') : undefined);
  const onInterrupt = () => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
    clear();
    cli.err('stopping: what was collected is kept; the next `demo` goes on from here (press again to end at once)');
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const show = watchYear(cli, clear);
  try {
    const started = performance.now();
    const lived = await liveThrough(app, app.described, { out, signal: abort.signal, onProgress: show });
    clear();
    cli.out(renderYear(app, lived, { out, took: performance.now() - started, colours: cli.colours, call: options }));
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function watchYear(cli: Cli, clear: () => void): (progress: LifeProgress) => void {
  let month = '';
  let drawn = 0;
  return ({ at, done, of, collections, said }) => {
    const isNew = at.slice(0, 7) !== month;
    month = at.slice(0, 7);
    if (said !== undefined) {
      clear();
      cli.out(`${cli.colours.dim(at.slice(0, 10))} ${said}`);
    } else if (cli.liveProgress) {
      if (!isNew && performance.now() - drawn < 100) return;
      drawn = performance.now();
      const line = `${at.slice(0, 10)}: ${done} of ${of} steps, ${collections} collections`;
      cli.errRaw(`\r\u001b[2K${line.slice(0, cli.columns - 1)}`);
    } else if (isNew) {
      cli.out(`${cli.colours.dim(month)} ${done} of ${of} steps, ${collections} collections`);
    }
  };
}
