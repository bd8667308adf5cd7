import { type Command, InvalidArgumentError } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { addDocumentVerbs } from './evidence-documents.ts';
import type { EvidenceListOutput, EvidenceRow, EvidenceShowOutput } from './shapes.ts';

interface ListOptions extends ReadingOptions {
  readonly collector?: string;
  readonly source?: string;
  readonly since?: string;
  readonly incomplete?: boolean;
  readonly all?: boolean;
  readonly limit: number;
}

export function addEvidence(program: Command, cli: Cli): void {
  const evidence = program
    .command('evidence')
    .description('what was collected and handed in: list it, look at it, hand it in, hand it out');
  reading(evidence.command('list'))
    .description('the latest collection of each collector and scope, or every one')
    .option('--all', 'every collection in the log, newest first')
    .option('--collector <id>', 'only of this collector')
    .option('--source <id>', 'only of this source (aws:111122223333)')
    .option('--since <time>', 'only from this time on (ISO-8601)', time)
    .option('--incomplete', 'only those that did not see everything')
    .option('--limit <count>', 'at most so many', count, 100)
    .action(async (options: ListOptions) => list(cli, options));
  reading(evidence.command('show'))
    .description(
      'one collection: its statement, its items, its requests and how to repeat them; one evaluation: what did not pass; of any other entry its statement',
    )
    .argument('<index>', 'its entry in the log (evidence list)', count)
    .option('--subject <text>', 'only items or results whose subject has this text')
    .action(async (index: number, options: ReadingOptions & { subject?: string }) => show(cli, index, options));
  reading(evidence.command('export'))
    .description('write the evidence in plain, with its proofs: what an auditor receives and verifies offline')
    .requiredOption('--out <dir>', 'must be empty or not there yet')
    .option('--from <index>', 'first entry of the part (default 0)', count)
    .option('--to <index>', 'entry after the part (default: the signed head)', count)
    .action(async (options: ReadingOptions & { out: string; from?: number; to?: number }) => exportEvidence(cli, options));
  addDocumentVerbs(evidence, cli);
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
function time(text: string): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) throw new InvalidArgumentError('expected a time such as 2026-01-31 or 2026-01-31T09:00:00Z');
  return instant.toISOString();
}

type Collection = { index: number; statement: import('../model/statement.ts').StatementOf<'collection'> };

function rowOf({ index, statement }: Collection): EvidenceRow {
  return {
    index,
    collector: statement.collector,
    scope: statement.scope,
    at: statement.finishedAt,
    sourceAsOf: statement.sourceAsOf,
    items: statement.items.size,
    requests: statement.requests.count,
    failed: statement.requests.failed,
    complete: statement.completeness.kind === 'complete',
    reasons: statement.completeness.kind === 'complete' ? [] : statement.completeness.reasons,
    changed: statement.items.delta !== null,
    grade: statement.grade,
    session: statement.session,
    principal: statement.principal,
  };
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { openApp } = await import('../app.ts');
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    let found: readonly Collection[] = store.latestCollections(options.source);
    if (options.all === true) {
      const { Collection: Shape } = await import('../model/statement.ts');
      const every: Collection[] = [];
      for (const { index, bytes } of store.entries()) {
        const statement = Shape.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
        if (statement.success) every.push({ index, statement: statement.data });
      }
      found = every;
    }
    const matching = found
      .filter(
        ({ statement }) =>
          (options.source === undefined || statement.source === options.source) &&
          (options.collector === undefined || statement.collector === options.collector) &&
          (options.since === undefined || statement.finishedAt >= options.since) &&
          (options.incomplete !== true || statement.completeness.kind === 'incomplete'),
      )
      .sort((a, b) => b.index - a.index);
    const output: EvidenceListOutput = { v: 1, total: matching.length, evidence: matching.slice(0, options.limit).map(rowOf) };
    if (options.json === true) printJson(cli, output);
    else cli.out((await import('./render-evidence.ts')).renderEvidence(output, cli.colours, cli.columns, app.now()));
  } finally {
    await store.close();
  }
}

