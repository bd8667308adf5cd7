import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ReportKind, TrustService } from '../config/configuration.ts';
import type { InitAnswers } from '../config/new-configuration.ts';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { type Cli, type CommonOptions, callOf, common, configFileOf } from './cli.ts';

interface InitOptions extends CommonOptions {
  readonly entity?: string;
  readonly tenant?: string;
  readonly report?: 'soc1' | 'soc2' | 'both';
  readonly trustService?: TrustService[];
  readonly aws?: boolean;
  readonly awsProfile?: string;
  readonly awsRoleArn?: string;
  readonly awsAccount?: string[];
  readonly awsDiscover?: boolean;
  readonly awsRole?: string;
  readonly awsExternalId?: string;
  readonly awsEndpointUrl?: string;
  readonly githubOrganisation?: string[];
  readonly githubTokenEnv: string;
  readonly githubBaseUrl?: string;
  readonly timestampUrl?: string;
  readonly anchorPath?: string;
  readonly yes?: boolean;
}

const services: readonly TrustService[] = ['security', 'availability', 'processing-integrity', 'confidentiality', 'privacy'];

export function addInit(program: Command, cli: Cli): void {
  common(program.command('init'))
    .description('write proofline.yaml and make the keys; asks on a terminal, takes flags otherwise')
    .option('--entity <name>', 'the company, as a report names it')
    .option('--tenant <name>', 'short name in the origin of the log (default: from the entity)')
    .addOption(new Option('--report <kind>', 'which report is needed').choices(['soc1', 'soc2', 'both']))
    .addOption(new Option('--trust-service <name...>', 'SOC 2: services beside security').choices(services))
    .option('--aws', 'read AWS with the default credentials')
    .option('--aws-profile <name>', 'a profile of the shared AWS files')
    .option('--aws-role-arn <arn>', 'a role to assume')
    .option('--aws-account <id...>', 'accounts to read, through --aws-role')
    .option('--aws-discover', 'read every account AWS Organizations lists, through --aws-role')
    .option('--aws-role <name>', 'name of the role in each account')
    .option('--aws-external-id <id>', 'sent with every role assumed')
    .option('--aws-endpoint-url <url>', 'an emulator or private endpoint')
    .option('--github-organisation <login...>', 'GitHub organisations to read')
    .option('--github-token-env <name>', 'environment variable with the GitHub token', 'GITHUB_TOKEN')
    .option('--github-base-url <url>', 'API address of GitHub Enterprise')
    .option('--timestamp-url <url>', 'a time-stamping authority (RFC 3161) that sees the head of the log')
    .option('--anchor-path <dir>', 'a directory others keep, for copies of the signed head')
    .option('--yes', 'ask nothing')
    .action(async (options: InitOptions) => init(cli, options));
}

async function init(cli: Cli, options: InitOptions): Promise<void> {
  const file = resolve(configFileOf(options));
  if (existsSync(file)) throw new ProoflineError('usage', `${file} is there already; nothing was changed`);
  const answers = cli.interactive && options.yes !== true ? await ask(cli, options) : await fromFlags(options);
  await write(cli, file, answers, options);
}

function reportsOf(report: 'soc1' | 'soc2' | 'both'): ReportKind[] {
  return report === 'both' ? ['soc2', 'soc1'] : [report];
}
function awsFrom(options: InitOptions): InitAnswers['aws'] {
  const named = [options.awsProfile, options.awsRoleArn, options.awsAccount, options.awsDiscover, options.awsRole, options.awsEndpointUrl];
  if (options.aws !== true && named.every((value) => value === undefined)) return undefined;
  return {
    name: 'aws',
    profile: options.awsProfile,
    roleArn: options.awsRoleArn,
    accounts: options.awsAccount,
    discover: options.awsDiscover,
    role: options.awsRole,
    externalId: options.awsExternalId,
    endpointUrl: options.awsEndpointUrl,
  };
}

