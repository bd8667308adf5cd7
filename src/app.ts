import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AwsConnection } from '../collectors/aws/connect.ts';
import type { GithubConnection } from '../collectors/github/connect.ts';
import type { OktaConnection } from '../collectors/okta/connect.ts';
import type { Anchor } from './anchor/contract.ts';
import type { AwsSource, Configuration, GithubSource } from './config/configuration.ts';
import { configuredSources, entitySource } from './config/configured-sources.ts';
import { loadEngagements } from './config/engagements.ts';
import { loadFrameworks } from './config/frameworks.ts';
import { libraryDirectory } from './config/library-directory.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { type LoadedControl, readControls } from './config/load-controls.ts';
import type { OktaSource } from './config/okta-settings.ts';
import { pathText, readYaml, type YamlPath } from './config/read-yaml.ts';
import { loadUncollectedTypes } from './config/resource-types.ts';
import { QueueSettings, ScheduleSettings } from './config/schedule-settings.ts';
import { loadScope, wholeScope } from './config/scope.ts';
import { resolveSecret } from './config/secret.ts';
import { tableSettings } from './config/table-settings.ts';
import type { TabularSource } from './config/tabular-settings.ts';
import { createKeys, loadKeys, loadKeysForReading } from './keys/key-files.ts';
import type { Check } from './model/check.ts';
import type { Collector, SourceDefinition } from './model/collector.ts';
import type { EntitySettings } from './model/entity-settings.ts';
import { type Problem, ProoflineError } from './model/errors.ts';
import type { Composition } from './run/composition.ts';
import { type Registries, sourceKindOf } from './run/registries.ts';
import type { SourceAccess } from './run/source-access.ts';
import type { JobQueue } from './schedule/contract.ts';
import { createStore, openStore } from './store/embedded.ts';
import { openOutbox } from './store/outbox.ts';
import { openState, type State } from './store/state.ts';
import { version } from './version.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface AppOptions {
  /** Default: `proofline.yaml` in the working directory. */
  readonly configFile?: string | undefined;
  /** In place of the configuration's data directory. */
  readonly dataDir?: string | undefined;
  readonly env: Env;
  /** Opens the built-in company instead: its own configuration, its own flagged keys and log. */
  readonly demonstration?: boolean | undefined;
}

