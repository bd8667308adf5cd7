import type { ExchangeScope, Json, JsonObject, SourceDefinition } from '../../src/authoring.ts';
import { GithubClient } from './client.ts';
import { findOperation, limits, queryOf } from './operations.ts';

/** GitHub.com's API and that of Enterprise Cloud with data residency, whose names GitHub alone gives out. */
const official = /^(?:api\.github\.com|(?:api\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.ghe\.com)(?::443)?$/;

/** Everything the rooms above need to know of GitHub; loads no SDK. */
const source: SourceDefinition<GithubClient> = {
  kind: 'github',
  title: 'GitHub',
  client: (context) => new GithubClient(context),
  permissionFor: (operation) => findOperation(operation)?.permission,
  limitFor: (operation) => (queryOf(operation) === undefined ? limits.rest : limits.graphql),
  isOfficialHost: (host) => official.test(host.toLowerCase()),
  equivalentCommand,
};
export default source;

function equivalentCommand(operation: string, input: JsonObject, _scope: ExchangeScope): string {
  const asked = Object.entries(input).filter(([, value]) => value !== '$token' && value !== null);
  const query = queryOf(operation);
  if (query !== undefined) {
    const variables = asked
      .flatMap(([name, value]) =>
        Array.isArray(value) ? value.map((member: Json) => [`${name}[]`, member] as const) : [[name, value] as const],
      )
      .map(([name, value]) => `${typeof value === 'string' ? '-f' : '-F'} ${quoted(`${name}=${String(value)}`)}`);
    return ['gh api graphql', `-f ${quoted(`query=${query.replace(/\s+/g, ' ').trim()}`)}`, ...variables].join(' ');
  }
  const [, path = '', fixed] = /^GET ([^?]+)(?:\?(.*))?$/.exec(operation) ?? [];
  const used = new Set<string>();
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    return encodeURIComponent(String(input[name] ?? ''));
  });
  const parameters = [
    ...(fixed === undefined ? [] : [fixed]),
    ...asked.filter(([name]) => !used.has(name)).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`),
  ];
  return `gh api ${quoted(`${filled}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
