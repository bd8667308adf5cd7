import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { Composition } from '../run/composition.ts';
import type { UpgradePreview } from '../run/upgrade/preview-upgrade.ts';
import type { Upgraded } from '../run/upgrade/upgrade-log.ts';
import { appOptions, type Cli, callOf, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { UpgradeOutput } from './shapes.ts';

interface UpgradeOptions extends ReadingOptions {
  readonly preview?: boolean;
  readonly check?: string;
  readonly limit: number;
  readonly failOnChange?: boolean;
}

export function addUpgrade(program: Command, cli: Cli): void {
  reading(program.command('upgrade'))
    .description('after installing another release: bring the log forward, record it, and say which verdicts change by it')
    .option('--preview', 'say it and write nothing')
    .option('--check <id>', 'list only the changes of this check, all of them')
    .option('--limit <count>', 'at most so many subjects of each change', count, 10)
    .option('--fail-on-change', 'end with exit code 5 when a verdict would change, or could not be tried')
    .action(async (options: UpgradeOptions) => upgrade(cli, options));
}
function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

async function upgrade(cli: Cli, options: UpgradeOptions): Promise<void> {
  const { openApp } = await import('../app.ts');
  const app = await openApp(appOptions(cli, options));
  const { dataDir, schema } = await storeOf(app);
  const done = options.preview === true ? { ...(await previewed(app, dataDir)), plan: null, recorded: false } : await upgraded(app);
  const { preview } = done;
  if (options.check !== undefined) await refuseUnknown(app, preview, options.check);
  const changes = preview.changes.filter(({ check }) => options.check === undefined || check === options.check);
  const output = {
    v: 1,
    preview: options.preview === true,
    schema,
    recorded: done.recorded,
    planIndex: done.plan,
    ...structuredClone({ ...preview, changes }),
    total: preview.changes.length,
  } as UpgradeOutput;
  if (options.json === true) printJson(cli, output);
  else {
    const { renderUpgrade } = await import('./render-upgrade.ts');
    const limit = options.check === undefined ? options.limit : Number.POSITIVE_INFINITY;
    cli.out(renderUpgrade(output, { colours: cli.colours, limit, call: callOf(options) }));
  }
  const isOther = preview.changes.length > 0 || preview.sources.some(({ evaluation }) => evaluation === null);
  if (options.failOnChange === true && isOther) cli.exit(exitCodes.resultsFail);
}

async function storeOf(app: Composition): Promise<{ dataDir: string; schema: UpgradeOutput['schema'] }> {
  const dataDir = app.configuration.store.data;
  if (!app.hasStore()) {
    const { ProoflineError } = await import('../model/errors.ts');
    throw new ProoflineError('store-missing', `there is no log at ${dataDir} yet: there is nothing to upgrade`);
  }
  const { storeSchema } = await import('../store/forward-copy.ts');
  const { version, known } = storeSchema(dataDir);
  return { dataDir, schema: { from: version, to: known } };
}

async function previewed(app: Composition, dataDir: string): Promise<{ preview: UpgradePreview }> {
  const [{ previewUpgrade }, { preparePlan }, { openForward }] = await Promise.all([
    import('../run/upgrade/preview-upgrade.ts'),
    import('../run/prepare-plan.ts'),
    import('../store/forward-copy.ts'),
  ]);
  const forward = await openForward({ dataDir, keys: app.keys(), now: app.now, newId: app.newId });
  try {
    return { preview: await previewUpgrade(app, forward.store, await preparePlan(app)) };
  } finally {
    await forward.close();
  }
}

async function upgraded(app: Composition): Promise<Upgraded> {
  const { upgradeLog } = await import('../run/upgrade/upgrade-log.ts');
  return await upgradeLog(app, { name: userInfo().username, authentication: 'none' });
}

/** A filter that names what is not there would look like no change at all. */
async function refuseUnknown(app: Composition, preview: UpgradePreview, check: string): Promise<void> {
  const ids = [...new Set([...(await app.registries()).checks.map(({ id }) => id), ...preview.changes.map((one) => one.check)])];
  if (ids.includes(check)) return;
  const [{ ProoflineError }, { didYouMean }] = await Promise.all([import('../model/errors.ts'), import('../config/nearest-name.ts')]);
  throw new ProoflineError('usage', `there is no check "${check}"${didYouMean(check, ids)}`);
}