async function fromFlags(options: InitOptions): Promise<InitAnswers> {
  const problems: Problem[] = [];
  if (options.entity === undefined) problems.push({ path: '--entity', message: 'name the company, as a report names it' });
  if (options.report === undefined) {
    problems.push({ path: '--report', message: 'soc2 (trust services criteria), soc1 (your own control objectives), or both' });
  }
  if (options.entity === undefined || options.report === undefined) {
    throw new ProoflineError('usage', 'init asks on a terminal; here it needs flags', { problems });
  }
  const { tenantFrom } = await import('../config/new-configuration.ts');
  return {
    entity: options.entity,
    tenant: options.tenant ?? tenantFrom(options.entity),
    reports: reportsOf(options.report),
    trustServices: ['security', ...(options.trustService ?? []).filter((service) => service !== 'security')],
    aws: awsFrom(options),
    github:
      options.githubOrganisation === undefined
        ? undefined
        : { name: 'github', organisations: options.githubOrganisation, tokenEnv: options.githubTokenEnv, baseUrl: options.githubBaseUrl },
    timestampUrl: options.timestampUrl,
    anchorPath: options.anchorPath,
  };
}

async function ask(cli: Cli, options: InitOptions): Promise<InitAnswers> {
  const [{ checkbox, confirm, input, select }, { tenantFrom }] = await Promise.all([
    import('@inquirer/prompts'),
    import('../config/new-configuration.ts'),
  ]);
  const required = (text: string) => text.trim() !== '' || 'needed';
  const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');
  const given = async (flag: string | undefined, question: () => Promise<string>) => flag ?? (await question()).trim();

  cli.out('Proofline reads your systems, judges what it sees, and keeps it so that an auditor can verify it. A few questions first.\n');
  const entity = await given(options.entity, () => input({ message: 'The company, as a report names it:', validate: required }));
  const tenant = await given(options.tenant, () =>
    input({
      message: 'Short name, for the origin of the log (never changed later):',
      default: tenantFrom(entity),
      validate: (text) => /^[a-z0-9][a-z0-9-]{1,62}$/.test(text) || '2 to 63 small letters, digits and hyphens',
    }),
  );
  const report =
    options.report ??
    (await select<'soc1' | 'soc2' | 'both'>({
      message: 'Which report do you need?',
      choices: [
        {
          value: 'soc2',
          name: 'SOC 2',
          description: 'Customers ask whether their data is safe with you. Fixed trust services criteria; any service company.',
        },
        {
          value: 'soc1',
          name: 'SOC 1',
          description:
            'Your service ends up in your customers’ financial statements (payroll, billing). Control objectives you write yourself.',
        },
        { value: 'both', name: 'both', description: 'A payroll or payments provider usually needs both; one control can serve both.' },
      ],
    }));
  const extra =
    options.trustService ??
    (report === 'soc1'
      ? []
      : await checkbox<TrustService>({
          message: 'SOC 2: security is always examined. What else do you promise customers?',
          choices: [
            { value: 'availability', name: 'availability', description: 'Uptime and recovery' },
            { value: 'confidentiality', name: 'confidentiality', description: 'Secrets customers entrust to you' },
            { value: 'processing-integrity', name: 'processing integrity', description: 'Results are complete, accurate and on time' },
            { value: 'privacy', name: 'privacy', description: 'How personal information is handled' },
          ],
        }));

  let aws = awsFrom(options);
  if (aws === undefined && (await confirm({ message: 'Read AWS?', default: true }))) {
    const profile = await input({ message: 'AWS profile (empty: the default credentials):' });
    const many = await select<'one' | 'list' | 'discover'>({
      message: 'Which accounts?',
      choices: [
        { value: 'one', name: 'the account of these credentials' },
        { value: 'list', name: 'accounts I list' },
        { value: 'discover', name: 'every account of the AWS organisation' },
      ],
    });
    const accounts =
      many === 'list'
        ? words(
            await input({
              message: 'Account ids:',
              validate: (text) => (words(text).length > 0 && words(text).every((id) => /^\d{12}$/.test(id))) || '12 digits each',
            }),
          )
        : undefined;
    const role =
      many === 'one'
        ? undefined
        : await input({ message: 'Role to assume in each of them:', default: 'ProoflineReadOnly', validate: required });
    const externalId = many === 'one' ? '' : await input({ message: 'External id (empty: none):' });
    aws = {
      name: 'aws',
      profile: profile.trim() === '' ? undefined : profile.trim(),
      accounts,
      discover: many === 'discover' ? true : undefined,
      role,
      externalId: externalId.trim() === '' ? undefined : externalId.trim(),
    };
  }
  let organisations = options.githubOrganisation;
  if (organisations === undefined && (await confirm({ message: 'Read GitHub?', default: true }))) {
    organisations = words(await input({ message: 'Organisations (logins):', validate: required }));
  }
  const tokenEnv =
    organisations === undefined
      ? options.githubTokenEnv
      : await input({ message: 'Environment variable that holds the token:', default: options.githubTokenEnv, validate: required });
  const timestampUrl =
    options.timestampUrl ??
    (await input({
      message: 'Time-stamping authority (RFC 3161) that sees the head of the log (empty: nobody else sees it):',
      validate: (text) => text.trim() === '' || /^https?:\/\//.test(text.trim()) || 'an http or https address',
    }));
  return {
    entity,
    tenant,
    reports: reportsOf(report),
    trustServices: ['security', ...extra.filter((service) => service !== 'security')],
    aws,
    github: organisations === undefined ? undefined : { name: 'github', organisations, tokenEnv, baseUrl: options.githubBaseUrl },
    timestampUrl: timestampUrl.trim() === '' ? undefined : timestampUrl.trim(),
    anchorPath: options.anchorPath,
  };
}

