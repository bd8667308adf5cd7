import type { Command } from 'commander';
import { type Cli, common } from './cli.ts';
import type { ProcessOptions } from './run-process.ts';

export function addWorker(program: Command, cli: Cli): void {
  common(program.command('worker'))
    .description('take jobs that lie in Redis, beside `proofline serve` and on the same data directory')
    .option('--listen <host:port>', 'answer /healthz, /readyz and /metrics there; without it nowhere')
    .action(async (options: ProcessOptions) => {
      const [{ runProcess }, { startWorker }] = await Promise.all([import('./run-process.ts'), import('../run/daemon/start-daemon.ts')]);
      await runProcess(cli, options, startWorker, () => options.listen);
    });
}
