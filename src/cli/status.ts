import type { Command } from 'commander';
import { Option } from 'commander';
import { type Severity, severities } from '../model/outcome.ts';
import type { DescribedOperation } from '../run/describe-operation.ts';
import { appOptions, type Cli, callOf, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { StatusOutput } from './shapes.ts';

interface StatusOptions extends ReadingOptions {
  readonly all?: boolean;
  readonly failOn?: Severity;
}

export function addStatus(program: Command, cli: Cli): void {
  reading(program.command('status'))
    .description('where every control stands, what is missing, what to do next')
    .option('--all', 'also the controls that only people can evidence')
    .addOption(new Option('--fail-on <severity>', 'end with 5 when a check of this severity or above fails').choices([...severities]))
    .action(async (options: StatusOptions) => showStatus(cli, options));
}

export async function showStatus(cli: Cli, options: StatusOptions): Promise<void> {
  const status = await statusOutput(cli, options);
  if (options.json === true) printJson(cli, status);
  else {
    const { renderStatus } = await import('./render-status.ts');
    cli.out(renderStatus(status, { colours: cli.colours, columns: cli.columns, all: options.all === true }));
  }
  if (options.failOn !== undefined) {
    const counted = severities.slice(0, severities.indexOf(options.failOn) + 1);
    if (counted.some((severity) => status.failures[severity] > 0)) cli.exit(exitCodes.resultsFail);
  }
}

function operationOf({ turns, lastMissed, lastFailed, daemon }: DescribedOperation): StatusOutput['operation'] {
  return {
    turns: { ...turns },
    lastMissed:
      lastMissed === null
        ? null
        : {
            schedule: lastMissed.schedule,
            from: lastMissed.from,
            to: lastMissed.to,
            count: lastMissed.count,
            reason: lastMissed.reason,
            late: lastMissed.late,
          },
    lastFailed:
      lastFailed === null
        ? null
        : { schedule: lastFailed.schedule, due: lastFailed.due, attempts: lastFailed.attempts, reason: lastFailed.reason },
    daemon:
      daemon === null
        ? null
        : {
            state: daemon.state,
            run: daemon.run.run,
            host: daemon.run.host,
            version: daemon.run.version,
            startedAt: daemon.run.startedAt,
            heardAt: daemon.heardAt,
          },
  };
}

async function statusOutput(cli: Cli, options: StatusOptions): Promise<StatusOutput> {
  const [{ openApp }, { describeStatus }, { nextSteps }] = await Promise.all([
    import('../app.ts'),
    import('../run/describe-status.ts'),
    import('./next-steps.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const described = await describeStatus(app);
  const { summary, displays } = described;
  const latest = summary.anchors.toSorted((a, b) => b.index - a.index)[0];
  const status: Omit<StatusOutput, 'nextSteps' | 'v'> = {
    at: described.at,
    entity: app.configuration.entity.name,
    demonstration: described.demonstration,
    log: {
      origin: described.origin,
      entries: summary.entries,
      signedTo: described.signedTo,
      dataDirectory: app.configuration.store.data,
    },
    anchors: {
      configured: app.configuration.anchors.map(({ name }) => name),
      latest:
        latest === undefined
          ? null
          : { anchor: latest.anchor, method: latest.method, at: latest.at, time: latest.receiptTime, size: latest.size },
      sentence: described.anchorSentence,
    },
    sources: summary.sources.map((source) => ({
      source: source.source,
      display: displays.get(source.source) ?? source.source,
      collections: source.collections,
      incomplete: source.incomplete.map((gap) => ({ ...gap, reasons: [...gap.reasons] })),
      oldest: source.oldest,
      newest: source.newest,
      results: source.results,
    })),
    counts: summary.counts,
    failures: { ...summary.failures },
    controls: described.controls.map(({ control, state, counts, failures, reasons, evidenceAsOf }) => ({
      id: control.id,
      statement: control.statement,
      status: control.status,
      owner: control.owner ?? null,
      automation: control.automation,
      state,
      counts,
      failures: { ...failures },
      checks: control.checks.map((use) => (typeof use === 'string' ? use : use.check)),
      evidenceAsOf,
      reasons: [...reasons],
    })),
    coverage: described.coverage.map((row) => ({ ...row, open: [...row.open] })),
    operation: operationOf(described.operation),
    warnings: [...described.warnings],
  };
  return { v: 1, ...status, nextSteps: nextSteps(status, callOf(options)) };
}