/** The composition root: the one place that chooses a store, clients, registries and the clock. */
export async function openApp(options: AppOptions): Promise<Composition> {
  const demonstration = options.demonstration === true ? await import('./demo/demonstration.ts') : undefined;
  const configuration = demonstration
    ? demonstration.demonstrationConfiguration(options.dataDir)
    : loadConfiguration(
        options.configFile ?? 'proofline.yaml',
        options.env,
        options.dataDir === undefined ? {} : { dataDir: resolve(options.dataDir) },
      );
  const clock = demonstration?.describedClock(configuration.store.data);
  const now = clock?.now ?? (() => new Date().toISOString());
  const monotonic = () => performance.now();
  const newId = () => randomUUID();
  const tenant = configuration.entity.tenant;
  const owner = { tenant, demonstration: demonstration !== undefined };
  const library = libraryDirectory();

  const frameworks = once(() => loadFrameworks(library, configuration.objectives));
  const uncollectedTypes = once(() => loadUncollectedTypes(library));
  const registries = once(() => loadRegistries(configuration));
  const keys = once(() => loadKeys(configuration.store.keys, owner, configuration.store.witness));
  const readingKeys = once(() => loadKeysForReading(configuration.store.keys, owner, configuration.store.witness));
  const catalog = once(async () => ({
    collectedTypes: (await registries()).collectors.flatMap(({ yields }) => yields.map(({ type }) => type)),
    uncollectedTypes: uncollectedTypes(),
  }));
  const controls = once(async () =>
    readControls({
      library,
      files: configuration.controls,
      catalog: { ...(await catalog()), checks: (await registries()).checks, frameworks: frameworks() },
    }),
  );
  const scope = once(async () => (configuration.scope === undefined ? wholeScope : loadScope(configuration.scope, await catalog())));
  let entity: { readonly controls: readonly LoadedControl[]; readonly named: string | null; readonly settings: EntitySettings } | undefined;

  return {
    version,
    configuration,
    demonstration: demonstration !== undefined,
    now,
    monotonic,
    newId,
    registries: async () => (demonstration ? demonstration.registriesAt(await registries(), now()) : await registries()),
    frameworks,
    uncollectedTypes,
    controls: async () => (await controls())(now().slice(0, 10)),
    scope,
    async entitySettings() {
      const { latestDayNamed, loadEntitySettings } = await import('./config/load-entity-settings.ts');
      const on = now().slice(0, 10);
      const loaded = (await controls())(on);
      const named = latestDayNamed(configuration, on);
      if (entity?.controls !== loaded || entity.named !== named) {
        const inForce = loaded.map(({ control }) => control);
        const catalog = { library, frameworks: frameworks(), controls: inForce, scope: await scope(), on };
        entity = { controls: loaded, named, settings: loadEntitySettings(configuration, catalog) };
      }
      return entity.settings;
    },
    engagements: once(async () =>
      configuration.engagements === undefined
        ? []
        : loadEngagements(configuration.engagements, {
            frameworks: frameworks(),
            sources: configuredSources(configuration).map(({ name }) => name),
            collectors: (await registries()).collectors.map(({ id }) => id),
          }),
    ),
    definition: sourceDefinition,
    async sources(state) {
      if (demonstration) return demonstration.demonstrationSources(now);
      return [
        ...(await Promise.all(configuration.sources.aws.map((source) => awsAccess(source)))),
        ...(await Promise.all(configuration.sources.github.map((source) => githubAccess(source, options.env, state)))),
        ...(await Promise.all((configuration.sources.okta ?? []).map((source) => oktaAccess(source, options.env)))),
        ...(await Promise.all((configuration.sources.tabular ?? []).map((source) => tabularAccess(source, configuration, options.env)))),
      ];
    },
    keys,
    anchors: () => openAnchors(configuration),
    schedules: once(async () => {
      const [{ resolveSchedules }, { checks, collectors }] = await Promise.all([import('./schedule/resolve-schedules.ts'), registries()]);
      return resolveSchedules({
        settings: configuration.schedules ?? ScheduleSettings.parse({}),
        sources: await Promise.all(
          configuredSources(configuration).map(async (source) => ({
            ...source,
            regions: (await sourceDefinition(source.kind)).regions?.collector,
          })),
        ),
        collectors,
        checks,
        sourceKindOf,
        problemAt: placeIn(configuration.file),
      });
    }),
    openQueue: () => openQueue(configuration, options.env, now),
    channels: once(async () => {
      const [{ openChannels }, { findUnmatchedPatterns }] = await Promise.all([
        import('./notify/open-channels.ts'),
        import('./notify/find-unmatched-patterns.ts'),
      ]);
      if (configuration.notify !== undefined) {
        const ids = (await registries()).checks.map(({ id }) => id);
        const place = placeIn(configuration.file);
        const problems = findUnmatchedPatterns(configuration.notify, ids).map(({ path, message }) => place(path, message));
        if (problems.length > 0) throw new ProoflineError('configuration', `${configuration.file}: notify`, { problems });
      }
      return await openChannels(configuration.notify?.channels ?? [], { env: options.env, version, now });
    }),
    hasStore: () => existsSync(join(configuration.store.data, 'store.db')),
    async openStore({ readOnly = false, create = false, relaxed = false } = {}) {
      const dataDir = configuration.store.data;
      const durable = !(owner.demonstration && relaxed);
      if (existsSync(join(dataDir, 'store.db'))) {
        return await openStore({ dataDir, keys: readOnly ? readingKeys() : keys(), now, newId, readOnly, durable });
      }
      if (!create) {
        throw new ProoflineError('store-missing', `there is no log at ${dataDir} yet: \`proofline collect\` begins one`);
      }
      // A demonstration asks for no set-up: its keys guard nothing.
      if (demonstration && !existsSync(join(configuration.store.keys, 'sign.json'))) createKeys(configuration.store.keys, owner);
      return await createStore({
        dataDir,
        keys: keys(),
        tenant,
        origin: originOf(tenant, owner.demonstration),
        demonstration: owner.demonstration,
        now,
        newId,
        durable,
      });
    },
    openState: ({ readOnly = false } = {}) =>
      openState(configuration.store.data, readOnly ? { now, readOnly } : { now, wrap: keys().wrap }),
    openOutbox: ({ readOnly = false } = {}) => openOutbox(configuration.store.data, { now, readOnly }),
    ...(demonstration === undefined || clock === undefined ? {} : { described: demonstration.describedLife(clock) }),
  };
}

