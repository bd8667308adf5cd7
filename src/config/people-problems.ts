import { didYouMean } from './nearest-name.ts';
import type { YamlPath } from './read-yaml.ts';

interface PeopleProblem {
  readonly path: YamlPath;
  readonly message: string;
}
type Raw = Readonly<Record<string, unknown>>;

/**
 * What no single value of `people` shows: rosters that nothing reads, persons of none of them, and what is said twice. Looked for in the file
 * as written, so that all of it comes out at once.
 */
export function findPeopleProblems(people: unknown, sources: unknown): PeopleProblem[] {
  if (!isRecord(people)) return [];
  const problems: PeopleProblem[] = [];
  const say = (path: YamlPath, message: string) => problems.push({ path: ['people', ...path], message });
  const of = isRecord(sources) ? sources : {};
  const tables = records(of['tabular']).flatMap(([, source]) =>
    records(source['tables']).flatMap(([, table]) =>
      table['as'] === 'hr.person' ? [`${textAt(source, 'name')}.${textAt(table, 'name')}`] : [],
    ),
  );
  const providers = records(of['okta']).flatMap(([, source]) => textAt(source, 'name') ?? []);
  const rosters = texts(people['rosters']);
  for (const [at, roster] of rosters) {
    if (!tables.includes(roster) && !providers.includes(roster)) {
      say(
        ['rosters', at],
        `"${roster}" is no table of people (as: hr.person) and no identity provider of this file${didYouMean(roster, [...tables, ...providers])}`,
      );
    }
    if (rosters.some(([other, same]) => other < at && same === roster)) say(['rosters', at], `"${roster}" stands twice`);
  }
  const prefixes = new Set(rosters.map(([, roster]) => (providers.includes(roster) ? 'okta' : (roster.split('.')[0] ?? ''))));
  const person = (path: YamlPath, id: string | undefined) => {
    if (id === undefined || prefixes.size === 0 || prefixes.has(id.split(':')[0] ?? '') === true) return;
    say(path, `"${id}" is no person of these rosters: expected ${[...prefixes].map((prefix) => `${prefix}:<number>`).join(' or ')}`);
  };
  const links = records(people['links']);
  for (const [at, link] of links) {
    person(['links', at, 'person'], textAt(link, 'person'));
    const account = textAt(link, 'account');
    if (account !== undefined && links.some(([other, same]) => other < at && textAt(same, 'account') === account)) {
      say(['links', at, 'account'], `"${account}" is linked already: one account is one person's`);
    }
  }
  const services = records(people['serviceAccounts']);
  for (const [at, service] of services) {
    person(['serviceAccounts', at, 'owner'], textAt(service, 'owner'));
    const id = textAt(service, 'id');
    if (id !== undefined && services.some(([other, same]) => other < at && textAt(same, 'id') === id)) {
      say(['serviceAccounts', at, 'id'], `the id "${id}" is taken: every id stands once`);
    }
  }
  for (const [at, operator] of texts(people['operators'])) person(['operators', at], operator);
  return problems;
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function records(value: unknown): readonly (readonly [number, Raw])[] {
  return Array.isArray(value) ? value.flatMap((entry, index) => (isRecord(entry) ? [[index, entry] as const] : [])) : [];
}
function texts(value: unknown): readonly (readonly [number, string])[] {
  return Array.isArray(value) ? value.flatMap((entry, index) => (typeof entry === 'string' ? [[index, entry] as const] : [])) : [];
}
function textAt(of: Raw, key: string): string | undefined {
  const value = of[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
