import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { ProoflineError } from '../model/errors.ts';
import { appOptions, type Cli, type CommonOptions, common, configFileOf } from './cli.ts';

const formats = ['policy', 'cloudformation', 'terraform', 'github-app', 'list'] as const;
type Format = (typeof formats)[number];
/** The first is the default. Okta grants a service app scope by scope, so a list is all there is to hand in. */
const sources = ['aws', 'github', 'okta', 'tabular', 'entity'] as const;
const fittingFormats: Readonly<Record<(typeof sources)[number], readonly [Format, ...Format[]]>> = {
  aws: ['policy', 'cloudformation', 'terraform', 'list'],
  github: ['github-app', 'list'],
  okta: ['list'],
  tabular: ['list'],
  entity: ['list'],
};

export function addPermissions(program: Command, cli: Cli): void {
  common(program.command('permissions'))
    .description('the least that must be granted, generated from the collectors')
    .argument('<source>', 'aws, github, okta, tabular (each table that is configured) or entity')
    .addOption(new Option('--format <format>', 'default: policy for aws, github-app for github, otherwise list').choices([...formats]))
    .action(async (source: string, options: CommonOptions & { format?: Format }) => permissions(cli, source, options));
}

async function permissions(cli: Cli, source: string, options: CommonOptions & { format?: Format }): Promise<void> {
  const { didYouMean } = await import('../config/nearest-name.ts');
  const kind = sources.find((one) => one === source);
  if (kind === undefined) {
    throw new ProoflineError(
      'usage',
      `there is no source "${source}"${didYouMean(source, sources)}: ${sources.slice(0, -1).join(', ')} and ${sources.at(-1)} are`,
    );
  }
  const fitting = fittingFormats[kind];
  const format = options.format ?? fitting[0];
  if (!fitting.includes(format)) throw new ProoflineError('usage', `--format ${format} is not for ${source}: ${fitting.join(', ')} are`);
  const render = await import('./render-permissions.ts');
  const configured = options.config !== undefined || options.demonstration === true || existsSync(configFileOf(options));
  if (kind === 'entity') return cli.out(render.entityNeedsNothing);
  if (kind === 'tabular') {
    const app = configured ? await (await import('../app.ts')).openApp(appOptions(cli, options)) : undefined;
    return cli.out(render.tableAccess(app?.configuration.sources.tabular ?? []));
  }
  const collectors = configured
    ? (await (await (await import('../app.ts')).openApp(appOptions(cli, options))).registries()).collectors
    : (await import('../../collectors/index.generated.ts')).default;
  const { sourceKindOf } = await import('../run/registries.ts');
  const needed = render.permissionsOf(collectors.filter((collector) => sourceKindOf(collector) === source));
  const text = {
    policy: render.iamPolicy,
    cloudformation: render.cloudFormation,
    terraform: render.terraform,
    'github-app': render.githubApp,
    list: render.list,
  };
  cli.out(text[format](needed));
  if (source === 'aws' && format !== 'list') {
    cli.err(
      'Where accounts are entered through a role, the credentials themselves need sts:AssumeRole on it; with discover also organizations:ListAccounts.',
    );
    if (needed.some(({ permission }) => permission in render.onlyTrailFiles))
      cli.err('What reads the objects of a trail’s bucket (ProoflineTrailFiles) is needed only where `trailFiles` is on.');
  }
}