/** Name of a log in its checkpoints: what an auditor pins. */
export function originOf(tenant: string, demonstration: boolean): string {
  return `proofline.log/${demonstration ? 'demonstration/' : ''}${tenant}`;
}

async function openQueue(configuration: Configuration, env: Env, now: () => string): Promise<JobQueue> {
  const { redis, attempts, backoff } = configuration.queue ?? QueueSettings.parse({});
  const { durationMs } = await import('./model/compare-rulers.ts');
  const options = { now, attempts, backoffMs: durationMs(backoff) };
  if (redis !== undefined) {
    const { redisQueue } = await import('./schedule/redis-queue.ts');
    const url = typeof redis.url === 'string' ? redis.url : resolveSecret(redis.url, env);
    const sources = configuredSources(configuration).map(({ name }) => name);
    return await redisQueue({ ...options, url, prefix: redis.prefix, sources });
  }
  const { embeddedQueue } = await import('./schedule/embedded-queue.ts');
  return embeddedQueue(options);
}

async function openAnchors(configuration: Configuration): Promise<readonly Anchor[]> {
  return await Promise.all(
    configuration.anchors.map(async (setting) => {
      if (setting.kind === 'file') {
        const { fileAnchor } = await import('./anchor/file.ts');
        return fileAnchor({ name: setting.name, path: setting.path, dataDir: configuration.store.data });
      }
      const { rfc3161Anchor } = await import('./anchor/rfc3161.ts');
      return rfc3161Anchor({ name: setting.name, url: setting.url, ...pick(setting, ['caFile']) });
    }),
  );
}

async function sourceDefinition(kind: string): Promise<SourceDefinition> {
  switch (kind) {
    case 'aws':
      return (await import('../collectors/aws/source.ts')).default as SourceDefinition;
    case 'github':
      return (await import('../collectors/github/source.ts')).default as SourceDefinition;
    case 'okta':
      return (await import('../collectors/okta/source.ts')).default as SourceDefinition;
    case 'entity':
      return (await import('../collectors/entity/source.ts')).default as SourceDefinition;
    case 'tabular':
      return (await import('../collectors/tabular/source.ts')).default as SourceDefinition;
    default:
      throw new ProoflineError('not-found', `there is no source "${kind}": aws, github, okta and tabular are`);
  }
}

