import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Problem, ProoflineError } from '../model/errors.ts';
import { type Configuration, ConfigurationFile } from './configuration.ts';
import { explainIssues, orderProblems } from './explain-issues.ts';
import { findNotifyProblems } from './notify-problems.ts';
import type { OktaSource } from './okta-settings.ts';
import { findPeopleProblems } from './people-problems.ts';
import { placedChannel } from './placed-channel.ts';
import { placedTabular } from './placed-tabular.ts';
import { pathText, readYaml, type YamlPath, type YamlSource } from './read-yaml.ts';
import { findScheduleProblems } from './schedule-problems.ts';
import type { QueueSettings } from './schedule-settings.ts';
import { type SecretReference, secretAdvice, secretIn } from './secret.ts';
import { findTabularProblems } from './tabular-problems.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Keys under which a secret is expected: text there is a secret somebody wrote down. */
const secretKeys = new Set(['token', 'privateKey', 'password', 'secret', 'webhook']);

function walk(value: unknown, visit: (value: unknown, path: YamlPath) => void, path: YamlPath = []): void {
  visit(value, path);
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) walk(element, visit, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, element] of Object.entries(value)) walk(element, visit, [...path, key]);
  }
}

/** Text that is a secret, or an address that carries one. The message never repeats it. */
export function findLiteralSecrets(source: YamlSource): Problem[] {
  const problems: Problem[] = [];
  walk(source.value, (value, path) => {
    if (typeof value !== 'string') return;
    const key = path.at(-1);
    const what = secretIn(value) ?? (typeof key === 'string' && secretKeys.has(key) ? 'a secret' : undefined);
    if (what === undefined) return;
    problems.push({
      file: source.file,
      line: source.lineOf(path),
      path: pathText(path),
      message: `holds ${what} as text: ${secretAdvice}`,
    });
  });
  return problems;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function listAt(value: unknown, ...path: string[]): { entry: Readonly<Record<string, unknown>>; path: YamlPath }[] {
  const found = path.reduce<unknown>((inner, step) => (isRecord(inner) ? inner[step] : undefined), value);
  return Array.isArray(found) ? found.flatMap((entry, index) => (isRecord(entry) ? [{ entry, path: [...path, index] }] : [])) : [];
}
function samePlace(parent: string, child: string): boolean {
  const inside = relative(parent, child);
  return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside));
}

/**
 * What no single value shows: looked for in the file as written, not after validation, so that these problems come out together
 * with all the others and not one round later.
 */
function findContradictions(source: YamlSource): Problem[] {
  const problems: Problem[] = [];
  const say = (path: YamlPath, message: string) =>
    problems.push({ file: source.file, line: source.lineOf(path), path: pathText(path), message });
  const value = source.value;

  for (const { entry, path } of listAt(value, 'sources', 'aws')) {
    if (entry['accounts'] !== undefined && entry['discover'] !== undefined) {
      say([...path, 'discover'], 'accounts are listed or discovered, not both');
    }
    const bare =
      Array.isArray(entry['accounts']) && entry['accounts'].some((account) => !isRecord(account) || account['roleArn'] === undefined);
    if (entry['role'] === undefined && entry['discover'] !== undefined) {
      say(path, 'discovered accounts are entered through a role: name it under `role`');
    } else if (entry['role'] === undefined && bare) {
      say([...path, 'accounts'], 'other accounts are entered through a role: name it under `role`, or give each account its `roleArn`');
    }
    if (entry['role'] !== undefined && entry['accounts'] === undefined && entry['discover'] === undefined) {
      say([...path, 'role'], 'is used for listed or discovered accounts only; for a single role give its `roleArn`');
    }
  }
  for (const { entry, path } of ['github', 'okta'].flatMap((kind) => listAt(value, 'sources', kind))) {
    if (entry['token'] === undefined && entry['app'] === undefined) say(path, 'needs a `token` or an `app`');
    if (entry['token'] !== undefined && entry['app'] !== undefined) say([...path, 'app'], 'a `token` or an `app`, not both');
  }
  const given = isRecord(value) ? value['sources'] : undefined;
  for (const { path, message } of findTabularProblems(isRecord(given) ? given['tabular'] : undefined)) say(path, message);
  const named = ['aws', 'github', 'okta', 'tabular'].flatMap((kind) => listAt(value, 'sources', kind));
  for (const group of [named, listAt(value, 'anchors')]) {
    const seen = new Set<unknown>();
    for (const { entry, path } of group) {
      const name = entry['name'];
      if (typeof name !== 'string') continue;
      if (seen.has(name)) say([...path, 'name'], `the name "${name}" is taken: every name stands once`);
      seen.add(name);
    }
  }
  if (isRecord(value)) {
    const sources = named.flatMap(({ entry }) => (typeof entry['name'] === 'string' ? [entry['name']] : []));
    for (const { path, message } of findScheduleProblems(value['schedules'], sources)) say(path, message);
    for (const { path, message } of findNotifyProblems(value['notify'], sources)) say(path, message);
    for (const { path, message } of findPeopleProblems(value['people'], value['sources'])) say(path, message);
    const services = value['trustServices'];
    if (Array.isArray(services) && services.length > 0 && !services.includes('security')) {
      say(['trustServices'], 'security is part of every SOC 2 report: add it');
    }
  }
  return problems;
}

