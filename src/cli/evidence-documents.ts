import { type Command, InvalidArgumentError } from 'commander';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { type DecidingOptions, deciding, recordedText, recording, several, waitingText } from './deciding.ts';
import type { EvidenceDocumentsOutput, EvidenceRequestsOutput } from './shapes.ts';

interface AddOptions extends DecidingOptions {
  readonly request?: string;
  readonly type?: string;
  readonly title?: string;
  readonly control?: string[];
  readonly effective: string;
  readonly covers?: string;
  readonly providedBy: string;
  readonly obtained: string;
  readonly supersedes?: string;
  readonly fact?: string[];
  readonly because: string;
}

/** Verbs for evidence that no API gives: people hand it in, and other people answer for it. */
export function addDocumentVerbs(evidence: Command, cli: Cli): void {
  deciding(evidence.command('add'))
    .description('hand in a document (policy, minutes, restore test, SOC report); it is no evidence before another person approves it')
    .argument('<file>', 'at most 50 MB; kept as it is, under its own name')
    .option('--request <id>', 'the request it answers (evidence requests): kind, title and controls are taken from it')
    .option('--type <kind>', 'kind of document: policy, minutes, penetration-test, subservice-report, bridge-letter')
    .option('--title <text>', 'what it is called; default: that of the request, or the name of the file')
    .option('--control <id>', 'control it is evidence for; may be given again', several)
    .requiredOption('--effective <day>', 'day from which it holds')
    .option('--covers <days>', 'stretch it speaks for, both days included: 2026-01-01..2026-03-31')
    .requiredOption('--provided-by <name>', 'who it was got from')
    .requiredOption('--obtained <how>', 'how: by mail, from the trust portal, exported from the training system')
    .option('--supersedes <id>', 'the document it takes the place of (D-...): both stay in the log')
    .option('--fact <name=value>', 'what it states: result=passed, organisation=aws, exceptions=none; may be given again', several)
    .requiredOption('--because <reason>', 'why it is handed in, for the auditor')
    .action(async (file: string, options: AddOptions) => add(cli, file, options));
  reading(evidence.command('requests'))
    .description('what is asked of people, for which stretch, until when, and what came of it')
    .option('--open', 'only what is not there yet')
    .action(async (options: ReadingOptions & { open?: boolean }) => requests(cli, options));
  reading(evidence.command('documents'))
    .description('every document that was handed in, and who answered for it')
    .action(async (options: ReadingOptions) => documents(cli, options));
  reading(evidence.command('save'))
    .description('write an uploaded document back to a file, byte for byte')
    .argument('<id>', 'D-..., or the log index of the upload')
    .requiredOption('--out <file>', 'must not be there yet')
    .action(async (id: string, options: ReadingOptions & { out: string }) => save(cli, id, options));
}

async function add(cli: Cli, file: string, options: AddOptions): Promise<void> {
  const { addDocument } = await import('../run/documents/add-document.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    addDocument(app, store, { ...options, file, controls: options.control, facts: options.fact, reason: options.because, ...by }),
  );
  if (decision.payload.type !== 'add-document') return;
  const { id, upload, title } = decision.payload.document;
  cli.out(`Document ${id}: ${title}, uploaded as entry ${upload}`);
  cli.out(recordedText(decision));
  cli.out(waitingText(options, `decisions approve ${decision.index}`));
}

async function requests(cli: Cli, options: ReadingOptions & { open?: boolean }): Promise<void> {
  const [{ openApp }, { readRequests }] = await Promise.all([import('../app.ts'), import('../run/documents/read-requests.ts')]);
  const app = await openApp(appOptions(cli, options));
  const found = await readRequests(app);
  const output: EvidenceRequestsOutput = {
    v: 1,
    requests: found.requests
      .filter(({ standing }) => options.open !== true || standing !== 'handed-in')
      .map((one) => ({ ...one, controls: [...one.controls], unmet: [...one.unmet] })),
    unasked: found.unasked.map((one) => ({ ...one })),
  };
  if (options.json === true) printJson(cli, output);
  else cli.out((await import('./render-documents.ts')).renderRequests(output, cli.colours, options.open === true));
}

async function documents(cli: Cli, options: ReadingOptions): Promise<void> {
  const [{ openApp }, { readDecisions }, { handedIn }] = await Promise.all([
    import('../app.ts'),
    import('../run/decisions/read-decisions.ts'),
    import('../access/documents/handed-in.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const output: EvidenceDocumentsOutput = {
      v: 1,
      documents: handedIn(readDecisions(store)).map(({ document, ...rest }) => ({ ...document, ...rest })),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out((await import('./render-documents.ts')).renderDocuments(output, cli.colours));
  } finally {
    await store.close();
  }
}

async function save(cli: Cli, id: string, options: ReadingOptions & { out: string }): Promise<void> {
  const [{ openApp }, { readDecisions }, { handedIn }, { readUpload }, { writeFileSync }, { ProoflineError }] = await Promise.all([
    import('../app.ts'),
    import('../run/decisions/read-decisions.ts'),
    import('../access/documents/handed-in.ts'),
    import('../run/documents/add-document.ts'),
    import('node:fs'),
    import('../model/errors.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const document = handedIn(readDecisions(store)).find((one) => one.document.id === id)?.document;
    if (document === undefined && !/^\d+$/.test(id))
      throw new InvalidArgumentError(`there is no document "${id}": proofline evidence documents`);
    const { name, bytes } = await readUpload(store, document?.upload ?? Number(id));
    try {
      writeFileSync(options.out, bytes, { flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      throw new ProoflineError(
        'usage',
        `${options.out}: ${error.code === 'EEXIST' ? 'is there already' : `cannot be written (${String(error.code)})`}`,
        {
          cause: error,
        },
      );
    }
    cli.out(`${options.out}: ${bytes.length} bytes, handed in as ${name}`);
  } finally {
    await store.close();
  }
}
