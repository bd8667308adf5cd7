import { type ColumnType, columnGives, columnTypes, type FieldKind, type RecordType, recordTypes } from '../model/record-types.ts';
import { refusedQuery, type SqlDialect } from '../model/refused-query.ts';
import { didYouMean } from './nearest-name.ts';
import type { YamlPath } from './read-yaml.ts';
import { tabularKinds } from './tabular-settings.ts';

interface TabularProblem {
  readonly path: YamlPath;
  readonly message: string;
}
type Say = (path: YamlPath, message: string) => void;
type Raw = Readonly<Record<string, unknown>>;
type Kind = (typeof tabularKinds)[number];

const sqlDialects: ReadonlySet<string> = new Set<SqlDialect>(['postgresql', 'mysql', 'sqlite']);
const types: Readonly<Record<string, RecordType>> = recordTypes;
/** Parameters of an address that are secrets by their name. */
const secretParameter = /(?:^|[_-])(?:password|passwd|pwd|secret|token|key|apikey|sig|signature|auth)$/i;

/** Which keys a kind of source takes; of its own and of its tables. */
const keysOf: Readonly<Record<Kind, { readonly source: readonly string[]; readonly table: readonly string[] }>> = {
  csv: { source: ['bucket', 'region', 'endpointUrl'], table: ['path', 'encoding', 'delimiter', 'trailer'] },
  jsonl: { source: ['bucket', 'region', 'endpointUrl'], table: ['path', 'encoding'] },
  http: { source: ['url', 'user', 'credentials', 'header'], table: ['path', 'list', 'paging'] },
  postgresql: { source: ['url', 'user', 'credentials', 'caFile'], table: ['query'] },
  mysql: { source: ['url', 'user', 'credentials', 'caFile'], table: ['query'] },
  sqlite: { source: ['file'], table: ['query'] },
};
const placeKeys = { source: ['url', 'bucket', 'region', 'endpointUrl', 'file', 'user', 'credentials', 'header', 'caFile'] } as const;
const tableKeys = ['path', 'query', 'encoding', 'delimiter', 'trailer', 'list', 'paging'] as const;

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function records(value: unknown): readonly (readonly [number, Raw])[] {
  return Array.isArray(value) ? value.flatMap((entry, index) => (isRecord(entry) ? [[index, entry] as const] : [])) : [];
}
function textAt(of: Raw, key: string): string | undefined {
  const value = of[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** What no single value of the tabular sources shows, found in the file as written: all of it at once, and beside all other problems. */
export function findTabularProblems(sources: unknown): readonly TabularProblem[] {
  const problems: TabularProblem[] = [];
  const say: Say = (path, message) => problems.push({ path, message });
  for (const [index, source] of records(sources)) inSource(source, ['sources', 'tabular', index], say);
  return problems;
}

function inSource(source: Raw, path: YamlPath, say: Say): void {
  const kind = tabularKinds.find((known) => known === source['kind']);
  if (kind !== undefined) {
    for (const key of placeKeys.source) {
      if (source[key] !== undefined && !keysOf[kind].source.includes(key))
        say([...path, key], `a source of kind ${kind} has no \`${key}\``);
    }
    if (['http', 'postgresql', 'mysql'].includes(kind) && source['url'] === undefined)
      say(path, `a source of kind ${kind} needs a \`url\``);
    if (kind === 'sqlite' && source['file'] === undefined) say(path, 'a source of kind sqlite needs a `file`');
    if ((kind === 'postgresql' || kind === 'mysql') && source['user'] === undefined) say(path, 'needs a `user`: a role that can only read');
    if (source['user'] !== undefined && kind === 'http' && source['credentials'] === undefined) {
      say([...path, 'user'], 'a user signs in with `credentials`');
    }
    if (source['header'] !== undefined && source['user'] !== undefined) say([...path, 'header'], 'a `user` or a `header`, not both');
    if (source['region'] !== undefined && source['bucket'] === undefined) say([...path, 'region'], 'is of a `bucket`');
    if (source['endpointUrl'] !== undefined && source['bucket'] === undefined) say([...path, 'endpointUrl'], 'is of a `bucket`');
    for (const key of ['url', 'endpointUrl']) {
      const message = whatIsWrongWith(textAt(source, key), key === 'url' ? kind : 'http');
      if (message !== undefined) say([...path, key], message);
    }
  }
  const names = new Set<string>();
  for (const [index, table] of records(source['tables'])) {
    const at = [...path, 'tables', index];
    const name = textAt(table, 'name');
    if (name !== undefined && names.has(name)) say([...at, 'name'], `the name "${name}" is taken: every table of a source stands once`);
    if (name !== undefined) names.add(name);
    inTable(table, kind, at, say);
  }
}

function whatIsWrongWith(address: string | undefined, kind: Kind): string | undefined {
  if (address === undefined) return undefined;
  const url = URL.parse(address);
  const schemes: readonly string[] =
    kind === 'http' ? ['https:', 'http:'] : kind === 'postgresql' ? ['postgresql:', 'postgres:'] : ['mysql:', 'mariadb:'];
  if (url === null || !schemes.includes(url.protocol)) {
    return `expected an address that begins with ${kind === 'http' ? 'https://' : `${schemes[0]}//`}`;
  }
  const isHere = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
  if (url.protocol === 'http:' && !isHere) return 'expected an https address (http is taken for this machine alone)';
  if ([...url.searchParams.keys()].some((name) => secretParameter.test(name))) {
    return 'holds a secret as text: a secret is given as { env: NAME } or { file: PATH }, never as text';
  }
  if (kind !== 'http' && url.pathname.length < 2) return 'expected the name of the database at its end';
  return undefined;
}

function inTable(table: Raw, kind: Kind | undefined, path: YamlPath, say: Say): void {
  if (kind !== undefined) {
    for (const key of tableKeys) {
      if (table[key] !== undefined && !keysOf[kind].table.includes(key)) {
        say([...path, key], `a table of a source of kind ${kind} has no \`${key}\``);
      }
    }
    const needed = sqlDialects.has(kind) ? 'query' : 'path';
    if (table[needed] === undefined) say(path, `a table of a source of kind ${kind} needs a \`${needed}\``);
    sayRefused(textAt(table, 'query'), kind, [...path, 'query'], say);
    const address = kind === 'http' ? textAt(table, 'path') : undefined;
    if (address !== undefined && (/^[a-z][a-z0-9+.-]*:/i.test(address) || address.startsWith('//'))) {
      say([...path, 'path'], 'expected an address below the `url` of its source');
    } else if (
      address !== undefined &&
      [...(URL.parse(address, 'http://localhost')?.searchParams.keys() ?? [])].some((name) => secretParameter.test(name))
    ) {
      say([...path, 'path'], 'holds a secret as text: a secret is given as { env: NAME } or { file: PATH }, never as text');
    }
  }
  const columns = isRecord(table['columns']) ? table['columns'] : undefined;
  if (columns !== undefined) inColumns(columns, table, path, say);
  for (const [index, total] of records(table['totals'])) inTotal(total, table, kind, columns, [...path, 'totals', index], say);
}

function sayRefused(query: string | undefined, kind: Kind, path: YamlPath, say: Say): void {
  if (query === undefined || !isSql(kind)) return;
  const refused = refusedQuery(query, kind);
  if (refused !== undefined) say(path, refused);
}
function isSql(kind: Kind): kind is SqlDialect {
  return sqlDialects.has(kind);
}

function inColumns(columns: Raw, table: Raw, path: YamlPath, say: Say): void {
  const names = Object.keys(columns);
  if (names.length === 0) say([...path, 'columns'], 'expected at least one column');
  const undeclared = (column: string) => `there is no column "${column}"${didYouMean(column, names)}: declare it under \`columns\``;
  for (const [index, column] of Array.isArray(table['key']) ? table['key'].entries() : []) {
    if (typeof column === 'string' && !names.includes(column)) say([...path, 'key', index], undeclared(column));
    else if (typeof column === 'string' && isRecord(columns[column]) && columns[column]['optional'] === true) {
      say([...path, 'key', index], `"${column}" is part of the key: it cannot be optional`);
    }
  }
  for (const [name, column] of Object.entries(columns)) {
    if (isRecord(column)) inColumn(column, [...path, 'columns', name], say);
  }
  const as = typeof table['as'] === 'string' ? table['as'] : 'tabular.record';
  const type = Object.hasOwn(types, as) ? types[as] : undefined;
  if (type === undefined) {
    say(
      [...path, 'as'],
      `"${as}" is no kind of record${didYouMean(as, Object.keys(types)) || `: expected one of ${Object.keys(types).join(', ')}`}`,
    );
    return;
  }
  const map = isRecord(table['map']) ? table['map'] : {};
  for (const [field, column] of Object.entries(map)) {
    const at = [...path, 'map', field];
    const kind = Object.hasOwn(type.fields, field) ? type.fields[field] : undefined;
    if (kind === undefined) {
      const known = Object.keys(type.fields);
      say(at, `${as} has no field "${field}"${didYouMean(field, known) || (known.length === 0 ? '' : `: it has ${known.join(', ')}`)}`);
    } else if (typeof column === 'string' && !names.includes(column)) say(at, undeclared(column));
    else if (typeof column === 'string') sayMisfit(as, field, kind, column, columns, at, say);
  }
  for (const [field, kind] of Object.entries(type.fields)) {
    if (!Object.hasOwn(map, field) && names.includes(field)) sayMisfit(as, field, kind, field, columns, [...path, 'columns', field], say);
  }
  const identity = type.identifiedBy;
  if (identity !== undefined && !Object.hasOwn(map, identity) && !names.includes(identity)) {
    say([...path, 'columns'], `${as} needs a column for ${identity}: declare \`${identity}\`, or name the column under \`map\``);
  }
}

function inColumn(column: Raw, path: YamlPath, say: Say): void {
  const type = column['type'] ?? 'text';
  const only = { format: 'date', zone: 'time', decimalMark: 'decimal', separator: 'list', values: 'text' } as const;
  for (const [key, of] of Object.entries(only)) {
    if (column[key] !== undefined && type !== of) say([...path, key], `is of a column of type ${of}`);
  }
  const zone = textAt(column, 'zone');
  if (zone !== undefined && !isZone(zone)) say([...path, 'zone'], 'expected a time zone such as Europe/Berlin or UTC');
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function sayMisfit(as: string, field: string, kind: FieldKind, column: string, columns: Raw, path: YamlPath, say: Say): void {
  const declared = columns[column];
  const type = columnTypes.find((known) => known === (isRecord(declared) ? (declared['type'] ?? 'text') : undefined));
  if (type === undefined) return;
  if (!columnGives(type, kind)) {
    say(path, `${field} of ${as} is ${wordsFor(kind)}, and the column "${column}" is of type ${type satisfies ColumnType}`);
    return;
  }
  const values = isRecord(declared) && isRecord(declared['values']) ? declared['values'] : {};
  if (typeof kind === 'string') return;
  for (const [theirs, ours] of Object.entries(values)) {
    if (typeof ours === 'string' && !kind.includes(ours)) {
      say(path, `${field} of ${as} is ${wordsFor(kind)}: "${theirs}" cannot stand for "${ours}"${didYouMean(ours, kind)}`);
    }
  }
}
function wordsFor(kind: FieldKind): string {
  return typeof kind === 'string' ? `of type ${kind}` : `one of ${kind.join(', ')}`;
}

function inTotal(total: Raw, table: Raw, kind: Kind | undefined, columns: Raw | undefined, path: YamlPath, say: Say): void {
  const sum = textAt(total, 'sum');
  if (sum !== undefined && columns !== undefined) {
    const column = columns[sum];
    const type = isRecord(column) ? column['type'] : undefined;
    if (column === undefined)
      say([...path, 'sum'], `there is no column "${sum}"${didYouMean(sum, Object.keys(columns))}: declare it under \`columns\``);
    else if (type !== 'decimal' && type !== 'integer')
      say([...path, 'sum'], `"${sum}" is no number: expected a column of type decimal or integer`);
  }
  if (kind === undefined) return;
  const given = ['trailer', 'path', 'query', 'field'].filter((key) => total[key] !== undefined);
  const wanted = isSql(kind) ? 'query' : kind === 'http' ? '`field`, or `path` and `field`' : '`trailer` or `path` with `field`';
  const known = isSql(kind)
    ? ['query']
    : kind === 'http'
      ? ['path', 'field']
      : kind === 'csv'
        ? ['trailer', 'path', 'field']
        : ['path', 'field'];
  for (const key of given) if (!known.includes(key)) say([...path, key], `a total of a source of kind ${kind} is given by ${wanted}`);
  if (given.length === 0) say(path, `says not where it is: expected ${wanted}`);
  if (given.includes('path') && !given.includes('field')) say(path, 'expected a `field`: which value of the second source it is');
  if (given.includes('field') && !given.includes('path') && kind !== 'http' && known.includes('field'))
    say(path, 'expected a `path`: the file in which it is');
  if (given.includes('trailer') && given.length > 1) say([...path, 'trailer'], 'is in the closing row or in a second file, not both');
  if (given.includes('trailer') && table['trailer'] === undefined)
    say([...path, 'trailer'], 'needs a `trailer` of its table: the first cell of the closing row');
  sayRefused(textAt(total, 'query'), kind, [...path, 'query'], say);
}