/**
 * Reads `proofline.yaml`.
 * @param options.dataDir takes the place of `store.data` (the command line's `--data`), relative to the working directory.
 * @throws ProoflineError `configuration` with every problem of the file at once, each with line, path and what was expected.
 */
export function loadConfiguration(file: string, env: Env, options: { readonly dataDir?: string } = {}): Configuration {
  const absolute = resolve(file);
  if (!existsSync(absolute)) {
    throw new ProoflineError(
      'configuration',
      `${absolute}: there is no such file; \`proofline init\` writes it, --demonstration needs none`,
    );
  }
  const { source, problems: syntax } = readYaml(absolute);
  const fail = (problems: readonly Problem[]): never => {
    const ordered = orderProblems(problems);
    const count = ordered.length === 1 ? '1 problem' : `${ordered.length} problems`;
    throw new ProoflineError('configuration', `${file}: ${count}`, { problems: ordered });
  };
  if (syntax.length > 0) fail(syntax);

  const parsed = ConfigurationFile.safeParse(source.value);
  const issues = parsed.success ? [] : explainIssues(ConfigurationFile, source, parsed.error.issues);
  const problems = [...findLiteralSecrets(source), ...issues, ...findContradictions(source)];
  if (!parsed.success || problems.length > 0) return fail(problems);

  const declared = parsed.data;
  const directory = dirname(absolute);
  const place = (path: string) => (path === '~' || path.startsWith(`~${sep}`) ? join(homedir(), path.slice(1)) : resolve(directory, path));
  const secret = (reference: SecretReference): SecretReference => ('file' in reference ? { file: place(reference.file) } : reference);
  const store = {
    data: options.dataDir === undefined ? place(declared.store.data) : resolve(options.dataDir),
    keys: place(declared.store.keys),
    ...(declared.store.witness === undefined ? {} : { witness: place(declared.store.witness) }),
  };
  const inside = [
    ...(samePlace(store.data, store.keys)
      ? [{ path: 'keys', message: 'the keys lie inside the data directory: whoever copies the log would have them too' }]
      : []),
    ...(store.witness !== undefined && samePlace(store.data, store.witness)
      ? [{ path: 'witness', message: 'it lies inside the data directory: a copy that is put back would bring its own past with it' }]
      : []),
  ];
  if (inside.length > 0) {
    return fail(
      inside.map(({ path, message }) => ({ file: absolute, line: source.lineOf(['store', path]), path: `store.${path}`, message })),
    );
  }
  const notices = Object.keys(env)
    .filter((name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && env[name])
    .map((name) => `${name} is set in the environment and ignored: an endpoint is named in the configuration (endpointUrl) or not used`);

  return {
    ...declared,
    file: absolute,
    directory,
    notices,
    declared,
    store,
    sources: {
      aws: declared.sources.aws,
      github: declared.sources.github.map((entry) => ({
        ...entry,
        ...(entry.token ? { token: secret(entry.token) } : {}),
        ...(entry.app ? { app: { ...entry.app, privateKey: secret(entry.app.privateKey) } } : {}),
      })),
      ...(declared.sources.okta === undefined ? {} : { okta: declared.sources.okta.map((entry) => placedOkta(entry, secret)) }),
      ...(declared.sources.tabular === undefined
        ? {}
        : { tabular: declared.sources.tabular.map((entry) => placedTabular(entry, place, secret)) }),
    },
    anchors: declared.anchors.map((entry) =>
      entry.kind === 'file'
        ? { ...entry, path: place(entry.path) }
        : { ...entry, ...(entry.caFile ? { caFile: place(entry.caFile) } : {}) },
    ),
    ...(declared.queue === undefined ? {} : { queue: placedQueue(declared.queue, secret) }),
    ...(declared.notify === undefined
      ? {}
      : { notify: { ...declared.notify, channels: declared.notify.channels.map((channel) => placedChannel(channel, place, secret)) } }),
    controls: declared.controls.map(place),
    ...(declared.objectives === undefined ? {} : { objectives: place(declared.objectives) }),
    ...(declared.scope === undefined ? {} : { scope: place(declared.scope) }),
    ...(declared.engagements === undefined ? {} : { engagements: place(declared.engagements) }),
    ...(declared.separation === undefined ? {} : { separation: declared.separation.map(place) }),
    ...(declared.reviews === undefined ? {} : { reviews: place(declared.reviews) }),
    ...(declared.records === undefined ? {} : { records: declared.records.map(place) }),
    ...(declared.documents === undefined ? {} : { documents: place(declared.documents) }),
    extensions: declared.extensions.map(place),
  };
}

function placedOkta(source: OktaSource, secret: (reference: SecretReference) => SecretReference): OktaSource {
  return {
    ...source,
    ...(source.token === undefined ? {} : { token: secret(source.token) }),
    ...(source.app === undefined ? {} : { app: { ...source.app, privateKey: secret(source.app.privateKey) } }),
  };
}

function placedQueue(queue: QueueSettings, secret: (reference: SecretReference) => SecretReference): QueueSettings {
  const { redis } = queue;
  return redis === undefined || typeof redis.url === 'string' ? queue : { ...queue, redis: { ...redis, url: secret(redis.url) } };
}
