import type { Command } from 'commander';
import type { ListedSeparation, OpenedSeparation } from '../run/separation/open-separation.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { type DecidingOptions, deciding, recordedText, recording, several, waitingText } from './deciding.ts';
import type { SodConflictsOutput, SodExplainOutput, SodMatrixOutput, SodRulesOutput } from './sod-shapes.ts';

interface ConflictsOptions extends ReadingOptions {
  readonly rule?: string;
  readonly all?: boolean;
  readonly acts?: boolean;
}
interface MitigateOptions extends DecidingOptions {
  readonly person?: string[];
  readonly control: string;
  readonly check: string;
  readonly source?: string;
  readonly subject?: string;
  readonly owner: string;
  readonly from?: string;
  readonly expires: string;
  readonly because: string;
}
interface EndOptions extends DecidingOptions {
  readonly because: string;
}

export function addSod(program: Command, cli: Cli): void {
  const sod = program.command('sod').description('segregation of duties: what one person must not do alone, who can, and who did');
  reading(sod.command('matrix'))
    .description('which duties are kept apart, by which rule, and in how many people they meet')
    .action(async (options: ReadingOptions) => matrix(cli, options));
  reading(sod.command('conflicts'))
    .description('who can do both sides of a rule, what mitigates it, and what is not known')
    .option('--rule <id>', 'only of this rule')
    .option('--all', 'also those in whom there is none')
    .option('--acts', 'also what was done by one person alone')
    .action(async (options: ConflictsOptions) => conflicts(cli, options));
  reading(sod.command('explain'))
    .description('one rule and one person: every way to each duty, hop by hop, and what was not evaluated')
    .argument('<rule>', 'SOD-04')
    .argument('<person>', 'id (hr:E-104), number or name; or the id of an account that is nobody’s')
    .action(async (rule: string, person: string, options: ReadingOptions) => explain(cli, rule, person, options));
  reading(sod.command('rules'))
    .description('every rule, where it is from, and what it came to')
    .action(async (options: ReadingOptions) => rules(cli, options));
  deciding(sod.command('mitigate'))
    .description('ask for a mitigation of a conflict; it counts for nothing before another person approved it')
    .argument('<rule>', 'SOD-04')
    .requiredOption('--control <id>', 'the control that makes the conflict acceptable')
    .requiredOption('--check <id>', 'its own check: while it does not pass, the conflict stands')
    .requiredOption('--owner <person>', 'who answers for it')
    .requiredOption('--expires <date>', 'last day (UTC), at most a year ahead')
    .requiredOption('--because <reason>', 'why it is acceptable')
    .option(
      '--person <id>',
      'for this person of the roster (hr:E-104); may be given again; default: everybody in whom it is found',
      several,
    )
    .option('--source <id>', 'only results of its check over this source (aws:111122223333)')
    .option('--subject <id>', 'only the result about this resource')
    .option('--from <date>', 'first day (UTC); default: now')
    .action(async (rule: string, options: MitigateOptions) => mitigate(cli, rule, options));
  deciding(sod.command('end-mitigation'))
    .description('end a mitigation before it expires: the conflict under it is open again')
    .argument('<id>', 'M-...')
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: EndOptions) => end(cli, id, options));
}

async function matrix(cli: Cli, options: ReadingOptions): Promise<void> {
  const { settings, totals, asOf, incomplete } = await opening(cli, options);
  const output: SodMatrixOutput = {
    v: 1,
    asOf,
    duties: settings.duties.map(({ id, title, anyOf, acts }) => ({ id, title, patterns: anyOf.length, acts })),
    cells: settings.rules.map(({ id, allOf: [one, other], strength, canDo }) => {
      const total = totals.find(({ rule }) => rule === id);
      return { one, other, strength, own: !canDo, rule: id, conflicts: total?.conflicts ?? null, unmitigated: total?.unmitigated ?? null };
    }),
    incomplete: [...incomplete],
  };
  if (options.json === true) return printJson(cli, output);
  const { renderMatrix } = await import('./render-sod.ts');
  cli.out(renderMatrix(output, cli));
}

