import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { personRoles } from '../model/decision.ts';
import { appOptions, type Cli, printJson, type ReadingOptions, reading } from './cli.ts';
import { actorText, type DecidingOptions, deciding, recordedText, recording, several } from './deciding.ts';
import type { PersonListOutput } from './shapes.ts';

interface RegisterOptions extends DecidingOptions {
  readonly name: string;
  readonly email?: string;
  readonly role: (typeof personRoles)[number][];
  readonly personalKey: string[];
  readonly because: string;
}
interface RevokeOptions extends DecidingOptions {
  readonly fingerprint?: string;
  readonly from?: string;
  readonly because: string;
}

export function addPerson(program: Command, cli: Cli): void {
  const person = program.command('person').description('who decides here, and with which personal keys');
  deciding(person.command('register'))
    .description('register a person with his public keys; again with the same id: as he is from now on')
    .argument('<id>', 'a short name: small letters, digits, dots and hyphens')
    .requiredOption('--name <name>', 'as it is to be printed')
    .option('--email <address>')
    .addOption(new Option('--role <role...>', 'what he decides').choices([...personRoles]).makeOptionMandatory())
    .requiredOption('--personal-key <file>', 'an OpenSSH public key file (id_ed25519.pub); may be given again', several)
    .option('--because <reason>', 'why, for the auditor', 'registered to decide')
    .action(async (id: string, options: RegisterOptions) => register(cli, id, options));
  reading(person.command('list'))
    .description('everybody who is registered, with keys and roles')
    .action(async (options: ReadingOptions) => list(cli, options));
  deciding(person.command('revoke'))
    .description('from a time on signatures with his keys count no more, also those made since')
    .argument('<id>')
    .option('--fingerprint <key>', 'this key alone (SHA256:...); default: all of his keys')
    .option('--from <time>', 'ISO-8601 with zone; default: now', instant)
    .requiredOption('--because <reason>', 'why, for the auditor')
    .action(async (id: string, options: RevokeOptions) => revoke(cli, id, options));
}
function instant(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('expected a time with its zone, such as 2026-01-31T14:00:00Z');
  return new Date(text).toISOString();
}

async function register(cli: Cli, id: string, options: RegisterOptions): Promise<void> {
  const [{ recordDecision }, { readPublicKeys }] = await Promise.all([
    import('../run/decisions/record-decision.ts'),
    import('../run/decisions/read-public-keys.ts'),
  ]);
  const lines = readPublicKeys(options.personalKey.map((file) => ({ file, text: readFileSync(file, 'utf8') })));
  const decision = await recording(cli, options, (app, store, by) =>
    recordDecision(app, store, {
      ...by,
      payload: {
        type: 'register-person',
        person: {
          id,
          name: options.name,
          ...(options.email === undefined ? {} : { email: options.email }),
          roles: options.role,
          keys: lines.map(({ line }) => line),
        },
      },
      reason: options.because,
    }),
  );
  for (const { fingerprint } of lines) cli.out(`${id}: ${fingerprint}`);
  cli.out(recordedText(decision));
}

async function revoke(cli: Cli, id: string, options: RevokeOptions): Promise<void> {
  const { recordDecision } = await import('../run/decisions/record-decision.ts');
  const decision = await recording(cli, options, (app, store, by) =>
    recordDecision(app, store, {
      ...by,
      payload: { type: 'revoke-person', person: id, key: options.fingerprint ?? null, from: options.from ?? app.now() },
      reason: options.because,
    }),
  );
  cli.out(recordedText(decision));
}

async function list(cli: Cli, options: ReadingOptions): Promise<void> {
  const [{ openApp }, { readRegister }, { renderPersons }] = await Promise.all([
    import('../app.ts'),
    import('../run/decisions/read-decisions.ts'),
    import('./render-decisions.ts'),
  ]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore({ readOnly: true });
  try {
    const output: PersonListOutput = {
      v: 1,
      persons: readRegister(store).persons.map(({ person, keys, registeredAt, registeredBy, decision }) => ({
        id: person.id,
        name: person.name,
        email: person.email ?? null,
        roles: [...person.roles],
        keys: keys.map((key) => ({ ...key })),
        registeredAt,
        registeredBy: actorText(registeredBy),
        decision,
      })),
    };
    if (options.json === true) printJson(cli, output);
    else cli.out(renderPersons(output, cli.colours, app.now()));
  } finally {
    await store.close();
  }
}
