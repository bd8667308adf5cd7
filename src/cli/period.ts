import { type Command, InvalidArgumentError } from 'commander';
import type { PeriodRecord } from '../run/decisions/read-periods.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { actorText, type DecidingOptions, deciding, recordedText, recording, waitingText } from './deciding.ts';
import type { PeriodListOutput, PeriodRow } from './shapes.ts';

interface CreateOptions extends DecidingOptions {
  readonly engagement: string;
  readonly id?: string;
  readonly start?: string;
  readonly end?: string;
  readonly asOf?: string;
  readonly zone: string;
  readonly cutOff?: string;
  readonly because: string;
}
interface CloseOptions extends DecidingOptions {
  readonly cutOff?: string;
  readonly reportDate?: string;
  readonly because: string;
}
interface AmendOptions extends DecidingOptions {
  readonly set?: Record<string, string>;
  readonly fromEngagement?: boolean;
  readonly because: string;
}

export function addPeriod(program: Command, cli: Cli): void {
  const period = program.command('period').description('observation periods: what an examination speaks of, and how it is measured');
  deciding(period.command('create'))
    .description('open a period: its ruler, engagement and plan are frozen from then on')
    .requiredOption('--engagement <id>', 'what it is examined for (the file under `engagements`)')
    .option('--id <id>', 'its name (default: the engagement and the last day)')
    .option('--start <date>', 'Type 2: the first day')
    .option('--end <date>', 'Type 2: the last day')
    .option('--as-of <date>', 'Type 1: the day')
    .requiredOption('--zone <zone>', 'IANA time zone the days are of, such as Europe/Berlin')
    .option('--cut-off <date>', 'last day on which what happened within it is still taken in')
    .option('--because <reason>', 'why, for the auditor', 'opened as agreed with the auditor')
    .action(async (options: CreateOptions) => create(cli, options));
  reading(period.command('list'))
    .description('every period with its state and what was amended')
    .action(async (options: ReadingOptions) => list(cli, options, undefined));
  reading(period.command('show'))
    .description('one period with its ruler, its amendments and what is still missing')
    .argument('<id>')
    .action(async (id: string, options: ReadingOptions) => list(cli, options, id));
  deciding(period.command('close'))
    .description('close a period that has ended; what arrives later is for a supplement')
    .argument('<id>')
    .option('--cut-off <date>', 'last day on which what happened within it was taken in (default: as opened, or now)')
    .option('--report-date <date>', 'the date of the report, where it is known')
    .option('--because <reason>', 'why, for the auditor', 'closed after its end')
    .action(async (id: string, options: CloseOptions) => close(cli, id, options));
  deciding(period.command('amend'))
    .description('change what an open period is measured by; loosening takes a second person and is printed on the cover')
    .argument('<id>')
    .option('--set <member=value...>', 'such as thresholds.critical.gapAfter=P5D', assignment)
    .option('--from-engagement', 'take the ruler over as the engagements file has it now')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: AmendOptions) => amend(cli, id, options));
}
function assignment(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [member, ...value] = text.split('=');
  if (!member || value.length === 0) throw new InvalidArgumentError('expected member=value, such as thresholds.critical.gapAfter=P5D');
  return { ...before, [member]: value.join('=') };
}

async function create(cli: Cli, options: CreateOptions): Promise<void> {
  const { openPeriod } = await import('../run/decisions/open-period.ts');
  const { record, warnings } = await recording(cli, options, (app, store, by) =>
    openPeriod(app, store, { ...options, reason: options.because, ...by }),
  );
  const { period } = record;
  cli.out(`Period ${period.id}: ${period.start} to ${period.end} (${period.zone}), that is ${period.from} to before ${period.to}`);
  cli.out(`Recorded as entry ${record.decision}, by ${actorText(record.openedBy)}; plan: entry ${period.plan}.`);
  for (const warning of warnings) cli.err(`${cli.colours.yellow('note:')} ${warning}`);
}

