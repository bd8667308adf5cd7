import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { decisionNamespace, type RecordedDecision, type RefusedDecision } from '../model/decision.ts';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, type CommonOptions, common, printJson, type ReadingOptions, reading } from './cli.ts';
import { actorText, type DecidingOptions, deciding, recordedText, recording } from './deciding.ts';
import type { DecisionRow, DecisionsListOutput, DecisionsShowOutput } from './shapes.ts';

interface ReplyOptions extends DecidingOptions {
  readonly because: string;
}

export function addDecisions(program: Command, cli: Cli): void {
  const decisions = program.command('decisions').description('what people decided, who they are, and what does not count');
  reading(decisions.command('list'))
    .description('every decision in the order of the log, and those that do not count with why')
    .action(async (options: ReadingOptions) => list(cli, options));
  reading(decisions.command('show'))
    .description('one decision with what was signed')
    .argument('<entry>', 'index in the log', entryIndex)
    .action(async (entry: number, options: ReadingOptions) => show(cli, entry, options));
  for (const [verb, description] of [
    ['approve', 'approve what another person decided and what takes two'],
    ['refuse', 'refuse what another person decided and what takes two'],
    ['withdraw', 'take back what you asked for, before another person approved it'],
  ] as const) {
    deciding(decisions.command(verb))
      .description(description)
      .argument('<entry>', 'index in the log', entryIndex)
      .requiredOption('--because <reason>', 'why, for the auditor')
      .action(async (entry: number, options: ReplyOptions) => reply(cli, verb, entry, options));
  }
  common(decisions.command('export-signature'))
    .description('what was signed, the signature and the key as files that ssh-keygen verifies')
    .argument('<entry>', 'index in the log', entryIndex)
    .requiredOption('--out <dir>', 'a directory')
    .action(async (entry: number, options: CommonOptions & { out: string }) => exportSignature(cli, entry, options));
}
function entryIndex(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected the index of a log entry');
  return Number(text);
}

async function register(cli: Cli, options: CommonOptions) {
  const [{ openApp }, { readRegister }] = await Promise.all([import('../app.ts'), import('../run/decisions/read-decisions.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    return readRegister(store);
  } finally {
    await store.close();
  }
}

async function list(cli: Cli, options: ReadingOptions): Promise<void> {
  const { decisions, refused } = await register(cli, options);
  const output: DecisionsListOutput = { v: 1, decisions: decisions.map(rowOf), refused: refused.map(refusedRow) };
  if (options.json === true) printJson(cli, output);
  else cli.out((await import('./render-decisions.ts')).renderDecisions(output, cli.colours));
}

async function show(cli: Cli, entry: number, options: ReadingOptions): Promise<void> {
  const decision = await find(cli, entry, options);
  const output: DecisionsShowOutput = {
    v: 1,
    decision: rowOf(decision),
    payload: JSON.parse(JSON.stringify(decision.payload)),
    signature: decision.signature,
  };
  if (options.json === true) printJson(cli, output);
  else cli.out((await import('./render-decisions.ts')).renderDecision(output, cli.colours));
}

async function find(cli: Cli, entry: number, options: CommonOptions): Promise<RecordedDecision> {
  const { decisions, refused } = await register(cli, options);
  const found = decisions.find(({ index }) => index === entry);
  if (found !== undefined) return found;
  const bad = refused.find(({ index }) => index === entry);
  if (bad === undefined) throw new ProoflineError('not-found', `entry ${entry} is no decision`);
  throw new ProoflineError('verification-failed', `entry ${entry} is a decision that does not count`, {
    problems: bad.problems.map((message) => ({ message })),
  });
}

async function reply(cli: Cli, type: 'approve' | 'refuse' | 'withdraw', of: number, options: ReplyOptions): Promise<void> {
  const { recordDecision } = await import('../run/decisions/record-decision.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    recordDecision(app, store, { ...by, payload: { type, of }, reason: options.because }),
  );
  cli.out(recordedText(decision));
}

async function exportSignature(cli: Cli, entry: number, options: CommonOptions & { readonly out: string }): Promise<void> {
  const { decisions, persons } = await register(cli, options);
  const decision = decisions.find(({ index }) => index === entry) ?? (await find(cli, entry, options));
  const { signature } = decision;
  if (signature === null) throw new ProoflineError('usage', `entry ${entry} carries no signature: its identity is not authenticated`);
  const line = persons.flatMap(({ keys }) => keys).find(({ fingerprint }) => fingerprint === signature.key)?.line;
  if (line === undefined) throw new ProoflineError('not-found', `the key ${signature.key} is no longer registered`);
  const { createFile } = await import('./write-file.ts');
  mkdirSync(options.out, { recursive: true });
  const person = decision.actor.person ?? '';
  createFile(join(options.out, 'decision.json'), signature.signedText);
  createFile(join(options.out, 'decision.json.sig'), signature.sshsig);
  createFile(join(options.out, 'allowed_signers'), `${person} namespaces="${decisionNamespace}" ${line}\n`);
  cli.out(`Written to ${options.out}. There:`);
  cli.out(`  ${verifyCommand(person)}`);
  cli.out('The key in allowed_signers is what this log registered: compare its fingerprint with the person himself.');
}
const verifyCommand = (person: string): string =>
  `ssh-keygen -Y verify -f allowed_signers -I ${person} -n ${decisionNamespace} -s decision.json.sig < decision.json`;

function rowOf(decision: RecordedDecision): DecisionRow {
  const { index, at, payload, actor, subjects, reason, needsApproval, approval, ended, signature } = decision;
  return {
    index,
    at,
    decision: payload.type,
    by: actorText(actor),
    person: actor.person,
    subjects: [...subjects],
    reason,
    needsApproval,
    approval: approval === null ? null : { index: approval.index, at: approval.at, by: actorText(approval.actor) },
    ended,
    key: signature?.key ?? null,
  };
}
function refusedRow({ index, at, decision, actor, problems }: RefusedDecision): DecisionsListOutput['refused'][number] {
  return { index, at, decision, by: actor.name, problems: [...problems] };
}
