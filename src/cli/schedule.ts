import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { configuredSources } from '../config/configured-sources.ts';
import { ProoflineError } from '../model/errors.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Composition } from '../run/composition.ts';
import type { ListedSchedule } from '../run/daemon/list-schedules.ts';
import { appOptions, type Cli, type CommonOptions, common, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { ScheduleListOutput } from './shapes.ts';

export function addSchedule(program: Command, cli: Cli): void {
  const schedule = program.command('schedule').description('what is collected when, what was missed, and running it now');
  reading(schedule.command('list'))
    .description('every schedule: when it is due next, when it was last done, what was missed or failed and why')
    .action(async (options: ReadingOptions) => {
      const [{ openApp }, { listSchedules }] = await Promise.all([import('../app.ts'), import('../run/daemon/list-schedules.ts')]);
      const app = await openApp(appOptions(cli, options));
      const output = scheduleOutput(await listSchedules(app), app.now());
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-schedules.ts')).renderSchedules(output, cli));
    });
  common(schedule.command('run'))
    .description('collect and judge now what a schedule or a source has; its next turn comes all the same')
    .argument('<id|source>', 'id of a schedule (`schedule list`), or name of a source: all of it')
    .option('--wait', 'with Redis: wait until it is done')
    .action(async (target: string, options: CommonOptions & { readonly wait?: boolean }) => runNow(cli, target, options));
}

export function scheduleOutput(listed: readonly ListedSchedule[], at: string): ScheduleListOutput {
  return {
    v: 1,
    at,
    schedules: listed.map(({ due: { schedule, turn, missed, next }, record }) => {
      const { id, kind, source, collectors, cron, zone, jitterMs, from } = schedule;
      const { done, failed, missed: told } = record;
      return {
        id,
        kind,
        source,
        collectors: [...collectors],
        cron,
        zone,
        jitterMs,
        from,
        next,
        due: turn?.due ?? null,
        done: done && { due: done.due, at: done.at, entry: done.index },
        failed: failed && { due: failed.due, at: failed.at, entry: failed.index, attempts: failed.attempts, reason: failed.reason },
        missed: told && {
          from: told.from,
          to: told.to,
          count: told.count,
          reason: told.reason,
          late: told.late,
          at: told.at,
          entry: told.index,
        },
        unrecorded: missed && { from: missed.from, to: missed.to, count: missed.count },
      };
    }),
  };
}

async function runNow(cli: Cli, target: string, options: CommonOptions & { readonly wait?: boolean }): Promise<void> {
  const [{ openApp }, { nowJob, putNow, runHere }, { watching }] = await Promise.all([
    import('../app.ts'),
    import('../run/daemon/run-now.ts'),
    import('./collect.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const job = nowJob(app, await whatIsMeant(app, target), { name: userInfo().username, authentication: 'none' });
  const inRedis = app.configuration.queue?.redis !== undefined;
  const onPut = () => cli.out(`${job.id}: put in line before all others`);
  if (!inRedis) cli.out('Jobs lie in the daemon itself (no queue.redis): this runs here, in this process, under the same leases.');
  const ran = await watching(cli, app, false, async (watched) =>
    inRedis ? await putNow(app, job, { wait: options.wait === true, signal: watched.signal, onPut }) : await runHere(app, job, watched),
  );
  if (ran === null) return;
  if (ran.outcome === 'done') cli.out(cli.colours.green('done'));
  else {
    cli.err(`${cli.colours.red('failed')}: ${ran.reason}`);
    cli.exit(exitCodes.error);
  }
}

async function whatIsMeant(app: Composition, target: string): Promise<Schedule | { readonly source: string }> {
  const schedules = await app.schedules();
  const sources = configuredSources(app.configuration).map(({ name }) => name);
  const schedule = schedules.find(({ id }) => id === target);
  if (schedule !== undefined) return schedule;
  if (sources.includes(target)) return { source: target };
  const { didYouMean } = await import('../config/nearest-name.ts');
  const names = [...schedules.map(({ id }) => id), ...sources];
  throw new ProoflineError(
    'usage',
    `there is no schedule and no source "${target}" in ${app.configuration.file}${didYouMean(target, names)}`,
  );
}
