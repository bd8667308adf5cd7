import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { KeyBackupLock } from '../keys/back-up-keys.ts';
import { ProoflineError } from '../model/errors.ts';
import type { Composition } from '../run/composition.ts';
import { appOptions, type Cli, type CommonOptions, callOf, common } from './cli.ts';

interface LockOptions extends CommonOptions {
  readonly passphraseFile?: string;
  readonly recipient?: string[];
  readonly identity?: string;
}

export function addKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('copy the keys of the log, bring them back, replace them');

  common(keys.command('backup'))
    .description('write every key into one encrypted file (age), for a place of its own')
    .requiredOption('--out <file>', 'must not be there yet')
    .option('--recipient <key...>', 'age recipients (age1...) that can open it')
    .option('--passphrase-file <file>', 'the passphrase that opens it; on a terminal it is asked for')
    .action(async (options: LockOptions & { out: string }) => backup(cli, options));

  common(keys.command('restore'))
    .description('put keys back where they are missing, from such a file; a key that is there is never overwritten')
    .argument('<file>', 'made by proofline keys backup')
    .option('--identity <file>', 'age identities, for a file made with --recipient')
    .option('--passphrase-file <file>', 'the passphrase; on a terminal it is asked for')
    .action(async (file: string, options: LockOptions) => restore(cli, file, options));

  common(keys.command('rotate'))
    .description('put a new signing key in the place of the old one, recorded in the log and signed by both')
    .action(async (options: CommonOptions) => rotate(cli, options));

  common(keys.command('succeed'))
    .description('when a key is lost with every copy: begin a new log, with new keys, that names the old one')
    .requiredOption('--of <dir>', 'the data directory of the old log; it is only read')
    .requiredOption('--because <reason>', 'what happened; recorded in the new log')
    .action(async (options: CommonOptions & { of: string; because: string }) => succeed(cli, options));
}

const placesOf = ({ configuration, demonstration }: Composition) => ({
  directory: configuration.store.keys,
  witnessDirectory: configuration.store.witness,
  owner: { tenant: configuration.entity.tenant, demonstration },
});

async function backup(cli: Cli, options: LockOptions & { out: string }): Promise<void> {
  const [{ openApp }, { backUpKeys }] = await Promise.all([import('../app.ts'), import('../keys/back-up-keys.ts')]);
  const app = await openApp(appOptions(cli, options));
  if (existsSync(options.out)) throw new ProoflineError('usage', `${options.out} is there already: a copy of keys overwrites nothing`);
  const { recipient } = options;
  const lock: KeyBackupLock =
    recipient === undefined ? await passphraseOf(cli, options, true) : { kind: 'recipients', recipients: recipient };
  const text = await backUpKeys(placesOf(app), lock, new Date(app.now()).toISOString());
  writeFileSync(options.out, text, { flag: 'wx', mode: 0o600 });
  const { sign, wrap, commit } = app.keys();
  cli.out(`${options.out}: ${[sign.id, wrap.id, commit.id].join(', ')}`);
  cli.out('Keep it apart from backups of the data, and what opens it apart from both. Make it anew after every rotation.');
}

async function restore(cli: Cli, file: string, options: LockOptions): Promise<void> {
  const [{ openApp }, { restoreKeys }] = await Promise.all([import('../app.ts'), import('../keys/back-up-keys.ts')]);
  const app = await openApp(appOptions(cli, options));
  const lock: KeyBackupLock =
    options.identity === undefined
      ? await passphraseOf(cli, options, false)
      : {
          kind: 'identities',
          identities: readText(options.identity)
            .split(/\r?\n/)
            .filter((line) => line.startsWith('AGE-SECRET-KEY-')),
        };
  const { written, kept, madeAt } = await restoreKeys(placesOf(app), lock, readText(file), file);
  cli.out(`${app.configuration.store.keys}: ${written.length === 0 ? 'nothing was missing' : `${written.join(', ')} put back`}`);
  if (kept.length > 0) cli.out(`There already, and the same: ${kept.join(', ')}.`);
  cli.out(`The copy was made at ${madeAt}.`);
}

async function rotate(cli: Cli, options: CommonOptions): Promise<void> {
  const [{ openApp }, { rotateSignKey }] = await Promise.all([import('../app.ts'), import('../keys/rotate-sign-key.ts')]);
  const app = await openApp(appOptions(cli, options));
  const store = await app.openStore();
  try {
    const { sign } = await rotateSignKey(store, app.keys());
    cli.out(`Signing now: ${sign.id}. Verifier key to hand over: ${store.vkey}`);
    cli.out('Copies of the keys from before do not hold it: make a new one with proofline keys backup.');
  } finally {
    await store.close();
  }
}

async function succeed(cli: Cli, options: CommonOptions & { of: string; because: string }): Promise<void> {
  const [{ openApp }, { succeedLog }] = await Promise.all([import('../app.ts'), import('../run/succeed-log.ts')]);
  const app = await openApp(appOptions(cli, options));
  const actor = { name: userInfo().username, authentication: 'none' } as const;
  const { former, vkey, keys } = await succeedLog(app, { formerData: options.of, because: options.because, actor });
  const signed = former.checkpoint === null ? 'never signed' : `signed to ${former.checkpoint.size}`;
  cli.out(`New keys: ${keys.join(', ')}. Copy them now: ${callOf(options).program} keys backup --out <file>`);
  cli.out(
    `A new log begins in ${app.configuration.store.data}. It names the one before: ${former.size} entries, ${signed}, root ${former.root}.`,
  );
  cli.out(`Verifier key to hand over: ${vkey}`);
  cli.out(
    `Keep ${options.of}: its log is no longer continued, and is verified by its own key. A period that spans both needs a bundle of each.`,
  );
}

async function passphraseOf(cli: Cli, options: LockOptions, isNew: boolean): Promise<KeyBackupLock> {
  if (options.passphraseFile !== undefined) {
    const passphrase = readText(options.passphraseFile).split(/\r?\n/)[0] ?? '';
    if (isNew && passphrase.length < 12)
      throw new ProoflineError('usage', `${options.passphraseFile}: 12 characters at least, on its first line`);
    return { kind: 'passphrase', passphrase };
  }
  if (!cli.interactive) throw new ProoflineError('usage', 'say what opens it: --passphrase-file, --recipient or --identity');
  const { password } = await import('@inquirer/prompts');
  const passphrase = await password({
    message: 'Passphrase:',
    validate: (text) => !isNew || text.length >= 12 || '12 characters at least',
  });
  if (isNew && (await password({ message: 'Once more:' })) !== passphrase) throw new ProoflineError('usage', 'the two are not the same');
  return { kind: 'passphrase', passphrase };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProoflineError('usage', `${file} cannot be read`, { cause });
  }
}