/** The units that are shipped, and those of the directories a configuration names. */
export async function loadRegistries(configuration: Pick<Configuration, 'extensions'>): Promise<Registries> {
  const [shippedChecks, shippedCollectors, { loadDigests }] = await Promise.all([
    import('../checks/index.generated.ts'),
    import('../collectors/index.generated.ts'),
    import('./run/logic-digests.ts'),
  ]);
  const entity = await sourceDefinition(entitySource);
  const checks: readonly Check[] = shippedChecks.default;
  const collectors: readonly Collector<never>[] = shippedCollectors.default;
  const directories = configuration.extensions;
  const digests = await loadDigests();
  const shipped = (unit: 'check' | 'collector', id: string) =>
    digests.of(unit === 'check' ? `checks/${id}.ts` : `collectors/${id}/collector.ts`);
  const shippedGrade: Registries['gradeOf'] = (unit, id) =>
    (unit === 'collector' ? collectors.find((collector) => collector.id === id)?.grade : undefined) ?? 'source-direct';
  if (directories.length === 0) {
    return { checks, collectors, entity, logicOf: shipped, gradeOf: shippedGrade };
  }
  const { loadExtensions } = await import('./run/load-extensions.ts');
  const own = await loadExtensions({
    directories,
    sources: await Promise.all(['aws', 'github', 'okta'].map(sourceDefinition)),
    shippedTypes: new Set(collectors.flatMap(({ yields }) => yields.map(({ type }) => type))),
  });
  return {
    checks: [...checks, ...own.checks],
    collectors: [...collectors, ...(own.collectors as readonly Collector<never>[])],
    entity,
    logicOf: (unit, id) => own.logic.get(id) ?? shipped(unit, id),
    gradeOf: (unit, id) => (own.logic.has(id) ? own.grade : shippedGrade(unit, id)),
  };
}

/** The configuration's way into AWS as a client takes it. Without a role of its own, a listed account is read as the one the credentials are of. */
function awsConnection(source: AwsSource): AwsConnection {
  const roleIn = (account: string) => `arn:aws:iam::${account}:role/${source.role ?? 'ProoflineReadOnly'}`;
  return {
    name: source.name,
    ...pick(source, ['profile', 'roleArn', 'externalId', 'sessionDuration', 'endpointUrl', 'region']),
    ...(source.regions === 'all' ? {} : { regions: source.regions }),
    ...(source.accounts === undefined
      ? {}
      : {
          accounts: source.accounts.map((account) =>
            typeof account === 'string'
              ? { id: account, roleArn: roleIn(account) }
              : { id: account.id, ...pick(account, ['name']), roleArn: account.roleArn ?? roleIn(account.id) },
          ),
        }),
    ...(source.discover === undefined ? {} : { discover: { roleName: source.role ?? 'ProoflineReadOnly' } }),
  };
}

async function awsAccess(source: AwsSource): Promise<SourceAccess> {
  const { connectAws } = await import('../collectors/aws/connect.ts');
  const access = connectAws(awsConnection(source), { version });
  const known = new Map<string, { readonly session: string; readonly arn: string }>();
  /** Asked once per account: within it the sessions of one role differ in their last part alone, which we chose. */
  const whoIn = async (account: string, session: string, opened: { identity(): Promise<{ readonly arn: string }> }): Promise<string> => {
    const first = known.get(account) ?? { session, arn: (await opened.identity()).arn };
    known.set(account, first);
    const own = `/${first.session}`;
    return first.arn.endsWith(own) ? `${first.arn.slice(0, -own.length)}/${session}` : first.arn;
  };
  return {
    name: source.name,
    kind: 'aws',
    definition: await sourceDefinition('aws'),
    async members() {
      const accounts = await access.accounts();
      return accounts.map((account) => ({
        id: `aws:${account.id}`,
        tenant: account.id,
        display: account.name === null ? account.id : `${account.name} (${account.id})`,
        settings: { region: access.region, logBuckets: source.logBuckets, ...(source.trailFiles ? { trailFiles: true } : {}) },
        regions: source.regions === 'all' ? undefined : source.regions,
        open(session) {
          const opened = access.open(account, session);
          return { exchange: opened.exchange, principal: () => whoIn(account.id, session, opened), close: () => opened.close() };
        },
      }));
    },
    close: () => access.close(),
  };
}

