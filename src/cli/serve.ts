import type { Command } from 'commander';
import { type Cli, common } from './cli.ts';
import type { ProcessOptions } from './run-process.ts';

export function addServe(program: Command, cli: Cli): void {
  common(program.command('serve'))
    .description('run continuously: collect by schedule, judge, notify, anchor, and answer /healthz, /readyz and /metrics')
    .option('--listen <host:port>', 'in place of serve.listen of the configuration')
    .action(async (options: ProcessOptions) => {
      const [{ runProcess }, { startDaemon }] = await Promise.all([import('./run-process.ts'), import('../run/daemon/start-daemon.ts')]);
      await runProcess(cli, options, startDaemon, (app) => options.listen ?? app.configuration.serve?.listen ?? '127.0.0.1:9464');
    });
}
