import type { Command } from 'commander';
import type { RecordSettings } from '../access/records/examination.ts';
import type { OpenedRecords } from '../run/records/open-records.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { type DecidingOptions, deciding, recordedText, recording, waitingText } from './deciding.ts';
import { exitCodes } from './exit-codes.ts';
import type { RecordsListOutput, RecordsOutput, RecordsTestOutput } from './record-shapes.ts';

interface ExplainOptions extends DecidingOptions {
  readonly record: string;
  readonly explanation: string;
  readonly expires?: string;
  readonly because: string;
}
interface TestOptions extends ReadingOptions {
  readonly all?: boolean;
}

export function addRecords(program: Command, cli: Cli): void {
  const records = program
    .command('records')
    .description('what is examined record by record over whole populations: payments, entries, approvals');
  reading(records.command('list'))
    .description('every examination, what stands in its way, and what it last came to')
    .action(async (options: ReadingOptions) => list(cli, options));
  reading(records.command('show'))
    .description('every record that fails an examination, as it was last sealed, by its key and in figures')
    .argument('<examination>', 'PR-07-ONCE')
    .action(async (id: string, options: ReadingOptions) => show(cli, id, options, false));
  reading(records.command('run'))
    .description('carry the examinations out over what the log has now; nothing is sealed (that is what collect does)')
    .argument('[examination]', 'only this one')
    .action(async (id: string | undefined, options: ReadingOptions) => show(cli, id, options, true));
  reading(records.command('test'))
    .description('run the examples of your own examinations: those that should hold do, those that should fail do')
    .option('--all', 'also those of the shipped ones')
    .action(async (options: TestOptions) => test(cli, options));
  deciding(records.command('explain'))
    .description('say why a record that fails is as it should be; it counts for nothing before another person approved it')
    .argument('<examination>', 'PR-07-ONCE')
    .requiredOption('--record <name>', 'the record, as `records show` names it')
    .requiredOption('--explanation <text>', 'what it is')
    .requiredOption('--because <reason>', 'why that is right, for the auditor')
    .option('--expires <date>', 'last day (UTC) on which it counts; default: for good')
    .action(async (examination: string, options: ExplainOptions) => explain(cli, examination, options));
}

interface Opened extends OpenedRecords {
  readonly settings: RecordSettings;
}
async function opening(cli: Cli, options: ReadingOptions, fresh: boolean): Promise<Opened> {
  const [{ openApp }, { openRecords, recordSettings, runRecords }] = await Promise.all([
    import('../app.ts'),
    import('../run/records/open-records.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const settings = await recordSettings(app);
  const store = await app.openStore({ readOnly: true });
  try {
    return { ...(await (fresh ? runRecords(app, store) : openRecords(app, store))), settings };
  } finally {
    await store.close();
  }
}
function rowsOf({ settings, examinations }: Opened): RecordsListOutput['examinations'] {
  return settings.examinations.map(({ examination, origin, blocked }) => {
    const found = examinations.find((one) => one.examination === examination.id);
    const { id, title, kind, over, control = null, severity } = examination;
    return {
      ...{ examination: id, title, kind, over, origin, control, severity, blocked },
      population: found?.population ?? null,
      unread: found?.unread ?? null,
      tables: found?.tables ?? [],
    };
  });
}

async function list(cli: Cli, options: ReadingOptions): Promise<void> {
  const opened = await opening(cli, options, false);
  const output: RecordsListOutput = { v: 1, asOf: opened.asOf, examinations: rowsOf(opened), leftOut: opened.settings.leftOut };
  if (options.json === true) return printJson(cli, output);
  const { renderExaminations } = await import('./render-records.ts');
  cli.out(renderExaminations(output, cli));
}

async function show(cli: Cli, id: string | undefined, options: ReadingOptions, fresh: boolean): Promise<void> {
  const opened = await opening(cli, options, fresh);
  if (id !== undefined) {
    const { refuseUnknownExamination } = await import('../run/records/open-records.ts');
    refuseUnknownExamination(opened.settings, id);
  }
  const isWanted = ({ examination }: { readonly examination: string }) => id === undefined || examination === id;
  const output: RecordsOutput = {
    v: 1,
    asOf: opened.asOf,
    examinations: rowsOf(opened).filter(isWanted),
    records: opened.records.filter(isWanted).map((record) => ({ ...record })),
  };
  if (options.json === true) return printJson(cli, output);
  const { renderRecords } = await import('./render-records.ts');
  cli.out(renderRecords(output, cli));
}

async function test(cli: Cli, options: TestOptions): Promise<void> {
  const [{ openApp }, { recordSettings }, { runExamples }] = await Promise.all([
    import('../app.ts'),
    import('../run/records/open-records.ts'),
    import('../access/records/run-examples.ts'),
  ]);
  const settings = await recordSettings(await openApp(appOptions(cli, options)));
  const tables = new Map(settings.tables.map((table) => [table.name, table]));
  const output: RecordsTestOutput = {
    v: 1,
    examinations: settings.examinations
      .filter(({ origin }) => options.all === true || origin === 'own')
      .map(({ examination }) => ({
        examination: examination.id,
        examples: runExamples(examination, tables).map(({ why, ...run }) => ({ ...run, why: [...why] })),
      })),
  };
  if (output.examinations.some(({ examples }) => examples.some(({ expected, found }) => expected !== found))) cli.exit(exitCodes.error);
  if (options.json === true) return printJson(cli, output);
  const { renderExamples } = await import('./render-records.ts');
  cli.out(renderExamples(output, cli));
}

async function explain(cli: Cli, examination: string, options: ExplainOptions): Promise<void> {
  const { explainRecord } = await import('../run/records/open-records.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    explainRecord(app, store, { ...options, examination, reason: options.because, ...by }),
  );
  cli.out(`Explanation of ${options.record} in ${examination}${options.expires === undefined ? '' : `, until ${options.expires}`}`);
  cli.out(recordedText(decision));
  cli.out(waitingText(options, `decisions approve ${decision.index}`));
}
