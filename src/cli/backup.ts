import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import type { Acceptance } from '../store/backup.ts';
import { appOptions, type Cli, type CommonOptions, common } from './cli.ts';
import { counted } from './words.ts';

export function addBackup(program: Command, cli: Cli): void {
  common(program.command('backup'))
    .description('copy the log, consistent at one moment, and what was attached into one file; keys are not in it')
    .requiredOption('--out <file>', 'must not be there yet')
    .action(async (options: CommonOptions & { out: string }) => {
      const [{ openApp }, { backupStore }] = await Promise.all([import('../app.ts'), import('../store/backup.ts')]);
      const app = await openApp(appOptions(cli, options));
      const manifest = backupStore({ dataDir: app.configuration.store.data, outFile: options.out, now: app.now });
      const { wrap, commit, sign } = manifest.keys;
      const signed = manifest.checkpoint === null ? '' : `, signed to ${manifest.checkpoint.size}`;
      const attached = manifest.attachments.length === 0 ? '' : `, ${counted(manifest.attachments.length, 'attachment')} of walkthroughs`;
      cli.out(`${options.out}: ${manifest.size} entries${signed}${attached}`);
      cli.out(
        `It opens only with the keys ${wrap}, ${commit} and ${sign}: keep them (proofline keys backup), and keep them apart from it.`,
      );
    });

  common(program.command('restore'))
    .description('put a backup in the place of a lost data directory')
    .argument('[file]', 'made by proofline backup; without it, an older copy that is already in its place is accepted')
    .option('--accept-loss <reason>', 'go on although the log was signed further than the backup goes; recorded in the log')
    .action(async (file: string | undefined, options: CommonOptions & { acceptLoss?: string }) => {
      const [{ openApp }, { acceptStore, restoreStore }] = await Promise.all([import('../app.ts'), import('../store/backup.ts')]);
      const app = await openApp(appOptions(cli, options));
      const into = { dataDir: app.configuration.store.data, keys: app.keys(), now: app.now, newId: app.newId };
      const accept: Acceptance | undefined =
        options.acceptLoss === undefined
          ? undefined
          : { reason: options.acceptLoss, actor: { name: userInfo().username, authentication: 'none' } };
      if (file === undefined && accept === undefined) {
        throw new ProoflineError('usage', 'name a backup, or accept the copy that is in its place with --accept-loss "<what happened>"');
      }
      const store =
        file === undefined && accept !== undefined
          ? await acceptStore({ ...into, accept })
          : await restoreStore({ ...into, file: file ?? '', ...(accept === undefined ? {} : { accept }) });
      try {
        cli.out(`${into.dataDir}: ${store.size()} entries restored. Look at it: proofline verify`);
      } finally {
        await store.close();
      }
    });
}
