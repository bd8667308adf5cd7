import { isZone } from '../schedule/cron.ts';
import { didYouMean } from './nearest-name.ts';
import type { YamlPath } from './read-yaml.ts';
import { unknownSource } from './schedule-problems.ts';

type Entry = Readonly<Record<string, unknown>>;
interface Found {
  readonly path: YamlPath;
  readonly message: string;
}

function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function entriesOf(value: unknown, path: YamlPath): { readonly entry: Entry; readonly path: YamlPath }[] {
  return Array.isArray(value) ? value.flatMap((entry, index) => (isRecord(entry) ? [{ entry, path: [...path, index] }] : [])) : [];
}
function textsOf(value: unknown, path: YamlPath): { readonly text: string; readonly path: YamlPath }[] {
  return Array.isArray(value) ? value.flatMap((text, index) => (typeof text === 'string' ? [{ text, path: [...path, index] }] : [])) : [];
}
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * What the shape of `notify` does not show: channels and sources that are not there, fallbacks that lead back to where they began, names
 * that stand twice, connections that would carry messages in the open. Of the value as written; what has the wrong shape is left to
 * whoever checks shapes.
 * @param sources names of the configured sources.
 */
export function findNotifyProblems(notify: unknown, sources: readonly string[]): Found[] {
  if (!isRecord(notify)) return [];
  const channels = entriesOf(notify['channels'], ['notify', 'channels']);
  const routes = entriesOf(notify['routes'], ['notify', 'routes']);
  return [
    ...takenNames(channels),
    ...takenNames(routes),
    ...channels.flatMap(({ entry, path }) => unguarded(entry, path)),
    ...unknownChannels(notify, channels, routes),
    ...fallbackLoops(channels),
    ...routes.flatMap(({ entry, path }) =>
      textsOf(entry['sources'], [...path, 'sources'])
        .filter(({ text }) => !sources.includes(text))
        .map(({ text, path: at }) => ({ path: at, message: unknownSource(text, sources) })),
    ),
    ...badPatterns(notify, routes),
    ...badTimes(notify),
  ];
}

function takenNames(entries: readonly { readonly entry: Entry; readonly path: YamlPath }[]): Found[] {
  const seen = new Set<unknown>();
  return entries.flatMap(({ entry, path }) => {
    const name = entry['name'];
    if (typeof name !== 'string') return [];
    if (seen.has(name)) return [{ path: [...path, 'name'], message: `the name "${name}" is taken: every name stands once` }];
    seen.add(name);
    return [];
  });
}

function unguarded(entry: Entry, path: YamlPath): Found[] {
  const { kind, url } = entry;
  if (kind === 'email') {
    const { security, host, user, password } = entry;
    return [
      ...(security === 'none' && typeof host === 'string' && !isLoopback(host)
        ? [{ path: [...path, 'security'], message: '`none` is taken for a mail server of this machine alone: use `starttls` or `tls`' }]
        : []),
      ...(security === 'none' && password !== undefined && typeof host === 'string' && !isLoopback(host)
        ? [{ path: [...path, 'password'], message: 'a password is never sent in the open' }]
        : []),
      ...((user === undefined) === (password === undefined)
        ? []
        : [{ path, message: 'a `user` and a `password` belong together: give both or neither' }]),
    ];
  }
  if (kind === 'webhook' && typeof url === 'string') {
    const address = URL.parse(url);
    const stays = entry['privateNetwork'] === true;
    if (address?.protocol === 'http:' && !stays)
      return [
        { path: [...path, 'url'], message: 'expected an https address; http is taken with `privateNetwork: true`, for what stays within' },
      ];
    if (address !== null && isLoopback(address.hostname) && !stays)
      return [{ path: [...path, 'url'], message: 'leads to this machine: say `privateNetwork: true` if it is meant' }];
  }
  if ((kind === 'slack-bot' || kind === 'github-issues') && typeof entry['apiUrl'] === 'string') {
    const address = URL.parse(entry['apiUrl']);
    if (address?.protocol === 'http:' && !isLoopback(address.hostname))
      return [
        { path: [...path, 'apiUrl'], message: 'expected an https address (http is taken for this machine alone): a token is sent there' },
      ];
  }
  return [];
}

type Entries = readonly { readonly entry: Entry; readonly path: YamlPath }[];

function unknownChannels(notify: Entry, channels: Entries, routes: Entries): Found[] {
  const known = [...new Set(channels.flatMap(({ entry }) => (typeof entry['name'] === 'string' ? [entry['name']] : [])))];
  const named = [
    ...routes.flatMap(({ entry, path }) => textsOf(entry['channels'], [...path, 'channels'])),
    ...textsOf(notify['escalate'], ['notify', 'escalate']),
    ...channels.flatMap(({ entry, path }) =>
      typeof entry['fallback'] === 'string' ? [{ text: entry['fallback'], path: [...path, 'fallback'] }] : [],
    ),
  ];
  return named
    .filter(({ text }) => !known.includes(text))
    .map(({ text, path }) => ({
      path,
      message: `there is no channel "${text}"${didYouMean(text, known) || (known.length === 0 ? '' : ` (there is ${known.join(', ')})`)}`,
    }));
}

/** A message that nobody takes must not go in a circle. */
function fallbackLoops(channels: Entries): Found[] {
  const next = new Map(channels.toReversed().map(({ entry }) => [entry['name'], entry['fallback']]));
  return channels.flatMap(({ entry, path }) => {
    if (typeof entry['fallback'] !== 'string') return [];
    const passed = new Set<unknown>();
    for (let at: unknown = entry['name']; typeof at === 'string' && !passed.has(at); ) {
      passed.add(at);
      at = next.get(at);
      if (at === entry['name'])
        return [{ path: [...path, 'fallback'], message: `leads back to where it began: ${[...passed, at].join(' to ')}` }];
    }
    return [];
  });
}

function badPatterns(notify: Entry, routes: Entries): Found[] {
  const owners = isRecord(notify['owners']) && isRecord(notify['owners']['checks']) ? notify['owners']['checks'] : {};
  const patterns = [
    ...routes.flatMap(({ entry, path }) => textsOf(entry['checks'], [...path, 'checks'])),
    ...Object.keys(owners).map((text) => ({ text, path: ['notify', 'owners', 'checks', text] })),
  ];
  return patterns
    .filter(({ text }) => !/^[a-z0-9*][a-z0-9*/-]*$/.test(text))
    .map(({ text, path }) => ({ path, message: `"${text}" is no id of a check and no pattern of ids, such as aws/s3-*` }));
}

function badTimes(notify: Entry): Found[] {
  const { zone, quiet } = notify;
  const problems: Found[] = [];
  if (typeof zone === 'string' && !isZone(zone)) {
    const hint = didYouMean(zone, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
    problems.push({ path: ['notify', 'zone'], message: `"${zone}" is no time zone of the IANA database${hint}, such as Europe/Berlin` });
  }
  if (isRecord(quiet) && typeof quiet['from'] === 'string' && quiet['from'] === quiet['to'])
    problems.push({ path: ['notify', 'quiet', 'to'], message: 'begins and ends at the same time: leave `quiet` out, or say when it ends' });
  return problems;
}
