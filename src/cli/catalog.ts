import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { appOptions, type Cli, configFileOf, printJson, type ReadingOptions, reading } from './cli.ts';
import type { CatalogChecksOutput, CatalogCollectorsOutput, ControlsListOutput } from './shapes.ts';

/** What is shipped, and what the user's own directories add when there is a configuration. */
async function units(cli: Cli, options: ReadingOptions) {
  if (options.config !== undefined || options.demonstration === true || existsSync(configFileOf(options))) {
    const app = await (await import('../app.ts')).openApp(appOptions(cli, options));
    return { ...(await app.registries()), uncollectedTypes: app.uncollectedTypes(), frameworks: app.frameworks(), now: app.now(), app };
  }
  const [checks, collectors, { loadFrameworks }, { loadUncollectedTypes }, { libraryDirectory }] = await Promise.all([
    import('../../checks/index.generated.ts'),
    import('../../collectors/index.generated.ts'),
    import('../config/frameworks.ts'),
    import('../config/resource-types.ts'),
    import('../config/library-directory.ts'),
  ]);
  const library = libraryDirectory();
  return {
    checks: checks.default,
    collectors: collectors.default,
    uncollectedTypes: loadUncollectedTypes(library),
    frameworks: loadFrameworks(library),
    now: new Date().toISOString(),
    app: undefined,
  };
}

async function libraryControls(cli: Cli, options: ReadingOptions): Promise<ControlsListOutput> {
  const [{ loadControls }, { libraryDirectory }, { listControls }, found] = await Promise.all([
    import('../config/load-controls.ts'),
    import('../config/library-directory.ts'),
    import('./controls.ts'),
    units(cli, options),
  ]);
  const controls = loadControls({
    library: libraryDirectory(),
    files: [],
    catalog: {
      checks: found.checks,
      collectedTypes: found.collectors.flatMap(({ yields }) => yields.map(({ type }) => type)),
      uncollectedTypes: found.uncollectedTypes,
      frameworks: found.frameworks,
    },
    on: found.now.slice(0, 10),
  });
  return await listControls({ controls: async () => controls });
}

export function addCatalog(program: Command, cli: Cli): void {
  const catalog = program.command('catalog').description('what there is: checks, collectors, library controls');
  reading(catalog.command('checks'))
    .description('every check with its claim, severity, subject and the controls it serves')
    .argument('[words...]', 'only those whose id or claim has all of these words')
    .action(async (words: string[], options: ReadingOptions) => {
      const found = await units(cli, options);
      // Those in force where there is a configuration, the library's elsewhere.
      const known =
        found.app === undefined ? await libraryControls(cli, options) : await (await import('./controls.ts')).listControls(found.app);
      const { z } = await import('zod');
      const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word.toLowerCase()));
      const output: CatalogChecksOutput = {
        v: 1,
        checks: found.checks
          .filter(({ id, claim }) => matches(`${id} ${claim}`))
          .map((check) => ({
            id: check.id,
            claim: check.claim,
            severity: check.severity,
            subject: check.subject.type,
            rationale: check.rationale,
            parameters: z.record(z.string(), z.json()).parse(check.parameters.parse({})),
            controls: known.controls.filter(({ checks }) => checks.includes(check.id)).map(({ id }) => id),
            references: [...check.references],
          })),
      };
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-catalog.ts')).renderChecks(output, cli.colours, cli.columns));
    });
  reading(catalog.command('collectors'))
    .description('every collector with what it yields and the permissions it needs')
    .action(async (options: ReadingOptions) => {
      const found = await units(cli, options);
      const output: CatalogCollectorsOutput = {
        v: 1,
        collectors: found.collectors.map((collector) => ({
          id: collector.id,
          title: collector.title,
          kind: collector.kind,
          scope: collector.scope,
          yields: collector.yields.map(({ type }) => type),
          operations: Object.keys(collector.items),
          permissions: [...collector.permissions],
        })),
      };
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-catalog.ts')).renderCollectors(output, cli.colours, cli.columns));
    });
  reading(catalog.command('controls'))
    .description('the library: 87 proposed controls in our words')
    .action(async (options: ReadingOptions) => {
      const output = await libraryControls(cli, options);
      if (options.json === true) printJson(cli, output);
      else cli.out((await import('./render-controls.ts')).renderControls(output, cli.colours, cli.columns));
    });
}
