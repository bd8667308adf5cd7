import { stringify } from 'csv-stringify/sync';
import { RequestsBlob } from '../../model/blobs.ts';
import type { LogReader } from '../../model/log-reader.ts';
import { Collection } from '../../model/statement.ts';
import { contentOf } from './survey-log.ts';

const columns = [
  'time',
  'session',
  'principal',
  'operation',
  'region',
  'request_id',
  'host',
  'status',
  'collector',
  'scope',
  'entry',
  'kept',
];
const rowsAtOnce = 1000;

/** What a spreadsheet would take for a formula is text. */
const options = { escape_formulas: true, record_delimiter: 'windows' } as const;

/**
 * Every request record that is kept of the collections of a period, as CSV: what an auditor counts in the source's own log. `kept` says whether
 * all requests of the collection are here, or a sample of how many.
 */
export function* requestRecords(reader: LogReader, period: { readonly from: string; readonly to: string }): Generator<Uint8Array> {
  let rows: (string | number | null | undefined)[][] = [columns];
  const flush = (): Uint8Array => {
    const bytes = Buffer.from(stringify(rows, options));
    rows = [];
    return bytes;
  };
  for (const { index, bytes } of reader.entries()) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!text.includes('"kind":"collection"')) continue;
    const statement = Collection.safeParse(JSON.parse(text.toString('utf8'))).data;
    if (statement === undefined || statement.finishedAt < period.from || statement.startedAt >= period.to) continue;
    const { requests, session, principal, collector, scope } = statement;
    const records = requests.kept === null ? [] : (RequestsBlob.safeParse(contentOf(reader, requests.kept)).data ?? []);
    const kept = requests.keptAll ? 'all' : `${records.length} of ${requests.count}`;
    for (const { startedAt, operation, region, requestId, host, status } of records) {
      rows.push([startedAt, session, principal, operation, region, requestId, host, status, collector, scope, index, kept]);
      if (rows.length >= rowsAtOnce) yield flush();
    }
  }
  if (rows.length > 0) yield flush();
}
