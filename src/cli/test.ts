import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, configFileOf, printJson, type ReadingOptions, reading } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import type { TestOutput } from './shapes.ts';

export function addTest(program: Command, cli: Cli): void {
  reading(program.command('test'))
    .description('run the examples of checks and the replays of your own collectors (replay.json beside each)')
    .argument('[id...]', 'only these; default: your own, or all shipped checks when you have none')
    .action(async (ids: string[], options: ReadingOptions) => test(cli, ids, options));
}

async function test(cli: Cli, ids: readonly string[], options: ReadingOptions): Promise<void> {
  const { testCheck, testCollector } = await import('../run/test-units.ts');
  const { sourceKindOf } = await import('../run/registries.ts');
  const configured = options.config !== undefined || options.demonstration === true || existsSync(configFileOf(options));
  const app = configured ? await (await import('../app.ts')).openApp(appOptions(cli, options)) : undefined;
  const shipped = app === undefined ? (await import('../../checks/index.generated.ts')).default : [];
  const registries = app === undefined ? { checks: shipped, collectors: [] } : await app.registries();
  const own = (id: string) => id.startsWith('own/');
  const all = [...registries.checks.map(({ id }) => id), ...registries.collectors.map(({ id }) => id)];
  const { didYouMean } = await import('../config/nearest-name.ts');
  const unknown = ids.filter((id) => !all.includes(id));
  if (unknown.length > 0) {
    throw new ProoflineError('usage', 'nothing was tested', {
      problems: unknown.map((id) => ({ message: `there is no check or collector "${id}"${didYouMean(id, all)}` })),
    });
  }
  const anyOwn = all.some(own);
  const chosen = (id: string) => (ids.length > 0 ? ids.includes(id) : own(id) || !anyOwn);
  const units: TestOutput['units'] = registries.checks.filter(({ id }) => chosen(id)).map(testCheck);
  for (const collector of registries.collectors.filter(({ id }) => chosen(id) && (own(id) || ids.includes(id)))) {
    if (app === undefined || !own(collector.id)) {
      throw new ProoflineError('usage', `${collector.id} is shipped: its replays are in Proofline's own tests`);
    }
    const place = collector.id.replace(/^own\//, 'collectors/');
    const directory = app.configuration.extensions.map((extension) => join(extension, place)).find((candidate) => existsSync(candidate));
    units.push(await testCollector(collector, directory ?? place, await app.definition(sourceKindOf(collector))));
  }
  const output: TestOutput = { v: 1, units };
  if (options.json === true) printJson(cli, output);
  else cli.out((await import('./render-test.ts')).renderTest(output, cli.colours));
  if (units.some(({ problems }) => problems.length > 0)) cli.exit(exitCodes.error);
}