async function rules(cli: Cli, options: ReadingOptions): Promise<void> {
  const { settings, totals, acts, asOf, incomplete } = await opening(cli, options);
  const titles = new Map(settings.duties.map(({ id, title }) => [id, title]));
  const output: SodRulesOutput = {
    v: 1,
    asOf,
    rules: settings.rules.map(({ id, title, severity, strength, allOf, canDo, didDo, scope, origin, because, criteria, objectives }) => {
      const total = totals.find(({ rule }) => rule === id);
      const done = acts.filter(({ rule }) => rule === id);
      return {
        rule: id,
        title,
        severity,
        strength,
        duties: allOf.map((duty) => titles.get(duty) ?? duty),
        forms: [...(canDo ? ['can-do' as const] : []), ...(didDo === null ? [] : ['did-do' as const])],
        scope,
        origin,
        because,
        criteria,
        objectives,
        examined: total?.examined ?? null,
        conflicts: total?.conflicts ?? null,
        unmitigated: total?.unmitigated ?? null,
        undecided: total?.undecided ?? null,
        acts:
          didDo === null || asOf === null
            ? null
            : {
                examined: done.length,
                conflicts: done.filter(({ conflict }) => conflict === true).length,
                undecided: done.filter(({ conflict }) => conflict === null).length,
              },
        notConnected: total?.notConnected ?? [],
        notSeenWhole: total?.notSeenWhole ?? [],
      };
    }),
    disabled: settings.disabled,
    notes: settings.notes,
    incomplete: [...incomplete],
  };
  if (options.json === true) return printJson(cli, output);
  const { renderRules } = await import('./render-sod.ts');
  cli.out(renderRules(output, cli));
}

async function conflicts(cli: Cli, options: ConflictsOptions): Promise<void> {
  const opened = await opening(cli, options);
  const { settings, separations, acts, asOf, incomplete } = opened;
  if (options.rule !== undefined) {
    const { refuseUnknownRule } = await import('../run/separation/separation-named.ts');
    refuseUnknownRule(settings, options.rule);
  }
  const isWanted = ({ rule, conflict }: { readonly rule: string; readonly conflict: boolean | null }) =>
    (options.rule === undefined || rule === options.rule) && (options.all === true || conflict !== false);
  const output: SodConflictsOutput = {
    v: 1,
    asOf,
    conflicts: separations.filter(isWanted).map(rowOf),
    acts:
      options.acts === true
        ? acts.filter(isWanted).map(({ rule, on, at, says, conflict }) => ({ rule, on, at, says, conflict: wordOf(conflict) }))
        : [],
    incomplete: [...incomplete],
  };
  if (options.json === true) return printJson(cli, output);
  const { renderConflicts } = await import('./render-sod.ts');
  cli.out(renderConflicts(output, cli));
}

async function explain(cli: Cli, rule: string, person: string, options: ReadingOptions): Promise<void> {
  const opened = await opening(cli, options);
  const { separationNamed } = await import('../run/separation/separation-named.ts');
  const { separation, rule: found } = separationNamed(opened, rule, person);
  const titles = new Map(opened.settings.duties.map(({ id, title }) => [id, title]));
  const held = new Set(separation.holds.map(({ duty }) => duty));
  const output: SodExplainOutput = {
    ...rowOf(separation),
    v: 1,
    asOf: opened.asOf,
    rationale: found.rationale,
    holds: separation.holds,
    missing: found.allOf.filter((duty) => !held.has(duty)).map((duty) => titles.get(duty) ?? duty),
    notEvaluated: separation.notEvaluated,
  };
  if (options.json === true) return printJson(cli, output);
  const { renderExplanation } = await import('./render-sod.ts');
  cli.out(renderExplanation(output, cli));
}

async function mitigate(cli: Cli, rule: string, options: MitigateOptions): Promise<void> {
  const { requestMitigation } = await import('../run/separation/request-mitigation.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    requestMitigation(app, store, { ...options, rule, persons: options.person ?? [], reason: options.because, ...by }),
  );
  if (decision.payload.type !== 'mitigate') return;
  const { id, from, expires, check } = decision.payload.mitigation;
  cli.out(`Mitigation ${id} of ${rule}: ${from} to before ${expires}, while ${check.id} passes`);
  cli.out(recordedText(decision));
  cli.out(waitingText(options, `decisions approve ${decision.index}`));
}

async function end(cli: Cli, id: string, options: EndOptions): Promise<void> {
  const { endMitigation } = await import('../run/separation/request-mitigation.ts');
  const decision = await recording(cli, options, (app, store, by) => endMitigation(app, store, { ...by, id, reason: options.because }));
  cli.out(`Mitigation ${id}: ended`);
  cli.out(recordedText(decision));
}

async function opening(cli: Cli, options: ReadingOptions): Promise<OpenedSeparation> {
  const [{ openApp }, { openSeparation }] = await Promise.all([import('../app.ts'), import('../run/separation/open-separation.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    return await openSeparation(app, store);
  } finally {
    await store.close();
  }
}

function rowOf(separation: ListedSeparation): SodConflictsOutput['conflicts'][number] {
  const { rule, title, severity, holder, holderKind, name, conflict, holds, mitigation, unseen } = separation;
  return {
    rule,
    title,
    severity,
    holder,
    holderKind,
    name,
    conflict: wordOf(conflict),
    holds: holds.map(({ duty, title: of, count }) => ({ duty, title: of, count })),
    mitigation,
    unseen,
  };
}
const wordOf = (conflict: boolean | null): 'yes' | 'no' | 'unknown' => (conflict === null ? 'unknown' : conflict ? 'yes' : 'no');
