import type { Command } from 'commander';
import type { PeriodHistory } from '../model/history.ts';
import { appOptions, type Cli, type ReadingOptions, reading } from './cli.ts';
import type { PeriodHead } from './history-shapes.ts';

export interface PeriodReadingOptions extends ReadingOptions {
  readonly period?: string;
  readonly control?: string;
  readonly check?: string;
  readonly proposed?: boolean;
}

/** Options of the verbs that read a period. */
export function periodReading(command: Command): Command {
  return reading(command)
    .option('--period <id>', 'the observation period (default: the last 90 days, measured as periods are by default)')
    .option('--control <id>', 'only this control')
    .option('--check <id>', 'only this check')
    .option('--proposed', 'also the controls nobody has adopted, which count in no report');
}

/**
 * The history the options ask for. A control or check that is not in it is refused: nothing would look like a good answer.
 * @throws ProoflineError `usage`, and as `readPeriod` does
 */
export async function historyFor(cli: Cli, options: PeriodReadingOptions): Promise<PeriodHistory> {
  const [{ openApp }, { readPeriod }] = await Promise.all([import('../app.ts'), import('../run/read-period.ts')]);
  const app = await openApp(appOptions(cli, options));
  const history = await readPeriod(app, options.period, {
    ...(options.proposed === true ? { statuses: ['adopted', 'proposed'] as const } : {}),
    ...(options.control === undefined ? {} : { control: options.control }),
    ...(options.check === undefined ? {} : { check: options.check }),
  });
  await refuseUnknown(history, options);
  return history;
}

async function refuseUnknown({ controls }: PeriodHistory, { control, check, proposed }: PeriodReadingOptions): Promise<void> {
  const checks = controls.flatMap(({ versions }) => versions.flatMap((version) => version.checks.map(({ id }) => id)));
  const { ProoflineError } = await import('../model/errors.ts');
  if (control !== undefined && controls.length === 0) {
    const hint = proposed === true ? '' : '; with --proposed those nobody has adopted are read, too';
    throw new ProoflineError('usage', `no control "${control}" was in force in this time${hint}`);
  }
  if (check !== undefined && !checks.includes(check)) {
    const { didYouMean } = await import('../config/nearest-name.ts');
    throw new ProoflineError('usage', `no control of this time used a check "${check}"${didYouMean(check, checks)}`);
  }
}

export function periodHead({ period, through }: PeriodHistory): PeriodHead {
  const { id, engagement, start, end, zone, from, to } = period;
  return { id, engagement: engagement.id === 'none' ? null : engagement.id, start, end, zone, from, to, through };
}