async function show(cli: Cli, index: number, options: ReadingOptions & { subject?: string }): Promise<void> {
  const [{ openApp }, { Collection: Shape }, { RequestsBlob }, { z }] = await Promise.all([
    import('../app.ts'),
    import('../model/statement.ts'),
    import('../model/blobs.ts'),
    import('zod'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const entry = store.entry(index);
    if (entry === undefined) throw new ProoflineError('not-found', `the log has no entry ${index}: it has ${store.size()}`);
    const value: unknown = JSON.parse(Buffer.from(entry.bytes).toString('utf8'));
    const statement = Shape.safeParse(value);
    if (!statement.success) {
      // A message names the entry that shows what it tells: that may be an evaluation, a miss or a gap as well.
      await showOther(cli, index, value, store, options);
      return;
    }
    const { collector, scope, requests } = statement.data;
    const blob = requests.kept === null ? undefined : store.blob(requests.kept);
    const kept = blob?.kind === 'open' ? RequestsBlob.parse(JSON.parse(Buffer.from(blob.bytes).toString('utf8'))) : [];
    const Fields = z.record(z.string(), z.json());
    const output: EvidenceShowOutput = {
      v: 1,
      statement: Fields.parse(statement.data),
      requests: kept.map((request) => Fields.parse(request)),
      items: store
        .items(collector, scope, index)
        .filter((item) => options.subject === undefined || (item.subject ?? '').includes(options.subject))
        .map((item) => ({
          operation: item.operation,
          subject: item.subject,
          region: item.region,
          body: z.json().parse(item.gap === undefined ? item.body : null),
          gap: item.gap ?? null,
        })),
    };
    if (options.json === true) {
      printJson(cli, output);
      return;
    }
    const definition = await app.definition(statement.data.source.slice(0, statement.data.source.indexOf(':')));
    const commands = [
      ...new Set(
        kept.map((request) =>
          definition.equivalentCommand(request.operation, request.input, request.region === undefined ? {} : { region: request.region }),
        ),
      ),
    ];
    cli.out((await import('./render-evidence.ts')).renderCollection(index, statement.data, output, commands, cli.colours));
  } finally {
    await store.close();
  }
}

async function showOther(
  cli: Cli,
  index: number,
  value: unknown,
  store: Pick<import('../store/contract.ts').Store, 'entry' | 'blob'>,
  options: ReadingOptions & { subject?: string },
): Promise<void> {
  const [{ Statement }, { openEvaluation }, { renderEvaluation }, { z }] = await Promise.all([
    import('../model/statement.ts'),
    import('../run/open-evaluation.ts'),
    import('./render-evidence.ts'),
    import('zod'),
  ]);
  const statement = z.looseObject({ kind: z.string() }).catchall(z.json()).parse(value);
  const evaluation = Statement.safeParse(value).data;
  if (evaluation?.kind !== 'evaluation') {
    if (options.json === true) printJson(cli, { v: 1, statement, requests: [], items: [] } satisfies EvidenceShowOutput);
    else cli.out(`Entry ${index} of the log: ${statement.kind}\n\n${JSON.stringify(statement, null, 2)}`);
    return;
  }
  const opened = openEvaluation(store, evaluation);
  const text = options.subject;
  const results =
    opened.results?.filter(({ subject, display }) => text === undefined || subject.includes(text) || display.includes(text)) ?? null;
  if (options.json === true) {
    printJson(cli, { v: 1, statement, requests: [], items: [], results, reads: opened.reads } satisfies EvidenceShowOutput);
    return;
  }
  cli.out(renderEvaluation(index, evaluation, { results, reads: opened.reads }, cli.colours));
}

async function exportEvidence(cli: Cli, options: ReadingOptions & { out: string; from?: number; to?: number }): Promise<void> {
  const [{ openApp }, { writeEvidence }] = await Promise.all([import('../app.ts'), import('../bundle/write-evidence.ts')]);
  const app = await openApp(appOptions(cli, options));
  // Signing the head is the one thing an export writes; a log nobody may write to is exported as far as it is signed.
  const store = await app.openStore();
  try {
    await store.checkpoint();
    const written = writeEvidence(store, options.out, {
      generatedAt: app.now(),
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(options.to === undefined ? {} : { to: options.to }),
      signNote: (text) => store.signNote(text),
    });
    if (options.json === true) {
      printJson(cli, { v: 1, directory: options.out, size: written.size, notCovered: written.unsigned });
      return;
    }
    cli.out(
      `${options.out}: entries ${written.from} to ${written.to} of a log of ${written.size}, ${written.files} files, ${(written.bytes / 1e6).toFixed(1)} MB`,
    );
    if (written.erased > 0)
      cli.out(`${written.erased} items were erased by recorded authority: their places are shown, their content is gone.`);
    cli.out('It is in plain: whoever has it reads what the sources said. Verify it with either of:');
    cli.out(`    proofline verify ${options.out} --vkey '${store.vkey}'`);
    cli.out(`    python3 verify_export.py ${options.out} --vkey '${store.vkey}'`);
  } finally {
    await store.close();
  }
}
