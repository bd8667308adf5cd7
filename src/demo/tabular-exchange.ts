import type { Exchange } from '../model/collector.ts';
import type { JsonObject } from '../model/json.ts';
import { answered } from './exchange-reply.ts';
import type { DescribedRow } from './records/described-row.ts';
import { describedTables } from './records/described-tables.ts';

/** Answers for one declared table of the company from its described rows, as of `now`. */
export function tabularExchange(table: string, settings: JsonObject, now: () => string): Exchange {
  const described = describedTables[table];
  if (described === undefined) throw new TypeError(`the demonstration does not describe the table ${table}`);
  const host = hostOf(settings);
  return async (operation, input) => {
    const at = now();
    const reply = (output: object) => answered(output, { host, now: at, requestIdHeader: 'x-request-id', of: `${operation} ${table}` });
    const rows = described(at);
    switch (operation) {
      case 'tabular:rows':
        return reply({ rows: rows.map((cells, index) => ({ line: index + 1, cells })), next: null, missing: [] });
      case 'tabular:table':
        return reply({ asOf: at, undeclared: [], facts: { server: host } });
      case 'tabular:total':
        return reply({ value: totalOf(rows, settings, Number(input['total'])) });
      default:
        throw new TypeError(`${operation} is nothing that is asked of a table`);
    }
  };
}

/** Where the declaration says that it is read. */
function hostOf({ from }: JsonObject): string {
  const { url, bucket } = from as JsonObject;
  return typeof url === 'string' ? new URL(url).host : `${String(bucket)}.s3.eu-central-1.amazonaws.com`;
}

/** The source's own count or sum: here of the very rows. */
function totalOf(rows: readonly DescribedRow[], { totals }: JsonObject, index: number): string {
  const sum = (totals as readonly JsonObject[])[index]?.['sum'];
  if (typeof sum !== 'string') return String(rows.length);
  const cents = rows.reduce((total, row) => total + Math.round(Number(row[sum]) * 100), 0);
  return (cents / 100).toFixed(2);
}
