import type { Command } from 'commander';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { DoctorOutput } from './shapes.ts';

export function addDoctor(program: Command, cli: Cli): void {
  reading(program.command('doctor'))
    .description('who you are at each source, what is missing for which collector, clock, cost; store, keys, anchors')
    .option('--offline', 'leave the sources alone')
    .action(async (options: ReadingOptions & { offline?: boolean }) => {
      const [{ openApp }, { runDoctor }] = await Promise.all([import('../app.ts'), import('../run/run-doctor.ts')]);
      const app = await openApp(appOptions(cli, options));
      const abort = new AbortController();
      const onInterrupt = () => (abort.signal.aborted ? process.exit(130) : abort.abort());
      process.on('SIGINT', onInterrupt);
      try {
        const findings = await runDoctor(app, {
          offline: options.offline,
          signal: abort.signal,
          onProgress: (sentence) => {
            if (cli.liveProgress) cli.errRaw(`\r\u001b[2K${sentence.slice(0, cli.columns - 1)}`);
          },
        });
        if (cli.liveProgress) cli.errRaw('\r\u001b[2K');
        const output: DoctorOutput = { v: 1, at: app.now(), findings: findings.map((finding) => ({ ...finding })) };
        if (options.json === true) printJson(cli, output);
        else cli.out((await import('./render-doctor.ts')).renderDoctor(output, cli.colours));
        if (findings.some(({ level }) => level === 'problem')) cli.exit(exitCodes.error);
      } finally {
        process.off('SIGINT', onInterrupt);
      }
    });
}
