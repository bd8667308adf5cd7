import type { ExchangeScope, JsonObject, SourceDefinition } from '../../src/authoring.ts';
import { TabularClient } from './client.ts';

const operations = new Set(['tabular:rows', 'tabular:cells', 'tabular:table', 'tabular:total']);

/** Everything the rooms above need to know of systems that are read as tables; loads no driver. */
const source: SourceDefinition<TabularClient> = {
  kind: 'tabular',
  title: 'Systems that are read as tables',
  client: (context) => new TabularClient(context),
  permissionFor: (operation) => (operations.has(operation) ? 'table:read' : undefined),
  limitFor: () => ({ perSecond: 20, burst: 60 }),
  // Nobody but the configuration says where a table is; no request goes anywhere else.
  isOfficialHost: () => true,
  equivalentCommand,
};
export default source;

function equivalentCommand(_operation: string, input: JsonObject, _scope: ExchangeScope): string {
  const text = (name: string) => (typeof input[name] === 'string' ? input[name] : '');
  const query = quoted(text('query'));
  switch (input['kind']) {
    case 'postgresql':
      return `psql ${quoted(text('url'))} -c ${query}`;
    case 'mysql':
      return `mysql ${mysqlPlace(text('url'))} -e ${query}`;
    case 'sqlite':
      return `sqlite3 -readonly ${quoted(text('file'))} ${query}`;
    case 'http':
      return `curl ${quoted(`${text('url')}${text('path')}`)}`;
    default:
      return text('bucket') === '' ? `cat ${quoted(text('path'))}` : `aws s3 cp ${quoted(`s3://${text('bucket')}/${text('path')}`)} -`;
  }
}

function mysqlPlace(address: string): string {
  const url = URL.parse(address);
  return url === null ? '' : `--host ${url.hostname}${url.port === '' ? '' : ` --port ${url.port}`} ${quoted(url.pathname.slice(1))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
