import { parse } from 'csv-parse/sync';
import { type ItemRule, type ItemView, isUnread, type JsonObject, type Reading, type Reply, unread, z } from '../../src/authoring.ts';
import type { AwsClient } from './client.ts';

/** The credential report is made on request and then kept for up to four hours: what it says may be that old. */
const attempts = 12;
const firstPauseMs = 500;

/** Asks for the report until it is ready, then reads it. What was asked on the way is in the request records. */
export async function* collectCredentialReport(client: AwsClient): AsyncGenerator<Reply> {
  for (let attempt = 0; ; attempt += 1) {
    const reply = await client.call('iam:GenerateCredentialReport');
    const state = reply?.output?.['State'];
    if (state === 'COMPLETE') break;
    if ((state !== 'STARTED' && state !== 'INPROGRESS') || attempt === attempts - 1) {
      client.miss(reply && state === undefined ? 'malformed-reply' : 'not-collected', 'iam:GetCredentialReport');
      return;
    }
    await client.pause(Math.min(firstPauseMs * 2 ** attempt, 5_000));
  }
  const report = await client.call('iam:GetCredentialReport');
  if (report) yield report;
}

/** Subject of the item that holds what is not about one user: when the report was generated. */
/** The report itself, beside its rows: when it was made. */
export const reportSubject = '<report>';
export const rootSubject = '<root_account>';

/** One item per user, the root user included, under the report's own column names. */
export function credentialReportRule(columns: readonly string[], volatile: readonly string[]): ItemRule {
  return { keep: [...columns, 'GeneratedTime'], volatile: [...volatile, 'GeneratedTime'], split: splitCredentialReport };
}
export const generateReportRule: ItemRule = { keep: ['State'] };

/** Throws TypeError when the content is no table with a user in each row: the reply is then malformed as a whole. */
export function splitCredentialReport(output: JsonObject): readonly { readonly subject: string; readonly body: JsonObject }[] {
  const content = output['Content'];
  const encoded = typeof content === 'object' && content !== null && '$bytes' in content ? content['$bytes'] : undefined;
  const generated = output['GeneratedTime'];
  if (typeof encoded !== 'string' || typeof generated !== 'string') throw new TypeError('not a credential report');
  const rows: Record<string, string>[] = parse(Buffer.from(encoded, 'base64'), {
    columns: true,
    skip_empty_lines: true,
    trim: true,
    bom: true,
  });
  return [
    { subject: reportSubject, body: { GeneratedTime: generated } },
    ...rows.map((row) => {
      if (typeof row['user'] !== 'string' || row['user'] === '') throw new TypeError('a row without a user');
      return { subject: row['user'], body: row };
    }),
  ];
}

/** A row's `true` and `false`; `not_supported` and `N/A` are told apart by those who know what they mean in their column. */
export const Flag = z.enum(['true', 'false', 'TRUE', 'FALSE']).transform((text) => text.toLowerCase() === 'true');
/** A time, or null where the report says that there is none. */
export const ReportTime = z.union([
  z.enum(['N/A', 'no_information', 'not_supported']).transform(() => null),
  z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()),
]);
const Generated = z.object({ GeneratedTime: z.string() });

/** When AWS made the report: the source's own as-of time. */
export function reportTime(view: ItemView): string | undefined {
  const report = view.part('iam:GetCredentialReport', reportSubject, Generated);
  return isUnread(report) ? undefined : report?.GeneratedTime;
}
/** The rows of the report by user name, or why there are none. A row that does not fit is counted as malformed. */
export function readRows<S extends z.ZodType<{ readonly user: string }>>(
  view: ItemView,
  row: S,
): Reading<ReadonlyMap<string, z.output<S>>> {
  const report = view.part('iam:GetCredentialReport', reportSubject, Generated);
  if (isUnread(report)) return unread(view.gapIn('iam:GetCredentialReport') ?? report.reason);
  if (report === null) return unread('malformed-reply');
  const rows = view.list(
    'iam:GetCredentialReport',
    z.union([row.transform((body) => ({ row: body })), Generated.transform(() => ({ row: null }))]),
  );
  return new Map(rows.flatMap(({ body }) => (body.row === null ? [] : [[body.row.user, body.row] as const])));
}
