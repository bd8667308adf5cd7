import type { Decided, JudgedReview } from '../../access/reviews/judge-reviews.ts';
import type { ReviewLine } from '../../access/reviews/to-lines.ts';
import { asTable, type Cell, type Column, column, list, type Table } from '../../bundle/documents/table.ts';
import { writeCsv } from '../../bundle/documents/write-csv.ts';
import { writeWorkbook } from '../../bundle/documents/write-workbook.ts';
import { canonicalText } from '../../seal/canonical-json.ts';
import { sha256, toHex } from '../../seal/digest.ts';

/** What a reviewer is handed: his lines, and what he has decided of them so far. */
export interface ReviewSheet {
  readonly review: string;
  readonly reviewer: string;
  /** In every row: review, reviewer, and digest of the frozen roster and of which lines are his. */
  readonly identification: string;
  readonly rows: readonly SheetRow[];
}
interface SheetRow {
  readonly identification: string;
  readonly line: ReviewLine;
  readonly decided: Decided | null;
  /** ISO-8601 UTC: when the roster was frozen. */
  readonly opened: string;
}
export const sheetFormats = ['csv', 'xlsx'] as const;
export type SheetFormat = (typeof sheetFormats)[number];

/** The sheet of one reviewer. */
export function reviewSheet({ record, assigned, decided }: JudgedReview, lines: readonly ReviewLine[], reviewer: string): ReviewSheet {
  const own = lines.filter(({ id }) => assigned.get(id)?.reviewer === reviewer);
  const digest = toHex(sha256(new TextEncoder().encode(canonicalText({ frozen: record.digest, lines: own.map(({ id }) => id) }))));
  const identification = `${record.id} ${reviewer} ${digest.slice(0, 16)}`;
  return {
    review: record.id,
    reviewer,
    identification,
    rows: own.map((line) => ({ identification, line, decided: decided.get(line.id) ?? null, opened: record.opened })),
  };
}

const yes = (is: boolean): string => (is ? 'yes' : '');
/** In words that no spreadsheet takes for a date of its own. */
function lastUsed({ line: { lastUsed: used, tellsUse }, opened }: SheetRow): string {
  if (used === null) return tellsUse ? 'never' : 'not told';
  const days = Math.floor((Date.parse(opened) - Date.parse(used)) / 86_400_000);
  return `${used.slice(0, 10)} (${days} days before)`;
}
const kinds = { person: 'person', 'service-account': 'service account', unresolved: 'nobody is known to own it' } as const;

/** What the reviewer reads, and may not change. */
const contextColumns: readonly Column<SheetRow>[] = [
  column('review', 16, ({ identification }) => identification),
  column('line', 16, ({ line }) => line.id),
  column('system', 20, ({ line }) => line.system),
  column('person', 24, ({ line }) => (line.person === null ? '' : `${line.person.name} (${line.person.id})`)),
  column('account', 24, ({ line }) => line.login),
  column('account_kind', 16, ({ line }) => (line.purpose === null ? kinds[line.kind] : `${kinds[line.kind]}: ${line.purpose}`)),
  column('permission', 24, ({ line }) => line.permission),
  column('on', 24, ({ line }) => line.on ?? ''),
  column('means', 40, ({ line }) => line.means),
  column('given_by', 40, ({ line }) => line.path),
  column('privileged', 10, ({ line }) => yes(line.marks.includes('privileged'))),
  column('leaver', 10, ({ line }) => yes(line.marks.includes('leaver'))),
  column('conflicts', 16, ({ line }) => list(line.conflicts)),
  column('last_used', 24, lastUsed),
  column('can_sign_in', 10, ({ line }) => (line.live === null ? 'not read' : line.live ? 'yes' : 'no')),
  column('not_evaluated', 24, ({ line }) => list(line.notEvaluated)),
];
/** What he fills in. */
const answerColumns: readonly Column<SheetRow>[] = [
  column('decision', 12, ({ decided }) => decided?.decision ?? ''),
  column('reason', 40, ({ decided }) => decided?.reason ?? ''),
  column('expires', 12, ({ decided }) => decided?.expires ?? ''),
];
export const contextHeaders: readonly string[] = contextColumns.map(({ header }) => header);
export const answerHeaders: readonly string[] = answerColumns.map(({ header }) => header);

/** The context cells of a row, by header. */
export function contextCells(row: SheetRow): ReadonlyMap<string, Cell> {
  return new Map(contextColumns.map(({ header, value }) => [header, value(row)]));
}

/** The sheet as a file; the same sheet gives the same bytes. Formulas are neutralised. */
export async function writeSheet(sheet: ReviewSheet, format: SheetFormat): Promise<Uint8Array> {
  const table: Table<SheetRow> = { name: 'Review', columns: [...contextColumns, ...answerColumns], rows: sheet.rows };
  if (format === 'xlsx') return await writeWorkbook([asTable(table)]);
  return Buffer.concat([...writeCsv(asTable(table))]);
}