async function write(cli: Cli, file: string, answers: InitAnswers, options: InitOptions): Promise<void> {
  const [
    { configurationText, newControlsText, newEngagementsText, newScopeText },
    { loadConfiguration },
    { createFile },
    { createKeys, keyFileNames, loadKeys },
    { backupAdvice },
  ] = await Promise.all([
    import('../config/new-configuration.ts'),
    import('../config/load-configuration.ts'),
    import('./write-file.ts'),
    import('../keys/key-files.ts'),
    import('../keys/backup-advice.ts'),
  ]);
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const text = configurationText(answers);
  // Checked before anything is written where it would count: wrong flags leave nothing behind.
  const trial = mkdtempSync(join(tmpdir(), 'proofline-init-'));
  try {
    writeFileSync(join(trial, basename(file)), text);
    loadConfiguration(join(trial, basename(file)), {});
  } catch (error) {
    if (!(error instanceof ProoflineError)) throw error;
    throw new ProoflineError('usage', 'these answers make no good configuration; nothing was written', {
      cause: error,
      problems: error.problems.map(({ path, message }) => (path === undefined ? { message } : { path, message })),
    });
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
  createFile(file, text);
  const directory = dirname(file);
  const written = [file];
  for (const [name, content] of [
    ['controls.yaml', newControlsText],
    ['scope.yaml', newScopeText],
    ['engagements.yaml', newEngagementsText(answers)],
  ] as const) {
    if (existsSync(join(directory, name))) continue;
    createFile(join(directory, name), content);
    written.push(join(directory, name));
  }
  const ignore = join(directory, '.proofline', '.gitignore');
  if (!existsSync(ignore)) createFile(ignore, '# Evidence and keys never go into a repository.\n*\n');
  const { store } = loadConfiguration(file, {}, options.data === undefined ? {} : { dataDir: options.data });
  const owner = { tenant: answers.tenant, demonstration: false };
  const existing = existsSync(join(store.keys, keyFileNames.sign));
  const keys = existing ? loadKeys(store.keys, owner) : createKeys(store.keys, owner);

  const { bold, cyan } = cli.colours;
  cli.out(`Written: ${written.join(', ')}`);
  cli.out(`Keys ${existing ? 'that were there' : 'made'}: ${keys.sign.id}, ${keys.wrap.id}, ${keys.commit.id}\n`);
  cli.out(bold('Keep safe'));
  for (const sentence of backupAdvice(store.keys, store.data)) cli.out(`  ${sentence}`);
  cli.out(`\n${bold('Next')}`);
  const call = callOf(options);
  const steps: [string, string][] = [];
  if (answers.aws !== undefined) steps.push(['Grant AWS what the collectors need, and no more:', 'permissions aws --format policy']);
  if (answers.github !== undefined) steps.push(['The same for GitHub:', 'permissions github --format github-app']);
  steps.push(['See whether everything can be read:', 'doctor'], ['Collect, seal and judge:', 'collect']);
  for (const [sentence, command] of steps) cli.out(`  ${sentence}\n    ${cyan(`${call.program} ${command}${call.options}`)}`);
  if (answers.timestampUrl === undefined && answers.anchorPath === undefined) {
    cli.out('  Nobody else sees this log yet: add an anchor to proofline.yaml before the observation period begins.');
  }
}