async function githubAccess(source: GithubSource, env: Env, state: State | undefined): Promise<SourceAccess> {
  const { connectGithub } = await import('../collectors/github/connect.ts');
  return {
    name: source.name,
    kind: 'github',
    definition: await sourceDefinition('github'),
    async members() {
      // Here and not before: a secret that is missing keeps this source out, and no other.
      const access = connectGithub(githubConnection(source, env), { version, ...(state === undefined ? {} : { cache: state.etags }) });
      const organisations = await Promise.all(source.organisations.map((login) => access.organisation(login)));
      return organisations.map((organisation) => ({
        id: `github:${organisation.id}`,
        tenant: organisation.login,
        display: organisation.login,
        settings: { ...access.settings, productionBranches: source.productionBranches, ...pick(source, ['productionEnvironments']) },
        regions: undefined,
        open: (session) => ({
          exchange: access.open(session).exchange,
          principal: async () => (await access.identity()).login,
          close: () => {},
        }),
      }));
    },
    close: () => {},
  };
}

function githubConnection(source: GithubSource, env: Env): GithubConnection {
  const base = { name: source.name, ...pick(source, ['baseUrl']) };
  if (source.app !== undefined) {
    const { appId, privateKey, installationId } = source.app;
    return { ...base, credentials: { kind: 'app', appId, privateKey: resolveSecret(privateKey, env), installationId } };
  }
  if (source.token === undefined) throw new ProoflineError('configuration', `sources.github "${source.name}": give a token or an app`);
  return { ...base, credentials: { kind: 'token', token: resolveSecret(source.token, env) } };
}

/** Every declared table is one member: completeness, schedules and recompute know each by itself. */
async function tabularAccess(source: TabularSource, { directory }: Configuration, env: Env): Promise<SourceAccess> {
  const { openTable } = await import('../collectors/tabular/connect.ts');
  return {
    name: source.name,
    kind: 'tabular',
    definition: await sourceDefinition('tabular'),
    async members() {
      // Here and not before: a secret that is missing keeps this source out, and no other.
      const secret = source.credentials === undefined ? undefined : resolveSecret(source.credentials, env);
      return source.tables.map((table) => {
        const settings = tableSettings(source, table, directory);
        const name = `${source.name}.${table.name}`;
        return {
          id: `tabular:${name}`,
          tenant: name,
          display: name,
          settings,
          regions: undefined,
          open: (session) => openTable({ ...source, secret }, { ...table, settings }, session, version),
        };
      });
    },
    close: () => {},
  };
}

async function oktaAccess(source: OktaSource, env: Env): Promise<SourceAccess> {
  const { connectOkta } = await import('../collectors/okta/connect.ts');
  return {
    name: source.name,
    kind: 'okta',
    definition: await sourceDefinition('okta'),
    async members() {
      const access = connectOkta(oktaConnection(source, env), { version });
      const { id, pipeline } = await access.organisation();
      return [
        {
          id: `okta:${id}`,
          tenant: source.organisation,
          display: source.organisation,
          settings: { pipeline },
          regions: undefined,
          open: (session) => ({ exchange: access.open(session).exchange, principal: () => access.principal(), close: () => {} }),
        },
      ];
    },
    close: () => {},
  };
}

function oktaConnection(source: OktaSource, env: Env): OktaConnection {
  const base = { ...pick(source, ['baseUrl']), name: source.name, organisation: source.organisation };
  if (source.app !== undefined) {
    const { clientId, privateKey } = source.app;
    return { ...base, credentials: { kind: 'app', clientId, privateKey: resolveSecret(privateKey, env) } };
  }
  if (source.token === undefined) throw new ProoflineError('configuration', `sources.okta "${source.name}": give a token or an app`);
  return { ...base, credentials: { kind: 'token', token: resolveSecret(source.token, env) } };
}

/** Where in a YAML file a problem is; of one that is not there (the demonstration's) only by path. */
function placeIn(file: string): (path: YamlPath, message: string) => Problem {
  const source = existsSync(file) ? readYaml(file).source : undefined;
  return (path, message) => ({
    ...(source === undefined ? {} : { file, line: source.lineOf(path) }),
    path: pathText(path),
    message,
  });
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): { [P in K]?: Exclude<T[P], undefined> } {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as {
    [P in K]?: Exclude<T[P], undefined>;
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