async function close(cli: Cli, id: string, options: CloseOptions): Promise<void> {
  const { closePeriod } = await import('../run/decisions/close-period.ts');
  const { record, warnings } = await recording(cli, options, (app, store, by) =>
    closePeriod(app, store, { ...options, period: id, reason: options.because, ...by }),
  );
  cli.out(`Period ${id} is closed: end ${record.period.to}, cut-off ${record.closed?.cutOff ?? ''}`);
  if (record.closed !== null) cli.out(`Recorded as entry ${record.closed.decision}, by ${actorText(record.closed.by)}.`);
  const [{ openApp }, { readPeriod }, { missingEdges }] = await Promise.all([
    import('../app.ts'),
    import('../run/read-period.ts'),
    import('../run/decisions/missing-edges.ts'),
  ]);
  const edges = missingEdges(await readPeriod(await openApp(appOptions(cli, options)), id));
  for (const warning of [...warnings, ...edges]) cli.err(`${cli.colours.yellow('still missing:')} ${warning}`);
}

async function amend(cli: Cli, id: string, options: AmendOptions): Promise<void> {
  const { amendPeriod } = await import('../run/decisions/amend-period.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    amendPeriod(app, store, { ...options, period: id, reason: options.because, ...by }),
  );
  if (decision.payload.type !== 'amend-period') return;
  for (const sentence of decision.payload.tightens) cli.out(`tightens  ${sentence}`);
  for (const sentence of decision.payload.loosens) cli.out(`${cli.colours.yellow('loosens')}   ${sentence}`);
  cli.out(recordedText(decision));
  if (decision.needsApproval) cli.out(waitingText(options, `decisions approve ${decision.index}`));
}

async function list(cli: Cli, options: ReadingOptions, id: string | undefined): Promise<void> {
  const [{ openApp }, { readPeriods }, { stillMissing }, { renderPeriod, renderPeriods }] = await Promise.all([
    import('../app.ts'),
    import('../run/decisions/read-periods.ts'),
    import('../run/decisions/close-period.ts'),
    import('./render-decisions.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const periods = readPeriods(store).filter(({ period }) => id === undefined || period.id === id);
    if (id !== undefined && periods.length === 0) {
      const { refuseProblems } = await import('../run/decisions/period-bounds.ts');
      refuseProblems([`there is no period "${id}"`], 'nothing to show');
    }
    const output: PeriodListOutput = { v: 1, periods: periods.map((record) => rowOf(record, stillMissing(store, record.period.id))) };
    if (options.json === true) printJson(cli, output);
    else if (id === undefined) cli.out(renderPeriods(output, cli.colours));
    else for (const row of output.periods) cli.out(renderPeriod(row, cli.colours));
  } finally {
    await store.close();
  }
}

function rowOf(
  { period, ruler, state, decision, openedAt, openedBy, amendments, closed }: PeriodRecord,
  missing: readonly string[],
): PeriodRow {
  return {
    id: period.id,
    engagement: period.engagement.id,
    report: period.engagement.report,
    type: period.engagement.type,
    state,
    start: period.start,
    end: period.end,
    zone: period.zone,
    from: period.from,
    to: period.to,
    cutOff: period.cutOff,
    plan: period.plan,
    decision,
    openedAt,
    openedBy: actorText(openedBy),
    ruler,
    amendments: amendments.map((amendment) => ({
      decision: amendment.decision,
      at: amendment.at,
      by: actorText(amendment.by),
      reason: amendment.reason,
      loosens: [...amendment.loosens],
      tightens: [...amendment.tightens],
      approvedBy: amendment.approvedBy === null ? null : actorText(amendment.approvedBy),
      inForceFrom: amendment.inForceFrom,
    })),
    closed:
      closed === null
        ? null
        : { decision: closed.decision, at: closed.at, by: actorText(closed.by), cutOff: closed.cutOff, reportDate: closed.reportDate },
    missing: [...missing],
  };
}
